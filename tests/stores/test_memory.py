"""The token store in memory."""

import asyncio
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from musement_async import (
    ArgumentError,
    FallbackTokenStore,
    FileTokenStore,
    MemoryTokenStore,
    Token,
    TokenStore,
)
from musement_async.stores import memory
from musement_async.testing import LocalMusement

KEY, OTHER = "a", "b"


@pytest.mark.anyio
async def test_a_token_that_was_not_saved_for_long_is_forgotten_and_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(memory, "monotonic", lambda: now)
    monkeypatch.setattr(memory, "_SWEEP_EVERY", 0)
    store = MemoryTokenStore(max_idle=100)
    for key in (KEY, OTHER):
        await store.save(key, Token(access_token="A", refresh_token="R"))
    now += 99
    assert await store.load(KEY)
    await store.save(OTHER, Token(access_token="A", refresh_token="R"))
    now += 2
    assert await store.load(KEY) is None
    assert len(store._tokens) == 2
    await store.save(OTHER, Token(access_token="A", refresh_token="R"))
    assert set(store._tokens) == {OTHER}


@pytest.mark.anyio
async def test_no_lock_is_kept_once_it_is_given_back() -> None:
    store = MemoryTokenStore()
    async with store.exclusive(KEY):
        pass
    assert not store._holders


def test_jobs_with_event_loops_of_their_own_share_a_store_one_after_the_other() -> None:
    store = MemoryTokenStore()

    async def job() -> Token | None:
        async with store.exclusive(KEY):
            await store.save(KEY, Token(access_token="A"))
        return await store.load(KEY)

    for backend in ("asyncio", "trio", "asyncio"):
        assert anyio.run(job, backend=backend) == Token(access_token="A")


@pytest.mark.parametrize("kind", ["memory", "file", "fallback"])
def test_jobs_with_clients_and_event_loops_of_their_own_share_a_session(kind: str, tmp_path: Path) -> None:
    local = LocalMusement()
    stores: dict[str, TokenStore] = {
        "memory": MemoryTokenStore(),
        "file": FileTokenStore(tmp_path / "tokens"),
        "fallback": FallbackTokenStore(MemoryTokenStore()),
    }

    async def job() -> None:
        async with local.client(local.customer, token_store=stores[kind], trusted=True) as client:
            await client.account.get()

    for backend in ("asyncio", "asyncio", "trio", "asyncio"):
        anyio.run(job, backend=backend)
        local.expire_tokens()
    assert (local.logins("password"), local.rotations, local.reused_refresh_tokens) == (1, 3, 0)


def test_a_lock_is_taken_over_from_an_event_loop_that_was_closed_while_it_held_it() -> None:
    store, holding = MemoryTokenStore(), asyncio.new_event_loop()
    lock = store.exclusive(KEY)
    holding.run_until_complete(lock.__aenter__())
    holding.close()
    inside: list[int] = []

    async def work() -> None:
        async with store.exclusive(KEY):
            inside.append(len(store._holders))

    async def all_work() -> None:
        with anyio.fail_after(100):
            async with anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(work)

    anyio.run(all_work)
    assert inside == [1, 1, 1]


@pytest.mark.anyio
async def test_threads_with_event_loops_of_their_own_exclude_each_other() -> None:
    store, inside, times = MemoryTokenStore(), 0, 0

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


@pytest.mark.parametrize("argument", ["max_idle", "max_age"])
@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_number_of_seconds_that_cannot_work_is_refused_by_name(argument: str, value: float) -> None:
    options: dict[str, Any] = {argument: value}
    with pytest.raises(ArgumentError, match=argument):
        MemoryTokenStore(**options)
