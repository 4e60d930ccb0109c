"""The calls that a mirror makes, for each kind of part."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta

import attrs

from musement_async.errors import BadRequestError, MusementError, NotFoundError, PermissionDeniedError
from musement_async.mapping import MapCall
from musement_async.mirror.parts import MirrorPart, MirrorRecord, RecordKind
from musement_async.mirror.scope import Scope
from musement_async.models.activities import Activity
from musement_async.models.cities import City
from musement_async.models.enums import ActivityStatus
from musement_async.models.media import Media
from musement_async.resources.namespaces import Namespaces

Save = Callable[[Sequence[MirrorRecord]], Awaitable[None]]
Fetch = Callable[[str], Awaitable[list[MirrorRecord]]]

# After so many failures, an API that is down costs no more time: the rest is for the next start.
MOST_FAILURES = 10
_PAGE = 100
_WANTS_PICKUP = "1578"


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


async def sizes_of_cities(areas: Namespaces, scope: Scope) -> dict[int, int]:
    """How many activities each city has.

    Raises:
        MusementError: A call failed; NotFoundError if there is no such city.
    """
    return {city.id: city.activities_count or 1 async for city in _cities(areas, scope) if city.activities_count != 0}


async def changed_activities(areas: Namespaces, first: date, last: date) -> list[str]:
    """The UUIDs of the activities that changed, or were archived, from one day to another.

    Raises:
        MusementError: A call failed.
    """
    changed: dict[str, None] = {}
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        for change in (*await areas.catalog.updates(day), *await areas.catalog.archived(day)):
            changed[str(change.uuid)] = None
    return list(changed)


@attrs.frozen
class PartCopy:
    """The copying of one part.

    Attributes:
        areas: The client, in the language and the currency of the part.
        scope: What is copied.
        part: The part.
        saved: The keys of activities that an earlier attempt has saved.
        save: Saves records.
        failures: The errors of single activities, which do not keep the others of the part from being copied.
    """

    areas: Namespaces
    scope: Scope
    part: MirrorPart
    saved: set[str]
    save: Save
    failures: list[Exception] = attrs.field(factory=list[Exception])

    async def make(self) -> None:
        """Copy the part.

        Raises:
            MusementError: A call failed.
        """
        if self.part.kind == "places":
            await self._copy_places()
        elif self.part.kind == "changes":
            first, last = map(date.fromisoformat, self.part.key.split(".."))
            await self._fetch_each(self._fetch_activity, await changed_activities(self.areas, first, last))
        else:
            await self._copy_city()
        if self.failures:
            raise self.failures[0]

    async def _copy_places(self) -> None:
        cities = [MirrorRecord("cities", str(city.id), city) async for city in _cities(self.areas, self.scope)]
        await self.save(cities)
        async with aclosing(self.areas.categories.list(level=0).pages()) as categories:
            async for some in categories:
                await self.save([MirrorRecord("categories", str(category.id), category) for category in some])
        async with aclosing(self.areas.venues.list(limit=_PAGE).pages()) as venues:
            async for page in venues:
                wanted = [venue for venue in page if self._is_in_scope(venue.city)]
                await self.save([MirrorRecord("venues", str(venue.id), venue) for venue in wanted])

    async def _copy_city(self) -> None:
        found = self.areas.activities.search(city_in=int(self.part.key), limit=_PAGE)
        async with aclosing(found.pages()) as pages:
            async for page in pages:
                uuids = [str(activity.uuid) for activity in page]
                if self.part.kind == "days":
                    await self._fetch_each(self._fetch_days, uuids)
                elif self.scope.details and self.part.kind == "city":
                    await self._fetch_each(self._fetch_activity, uuids)
                else:
                    await self.save([record for activity in page for record in self._records(activity)])

    async def _fetch_each(self, fetch: Fetch, uuids: Iterable[str]) -> None:
        left = [uuid for uuid in uuids if uuid not in self.saved]
        async with aclosing(MapCall(fetch, left).outcomes()) as outcomes:
            async for outcome in outcomes:
                if outcome.error is None:
                    await self.save(outcome.result())
                    continue
                self.failures.append(outcome.error)
                if len(self.failures) == MOST_FAILURES or not isinstance(outcome.error, MusementError):
                    raise outcome.error

    async def _fetch_activity(self, uuid: str) -> list[MirrorRecord]:
        gone = [MirrorRecord("activities", uuid, None)]
        try:
            activity = await self.areas.activities.get(uuid)
        except (NotFoundError, PermissionDeniedError):
            return gone
        if activity.status not in {None, ActivityStatus.ONLINE} or not self._is_in_scope(activity.city):
            return gone
        if not self.scope.details or not self._is_first:
            return self._records(activity)
        try:
            media = await self.areas.activities.media(uuid)
        except NotFoundError:  # it has none
            media = ()
        return [MirrorRecord("activities", uuid, activity), MirrorRecord("media", uuid, media)]

    async def _fetch_days(self, uuid: str) -> list[MirrorRecord]:
        first, end = today(), today() + timedelta(days=self.scope.days)
        try:
            found = await self.areas.dates.list(uuid, date_from=first, date_to=end)
        except (NotFoundError, PermissionDeniedError):
            found = ()
        except BadRequestError as error:
            if error.code != _WANTS_PICKUP:  # its days depend on where customers are picked up
                raise
            found = ()
        days = tuple(day for day in found if day.day is not None and day.day < end)
        return [MirrorRecord("days", uuid, days)]

    def _records(self, activity: Activity) -> list[MirrorRecord]:
        """The records of an activity whose media were not fetched: its cover is all that is known of them."""
        uuid, url = str(activity.uuid), activity.cover_image_url
        kind: RecordKind = "activities" if self.scope.copies_texts(self.part) else "prices"
        records = [MirrorRecord(kind, uuid, activity)]
        if self._is_first and not self.scope.details:
            cover = () if url is None else (Media(url=url, type="image", is_cover=True),)
            records.append(MirrorRecord("media", uuid, cover))
        return records

    def _is_in_scope(self, city: City | None) -> bool:
        return self.scope.cities is None or (city is not None and city.id in self.scope.cities)

    @property
    def _is_first(self) -> bool:
        return (self.part.language, self.part.currency) == self.scope.passes[0]


async def _cities(areas: Namespaces, scope: Scope) -> AsyncIterator[City]:
    if scope.cities is None:
        async with aclosing(areas.cities.list().items(unique=True)) as cities:
            async for city in cities:
                yield city
    else:
        for city in await MapCall(areas.cities.get, sorted(scope.cities)):
            yield city
