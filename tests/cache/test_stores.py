"""Answer stores: in memory, in an SQLite file, in Redis."""

import importlib
import secrets
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from musement_async import ArgumentError, sqlite_file
from musement_async.cache import CacheKey, MemoryCacheStore, SQLiteCacheStore
from musement_async.cache.redis import RedisCacheStore

KEYS = [CacheKey.of(path, number) for number, path in enumerate(["/cities", "/cities/2", "/cities/20", "/venues/2"])]


@pytest.fixture(params=["memory", "sqlite", "redis"])
async def store(request: pytest.FixtureRequest, anyio_backend_name: str, tmp_path: Path) -> AsyncIterator[Any]:
    if request.param == "memory":
        yield MemoryCacheStore()
    elif request.param == "sqlite":
        async with SQLiteCacheStore(tmp_path / "answers.sqlite") as store:
            yield store
    elif anyio_backend_name == "asyncio":
        prefix = f"test-[{secrets.token_hex(8)}]*:"
        async with RedisCacheStore(request.getfixturevalue("redis_url"), prefix=prefix) as store:
            yield store
            await store.purge()
    else:
        yield None


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def kept(store: Any) -> list[str]:
    return [key.path for key in KEYS if await store.load(key) is not None]


@pytest.mark.anyio
async def test_values_are_kept_replaced_and_purged_by_path(store: Any) -> None:
    if store is None:
        return  # redis-py knows asyncio only
    for key in KEYS:
        assert await store.load(key) is None
        await store.save(key, b"old", keep=60)
        await store.save(key, b"\x00value of " + key.path.encode(), keep=60)
    assert await store.load(KEYS[1]) == b"\x00value of /cities/2"
    assert await store.load(CacheKey("/cities/2", "another")) is None
    assert await store.size() >= sum(len(key.path) + 10 for key in KEYS)
    await store.purge("/cities/2")
    assert await kept(store) == ["/cities", "/cities/20", "/venues/2"]
    await store.purge("/cities", below=False)
    assert await kept(store) == ["/cities/20", "/venues/2"]
    await store.purge("/cities")
    assert await kept(store) == ["/venues/2"]
    await store.purge()
    assert await kept(store) == []
    assert await store.size() == 0


@pytest.mark.anyio
async def test_a_value_ends_with_its_time(store: Any) -> None:
    if store is None:
        return
    await store.save(KEYS[0], b"value", keep=0.001)
    with anyio.fail_after(10):
        while await store.load(KEYS[0]) is not None:  # noqa: ASYNC110 - the store's own clock
            await anyio.sleep(0.001)


@pytest.mark.anyio
async def test_memory_is_bounded_and_what_was_used_last_stays() -> None:
    store = MemoryCacheStore(max_bytes=2000)
    for key in KEYS[:3]:
        await store.save(key, bytes(200), keep=60)
    assert await store.load(KEYS[0]) is not None
    await store.save(KEYS[3], bytes(200), keep=60)
    assert await kept(store) == ["/cities", "/cities/20", "/venues/2"]
    await store.save(KEYS[3], bytes(2000), keep=60)  # never fits, and the older value is not the newest any more
    assert await kept(store) == ["/cities", "/cities/20"]
    for number in range(1000):
        await store.save(CacheKey.of("/a", number), bytes(300), keep=60)
        assert await store.size() <= 2000


