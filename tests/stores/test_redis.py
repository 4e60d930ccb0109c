"""The token store in Redis."""

import asyncio
import importlib
import random
import secrets
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import anyio
import pytest
import redis.asyncio

from musement_async import ArgumentError, Token, TokenStoreError
from musement_async.stores.redis import RedisTokenStore

KEY = "a" * 64
OTHER = "b" * 64
TOKEN = Token(access_token="very-secret-A", refresh_token="very-secret-R", expires_in=3600)
DAY = 24 * 3600


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(8)}:"


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[redis.asyncio.Redis]:
    async with redis.asyncio.Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


@pytest.fixture
async def open_store(redis_url: str, prefix: str) -> AsyncIterator[Callable[..., RedisTokenStore]]:
    stores: list[RedisTokenStore] = []

    def open_store(place: Any = redis_url, **options: Any) -> RedisTokenStore:
        stores.append(RedisTokenStore(place, prefix=prefix, **options))
        return stores[-1]

    yield open_store
    for store in stores:
        await store.aclose()


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """redis-py supports only asyncio."""
    return "asyncio"


async def until(condition: Callable[[], Any]) -> None:
    """Wait for a change by another task or by Redis; the caller limits the time."""
    while True:
        if await condition():
            return
        await asyncio.sleep(0.005)


@pytest.mark.anyio
async def test_a_session_has_two_keys_without_a_secret_in_one_slot(open_store: Any, client: Any, prefix: str) -> None:
    store = open_store()
    async with store.exclusive(KEY):
        await store.save(KEY, TOKEN)
        assert {key async for key in client.scan_iter(f"{prefix}*")} == {
            f"{prefix}{{{KEY}}}:lock",
            f"{prefix}{{{KEY}}}:token",
        }
    assert [key async for key in client.scan_iter(f"{prefix}*")] == [f"{prefix}{{{KEY}}}:token"]


REFRESHED = {"refresh_token": "R", "expires_in": 3600}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("saved", "seconds"),
    [
        ((REFRESHED, {}), 90 * DAY),
        ((REFRESHED, {"max_idle": timedelta(days=2)}), 2 * DAY),
        ((REFRESHED, {"max_idle": 60}), 3600),
        (({"refresh_token": "R", "expires_in": 400 * DAY}, {}), 365 * DAY),
        ((REFRESHED | {"started_at": datetime.now(UTC) - timedelta(days=364)}, {}), DAY),
        ((REFRESHED | {"started_at": datetime.now(UTC) - timedelta(days=1)}, {"max_age": 2 * DAY}), DAY),
        (({"expires_in": 60}, {}), 60),
        (({}, {}), 90 * DAY),
    ],
    ids=["default", "timedelta", "too short", "endless", "old", "very old", "no refresh", "no lifetime"],
)
async def test_a_value_stays_as_long_as_its_refresh_token_may_be_good(
    open_store: Any, client: Any, prefix: str, saved: Any, seconds: int
) -> None:
    parts, keep = saved
    await open_store().save(KEY, TOKEN)
    await open_store(**keep).save(KEY, Token(access_token="A", **parts))  # made now, because its lifetime begins here
    left = await client.pttl(f"{prefix}{{{KEY}}}:token")
    assert seconds - 600 < left / 1000 <= seconds


