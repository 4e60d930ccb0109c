"""Checks of arguments: pure functions that turn a value into the form that is sent.

A value that the API could not read becomes an ``Invalid``. ``query``, ``drop_none``, ``path`` and ``check`` in
``operation.py`` raise it under the argument's name. None means that the argument is not given, and stays None.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Literal, TypeAlias, TypeVar, cast, get_args
from urllib.parse import urlsplit
from uuid import UUID

import attrs

from musement_async.core import encode
from musement_async.errors import ArgumentError
from musement_async.models._base import NIL
from musement_async.values import Coordinates, PriceRange, is_finite, is_sendable

DistanceUnit = Literal["KM", "M"]
YesOrNo = Literal["YES", "NO"]
ActivityOrder = Literal["relevance", "venue-relevance", "category-relevance", "price", "rating"]

M = TypeVar("M")
T = TypeVar("T")

# The name of a thing: its identifier, or the model that has the identifier.
Id: TypeAlias = int | str | M
Uuid: TypeAlias = UUID | str | M
Code: TypeAlias = str | M

# A single value where the API takes a list means a list of one.
OneOrMore: TypeAlias = M | Iterable[M]


@attrs.frozen
class Invalid:
    """A value that cannot be sent.

    Attributes:
        problem: The requirement, as the error states it after the argument's name.
    """

    problem: str


_SURROGATE = Invalid("holds a lone surrogate, which is not a character and cannot be sent")


def required(value: T | Invalid | None) -> T | Invalid:
    """A checked value that must not be missing."""
    return Invalid("is needed") if value is None else value


def number(value: object, of: str = "") -> int | Invalid | None:
    """An id: a whole number above zero (digits too), or the id of a model of the class ``of``."""
    found = _identifier(value, "id", of)
    if isinstance(found, str) and found.isascii() and found.isdigit():
        found = int(found[:20])
    if found is None or isinstance(found, Invalid) or (type(found) is int and found > 0):
        return found
    return Invalid(f"must be a whole number above 0{_or_a(of)}")


def uuid(value: object, of: str = "") -> UUID | Invalid | None:
    """A UUID in any spelling that Python reads, or the UUID of a model of the class ``of``."""
    found = _identifier(value, "uuid", of)
    if found is None or isinstance(found, Invalid | UUID):
        return found
    try:
        return UUID(cast("str", found))
    except (ValueError, AttributeError, TypeError):
        return Invalid(f"must be a UUID{_or_a(of)}")


def code(value: object, of: str = "", attribute: str = "code") -> str | Invalid | None:
    """A code or identifier that is not empty, or the code of a model of the class ``of``."""
    found = _identifier(value, attribute, of)
    if found is None or isinstance(found, Invalid):
        return found
    if not isinstance(found, str) or not found.strip():
        return Invalid("must be a string that is not empty")
    return found if is_sendable(found) else _SURROGATE


def text(value: object) -> str | Invalid | None:
    """Any text."""
    if value is None:
        return None
    if not isinstance(value, str):
        return Invalid("must be a string")
    return value if is_sendable(value) else _SURROGATE


def email(value: object) -> str | Invalid | None:
    """An e-mail address."""
    address = code(value)
    if not isinstance(address, str):
        return address
    name, at, host = address.rpartition("@")
    valid = name and at and host and not any(letter.isspace() for letter in address)
    return address if valid else Invalid("must be an e-mail address")


def url(value: object) -> str | Invalid | None:
    """The URL of a page."""
    address = code(value)
    if not isinstance(address, str):
        return address
    try:
        valid = urlsplit(address).scheme in {"http", "https"} and bool(urlsplit(address).hostname)
    except ValueError:
        valid = False
    return address if valid else Invalid("must be a whole URL, of http or https")


def one_of(value: object, words: object) -> str | Invalid | None:
    """One of the words of a ``Literal``."""
    known: tuple[str, ...] = get_args(words)
    valid = value is None or value in known
    return cast("str | None", value) if valid else Invalid(f"must be one of {', '.join(known)}")


def boolean(value: object) -> bool | Invalid | None:
    """True or False."""
    return value if value is None or isinstance(value, bool) else Invalid("must be True or False")


def yes_or_no(value: object) -> str | Invalid | None:
    """A truth value as the API spells it in most places."""
    found = boolean(value)
    return ("YES" if found else "NO") if isinstance(found, bool) else found


def count(value: object) -> int | Invalid | None:
    """A whole number that may be zero."""
    if value is None or (type(value) is int and value >= 0):
        return value
    return Invalid("must be a whole number, 0 or more")


def positive(value: object) -> int | Invalid | None:
    """A whole number above zero."""
    if value is None or (type(value) is int and value > 0):
        return value
    return Invalid("must be a whole number above 0")


def between(value: object, least: int, most: int) -> int | Invalid | None:
    """A whole number within bounds."""
    if value is None or (type(value) is int and least <= value <= most):
        return value
    return Invalid(f"must be a whole number from {least} to {most}")


def amount(value: object) -> Decimal | Invalid | None:
    """An amount of money, 0 or more."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | float | int) or not is_finite(value) or value < 0:
        return Invalid("must be an amount of money, 0 or more")
    return Decimal(str(value))


def day(value: object) -> str | Invalid | None:
    """A day, as YYYY-MM-DD."""
    if value is None:
        return None
    return value.isoformat() if type(value) is date else Invalid("must be a datetime.date")


