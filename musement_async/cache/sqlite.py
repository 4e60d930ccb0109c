"""Answers in an SQLite file that processes of one machine share, on asyncio and trio."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import anyio.to_thread

from musement_async.cache.answers import CacheKey
from musement_async.cache.memory import check_bytes

T = TypeVar("T")

# Seconds for which a process waits for the others; each holds the file for milliseconds.
_LOCK_TIMEOUT = 30.0
_PAUSE = 0.01
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
        self._path = Path(path)
        self._max_bytes = check_bytes(max_bytes)
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._saves = 0

    def __repr__(self) -> str:
        return f"SQLiteCacheStore({str(self._path)!r})"

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

        return await self._run(find)

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

        await self._run(replace)

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

        await self._run(delete)

    async def size(self) -> int:
        """The bytes that all values take."""
        return await self._run(lambda database: int(database.execute(_SIZE).fetchone()[0]))

    async def aclose(self) -> None:
        """Close the file; the next use opens it again."""

        def close() -> None:
            with self._lock:
                database, self._database = self._database, None
                if database is not None:
                    database.close()

        await anyio.to_thread.run_sync(close)

    async def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def run() -> T:
            with self._lock:
                if self._database is None:
                    self._database = _open(self._path)
                with self._database:  # a transaction
                    return work(self._database)

        return await anyio.to_thread.run_sync(run)


def _open(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    database = sqlite3.connect(path, timeout=_LOCK_TIMEOUT, check_same_thread=False)
    try:
        _use_write_ahead_log(database)
        database.execute("PRAGMA synchronous = NORMAL")
        database.executescript(_SCHEMA)
    except BaseException:
        database.close()
        raise
    return database


def _use_write_ahead_log(database: sqlite3.Connection) -> None:
    # SQLite does not apply its own timeout to this one statement.
    end = time.monotonic() + _LOCK_TIMEOUT
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(_PAUSE)
        else:
            return
