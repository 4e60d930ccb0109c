"""Form filling, field by field: from a file, by questions at the terminal, or both."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import anyio
import attrs
import msgspec

from musement_async.cli.dialogue import BackError, Dialogue, WrongAnswerError, begun_by
from musement_async.errors import ArgumentError, FormError
from musement_async.forms import Form, FormField
from musement_async.forms.fields import FieldPath
from musement_async.models.forms import FormValue

_MISSING = "is missing"
_NOTHING = "-"
_TRUTHS = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}
_HINTS = {"date": "YYYY-MM-DD", "date-time": "YYYY-MM-DDTHH:MM", "time": "HH:MM"}


class Answers(msgspec.Struct, forbid_unknown_fields=True):
    """The answers that are known: about the customer and the participants.

    Attributes:
        customer: The answers to the customer's form.
        participants: The answers for each participant, in the order of the tickets.
    """

    customer: dict[str, Any] = {}
    participants: list[dict[str, Any]] = []


async def read_answers(path: Path | None) -> Answers:
    """The answers in a file; none without a file.

    Raises:
        ArgumentError: The file cannot be read, or has no such answers.
    """
    if path is None:
        return Answers()
    try:
        return msgspec.json.decode(await anyio.Path(path).read_bytes(), type=Answers)
    except (OSError, RecursionError, msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise ArgumentError("--answers", f"cannot be read: {problem}") from problem


@attrs.define
class Filling:
    """The filling of a form. Questions are asked for what is not known; one can go back.

    Args:
        form: The form.
        known: The answers of the file. Those that the form does not ask for are left out.
        name: The name of the answers in errors.
        heading: What the questions are about.
        dialogue: Asks the questions. Earlier answers are preselected.
    """

    form: Form
    known: object
    name: str
    heading: str
    dialogue: Dialogue
    _answers: dict[FieldPath, object] = attrs.field(factory=dict[FieldPath, object], init=False)
    _asked: list[int] = attrs.field(factory=list[int], init=False)
    _place: int = attrs.field(default=0, init=False)

    def complete(self) -> Any:  # noqa: ANN401 (a dict or a list)
        """The complete answers.

        Raises:
            FormError: Nobody is asked, and the form refuses the known answers.
            ArgumentError: Nobody answers.
            BackError: The answer to the first question is ``<``; others go back to the question before.
        """
        fields, answers = self.form.fields, self._answers
        is_headed = False
        while self._place < len(fields):
            field = fields[self._place]
            answer = _find(self.known, field.path)
            if self.dialogue.asks and (self._key(field) in self.dialogue.earlier or not self._will_do(field, answer)):
                if not (is_headed or self.dialogue.going_back):
                    self.dialogue.tell(self.heading, style="bold")
                    is_headed = True
                try:
                    answer = self._ask(field)
                except BackError:
                    if not self.go_back():
                        raise
                    continue
                self._asked.append(self._place)
            answers[field.path] = field.default if answer is None else answer
            self._place += 1
        filled = self.form.fill(lambda field: answers[field.path])
        missing = [field.label for field in fields if answers[field.path] is None and _is_needed(self.form, field)]
        problems = self.form.problems(filled)
        problems |= {label: _MISSING for label in missing if label not in problems}
        if problems:
            raise FormError(self.name, problems)
        return filled

    def people(self) -> list[str]:
        """The answers in one line for each person; those that do not speak for themselves come with their titles."""
        people: dict[FieldPath, list[str]] = {}
        for field in self.form.fields:
            answer = self._answers.get(field.path)
            if answer in (None, "", []):
                continue
            person = tuple(step for step in field.path if isinstance(step, int))
            people.setdefault(person, []).append(self._shown(field, answer))
        return [", ".join(texts) for texts in people.values()]

    def _shown(self, field: FormField, answer: object) -> str:
        if isinstance(answer, str) and not field.choices and _is_needed(self.form, field):
            return answer
        values = cast("list[FormValue]", answer if isinstance(answer, list) else [answer])
        named = [field.choices[value] if field.choices else str(value) for value in values]
        return f"{field.title}: {' and '.join(named)}"

    def go_back(self) -> bool:
        """Have the last question asked again, and those after it.

        Returns:
            Whether there is one.
        """
        if not self._asked:
            return False
        self._place = self._asked.pop()
        return True

    def _key(self, field: FormField) -> str:
        return f"{self.name} {field.label}"

    def _will_do(self, field: FormField, answer: object) -> bool:
        if answer is None:
            return False
        try:
            self._check(field, answer)
        except WrongAnswerError as wrong:
            self.dialogue.tell(str(wrong), style="red")
            return False
        return True

    def _ask(self, field: FormField) -> object:
        key, earlier = self._key(field), self.dialogue.earlier
        is_needed = _is_needed(self.form, field)
        can_be_emptied = bool(earlier.get(key)) and field.default is None and not is_needed

        def read(text: str) -> object:
            given = "" if can_be_emptied and text == _NOTHING else text
            answer = self._check(field, _value(field, given) if given else None)
            earlier[key] = given
            return answer

        if field.description:
            self.dialogue.tell(field.description, style="dim")
        default = earlier.get(key, "" if field.default is None else str(field.default))
        question = _question(field, is_needed=is_needed, can_be_emptied=can_be_emptied)
        return self.dialogue.ask(key, question, read, default=default, missing="was not answered")

    def _check(self, field: FormField, answer: object) -> object:
        """The answer, if the form accepts it together with those given so far."""
        filled = self.form.fill(lambda other: answer if other.path == field.path else self._answers.get(other.path))
        problem = self.form.problems(filled).get(field.label)
        if answer is None and _is_needed(self.form, field):
            problem = _MISSING
        if problem:
            raise WrongAnswerError(f"{field.title} {problem}")
        return answer


def _is_needed(form: Form, field: FormField) -> bool:
    """Whether a field has to be answered, even if the group it is in may be left out.

    What activities ask beyond the usual is such a group: the cart takes the customer without it, the order does not.
    """
    schema = form.schema
    for step in field.path[:-1]:
        inner = schema.items if isinstance(step, int) else schema.ordered[step]
        schema = inner or schema
    return field.name in schema.required_names


def _find(known: Any, path: FieldPath) -> object:  # noqa: ANN401 (nested dicts and lists)
    for step in path:
        try:
            known = known[step]
        except (KeyError, IndexError, TypeError):
            return None
    return known


def _question(field: FormField, *, is_needed: bool, can_be_emptied: bool) -> str:
    number = next((f"{step + 1}. " for step in field.path if isinstance(step, int)), "")
    hints: Iterable[str | None] = [
        ", ".join(field.choices.values()) or _HINTS.get(field.format or ""),
        None if is_needed else f"{_NOTHING} leaves it out" if can_be_emptied else "may be left out",
    ]
    hint = "; ".join(hint for hint in hints if hint)
    return f"{number}{field.title}{f' ({hint})' if hint else ''}"


def _chosen(field: FormField, text: str) -> object:
    """The choice that a text names, or begins to name."""
    names = {value: (str(value), title) for value, title in field.choices.items()}
    exact = [value for value, known in names.items() if text.casefold() in {name.casefold() for name in known}]
    found = exact or begun_by(text, names.items())
    if len(found) != 1:
        raise WrongAnswerError(f"{field.title} must be one of {', '.join(field.choices.values())}")
    return found[0]


def _value(field: FormField, text: str) -> object:
    """The value of a text; the text itself if it has none, so that the form says what is wrong."""
    if field.choices:
        return [_chosen(field, part) for part in _parts(text)] if field.type == "array" else _chosen(field, text)
    try:
        return _READERS.get(field.type or "", str)(text)
    except (KeyError, ValueError):
        return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


_READERS: Mapping[str, Callable[[str], object]] = {
    "array": _parts,
    "boolean": lambda text: _TRUTHS[text.lower()],
    "integer": int,
    "number": float,
}
