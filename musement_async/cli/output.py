"""Output: tables on a terminal, plain columns elsewhere, JSON for programs."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import attrs
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from musement_async.cli.console import QuietConsole
from musement_async.codec import to_json
from musement_async.escaping import CONTROLS, escape_controls

T = TypeVar("T")

_AS_WIDE_AS_IT_TAKES = 100_000


@attrs.frozen
class Column(Generic[T]):
    """One column of a table.

    Args:
        header: What it is called.
        value: Finds its value in an item; None shows as nothing.
        is_number: Whether its values are compared by looking at their ends.
        wraps: Whether a terminal may show its values on several lines.
        is_below: Whether a terminal shows its values under those of the first column.
    """

    header: str
    value: Callable[[T], object]
    is_number: bool = False
    wraps: bool = False
    is_below: bool = False

    def text(self, item: T) -> str:
        """The text of a cell."""
        return shown(self.value(item))


def shown(value: object) -> str:
    """A value as text on one line, which cannot steer the terminal."""
    text = "" if value is None else str(value)
    return escape_controls(" ".join(text.split()))


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def say(text: str = "", style: str = "") -> None:
    """Print text without markup, and without line breaks that would spoil a command to copy."""
    QuietConsole(emoji=False).print(Text(escape_controls(text), style), soft_wrap=True)


def print_table(items: Sequence[T], columns: Sequence[Column[T]]) -> None:
    """Print one row for each item.

    On a terminal the table fits its width. Elsewhere, and on a terminal that is too narrow, every item is one line,
    however long, so that nothing is lost.
    """
    wide = QuietConsole(width=_AS_WIDE_AS_IT_TAKES, emoji=False)
    if on_terminal():
        console, table = QuietConsole(emoji=False), _fitted(items, columns)
        if Measurement.get(wide, wide.options, table).minimum <= console.width:
            console.print(table)
            return
    _print_lines(wide, _plain(items, columns))


def print_tree(tree: Tree) -> None:
    """Print a tree. Elsewhere than on a terminal every node is one line, however long."""
    if on_terminal():
        QuietConsole(emoji=False).print(tree)
    else:
        _print_lines(QuietConsole(width=_AS_WIDE_AS_IT_TAKES, emoji=False), tree)


def _print_lines(wide: Console, what: Table | Tree) -> None:
    with wide.capture() as capture:
        wide.print(what)
    for line in capture.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


def print_json(items: Sequence[object]) -> None:
    """Print a JSON array, each item on a line of its own."""
    sys.stdout.flush()
    sys.stdout.buffer.write(b"[" + b",\n".join(map(_json, items)) + b"]\n")


def print_json_object(item: object) -> None:
    """Print one JSON object."""
    sys.stdout.flush()
    sys.stdout.buffer.write(_json(item) + b"\n")


def _json(item: object) -> bytes:
    """JSON for programs that is safe on a terminal: control characters only occur in strings, where escapes may be."""
    return CONTROLS.sub(lambda found: json.dumps(found[0])[1:-1], to_json(item).decode()).encode()


def _fitted(items: Sequence[T], columns: Sequence[Column[T]]) -> Table:
    main = [column for column in columns if not column.is_below]
    below = [column for column in columns if column.is_below]
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in main:
        table.add_column(
            column.header, justify="right" if column.is_number else "left", overflow="fold", no_wrap=not column.wraps
        )
    for item in items:
        first, *others = (Text(column.text(item)) for column in main)
        for column in below:
            first.append(f"\n{column.text(item)}", style="dim")
        table.add_row(first, *others)
    return table


def _plain(items: Sequence[T], columns: Sequence[Column[T]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column.header, justify="right" if column.is_number else "left", no_wrap=True)
    for item in items:
        table.add_row(*(Text(column.text(item)) for column in columns))
    return table
