"""The load: many calls, some of them cancelled, by scopes and by ``Task.cancel()``."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import perf_counter
from typing import Any

import anyio
import attrs
import httpx

from musement_async import ClientCredentials, MusementClient
from musement_async.transports.setup import Network

WORKERS = 40
CONNECTIONS = 20
CUT = 0.05
TIMEOUT = httpx.Timeout(5, read=0.5)

Call = Callable[[int], Awaitable[object]]
Contender = Callable[[str], AbstractAsyncContextManager[Call]]


@asynccontextmanager
async def ours(origin: str, *, network: Network = "httpcore") -> Any:
    """Calls through ``MusementClient``, without retries, so that each fault shows."""
    client = MusementClient(
        ClientCredentials("local-client", "local-secret"),
        base_url=f"{origin}/api/v3",
        application="local-application",
        limits=httpx.Limits(max_connections=CONNECTIONS),
        timeout=TIMEOUT,
        retries=None,
        network=network,
    )

    async def call(number: int) -> object:
        match number % 3:
            case 0:
                return await client.cities.get(2)
            case 1:
                return await client.cities.list(limit=2)
            case _:
                return await client.carts.create()

    async with client:
        yield call


@asynccontextmanager
async def bare(origin: str) -> Any:
    """The same calls through a plain ``httpx.AsyncClient``, with a token that never expires."""
    limits = httpx.Limits(max_connections=CONNECTIONS)
    headers = {"Authorization": "Bearer good-token"}

    async def call(number: int) -> object:
        match number % 3:
            case 0:
                response = await client.get("/cities/2")
            case 1:
                response = await client.get("/cities", params={"limit": 2})
            case _:
                response = await client.post("/carts")
        response.raise_for_status()
        return response.json()

    async with httpx.AsyncClient(
        base_url=f"{origin}/api/v3", limits=limits, headers=headers, timeout=TIMEOUT
    ) as client:
        yield call


@attrs.define
class Outcome:
    """The results of the calls.

    Attributes:
        calls: The number of calls.
        cut: The number of cancelled calls.
        failures: The number of failed calls, by kind.
        seconds: The duration.
        finished: Whether the load ended by itself.
    """

    calls: int = 0
    cut: int = 0
    failures: Counter[str] = attrs.field(factory=Counter)
    seconds: float = 0.0
    finished: bool = False


async def put_on(call: Call, calls: int, outcome: Outcome, *, seconds: float) -> None:
    """Make a number of calls, or as many as possible in a number of seconds."""
    chance = random.Random(20260101)
    numbers = iter(range(calls))
    started = perf_counter()
    outcome.finished = False

    async def make(number: int) -> None:
        try:
            await call(number)
        except Exception as error:  # noqa: BLE001 - errors of any kind are counted
            outcome.failures[type(error).__name__] += 1

    async def work() -> None:
        for number in numbers:
            outcome.calls += 1
            if chance.random() >= CUT:
                await make(number)
            elif chance.random() < 0.5:
                with anyio.move_on_after(chance.uniform(0, 0.03)) as scope:
                    await make(number)
                outcome.cut += scope.cancelled_caught
            else:
                task = asyncio.ensure_future(make(number))
                await asyncio.wait([task], timeout=chance.uniform(0, 0.03))
                task.cancel()
                await asyncio.wait([task])
                outcome.cut += task.cancelled()

    with anyio.move_on_after(seconds):
        async with anyio.create_task_group() as group:
            for _ in range(WORKERS):
                group.start_soon(work)
        outcome.finished = True
    outcome.seconds += perf_counter() - started
