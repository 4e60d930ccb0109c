"""Cancellation of a call that connects, waits, sends or reads: its connection returns to the pool or is closed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest

from musement_async import RequestTimeoutError, Token

TOKEN = Token(access_token="good-token")
ONE = httpx.Limits(max_connections=1)
LOSES = httpx.__name__ == "httpx"  # httpx2, with which the suite also runs, does not

Call = Callable[[], Awaitable[object]]
Cut = Callable[[list[Call], int], Awaitable[None]]


async def settle() -> None:
    """Let the calls run until they wait: this takes only turns of the event loop, no time."""
    for _ in range(30):
        await anyio.lowlevel.checkpoint()


async def cut_by_scopes(calls: list[Call], ticks: int) -> None:
    """Begin calls, let them run until they wait, cancel the first, and some ticks later the others."""
    scopes = [anyio.CancelScope() for _ in calls]

    async def run(call: Call, scope: anyio.CancelScope) -> None:
        with scope:
            await call()

    async with anyio.create_task_group() as group:
        for call, scope in zip(calls, scopes, strict=True):
            group.start_soon(run, call, scope)
        await settle()
        scopes[0].cancel()
        for _ in range(ticks):
            await anyio.lowlevel.checkpoint()
        for scope in scopes[1:]:
            scope.cancel()
    assert all(scope.cancelled_caught for scope in scopes)


async def cut_by_cancel(calls: list[Call], ticks: int) -> None:
    """Do the same with ``Task.cancel()``, from which no scope protects."""
    tasks = [asyncio.ensure_future(call()) for call in calls]
    await settle()
    tasks[0].cancel()
    for _ in range(ticks):
        await asyncio.sleep(0)
    for task in tasks[1:]:
        task.cancel()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)


async def stuck_after_cuts(client: httpx.AsyncClient, cut: Cut, faulty_server: Any) -> bool:
    """Whether cancellations can leave a plain httpx client unable to connect."""
    # One call connects, the other waits for its connection. When the first is cancelled, the pool assigns a new
    # connection to the second. If the second is cancelled at the same moment, the new connection is never opened and
    # never removed.
    for _ in range(20):
        for ticks in range(15):
            faulty_server.stall()
            await cut([lambda: client.get(faulty_server.base_url) for _ in range(2)], ticks)
            faulty_server.start()
            if any(not connection.is_idle() for connection in client._transport._pool.connections):  # type: ignore[attr-defined]
                with anyio.move_on_after(1 if LOSES else 60):
                    await client.get(faulty_server.base_url)
                    return False
                return True
    return False


@pytest.mark.anyio
async def test_httpx_alone_loses_a_connection_to_scopes_that_are_cancelled_while_it_connects(
    faulty_server: Any,
) -> None:
    async with httpx.AsyncClient(limits=ONE, timeout=None) as bare:  # noqa: S113 - to show that it waits for ever
        assert await stuck_after_cuts(bare, cut_by_scopes, faulty_server) is LOSES


@pytest.mark.asyncio
async def test_httpx_alone_loses_a_connection_to_tasks_that_are_cancelled_while_it_connects(faulty_server: Any) -> None:
    async with httpx.AsyncClient(limits=ONE, timeout=None) as bare:  # noqa: S113 - the same
        assert await stuck_after_cuts(bare, cut_by_cancel, faulty_server) is LOSES


async def cut_while_connecting(client: Any, cut: Cut, faulty_server: Any, rounds: int) -> None:
    faulty_server.stall()
    for _ in range(rounds):
        for ticks in range(15):
            await cut([lambda: client.cities.get(2) for _ in range(3)], ticks)
    faulty_server.start()


@pytest.mark.anyio
@pytest.mark.parametrize("transport", ["its own", "given"])
@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.stress)])
async def test_scopes_cancelled_while_it_connects_cost_the_client_no_connection(
    faulty_server: Any, open_client: Any, all_is_well: Any, transport: str, rounds: int
) -> None:
    options = (
        {"limits": None, "network": "httpcore", "transport": httpx.AsyncHTTPTransport(limits=ONE)}
        if transport == "given"
        else {}
    )
    async with open_client(token=TOKEN, **options) as client:
        await cut_while_connecting(client, cut_by_scopes, faulty_server, rounds)
        await all_is_well(client)


@pytest.mark.asyncio
@pytest.mark.parametrize("stack", ["asyncio-httpcore", "asyncio-aiohttp"], indirect=True)
@pytest.mark.parametrize("transport", ["its own", "given"])
@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.stress)])
async def test_tasks_cancelled_while_it_connects_cost_the_client_no_connection(
    faulty_server: Any, open_client: Any, all_is_well: Any, transport: str, rounds: int
) -> None:
    options = (
        {"limits": None, "network": "httpcore", "transport": httpx.AsyncHTTPTransport(limits=ONE)}
        if transport == "given"
        else {}
    )
    async with open_client(token=TOKEN, **options) as client:
        await cut_while_connecting(client, cut_by_cancel, faulty_server, rounds)
        await all_is_well(client)


STATES = {
    "in the head": (("send", b"HTTP/1.1 200 OK\r\nContent-Type: app"), ("silent",)),
    "before the head": (("silent",),),
    "in the body": (("send", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"), ("silent",)),
}


@pytest.mark.anyio
@pytest.mark.parametrize("state", STATES)
async def test_a_scope_cancelled_while_the_answer_arrives_costs_no_connection(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, state: str
) -> None:
    async with open_client(token=operation.token, login_timeout=1) as client:
        for cuts in range(1, operation.hangs + 1):
            faulty_server.play(operation.target, *STATES[state])
            async with anyio.create_task_group() as group:
                group.start_soon(operation.call, client)
                await anyio.to_thread.run_sync(faulty_server.wait_for_requests, cuts)
                group.cancel_scope.cancel()
            if operation.target == "login":  # the login continues, and the next call waits for it
                with pytest.raises(RequestTimeoutError):
                    await operation.call(client)
        await all_is_well(client)


@pytest.mark.asyncio
@pytest.mark.parametrize("stack", ["asyncio-httpcore", "asyncio-aiohttp"], indirect=True)
@pytest.mark.parametrize("state", STATES)
async def test_a_task_cancelled_while_the_answer_arrives_costs_no_connection(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, state: str
) -> None:
    async with open_client(token=operation.token, login_timeout=1) as client:
        for cuts in range(1, operation.hangs + 1):
            faulty_server.play(operation.target, *STATES[state])
            task = asyncio.ensure_future(operation.call(client))
            await anyio.to_thread.run_sync(faulty_server.wait_for_requests, cuts)
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
            if operation.target == "login":  # the login continues, and the next call waits for it
                with pytest.raises(RequestTimeoutError):
                    await operation.call(client)
        await all_is_well(client)
