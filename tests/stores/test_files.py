"""Tokens in files."""

import asyncio
import errno
import random
import stat
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.from_thread
import anyio.lowlevel
import anyio.to_thread
import pytest

from musement_async import ArgumentError, FileTokenStore, Token, TokenStoreError
from musement_async.stores import files

KEY = "a" * 64
TOKEN = Token(access_token="very-secret-A", refresh_token="very-secret-R", expires_in=3600)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "tokens"


def within(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.anyio
async def test_only_their_owner_may_read_the_files_whatever_the_umask(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    created: list[int] = []
    real: Callable[..., tuple[int, str]] = tempfile.mkstemp

    def mkstemp(**options: Any) -> tuple[int, str]:
        descriptor, name = real(**options)
        created.append(mode(Path(name)))
        return descriptor, name

    monkeypatch.setattr("tempfile.mkstemp", mkstemp)
    store = FileTokenStore(str(folder))
    async with store.exclusive(KEY):
        await store.save(KEY, TOKEN)
    assert created == [0o600]
    assert {path.name: oct(mode(path)) for path in within(folder)} == {
        f"{KEY}.json": oct(0o600),
        f"{KEY}.lock": oct(0o600),
    }
    assert oct(mode(folder)) == oct(0o700)


DAMAGED = {
    "empty": b"",
    "half": b'{"access_token": "very-secr',
    "no text": b"\xff\xfe",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "lacking": b'{"access_token": "very-secret"}',
    "no token": b'{"access_token": "very secret", "refresh_token": null, "expires_in": null, "expires_at": null, '
    b'"scope": null}',
    "a date without zone": b'{"access_token": "very-secret", "refresh_token": null, "expires_in": null, '
    b'"expires_at": "2030-01-01T00:00:00", "scope": null}',
    "a bool": b'{"access_token": "very-secret", "refresh_token": null, "expires_in": true, "expires_at": null, '
    b'"scope": null}',
    "a number": b'{"access_token": "very-secret", "refresh_token": null, "expires_in": null, "expires_at": null, '
    b'"scope": 1}',
}


@pytest.mark.anyio
@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
async def test_a_damaged_file_is_reported_set_aside_and_taken_as_absent(
    folder: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    (path,) = within(folder)
    path.write_bytes(content)
    assert await store.load(KEY) is None
    (aside,) = within(folder)
    assert aside.name.startswith(f"{KEY}.json.damaged-")
    assert aside.read_bytes() == content
    assert f"the token file {path} is damaged; it is now {aside.name}" in caplog.text
    assert "secr" not in caplog.text
    await store.save(KEY, TOKEN)
    assert await store.load(KEY) == TOKEN


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [
        (lambda path: path.unlink(), []),
        (lambda path: path.write_bytes(b"good"), [b"good"]),
    ],
    ids=["somebody else set it aside", "somebody else replaced it"],
)
def test_what_happens_to_a_damaged_file_meanwhile_is_not_undone(
    tmp_path: Path, meanwhile: Callable[[Path], None], left: list[bytes]
) -> None:
    path = tmp_path / "token.json"
    path.write_bytes(b"bad")
    meanwhile(path)
    files._set_aside(path, b"bad")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == left


@pytest.mark.anyio
async def test_a_write_that_fails_leaves_the_old_token_and_no_litter(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    monkeypatch.setattr("os.fsync", fsync)
    with pytest.raises(TokenStoreError, match=r"could not be written: OSError: .*No space left") as caught:
        await store.save(KEY, Token(access_token="B"))
    assert "very-secret" not in str(caught.value)
    assert await store.load(KEY) == TOKEN
    assert len(within(folder)) == 1


@pytest.mark.anyio
async def test_a_write_that_nobody_waits_for_any_more_replaces_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    hanging, go_on, done = anyio.Event(), threading.Event(), threading.Event()
    unlink = Path.unlink

    def fsync(_descriptor: int) -> None:
        anyio.from_thread.run_sync(hanging.set)
        assert go_on.wait(20)

    def unlink_and_tell(path: Path, **options: Any) -> None:
        unlink(path, **options)
        done.set()

    monkeypatch.setattr("os.fsync", fsync)
    monkeypatch.setattr(Path, "unlink", unlink_and_tell)
    with anyio.fail_after(100):
        async with anyio.create_task_group() as group:
            group.start_soon(store.save, KEY, Token(access_token="too-late"))
            await hanging.wait()
            group.cancel_scope.cancel()
        go_on.set()
        await anyio.to_thread.run_sync(done.wait, 20)
    assert await store.load(KEY) == TOKEN
    assert len(within(folder)) == 1


@pytest.mark.anyio
async def test_a_directory_that_cannot_be_used_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = FileTokenStore(tmp_path / "file")
    with pytest.raises(TokenStoreError, match=r"file.*could not be read: NotADirectoryError"):
        await store.load(KEY)
    with pytest.raises(TokenStoreError, match=r"file.*could not be written: "):
        await store.save(KEY, TOKEN)
    with pytest.raises(TokenStoreError, match=r"file.*could not be locked: "):
        async with store.exclusive(KEY):
            pytest.fail("it cannot be locked")


@pytest.mark.anyio
@pytest.mark.parametrize("key", ["", "../a", "a/b", "a.b", "a" * 129, "a\n"])
async def test_no_key_leaves_the_directory(folder: Path, key: str) -> None:
    store = FileTokenStore(folder)
    with pytest.raises(ArgumentError, match="key"):
        await store.load(key)
    with pytest.raises(ArgumentError, match="key"):
        await store.save(key, TOKEN)
    with pytest.raises(ArgumentError, match="key"):
        async with store.exclusive(key):
            pytest.fail("it cannot be locked")


@pytest.mark.filterwarnings("ignore:flock not supported")
@pytest.mark.anyio
async def test_a_file_system_without_locks_is_an_error_and_not_a_lock_that_outlives_its_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(TokenStoreError, match="could not be locked: NotImplementedError"):
        async with FileTokenStore(folder).exclusive(KEY):
            pytest.fail("it cannot be locked")


@pytest.mark.anyio
async def test_threads_with_event_loops_of_their_own_exclude_each_other(folder: Path) -> None:
    inside, times = 0, 0
    store = FileTokenStore(folder)

    async def work() -> None:
        nonlocal inside, times
        for _ in range(5):
            async with store.exclusive(KEY):
                assert inside == 0
                inside += 1
                await anyio.lowlevel.checkpoint()
                times += 1
                inside -= 1

    async def work_in_thread(backend: str) -> None:
        await anyio.to_thread.run_sync(lambda: anyio.run(work, backend=backend))

    with anyio.fail_after(100):
        async with anyio.create_task_group() as group:
            for backend in ("asyncio", "trio", "asyncio"):
                group.start_soon(work_in_thread, backend)
            await work()
    assert times == 20


@pytest.mark.asyncio
async def test_no_cancellation_of_a_task_leaves_the_lock_behind(folder: Path) -> None:
    store = FileTokenStore(folder)

    async def hold() -> None:
        async with store.exclusive(KEY):
            await asyncio.sleep(random.uniform(0, 0.001))

    for _ in range(100):
        task = asyncio.create_task(hold())
        await asyncio.sleep(random.uniform(0, 0.004))
        task.cancel()
        await asyncio.wait([task])
    async with asyncio.timeout(5):
        async with store.exclusive(KEY):
            pass


def test_a_lock_that_is_taken_after_it_was_given_up_is_given_back(tmp_path: Path) -> None:
    late, next_one = files._Hold(tmp_path / "lock"), files._Hold(tmp_path / "lock")
    late.abandon()
    assert late.attempt()
    assert next_one.attempt()
    assert not late.attempt()
    next_one.release()


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "filelock", None)
    with pytest.raises(ImportError, match=r'pip install "musement-async\[file\]"'):
        FileTokenStore("tokens")
