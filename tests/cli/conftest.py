"""The command, in this process and in one of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest

from musement_async.cli import main
from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
# -P keeps the working directory, which is the checkout, off the path.
COMMAND = (sys.executable, "-P", "-c", "from musement_async.cli import main; main()")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MUSEMENT_") or name.upper().endswith("_PROXY")]:
        monkeypatch.delenv(name)
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def command() -> tuple[str, ...]:
    """How to start the command in a process of its own."""
    return COMMAND


@pytest.fixture
def musement(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The command in this process; not on a terminal."""

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["musement", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return Ended(arguments, end.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[int], None]:
    """Makes standard output a terminal of so many columns."""

    def pretend(columns: int) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))

    return pretend


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], None]:
    """The text that is going to be typed."""

    def prepare(lines: Sequence[str]) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return prepare


@pytest.fixture
def served(local_musement: LocalMusement, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalMusement]:
    """A local Musement on a real port, and an environment that leads to it."""
    with local_musement.running() as base_url:
        monkeypatch.setenv("MUSEMENT_BASE_URL", base_url)
        monkeypatch.setenv("MUSEMENT_CLIENT_ID", local_musement.client_id)
        monkeypatch.setenv("MUSEMENT_CLIENT_SECRET", local_musement.client_secret)
        monkeypatch.setenv("MUSEMENT_APPLICATION", local_musement.application)
        yield local_musement
