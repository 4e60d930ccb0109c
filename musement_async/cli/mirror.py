"""``musement mirror``."""

import asyncio
import logging
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from time import monotonic
from typing import Annotated, Self

import anyio
from cyclopts import Parameter, validators
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from musement_async.cli.catalogue import find_city
from musement_async.cli.errors import CommandError
from musement_async.cli.output import Column, print_table, remark, say
from musement_async.cli.streams import cover_echo
from musement_async.cli.target import Place, unknown_currency, warn_of_unknown_languages
from musement_async.client import MusementClient
from musement_async.exchanges import Exchange
from musement_async.mirror import MirrorProgress, MirrorReport, SQLiteMirrorStore

_PRODUCTION = Place()
_LEDGER = "mirror.sqlite"
_REASONS = 3
_OUT = (
    "The SQLite file to write; with --json-lines the folder. The same command goes on with a run that was interrupted."
)
_COLUMNS = (
    Column[tuple[str, int]]("Table", lambda row: row[0]),
    Column[tuple[str, int]]("Rows", lambda row: row[1], is_number=True),
)

_log = logging.getLogger("musement_async.mirror")

Codes = tuple[str, ...]


async def mirror(
    out: Annotated[Path, Parameter(help=_OUT)],
    /,
    *,
    city: Annotated[
        tuple[str, ...],
        Parameter(show_default=False, help="Only this city, by its id or name; may be repeated."),
    ] = (),
    language: Annotated[
        Codes,
        Parameter(env_var="MUSEMENT_LANGUAGE", show_default=", ".join, help="Of texts; may be repeated."),
    ] = ("en-GB",),
    currency: Annotated[
        Codes,
        Parameter(env_var="MUSEMENT_CURRENCY", show_default=", ".join, help="Of prices; may be repeated."),
    ] = ("EUR",),
    details: Annotated[bool, Parameter(show_default=False, help="Fetch each activity and its media.")] = False,
    days: Annotated[int, Parameter(help="Copy the prices of so many days.")] = 0,
    full: Annotated[bool, Parameter(show_default=False, help="Copy everything, not only what has changed.")] = False,
    json_lines: Annotated[bool, Parameter(show_default=False, help="Write JSON Lines, a file for each table.")] = False,
    rate: Annotated[float | None, Parameter(help="How many requests may begin within a second.")] = None,
    at_once: Annotated[
        int, Parameter(validator=validators.Number(gte=1), help="How many parts are copied at once.")
    ] = 8,
    quiet: Annotated[bool, Parameter(show_default=False, help="Do not show the progress.")] = False,
    place: Place = _PRODUCTION,
) -> None:
    """Copy the catalogue, and later its changes.

    Started again, it continues a run that was interrupted.
    """
    if json_lines:
        await anyio.Path(out).mkdir(parents=True, exist_ok=True)
    store = SQLiteMirrorStore(out / _LEDGER if json_lines else out)
    try:
        async with store, place.client(rate_limit=rate, language=None, currency=None) as client:
            await store.runs()  # a file that cannot be used is told before anything is shown
            ids = [await find_city(client.with_options(language=language[0]), named) for named in city]
            what = client.mirror(
                store,
                languages=language,
                currencies=[code.upper() for code in currency],
                cities=ids or None,
                details=details,
                days=days,
            )
            await warn_of_unknown_languages(client, language)
            if problem := await unknown_currency(client, currency):
                raise problem
            with _Display(client, quiet=quiet) as display:
                report = await what.run(full=full, concurrency=at_once, on_progress=display.show)
            if report.is_complete and json_lines:
                await store.export(out)
            print_table([*(await store.counts()).items()], _COLUMNS)
    except sqlite3.Error as error:
        raise CommandError(str(error)) from error
    display.judge(report)


class _Display(logging.Handler):
    """The progress of a run on standard error, if it is a terminal; its warnings; and the number of requests."""

    def __init__(self, client: MusementClient, *, quiet: bool) -> None:
        super().__init__(logging.WARNING)
        client.add_hook(self._count)
        self._started = monotonic()
        self._requests = 0
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=quiet or not sys.stderr.isatty(),
        )

    def __enter__(self) -> Self:
        _log.addHandler(self)
        self._bar.start()
        self._task = self._bar.add_task("planning", total=None, rate="")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._bar.stop()
        _log.removeHandler(self)
        if kind is asyncio.CancelledError:
            cover_echo()
            remark("started again, the same command goes on where it was")

    def emit(self, record: logging.LogRecord) -> None:
        remark(record.getMessage())

    def show(self, progress: MirrorProgress) -> None:
        rate = f"{self._requests / max(monotonic() - self._started, 0.001):.0f} requests/s"
        parts = f"{progress.done} of {progress.total} parts"
        self._bar.update(self._task, description=parts, completed=progress.items, total=progress.expected, rate=rate)

    def judge(self, report: MirrorReport) -> None:
        progress = report.progress
        if report.is_complete:
            say(f"Complete: {progress.total} parts, {self._requests} requests, {report.seconds:.1f} s")
            return
        counted = Counter(progress.failed.values()).most_common(_REASONS)
        reasons = "".join(f"; {count} part{'s' * (count > 1)}: {reason}" for reason, count in counted)
        raise CommandError(
            f"incomplete: {progress.total - progress.done} of {progress.total} parts are missing{reasons}; "
            "the same command goes on"
        )

    def _count(self, _exchange: Exchange) -> None:
        self._requests += 1
