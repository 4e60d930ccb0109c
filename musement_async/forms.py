"""What has to be asked of customers and participants: which fields in which order, and whether answers will do."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import attrs
import msgspec

from musement_async.errors import ArgumentError, FormError
from musement_async.models._base import read_date_time, read_time
from musement_async.models.forms import FieldType, FormSchema, FormValue

if TYPE_CHECKING:
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import ValidationError

# Where an answer goes: names of fields, and places in lists.
FieldPath: TypeAlias = tuple[str | int, ...]
_Json: TypeAlias = dict[str, Any]

_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
# The fields of a schema under JSON Schema's names; the others take some thought.
_KEYWORDS: Mapping[str, Callable[[FormSchema], object]] = {
    "format": lambda schema: schema.format,
    "minItems": lambda schema: schema.min_items,
    "maxItems": lambda schema: schema.max_items,
    "uniqueItems": lambda schema: schema.unique_items,
    "minLength": lambda schema: schema.min_length,
    "maxLength": lambda schema: schema.max_length,
    "minimum": lambda schema: schema.minimum,
    "maximum": lambda schema: schema.maximum,
    "type": lambda schema: schema.type if schema.type in _TYPES else None,
    "enum": lambda schema: list(schema.enum) or None,
    "required": lambda schema: list(schema.required) if isinstance(schema.required, tuple) else None,
    "pattern": lambda schema: schema.pattern if _is_pattern(schema.pattern) else None,
    "properties": lambda schema: {name: _json_schema(field) for name, field in schema.ordered.items()} or None,
    "items": lambda schema: None if schema.items is None else _json_schema(schema.items),
}


@attrs.frozen
class FormField:
    """One thing to ask for.

    Attributes:
        path: Where the answer goes, such as ``("extra_customer_data", activity_uuid, "hotel")``; numbers are places in
            lists, from 0.
        title: What to call it, in the language asked for.
        type: As JSON Schema has it, such as ``string`` or ``number``.
        format: What the text has to be, such as ``date`` or ``email``.
        required: Whether it must be answered.
        choices: The values to choose from, with what to call each; empty where anything goes.
        default: What to answer if nothing else is said.
        description: An explanation.
    """

    path: FieldPath
    title: str
    type: str | None = None
    format: str | None = None
    required: bool = False
    choices: Mapping[FormValue, str] = attrs.field(factory=dict[FormValue, str])
    default: FormValue | None = None
    description: str | None = None

    @property
    def name(self) -> str:
        """The field's own name."""
        return str(self.path[-1]) if self.path else ""

    @property
    def label(self) -> str:
        """The path as text, such as ``[0].firstname``: what errors call the field."""
        return _label(self.path)


class Form:
    """A form to be filled in: what to ask for in which order, and a check of the answers.

    Args:
        schema: What the API sent: a form, or a list of forms. ``client.carts`` and ``client.activities`` have methods
            for them.
    """

    def __init__(self, schema: FormSchema) -> None:
        self.schema = schema
        self._validator: Draft7Validator | None = None

    @classmethod
    def for_participants(cls, schema: FormSchema, quantity: int = 1) -> "Form":
        """The form whose answers are a list with one mapping per participant, as ``carts.set_participants`` takes it.

        Args:
            schema: The schema of a cart item's participants, in any of its shapes, or that of one participant.
            quantity: How many participants there are, where the schema does not say.
        """
        listed = schema.ordered.get("participants")
        if listed is not None:
            return cls(listed)
        if schema.type == "array":
            return cls(schema)
        one = FormSchema(type=FieldType.OBJECT, properties=schema.fields) if schema.fields else schema
        number = schema.number if schema.number is not None else quantity
        return cls(FormSchema(type=FieldType.ARRAY, items=one, min_items=number, max_items=number))

    def __repr__(self) -> str:
        return f"<Form {', '.join(field.label for field in self.fields)}>"

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Everything to ask for, in the order to ask for it; a list's items as often as they are needed."""
        return tuple(_leaves(self.schema, (), name="", required=True))

    @property
    def required(self) -> tuple[FormField, ...]:
        """The fields that must be answered."""
        return tuple(field for field in self.fields if field.required)

    def fill(self, ask: Callable[[FormField], object]) -> Any:  # noqa: ANN401 (a dict or a list, by what the form is)
        """Answers put together, ready for :meth:`check`.

        Args:
            ask: Gives the answer to a field; None leaves the field out.

        Returns:
            A dict; a list for a list of forms.
        """
        answers: Any = [] if self.schema.type == "array" else {}
        for field in self.fields:
            answer = ask(field)
            if answer is not None:
                _put(answers, field.path, answer)
        return answers

    def problems(self, answers: object) -> dict[str, str]:
        """What is wrong with answers: a reason for each wrong field, by its label; empty if they will do.

        Raises:
            ArgumentError: The answers hold something that has no form in JSON.
        """
        plain = _as_json(answers)
        found: dict[str, str] = {}
        for error in self._validate(plain):
            for path, reason in _explain(error):
                found.setdefault(_label(path), reason)
        asked = {field.label: place for place, field in enumerate(self.fields)}
        return dict(sorted(found.items(), key=lambda problem: asked.get(problem[0], -1)))

    def check(self, answers: object, *, argument: str = "answers") -> None:
        """Refuse answers that the API would refuse, before they are sent.

        Args:
            answers: A mapping by name, or a list of such for a list of forms. Dates may be ``datetime.date``.
            argument: What the error calls them.

        Raises:
            FormError: Some fields are wrong; it names each of them.
            ArgumentError: The answers hold something that has no form in JSON.
        """
        problems = self.problems(answers)
        if problems:
            raise FormError(argument, problems)

    def _validate(self, answers: Any) -> Iterable["ValidationError"]:  # noqa: ANN401 (whatever JSON can hold)
        if self._validator is None:
            from jsonschema import Draft7Validator

            self._validator = Draft7Validator(_json_schema(self.schema), format_checker=_formats())
        errors: Iterable[ValidationError] = cast("Any", self._validator).iter_errors(answers)
        return errors


