"""The pool keeps its connections however its callers are cancelled."""

import asyncio
import random
from typing import Any

import anyio
import httpx
import pytest

from musement_async import MusementTransport
from musement_async.testing import LocalMusement
from musement_async.transports.pooled import PooledTransport

HEADERS = {"X-Musement-Application": "local-application"}


@pytest.mark.asyncio
async def test_tasks_cancelled_twice_leave_every_connection_usable() -> None:
    chance = random.Random(20260101)
    musement = LocalMusement(require_token=False)
    pool = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=2))
    with musement.running() as base_url:
        async with httpx.AsyncClient(base_url=base_url, headers=HEADERS, transport=MusementTransport(pool)) as client:
            for _ in range(200):
                tasks = [asyncio.ensure_future(client.get("/activities", params={"limit": 50})) for _ in range(3)]
                await asyncio.sleep(chance.uniform(0, 0.012))
                for task in tasks:
                    task.cancel()
                for _ in range(chance.randint(0, 4)):
                    await asyncio.sleep(0)
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
            with anyio.fail_after(10):
                await asyncio.gather(*[client.get("/cities/1") for _ in range(20)])


@pytest.mark.asyncio
async def test_a_thousand_cancelled_tasks_leave_every_connection_usable() -> None:
    chance = random.Random(20260101)
    musement = LocalMusement(require_token=False)
    pool = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=3))
    with musement.running() as base_url:
        async with httpx.AsyncClient(base_url=base_url, headers=HEADERS, transport=MusementTransport(pool)) as client:
            musement.respond_slowly(0.002)
            for _ in range(1000):
                task = asyncio.ensure_future(client.get("/cities/1"))
                await asyncio.sleep(chance.uniform(0, 0.005))
                task.cancel()
                await asyncio.wait([task])
            musement.respond_slowly(0)
            with anyio.fail_after(10):
                await asyncio.gather(*[client.get("/cities/1") for _ in range(20)])


class Scripted(httpx.AsyncBaseTransport):
    """Answers when told to, and notes which answers were closed."""

    def __init__(self) -> None:
        self.go = anyio.Event()
        self.started = anyio.Event()
        self.stubborn = False
        self.closed = 0
        self.failure: Exception | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.started.set()
        with anyio.CancelScope(shield=self.stubborn):
            await self.go.wait()
        if self.failure is not None:
            raise self.failure
        return httpx.Response(200, stream=Body(self))

    async def aclose(self) -> None:
        self.closed += 100


class Body(httpx.AsyncByteStream):
    def __init__(self, transport: Scripted) -> None:
        self._transport = transport

    async def __aiter__(self) -> Any:
        yield b"body"

    async def aclose(self) -> None:
        await asyncio.sleep(0)
        self._transport.closed += 1


async def others() -> None:
    """Wait until nothing else is running."""
    if rest := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(rest)


async def cancelled(transport: Scripted, times: int = 1) -> None:
    """Cancel a request while it is answered; then let the answer come."""
    request = httpx.Request("GET", "http://127.0.0.1")
    task = asyncio.ensure_future(PooledTransport(transport).handle_async_request(request))
    await transport.started.wait()
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    transport.go.set()
    await asyncio.wait([task])
    assert task.cancelled()
    await others()


@pytest.mark.asyncio
@pytest.mark.parametrize("times", [1, 3])
async def test_an_answer_that_comes_after_all_is_closed(times: int) -> None:
    transport = Scripted()
    transport.stubborn = True
    await cancelled(transport, times)
    assert transport.closed == 1


@pytest.mark.asyncio
async def test_a_cancelled_exchange_is_cancelled_where_it_waits() -> None:
    transport = Scripted()
    await cancelled(transport)
    assert transport.closed == 0


@pytest.mark.asyncio
async def test_a_failure_that_comes_after_all_is_let_go() -> None:
    transport = Scripted()
    transport.stubborn = True
    transport.failure = httpx.ReadError("broken")
    await cancelled(transport)


@pytest.mark.asyncio
async def test_a_failure_reaches_the_caller() -> None:
    transport = Scripted()
    transport.failure = httpx.ReadError("broken")
    transport.go.set()
    with pytest.raises(httpx.ReadError, match="broken"):
        await PooledTransport(transport).handle_async_request(httpx.Request("GET", "http://127.0.0.1"))


@pytest.mark.asyncio
async def test_closing_an_answer_is_finished_although_the_task_that_closes_is_cancelled() -> None:
    transport = Scripted()
    transport.go.set()
    response = await PooledTransport(transport).handle_async_request(httpx.Request("GET", "http://127.0.0.1"))
    assert await response.aread() == b"body"
    transport.closed = 0
    task = asyncio.ensure_future(response.stream.aclose())  # type: ignore[union-attr]
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await others()
    assert transport.closed == 1


@pytest.mark.anyio
async def test_an_error_while_closing_is_not_lost() -> None:
    class Broken(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise NotImplementedError

        async def aclose(self) -> None:
            raise OSError("cannot close")

    with pytest.raises(OSError, match="cannot close"):
        await MusementTransport(Broken()).aclose()


@pytest.mark.anyio
async def test_the_transport_underneath_is_opened_and_closed_with_it() -> None:
    events: list[str] = []

    class Noting(httpx.AsyncHTTPTransport):
        async def __aenter__(self) -> Any:
            events.append("open")
            return await super().__aenter__()

        async def aclose(self) -> None:
            events.append("close")
            await super().aclose()

    async with MusementTransport(Noting()) as transport:
        assert isinstance(transport, MusementTransport)
        assert events == ["open"]
    assert events == ["open", "close"]
