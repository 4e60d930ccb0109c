"""Answers in an SQLite file that processes of one machine share, on asyncio and trio."""

import os
import sqlite3
import time
from contextlib import closing
from types import TracebackType
from typing import Self

from musement_async.cache.answers import CacheKey
from musement_async.cache.memory import check_bytes
from musement_async.sqlite_file import SQLiteFile

# After so many values saved by this process, what has expired or is too much is dropped.
_SAVES_BETWEEN_SWEEPS = 64
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    path TEXT NOT NULL, digest TEXT NOT NULL, value BLOB NOT NULL, until REAL NOT NULL, PRIMARY KEY (path, digest)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_until ON answers (until);
"""
_SIZE = "SELECT coalesce(sum(length(value)), 0) FROM answers"


class SQLiteCacheStore:
    """Keeps answers in an SQLite file with a write-ahead log.

    Several processes may use one file. A full store drops the answers that expire first. The file is
    readable for the user alone who made it. Threads do the work, so the event loop never waits for the disk.

    Args:
        path: The file; made when it is first needed.
        max_bytes: The bytes that all answers may take.

    Raises:
        ArgumentError: ``max_bytes`` is not a whole number above 0.
    """

    def __init__(self, path: str | os.PathLike[str], *, max_bytes: int = 2**30) -> None:
        self._file = SQLiteFile(path, _SCHEMA)
        self._max_bytes = check_bytes(max_bytes)
        self._saves = 0

    def __repr__(self) -> str:
        return f"SQLiteCacheStore({str(self._file.path)!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def load(self, key: CacheKey) -> bytes | None:
        """The value of a key; None without one."""

        def find(database: sqlite3.Connection) -> bytes | None:
            row = database.execute(
                "SELECT value FROM answers WHERE path = ? AND digest = ? AND until > ?",
                (key.path, key.digest, time.time()),
            ).fetchone()
            return None if row is None else bytes(row[0])

        return await self._file.read(find)

    async def save(self, key: CacheKey, value: bytes, *, keep: float) -> None:
        """Keep a value for a number of seconds; a full store may drop it earlier."""

        def replace(database: sqlite3.Connection) -> None:
            database.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", (key.path, key.digest, value, time.time() + keep)
            )
            self._saves += 1
            if self._saves >= _SAVES_BETWEEN_SWEEPS:
                self._saves = 0
                self._sweep(database)

        await self._file.write(replace)

    def _sweep(self, database: sqlite3.Connection) -> None:
        database.execute("DELETE FROM answers WHERE until <= ?", (time.time(),))
        excess = database.execute(_SIZE).fetchone()[0] - self._max_bytes
        if excess <= 0:
            return
        with closing(database.execute("SELECT path, digest, length(value) FROM answers ORDER BY until")) as rows:
            dropped: list[tuple[str, str]] = []
            while excess > 0:
                path, digest, length = next(rows)
                dropped.append((path, digest))
                excess -= length
        database.executemany("DELETE FROM answers WHERE path = ? AND digest = ?", dropped)

    async def purge(self, path: str | None = None, *, below: bool = True) -> None:
        """Forget the values of a path and, with ``below``, of all paths below it; without a path all values."""

        def delete(database: sqlite3.Connection) -> None:
            if path is None:
                database.execute("DELETE FROM answers")
                return
            database.execute("DELETE FROM answers WHERE path = ?", (path,))
            if below:  # "0" is the character after "/"
                database.execute("DELETE FROM answers WHERE path > ? AND path < ?", (f"{path}/", f"{path}0"))

        await self._file.write(delete)

    async def size(self) -> int:
        """The bytes that all values take."""
        return await self._file.read(lambda database: int(database.execute(_SIZE).fetchone()[0]))

    async def aclose(self) -> None:
        """Close the file; the next use opens it again."""
        await self._file.aclose()
