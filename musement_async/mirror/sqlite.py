"""A mirror in an SQLite file: the catalogue as tables, and the ledger in the same transactions."""

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import attrs
import msgspec

from musement_async.mirror.parts import MirrorPart, MirrorProgress, MirrorRecord, MirrorRun
from musement_async.mirror.rows import CONTENT, TABLES, statements
from musement_async.sqlite_file import SQLiteFile

_LEDGER = """
CREATE TABLE IF NOT EXISTS runs (name TEXT PRIMARY KEY, source TEXT, scope TEXT, is_full INTEGER, day TEXT);
CREATE TABLE IF NOT EXISTS parts (
    run TEXT, name TEXT, weight INTEGER, is_done INTEGER DEFAULT 0, PRIMARY KEY (run, name)
);
CREATE TABLE IF NOT EXISTS failures (run TEXT, name TEXT, reason TEXT, PRIMARY KEY (run, name));
CREATE TABLE IF NOT EXISTS saved (
    run TEXT, part TEXT, kind TEXT, key TEXT, PRIMARY KEY (run, part, kind, key)
) WITHOUT ROWID;
"""
# What earlier runs saved for a part and this one did not.
_STALE = {
    "places": """
        DELETE FROM {table} WHERE language = :language
        AND CAST(id AS TEXT) NOT IN (SELECT key FROM saved WHERE run = :run AND part = :part AND kind = '{table}')""",
    "city": """
        DELETE FROM activities WHERE city = :key AND language = :language
        AND uuid NOT IN (SELECT key FROM saved WHERE run = :run AND part = :part AND kind = 'activities')""",
    "days": """
        DELETE FROM days WHERE currency = :currency AND uuid IN (SELECT uuid FROM activities WHERE city = :key)
        AND uuid NOT IN (SELECT key FROM saved WHERE run = :run AND part = :part AND kind = 'days')""",
}
_OF_PLACES = ("cities", "categories", "venues")
_OTHERS = "DELETE FROM {table} WHERE coalesce({column}, 0) NOT IN (SELECT value FROM json_each(?))"
# Runs are remembered for so long.
_REMEMBERED = timedelta(days=30)


