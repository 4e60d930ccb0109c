"""The schemas of models for pydantic, so that FastAPI takes and returns them.

The module is imported when pydantic asks for a schema, so the library does not need pydantic. msgspec reads and writes;
pydantic gets a description of the fields, which becomes the JSON Schema.
"""

import inspect
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Annotated, Any, cast
from uuid import UUID

import attrs
import msgspec
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError
from pydantic_core import core_schema as core

from musement_async import codec
from musement_async.models import _base
from musement_async.models._base import Model, OpenEnum

_Json = dict[str, Any]
_Definitions = dict[str, CoreSchema]

_ATTRIBUTES = re.compile(r"^Attributes:\n((?:[ \t]+.*\n?|\n)+)", re.MULTILINE)
_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n     .*)*)", re.MULTILINE)
_PLACE = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+)\]")


def schema_of(model: type[Any]) -> CoreSchema:
    """The schema of a model or an enum."""
    definitions: _Definitions = {}
    reference = _described(model, definitions)
    return core.definitions_schema(reference, list(definitions.values()))


def schema_of_page(page: type[Any], item: Any) -> CoreSchema:  # noqa: ANN401 - Python has no type for types
    """The schema of a page of a list.

    Args:
        page: The class of the page.
        item: The type of its items.
    """
    definitions: _Definitions = {}
    name = item.__name__ if isinstance(item, type) else "Any"
    hints = {**typing.get_type_hints(page), "items": tuple[item, ...]}
    arguments = {field.name: _described(hints[field.name], definitions) for field in attrs.fields(page)}
    defaults = {field.name: field.default for field in attrs.fields(page) if field.default is not attrs.NOTHING}
    shape = msgspec.defstruct(
        page.__name__,
        [(name, kind, defaults[name]) if name in defaults else (name, kind) for name, kind in hints.items()],
    )

    def convert(value: object) -> object:
        return page(**msgspec.structs.asdict(codec.convert(value, shape)))

    read = partial(_read, kind=page, convert=convert)
    reference = f"{page.__module__}.{page.__name__}[{name}]:{id(page)}"
    definitions[reference] = _definition(read, reference, arguments, f"{page.__name__}[{name}]", _texts(page))
    return core.definitions_schema(core.definition_reference_schema(reference), list(definitions.values()))


def _described(kind: Any, definitions: _Definitions) -> CoreSchema:  # noqa: ANN401 - Python has no type for types
    """The core schema of a field's type. Models become definitions, so cycles end."""
    if isinstance(kind, type) and issubclass(kind, Model):
        return _reference(kind, definitions, _model)
    if isinstance(kind, type) and issubclass(kind, OpenEnum):
        return _reference(kind, definitions, _enum)
    return _generic(kind, definitions) or _leaves().get(kind, core.any_schema())


def _generic(kind: Any, definitions: _Definitions) -> CoreSchema | None:  # noqa: ANN401 - the same
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        return _described(arguments[0], definitions)
    if origin in {types.UnionType, typing.Union}:
        choices = [_described(argument, definitions) for argument in arguments if argument is not types.NoneType]
        one = choices[0] if len(choices) == 1 else core.union_schema(list(choices))
        return core.nullable_schema(one) if types.NoneType in arguments else one
    if origin is tuple:
        return core.list_schema(_described(arguments[0], definitions))
    if origin is dict:
        return core.dict_schema(core.str_schema(), _described(arguments[1], definitions))
    return None


def _reference(kind: type[Any], definitions: _Definitions, make: Callable[..., CoreSchema]) -> CoreSchema:
    reference = f"{kind.__module__}.{kind.__qualname__}:{id(kind)}"
    if reference not in definitions:
        definitions[reference] = core.any_schema()  # references from inside of the model find it here
        definitions[reference] = make(kind, reference, definitions)
    return core.definition_reference_schema(reference)


def _model(model: type[Model], reference: str, definitions: _Definitions) -> CoreSchema:
    hints = typing.get_type_hints(model, include_extras=True)
    fields = msgspec.structs.fields(model)
    arguments = {field.encode_name: _described(hints[field.name], definitions) for field in fields}
    read = partial(_read, kind=model, convert=lambda value: codec.convert(value, model))
    text, of_fields = _texts(model)
    texts = text, {field.encode_name: of_fields[field.name] for field in fields if field.name in of_fields}
    required = [field.encode_name for field in fields if field.required]
    return _definition(read, reference, arguments, model.__name__, texts, required=required)


