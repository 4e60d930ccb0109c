"""The printed report."""

from collections.abc import Sequence

import attrs
from rich.console import Console
from rich.table import Table

WIDTH = 110


@attrs.frozen
class Findings:
    """One table, and what a reader of it should know."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""

    def print(self) -> None:
        """Print it: the first column is text, the others are numbers."""
        table = Table(title=self.title, title_justify="left", caption=self.note or None, caption_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left", no_wrap=True)
        for row in self.rows:
            table.add_row(*map(str, row))
        Console(width=WIDTH, highlight=False).print(table, "")
