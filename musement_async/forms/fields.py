"""The fields of a form, in the order to ask for them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from musement_async.errors import ArgumentError
from musement_async.models.forms import FormSchema, FormValue

# The place of an answer: names of fields, and positions in lists.
FieldPath: TypeAlias = tuple[str | int, ...]

# Limits for forms from a server; the largest form of the API has about forty fields.
_DEEPEST = 32
_MOST_FIELDS = 5_000


@attrs.frozen
class FormField:
    """One field of a form.

    Attributes:
        path: The place of the answer, such as ``("extra_customer_data", activity_uuid, "hotel")``; numbers are
            positions in lists, from 0.
        title: The field's title, in the language asked for.
        type: The type in JSON Schema, such as ``string`` or ``number``.
        format: The format of a text, such as ``date`` or ``email``.
        required: Whether the field must be answered.
        choices: The values to choose from, each with its title; empty for any value.
        default: The answer if none is given.
        description: An explanation.
        pattern: A regular expression that a text must match; None where any will do.
    """

    path: FieldPath
    title: str
    type: str | None = None
    format: str | None = None
    required: bool = False
    choices: Mapping[FormValue, str] = attrs.field(factory=dict[FormValue, str])
    default: FormValue | None = None
    description: str | None = None
    pattern: str | None = None

    @property
    def name(self) -> str:
        """The field's own name."""
        return str(self.path[-1]) if self.path else ""

    @property
    def label(self) -> str:
        """The path as text, such as ``[0].firstname``: the name of the field in errors."""
        return label_of(self.path)


def check_size(schema: FormSchema) -> None:
    """Refuse a schema with too many parts before recursive functions read it."""
    parts, rest = 0, [(schema, 1)]
    while rest:
        part, depth = rest.pop()
        parts += 1
        if depth > _DEEPEST:
            raise ArgumentError("schema", f"must have {_DEEPEST} levels at most")
        if parts > _MOST_FIELDS:
            raise _too_many()
        rest += [(field, depth + 1) for field in part.ordered.values()]
        if part.items is not None:
            rest.append((part.items, depth + 1))


def _too_many() -> ArgumentError:
    return ArgumentError("schema", f"must ask for {_MOST_FIELDS} fields at most")


def required_names(schema: FormSchema) -> tuple[str, ...]:
    """The names of the fields that must be answered, as the schema lists them."""
    return schema.required if isinstance(schema.required, tuple) else ()


class Fields:
    """Collects the fields of a schema, up to a limit; a list's item counts once for each entry."""

    def __init__(self) -> None:
        self._seen = 0

    def of(
        self, schema: FormSchema, path: FieldPath = (), *, name: str = "", required: bool = True
    ) -> Iterator[FormField]:
        """The fields of a schema, in the order to ask for them."""
        self._seen += 1
        if self._seen > _MOST_FIELDS:
            raise _too_many()
        if schema.properties:
            needed = frozenset(required_names(schema)) if required else frozenset[str]()
            for inner, field in schema.ordered.items():
                yield from self.of(field, (*path, inner), name=inner, required=inner in needed)
        elif schema.items is not None and schema.items.properties:
            for place in range(schema.min_items or 0):
                yield from self.of(schema.items, (*path, place), name=name, required=required)
        elif path:
            yield FormField(
                path,
                title=schema.title or schema.label or name,
                type=schema.type,
                format=schema.format,
                required=required,
                choices=schema.choices or (schema.items.choices if schema.items else {}),
                default=schema.default,
                description=schema.description,
                pattern=schema.pattern,
            )


def label_of(path: Iterable[str | int]) -> str:
    """A path as text, such as ``[0].firstname``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
