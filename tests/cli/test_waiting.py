"""The line that says what the command waits for."""

import asyncio
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from musement_async.cli import waiting
from musement_async.cli.output import say
from musement_async.cli.waiting import LINE, WaitingLine, waiting_for, working
from musement_async.testing import LocalMusement


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Makes standard error a terminal, and gives a clock to set."""

    def pretend() -> Any:
        clock = SimpleNamespace(now=100.0)
        monkeypatch.setattr(waiting, "monotonic", lambda: clock.now)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        return clock

    return pretend


def test_after_a_second_it_says_what_is_waited_for_and_for_how_long(
    on_terminal: Callable[[], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    clock, line = on_terminal(), WaitingLine()
    with line.saying(lambda: "waiting for the API"):
        clock.now += 0.9
        line.tick()
        assert capsys.readouterr().err == ""
        clock.now += 0.2
        line.tick()
        assert "waiting for the API, 1 s" in capsys.readouterr().err
        line.answered()
        line.progress = "300 of 500"
        line.tick()
        assert "waiting for the API; 300 of 500" in capsys.readouterr().err
    assert capsys.readouterr().err.endswith("\x1b[2K")  # the line is cleared
    clock.now += 0.5
    line.tick()
    assert capsys.readouterr().err == ""


def test_output_takes_its_place(on_terminal: Callable[[], Any], capsys: pytest.CaptureFixture[str]) -> None:
    clock = on_terminal()
    LINE.hide()
    clock.now += 10
    LINE.tick()
    capsys.readouterr()
    say("A line.")
    said = capsys.readouterr()
    assert (said.out, "\x1b[2K" in said.err) == ("A line.\n", True)


@pytest.mark.asyncio
@pytest.mark.parametrize("quiet", [True, False])
async def test_nothing_is_said_quietly(
    *, on_terminal: Callable[[], Any], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, quiet: bool
) -> None:
    on_terminal()
    ticked = asyncio.Event()
    monkeypatch.setattr(WaitingLine, "tick", lambda line: ticked.set())
    monkeypatch.setattr(waiting, "_TICK", 0)
    async with waiting_for(lambda: "waiting", quiet=quiet):
        for _ in range(3):
            await asyncio.sleep(0)
        if not quiet:
            await ticked.wait()
    assert ticked.is_set() is not quiet


@pytest.mark.parametrize("quiet", [True, False])
def test_work_that_keeps_the_loop_is_told_as_well(
    *, on_terminal: Callable[[], Any], capsys: pytest.CaptureFixture[str], quiet: bool
) -> None:
    on_terminal()
    with working("starting", quiet=quiet):
        pass
    assert ("starting" in capsys.readouterr().err) is not quiet


def test_a_login_and_an_answer_are_told_apart(
    musement: Callable[..., Any], served: LocalMusement, on_terminal: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def ticks() -> None:
        while True:
            await asyncio.sleep(0.01)
            told.append(LINE.what())

    monkeypatch.setattr(waiting, "_tick", ticks)
    on_terminal()
    served.respond_slowly(0.3, path="/login")
    served.respond_slowly(0.3, path="/cities")
    assert musement("cities").returncode == 0
    assert list(dict.fromkeys(told)) == ["logging in", "waiting for the API"]
