"""Wrong usage in plain words: what an option or an argument takes, with an example."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from cyclopts.argument import Argument
from cyclopts.exceptions import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)
from cyclopts.token import Token

from musement_async.cli.app import COMMANDS

_ACTIVITY = "44f7b91d-023c-5531-b409-171e9dd641ef"
_PICKUP = "a2f1f46c-3923-4510-b5ba-b50aad624eb1"

_WITHOUT_COMMAND = ("--help", "--version", "--install-completion")
_ALIKE = 0.7

# What each of them takes that has a value; a text filter takes everything.
TAKES: Mapping[str, str] = {
    "OUT": "a file, such as catalogue.sqlite",
    "UUID": f"the UUID of an activity, such as {_ACTIVITY}; musement activities lists them",
    "--activities": "a whole number, 0 or more, such as 500",
    "--answers": "a JSON file, such as answers.json",
    "--at-once": "a whole number, 1 or more, such as 8",
    "--city": "the id or the name of a city, such as Rome; musement cities lists them",
    "--country": "the id, the code or the name of a country, such as Italy; musement countries lists them",
    "--currency": "the code of a currency, such as EUR",
    "--day": "a day such as 2026-12-01, or first",
    "--days": "a whole number from 0 to 366, such as 30",
    "--from": "a day such as 2026-12-01",
    "--host": "an address of this machine, such as 127.0.0.1",
    "--language": "the code of a language, such as it-IT",
    "--level": "a whole number, 0 or more, such as 2",
    "--limit": "a whole number from 1 to 100, such as 20",
    "--offset": "a whole number, 0 or more, such as 20",
    "--option": "the name or the code of a variant of the activity, as musement dates UUID --day DAY shows it",
    "--output": "a file, such as musement.bash",
    "--parent": "the id of a category, such as 2; musement categories lists them",
    "--pickup": f"the UUID of a pickup point, such as {_PICKUP}; musement activity UUID lists them",
    "--port": "a whole number from 0 to 65535, such as 8765",
    "--quantity": "a number of tickets such as 2, or by ticket, such as ADULT=2",
    "--rate": "a number above 0, such as 10",
    "--requests": "a whole number from 1 to 5000, such as 200",
    "--seed": "a whole number, such as 2026",
    "--shell": "zsh, bash, fish or powershell",
    "--spoken": "the code of a language, such as en",
    "--time": "a time such as 09:30",
    "--timeout": "a number of seconds, 0 or more, such as 150",
    "--to": "a day such as 2026-12-31",
    "--token-lifetime": "a number of seconds above 0, such as 3600",
    "--vouchers": "a folder, such as vouchers",
}


def explain_usage(error: CycloptsError) -> str:
    """The problem with what was typed, and where the help is."""
    command = " ".join(error.command_chain or ())
    return f"{_problem(error, command)} ({f'musement {command}'.rstrip()} --help tells more)"


def _problem(error: CycloptsError, command: str) -> str:
    match error:
        case UnknownCommandError(unused_tokens=[token, *_]):
            problem = _unknown_command(token)
        case UnknownOptionError():
            problem = f"{command} has no option {_unknown_option(error)}"
        case UnusedCliTokensError(unused_tokens=[token, *_]):
            problem = f"{command} takes only {_arguments(error)}: {token!r} is one argument too many"
        case RepeatArgumentError():
            problem = f"{error.token.keyword} may be given only once"
        case MissingArgumentError(argument=Argument() as argument):
            missing = "is missing" if argument.is_positional_only() else "needs a value"
            problem = f"{name_of(argument)} {missing}: {_taken_by(argument)}"
        case CoercionError(argument=Argument() as argument, token=Token(value=value)):
            problem = _wrong_value(argument, value)
        case ValidationError(argument=Argument(tokens=[Token(value=value), *_]) as argument):
            problem = _wrong_value(argument, value)
        case ValidationError():
            problem = error.exception_message
        case _:
            problem = str(error)
    return problem


def _wrong_value(argument: Argument, value: str) -> str:
    return f"{name_of(argument)} cannot be {value!r}: it takes {_taken_by(argument)}"


def _unknown_option(error: UnknownOptionError) -> str:
    option = (error.token.keyword or error.token.value).partition("=")[0]
    return option + _meant(option, [name for each in error.argument_collection if each.show for name in each.names])


def _unknown_command(token: str) -> str:
    if token.startswith("-"):
        if meant := _meant(token, _WITHOUT_COMMAND):
            return f"{token} is not an option{meant}"
        return f"{token} needs a command: {', '.join(COMMANDS)}"
    known = f": the commands are {', '.join(COMMANDS)}"
    return f"{token!r} is not a command{_meant(token, COMMANDS) or known}"


def _meant(typed: str, known: Iterable[str]) -> str:
    close = get_close_matches(typed, [*known], n=1, cutoff=_ALIKE)
    return f"; did you mean {close[0]}?" if close else ""


def _arguments(error: CycloptsError) -> str:
    _, arguments, _ = COMMANDS.get((error.command_chain or [""])[-1], ("", "", ""))
    return arguments or "options"


def name_of(argument: Argument) -> str:
    """The long spelling."""
    return next((name for name in argument.names if name.startswith("--")), argument.name)


def _taken_by(argument: Argument) -> str:
    return TAKES.get(name_of(argument), "no value")
