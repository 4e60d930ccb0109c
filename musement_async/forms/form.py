"""The form: its fields, the assembly of answers, and their validation."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import msgspec

from musement_async.errors import ArgumentError, FormError
from musement_async.forms.fields import FieldPath, Fields, FormField, check_size, label_of
from musement_async.forms.validation import Validation
from musement_async.models.forms import FieldType, FormSchema


class Form:
    """A form to be filled in: its fields in order, and a check of the answers.

    Args:
        schema: The API's answer: a form, or a list of forms. ``client.carts`` and ``client.activities`` have methods
            for them.

    Raises:
        ArgumentError: The schema has too many parts to answer: more than 5,000 fields, or 32 levels.
    """

    def __init__(self, schema: FormSchema) -> None:
        check_size(schema)
        self.schema = schema
        self._fields = tuple(Fields().of(schema))
        self._validation = Validation(schema)

    @classmethod
    def for_participants(cls, schema: FormSchema, quantity: int = 1) -> "Form":
        """The form whose answers are a list with one mapping per participant, as ``carts.set_participants`` takes it.

        Args:
            schema: The schema of a cart item's participants, in any of its shapes, or the schema of one participant.
            quantity: The number of participants, if the schema does not state it.

        Raises:
            ArgumentError: The schema has too many parts to answer.
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
        """All fields, in the order to ask for them; the fields of a list's item once for each entry."""
        return self._fields

    @property
    def required(self) -> tuple[FormField, ...]:
        """The fields that must be answered."""
        return tuple(field for field in self.fields if field.required)

    def fill(self, ask: Callable[[FormField], object]) -> Any:  # noqa: ANN401 (a dict or a list, by what the form is)
        """Answers in the form's structure, ready for :meth:`check`.

        Args:
            ask: Returns the answer to a field; None leaves the field out.

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
        """The problems of answers: a reason for each wrong field, by its label; empty if the answers are valid.

        Raises:
            ArgumentError: The answers contain a value that JSON cannot express.
        """
        plain = _as_json(answers)
        found: dict[str, str] = {}
        for path, reason in self._validation.problems(plain):
            found.setdefault(label_of(path), reason)
        asked = {field.label: place for place, field in enumerate(self.fields)}
        return dict(sorted(found.items(), key=lambda problem: asked.get(problem[0], -1)))

    def check(self, answers: object, *, argument: str = "answers") -> None:
        """Check answers before they are sent, and refuse those that the API would refuse.

        Args:
            answers: A mapping by name, or a list of such for a list of forms. Dates may be ``datetime.date``.
            argument: The name of the answers in the error.

        Raises:
            FormError: Some fields are wrong; the error names each of them.
            ArgumentError: The answers contain a value that JSON cannot express.
        """
        problems = self.problems(answers)
        if problems:
            raise FormError(argument, problems)


def _put(answers: Any, path: FieldPath, answer: object) -> None:  # noqa: ANN401 (nested dicts and lists)
    """Set one answer; the dicts and lists around it are made as needed, lists with all their items."""
    for step, following in pairwise(path):
        if isinstance(step, int):
            answers.extend({} for _ in range(step + 1 - len(answers)))
            answers = answers[step]
        else:
            answers = answers.setdefault(step, [] if isinstance(following, int) else {})
    answers[path[-1]] = answer


def _as_json(answers: object) -> object:
    from musement_async.codec import to_json

    try:
        return msgspec.json.decode(to_json(answers))
    except (RecursionError, TypeError, ValueError, msgspec.MsgspecError) as problem:
        raise ArgumentError("answers", f"cannot be sent as JSON: {problem}") from problem
