"""Tokens in files, for the processes of one machine."""

import logging
import os
import random
import re
import secrets
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread

from musement_async.auth.token import Token, token_from_json, token_to_json
from musement_async.errors import ArgumentError, TokenStoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock

T = TypeVar("T")

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.05
_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")

_log = logging.getLogger("musement_async.stores")


class FileTokenStore:
    """Keeps tokens in a directory that processes of one machine share, on asyncio and trio.

    Each session has two files there: ``<key>.json`` holds its token, and ``<key>.lock`` is what processes lock. Only
    the user who runs them can read these files. A token is replaced in one step, so no reader sees half of one. The
    lock is the operating system's: it ends with the process that holds it, however that ends, and excludes the threads
    and event loops of one process from each other as well.

    Needs the extra ``file``: ``pip install "musement-async[file]"``.

    Args:
        directory: Where the files are; made with mode 0700 when it is first needed.

    Raises:
        ImportError: The extra is not installed.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        try:
            import_module("filelock")  # rather here than in the middle of a call
        except ModuleNotFoundError as missing:
            message = 'FileTokenStore needs filelock: pip install "musement-async[file]"'
            raise ImportError(message, name=missing.name) from missing
        self._directory = Path(directory)

    def __repr__(self) -> str:
        return f"FileTokenStore({str(self._directory)!r})"

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session.

        A file that holds no token is renamed to ``<key>.json.damaged-…``, which a warning says, and counts as absent.

        Raises:
            TokenStoreError: Its file cannot be read.
        """
        path = self._path(key, "json")
        return await _in_thread(lambda: _read(path), f"{path} could not be read")

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token.

        Raises:
            TokenStoreError: Its file cannot be written.
        """
        path = self._path(key, "json")
        write = _Write(path, token_to_json(token))
        try:
            await _in_thread(write.run, f"{path} could not be written")
        finally:
            write.abandoned = True

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None, None]:
        """The lock on a session's renewal.

        Raises:
            TokenStoreError: The lock's file cannot be opened or locked.
        """
        path = self._path(key, "lock")
        problem = f"{path} could not be locked"
        hold = _Hold(path)
        pause = _FIRST_PAUSE
        try:
            while not await _in_thread(hold.attempt, problem):
                await anyio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - not cryptography
                pause = min(2 * pause, _LONGEST_PAUSE)
            yield
        finally:
            try:
                await _in_thread(hold.release, problem)
            finally:
                hold.abandon()  # a cancelled task's thread is not even started

    def _path(self, key: str, ending: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ArgumentError("key", "must be 1 to 128 letters, digits, hyphens and underscores")
        return self._directory / f"{key}.{ending}"


class _Hold:
    """One hold on a lock, which is given back exactly once, by whichever thread comes to it first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: list[BaseFileLock] = []
        self._abandoned = False

    def attempt(self) -> bool:
        """Take the lock if it is free."""
        import filelock

        _make_private(self._path.parent)
        # One for each hold: filelock's own objects let their holder in again.
        lock: BaseFileLock = filelock.FileLock(self._path, mode=0o600, thread_local=False)
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        if isinstance(lock, filelock.SoftFileLock):
            lock.release()
            raise NotImplementedError("the file system has no locks that end with their process")
        self._held.append(lock)
        if self._abandoned:
            self.release()
        return True

    def release(self) -> None:
        """Give the lock back, if it is held."""
        with suppress(IndexError):  # nothing is held any more
            self._held.pop().release()

    def abandon(self) -> None:
        """Give the lock back, and see to it that a thread that is still about to take it does so too."""
        self._abandoned = True
        self.release()


class _Write:
    """One replacement of a file, which does not come to pass any more once nobody waits for it."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self.abandoned = False

    def run(self) -> None:
        _make_private(self._path.parent)
        # Made with mode 0600.
        descriptor, name = tempfile.mkstemp(prefix=f".{self._path.stem}-", suffix=".new", dir=self._path.parent)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor has no path
                file.write(self._text)
                file.flush()
                os.fsync(file.fileno())
            if not self.abandoned:
                Path(name).replace(self._path)
        finally:
            Path(name).unlink(missing_ok=True)


def _make_private(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)


def _read(path: Path) -> Token | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    token = token_from_json(content)
    if token is None:
        _set_aside(path, content)
    return token


def _set_aside(path: Path, content: bytes) -> None:
    aside = path.with_name(f"{path.name}.damaged-{secrets.token_hex(4)}")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return  # somebody else did
    if aside.read_bytes() == content:
        _log.warning("the token file %s is damaged; it is now %s", path, aside.name)
        return
    # Replaced by a good one since it was read: that goes back, unless there is an even newer one.
    with suppress(FileExistsError):
        path.hardlink_to(aside)
    aside.unlink()


async def _in_thread(work: Callable[[], T], problem: str) -> T:
    """Let a thread do it: a network's file system may hang, and then only the thread does."""
    try:
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
    except (NotImplementedError, OSError) as error:
        raise TokenStoreError(f"{problem}: {type(error).__name__}: {error}") from error
