"""How arguments travel in a query; each function refuses, by name, what the API could not read."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Literal, TypeVar, get_args
from uuid import UUID

from musement_async.errors import ArgumentError
from musement_async.values import Amount, Coordinates, PriceRange, is_finite, sendable

DistanceUnit = Literal["KM", "M"]
YesOrNo = Literal["YES", "NO"]
ActivityOrder = Literal["relevance", "venue-relevance", "category-relevance", "price", "rating"]

_T = TypeVar("_T", int, str)
_U = TypeVar("_U")


def comma_list(argument: str, values: Iterable[_T] | None, words: object = None) -> str | None:
    """Ids or codes, separated by commas, each one of the words of a ``Literal`` where one is given; None for none."""
    if values is None:
        return None
    known = listed(argument, values)
    if not all(_is_code(value) or (type(value) is int and value >= 0) for value in known):
        raise ArgumentError(argument, "must hold whole numbers, or codes that are not empty and have no comma")
    texts = [sendable(argument, str(value)) for value in known]
    if words is not None:
        for text in texts:
            one_of(argument, text, words)
    return ",".join(texts) or None


def listed(argument: str, values: Iterable[_U] | None) -> list[_U]:
    """Whatever is a list, tuple or set, as a list; None is an empty one."""
    found: object = values
    if found is not None and (isinstance(found, str | bytes | bytearray | Mapping) or not isinstance(found, Iterable)):
        raise ArgumentError(argument, "must be a list or tuple")
    return list(values or ())


def _is_code(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "," not in value


def orders(argument: str, values: Iterable[str] | None, words: object) -> str | None:
    """One order or several, by commas."""
    return comma_list(argument, [values] if isinstance(values, str) else values, words)


def day(argument: str, value: date | None) -> str | None:
    """A day, as YYYY-MM-DD."""
    if value is None:
        return None
    if type(value) is not date:
        raise ArgumentError(argument, "must be a datetime.date")
    return value.isoformat()


def some_day(argument: str, value: date) -> str:
    """A day that is part of a path."""
    text = day(argument, value)
    if text is None:
        raise ArgumentError(argument, "must be a datetime.date")
    return text


def clock(argument: str, value: time) -> str:
    """A time of day that is part of a path, as HH-MM."""
    text = f"{value:%H-%M}" if type(value) is time else ""
    if not text or value.replace(hour=0, minute=0) != time():
        raise ArgumentError(argument, "must be a datetime.time of whole minutes, without an offset")
    return text


def coordinates(argument: str, value: Coordinates | None) -> str | None:
    """Latitude and longitude, in degrees."""
    if value is None:
        return None
    if not isinstance(value, Coordinates):
        raise ArgumentError(argument, "must be Coordinates")
    return str(value)


def price_range(argument: str, value: PriceRange | None) -> str | None:
    """A least and a greatest price, with two decimals."""
    if value is None:
        return None
    if not isinstance(value, PriceRange):
        raise ArgumentError(argument, "must be a PriceRange")
    return str(value)


def amount(argument: str, value: Amount) -> Decimal:
    """An amount of money, 0 or more."""
    number: object = value
    if isinstance(number, bool) or not isinstance(number, Decimal | float | int) or not is_finite(number) or number < 0:
        raise ArgumentError(argument, "must be an amount of money, 0 or more")
    return Decimal(str(value))


def percentages(argument: str, values: Iterable[Decimal | float | int] | None) -> list[str] | None:
    """Numbers from 0 to 100 with two decimals; None for none."""
    if values is None:
        return None
    numbers = listed(argument, values)
    if not all(_is_percentage(number) for number in numbers):
        raise ArgumentError(argument, "must hold numbers from 0 to 100")
    return [f"{number:.2f}" for number in numbers] or None


def _is_percentage(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, Decimal | float | int):
        return False
    return is_finite(value) and 0 <= value <= 100


def together(**arguments: object) -> None:
    """Refuse some of a group of arguments without the others."""
    missing = [name for name, value in arguments.items() if value is None]
    if missing and len(missing) < len(arguments):
        raise ArgumentError(missing[0], f"is needed as well: {' and '.join(arguments)} belong together")


def in_order(**arguments: date | None) -> None:
    """Refuse a last day before the first, and what is no day."""
    (first, start), (last, end) = arguments.items()
    for argument, value in arguments.items():
        day(argument, value)
    if start is not None and end is not None and end < start:
        raise ArgumentError(last, f"must not be before {first}")


def number(argument: str, value: int) -> int:
    """A whole number above zero, as all ids are."""
    if type(value) is not int or value < 1:
        raise ArgumentError(argument, "must be a whole number above 0")
    return value


def positive(argument: str, value: int | None) -> int | None:
    """A whole number above zero, or none."""
    return None if value is None else number(argument, value)


def count(argument: str, value: int | None) -> int | None:
    """A whole number that may be zero, or none."""
    if value is None:
        return None
    if type(value) is not int or value < 0:
        raise ArgumentError(argument, "must be a whole number, 0 or more")
    return value


def text(argument: str, value: str | None) -> str | None:
    """Any text, or none."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ArgumentError(argument, "must be a string")
    return sendable(argument, value)


def code(argument: str, value: object) -> str:
    """A code or identifier that is part of a path."""
    if not isinstance(value, str) or not value.strip():
        raise ArgumentError(argument, "must be a string that is not empty")
    return sendable(argument, value)


def given(argument: str, value: _U | None) -> _U:
    """What must not be None."""
    if value is None:
        raise ArgumentError(argument, "is needed")
    return value


def one_of(argument: str, value: str | None, words: object) -> str | None:
    """One of the words of a ``Literal``, or none."""
    if value is not None and value not in (known := get_args(words)):
        raise ArgumentError(argument, f"must be one of {', '.join(known)}")
    return value


def truth(argument: str, value: bool | None) -> bool | None:  # noqa: FBT001 (its values are what this is about)
    """True or False, or none."""
    if value is not None and not isinstance(value, bool):
        raise ArgumentError(argument, "must be True or False")
    return value


def yes_or_no(argument: str, value: bool | None) -> str | None:  # noqa: FBT001 (the same)
    """A truth value as the API spells it in most places."""
    return None if truth(argument, value) is None else ("YES" if value else "NO")


def uuid(argument: str, value: UUID | str) -> UUID:
    """A UUID, in whatever spelling Python knows."""
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except (ValueError, AttributeError, TypeError) as problem:
        raise ArgumentError(argument, "must be a UUID") from problem
