"""The cache of a client: its choice of answers to keep, their ages, and its counters."""

import logging
import time
from collections.abc import Awaitable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Protocol, cast
from uuid import UUID

import attrs

from musement_async.cache.answers import CacheKey, KeptAnswer, from_bytes
from musement_async.cache.memory import CacheStore, MemoryCacheStore
from musement_async.errors import ArgumentError
from musement_async.values import check_kind, is_seconds

_log = logging.getLogger("musement_async.cache")

_WEEK = 7 * 86400.0
# The API's own advice: content may be kept for up to seven days.
MAX_AGES: Mapping[str, float] = MappingProxyType(
    {
        "/activities": _WEEK,
        "/activities/{activityUuid}": _WEEK,
        "/categories": _WEEK,
        "/categories/{categoryId}": _WEEK,
        "/categories-tree": _WEEK,
        "/cities": _WEEK,
        "/cities/{cityId}": _WEEK,
        "/countries": _WEEK,
        "/countries/{countryId}": _WEEK,
        "/venues": _WEEK,
        "/venues/{venueId}": _WEEK,
    }
)
# Dates and prices of a day, and what belongs to a customer, are never kept.
_NEVER = ("/carts", "/customers", "/giftboxes", "/login", "/orders", "/payments", "/activities/{activityUuid}/dates")
_ACTIVITIES = "/activities"
_OF_STORES = ("load", "save", "purge", "size")
_FOLLOWED = CacheKey("/catalog/updates", "followed")

Seconds = float | timedelta


class Change(Protocol):
    """An activity that changed."""

    @property
    def uuid(self) -> UUID:
        """Which one."""
        ...


class ChangeRecord(Protocol):
    """The record of changes, ``client.catalog``."""

    def updates(self, day: date) -> Awaitable[Iterable[Change]]:
        """The activities that changed on a day."""
        ...

    def archived(self, day: date) -> Awaitable[Iterable[Change]]:
        """The activities that were archived on a day."""
        ...


@attrs.frozen
class CacheFigures:
    """Counters of the calls whose answers may be kept, since the cache was made.

    Attributes:
        hits: Calls answered from the cache.
        stale: Calls answered with an answer that was too old, while it was renewed or because the API failed.
        shared: Calls answered by another call that was under way.
        misses: Calls that went to the API.
        failures: Operations of the store that failed; each counts as a miss.
    """

    hits: int = 0
    stale: int = 0
    shared: int = 0
    misses: int = 0
    failures: int = 0


