"""Query parameters, read strictly: a value that cannot be read is refused with 400."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from attrs import frozen
from starlette.datastructures import QueryParams

from musement_async.testing.server.errors import constraint, incomplete
from musement_async.testing.server.list_faults import ListFault, move

_INTEGER = re.compile(r"-?[0-9]{1,12}")
_POINT = re.compile(r"-?\d{1,3}(\.\d+)?,-?\d{1,3}(\.\d+)?", re.ASCII)
_PRICE_RANGE = re.compile(r"\d{1,5}(\.\d{1,2})?,\d{1,5}(\.\d{1,2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MAX_LIMIT = 100
_TRUTHS = {"true": True, "false": False}

_T = TypeVar("_T")


@frozen
class Query:
    """The query parameters of a request. If a parameter is given twice, the last value counts."""

    parameters: QueryParams
    list_fault: ListFault | None = None

    def text(self, name: str) -> str | None:
        """Any text; None if it is absent or empty."""
        return self.parameters.get(name) or None

    def words(self, name: str) -> list[str]:
        """The items of a comma-separated list; empty if it is absent."""
        given = self.text(name)
        return [word.strip() for word in given.split(",")] if given else []

    def integers(self, name: str) -> list[int]:
        """A comma-separated list of integers."""
        return [_integer(name, word) for word in self.words(name)]

    def integer(self, name: str, default: int, *, minimum: int) -> int:
        """One integer."""
        given = self.parameters.get(name)
        if given is None:
            return default
        value = _integer(name, given)
        if value < minimum:
            raise constraint(name, given, f"it must be at least {minimum}")
        return value

    def number(self, name: str) -> int | None:
        """One id; None where it is absent."""
        return self.integer(name, 0, minimum=1) if name in self.parameters else None

    def boolean(self, name: str) -> bool | None:
        """True or false; None where it is absent."""
        return _TRUTHS[self.choice(name, tuple(_TRUTHS))] if name in self.parameters else None

    def page(self, default: int = 10) -> slice:
        """The part of a list that ``limit`` and ``offset`` or ``page`` select, 100 items at most."""
        limit = min(self.integer("limit", default, minimum=1), _MAX_LIMIT)
        offset = self.integer("offset", 0, minimum=0)
        if "page" in self.parameters:
            if offset:
                raise constraint("offset", str(offset), "it cannot be combined with page")
            offset = (self.integer("page", 1, minimum=1) - 1) * limit
        return self.cut(limit, offset)

    def cut(self, limit: int, offset: int) -> slice:
        """A part of a list, or another one where the server was told to send wrong lists."""
        return move(slice(offset, offset + limit), self.list_fault)

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """One of the given words; the first by default."""
        given = self.parameters.get(name, choices[0])
        if given not in choices:
            raise constraint(name, given, f"it must be one of {', '.join(choices)}")
        return given

    def choices(self, name: str, choices: tuple[str, ...]) -> list[str]:
        """A comma-separated list of the given words."""
        words = self.words(name)
        for word in words:
            if word not in choices:
                raise constraint(name, word, f"each must be one of {', '.join(choices)}")
        return words

    def sort(self, found: list[_T], keys: Mapping[str, Callable[[_T], Any]], default: str | None = None) -> None:
        """Sort things in place by ``sort_by``, the first order before the later ones; a minus reverses an order."""
        orders = self.choices("sort_by", (*keys, *(f"-{name}" for name in keys)))
        for order in reversed(orders or ([] if default is None else [default])):
            found.sort(key=keys[order.removeprefix("-")], reverse=order.startswith("-"))

    def point(self) -> tuple[float, float] | None:
        """The latitude and longitude of ``coordinates``."""
        given = self.parameters.get("coordinates")
        if given is None:
            return None
        if not _POINT.fullmatch(given):
            raise constraint("coordinates", given, "it must be a latitude and a longitude such as 41.89,12.48")
        latitude, longitude = map(float, given.split(","))
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise constraint("coordinates", given, "there is no such place")
        return latitude, longitude

    def distance(self, pattern: str, example: str) -> tuple[str, ...] | None:
        """The groups of ``distance``, which needs ``coordinates`` as well."""
        given = self.parameters.get("distance")
        if given is None:
            return None
        found = re.fullmatch(pattern, given, re.ASCII)
        if found is None:
            raise constraint("distance", given, f"it must look like {example}")
        if "coordinates" not in self.parameters:
            raise incomplete("distance", "coordinates")
        return found.groups()

    def period(self, first: str, last: str) -> tuple[date, date] | None:
        """A first and a last day, both or neither."""
        if first not in self.parameters and last not in self.parameters:
            return None
        for name, other in ((first, last), (last, first)):
            if other not in self.parameters:
                raise incomplete(name, other)
        return self._ordered(first, last, self._day(first), self._day(last))

    def open_period(self, first: str, last: str, start: date, length: timedelta) -> tuple[date, date]:
        """Two days, each with a default: a first day, and a length of time after the first day."""
        begin = self._day(first) if first in self.parameters else start
        return self._ordered(first, last, begin, self._day(last) if last in self.parameters else begin + length)

    def _ordered(self, first: str, last: str, start: date, end: date) -> tuple[date, date]:
        if end < start:
            raise constraint(last, end.isoformat(), f"it must not be before {first}", code="1440")
        return start, end

    def price_range(self, name: str) -> tuple[Decimal, Decimal] | None:
        """Two amounts in the currency of the request."""
        given = self.parameters.get(name)
        if given is None:
            return None
        if not _PRICE_RANGE.fullmatch(given):
            raise constraint(name, given, "it must be two amounts such as 0.00,34.23")
        low, high = map(Decimal, given.split(","))
        if high < low:
            raise constraint(name, given, "the second amount must not be below the first")
        return low, high

    def _day(self, name: str) -> date:
        return read_day(name, self.parameters[name])


def _integer(name: str, given: str) -> int:
    if not _INTEGER.fullmatch(given):
        raise constraint(name, given, "it must be an integer")
    return int(given)


def read_day(name: str, given: str) -> date:
    """A day from the query or the path."""
    refusal = constraint(name, given, "it must be a day such as 2026-12-01")
    # date.fromisoformat would accept 20261201 and week dates too.
    if not _DAY.fullmatch(given):
        raise refusal
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise refusal from None
