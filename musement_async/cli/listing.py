"""Lists: how much of one to fetch, and how to show it."""

from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Annotated, TypeVar

import attrs
from cyclopts import Parameter, validators

from musement_async.cli.output import Column, on_terminal, printer_for, remark, say
from musement_async.cli.waiting import LINE
from musement_async.pagination import ListCall

T = TypeVar("T")


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Portion:
    """The part of a list to fetch."""

    limit: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=100), help="How many, from 1 to 100.")] = 20
    offset: Annotated[int, Parameter(validator=validators.Number(gte=0), help="How many to leave out before.")] = 0
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
    lowered = [word.casefold() for word in words]
    if portion.all:
        await _show_all(list_call, columns, portion.offset, lowered, as_json=as_json)
    elif words:
        await _show_matching(list_call, columns, portion, lowered, as_json=as_json)
    else:
        page = await list_call(limit=portion.limit, offset=portion.offset)
        show(page.items, columns, as_json=as_json)
        if page and not page.is_last and not as_json:
            _say_how_to_go_on(len(page), page.total, portion.offset)


async def _show_all(
    list_call: Callable[..., ListCall[T]],
    columns: Sequence[Column[T]],
    offset: int,
    words: Sequence[str],
    *,
    as_json: bool,
) -> None:
    """Print each page as it comes. With words, the offset counts the items that have them."""
    call, skipped = (list_call(), offset) if words else (list_call(offset=offset), 0)
    printer, seen, found = printer_for(columns, as_json=as_json, in_parts=True), 0, 0
    async with aclosing(call.pages()) as pages:
        async for page in pages:
            items = [item for item in page.items if _has_words(item, columns, words)]
            if new := items[max(0, skipped - found) :]:
                printer.add(new)
            seen, found = seen + len(page), found + len(items)
            LINE.progress = f"{seen:,} so far" if page.total is None else f"{seen:,} of {page.total:,}"
    printer.end()
    if found <= skipped and not as_json:
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
    end = portion.offset + portion.limit
    async with aclosing(aiter(list_call())) as items:
        async for item in items:
            if _has_words(item, columns, words):
                found.append(item)
            if len(found) > end:
                break
    chosen = found[portion.offset : end]
    show(chosen, columns, as_json=as_json)
    if len(found) > end and not as_json:
        _say_how_to_go_on(len(chosen), None, portion.offset)


def _has_words(item: T, columns: Sequence[Column[T]], words: Sequence[str]) -> bool:
    row = " ".join(column.text(item) for column in columns if not column.is_number).casefold()
    return all(word in row for word in words)


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
        last = offset + count
        of = "" if total is None else f" of {total}"
        say(f"Shown: {offset + 1} to {last}{of}. Next: --offset {last}", style="dim")