class Cache:
    """Keeps answers of the catalogue, for clients that are given it: ``MusementClient(cache=Cache(...))``.

    Only answers of operations that ``max_ages`` names are kept, and no errors, except that there is nothing (404 with
    code 1400). An answer is kept for one language, currency, market, version and application. The answers to a
    customer's session are kept for that session object alone.

    Args:
        store: Where the answers are; by default in memory, up to 64 MiB.
        max_ages: For how long answers may be kept, in seconds or as a timedelta, by the path as the API describes it
            (``"/cities/{cityId}"``). These ages replace the defaults, which are seven days for the operations that the
            API says may be kept so long; None takes an operation out.
        stale: For how long after that an answer is still given, while one call renews it.
        stale_on_error: For how long after that an answer is given where the API fails or does not answer.
        nothing: For how long it is kept that there is nothing.

    Raises:
        ArgumentError: An argument that cannot work, by name.
    """

    def __init__(
        self,
        store: CacheStore | None = None,
        *,
        max_ages: Mapping[str, Seconds | None] | None = None,
        stale: Seconds = timedelta(hours=1),
        stale_on_error: Seconds = timedelta(days=1),
        nothing: Seconds = timedelta(minutes=1),
    ) -> None:
        if store is not None and not all(callable(getattr(store, name, None)) for name in _OF_STORES):
            raise ArgumentError("store", f"must have the methods of a CacheStore: {', '.join(_OF_STORES)}")
        self.store: CacheStore = MemoryCacheStore() if store is None else store
        check_kind("max_ages", max_ages, Mapping | None, "a mapping with a path for each age")
        changes = _checked_ages(max_ages or {})
        ages = {template: changes.get(template, age) for template, age in {**MAX_AGES, **changes}.items()}
        self._max_ages = {template: age for template, age in ages.items() if age is not None}
        self.stale: float = _seconds("stale", stale)
        self.stale_on_error: float = _seconds("stale_on_error", stale_on_error)
        self._nothing = _seconds("nothing", nothing)
        self.figures: CacheFigures = CacheFigures()

    def __repr__(self) -> str:
        return f"Cache({self.store!r})"

    def max_age(self, template: str, answer: KeptAnswer | None = None) -> float | None:
        """For how many seconds an answer may be kept; None where none is."""
        age = self._max_ages.get(template)
        return self._nothing if age is not None and answer is not None and answer.is_nothing else age

    def count(self, what: str) -> None:
        """Count one of the figures up."""
        self.figures = attrs.evolve(self.figures, **{what: getattr(self.figures, what) + 1})

    async def load(self, key: CacheKey) -> KeptAnswer | None:
        """The answer of a key; None without one, and where the store fails."""
        try:
            value = await self.store.load(key)
        except Exception as problem:  # noqa: BLE001 - a store of a user's may raise anything
            self._tell("read", problem)
            return None
        answer = None if value is None else from_bytes(value)
        if value is not None and answer is None:
            _log.warning("an answer to %s in %r cannot be read; it counts as absent", key.path, self.store)
        return answer

    async def save(self, key: CacheKey, template: str, answer: KeptAnswer) -> None:
        """Keep an answer for as long as it may be of use."""
        keep = (self.max_age(template, answer) or 0) + max(self.stale, self.stale_on_error)
        try:
            await self.store.save(key, answer.to_bytes(), keep=keep)
        except Exception as problem:  # noqa: BLE001 - the same
            self._tell("written", problem)

    def _tell(self, what: str, problem: Exception) -> None:
        self.count("failures")
        _log.warning("the cache could not be %s: %r: %s: %s", what, self.store, type(problem).__name__, problem)

    async def purge(self, path: str | None = None, *, below: bool = True) -> None:
        """Forget the answers of a path such as ``/cities/2``, and of all paths below it; without a path all answers.

        Args:
            path: The path, without query.
            below: Whether the paths below it are meant too.

        Raises:
            ArgumentError: The path does not begin with a slash.
            Exception: Whatever the store raises.
        """
        if path is not None and not path.startswith("/"):
            raise ArgumentError("path", "must begin with a slash, such as '/cities/2'")
        await self.store.purge(None if path is None else path.rstrip("/") or None, below=below)

    async def follow(self, catalog: ChangeRecord, *, today: date | None = None) -> int:
        """Forget the answers about activities that the record of changes names, and the lists of activities with them.

        The store remembers the day up to which the record has been read; a day is read until it is over.

        Args:
            catalog: The record, ``client.catalog``.
            today: The last day to read; by default today (UTC).

        Returns:
            How many activities changed or were archived.

        Raises:
            MusementError: The record could not be read.
            Exception: Whatever the store raises.
        """
        last = datetime.now(UTC).date() if today is None else today
        longest = timedelta(seconds=max(self._max_ages.values(), default=0.0) + max(self.stale, self.stale_on_error))
        known = await self.store.load(_FOLLOWED)
        day = last - longest if known is None else max(date.fromisoformat(known.decode()), last - longest)
        changed: set[str] = set()
        while day <= last:
            changed |= {str(change.uuid) for change in (*await catalog.updates(day), *await catalog.archived(day))}
            day += timedelta(days=1)
        for uuid in changed:
            await self.store.purge(f"{_ACTIVITIES}/{uuid}")
        if changed:
            await self.store.purge(_ACTIVITIES, below=False)
        await self.store.save(_FOLLOWED, last.isoformat().encode(), keep=longest.total_seconds())
        return len(changed)


def is_too_old(answer: KeptAnswer, age: float) -> bool:
    """Whether an answer was stored longer ago than a number of seconds, or in the future of a clock set back."""
    return not 0 <= time.time() - answer.stored_at < age


def _seconds(argument: str, value: Seconds) -> float:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if seconds != 0 and not is_seconds(seconds):
        raise ArgumentError(argument, "must be a number of seconds or a timedelta, not below 0")
    return float(seconds)


def _checked_ages(ages: Mapping[str, Seconds | None]) -> dict[str, float | None]:
    if not all(isinstance(name, str) for name in cast("Iterable[object]", ages)):
        raise ArgumentError("max_ages", "must be a mapping with a path for each age")
    for template in ages:
        if not template.startswith("/") or template.startswith(_NEVER):
            problem = f"names {template!r}: only the catalogue can be kept, by paths such as '/cities/{{cityId}}'"
            raise ArgumentError("max_ages", problem)
    return {template: None if age is None else _seconds("max_ages", age) for template, age in ages.items()}