class SQLiteMirrorStore:
    """Keeps a mirror in an SQLite file with a write-ahead log.

    Other programs may read the file at any time: they see each activity as it was before or after a step. The file is
    readable for the user alone who made it.

    Args:
        path: The file; made when it is first needed.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._file = SQLiteFile(path, TABLES + _LEDGER)

    def __repr__(self) -> str:
        return f"SQLiteMirrorStore({str(self._file.path)!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the file; the next use opens it again."""
        await self._file.aclose()

    async def runs(self) -> Sequence[MirrorRun]:
        """The runs that are known, oldest first."""
        rows = await self._file.read(lambda database: database.execute("SELECT * FROM runs ORDER BY rowid").fetchall())
        return [
            MirrorRun(name, source, scope, bool(is_full), date.fromisoformat(day))
            for name, source, scope, is_full, day in rows
        ]

    async def plan(self, run: MirrorRun, parts: Iterable[MirrorPart]) -> None:
        """Begin a run of these parts. A full one drops the copies of languages, currencies and cities not in it."""
        planned = list(parts)

        def begin(database: sqlite3.Connection) -> None:
            oldest = str(run.day - _REMEMBERED)
            for table in ("parts", "failures", "saved"):
                old = "SELECT name FROM runs WHERE day < ?"
                database.execute(f"DELETE FROM {table} WHERE run IN ({old})", (oldest,))  # noqa: S608 - our names
            database.execute("DELETE FROM runs WHERE day < ?", (oldest,))
            values = (run.name, run.source, run.scope, run.is_full, str(run.day))
            database.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", values)
            rows = [(run.name, str(part), part.weight) for part in planned]
            database.executemany("INSERT OR IGNORE INTO parts (run, name, weight) VALUES (?, ?, ?)", rows)
            if run.is_full:
                _drop_others(database, planned)

        await self._file.write(begin)

    async def resume(self, run: str) -> Sequence[MirrorPart]:
        """The parts of a run that are not done, whose failures are forgotten."""

        def find(database: sqlite3.Connection) -> list[MirrorPart]:
            database.execute("DELETE FROM failures WHERE run = ?", (run,))
            rows = database.execute(
                "SELECT name, weight FROM parts WHERE run = ? AND NOT is_done ORDER BY rowid", (run,)
            )
            return [MirrorPart.parse(name, weight) for name, weight in rows]

        return await self._file.write(find)

    async def saved(self, run: str, part: MirrorPart) -> set[str] | None:
        """The keys of what a part has saved; None if the part is done."""

        def find(database: sqlite3.Connection) -> set[str] | None:
            query = "SELECT key FROM saved WHERE run = ? AND part = ?"
            keys = {key for (key,) in database.execute(query, (run, str(part)))}
            return None if _is_done(database, run, part) else keys

        return await self._file.read(find)

    async def save(self, run: str, part: MirrorPart, records: Sequence[MirrorRecord]) -> None:
        """Put records in the place of older ones, all at once."""
        work = [statement for record in records for statement in statements(part, record)]
        keys = [(run, str(part), record.kind, record.key) for record in records]

        def replace(database: sqlite3.Connection) -> None:
            for statement, values in work:
                database.execute(statement, values)
            database.executemany("INSERT OR IGNORE INTO saved VALUES (?, ?, ?, ?)", keys)

        await self._file.write(replace)

    async def finish(self, run: str, part: MirrorPart) -> None:
        """Drop what earlier runs saved for a part and this one did not; the part is done."""

        def end(database: sqlite3.Connection) -> None:
            if not _is_done(database, run, part):  # else another process was faster
                values = {**attrs.asdict(part), "run": run, "part": str(part)}
                for table in _OF_PLACES if part.kind == "places" else ("",):
                    if part.kind in _STALE:
                        database.execute(_STALE[part.kind].format(table=table), values)
                database.execute("UPDATE parts SET is_done = 1 WHERE run = ? AND name = ?", (run, str(part)))
                database.execute("DELETE FROM failures WHERE run = ? AND name = ?", (run, str(part)))
            database.execute("DELETE FROM saved WHERE run = ? AND part = ?", (run, str(part)))

        await self._file.write(end)

    async def fail(self, run: str, name: str, reason: str) -> None:
        """Note why a part, or the plan, has failed."""
        await self._file.write(
            lambda database: database.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?)", (run, name, reason))
        )

    async def progress(self, run: str) -> MirrorProgress:
        """The progress of a run."""

        def count(database: sqlite3.Connection) -> MirrorProgress:
            sums = "count(*), total(is_done), total(weight * is_done), total(weight)"
            total, *others = database.execute(f"SELECT {sums} FROM parts WHERE run = ?", (run,)).fetchone()  # noqa: S608
            done, items, expected = map(int, others)
            failed = dict(database.execute("SELECT name, reason FROM failures WHERE run = ? ORDER BY name", (run,)))
            return MirrorProgress(total, done, failed, items, expected)

        return await self._file.read(count)

    async def counts(self) -> dict[str, int]:
        """The number of rows in each table of the catalogue."""

        def count(database: sqlite3.Connection) -> dict[str, int]:
            return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in CONTENT}  # noqa: S608

        return await self._file.read(count)

    async def export(self, folder: str | os.PathLike[str]) -> None:
        """Write JSON Lines: a file for each table, a line for each row. Each file is replaced at once.

        Args:
            folder: The folder of the files; made if it is not there.

        Raises:
            OSError: A file could not be written.
        """
        await self._file.read(lambda database: _export(database, Path(folder)))


def _is_done(database: sqlite3.Connection, run: str, part: MirrorPart) -> bool:
    query = "SELECT 1 FROM parts WHERE run = ? AND name = ? AND is_done"
    return database.execute(query, (run, str(part))).fetchone() is not None


def _drop_others(database: sqlite3.Connection, parts: Sequence[MirrorPart]) -> None:
    """Drop the copies that are of no part."""

    def drop(tables: Iterable[str], column: str, values: Iterable[str | int]) -> None:
        for table in tables:
            database.execute(_OTHERS.format(table=table, column=column), (json.dumps(list(values)),))

    drop((*_OF_PLACES, "activities"), "language", {part.language for part in parts})
    drop(["activities"], "city", {int(part.key) for part in parts if part.kind == "city"})
    drop(["prices"], "currency", {part.currency for part in parts})
    drop(["days"], "currency", {part.currency for part in parts if part.kind == "days"})


def _export(database: sqlite3.Connection, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for table in CONTENT:
        unfinished = folder / f".{table}.jsonl"
        with unfinished.open("wb") as file, closing(database.execute(f"SELECT * FROM {table} ORDER BY 1, 2")) as rows:  # noqa: S608
            names = [name for name, *_ in rows.description]
            for values in rows:
                row = dict(zip(names, values, strict=True))
                if "json" in row:
                    row["json"] = msgspec.Raw(row["json"].encode())
                file.write(msgspec.json.encode(row) + b"\n")
        unfinished.replace(folder / f"{table}.jsonl")
