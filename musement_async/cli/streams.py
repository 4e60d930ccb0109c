"""The standard streams of the process, which may be closed."""

import io
import os
import shutil
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

from musement_async.escaping import escape_controls


def prepare() -> None:
    """Make sure that both streams exist and accept every character.

    If the process was started without a stream, Python has None there, and prints on standard output what is meant for
    a missing standard error.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for good
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def note(line: str) -> None:
    """Print one line on standard error, apart from the output."""
    with suppress(OSError):  # nobody is left to tell; the exit code still does
        sys.stderr.write(wrapped(f"musement: {escape_controls(line)}") + "\n")


def wrapped(text: str, indent: int = 0) -> str:
    """A text for standard error, on a terminal with line breaks between words; a longer word stays whole.

    Args:
        text: One line.
        indent: In which column the lines after the first begin, from 0.
    """
    if not sys.stderr.isatty():
        return text
    columns, margin = shutil.get_terminal_size().columns, " " * indent
    return textwrap.fill(text, columns, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)


def cover_echo() -> None:
    """Let the next line on a terminal begin where the line does: it covers the ``^C`` that the terminal has echoed."""
    if sys.stderr.isatty():
        sys.stderr.write("\r")


def give_up_stdout() -> None:
    """Discard what is still buffered: the interpreter flushes at its end, and would print an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
