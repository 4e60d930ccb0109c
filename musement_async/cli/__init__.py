"""The ``musement`` command. Needs the extra ``cli``."""

import sys
from typing import NoReturn

_EXTRA = ("cyclopts", "rich", "starlette", "uvicorn")


def main() -> NoReturn:
    """Run the command with the process's arguments, and end the process.

    The exit code is 0 when all went well, 1 when the API, the network or this machine said no, 2 for wrong usage and
    missing or wrong settings, 130 after Ctrl-C, and 141 when whoever read the output stopped reading.
    """
    try:
        code = _run()
    except KeyboardInterrupt:
        from musement_async.cli.streams import cover_echo, note

        cover_echo()
        note("interrupted")
        code = 130
    sys.exit(code)


def _run() -> int:
    # All imports are in here: Ctrl-C may come while they last.
    from musement_async._extras import install
    from musement_async.cli.streams import note, prepare

    prepare()
    try:
        from musement_async.cli.app import run

        return run(sys.argv[1:])
    except ImportError as error:
        # cyclopts raises an error of its own for a command whose module cannot be imported.
        missing = error.__cause__ if isinstance(error.__cause__, ImportError) else error
        package = (missing.name or "").partition(".")[0]
        advice = f"{package} is not installed: {install('cli')}"
        note(advice if package in _EXTRA else str(missing))
        return 1
