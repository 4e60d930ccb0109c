"""Questions at the terminal."""

import io
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import pytest

from musement_async.cli.dialogue import Dialogue, WrongAnswerError, report


class Interrupted(io.StringIO):
    """A standard input at which Ctrl-C is pressed."""

    def readline(self, _size: int | None = -1, /) -> NoReturn:
        raise KeyboardInterrupt


def test_ctrl_c_ends_the_line_of_the_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Interrupted())
    with pytest.raises(KeyboardInterrupt):
        Dialogue().ask("--day", "Which day?", str)
    assert capsys.readouterr().err.endswith("Which day?: \n")


def refuse_no(text: str) -> str:
    if text == "no":
        raise WrongAnswerError("must be a better answer")
    return text


def test_on_a_terminal_messages_questions_and_errors_are_broken_between_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: Callable[[Sequence[str]], None]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("TERM", "dumb")
    typed(["no", "yes"])
    dialogue = Dialogue()
    report("  Who  Augusta Lovelace", indent=7)
    dialogue.ask("--day", "Which of all the days?", refuse_no)
    said = capsys.readouterr().err
    assert "  Who  Augusta\n       Lovelace\n" in said
    assert "Which of all the\ndays?: must be a better\nanswer\nWhich" in said
