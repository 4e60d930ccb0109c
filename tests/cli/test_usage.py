"""Help, version, wrong usage."""

import re
import subprocess
from collections.abc import Callable
from inspect import getdoc
from pathlib import Path

import pytest
from cyclopts.argument import Argument
from cyclopts.exceptions import CycloptsError

from musement_async import __version__
from musement_async.cli.app import COMMANDS, app
from musement_async.cli.usage import TAKES, explain_usage, name_of

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]

ACTIVITY = "44f7b91d-023c-5531-b409-171e9dd641ef"
LISTED = ", ".join(COMMANDS)

# Without the advice that the parser's errors end with.
WRONG: dict[tuple[str, ...], str] = {
    ("--nonsense",): f"--nonsense needs a command: {LISTED}",
    ("--limit", "3"): f"--limit needs a command: {LISTED}",
    ("--hlep",): "--hlep is not an option; did you mean --help?",
    ("--vresion",): "--vresion is not an option; did you mean --version?",
    ("--install-completions",): "--install-completions is not an option; did you mean --install-completion?",
    ("nonsense",): f"'nonsense' is not a command: the commands are {LISTED}",
    ("citys",): "'citys' is not a command; did you mean cities?",
    ("cities", "--nonsense"): "cities has no option --nonsense",
    ("cities", "--no-local"): "cities has no option --no-local; did you mean --local?",
    ("cities", "--limt=3"): "cities has no option --limt; did you mean --limit?",
    ("cities", "--currency", "EUR"): "cities has no option --currency",
    ("mirror", "--quite"): "mirror has no option --quite; did you mean --quiet?",
    ("categories", "--cities"): "categories has no option --cities",
    ("mirror", "--site"): "mirror has no option --site",
    ("cities", "--limit"): "--limit needs a value: a whole number from 1 to 100, such as 20",
    ("cities", "--limit", "3", "--limit", "4"): "--limit may be given only once",
    ("cities", "--limit", "many"): "--limit cannot be 'many': it takes a whole number from 1 to 100, such as 20",
    ("cities", "--limit", "0"): "--limit cannot be '0': it takes a whole number from 1 to 100, such as 20",
    ("cities", "--limit", "101", "rome"): "--limit cannot be '101': it takes a whole number from 1 to 100, such as 20",
    ("cities", "--offset", "-1", "rome"): "--offset cannot be '-1': it takes a whole number, 0 or more, such as 20",
    ("cities", "--local=5"): "--local cannot be '5': it takes no value",
    ("cities", "--local", "--sandbox"): "--sandbox and --local are two places to ask: give one of them",
    ("activity", "--local"): (
        f"UUID is missing: the UUID of an activity, such as {ACTIVITY}; musement activities lists them"
    ),
    ("activity", "x", "y"): "activity takes only UUID: 'y' is one argument too many",
    ("serve", "x"): "serve takes only options: 'x' is one argument too many",
    ("demo", "--requests", "0"): "--requests cannot be '0': it takes a whole number from 1 to 5000, such as 200",
    ("serve", "--port", "65536"): "--port cannot be '65536': it takes a whole number from 0 to 65535, such as 8765",
    ("serve", "--port", "-1"): "--port cannot be '-1': it takes a whole number from 0 to 65535, such as 8765",
    ("serve", "--activities", "-1"): "--activities cannot be '-1': it takes a whole number, 0 or more, such as 500",
    ("serve", "--token-lifetime", "0"): (
        "--token-lifetime cannot be '0': it takes a number of seconds above 0, such as 3600"
    ),
    ("--install-completion", "--shell", "x"): "--shell cannot be 'x': it takes zsh, bash, fish or powershell",
}

REFUSED: dict[tuple[str, ...], str] = {
    ("categories", "--parent", "0"): "--parent takes the id of a category, such as 2; musement categories lists them",
    ("cities", "--language", "in Italian"): "--language takes the code of a language, such as it-IT",
    ("activities", "--currency", "euro"): "--currency takes the code of a currency, such as EUR",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_usage_is_one_line_and_exit_code_2(musement: Command, arguments: tuple[str, ...]) -> None:
    ended = musement(*arguments)
    command = arguments[0] + " " if arguments[0] in {*COMMANDS, "--install-completion"} else ""
    line = f"musement: {WRONG[arguments]} (musement {command}--help tells more)\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", line)


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_a_value_that_the_library_refuses_is_told_in_the_same_words(
    musement: Command, arguments: tuple[str, ...]
) -> None:
    ended = musement(*arguments, "--local")
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"musement: {REFUSED[arguments]}\n")


def arguments_of(name: str) -> list[Argument]:
    return [each for each in app[name].assemble_argument_collection() if each.show and not each.is_flag()]


def test_for_each_option_with_a_value_it_is_known_what_it_takes() -> None:
    names = {name for each in [*COMMANDS, "--install-completion"] for name in map(name_of, arguments_of(each))}
    assert names - {"TEXT"} == set(TAKES)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_usage_names_the_arguments(musement: Command, name: str) -> None:
    arguments = [each.name for each in arguments_of(name) if not each.name.startswith("-")]
    first = musement(name, "--help").stdout.splitlines()[0]
    assert re.findall(r"\w+", first.partition("[OPTIONS]")[2]) == arguments
    assert first.startswith(f"Usage: musement {name} [OPTIONS]")


def test_the_help_shows_a_default_of_several_values_as_they_are_typed(musement: Command) -> None:
    text = musement("mirror", "--help").stdout
    assert "[default: en-GB]" in text
    assert "[default: EUR]" in text


def test_an_error_of_the_parser_without_words_of_our_own_keeps_its_own() -> None:
    assert explain_usage(CycloptsError(msg="Odd.")) == "Odd. (musement --help tells more)"


def test_options_may_be_before_the_command(musement: Command) -> None:
    before = musement("--local", "--limit", "2", "cities", "--json")
    assert before.returncode == 0
    assert before.stdout == musement("cities", "--local", "--limit", "2", "--json").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_currency_where_it_shows_prices(musement: Command, name: str) -> None:
    priced = name in {"activities", "activity", "book", "dates", "mirror"}
    assert ("--currency" in musement(name, "--help").stdout) is priced


def test_completion_is_installed(musement: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):  # the shell's settings are in there
        monkeypatch.setenv(name, str(tmp_path))
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
    shared = ("--sandbox", "--local", "--language", "--json", "--limit", "--offset", "--all")
    assert [option for option in shared if option not in text] == []


def test_the_help_says_of_a_command_what_its_function_says() -> None:
    said = {name: app[name].help for name in COMMANDS}
    assert said == {name: (getdoc(app[name].default_command) or "").partition("\n")[0] for name in COMMANDS}
