"""The classes of a model once more, for other libraries: the same fields and types, made from ours."""

import types
import typing
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, cast
from uuid import UUID

import attrs
import msgspec
import pydantic
from cattrs.preconf.orjson import make_converter

from musement_async.models import Model
from musement_async.models._base import DateTime, Time

# A class, a generic alias or a union, for which Python has no common name.
Kind = Any
Read = Callable[[bytes], object]

# What stands for a type of the standard library in our models, and only there.
_PLAIN: dict[Kind, type] = {DateTime: datetime, Time: time}


def attrs_reader(model: type[Model]) -> Read:
    """What makes a tuple of attrs classes out of JSON, with cattrs and orjson."""
    names = _names(model)
    namespace: dict[str, Any] = dict(names)
    for twinned in _models(names):
        fields = {
            field.name: attrs.field(default=None, type=cast("type", _spell(field.type))) for field in _fields(twinned)
        }
        namespace[twinned.__name__] = attrs.make_class(twinned.__name__, fields, frozen=True, kw_only=True)
    for twinned in _models(names):
        attrs.resolve_types(namespace[twinned.__name__], namespace, namespace)
    converter = make_converter()
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(str(value)))
    for kind in (date, datetime, time):
        converter.register_structure_hook(kind, lambda value, kind: kind.fromisoformat(value))
    converter.register_structure_hook(UUID, lambda value, _: UUID(value))
    return partial(converter.loads, cl=_many(namespace[model.__name__]))


def pydantic_reader(model: type[Model]) -> Read:
    """What makes a tuple of pydantic classes out of JSON."""
    names = _names(model)
    namespace: dict[str, Any] = dict(names)
    for twinned in _models(names):
        fields: dict[str, Any] = {field.name: (_spell(field.type), None) for field in _fields(twinned)}
        config = pydantic.ConfigDict(frozen=True)
        namespace[twinned.__name__] = pydantic.create_model(twinned.__name__, __config__=config, **fields)
    for twinned in _models(names):
        namespace[twinned.__name__].model_rebuild(_types_namespace=namespace)
    return pydantic.TypeAdapter(_many(namespace[model.__name__])).validate_json


def _many(kind: type) -> Kind:
    return tuple[kind, ...]  # type: ignore[valid-type]


def _fields(model: type[Model]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(model)


def _models(names: dict[str, type]) -> list[type[Model]]:
    return [kind for kind in names.values() if issubclass(kind, Model)]


def _names(model: type[Model]) -> dict[str, type]:
    """Every class that a model is made of, by name."""
    names: dict[str, type] = {}
    waiting: list[Kind] = [model]
    while waiting:
        kind = waiting.pop()
        arguments = typing.get_args(kind)
        if arguments:
            waiting += [argument for argument in arguments if not isinstance(argument, msgspec.Meta)]
        elif isinstance(kind, type) and kind.__name__ not in names:
            names[_PLAIN.get(kind, kind).__name__] = _PLAIN.get(kind, kind)
            if issubclass(kind, Model):
                waiting += [field.type for field in _fields(kind)]
    return names


def _spell(kind: Kind) -> str:
    origin: Kind = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if origin is Annotated:
        return _spell(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        return " | ".join(map(_spell, arguments))
    if origin is tuple:
        return f"tuple[{_spell(arguments[0])}, ...]"
    if origin is not None:
        return f"{origin.__name__}[{', '.join(map(_spell, arguments))}]"
    if kind is type(None):
        return "None"
    plain = cast("type", _PLAIN.get(kind, kind))
    return plain.__name__
