"""Help, version, wrong usage."""

import re
import subprocess
from collections.abc import Callable
from inspect import getdoc
from pathlib import Path

import pytest

from musement_async import __version__
from musement_async.cli.app import COMMANDS, app

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]

WRONG = {
    ("--nonsense",): 'Unknown command "--nonsense".',
    ("nonsense",): 'Unknown command "nonsense".',
    ("cities", "--nonsense"): "Unknown option: --nonsense.",
    ("cities", "--no-local"): "Unknown option: --no-local.",
    ("cities", "--local", "--limit", "many"): 'Invalid value for --limit: unable to convert "many" into int.',
    ("cities", "--local", "--limit", "0"): "--limit must be a whole number, from 1 to 100",
    ("cities", "--local", "--offset", "-1"): "--offset must be a whole number, 0 or more",
    ("cities", "--local", "--sandbox"): "Mutually exclusive arguments: {--sandbox, --local}",
    ("cities", "--local", "--language", "in Italian"): "--language must be a language",
    ("cities", "--local", "--currency", "euro"): "--currency must be an ISO 4217 code",
    ("demo", "--requests", "0"): 'Invalid value "0" for --requests.',
    ("serve", "--port", "65536"): 'Invalid value "65536" for --port.',
    ("serve", "--port", "-1"): 'Invalid value "-1" for --port.',
    ("serve", "--activities", "-1"): 'Invalid value "-1" for --activities.',
    ("serve", "--token-lifetime", "0"): 'Invalid value "0.0" for --token-lifetime.',
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage_is_one_line_and_exit_code_2(musement: Command, arguments: tuple[str, ...]) -> None:
    ended = musement(*arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("musement: ")
    assert WRONG[arguments] in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_options_may_be_before_the_command(musement: Command) -> None:
    before = musement("--local", "--limit", "2", "cities", "--json")
    assert before.returncode == 0
    assert before.stdout == musement("cities", "--local", "--limit", "2", "--json").stdout


def test_completion_is_installed(musement: Command, tmp_path: Path) -> None:
    script = tmp_path / "musement.bash"
    ended = musement("--install-completion", "--shell", "bash", "--output", str(script))
    assert ended.returncode == 0
    assert "--city" in script.read_text("utf-8")


def test_every_example_of_the_documentation_works(
    musement: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # one writes a file
    page = (Path(__file__).parents[2] / "docs" / "command.md").read_text("utf-8")
    examples = [
        line.partition("|")[0].split()
        for line in re.findall(r"^\$ musement ((?!book ).*--local.*)$", page, re.MULTILINE)
    ]
    assert len(examples) > 5
    assert {" ".join(example): musement(*example).stderr for example in examples} == {
        " ".join(example): "" for example in examples
    }


def test_the_version_is_that_of_the_package(musement: Command) -> None:
    ended = musement("--version")
    assert (ended.returncode, ended.stdout) == (0, f"musement-async {__version__}\n")


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)], ids=["nothing", "--help", "-h"])
def test_help_lists_every_command(musement: Command, arguments: tuple[str, ...]) -> None:
    ended = musement(*arguments)
    assert ended.returncode == 0
    assert [name for name in ("activities", "cities", "demo", "serve") if f"│ {name} " not in ended.stdout] == []


def test_help_fits_a_screen(musement: Command) -> None:
    assert len(musement("--help").stdout.splitlines()) <= 30


def test_help_tells_the_exit_codes(musement: Command) -> None:
    assert "Exit codes:" in musement("--help").stdout


@pytest.mark.parametrize("name", ["activities", "cities"])
def test_commands_that_ask_the_api_share_their_options(musement: Command, name: str) -> None:
    text = musement(name, "--help").stdout
    shared = ("--sandbox", "--local", "--language", "--currency", "--json", "--limit", "--offset", "--all")
    assert [option for option in shared if option not in text] == []


def test_the_help_says_of_a_command_what_its_function_says() -> None:
    said = {name: app[name].help for name in COMMANDS}
    assert said == {name: (getdoc(app[name].default_command) or "").partition("\n")[0] for name in COMMANDS}
