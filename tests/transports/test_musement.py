"""The queue in front of the pool."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest

from musement_async import ArgumentError, ClientClosedError, MusementTransport

REQUEST = httpx.Request("GET", "http://127.0.0.1", extensions={"timeout": {"pool": 0.02}})


class Counting(httpx.AsyncBaseTransport):
    """Counts what is under way; answers when told to."""

    def __init__(self) -> None:
        self.under_way = 0
        self.most = 0
        self.order: list[int] = []
        self.failure: Exception | None = None
        self.in_memory = False
        self.go = anyio.Event()
        self.go.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.order.append(int(request.url.path.strip("/") or 0))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.go.wait()
        self.under_way -= 1
        if self.failure is not None:
            raise self.failure
        return httpx.Response(200, content=b"body") if self.in_memory else httpx.Response(200, stream=Body())


class Body(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"body"


@pytest.mark.anyio
async def test_no_more_requests_than_slots_are_under_way_and_they_keep_their_order() -> None:
    transport = Counting()
    transport.go = anyio.Event()
    async with (
        httpx.AsyncClient(transport=MusementTransport(transport, slots=3)) as client,
        anyio.create_task_group() as group,
    ):
        for number in range(50):
            group.start_soon(client.get, f"http://127.0.0.1/{number}")
            await anyio.wait_all_tasks_blocked()
        transport.go.set()
    assert transport.most == 3
    # trio runs the tasks of one moment in random order: those whose turn came together may swap places.
    assert all(abs(number - place) < 3 for place, number in enumerate(transport.order))


@pytest.mark.anyio
async def test_an_answer_made_in_memory_takes_no_slot_with_it() -> None:
    transport = Counting()
    transport.in_memory = True
    async with httpx.AsyncClient(transport=MusementTransport(transport, slots=1), timeout=0.1) as client:
        for _ in range(3):
            assert (await client.get("http://127.0.0.1")).content == b"body"


@pytest.mark.anyio
async def test_without_slots_all_are_under_way() -> None:
    transport = Counting()
    transport.go = anyio.Event()
    async with (
        httpx.AsyncClient(transport=MusementTransport(transport, slots=None)) as client,
        anyio.create_task_group() as group,
    ):
        for _ in range(50):
            group.start_soon(client.get, "http://127.0.0.1")
        await anyio.wait_all_tasks_blocked()
        transport.go.set()
    assert transport.most == 50


@pytest.mark.anyio
async def test_a_slot_is_taken_until_the_answer_is_closed_and_waiting_for_it_is_bounded() -> None:
    transport = MusementTransport(Counting(), slots=1)
    response = await transport.handle_async_request(REQUEST)
    with pytest.raises(httpx.PoolTimeout, match=r"within 0\.02 s"):
        await transport.handle_async_request(REQUEST)
    assert await response.aread() == b"body"
    await response.aclose()
    await response.stream.aclose()  # type: ignore[union-attr]
    await (await transport.handle_async_request(REQUEST)).aclose()
    held = await transport.handle_async_request(REQUEST)
    with pytest.raises(httpx.PoolTimeout):
        await transport.handle_async_request(REQUEST)
    await held.aclose()


@pytest.mark.anyio
async def test_without_a_pool_timeout_a_request_waits_as_long_as_it_takes() -> None:
    transport = MusementTransport(Counting(), slots=1)
    response = await transport.handle_async_request(REQUEST)
    async with anyio.create_task_group() as group:
        group.start_soon(transport.handle_async_request, httpx.Request("GET", "http://127.0.0.1"))
        await anyio.wait_all_tasks_blocked()
        await response.aclose()


@pytest.mark.anyio
async def test_a_failed_or_cancelled_request_gives_its_slot_back() -> None:
    inner = Counting()
    transport = MusementTransport(inner, slots=1)
    inner.failure = httpx.ReadError("broken")
    with pytest.raises(httpx.ReadError):
        await transport.handle_async_request(REQUEST)
    inner.failure = None
    with anyio.CancelScope() as scope:
        scope.cancel()
        await transport.handle_async_request(REQUEST)
    await (await transport.handle_async_request(REQUEST)).aclose()


@pytest.mark.anyio
async def test_requests_that_still_wait_when_the_client_is_closed_are_refused() -> None:
    inner = Counting()
    inner.go = anyio.Event()
    transport = MusementTransport(inner, slots=1)
    refused: list[ClientClosedError] = []

    async def ask() -> None:
        try:
            await (await transport.handle_async_request(httpx.Request("GET", "http://127.0.0.1"))).aclose()
        except ClientClosedError as error:
            refused.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        await transport.aclose()
        inner.go.set()
    assert len(refused) == 2
    assert len(inner.order) == 1


@pytest.mark.parametrize("slots", [0, -1, True, 2.5, "3"])
def test_a_number_of_slots_that_cannot_be_one_is_refused(slots: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^slots: must be a whole number above 0"):
        MusementTransport(slots=slots)
