"""The commands, and the exit codes of their errors."""

import sys
from collections.abc import Sequence

from cyclopts import App, Group, Parameter

from musement_async._version import __version__
from musement_async.cli.availability import dates
from musement_async.cli.booking import book
from musement_async.cli.catalogue import activities, cities
from musement_async.cli.demo import demo
from musement_async.cli.detail import activity
from musement_async.cli.errors import explain
from musement_async.cli.mirror import mirror
from musement_async.cli.output import QuietConsole
from musement_async.cli.places import categories, countries, venues
from musement_async.cli.serve import serve
from musement_async.cli.streams import give_up_stdout, note

_HELP = "Search and book tours, activities and tickets of Musement, or run a local Musement."
_EPILOGUE = """\
Who asks is read from the environment: MUSEMENT_CLIENT_ID, MUSEMENT_CLIENT_SECRET and MUSEMENT_APPLICATION, for a \
customer MUSEMENT_USERNAME and MUSEMENT_PASSWORD too. MUSEMENT_BASE_URL leads elsewhere than to production.

Exit codes: 0 done; 1 refused, failed or not found; 2 wrong usage or a missing setting; 130 interrupted."""

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
for _command in (demo, serve, cities, activities, activity, dates, book, categories, countries, venues, mirror):
    app.command(_command)


def run(arguments: Sequence[str]) -> int:
    """Run one command. An error is one line on standard error.

    Returns:
        The exit code.
    """
    try:
        app(
            arguments,
            console=QuietConsole(),
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
        sys.stdout.flush()
    except ImportError:
        raise  # the caller knows which extra has it
    except Exception as error:  # noqa: BLE001 - any error is one line
        failure = explain(error)
    else:
        return 0
    if failure.is_about_output:
        give_up_stdout()
    if failure.line:
        note(failure.line)
    return failure.code
