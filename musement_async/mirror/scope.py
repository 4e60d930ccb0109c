"""The scope of a mirror: what is copied, and the parts that a run of it has."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import zip_longest
from typing import TypeVar

import attrs
import httpx

from musement_async.errors import ArgumentError
from musement_async.mirror.parts import MirrorPart, PartKind
from musement_async.resources import parameters
from musement_async.resources.operation import require
from musement_async.resources.parameters import Invalid
from musement_async.transports.setup import is_loopback

T = TypeVar("T")

_MOST_DAYS = 366
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@attrs.frozen
class Scope:
    """What is copied.

    Attributes:
        languages: The languages of texts.
        currencies: The currencies of prices.
        cities: The ids of the cities; None for all.
        details: Whether each activity is fetched on its own.
        days: The number of days whose prices are copied.
    """

    languages: tuple[str, ...]
    currencies: tuple[str, ...]
    cities: frozenset[int] | None
    details: bool
    days: int

    @classmethod
    def of(cls, *, languages: object, currencies: object, cities: object, details: bool, days: int) -> "Scope":
        """The scope that the arguments describe.

        Raises:
            ArgumentError: An argument cannot work, by name.
        """
        spoken = _several("languages", languages, partial(_code, _LANGUAGE, "languages such as 'it-IT'"))
        paid = _several("currencies", currencies, partial(_code, _CURRENCY, "ISO 4217 codes such as 'EUR'"))
        ids = None if cities is None else _several("cities", cities, partial(parameters.number, of="City"))
        require(details=parameters.boolean(details))
        if type(days) is not int or not 0 <= days <= _MOST_DAYS:
            raise ArgumentError("days", f"must be a whole number from 0 to {_MOST_DAYS}")
        return cls(tuple(spoken), tuple(paid), None if ids is None else frozenset(ids), details, days)

    def __str__(self) -> str:
        cities = None if self.cities is None else sorted(self.cities)
        return json.dumps([self.languages, self.currencies, cities, self.details, self.days])

    def describe(self) -> str:
        """The same for people."""
        cities = "all cities" if self.cities is None else f"cities {', '.join(map(str, sorted(self.cities)))}"
        parts = [f"languages {', '.join(self.languages)}", f"currencies {', '.join(self.currencies)}", cities]
        return "; ".join(parts + ["details"] * self.details + [f"{self.days} days"] * bool(self.days))

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """The scope that ``str()`` has written."""
        languages, currencies, cities, details, days = json.loads(text)
        return cls(tuple(languages), tuple(currencies), None if cities is None else frozenset(cities), details, days)

    @property
    def passes(self) -> list[tuple[str, str]]:
        """The pairs of a language and a currency to copy activities in: each language and each currency at least once.

        Not all pairs: texts do not depend on the currency, nor prices on the language. Pairs behind those of the
        languages are for prices alone.
        """
        pairs = zip_longest(self.languages, self.currencies)
        return [(language or self.languages[0], currency or self.currencies[0]) for language, currency in pairs]

    def copies_texts(self, part: MirrorPart) -> bool:
        """Whether a part is for more than prices."""
        return (part.language, part.currency) in self.passes[: len(self.languages)]

    def whole(self, sizes: Mapping[int, int]) -> Iterator[MirrorPart]:
        """The parts of a run that copies everything.

        Args:
            sizes: How many activities each city has.
        """
        for language in self.languages:
            yield MirrorPart("places", "", language, self.currencies[0], len(sizes))
        for place, (language, currency) in enumerate(self.passes):
            kind: PartKind = "city" if place < len(self.languages) else "prices"
            for city, size in sizes.items():
                yield MirrorPart(kind, str(city), language, currency, size)
        yield from self.dates(sizes)

    def changes(self, first: date, last: date, count: int) -> Iterator[MirrorPart]:
        """The parts of a run that copies what has changed."""
        for language, currency in self.passes:
            yield MirrorPart("changes", f"{first}..{last}", language, currency, count)

    def dates(self, sizes: Mapping[int, int]) -> Iterator[MirrorPart]:
        """The parts for the prices of the next days."""
        for currency in self.currencies if self.days else ():
            for city, size in sizes.items():
                yield MirrorPart("days", str(city), self.languages[0], currency, size)


def source_of(base_url: httpx.URL) -> str:
    """The API that a client asks. A server on this machine takes another port each time, and is the same API."""
    return "local" if is_loopback(base_url.host) else str(base_url).rstrip("/")


def _several(argument: str, values: object, check_one: Callable[[object], T | Invalid | None]) -> list[T]:
    found = require(**{argument: parameters.each(values, check_one)})
    if not found:
        raise ArgumentError(argument, "must not be empty")
    return list(dict.fromkeys(found))


def _code(pattern: re.Pattern[str], what: str, value: object) -> str | Invalid:
    return value if isinstance(value, str) and pattern.fullmatch(value) else Invalid(f"must be {what}")
