"""One Redis store in several event loops."""

import asyncio
import gc
import secrets
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import redis.asyncio

from musement_async import FallbackTokenStore, Token, WrongLoopError
from musement_async.stores.redis import RedisTokenStore
from musement_async.testing import LocalMusement

KEY = "a" * 64
TOKEN = Token(access_token="A", refresh_token="R", expires_in=3600)


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(8)}:"


async def job(store: RedisTokenStore) -> None:
    async with store.exclusive(KEY):
        await store.save(KEY, TOKEN)
    assert await store.load(KEY) == TOKEN


async def job_and_close(store: RedisTokenStore) -> None:
    async with store:
        await job(store)


@contextmanager
def left_to_the_garbage_collector() -> Iterator[None]:
    """The connections of a closed loop, which can no longer be closed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def test_jobs_with_event_loops_of_their_own_share_a_store_one_after_the_other(redis_url: str, prefix: str) -> None:
    store = RedisTokenStore(redis_url, prefix=prefix)
    with left_to_the_garbage_collector():
        for _ in range(3):
            asyncio.run(job(store))
        asyncio.run(job_and_close(store))


def test_a_store_that_was_closed_works_in_another_event_loop(redis_url: str, prefix: str) -> None:
    store = RedisTokenStore(redis_url, prefix=prefix)
    for _ in range(3):
        asyncio.run(job_and_close(store))
    asyncio.run(store.aclose())


def run_in_thread(work: Callable[[], Awaitable[object]]) -> Awaitable[None]:
    async def run() -> None:
        await work()

    return asyncio.to_thread(asyncio.run, run())


METHODS: dict[str, Callable[[RedisTokenStore], Awaitable[object]]] = {
    "load": lambda store: store.load(KEY),
    "save": lambda store: store.save(KEY, TOKEN),
    "delete": lambda store: store.delete(KEY),
    "exclusive": job,
    "aclose": lambda store: store.aclose(),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("method", METHODS)
async def test_a_store_that_another_event_loop_uses_says_so_at_once(redis_url: str, prefix: str, method: str) -> None:
    async with RedisTokenStore(redis_url, prefix=prefix) as store:
        await store.save(KEY, TOKEN)
        with pytest.raises(WrongLoopError, match="the token store belongs to another event loop"):
            await run_in_thread(lambda: METHODS[method](store))
        assert await store.load(KEY) == TOKEN


def test_a_client_that_was_given_cannot_be_taken_into_another_event_loop(redis_url: str, prefix: str) -> None:
    with left_to_the_garbage_collector():
        assert use_twice(redis_url, prefix) == "WrongLoopError"


def use_twice(redis_url: str, prefix: str) -> str:
    store = RedisTokenStore(redis.asyncio.from_url(redis_url), prefix=prefix)
    asyncio.run(job(store))
    try:
        asyncio.run(job(store))
    except WrongLoopError as error:
        return type(error).__name__
    return "no error"


@pytest.mark.asyncio
@pytest.mark.parametrize("wrap", [lambda store: store, FallbackTokenStore], ids=["alone", "with a fallback"])
@pytest.mark.parametrize("trusted", [False, True])
async def test_a_call_that_needs_such_a_store_says_so(redis_url: str, prefix: str, wrap: Any, trusted: Any) -> None:
    local = LocalMusement()

    async def call() -> None:
        async with local.client(local.customer, token_store=wrap(store), trusted=trusted) as client:
            await client.account.get()

    async with RedisTokenStore(redis_url, prefix=prefix) as store:
        await call()
        with pytest.raises(WrongLoopError, match="the token store belongs to another event loop"):
            await run_in_thread(call)
