"""Output: tables on a terminal, plain columns elsewhere, JSON for programs."""

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import attrs
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from musement_async.cli.console import QuietConsole
from musement_async.cli.streams import note
from musement_async.cli.waiting import LINE
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
        is_below: Whether a terminal shows its values, unbroken, under those of the first column.
        min_width: The least width on a terminal.
    """

    header: str
    value: Callable[[T], object]
    is_number: bool = False
    wraps: bool = False
    is_below: bool = False
    min_width: int = 0

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
    LINE.hide()
    QuietConsole(emoji=False).print(Text(escape_controls(text), style), soft_wrap=True)


class Printer(ABC, Generic[T]):
    """Prints a list, part by part."""

    @abstractmethod
    def add(self, items: Sequence[T]) -> None:
        """Print some items, or keep them until the end."""

    def end(self) -> None:
        """Print what is still to be printed."""


class TerminalPrinter(Printer[T]):
    """A table that fits the terminal; one line for each item where the terminal is too narrow for that.

    Args:
        columns: The columns.
        in_parts: Whether more than one part will come: the columns then keep their places.
    """

    def __init__(self, columns: Sequence[Column[T]], *, in_parts: bool = False) -> None:
        self._columns = columns
        self._in_parts = in_parts
        self._lines = LinesPrinter(columns)
        self._widths: dict[str, int] = {column.header: column.min_width for column in columns}
        self._has_begun = False

    def add(self, items: Sequence[T]) -> None:
        """Print some items."""
        for column in self._columns:
            if not column.wraps and not column.is_below:
                width = max((cell_len(column.text(item)) for item in items), default=0)
                self._widths[column.header] = max(self._widths[column.header], width)
        wide, console = _wide(), QuietConsole(emoji=False)
        table = self._table(items)
        LINE.hide()
        if Measurement.get(wide, wide.options, table).minimum <= console.width:
            console.print(table)
        else:
            self._lines.add(items)
        self._has_begun = True

    def _table(self, items: Sequence[T]) -> Table:
        main = [column for column in self._columns if not column.is_below]
        below = [column for column in self._columns if column.is_below]
        keys = max((cell_len(column.text(item)) for column in below for item in items), default=0)
        table = Table(
            box=SIMPLE_HEAD, show_edge=False, pad_edge=False, expand=self._in_parts, show_header=not self._has_begun
        )
        for place, column in enumerate(main):
            table.add_column(
                column.header,
                justify="right" if column.is_number else "left",
                overflow="fold",
                no_wrap=not column.wraps,
                min_width=max(self._widths[column.header], 0 if place else keys),
                # rich gives a column with a ratio less than its min_width.
                width=keys if keys and self._in_parts and not place else None,
                ratio=1 if column.wraps and self._in_parts and (place or not keys) else None,
            )
        for item in items:
            first, *others = (Text(column.text(item)) for column in main)
            for column in below:
                first.append(f"\n{column.text(item)}", style="dim")
            table.add_row(first, *others)
        return table


class LinesPrinter(Printer[T]):
    """One line for each item, however long, so that nothing is lost.

    A column is as wide as it was in the part before, or wider.
    """

    def __init__(self, columns: Sequence[Column[T]]) -> None:
        self._columns = columns
        self._widths = [cell_len(column.header) for column in columns]
        self._has_begun = False

    def add(self, items: Sequence[T]) -> None:
        """Print some items."""
        if not items:
            return
        longest = (max(cell_len(column.text(item)) for item in items) for column in self._columns)
        self._widths = [*map(max, self._widths, longest)]
        table = Table(box=None, pad_edge=False, show_header=not self._has_begun)
        for column, width in zip(self._columns, self._widths, strict=True):
            table.add_column(
                column.header, justify="right" if column.is_number else "left", no_wrap=True, min_width=width
            )
        for item in items:
            table.add_row(*(Text(column.text(item)) for column in self._columns))
        _print_lines(_wide(), table)
        self._has_begun = True


class JsonPrinter(Printer[T]):
    """A JSON array, each item on a line of its own."""

    def __init__(self) -> None:
        self._separator = b"["

    def add(self, items: Sequence[T]) -> None:
        """Print some items."""
        if items:
            _write(self._separator + b",\n".join(map(_json, items)))
            self._separator = b",\n"

    def end(self) -> None:
        """Close the array."""
        _write(b"[]\n" if self._separator == b"[" else b"]\n")


def printer_for(columns: Sequence[Column[T]], *, as_json: bool, in_parts: bool = False) -> Printer[T]:
    """The printer for programs that want JSON, for a terminal, or for anything else."""
    if as_json:
        return JsonPrinter()
    return TerminalPrinter(columns, in_parts=in_parts) if on_terminal() else LinesPrinter(columns)


def remark(line: str) -> None:
    """Print one line on standard error, apart from the output."""
    LINE.hide()
    note(line)


def print_table(items: Sequence[T], columns: Sequence[Column[T]]) -> None:
    """Print one row for each item.

    On a terminal the table fits its width. Elsewhere, and on a terminal that is too narrow, every item is one line,
    however long, so that nothing is lost.
    """
    printer = printer_for(columns, as_json=False)
    printer.add(items)
    printer.end()


def print_on_terminal(what: RenderableType) -> bool:
    """Print something that rich draws, if the terminal is wide enough for it.

    Returns:
        Whether it was printed.
    """
    console = QuietConsole(emoji=False)
    fits = Measurement.get(console, _wide().options, what).minimum <= console.width
    if fits:
        LINE.hide()
        console.print(what)
    return fits


def print_tree(tree: Tree) -> None:
    """Print a tree. Elsewhere than on a terminal every node is one line, however long."""
    if on_terminal():
        QuietConsole(emoji=False).print(tree)
    else:
        _print_lines(_wide(), tree)


def _print_lines(wide: Console, what: Table | Tree) -> None:
    LINE.hide()
    with wide.capture() as capture:
        wide.print(what)
    for line in capture.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


def print_json(items: Sequence[object]) -> None:
    """Print a JSON array, each item on a line of its own."""
    printer = JsonPrinter[object]()
    printer.add(items)
    printer.end()


def print_json_object(item: object) -> None:
    """Print one JSON object."""
    _write(_json(item) + b"\n")


def _write(text: bytes) -> None:
    LINE.hide()
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


def _json(item: object) -> bytes:
    """JSON for programs that is safe on a terminal: control characters only occur in strings, where escapes may be."""
    return CONTROLS.sub(lambda found: json.dumps(found[0])[1:-1], to_json(item).decode()).encode()


def _wide() -> Console:
    return QuietConsole(width=_AS_WIDE_AS_IT_TAKES, emoji=False)
