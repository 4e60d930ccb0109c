"""The comparison of a result with the body and with the model's fields."""

import typing
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, get_args, get_origin
from uuid import UUID

import msgspec

from musement_async import to_builtins
from musement_async.models import OpenEnum
from musement_async.models._base import DateTime
from musement_async.pagination import ListCall, Page
from tests.contract.description import Description, Json, Schema
from tests.contract.methods import Hint, item_type, without_none
from tests.payloads_check import same

_SCALARS: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (float, Decimal),
    "boolean": (bool,),
    "string": (str,),
}
_FORMATS: Mapping[str, tuple[Hint, ...]] = {"date": (date, DateTime), "date-time": (DateTime,), "uuid": (UUID,)}
# The keys under which envelopes have their list.
LISTS = ("data", "activities")


def lost(sent: Json, kept: Json, path: str = "$") -> Iterator[str]:
    """The paths of a body's values that the result lacks."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for key in sent:
            yield from lost(sent[key], kept.get(key), f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(kept, list) and len(sent) == len(kept):
        for index, (one, other) in enumerate(zip(sent, kept, strict=True)):
            yield from lost(one, other, f"{path}[{index}]")
    elif not (_nothing(sent) and _nothing(kept)) and not same(sent, kept) and not _same_time(sent, kept):
        yield f"{path}: {sent!r:.60} became {kept!r:.60}"


def _nothing(value: Json) -> bool:
    return value is None or value in ([], {})


def _same_time(sent: Json, kept: Json) -> bool:
    """Whether two texts are the same time in different formats."""
    if isinstance(sent, str) and isinstance(kept, str):
        for read in (datetime.fromisoformat, time.fromisoformat):
            with suppress(ValueError):
                return read(sent) == read(kept)
    return False


def as_sent(result: object) -> Json:
    """A result in the JSON form that it was read from; for a page, its items."""
    return to_builtins(result.items if isinstance(result, Page) else result)


def envelope(result: object) -> Json:
    """The meta and facets of a page, in the JSON form that they were read from."""
    return {"meta": to_builtins(result.meta), "facets": to_builtins(result.facets)} if isinstance(result, Page) else {}


class Comparison:
    """Compares a schema with a type, recursively.

    Args:
        description: The description with the schemas.
        narrowed: The type of each property whose plain strings have one.
    """

    def __init__(self, description: Description, narrowed: Mapping[str, Hint]) -> None:
        self._description = description
        self._narrowed = narrowed
        self._seen: set[tuple[str, object]] = set()

    def problems(self, schema: Schema, hint: Hint, path: str, name: str = "") -> Iterator[str]:
        """Properties without a field, fields without a type, enums without all of their members."""
        reference = (schema.get("$ref") or str(schema), str(hint))
        if reference in self._seen:
            return
        self._seen.add(reference)
        members = without_none(hint)
        if not members or _untyped(members):
            yield f"{path}: {hint} does not say a type"
            return
        for choice in range(self._description.branches(schema)):
            flat = self._description.flat(schema, choice)
            match flat.get("type"):
                case "object":
                    yield from self._object(flat, members, path)
                case "array":
                    yield from self._array(flat, members, path, name)
                case str():
                    yield from self._scalar(flat, members, path, name)

    def _object(self, flat: Schema, members: list[Hint], path: str) -> Iterator[str]:
        properties = flat.get("properties", {})
        maps = [member for member in members if _origin(member) is dict]
        if maps and not properties:
            further = flat.get("additionalProperties")
            if isinstance(further, dict):
                yield from self.problems(further, get_args(maps[0])[1], f"{path}.*")
            return
        fields = {name: kind for member in members for name, kind in _fields(member).items()}
        if properties and not fields:
            yield f"{path}: an object, but {members} has no fields"
            return
        for name, part in properties.items():
            if name in fields:
                yield from self.problems(part, fields[name], f"{path}.{name}", name)
            else:
                yield f"{path}.{name}: no field of {members}"

    def _array(self, flat: Schema, members: list[Hint], path: str, name: str) -> Iterator[str]:
        kind = next(filter(None, map(item_type, members)), None)
        if kind is None:
            yield f"{path}: a list, but {members} is none"
        else:
            yield from self.problems(flat["items"], kind, f"{path}[]", name)

    def _scalar(self, flat: Schema, members: list[Hint], path: str, name: str) -> Iterator[str]:
        enums = [member for member in members if isinstance(member, type) and issubclass(member, OpenEnum)]
        if "enum" in flat:
            known = {value for kind in enums for value in kind.__members__.values()}
            missing = [value for value in flat["enum"] if value not in known]
            if missing:
                yield f"{path}: {members} lacks {', '.join(map(repr, missing))}"
        elif not enums and not self._fits(flat, members, name):
            yield f"{path}: {flat.get('type')} {flat.get('format', '')} read as {members}"

    def _fits(self, flat: Schema, members: list[Hint], name: str) -> bool:
        allowed = [*_SCALARS[flat["type"]], *_FORMATS.get(flat.get("format", ""), ())]
        if flat["type"] == "string" and name in self._narrowed:
            allowed.append(self._narrowed[name])
        return any(member is kind for member in members for kind in allowed)


def _untyped(members: list[Hint]) -> bool:
    for member in members:
        if member in {Any, object, dict, list, tuple} or isinstance(member, typing.TypeVar):
            return True
        if _origin(member) is dict and get_args(member)[1] in {Any, object}:
            return True
    return False


def _fields(kind: Hint) -> dict[str, Hint]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    if _origin(kind) is ListCall:
        # The types of an envelope's parts.
        fields: dict[str, Hint] = typing.get_type_hints(Page, include_extras=True)
        (item,) = get_args(kind)
        items = dict.fromkeys(LISTS, tuple[item, ...])  # type: ignore[valid-type]
        return {"meta": fields["meta"], "facets": fields["facets"], **items}
    return {}


def _origin(kind: Hint) -> Hint:
    return get_origin(kind)
