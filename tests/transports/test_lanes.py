"""One connection for each request under way."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest

from musement_async.testing import LocalMusement
from musement_async.transports.lanes import LanedTransport
from musement_async.transports.network import open_network

HEADERS = {"X-Musement-Application": "local-application"}


class Lane(httpx.AsyncBaseTransport):
    """Answers when told to, and notes what happens to it."""

    def __init__(self, road: "Road", kept: int) -> None:
        self.road = road
        self.kept = kept
        self.paths: list[str] = []
        self.closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.host + request.url.path)
        self.road.under_way += 1
        try:
            await self.road.go.wait()
        finally:
            self.road.under_way -= 1
        if self.road.failure is not None:
            raise self.road.failure
        return httpx.Response(200, stream=Body(self.road))

    async def aclose(self) -> None:
        self.closed = True
        if self.road.closing_fails:
            raise OSError("cannot close")


class Road:
    """What opens lanes."""

    def __init__(self) -> None:
        self.lanes: list[Lane] = []
        self.under_way = 0
        self.failure: Exception | None = None
        self.closing_fails = False
        self.go = anyio.Event()
        self.go.set()
        self.rest = anyio.Event()
        self.rest.set()

    def open(self, kept: int) -> Lane:
        self.lanes.append(Lane(self, kept))
        return self.lanes[-1]


class Body(httpx.AsyncByteStream):
    def __init__(self, road: Road) -> None:
        self._road = road

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"bo"
        await self._road.rest.wait()
        yield b"dy"

    async def aclose(self) -> None:
        if isinstance(self._road.failure, OSError):
            raise self._road.failure
        await self._road.rest.wait()


async def ask(transport: LanedTransport, url: str = "http://127.0.0.1/") -> httpx.Response:
    return await transport.handle_async_request(httpx.Request("GET", url, extensions={"timeout": {"pool": 5}}))


async def use(transport: LanedTransport, url: str = "http://127.0.0.1/") -> None:
    response = await ask(transport, url)
    await response.aread()
    await response.aclose()


@pytest.mark.anyio
async def test_there_are_as_many_connections_as_requests_under_way_and_no_more_than_allowed() -> None:
    road = Road()
    road.go = anyio.Event()
    transport = LanedTransport(road.open, lanes=3)
    async with anyio.create_task_group() as group:
        for _ in range(10):
            group.start_soon(use, transport)
        await anyio.wait_all_tasks_blocked()
        assert road.under_way == 3
        road.go.set()
    assert [len(lane.paths) > 0 for lane in road.lanes] == [True] * 3
    for _ in range(5):
        await use(transport)
    assert len(road.lanes) == 3
    assert max(len(lane.paths) for lane in road.lanes) >= 6


@pytest.mark.anyio
async def test_no_limit_is_no_limit() -> None:
    road = Road()
    road.go = anyio.Event()
    transport = LanedTransport(road.open, lanes=None)
    async with anyio.create_task_group() as group:
        for _ in range(150):
            group.start_soon(use, transport)
        await anyio.wait_all_tasks_blocked()
        assert road.under_way == 150
        road.go.set()


@pytest.mark.anyio
async def test_waiting_for_a_lane_is_bounded_by_the_pool_timeout() -> None:
    transport = LanedTransport(Road().open, lanes=1)
    response = await ask(transport)
    request = httpx.Request("GET", "http://127.0.0.1", extensions={"timeout": {"pool": 0.01}})
    with pytest.raises(httpx.PoolTimeout, match=r"within 0\.01 s"):
        await transport.handle_async_request(request)
    await response.aclose()
    await response.stream.aclose()  # type: ignore[union-attr]
    for _ in range(2):
        await use(transport)


@pytest.mark.anyio
async def test_some_lanes_keep_their_connection_and_those_go_first() -> None:
    road = Road()
    transport = LanedTransport(road.open, lanes=3, kept=1)
    responses = [await ask(transport) for _ in range(3)]
    for response in responses:
        await response.aclose()
    assert [lane.kept for lane in road.lanes] == [1, 0, 0]
    for _ in range(3):
        await use(transport)
    responses = [await ask(transport) for _ in range(3)]
    for response in responses:
        await response.aclose()
    assert [len(lane.paths) for lane in road.lanes] == [5, 2, 2]


@pytest.mark.anyio
async def test_the_lane_that_was_used_for_an_origin_is_used_for_it_again() -> None:
    road = Road()
    transport = LanedTransport(road.open, lanes=2)
    hosts = ["a.invalid", "b.invalid"]
    responses = [await ask(transport, f"https://{host}/") for host in hosts]
    for response in responses:
        await response.aclose()
    for host in hosts * 2:
        await use(transport, f"https://{host}/")
    assert [lane.paths for lane in road.lanes] == [["a.invalid/"] * 3, ["b.invalid/"] * 3]
    await use(transport, "https://c.invalid/")
    assert road.lanes[0].paths[-1] == "c.invalid/"


@pytest.mark.anyio
async def test_a_connection_that_has_been_idle_for_too_long_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("musement_async.transports.lanes.monotonic", lambda: now)
    road = Road()
    transport = LanedTransport(road.open, lanes=3, kept=2, expiry=5)
    responses = [await ask(transport) for _ in range(2)]
    for response in responses:
        await response.aclose()
    now = 1004.0
    await use(transport)
    now = 1006.0
    await use(transport)
    await transport.aclose()
    assert [len(lane.paths) for lane in road.lanes] == [1, 3]
    closed_in_time, other = road.lanes
    assert closed_in_time.closed
    assert other.closed


@pytest.mark.anyio
@pytest.mark.parametrize("moment", ["head", "body", "close"])
async def test_a_lane_that_was_cancelled_is_closed_and_replaced(moment: str) -> None:
    road = Road()
    transport = LanedTransport(road.open, lanes=1)
    if moment == "head":
        road.go = anyio.Event()
    else:
        road.rest = anyio.Event()
    with anyio.move_on_after(0.02) as scope:
        response = await ask(transport)
        if moment == "close":
            await response.aclose()
        else:
            await use_and_close(response)
    assert scope.cancelled_caught
    road.go.set()
    road.rest.set()
    await use(transport)
    assert [len(lane.paths) for lane in road.lanes] == [1, 1]
    await transport.aclose()
    assert [lane.closed for lane in road.lanes] == [True, True]


async def use_and_close(response: httpx.Response) -> None:
    try:
        await response.aread()
    finally:
        with anyio.CancelScope(shield=True):
            response.stream._stream._road.rest.set()  # type: ignore[union-attr]
            await response.aclose()


@pytest.mark.anyio
async def test_a_lane_that_failed_is_used_again() -> None:
    road = Road()
    transport = LanedTransport(road.open, lanes=1)
    road.failure = httpx.ReadError("broken")
    with pytest.raises(httpx.ReadError):
        await ask(transport)
    road.failure = None
    response = await ask(transport)
    road.failure = OSError("cannot close")
    with pytest.raises(OSError, match="cannot close"):
        await response.aclose()
    road.failure = None
    await use(transport)
    assert [len(lane.paths) for lane in road.lanes] == [3]


@pytest.mark.anyio
async def test_an_answer_that_fails_on_the_way_leaves_its_lane_in_use() -> None:
    class Failing(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"bo"
            raise httpx.ReadError("broken")

    class Broken(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, stream=Failing())

    opened: list[Broken] = []

    def open_lane(_kept: int) -> Broken:
        opened.append(Broken())
        return opened[-1]

    transport = LanedTransport(open_lane, lanes=1)
    for _ in range(2):
        response = await ask(transport)
        with pytest.raises(httpx.ReadError):
            await response.aread()
        await response.aclose()
    assert len(opened) == 1


@pytest.mark.anyio
async def test_closing_ends_everything_and_what_comes_back_later_is_not_kept() -> None:
    road = Road()
    transport = LanedTransport(road.open, lanes=3, kept=1)
    under_way = await ask(transport)
    responses = [await ask(transport) for _ in range(2)]
    for response in responses:
        await response.aclose()
    await transport.aclose()
    assert [lane.closed for lane in road.lanes] == [True] * 3
    await under_way.aclose()
    await use(transport)
    assert len(road.lanes) == 4
    await transport.aclose()


@pytest.mark.anyio
async def test_a_connection_that_cannot_be_closed_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "musement_async.transports")
    road = Road()
    road.closing_fails = True
    transport = LanedTransport(road.open, lanes=1)
    await use(transport)
    await transport.aclose()
    assert "a connection could not be closed: OSError" in caplog.text


@pytest.mark.asyncio
async def test_two_thousand_cut_tasks_leave_every_connection_usable() -> None:
    chance = random.Random(20260101)
    musement = LocalMusement(require_token=False)
    before = len(asyncio.all_tasks())
    with musement.running() as base_url:
        limits = httpx.Limits(max_connections=3, max_keepalive_connections=3)
        transport: Any = open_network("httpcore", limits=limits)
        async with httpx.AsyncClient(base_url=base_url, headers=HEADERS, transport=transport) as client:
            musement.respond_slowly(0.002)
            for _ in range(400):
                tasks = [asyncio.ensure_future(client.get("/cities/1")) for _ in range(5)]
                await asyncio.sleep(chance.uniform(0, 0.008))
                for task in tasks:
                    task.cancel()
                for _ in range(chance.randint(0, 4)):
                    await asyncio.sleep(0)
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)
            musement.respond_slowly(0)
            with anyio.fail_after(10):
                await asyncio.gather(*[client.get("/cities/1") for _ in range(20)])
    assert len(asyncio.all_tasks()) == before
