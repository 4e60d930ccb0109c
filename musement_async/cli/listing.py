"""Lists: how much of one to fetch, and how to show it."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import attrs
from cyclopts import Parameter

from musement_async.cli.output import Column, on_terminal, print_json, print_table, say
from musement_async.cli.streams import note
from musement_async.pagination import ListCall

T = TypeVar("T")


@attrs.frozen
class Fetched(Generic[T]):
    """The fetched part of a list.

    Attributes:
        items: The items.
        total: How many there are in all, where the API says so.
        next_offset: Where the list goes on; None at its end.
    """

    items: Sequence[T]
    total: int | None = None
    next_offset: int | None = None


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Portion:
    """The part of a list to fetch."""

    limit: Annotated[int, Parameter(help="How many, from 1 to 100.")] = 20
    offset: Annotated[int, Parameter(help="How many to leave out before.")] = 0
    all: Annotated[bool, Parameter(show_default=False, help="As many as there are, whatever the limit.")] = False

    async def of(self, list_call: Callable[..., ListCall[T]]) -> Fetched[T]:
        """Fetch that much."""
        if self.all:
            return Fetched([item async for item in list_call(offset=self.offset)])
        page = await list_call(limit=self.limit, offset=self.offset)
        return Fetched(page.items, page.total, None if page.is_last else self.offset + len(page))


def show(fetched: Fetched[T], columns: Sequence[Column[T]], *, as_json: bool) -> None:
    """Print a list for a program, or for people."""
    if as_json:
        print_json(fetched.items)
    elif fetched.items:
        print_table(fetched.items, columns)
        if fetched.next_offset is not None and on_terminal():
            total = "" if fetched.total is None else f" of {fetched.total}"
            say(f"{len(fetched.items)}{total}; go on with --offset {fetched.next_offset}", style="dim")
    else:
        note("nothing found")
