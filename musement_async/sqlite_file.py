"""SQLite files with a write-ahead log, used from asyncio and trio by way of threads."""

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import anyio.to_thread

T = TypeVar("T")

# Seconds for which a process waits for the others; each holds the file for milliseconds.
_LOCK_TIMEOUT = 30.0
_PAUSE = 0.01


class SQLiteFile:
    """One file, opened when it is first needed, which processes of one machine may share.

    It is readable for the user alone who made it. The event loop never waits for the disk.

    Args:
        path: The file.
        schema: The statements that make its tables, if they are not there.
    """

    def __init__(self, path: str | os.PathLike[str], schema: str) -> None:
        self.path: Path = Path(path)
        self._schema = schema
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What a function finds in the file."""
        return await anyio.to_thread.run_sync(self._run, work, "BEGIN")

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The same for a function that changes the file, in one transaction."""
        return await anyio.to_thread.run_sync(self._run, work, "BEGIN IMMEDIATE")

    async def aclose(self) -> None:
        """Close the file; the next use opens it again."""

        def close() -> None:
            with self._lock:
                database, self._database = self._database, None
                if database is not None:
                    database.close()

        await anyio.to_thread.run_sync(close)

    def _run(self, work: Callable[[sqlite3.Connection], T], begin: str) -> T:
        with self._lock:
            try:
                if self._database is None:
                    self._database = _open(self.path, self._schema)
                with self._database:  # which commits, or rolls back
                    self._database.execute(begin)
                    return work(self._database)
            except sqlite3.Error as error:
                error.args = (f"{self.path}: {error}",)
                raise


def _open(path: Path, schema: str) -> sqlite3.Connection:
    if not path.parent.exists():
        raise FileNotFoundError(errno.ENOENT, "the folder does not exist", str(path.parent))
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    database = sqlite3.connect(path, timeout=_LOCK_TIMEOUT, check_same_thread=False)
    try:
        _use_write_ahead_log(database)
        database.execute("PRAGMA synchronous = NORMAL")
        database.executescript(schema)
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
