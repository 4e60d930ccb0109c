"""Start and end of the process."""

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from musement_async import __version__
from musement_async.cli import streams

FULL = Path("/dev/full")

Ended = subprocess.CompletedProcess[str]


def run(*command: str) -> Ended:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)


def without(module: str, *arguments: str) -> Ended:
    code = f"import sys; sys.modules[{module!r}] = None; from musement_async.cli import main; main()"
    return run(sys.executable, "-P", "-c", code, *arguments)


@pytest.mark.parametrize("package", ["cyclopts", "rich", "starlette", "uvicorn"])
def test_a_missing_extra_is_one_line_that_says_what_to_install(package: str) -> None:
    ended = without(package, "demo")
    advice = "install the extra 'cli', from a checkout with pip install '.[cli]'"
    said = f"musement: {package} is not installed: {advice}\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", said)


def test_another_missing_module_is_named_as_python_names_it() -> None:
    ended = without("httpx", "cities", "--local")
    assert ended.returncode == 1
    assert ended.stderr == "musement: import of httpx halted; None in sys.modules\n"


def test_importing_the_entry_point_imports_nothing_of_the_extra() -> None:
    code = "import sys, musement_async.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    assert (
        set(run(sys.executable, "-P", "-c", code).stdout.split()) & {"cyclopts", "httpx", "rich", "starlette"} == set()
    )


def test_the_help_does_not_import_the_library() -> None:
    code = (
        "import sys; from musement_async.cli.app import run; run(['--help']);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    ended = run(sys.executable, "-P", "-c", code)
    assert "activities" in ended.stdout
    assert set(ended.stderr.split()) & {"anyio", "httpx", "msgspec", "starlette"} == set()


def test_ctrl_c_ends_it_at_once_with_130_and_one_line_even_while_a_login_waits_for_its_answer(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("MUSEMENT_BASE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/api/v3")
        monkeypatch.setenv("MUSEMENT_CLIENT_ID", "anybody")
        monkeypatch.setenv("MUSEMENT_CLIENT_SECRET", "anything")
        with subprocess.Popen(
            [*command, "cities"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            connection, _ = silent.accept()
            with connection:
                assert connection.recv(65536).startswith(b"GET /api/v3/login")
                process.send_signal(signal.SIGINT)
                said = process.communicate(timeout=100)
    assert (process.returncode, *said) == (130, "", "musement: interrupted\n")


def test_ctrl_c_before_anything_happened_ends_it_the_same_way(
    musement: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("musement_async.cli.app.run", interrupt)
    ended = musement("cities", "--local")
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "musement: interrupted\n")


# Ctrl-C while a module is imported.
INTERRUPT = """
import sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            sys.meta_path.remove(self)
            raise KeyboardInterrupt

sys.meta_path.insert(0, Finder())
from musement_async.cli import main
main()
"""


@pytest.mark.parametrize("name", ["musement_async._extras", "musement_async.cli.streams", "cyclopts", "rich.console"])
def test_ctrl_c_while_modules_are_imported_ends_it_the_same_way(name: str) -> None:
    ended = run(sys.executable, "-P", "-c", INTERRUPT.format(name=name), "cities", "--local")
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "musement: interrupted\n")


def test_the_line_after_ctrl_c_covers_what_the_terminal_echoed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    streams.cover_echo()
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    streams.cover_echo()
    assert capsys.readouterr() == ("", "\r")


@pytest.mark.parametrize(
    "arguments",
    [
        ("cities", "--local"),
        ("serve", "--port", "0"),
        ("--help",),
        pytest.param(("cities", "--local", "--json"), marks=pytest.mark.stress),
        pytest.param(("demo", "--requests", "1"), marks=pytest.mark.stress),
        pytest.param(("--version",), marks=pytest.mark.stress),
    ],
    ids=" ".join,
)
def test_a_reader_that_is_gone_ends_it_quietly(command: tuple[str, ...], arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*command, *arguments], stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=100
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("form", [(), pytest.param(("--json",), marks=pytest.mark.stress)], ids=["table", "json"])
def test_output_that_cannot_be_written_is_one_line(command: tuple[str, ...], form: tuple[str, ...]) -> None:
    with FULL.open("w") as full:
        ended = subprocess.run(
            [*command, "cities", "--local", *form],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=100,
        )
    assert (ended.returncode, ended.stderr) == (1, "musement: No space left on device\n")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_an_error_that_cannot_be_told_still_has_its_exit_code(command: tuple[str, ...]) -> None:
    with FULL.open("w") as full:
        ended = subprocess.run([*command, "--nonsense"], stdout=subprocess.PIPE, stderr=full, check=False, timeout=100)
    assert (ended.returncode, ended.stdout) == (2, b"")


def test_the_package_runs_as_the_command() -> None:
    ended = run(sys.executable, "-m", "musement_async", "--version")
    assert (ended.returncode, ended.stdout) == (0, f"musement-async {__version__}\n")


def test_it_works_without_standard_streams(command: tuple[str, ...]) -> None:
    ended = run("sh", "-c", 'exec "$0" "$@" >&- 2>&-', *command, "cities", "--local")
    assert ended.returncode == 0


def test_without_standard_error_errors_do_not_end_up_in_the_output(command: tuple[str, ...]) -> None:
    ended = run("sh", "-c", 'exec "$0" "$@" 2>&-', *command, "--nonsense")
    assert (ended.returncode, ended.stdout) == (2, "")


def test_missing_streams_are_replaced_by_some_that_swallow_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    streams.prepare()
    with sys.stdout as opened:
        assert opened.write("nothing") == 7


UUID = "04bff063-c52a-5929-9315-d46c709948dd"
LINE = f"musement: order {UUID} was made, and the terminal is narrow"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (66, f"musement: order {UUID} was made, and\nthe terminal is narrow\n"),
        (20, f"musement: order\n{UUID}\nwas made, and the\nterminal is narrow\n"),
        (None, f"{LINE}\n"),
    ],
    ids=["between words", "never in a UUID", "no terminal"],
)
def test_a_terminal_has_its_lines_broken_between_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int | None, said: str
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: columns is not None)
    monkeypatch.setenv("COLUMNS", str(columns or 20))
    streams.note(LINE.removeprefix("musement: "))
    assert capsys.readouterr().err == said


def test_streams_that_take_every_character_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    streams.prepare()
    assert isinstance(sys.stdout, io.StringIO)


def test_characters_that_the_output_does_not_know_are_spelled_out(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    ended = run(*command, "activities", "--local", "--currency", "EUR", "--limit", "1")
    assert ended.returncode == 0
    assert "\\u20ac" in ended.stdout


def test_a_fault_of_our_own_is_one_line_that_says_where(
    musement: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musement_async.cli.catalogue.show_list", None)
    ended = musement("cities", "--local")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("musement: unexpected TypeError(")
    assert "at catalogue.py:" in ended.stderr
    assert ended.stderr.count("\n") == 1
