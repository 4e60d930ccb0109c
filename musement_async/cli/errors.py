"""Errors as the command tells them: one line and an exit code."""

import re
import traceback
from collections.abc import Mapping
from pathlib import Path

import attrs
from cyclopts.exceptions import CycloptsError

from musement_async.cli.usage import TAKES, explain_usage
from musement_async.errors import APIError, ArgumentError, AuthenticationError, MusementError, NetworkError

_FAILED, _WRONG_USAGE, _NOBODY_READS = 1, 2, 141  # the last as shells show it: 128 and the number of SIGPIPE

# The command's option or variable for each argument of the library.
_SETTINGS: Mapping[str, str] = {
    "activity_uuid": "UUID",
    "application": "MUSEMENT_APPLICATION",
    "base_url": "MUSEMENT_BASE_URL",
    "cities": "--city",
    "currencies": "--currency",
    "currency": "--currency",
    "date_from": "--from",
    "date_to": "--to",
    "day": "--day",
    "days": "--days",
    "language": "--language",
    "languages": "--language",
    "level": "--level",
    "limit": "--limit",
    "market": "MUSEMENT_MARKET",
    "offset": "--offset",
    "quantity": "--quantity",
    "rate_limit": "--rate",
    "slot": "--time",
    "store": "OUT",
    "pickup": "--pickup",
    "parent_id": "--parent",
}
# In messages, only words that cannot be anything else.
_ARGUMENT = re.compile("|".join(rf"\b{name}\b" for name in _SETTINGS if "_" in name))
# How programs pass an argument.
_PASSED = re.compile(r"pass (\w+)=\.\.\.")
_UNKNOWN_HOST = re.compile("not known|nodename nor servname|getaddrinfo|name resolution|No address associated")
_LOGIN = "the login it waited for failed: "
# What only a program can pass: a model in place of an id, an argument that is not an option.
_FOR_PROGRAMS = re.compile(r", or (an? [A-Z]\w*|\w+=\w+)$")


class CommandError(Exception):
    """A command could not do what it was asked; the text says why."""


@attrs.frozen
class Failure:
    """The line to print, and the exit code.

    Attributes:
        line: One line; empty if nobody reads it.
        code: The exit code.
        is_about_output: Whether standard output may have failed.
    """

    line: str
    code: int
    is_about_output: bool = False


def explain(error: Exception) -> Failure:
    """The line and the exit code for an error."""
    code = _FAILED
    match error:
        case BrokenPipeError():
            line, code = "", _NOBODY_READS
        case OSError():
            line = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        case CycloptsError():
            line, code = explain_usage(error), _WRONG_USAGE
        case ArgumentError():
            line, code = _name_setting(error), _WRONG_USAGE
        case APIError(code="2271"):
            answer = f"{error.method} {error.path}: {error.status}, code {error.code}"
            line, code = f"MUSEMENT_APPLICATION is missing or wrong ({answer})", _WRONG_USAGE
        case AuthenticationError(path="/login"):
            line, code = str(error), _WRONG_USAGE
        case APIError():
            line = _PASSED.sub(lambda found: f"pass {_SETTINGS.get(found[1], found[1])}", str(error))
        case NetworkError():
            line = _unreachable(error)
        case MusementError() | CommandError():
            line = str(error)
        case _:
            line = _unexpected(error)
    return Failure(" ".join(line.split()), code, is_about_output=isinstance(error, OSError) and not error.filename)


def _name_setting(error: ArgumentError) -> str:
    problem = str(error).removeprefix(f"{error.argument}: ")
    if error.argument.startswith("MUSEMENT_"):
        return f"{error.argument} {problem}; --local needs no settings, and musement serve prints some to try"
    name = _SETTINGS.get(error.argument, error.argument)
    if name in TAKES and re.match("must be (an? |.* such as )", problem):
        return f"{name} takes {TAKES[name]}"
    return f"{name} {_ARGUMENT.sub(lambda found: _SETTINGS[found[0]], _FOR_PROGRAMS.sub('', problem))}"


def _unreachable(error: NetworkError) -> str:
    """A network's error that begins with what cannot be reached; the request is known to its cause."""
    request = getattr(error.__cause__, "_request", None)
    if request is None:
        return str(error)
    where, problem = request.url.host, str(error.__cause__)
    doing = "the login failed: " if problem.startswith(_LOGIN) else ""
    if _UNKNOWN_HOST.search(problem):
        return f"{doing}there is no host {where}; check MUSEMENT_BASE_URL and the network"
    return f"{doing}{where} cannot be reached: {problem.removeprefix(_LOGIN)}"


def _unexpected(error: Exception) -> str:
    """A defect of the command, with the place for a bug report."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"unexpected {error!r} at {Path(place.filename).name}:{place.lineno}"