@pytest.mark.anyio
async def test_a_file_is_bounded_and_what_expires_first_is_dropped(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("musement_async.cache.sqlite._SAVES_BETWEEN_SWEEPS", 1)
    async with SQLiteCacheStore(tmp_path / "a.sqlite", max_bytes=1000) as store:
        for number, key in enumerate(KEYS):
            await store.save(key, bytes(300), keep=60 + number)
        assert await kept(store) == ["/cities/2", "/cities/20", "/venues/2"]
        assert await store.size() == 900
        await store.save(CacheKey("/large", "a"), bytes(2000), keep=100)
        assert await store.size() == 0


@pytest.mark.anyio
async def test_a_file_is_for_its_user_alone_and_outlives_the_store(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    async with SQLiteCacheStore(path) as store:
        await store.save(KEYS[0], b"value", keep=60)
        assert repr(store) == f"SQLiteCacheStore({str(path)!r})"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert files(tmp_path) == ["a.sqlite"], "the store is closed, so its log is gone"
    async with SQLiteCacheStore(path) as store:
        assert await store.load(KEYS[0]) == b"value"
    await store.aclose()


@pytest.mark.anyio
async def test_a_file_that_is_no_database_is_an_error_of_the_store(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(sqlite3.DatabaseError) as raised:
        await SQLiteCacheStore(path).load(KEYS[0])
    assert str(raised.value) == f"{path}: file is not a database"


@pytest.mark.anyio
async def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    with pytest.raises(FileNotFoundError) as raised:
        await SQLiteCacheStore(folder / "a.sqlite").load(KEYS[0])
    assert (raised.value.strerror, raised.value.filename) == ("the folder does not exist", str(folder))


@pytest.mark.anyio
async def test_the_first_to_open_a_file_wait_for_each_other(tmp_path: Path, monkeypatch: Any) -> None:
    real, tries = sqlite3.connect, []

    class Busy(sqlite3.Connection):
        def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
            if "journal_mode" in sql:
                tries.append(sql)
                if len(tries) < 3 or is_stuck:
                    raise sqlite3.OperationalError("database is locked")
            return super().execute(sql, *arguments)

    monkeypatch.setattr("sqlite3.connect", lambda *a, **k: real(*a, factory=Busy, **k))
    is_stuck = False
    async with SQLiteCacheStore(tmp_path / "a.sqlite") as store:
        await store.save(KEYS[0], b"value", keep=60)
    assert len(tries) == 3
    is_stuck = True
    monkeypatch.setattr(sqlite_file, "_LOCK_TIMEOUT", 0.0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await SQLiteCacheStore(tmp_path / "b.sqlite").load(KEYS[0])


PROCESS = """
import sys, anyio
from musement_async.cache import CacheKey, SQLiteCacheStore

async def main():
    async with SQLiteCacheStore(sys.argv[1]) as store:
        for number in range(40):
            key = CacheKey.of(f"/cities/{number % 7}", number)
            await store.save(key, bytes(1000), keep=60)
            await store.load(key)
            if number % 10 == 0:
                await store.purge("/cities/3")
anyio.run(main)
"""


@pytest.mark.asyncio
async def test_eight_processes_share_a_file_without_an_error(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROCESS, str(tmp_path / "a.sqlite")]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(8)]  # noqa: ASYNC220 - ours
    for process in processes:
        _, errors = await anyio.to_thread.run_sync(process.communicate)
        assert (process.returncode, errors) == (0, b"")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "musement_async.cache.redis")
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(ImportError, match="the extra 'redis'"):
        importlib.import_module("musement_async.cache.redis")


@pytest.mark.parametrize("max_bytes", [0, -1, 1.5, True, "1"])
def test_a_bound_is_a_number_of_bytes(max_bytes: Any, tmp_path: Path) -> None:
    for make in (MemoryCacheStore, lambda max_bytes: SQLiteCacheStore(tmp_path / "a", max_bytes=max_bytes)):
        with pytest.raises(ArgumentError, match=r"^max_bytes: "):
            make(max_bytes)


@pytest.mark.asyncio
async def test_redis_is_given_as_a_client_or_a_url(redis_url: str) -> None:
    import redis.asyncio

    with pytest.raises(ArgumentError, match=r"^redis: must be a client"):
        RedisCacheStore("http://127.0.0.1")
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        store = RedisCacheStore(client, prefix="test-given:")
        assert repr(store) == "RedisCacheStore(prefix='test-given:')"
        await store.save(KEYS[0], b"value", keep=60)
        await store.aclose()
        assert await store.load(KEYS[0]) == b"value"  # the client is not the store's to close
        for number in range(1200):
            await store.save(CacheKey.of("/many", number), b"v", keep=60)
        await store.purge()
        assert await store.size() == 0
