"""Lists: how much of one to fetch, and how to show it."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Annotated, TypeVar

import attrs
from cyclopts import Parameter

from musement_async.cli.output import Column, on_terminal, printer_for, remark, say
from musement_async.cli.waiting import LINE
from musement_async.pagination import ListCall

T = TypeVar("T")


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Portion:
    """The part of a list to fetch."""

    limit: Annotated[int, Parameter(help="How many, from 1 to 100.")] = 20
    offset: Annotated[int, Parameter(help="How many to leave out before.")] = 0
    all: Annotated[bool, Parameter(show_default=False, help="As many as there are, whatever the limit.")] = False


async def show_list(
    list_call: Callable[..., ListCall[T]],
    columns: Sequence[Column[T]],
    portion: Portion,
    *,
    as_json: bool,
    words: Sequence[str] = (),
) -> None:
    """Fetch and print a portion of a list; all of it page by page.

    Args:
        list_call: Makes the call, with ``limit`` and ``offset``.
        columns: The columns of its table.
        portion: How much of it.
        as_json: Whether a program reads it.
        words: Only items whose row has all these words, in any case.
    """
    if words:
        await _show_matching(list_call, columns, portion, [word.casefold() for word in words], as_json=as_json)
    elif portion.all:
        await _show_all(list_call(offset=portion.offset), columns, as_json=as_json)
    else:
        page = await list_call(limit=portion.limit, offset=portion.offset)
        show(page.items, columns, as_json=as_json)
        if page and not page.is_last and not as_json:
            _say_how_to_go_on(len(page), page.total, portion.offset + len(page))


async def _show_all(call: ListCall[T], columns: Sequence[Column[T]], *, as_json: bool) -> None:
    printer, count = printer_for(columns, as_json=as_json, in_parts=True), 0
    async with aclosing(call.pages()) as pages:
        async for page in pages:
            printer.add(page.items)
            count += len(page)
            LINE.progress = f"{count:,} so far" if page.total is None else f"{count:,} of {page.total:,}"
    printer.end()
    if not count and not as_json:
        remark("nothing found")


async def _show_matching(
    list_call: Callable[..., ListCall[T]],
    columns: Sequence[Column[T]],
    portion: Portion,
    words: Sequence[str],
    *,
    as_json: bool,
) -> None:
    found: list[T] = []
    async with aclosing(_matching(list_call(), columns, words)) as matching:
        async for item in matching:
            found.append(item)
            if len(found) > portion.offset + portion.limit and not portion.all:
                break
    end = None if portion.all else portion.offset + portion.limit
    chosen = found[portion.offset : end]
    show(chosen, columns, as_json=as_json)
    if end is not None and len(found) > end and not as_json:
        _say_how_to_go_on(len(chosen), None, end)


async def _matching(call: ListCall[T], columns: Sequence[Column[T]], words: Sequence[str]) -> AsyncGenerator[T]:
    async for item in call:
        row = " ".join(column.text(item) for column in columns if not column.is_number).casefold()
        if all(word in row for word in words):
            yield item


def show(items: Sequence[T], columns: Sequence[Column[T]], *, as_json: bool) -> None:
    """Print items for a program, or for people."""
    if not items and not as_json:
        remark("nothing found")
        return
    printer = printer_for(columns, as_json=as_json)
    printer.add(items)
    printer.end()


def _say_how_to_go_on(count: int, total: int | None, offset: int) -> None:
    if on_terminal():
        say(f"{count}{'' if total is None else f' of {total}'}; go on with --offset {offset}", style="dim")
