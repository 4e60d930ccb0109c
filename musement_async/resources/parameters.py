"""How arguments travel in a query; each function refuses, by name, what the API could not read."""

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar
from uuid import UUID

from musement_async.errors import ArgumentError

Coordinates = tuple[float, float]
Amount = Decimal | float | int
DistanceUnit = Literal["KM", "M"]

_T = TypeVar("_T", int, str)


def comma_list(argument: str, values: Iterable[_T] | None) -> str | None:
    """Ids or codes, separated by commas; None for none at all."""
    if values is None:
        return None
    if isinstance(values, str):
        raise ArgumentError(argument, "must be a list or tuple, not a string")
    texts = [str(value) for value in values]
    if any(not text or "," in text for text in texts):
        raise ArgumentError(argument, "must hold ids or codes that are not empty and have no comma")
    return ",".join(texts) or None


def day(argument: str, value: date | None) -> str | None:
    """A day, as YYYY-MM-DD."""
    if value is None:
        return None
    if type(value) is not date:
        raise ArgumentError(argument, "must be a datetime.date")
    return value.isoformat()


def coordinates(argument: str, value: Coordinates | None) -> str | None:
    """Latitude and longitude, in degrees."""
    if value is None:
        return None
    latitude, longitude = value
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ArgumentError(argument, "must be (latitude, longitude) in degrees")
    return f"{latitude:f},{longitude:f}"


def price_range(argument: str, value: tuple[Amount, Amount] | None) -> str | None:
    """A least and a greatest price, with two decimals."""
    if value is None:
        return None
    least, most = value
    if not (math.isfinite(least) and math.isfinite(most) and 0 <= least <= most < 100_000):
        raise ArgumentError(argument, "must be (least, greatest), from 0 to below 100000")
    return f"{least:.2f},{most:.2f}"


def together(**arguments: object) -> None:
    """Refuse some of a group of arguments without the others."""
    missing = [name for name, value in arguments.items() if value is None]
    if missing and len(missing) < len(arguments):
        raise ArgumentError(missing[0], f"is needed as well: {' and '.join(arguments)} belong together")


def number(argument: str, value: int) -> int:
    """A whole number above zero, as all ids are."""
    if type(value) is not int or value < 1:
        raise ArgumentError(argument, "must be a whole number above 0")
    return value


def positive(argument: str, value: int | None) -> int | None:
    """A whole number above zero, or none."""
    return None if value is None else number(argument, value)


def one_of(argument: str, value: str | None, choices: Iterable[str]) -> str | None:
    """One of the words that the API knows."""
    if value is not None and value not in (known := tuple(choices)):
        raise ArgumentError(argument, f"must be one of {', '.join(known)}")
    return value


def yes_or_no(*, value: bool | None) -> str | None:
    """A truth value as the API spells it."""
    if value is None:
        return None
    return "YES" if value else "NO"


def uuid(argument: str, value: UUID | str) -> UUID:
    """A UUID, in whatever spelling Python knows."""
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except (ValueError, AttributeError, TypeError) as problem:
        raise ArgumentError(argument, "must be a UUID") from problem
