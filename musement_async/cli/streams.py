"""The process's standard streams, in whatever state it was given them. Standard library only."""

import io
import os
import sys
from contextlib import suppress
from pathlib import Path


def prepare() -> None:
    """Make sure that there are streams, and that they take every character.

    In the place of a stream that the process was started without, Python has None, and prints on standard output what
    is meant for such a standard error.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for good
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def note(line: str) -> None:
    """Print one line on standard error, where it is no part of the answer."""
    with suppress(OSError):  # nobody is left to tell; the exit code still does
        sys.stderr.write(f"musement: {line}\n")


def give_up_stdout() -> None:
    """Let what is still buffered go nowhere: the interpreter flushes once more at its end, and would complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