def _enum(enum: type[OpenEnum], reference: str, _definitions: _Definitions) -> CoreSchema:
    def describe(_schema: CoreSchema, _handler: object) -> _Json:
        known = {"type": "string", "enum": [member.value for member in enum]}
        return {
            "title": enum.__name__,
            "description": f"{_texts(enum)[0]} Other values may be added.",
            "anyOf": [known, {"type": "string"}],
        }

    return core.no_info_after_validator_function(
        enum,
        core.str_schema(),
        ref=reference,
        serialization=core.plain_serializer_function_ser_schema(str, return_schema=core.str_schema()),
        metadata={"pydantic_js_functions": [describe]},
    )


@cache
def _leaves() -> dict[Any, CoreSchema]:
    # A naive date and time, the local one of an activity, is not an RFC 3339 "date-time".
    moments = {
        "DateTime": ("2026-12-01T10:30:00", "ISO 8601; without an offset it is the activity's local time."),
        "Time": ("10:30:00", "The activity's local time."),
    }
    return {
        str: core.str_schema(),
        bool: core.bool_schema(),
        int: core.int_schema(),
        float: core.float_schema(),
        Decimal: core.float_schema(),  # to_json writes a number
        UUID: core.uuid_schema(),
        date: core.date_schema(),
        **{
            getattr(_base, name): _noted(core.str_schema(), examples=[example], description=text)
            for name, (example, text) in moments.items()
        },
    }


def _noted(schema: CoreSchema, **notes: object) -> CoreSchema:
    """A schema with additions to its JSON Schema."""

    def describe(inner: CoreSchema, handler: Callable[[CoreSchema], _Json]) -> _Json:
        return {**handler(inner), **notes}

    return cast("CoreSchema", {**schema, "metadata": {"pydantic_js_functions": [describe]}})


def _definition(
    read: Callable[..., object],
    reference: str,
    arguments: Mapping[str, CoreSchema],
    title: str,
    texts: tuple[str, Mapping[str, str]],
    *,
    required: Sequence[str] = (),
) -> CoreSchema:
    text, of_fields = texts

    def describe(schema: CoreSchema, handler: Callable[[CoreSchema], _Json]) -> _Json:
        described = handler(schema)
        properties = {
            name: {**about, "description": of_fields[name]} if name in of_fields else about
            for name, about in described["properties"].items()
        }
        about = {"title": title, "description": text, "type": "object", "properties": properties}
        return {**about, "required": [*required]} if required else about

    fields = {name: core.typed_dict_field(schema, required=False) for name, schema in arguments.items()}
    return core.no_info_wrap_validator_function(
        read,
        core.typed_dict_schema(fields),
        ref=reference,
        serialization=core.plain_serializer_function_ser_schema(_write, info_arg=True),
        metadata={"pydantic_js_functions": [describe]},
    )


def _read(value: object, _handler: object, *, kind: type[Any], convert: Callable[[object], object]) -> object:
    if isinstance(value, kind):
        return value
    try:
        return convert(value)
    except codec.Undecodable as invalid:
        error = PydanticCustomError("musement_model", "{problem}", {"problem": invalid.problem})
        places = [name or int(index) for name, index in _PLACE.findall(invalid.path)]
        details = InitErrorDetails(type=error, loc=(*places,), input=None)  # the error does not repeat the input
    raise ValidationError.from_exception_data(kind.__name__, [details])


def _write(value: object, info: core.SerializationInfo) -> Any:  # noqa: ANN401 - a dict, in JSON or Python form
    if isinstance(value, Sequence):  # a page, which the schema describes with its total
        value = _fields_of(cast("object", value))
    # JSON by way of text, in C both times: pydantic would write a Decimal as a string, but the API has numbers.
    plain = codec.to_builtins(value) if info.mode == "python" else msgspec.json.decode(codec.to_json(value))
    return _without_none(plain) if info.exclude_none else plain


def _fields_of(page: Any) -> dict[str, object]:  # noqa: ANN401 - attrs has no type for its instances
    return {field.name: getattr(page, field.name) for field in attrs.fields(cast("Any", type(page)))}


def _without_none(value: object) -> object:
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value).items()
        return {key: _without_none(item) for key, item in entries if item is not None}
    return [_without_none(item) for item in cast("list[object]", value)] if isinstance(value, list) else value


def _texts(model: type[Any]) -> tuple[str, dict[str, str]]:
    """The descriptions of a class and of its fields, including its bases."""
    # Markdown has one backtick, docstrings have two.
    texts = [inspect.cleandoc(base.__doc__ or "") for base in model.__mro__ if base is not object]
    documented = [text.replace("``", "`") for text in texts]
    of_fields: dict[str, str] = {}
    for text in reversed(documented):
        section = _ATTRIBUTES.search(text)
        for name, about in _ATTRIBUTE.findall(section[1]) if section else ():
            of_fields[name] = " ".join(about.split())
    return _ATTRIBUTES.sub("", documented[0]).strip(), of_fields