@pytest.mark.anyio
async def test_a_token_that_has_expired_and_cannot_be_refreshed_is_not_kept(open_store: Any) -> None:
    token = Token(access_token="A", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    store = open_store()
    await store.save(KEY, token)
    async with asyncio.timeout(100):
        await until(lambda: is_gone(store))


async def is_gone(store: RedisTokenStore) -> bool:
    return await store.load(KEY) is None


@pytest.mark.anyio
async def test_the_lock_of_a_dead_holder_ends_with_its_lease(open_store: Any, client: Any, prefix: str) -> None:
    lock = f"{prefix}{{{KEY}}}:lock"
    await client.set(lock, "the dead", px=300)
    async with asyncio.timeout(100):
        async with open_store().exclusive(KEY):
            assert await client.get(lock) != "the dead"


@pytest.mark.anyio
async def test_a_living_holder_extends_its_lease(open_store: Any, client: Any, prefix: str) -> None:
    lock, extended, last = f"{prefix}{{{KEY}}}:lock", 0, 0
    async with asyncio.timeout(100):
        async with open_store(lease=1).exclusive(KEY):
            owner = await client.get(lock)
            while extended < 4:  # longer than a lease in all
                left = await client.pttl(lock)
                extended += left > last
                last = left
                await asyncio.sleep(0.01)
            await until(lambda: is_held(client, lock, owner))
    assert not await client.exists(lock)


async def is_held(client: Any, lock: str, owner: str) -> bool:
    return bool(await client.get(lock) == owner)


@pytest.mark.anyio
async def test_a_lock_that_redis_forgot_is_taken_again(open_store: Any, client: Any, prefix: str) -> None:
    lock = f"{prefix}{{{KEY}}}:lock"
    async with asyncio.timeout(100):
        async with open_store(lease=0.3).exclusive(KEY):
            owner = await client.get(lock)
            await client.delete(lock)
            await until(lambda: is_held(client, lock, owner))


@pytest.mark.anyio
async def test_a_process_that_lost_the_lock_neither_releases_it_nor_overwrites_a_newer_token(
    open_store: Any, client: Any, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    lock, newer = f"{prefix}{{{KEY}}}:lock", Token(access_token="very-secret-B")
    slow, quick = open_store(lease=0.3), open_store(lease=1000)

    async def told() -> bool:
        return "the lock of a renewal was lost" in caplog.text

    async with asyncio.timeout(100):
        async with slow.exclusive(KEY):
            await client.set(lock, "another")  # as if the process had been suspended for longer than the lease
            await until(told)
            await client.delete(lock)
            async with quick.exclusive(KEY):
                await quick.save(KEY, newer)
                assert "a token was not saved" not in caplog.text
                await slow.save(KEY, TOKEN)
                assert await quick.load(KEY) == newer
                await client.set(lock, "another", keepttl=True)
        assert await client.get(lock) == "another"
    assert "a token was not saved" in caplog.text
    assert "very-secret" not in caplog.text


@pytest.mark.anyio
async def test_a_process_that_lost_the_lock_saves_if_no_newer_token_was_saved(
    open_store: Any, client: Any, prefix: str
) -> None:
    store = open_store()
    async with store.exclusive(KEY):
        await client.set(f"{prefix}{{{KEY}}}:lock", "another", px=10_000)
        await store.save(KEY, TOKEN)
    assert await store.load(KEY) == TOKEN


@pytest.mark.anyio
async def test_a_clock_that_was_set_back_prevents_no_save(open_store: Any, client: Any, prefix: str) -> None:
    future = 2**52
    await client.hset(f"{prefix}{{{KEY}}}:token", mapping={"number": future})
    store = open_store()
    await store.save(KEY, Token(access_token="A"))
    async with store.exclusive(KEY):
        await store.save(KEY, TOKEN)
    assert await store.load(KEY) == TOKEN
    assert await client.hget(f"{prefix}{{{KEY}}}:token", "number") == str(future + 2)


@pytest.mark.anyio
async def test_who_asks_again_because_the_answer_was_lost_has_the_lock(open_store: Any) -> None:
    store = open_store()
    assert await store._acquire(KEY, "me", 5)
    assert await store._acquire(KEY, "me", 5)
    assert await store._acquire(KEY, "you", 5) is None
    await store._release(KEY, "you")
    assert await store._acquire(KEY, "you", 5) is None


async def use(store: RedisTokenStore, method: str) -> None:
    if method == "load":
        await store.load(KEY)
    elif method == "save":
        await store.save(KEY, TOKEN)
    else:
        async with store.exclusive(KEY):
            pytest.fail("nobody has given the lock")


METHODS = pytest.mark.parametrize("method", ["load", "save", "exclusive"])


@pytest.mark.anyio
@METHODS
async def test_a_redis_that_is_not_there_is_an_error_in_bounded_time(
    open_store: Any, unused_tcp_port: int, method: str
) -> None:
    store = open_store(f"redis://127.0.0.1:{unused_tcp_port}", timeout=0.2)
    async with asyncio.timeout(100):
        with pytest.raises(TokenStoreError, match=r"Redis did not answer within 0\.2 s"):
            await use(store, method)


@pytest.mark.anyio
async def test_an_error_says_why_redis_did_not_answer(open_store: Any, unused_tcp_port: int) -> None:
    with pytest.raises(TokenStoreError, match=r"Redis did not answer within 2 s: ConnectionError: "):
        await open_store(f"redis://127.0.0.1:{unused_tcp_port}", timeout=2).load(KEY)


@pytest.mark.anyio
@METHODS
@pytest.mark.parametrize("whose", ["ours", "theirs"])
async def test_a_redis_that_hangs_is_an_error_in_bounded_time(open_store: Any, method: str, whose: str) -> None:
    visits: list[asyncio.Task[None]] = []

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(cast("asyncio.Task[None]", asyncio.current_task()))
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        async with asyncio.timeout(100), redis.asyncio.Redis.from_url(url) as theirs:
            store = open_store(url if whose == "ours" else theirs, timeout=0.2)
            with pytest.raises(TokenStoreError, match=r"Redis did not answer within 0\.2 s"):
                await use(store, method)
            await store.aclose()
        await asyncio.wait(visits)


@pytest.mark.anyio
async def test_a_redis_that_refuses_is_an_error_at_once_without_the_password(open_store: Any, redis_url: str) -> None:
    store = open_store(redis_url.replace("://", "://nobody:very-secret@"))
    assert "very-secret" not in repr(store)
    with pytest.raises(TokenStoreError, match="Redis refused: AuthenticationError") as caught:
        await store.load(KEY)
    assert "very-secret" not in str(caught.value)


@pytest.mark.anyio
@pytest.mark.parametrize("number", ["something", "nan", "inf", "-1", "1e300"])
async def test_a_number_that_cannot_be_one_blocks_no_session(
    open_store: Any, client: Any, prefix: str, number: str
) -> None:
    await client.hset(f"{prefix}{{{KEY}}}:token", mapping={"number": number, "token": "something"})
    store = open_store()
    await store.save(KEY, Token(access_token="A"))
    async with store.exclusive(KEY):
        await store.save(KEY, TOKEN)
    assert await store.load(KEY) == TOKEN


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["string", "list"])
async def test_a_key_that_holds_something_else_is_reported_and_blocks_no_session(
    open_store: Any, client: Any, prefix: str, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def spoil(name: str) -> None:
        await client.delete(f"{prefix}{{{KEY}}}:{name}")
        if kind == "list" or name == "lock":
            await client.rpush(f"{prefix}{{{KEY}}}:{name}", "something")
        else:
            await client.set(f"{prefix}{{{KEY}}}:{name}", "something")

    store = open_store()
    async with asyncio.timeout(100):
        for name in ("token", "lock"):
            await spoil(name)
        assert await store.load(KEY) is None
        assert "is not a token; it counts as absent" in caplog.text
        async with store.exclusive(KEY):
            await spoil("token")
            await store.save(KEY, TOKEN)
            await spoil("lock")
        assert await store.load(KEY) == TOKEN
        async with store.exclusive(KEY):
            pass


@pytest.mark.anyio
async def test_a_value_that_is_not_a_token_is_reported_and_taken_as_absent(
    open_store: Any, client: Any, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    await client.hset(f"{prefix}{{{KEY}}}:token", "token", '{"access_token": "very-secret')
    assert await open_store().load(KEY) is None
    assert f"the value of {prefix}{{{KEY}}}:token is not a token" in caplog.text
    assert "very-secret" not in caplog.text


@pytest.mark.anyio
async def test_a_restart_is_waited_for(start_redis: Any, open_store: Any) -> None:
    server = start_redis()
    store = open_store(server.url, timeout=20)
    await store.save(KEY, TOKEN)
    server.kill()
    async with asyncio.TaskGroup() as group:
        loading = group.create_task(store.load(KEY))
        saving = group.create_task(store.save(OTHER, TOKEN))
        await asyncio.sleep(0.01)
        await asyncio.to_thread(server.start)
    assert loading.result() is None
    assert saving.result() is None
    assert await store.load(OTHER) == TOKEN


@pytest.mark.anyio
async def test_a_redis_that_dies_during_a_renewal_is_reported_and_its_holder_not_held_up(
    start_redis: Any, open_store: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = start_redis()
    store = open_store(server.url, lease=0.3)

    async def told() -> bool:
        return "the lock of a renewal could not be extended" in caplog.text

    async def hold_through_death() -> None:
        async with store.exclusive(KEY):
            await asyncio.to_thread(server.kill)
            store._timeout = 0.2
            await until(told)

    async with asyncio.timeout(100):
        with pytest.raises(TokenStoreError, match="Redis did not answer"):
            await hold_through_death()


@pytest.mark.anyio
async def test_no_cancellation_mixes_answers_up_or_leaves_the_lock_behind(open_store: Any) -> None:
    store = open_store()
    await store.save(KEY, TOKEN)

    async def work() -> None:
        await store.load(KEY)
        async with store.exclusive(KEY):
            await store.save(KEY, TOKEN)

    for _ in range(150):
        task = asyncio.create_task(work())
        await asyncio.sleep(random.uniform(0, 0.004))
        task.cancel()
        await asyncio.wait([task])
        assert await store.load(OTHER) is None
        assert await store.load(KEY) == TOKEN
    async with asyncio.timeout(100):
        async with open_store().exclusive(KEY):
            pass


@pytest.mark.anyio
async def test_closing_waits_for_locks_that_are_being_given_back(redis_url: str, prefix: str, client: Any) -> None:
    async with RedisTokenStore(redis_url, prefix=prefix) as store:
        for _ in range(20):
            task = asyncio.create_task(store._wait_for_lock(KEY, secrets.token_hex(4)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
    assert not await client.exists(f"{prefix}{{{KEY}}}:lock")


@pytest.mark.anyio
@pytest.mark.parametrize("text", [True, False], ids=["decoded", "bytes"])
async def test_a_client_of_yours_stays_open(redis_url: str, prefix: str, text: bool) -> None:  # noqa: FBT001
    async with redis.asyncio.Redis.from_url(redis_url, decode_responses=text) as client:
        async with RedisTokenStore(client, prefix=prefix) as store:
            async with store.exclusive(KEY):
                await store.save(KEY, TOKEN)
            assert await store.load(KEY) == TOKEN
        assert await client.ping()


def test_on_trio_it_says_what_it_needs() -> None:
    store = RedisTokenStore("redis://127.0.0.1")
    for method in ("load", "save", "exclusive"):
        with pytest.raises(TokenStoreError, match="works on asyncio only"):
            anyio.run(use, store, method, backend="trio")


@pytest.mark.parametrize("argument", ["lease", "timeout", "max_idle", "max_age"])
@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_number_of_seconds_that_cannot_work_is_refused_by_name(argument: str, value: float) -> None:
    options: dict[str, Any] = {argument: value}
    with pytest.raises(ArgumentError, match=argument):
        RedisTokenStore("redis://127.0.0.1", **options)


def test_a_url_that_is_none_is_refused_and_not_repeated() -> None:
    with pytest.raises(ArgumentError, match=r"redis://") as caught:
        RedisTokenStore("very-secret")
    assert "very-secret" not in str(caught.value)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "musement_async.stores.redis")
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(ImportError, match=r"the extra 'redis'"):
        importlib.import_module("musement_async.stores.redis")
