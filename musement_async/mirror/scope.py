"""The scope of a mirror: what is copied, and the parts that a run of it has."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import cast

import attrs

from musement_async.errors import ArgumentError
from musement_async.mirror.parts import MirrorPart, PartKind
from musement_async.values import check_kind

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
    def of(
        cls,
        languages: Iterable[str],
        currencies: Iterable[str],
        cities: Iterable[int] | None,
        *,
        details: bool,
        days: int,
    ) -> "Scope":
        """The scope that the arguments describe.

        Raises:
            ArgumentError: An argument cannot work, by name.
        """
        spoken = _codes("languages", languages, _LANGUAGE, "one or more languages such as 'it-IT'")
        paid = _codes("currencies", currencies, _CURRENCY, "one or more ISO 4217 codes such as 'EUR'")
        check_kind("details", details, bool, "True or False")
        if type(days) is not int or not 0 <= days <= _MOST_DAYS:
            raise ArgumentError("days", f"must be a whole number from 0 to {_MOST_DAYS}")
        return cls(spoken, paid, None if cities is None else _ids(cities), details, days)

    def __str__(self) -> str:
        cities = None if self.cities is None else sorted(self.cities)
        return json.dumps([self.languages, self.currencies, cities, self.details, self.days])

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


def _codes(argument: str, values: object, pattern: re.Pattern[str], what: str) -> tuple[str, ...]:
    codes = _items(values)
    found = [code for code in codes if isinstance(code, str) and pattern.fullmatch(code)]
    if not found or len(found) != len(codes):
        raise ArgumentError(argument, f"must be {what}, in a list")
    return tuple(dict.fromkeys(found))


def _ids(values: object) -> frozenset[int]:
    ids = _items(values)
    found = [city for city in ids if type(city) is int and city > 0]
    if not found or len(found) != len(ids):
        raise ArgumentError("cities", "must be one or more ids of cities, in a list; None for all")
    return frozenset(found)


def _items(values: object) -> Sequence[object]:
    return [*cast("Iterable[object]", values)] if isinstance(values, Iterable) and not isinstance(values, str) else ()
