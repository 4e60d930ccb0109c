"""The commands, and the exit codes of their errors."""

import sys
from collections.abc import Mapping, Sequence

from cyclopts import App, Group, Parameter

from musement_async._version import __version__
from musement_async.cli.console import QuietConsole
from musement_async.cli.streams import give_up_stdout, note

_HELP = "Search and book tours, activities and tickets of Musement, or run a local Musement."
_EPILOGUE = """\
Who asks is read from the environment: MUSEMENT_CLIENT_ID, MUSEMENT_CLIENT_SECRET and MUSEMENT_APPLICATION, for a \
customer MUSEMENT_USERNAME and MUSEMENT_PASSWORD too. MUSEMENT_BASE_URL leads elsewhere than to production.

Exit codes: 0 done; 1 refused, failed or not found; 2 wrong usage, a missing or a wrong setting; 130 interrupted."""

# Each command with the function that it calls, its arguments, and what the help says of it. The function's module is
# imported when the command is called, so that the help does not wait for the library.
COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "demo": ("musement_async.cli.demo:demo", "", "See the library at work on a local Musement."),
    "serve": ("musement_async.cli.serve:serve", "", "Run a local Musement for other programs."),
    "cities": ("musement_async.cli.catalogue:cities", "[TEXT...]", "List cities that have activities."),
    "activities": ("musement_async.cli.catalogue:activities", "[TEXT...]", "Search tours, activities and tickets."),
    "activity": ("musement_async.cli.detail:activity", "UUID", "Show one activity in detail."),
    "dates": ("musement_async.cli.availability:dates", "UUID", "List an activity's days, or what a day offers."),
    "book": ("musement_async.cli.booking:book", "UUID", "Book an activity in the sandbox or at a local Musement."),
    "categories": ("musement_async.cli.places:categories", "", "List what activities are about."),
    "countries": ("musement_async.cli.places:countries", "[TEXT...]", "List countries."),
    "mirror": ("musement_async.cli.mirror:mirror", "OUT", "Copy the catalogue, and later its changes."),
    "venues": ("musement_async.cli.places:venues", "[TEXT...]", "List venues that have activities."),
}

app: App = App(
    name="musement",
    help=_HELP,
    help_epilogue=_EPILOGUE,
    help_format="plaintext",
    version=f"musement-async {__version__}",
    default_parameter=Parameter(negative=""),
    group_parameters=Group("Options"),
    suppress_keyboard_interrupt=False,
)
for _name, (_function, _arguments, _summary) in COMMANDS.items():
    app.command(_function, name=_name, help=_summary, usage=f"Usage: musement {_name} [OPTIONS] {_arguments}".rstrip())


app.register_install_completion_command(  # pyright: ignore[reportUnknownMemberType] - its **kwargs have no types
    help="Install completion for your shell."
)


def _command_first(arguments: Sequence[str]) -> Sequence[str]:
    """The arguments, with options that are before the command behind it."""
    if not (arguments and arguments[0].startswith("-")):
        return arguments
    place = next((place for place, argument in enumerate(arguments) if argument in COMMANDS), 0)
    return [*arguments[place : place + 1], *arguments[:place], *arguments[place + 1 :]]


def run(arguments: Sequence[str]) -> int:
    """Run one command. An error is one line on standard error.

    Returns:
        The exit code.
    """
    try:
        app(
            _command_first(arguments),
            console=QuietConsole(),
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
        sys.stdout.flush()
    except ImportError:
        raise  # the caller knows which extra has it
    except Exception as error:  # noqa: BLE001 - any error is one line
        from musement_async.cli.errors import explain

        failure = explain(error)
    else:
        return 0
    if failure.is_about_output:
        give_up_stdout()
    if failure.line:
        note(failure.line)
    return failure.code
