"""Questions at the terminal."""

import io
import sys
from typing import NoReturn

import pytest

from musement_async.cli.dialogue import Dialogue


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
