"""The token store in files, for the processes of one machine."""

import logging
import os
import random
import re
import secrets
import stat
import tempfile
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread

from musement_async._extras import install
from musement_async.auth.token import Token, is_of_newer_version, token_from_json, token_to_json
from musement_async.errors import ArgumentError, TokenStoreError
from musement_async.stores.lifetime import MAX_AGE, MAX_IDLE, Lifetime

if TYPE_CHECKING:
    from filelock import BaseFileLock

T = TypeVar("T")

_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.05
_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")

_log = logging.getLogger("musement_async.stores")


class FileTokenStore:
    """Keeps tokens in a directory that processes of one machine share, on asyncio and trio.

    Each session has two files in a folder that is named after the beginning of its key: ``<key>.json`` holds its token,
    and processes lock ``<key>.lock``. Only the user who runs the processes can read these files. A token is replaced in
    one step, so no reader gets a part of one. The lock is the operating system's: it ends with its process, even after
    a crash, and also separates the threads and event loops of one process. Each save removes the sessions of one folder
    that were not saved for ``max_idle``.

    All methods raise a ``TokenStoreError`` if a file cannot be read, written, removed or locked.

    Needs the extra ``file``.

    Args:
        directory: The directory for the files, created with mode 0700 when it is first needed. A directory that belongs
            to another user, or that others can read, is refused.
        max_idle: How long a token is kept after it was saved, in seconds or as a timedelta.
        max_age: How long a session is kept after it began, however often its token was refreshed.

    Raises:
        ArgumentError: An argument cannot work; the error names it.
        ImportError: The extra is not installed.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        max_idle: float | timedelta = MAX_IDLE,
        max_age: float | timedelta = MAX_AGE,
    ) -> None:
        try:
            import_module("filelock")  # fails here, not in the middle of a call
        except ModuleNotFoundError as missing:
            raise ImportError(f"FileTokenStore needs filelock: {install('file')}", name=missing.name) from missing
        self._directory = Path(directory)
        self._lifetime = Lifetime(max_idle, max_age)

    def __repr__(self) -> str:
        return f"FileTokenStore({str(self._directory)!r})"

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session.

        A file without a token is renamed to ``<key>.json.damaged-…``, logged as a warning, and counts as absent.
        """
        path = self._path(key, "json")
        return await _in_thread(lambda: _read(path, self._lifetime), f"{path} could not be read")

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token."""
        path = self._path(key, "json")
        abandoned = threading.Event()
        write = partial(_write, path, token_to_json(token), self._lifetime.max_idle, abandoned)
        try:
            await _in_thread(write, f"{path} could not be written")
        finally:
            abandoned.set()

    async def delete(self, key: str) -> None:
        """Forget a session's token."""
        path = self._path(key, "json")

        def delete() -> None:
            for file in path.parent.glob(f"{path.name}*"):  # damaged copies as well
                file.unlink(missing_ok=True)

        await _in_thread(delete, f"{path} could not be removed")

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None, None]:
        """The lock on a session's renewal."""
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
        return self._directory / key[:2] / f"{key}.{ending}"


class _Hold:
    """One hold on a lock, which one of two threads releases exactly once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: list[BaseFileLock] = []
        self._abandoned = False

    def attempt(self) -> bool:
        """Take the lock if it is free."""
        import filelock

        _make_private(self._path.parent)
        _check_is_ours(self._path)
        # One object for each hold, because filelock's objects are reentrant. Soft locks, which are only files, would
        # outlive their process.
        lock: BaseFileLock = filelock.FileLock(self._path, mode=0o600, thread_local=False, fallback_to_soft=False)
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        self._held.append(lock)
        if self._abandoned:
            self.release()
        return True

    def release(self) -> None:
        """Release the lock, if it is held."""
        with suppress(IndexError):  # the lock is not held any more
            self._held.pop().release()

    def abandon(self) -> None:
        """Release the lock; a thread that is still taking it will release it too."""
        self._abandoned = True
        self.release()


def _write(path: Path, text: str, max_idle: float, abandoned: threading.Event) -> None:
    """Replace a file, unless the caller has been cancelled before."""
    _make_private(path.parent)
    _check_is_ours(path)
    # Made with mode 0600.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".new", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor has no path
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if not abandoned.is_set():
            Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    _sweep(random.choice(list(path.parents[1].iterdir())), time() - max_idle)  # noqa: S311 - the same


def _make_private(folder: Path) -> None:
    """Create the folder of a session; refuse a directory that others can read or that belongs to another user."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_is_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def _check_is_private(directory: Path) -> None:
    status = directory.stat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(f"{directory} is not a directory")
    if os.name == "posix" and (status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077):
        raise PermissionError(f"{directory} must belong to this user and be closed to others (chmod 700)")


def _check_is_ours(path: Path) -> None:
    """Refuse anything that is not a file of this user."""
    with suppress(FileNotFoundError):
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "a directory, a pipe or a device"
            raise PermissionError(f"it is {kind}")
        if os.name == "posix" and status.st_uid != os.geteuid():
            raise PermissionError("it belongs to another user")


def _read(path: Path, lifetime: Lifetime) -> Token | None:
    try:
        _check_is_private(path.parents[1])
        _check_is_ours(path)
        content, saved_at = path.read_bytes(), path.stat().st_mtime
    except FileNotFoundError:
        return None
    token = token_from_json(content)
    if token is not None:
        return token if lifetime.seconds_left(token, max(0.0, time() - saved_at)) > 0 else None
    if is_of_newer_version(content):
        _log.warning("the token file %s was written by a newer version; it counts as absent", path)
    else:
        _set_aside(path, content)
    return None


def _sweep(folder: Path, before: float) -> None:
    """Remove the sessions that were not saved since ``before``. The lock file of a session in use is made again."""
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):  # another process may have been faster
            if path.suffix in {".json", ".lock"}:
                _sweep_session(path, before)
            elif _is_older(path, before):
                path.unlink()


def _sweep_session(path: Path, before: float) -> None:
    lock = path.with_suffix(".lock")
    hold = _Hold(lock)
    if _is_older(path, before) and hold.attempt():
        try:
            if _is_older(path, before):
                # The lock file last, and once: after that, others continue, and the next file of its name is theirs.
                for file in dict.fromkeys((path, lock)):
                    file.unlink()
        finally:
            hold.release()


def _is_older(path: Path, before: float) -> bool:
    return path.lstat().st_mtime < before


def _set_aside(path: Path, content: bytes) -> None:
    aside = path.with_name(f"{path.name}.damaged-{secrets.token_hex(4)}")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return  # another process has moved it
    if aside.read_bytes() == content:
        _log.warning("the token file %s is damaged; it is now %s", path, aside.name)
        return
    # The file was replaced by a valid one since it was read. The valid one goes back, unless there is a newer one.
    with suppress(FileExistsError):
        path.hardlink_to(aside)
    aside.unlink()


async def _in_thread(work: Callable[[], T], problem: str) -> T:
    """Run the work in a thread: if a network file system hangs, only the thread hangs."""
    try:
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
    except OSError as error:
        raise TokenStoreError(f"{problem}: {type(error).__name__}: {error}") from error
