"""Questions and answers in a terminal, on standard error: standard output is for what comes of them."""

import re
import signal
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import attrs
from rich.console import Console
from rich.prompt import InvalidResponse, PromptBase
from rich.text import Text

from musement_async.cli.output import shown
from musement_async.cli.streams import wrapped
from musement_async.cli.waiting import LINE
from musement_async.errors import ArgumentError
from musement_async.escaping import escape_controls

T = TypeVar("T")

_ANSWERS = {"y": True, "yes": True, "n": False, "no": False, "": False}
_LISTED = 12
_BACK = "<"
_HELP = f"{_BACK} goes back to the question before, {_BACK}2 by two questions; Ctrl-C ends without an order."


class WrongAnswerError(Exception):
    """An answer that will not do; the text says why."""


class BackError(Exception):
    """The answer that goes back to the question before, or by a number of questions."""

    def __init__(self, questions: int = 1) -> None:
        super().__init__(questions)
        self.questions = questions


class NoAnswerError(ArgumentError):
    """The end of the answers, such as Ctrl-D; the option could have said beforehand what was asked."""


class _Question(PromptBase[Any]):
    def __init__(self, question: str, console: Console, read: Callable[[str], object]) -> None:
        super().__init__(Text(wrapped(escape_controls(question))), console=console)
        self._read = read

    def process_response(self, value: str) -> object:
        back = re.fullmatch(rf"{_BACK}\s*([1-9]\d{{0,2}})?", value.strip(), re.ASCII)
        if back:
            raise BackError(int(back[1] or 1))
        try:
            return self._read(value.strip())
        except WrongAnswerError as wrong:
            raise InvalidResponse(Text(wrapped(escape_controls(str(wrong))), "red")) from wrong


@attrs.define
class Dialogue:
    """Talks with the user at the terminal.

    Attributes:
        asks: Whether a user can answer; otherwise a missing answer is an error.
        asked: How many questions were asked.
        earlier: The last answer to each question, for who comes to the question again.
        going_back: By how many more questions the user goes back.
    """

    asks: bool = True
    asked: int = attrs.field(default=0, init=False)
    earlier: dict[str, str] = attrs.field(factory=dict[str, str], init=False)
    going_back: int = attrs.field(default=0, init=False)

    def tell(self, text: str, style: str = "") -> None:
        """Say something that helps to answer the next question; nothing if it is passed over on the way back."""
        if self.asks and not self.going_back:
            report(text, style)

    def ask(
        self, option: str, question: str, read: Callable[[str], T], *, default: str = "", missing: str = "is missing"
    ) -> T:
        """The answer to a question, which is asked until there is one that will do.

        Args:
            option: What could have been said beforehand instead.
            question: The question.
            read: Makes something of an answer, or raises a ``WrongAnswerError``.
            default: What counts as the answer if there is none.
            missing: What to say of the option if nobody can be asked.

        Raises:
            ArgumentError: Nobody answers; a ``NoAnswerError`` if the question was asked.
            BackError: The answer is ``<``, or ``<2`` to go back by two questions.
        """
        if not self.asks:
            raise ArgumentError(option, missing)
        if self.going_back:
            self.going_back -= 1
            raise BackError
        if not self.asked:
            self.tell(_HELP, style="dim")
        self.asked += 1
        ending = f" [{default}]" if default else ""
        try:
            with _interruptible():
                answer: T = _Question(shown(question) + ending, _console(), lambda text: read(text or default))()
        except EOFError:
            report("")  # ends the line of the question
            raise NoAnswerError(option, missing) from None
        except KeyboardInterrupt:
            report("")
            raise
        except BackError as back:
            self.going_back = back.questions - 1
            raise
        return answer

    def pick(
        self,
        option: str,
        question: str,
        offers: Mapping[str, T],
        *,
        given: str | None = None,
        label: Callable[[T], str] = str,
    ) -> T:
        """One of several things; the only one there is needs no question. An earlier answer is preselected.

        Args:
            option: What could have been said beforehand instead.
            question: The question.
            offers: The things, one or more, by the name that the option has for each.
            given: What was said beforehand.
            label: What people call them.

        Raises:
            ArgumentError: It is none of them, or nobody answers.
        """
        names = ", ".join([*offers][:_LISTED]) + (", …" if len(offers) > _LISTED else "")
        known = {name.casefold(): offer for name, offer in offers.items()}
        known = {label(offer).casefold(): offer for offer in offers.values()} | known
        numbered = {str(place): offer for place, offer in enumerate(offers.values(), start=1)}
        places = {name: place for place, name in zip(numbered, offers, strict=True)}
        if given is not None:
            try:
                return known[given.casefold()]
            except KeyError:
                raise ArgumentError(option, f"must be one of {names}, not {given}") from None
        if len(offers) == 1:
            return next(iter(offers.values()))

        def read(answer: str) -> T:
            wanted = answer.casefold()
            if wanted in numbered | known:
                return (numbered | known)[wanted]
            begun = begun_by(wanted, ((offer, [label(offer)]) for offer in offers.values()))
            if len(begun) == 1:
                return begun[0]
            name = label(next(iter(offers.values())))
            raise WrongAnswerError(f"must be a number from 1 to {len(offers)}, or a name such as {name}")

        for place, offer in numbered.items():
            self.tell(f"{place:>4}  {shown(label(offer))}")
        default = places.get(self.earlier.get(option, ""), "1")
        picked = self.ask(option, question, read, default=default, missing=f"is missing: one of {names}")
        self.earlier[option] = next(name for name, offer in offers.items() if offer is picked)
        return picked

    def agree(self, option: str, question: str) -> bool:
        """Whether the answer is yes; to say nothing is no.

        Raises:
            ArgumentError: Nobody answers.
            BackError: The answer is ``<``.
        """
        return self.ask(option, f"{question} [y/N, {_BACK} corrects]", _yes_or_no)


def begun_by(text: str, named: Iterable[tuple[T, Iterable[str]]]) -> list[T]:
    """The things that have a name which begins with a text, in any case."""
    wanted = text.casefold()
    return [thing for thing, names in named if any(name.casefold().startswith(wanted) for name in names)]


def report(text: str, style: str = "", *, indent: int = 0) -> None:
    """Show a message on standard error; on a terminal its lines after the first begin in the column ``indent``."""
    _console().print(Text(wrapped(escape_controls(text), indent), style))


def _yes_or_no(answer: str) -> bool:
    try:
        return _ANSWERS[answer.lower()]
    except KeyError:
        raise WrongAnswerError("must be y or n") from None


def _console() -> Console:
    LINE.hide()
    return Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)


@contextmanager
def _interruptible() -> Generator[None]:
    """Let Ctrl-C end a question: the event loop's own handler would wait for the answer first."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
