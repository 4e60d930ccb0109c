"""The token store in files."""

import asyncio
import errno
import hashlib
import json
import os
import random
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

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
    return [path for path in folder.rglob("*") if path.is_file()]


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
    assert oct(mode(folder)) == oct(mode(folder / KEY[:2])) == oct(0o700)


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
def test_a_damaged_file_that_was_replaced_meanwhile_keeps_its_replacement(
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
async def test_a_write_whose_caller_was_cancelled_replaces_nothing(
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


def place_of(folder: Path, ending: str = "json") -> Path:
    return folder / KEY[:2] / f"{KEY}.{ending}"


async def assert_refused(store: FileTokenStore, problem: str) -> None:
    with pytest.raises(TokenStoreError, match=problem):
        await store.load(KEY)
    with pytest.raises(TokenStoreError, match=problem):
        await store.save(KEY, TOKEN)


def make_open(folder: Path, mode: int) -> None:
    folder.mkdir(parents=True)
    folder.chmod(mode)


@pytest.mark.anyio
@pytest.mark.parametrize("others", [0o755, 0o770, 0o701])
async def test_a_directory_that_is_open_to_others_is_refused(folder: Path, others: int) -> None:
    make_open(folder, others)
    store = FileTokenStore(folder)
    await assert_refused(store, r"tokens must belong to this user and be closed to others \(chmod 700\)")
    with pytest.raises(TokenStoreError, match="must belong to this user"):
        async with store.exclusive(KEY):
            pytest.fail("it cannot be locked")
    assert within(folder) == []


@pytest.mark.anyio
async def test_a_directory_of_somebody_else_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    ours = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: ours + 1)
    await assert_refused(store, "tokens must belong to this user")


@pytest.mark.anyio
async def test_a_file_of_somebody_else_in_a_tokens_place_is_refused_by_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    real = Path.lstat
    foreign = SimpleNamespace(st_mode=stat.S_IFREG | 0o600, st_uid=os.geteuid() + 1)
    monkeypatch.setattr(Path, "lstat", lambda path: foreign if path.suffix == ".json" else real(path))
    await assert_refused(store, f"{KEY}.json could not be .*: it belongs to another user")


@pytest.mark.anyio
@pytest.mark.parametrize("ending", ["json", "lock"])
@pytest.mark.parametrize("kind", ["symbolic link", "pipe"])
async def test_an_object_that_is_not_a_file_is_refused_by_name(folder: Path, ending: str, kind: str) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    place, elsewhere = place_of(folder, ending), folder.parent / "elsewhere"
    put_in_place(kind, place, elsewhere)
    with anyio.fail_after(100):
        if ending == "json":
            await assert_refused(store, rf"{KEY}\.json could not be .*: it is a .*{kind}")
        else:
            with pytest.raises(TokenStoreError, match=rf"{KEY}\.lock could not be locked: .* it is a .*{kind}"):
                async with store.exclusive(KEY):
                    pytest.fail("it cannot be locked")
    assert within(folder.parent).count(elsewhere) == 1


@pytest.mark.anyio
async def test_sessions_are_spread_over_folders(folder: Path) -> None:
    store = FileTokenStore(folder)
    for number in range(50):
        await store.save(hashlib.sha256(bytes([number])).hexdigest(), TOKEN)
    folders = {path.parent for path in within(folder)}
    assert {path.parent for path in folders} == {folder}
    assert len(folders) > 30


def put_in_place(kind: str, place: Path, elsewhere: Path) -> None:
    place.unlink(missing_ok=True)
    elsewhere.write_text("")
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(elsewhere)


DAY = 24 * 3600


def age(path: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(path, (then, then))


@pytest.mark.anyio
async def test_a_token_that_was_not_saved_for_long_is_not_found(folder: Path) -> None:
    store, token = FileTokenStore(folder, max_idle=10 * DAY), Token(access_token="A", refresh_token="R")
    await store.save(KEY, token)
    age(place_of(folder), 9)
    assert await store.load(KEY) == token
    age(place_of(folder), 11)
    assert await store.load(KEY) is None


@pytest.mark.anyio
async def test_saves_remove_tokens_of_other_sessions_that_were_not_saved_for_long(folder: Path) -> None:
    store = FileTokenStore(folder, max_idle=10 * DAY)
    fresh, held, locked = KEY[:-1] + "0", KEY[:-1] + "1", f"cart-{UUID(int=1)}"
    for key in (KEY, fresh, held):
        async with store.exclusive(key):
            await store.save(key, TOKEN)
    async with store.exclusive(locked):
        pass
    damaged = place_of(folder).with_name(f"{KEY}.json.damaged-1")
    damaged.write_text("")
    (folder / "of somebody else").write_text("")
    for path in within(folder):
        age(path, 11)
    async with store.exclusive(held):
        left = {f"{fresh}.json", f"{held}.json", f"{held}.lock", "of somebody else"}
        for _ in range(100):  # each save sweeps one of the folders
            await store.save(fresh, TOKEN)
            if len(within(folder)) == len(left):
                break
        assert {path.name for path in within(folder)} == left


def test_a_lock_that_is_swept_lets_no_two_in(tmp_path: Path) -> None:
    store, key = FileTokenStore(tmp_path), f"cart-{UUID(int=1)}"
    inside: list[int] = []
    swept = 0

    async def work() -> None:
        for _ in range(30):
            async with store.exclusive(key):
                inside.append(1)
                await anyio.sleep(0.001)  # lets other threads run
                assert len(inside) == 1
                inside.pop()

    with ThreadPoolExecutor(3) as threads:
        working = [threads.submit(anyio.run, work) for _ in range(3)]
        while not all(one.done() for one in working):
            had = len(within(tmp_path))
            files._sweep(tmp_path / key[:2], time.time() + DAY)
            swept += had > len(within(tmp_path))
    assert [one.result() for one in working] == [None] * 3
    assert swept


@pytest.mark.parametrize("meanwhile", ["saved", "removed"])
def test_a_file_that_is_saved_or_removed_meanwhile_is_not_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    path = tmp_path / "token.json"
    path.write_text("")
    age(path, 11)
    attempt = files._Hold.attempt

    def attempt_late(hold: Any) -> bool:
        if meanwhile == "saved":
            path.write_text("new")
        else:
            path.unlink()
        return attempt(hold)

    monkeypatch.setattr(files._Hold, "attempt", attempt_late)
    monkeypatch.setattr(files, "_make_private", lambda _folder: None)
    files._sweep(tmp_path, time.time() - 10 * DAY)
    assert path.exists() == (meanwhile == "saved")
    assert attempt(files._Hold(tmp_path / "token.lock"))


@pytest.mark.anyio
async def test_deleting_removes_damaged_copies_too(folder: Path) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    place_of(folder).write_text("damaged")
    assert await store.load(KEY) is None
    await store.save(KEY, TOKEN)
    assert len(within(folder)) == 2
    await store.delete(KEY)
    assert within(folder) == []


@pytest.mark.anyio
async def test_a_file_of_an_older_version_is_read(folder: Path) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    members = json.loads(place_of(folder).read_text())
    assert members["version"] == 1
    del members["version"], members["started_at"]
    place_of(folder).write_text(json.dumps(members))
    assert await store.load(KEY) == TOKEN


@pytest.mark.anyio
async def test_a_file_of_a_newer_version_is_read_as_far_as_it_is_known(folder: Path) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    members = json.loads(place_of(folder).read_text())
    place_of(folder).write_text(json.dumps({**members, "version": 7, "more": {"a": 1}}))
    assert await store.load(KEY) == TOKEN


@pytest.mark.anyio
async def test_a_file_of_a_newer_version_that_cannot_be_read_is_left_where_it_is(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = FileTokenStore(folder)
    await store.save(KEY, TOKEN)
    place_of(folder).write_text('{"version": 7, "tokens": ["very-secret"]}')
    assert await store.load(KEY) is None
    assert "was written by a newer version; it counts as absent" in caplog.text
    assert within(folder) == [place_of(folder)]


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


@pytest.mark.anyio
async def test_a_file_system_without_locks_is_an_error_and_not_a_lock_that_outlives_its_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr("fcntl.flock", flock)
    with pytest.raises(TokenStoreError, match=r"could not be locked: OSError: .*Function not implemented"):
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
    with pytest.raises(ImportError, match=r"the extra 'file'"):
        FileTokenStore("tokens")
