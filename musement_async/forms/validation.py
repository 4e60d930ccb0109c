"""The validation of answers by JSON Schema, and the reasons in words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from musement_async.forms.fields import FieldPath, required_names
from musement_async.forms.patterns import as_pattern, is_match
from musement_async.models._base import read_date_time, read_time
from musement_async.models.forms import FormSchema

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_Json: TypeAlias = dict[str, Any]

_MOST_SHOWN = 20
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
# The keywords of JSON Schema, each with its value in a schema.
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
    "required": lambda schema: list(dict.fromkeys(required_names(schema))) or None,
    "pattern": lambda schema: schema.pattern if as_pattern(schema.pattern) else None,
    "properties": lambda schema: {name: _json_schema(field) for name, field in schema.ordered.items()} or None,
    "items": lambda schema: None if schema.items is None else _json_schema(schema.items),
}


class Validation:
    """Checks answers against a schema. The schema library is loaded with the first check."""

    def __init__(self, schema: FormSchema) -> None:
        self._schema = schema
        self._validator: Any = None  # jsonschema is imported on first use, and its type with it

    def problems(self, answers: object) -> Iterator[tuple[FieldPath, str]]:
        """The problems of answers: the place of each wrong answer, with the reason."""
        if self._validator is None:
            self._validator = _validator_class()(_json_schema(self._schema), format_checker=_formats())
        for error in self._validator.iter_errors(answers):
            yield from _explain(error)


def _json_schema(schema: FormSchema) -> _Json:
    stated = ((keyword, read(schema)) for keyword, read in _KEYWORDS.items())
    return {keyword: value for keyword, value in stated if value is not None}


_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def _is_day(text: str) -> bool:
    return _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None


# JSON Schema does not check other formats.
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


@cache
def _validator_class() -> Any:  # noqa: ANN401 (as above)
    """A JSON Schema validator with linear-time patterns, and one error for all missing fields."""
    from jsonschema import Draft7Validator, validators
    from jsonschema.exceptions import ValidationError

    def pattern(_validator: object, stated: str, answer: object, _schema: object) -> Iterator[ValidationError]:
        if isinstance(answer, str) and not is_match(stated, answer):
            yield ValidationError("does not match")

    def required(_validator: object, stated: list[str], answer: object, _schema: object) -> Iterator[ValidationError]:
        if isinstance(answer, dict) and not answer.keys() >= set(stated):
            yield ValidationError("is incomplete")

    return cast("Any", validators).extend(Draft7Validator, {"pattern": pattern, "required": required})


_KINDS = {
    "array": "a list",
    "boolean": "True or False",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}
# Reasons never repeat an answer: reasons are logged, and answers are personal data.
_REASONS: Mapping[str, Callable[[Any], str]] = {
    "enum": lambda values: (
        f"must be one of {', '.join(map(str, values[:_MOST_SHOWN]))}{', …' if len(values) > _MOST_SHOWN else ''}"
    ),
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
