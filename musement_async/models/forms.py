"""Forms for customers and participants, as JSON Schemas."""

from collections.abc import Iterable
from typing import TypeAlias

from msgspec.structs import force_setattr, replace

from musement_async.models._base import Model, OpenEnum, Real

FormValue: TypeAlias = str | int | Real | bool


class FieldType(OpenEnum):
    """The type of an answer, as JSON Schema or an older form names it."""

    ARRAY = "array"
    BOOLEAN = "boolean"
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    OBJECT = "object"
    STRING = "string"
    TEXT = "text"


# The JSON Schema types for the types of fields in the forms of 2020.
_JSON_TYPES: dict[str, tuple[FieldType, str | None]] = {
    FieldType.TEXT: (FieldType.STRING, None),
    FieldType.DATE: (FieldType.STRING, "date"),
}


class FormOption(Model, frozen=True, kw_only=True, omit_defaults=True):
    """One of the answers to choose from, as older forms have them.

    Attributes:
        label: What people read.
    """

    label: str | None = None


_KEYWORDS = {
    "property_order": "propertyOrder",
    "min_items": "minItems",
    "max_items": "maxItems",
    "unique_items": "uniqueItems",
    "min_length": "minLength",
    "max_length": "maxLength",
}


class FormSchema(Model, frozen=True, kw_only=True, omit_defaults=True, rename=_KEYWORDS):
    """A JSON Schema of a form, of one of its fields, or of the items of a list.

    Written as JSON or as builtins it is a JSON Schema again, without the keywords that it does not have.

    Older answers list the fields of a form where a JSON Schema has a map. Such a list becomes a map, by name or else by
    title, and its marks for required fields become ``required``.

    Attributes:
        title: A label; for a whole form its kind, such as ``participant``.
        type: The type in JSON Schema; types of older forms are translated, if JSON Schema has such a type.
        format: The format of a text, such as ``date`` or ``email``.
        description: A longer text about the question.
        default: The preset answer; None if there is none.
        enum: The values to choose from.
        enum_titles: The titles of these values, in the same order, in the language asked for.
        properties: The fields of a form, by name; a map, whichever of the two arrived.
        property_order: Its place among the fields.
        required: The names of the fields that must be answered.
        items: The schema of a list's items.
        min_items: The fewest entries of a list; None for no limit.
        max_items: The most entries of a list; None for no limit.
        unique_items: Whether the entries of a list must differ.
        min_length: The fewest characters of a text; None for no limit.
        max_length: The most characters of a text; None for no limit.
        pattern: A regular expression that a text must match; None where any will do.
        minimum: The least number; None for no limit.
        maximum: The greatest number; None for no limit.
        widget: A hint on how to show the field.
        name: The name of a field in a list of fields.
        label: The label of a field in a list of fields.
        value: The present value of a field in a list of fields.
        options: The options to choose from, in a list of fields.
        number: How many participants the ``fields`` are for, in a form of 2020.
        fields: The fields for each of these participants.
    """

    title: str | None = None
    type: FieldType | None = None
    format: str | None = None
    description: str | None = None
    default: FormValue | None = None
    enum: tuple[FormValue, ...] = ()
    enum_titles: tuple[str, ...] = ()
    properties: "dict[str, FormSchema] | tuple[FormSchema, ...] | None" = None
    property_order: int | None = None
    required: tuple[str, ...] | bool = ()
    items: "FormSchema | None" = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    minimum: Real | None = None
    maximum: Real | None = None
    widget: str | None = None
    name: str | None = None
    label: str | None = None
    value: str | None = None
    options: tuple[FormOption, ...] = ()
    number: int | None = None
    fields: "tuple[FormSchema, ...]" = ()

    def __post_init__(self) -> None:
        if self.properties is None:
            return
        named = dict(_named(self.properties))
        stated = self.required if isinstance(self.required, tuple) else ()
        marked = (name for name, field in named.items() if field.required is True)
        force_setattr(self, "required", (*dict.fromkeys((*stated, *marked)),))
        force_setattr(self, "properties", {name: _as_json_schema(field) for name, field in named.items()})

    @property
    def ordered(self) -> "dict[str, FormSchema]":
        """The fields by name, in the order to ask for them; those without a place come last."""
        named = _named(self.properties or ())
        return dict(sorted(named, key=lambda pair: (pair[1].property_order is None, pair[1].property_order or 0)))

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields, in the order to ask for them."""
        return tuple(self.ordered)

    @property
    def required_names(self) -> tuple[str, ...]:
        """The names of the fields that must be answered, in the order to ask for them."""
        needed = self.required if isinstance(self.required, tuple) else ()
        return tuple(name for name in self.ordered if name in needed)

    @property
    def choices(self) -> dict[FormValue, str]:
        """The values to choose from, each with its title, or with the value itself if it has none."""
        titles = (*self.enum_titles, *map(str, self.enum[len(self.enum_titles) :]))
        return dict(zip(self.enum, titles, strict=False))


def _named(properties: dict[str, FormSchema] | tuple[FormSchema, ...]) -> Iterable[tuple[str, FormSchema]]:
    if isinstance(properties, dict):
        return properties.items()
    return [(field.name or field.title or str(place), field) for place, field in enumerate(properties, start=1)]


def _as_json_schema(field: FormSchema) -> FormSchema:
    """A field with its mark moved to the form, and a type that JSON Schema knows."""
    kind, form = _JSON_TYPES.get(field.type or "", (field.type, field.format))
    required = field.required if isinstance(field.required, tuple) else ()
    return replace(field, type=kind, format=field.format or form, required=required)
