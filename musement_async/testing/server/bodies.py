"""Request bodies, read strictly: a body that cannot be read is refused with 400."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from attrs import frozen

from musement_async.testing.server.errors import Refusal
from musement_async.testing.server.query import read_day


@frozen
class ValueType:
    """The values that a field may have, and their name in refusals."""

    name: str
    holds: Callable[[Any], bool]


def _reads(read: Callable[[str], object]) -> Callable[[Any], bool]:
    def holds(value: object) -> bool:
        try:
            return isinstance(value, str) and read(value) is not None
        except (ValueError, Refusal):
            return False

    return holds


TEXT = ValueType("a text", lambda value: isinstance(value, str))
NAME = ValueType("a text that is not empty", lambda value: isinstance(value, str) and bool(value.strip()))
EMAIL = ValueType("an e-mail address", lambda value: isinstance(value, str) and "@" in value.strip("@ "))
BOOLEAN = ValueType("true or false", lambda value: isinstance(value, bool))
NUMBER = ValueType("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool))
DAY = ValueType("a day such as 2026-12-01", _reads(lambda text: read_day("", text)))
MOMENT = ValueType(
    "a date and a time without an offset", _reads(lambda text: datetime.fromisoformat(text).tzinfo is None or None)
)
IDENTIFIER = ValueType("a UUID", _reads(UUID))


def whole(least: int, most: int | None = None) -> ValueType:
    """A whole number within bounds."""
    bounds = f"{least} or more" if most is None else f"from {least} to {most}"
    return ValueType(
        f"a whole number, {bounds}",
        lambda value: type(value) is int and value >= least and (most is None or value <= most),
    )


def word(*words: str) -> ValueType:
    """One of the given words."""
    return ValueType(f"one of {', '.join(words)}", lambda value: value in words)


def each(kind: ValueType) -> ValueType:
    """A list whose items are of one type."""
    return ValueType(f"a list; each item {kind.name}", _lists(kind.holds))


def _lists(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(holds, cast("list[object]", value)))


def read_object(body: bytes, kinds: Mapping[str, ValueType], required: Iterable[str] = ()) -> dict[str, Any]:
    """A body that is an object with the given fields and no others.

    Raises:
        Refusal: 400, the body is something else.
    """
    given = read_any_object(body)
    for name in required:
        if name not in given:
            raise Refusal(400, "0", f'The field "{name}" is needed.')
    check_fields(given, kinds)
    return given


def read_any_object(body: bytes) -> dict[str, Any]:
    """A body that is an object, whatever its fields.

    Raises:
        Refusal: 400, the body is something else.
    """
    given = json_object(body)
    if given is None:
        raise Refusal(400, "0", "The body must be a JSON object.")
    return given


def read_objects(body: bytes) -> list[dict[str, Any]]:
    """A body that is a list of objects, whatever their fields.

    Raises:
        Refusal: 400, the body is something else.
    """
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    if not _lists(lambda item: isinstance(item, dict))(given):
        raise Refusal(400, "0", "The body must be a JSON list of objects.")
    return cast("list[dict[str, Any]]", given)


def check_fields(given: Mapping[str, Any], kinds: Mapping[str, ValueType]) -> None:
    """Refuse unknown fields and wrong values.

    Raises:
        Refusal: 400, a field is unknown or has a wrong value.
    """
    for name, value in given.items():
        if name not in kinds:
            raise Refusal(400, "0", f'There is no field "{name}".')
        if not kinds[name].holds(value):
            raise Refusal(400, "0", f'The field "{name}" must be {kinds[name].name}.')


def json_object(body: bytes) -> dict[str, Any] | None:
    """A request body that is a JSON object; None if it is anything else."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else None
