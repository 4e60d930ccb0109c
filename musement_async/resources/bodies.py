"""How arguments travel in a body; each function refuses, by name, what the API could not read."""

from collections.abc import Iterable, Mapping
from typing import cast

from musement_async.core import encode
from musement_async.errors import ArgumentError
from musement_async.resources.parameters import code, listed, one_of


def filled(**values: object) -> dict[str, object]:
    """A body of what was given."""
    return {name: value for name, value in values.items() if value is not None}


def fields(argument: str, values: object) -> dict[str, object]:
    """A body of the user's own, for an operation whose fields the API does not list."""
    known = cast("Mapping[object, object]", values) if isinstance(values, Mapping) else None
    if known is None or not all(isinstance(name, str) for name in known):
        raise ArgumentError(argument, "must be a mapping with a string for each name")
    body = {str(name): value for name, value in known.items()}
    encode(argument, body)
    return body


def email(argument: str, value: str) -> str:
    """The address of somebody's mail."""
    name, at, host = code(argument, value).rpartition("@")
    if not (name and at and host) or any(letter.isspace() for letter in value):
        raise ArgumentError(argument, "must be an e-mail address")
    return value


def between(argument: str, value: int | None, least: int, most: int) -> int | None:
    """A whole number within bounds, or none."""
    if value is not None and (type(value) is not int or not least <= value <= most):
        raise ArgumentError(argument, f"must be a whole number from {least} to {most}")
    return value


def each_of(argument: str, values: Iterable[str] | None, words: object) -> list[str] | None:
    """Words of a ``Literal``, or none; an empty list is one too."""
    if values is None:
        return None
    found = listed(argument, values)
    for value in found:
        one_of(argument, value, words)
    return found