def path_date(value: object) -> str | Invalid:
    """A day that is part of a path."""
    return value.isoformat() if type(value) is date else Invalid("must be a datetime.date")


def path_time(value: object) -> str | Invalid:
    """A time of day that is part of a path, as HH-MM."""
    if type(value) is time and value.replace(hour=0, minute=0) == time():
        return f"{value:%H-%M}"
    return Invalid("must be a datetime.time of whole minutes, without an offset")


def clock(value: object) -> str | Invalid | None:
    """A time of day in a body, as HH:MM."""
    found = None if value is None else path_time(value)
    return found.replace("-", ":") if isinstance(found, str) else found


def coordinates(value: object) -> str | Invalid | None:
    """Latitude and longitude, in degrees."""
    if value is None:
        return None
    return str(value) if isinstance(value, Coordinates) else Invalid("must be Coordinates")


def price_range(value: object) -> str | Invalid | None:
    """A least and a greatest price, with two decimals."""
    if value is None:
        return None
    return str(value) if isinstance(value, PriceRange) else Invalid("must be a PriceRange")


def fields(values: object) -> dict[str, object] | Invalid | None:
    """A body of the user's own, for an operation whose fields the API does not list."""
    if values is None:
        return None
    known = cast("Mapping[object, object]", values) if isinstance(values, Mapping) else None
    if known is None or not all(isinstance(name, str) for name in known):
        return Invalid("must be a mapping with a string for each name")
    body = {str(name): value for name, value in known.items()}
    try:
        encode("fields", body)
    except ArgumentError as problem:
        return Invalid(str(problem).removeprefix("fields: "))
    return body


def as_list(values: Iterable[T] | None) -> list[T] | Invalid:
    """The values of a list, tuple or set; none for None; any other value as a list of one."""
    if values is None:
        return []
    if isinstance(values, bytes | bytearray | Mapping):
        return Invalid("must be a list or tuple")
    return list(values) if _is_many(values) else [cast("T", values)]


def each(values: object, check_one: Callable[[object], T | Invalid | None]) -> list[T] | Invalid | None:
    """Each of several values, or a single one, checked; an empty list stays empty."""
    found = as_list(cast("Iterable[object] | None", values))
    if values is None or isinstance(found, Invalid):
        return None if values is None else cast("Invalid", found)
    checked: list[T] = []
    for value in found:
        one = required(check_one(value))
        if isinstance(one, Invalid):
            return one
        checked.append(one)
    return checked


def words(values: object, known: object) -> list[str] | Invalid | None:
    """Several words of a ``Literal``."""
    return each(values, lambda value: one_of(value, known))


def ids(values: object, of: str) -> str | Invalid | None:
    """Ids, separated by commas."""
    return _joined(each(values, lambda value: number(value, of)))


def codes(values: object, known: object = None, of: str = "") -> str | Invalid | None:
    """Codes, separated by commas; if a ``Literal`` is given, each is one of its words."""

    def check_one(value: object) -> str | Invalid | None:
        found = code(str(value) if type(value) is int and known is not None else value, of)
        if isinstance(found, str) and "," in found:
            return Invalid("must hold codes without a comma")
        return one_of(found, known) if known is not None and isinstance(found, str) else found

    return _joined(each(values, check_one))


def uuids(values: object, of: str) -> list[str] | Invalid | None:
    """UUIDs, in their usual spelling; None for none."""
    found = each(values, lambda value: uuid(value, of))
    return [str(value) for value in found] or None if isinstance(found, list) else found


def percentages(values: object) -> list[str] | Invalid | None:
    """Numbers from 0 to 100 with two decimals; None for none."""
    found = each(values, _percentage)
    return found or None


def together(**arguments: object) -> None:
    """Refuse a group of arguments of which only some are given."""
    missing = [name for name, value in arguments.items() if value is None]
    if missing and len(missing) < len(arguments):
        raise ArgumentError(missing[0], f"is needed as well: {' and '.join(arguments)} belong together")


def in_order(**arguments: date | None) -> None:
    """Refuse a last day before the first, and values that are not days."""
    (first, start), (last, end) = arguments.items()
    for argument, value in arguments.items():
        if isinstance(found := day(value), Invalid):
            raise ArgumentError(argument, found.problem)
    if start is not None and end is not None and end < start:
        raise ArgumentError(last, f"must not be before {first}")


def _identifier(value: object, attribute: str, of: str) -> object:
    # Compares the class's name: the modules of most models are not loaded when a path is built.
    if not of or not any(base.__name__ == of for base in type(value).__mro__):
        return value
    found = getattr(value, attribute, None)
    # Orders and their items have the nil UUID if the API's answer had none.
    return Invalid(f"must be {_a(of)} with its {attribute}") if found is None or found == NIL else found


def _or_a(model: str) -> str:
    return f", or {_a(model)}" if model else ""


def _a(model: str) -> str:
    return f"{'an' if model[0] in 'AEO' else 'a'} {model}"


def _is_many(values: object) -> bool:
    return isinstance(values, Iterable) and not isinstance(values, str)


def _joined(values: list[int] | list[str] | Invalid | None) -> str | Invalid | None:
    return values if values is None or isinstance(values, Invalid) else ",".join(map(str, values)) or None


def _percentage(value: object) -> str | Invalid:
    valid = isinstance(value, Decimal | float | int) and not isinstance(value, bool) and is_finite(value)
    if not valid or not 0 <= cast("float", value) <= 100:
        return Invalid("must hold numbers from 0 to 100")
    return f"{value:.2f}"