def _leaves(schema: FormSchema, path: FieldPath, *, name: str, required: bool) -> Iterator[FormField]:
    if schema.properties:
        for inner, field in schema.ordered.items():
            needed = required and inner in schema.required_names
            yield from _leaves(field, (*path, inner), name=inner, required=needed)
    elif schema.items is not None and schema.items.properties:
        for place in range(schema.min_items or 0):
            yield from _leaves(schema.items, (*path, place), name=name, required=required)
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
        )


def _put(answers: Any, path: FieldPath, answer: object) -> None:  # noqa: ANN401 (nested dicts and lists)
    """Set one answer; what is around it is made as needed, lists with all their items."""
    for step, following in pairwise(path):
        if isinstance(step, int):
            answers.extend({} for _ in range(step + 1 - len(answers)))
            answers = answers[step]
        else:
            answers = answers.setdefault(step, [] if isinstance(following, int) else {})
    answers[path[-1]] = answer


def _json_schema(schema: FormSchema) -> _Json:
    stated = ((keyword, read(schema)) for keyword, read in _KEYWORDS.items())
    return {keyword: value for keyword, value in stated if value is not None}


def _is_pattern(pattern: str | None) -> bool:
    """Whether Python can read it: the API's patterns are JavaScript's."""
    try:
        re.compile(pattern or "")
    except re.error:
        return False
    return bool(pattern)


def _as_json(answers: object) -> object:
    from musement_async.codec import to_json

    try:
        return msgspec.json.decode(to_json(answers))
    except (TypeError, ValueError, msgspec.MsgspecError) as problem:
        raise ArgumentError("answers", f"cannot be sent as JSON: {problem}") from problem


def _label(path: Iterable[str | int]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def _is_day(text: str) -> bool:
    return _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None


# Whatever else a schema calls a format, JSON Schema leaves unchecked.
_FORMATS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "date": (_is_day, "must be a day, YYYY-MM-DD"),
    "date-time": (read_date_time, "must be a day and a time, YYYY-MM-DDTHH:MM"),
    "email": (_is_email, "must be an e-mail address"),
    "time": (read_time, "must be a time of day, HH:MM"),
}


@cache
def _formats() -> Any:  # noqa: ANN401 (jsonschema is imported on first use, and its type with it)
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, (read, _) in _FORMATS.items():
        checker.checks(name, raises=ValueError)(_for_text(read))
    return checker


def _for_text(read: Callable[[str], object]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or bool(read(value))


_KINDS = {
    "array": "a list",
    "boolean": "True or False",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}
# Reasons never repeat an answer: they end up in logs, and answers are about people.
_REASONS: Mapping[str, Callable[[Any], str]] = {
    "enum": lambda values: f"must be one of {', '.join(map(str, values))}",
    "format": lambda name: _FORMATS[name][1],
    "maxItems": lambda number: f"must have {number} items at most",
    "maximum": lambda number: f"must be {number:g} at most",
    "maxLength": lambda number: f"must have {number} characters at most",
    "minItems": lambda number: f"must have {number} items at least",
    "minimum": lambda number: f"must be {number:g} at least",
    "minLength": lambda number: "must not be empty" if number == 1 else f"must have {number} characters at least",
    "pattern": lambda pattern: f"must match {pattern}",
    "type": lambda kind: f"must be {_KINDS[kind]}",
    "uniqueItems": lambda _: "must not have equal items",
}
_MISSING = "is missing"


def _explain(error: "ValidationError") -> Iterator[tuple[FieldPath, str]]:
    path = tuple(error.absolute_path)
    keyword = cast("str", error.validator)
    if keyword == "required":
        answered = cast("Mapping[str, object]", error.instance)
        missing = [name for name in cast("Sequence[str]", error.validator_value) if name not in answered]
        yield from (((*path, name), _MISSING) for name in missing)
    else:
        absent = keyword == "type" and error.instance is None
        yield path, _MISSING if absent else _REASONS[keyword](error.validator_value)
