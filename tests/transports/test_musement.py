"""Requests and logins under ``MusementTransport``: their limits, their order, and their end at closing."""

import math
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self

import anyio
import anyio.abc
import anyio.to_thread
import httpx
import pytest

from musement_async import ArgumentError, ClientClosedError, MusementTransport
from musement_async.transports.context import RequestContext, with_context

URL = "http://127.0.0.1"


class Counting(httpx.AsyncBaseTransport):
    """A transport that counts the requests under way, and answers when told to."""

    def __init__(self) -> None:
        self.under_way = 0
        self.most = 0
        self.order: list[str] = []
        self.events: list[str] = []
        self.failure: Exception | None = None
        self.in_memory = False
        self.go = anyio.Event()
        self.go.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.order.append(request.url.path.strip("/"))
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.go.wait()
        self.under_way -= 1
        if self.failure is not None:
            raise self.failure
        return httpx.Response(200, content=b"body") if self.in_memory else httpx.Response(200, stream=Body())

    async def __aenter__(self) -> Any:
        self.events.append("open")
        return self

    async def aclose(self) -> None:
        self.events.append("close")


class Body(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"body"


def request(path: object = "", *, timeout: float | None = None, **context: Any) -> httpx.Request:
    extensions = {"timeout": {"pool": timeout}, **with_context(RequestContext(**context))}
    return httpx.Request("GET", f"{URL}/{path}", extensions=extensions)


class Room:
    """A transport with one slot, which is taken at the beginning."""

    def __init__(self, group: anyio.abc.TaskGroup) -> None:
        self.network = Counting()
        self.transport = MusementTransport(self.network, concurrency=1)
        self._group = group
        self._held: httpx.Response | None = None
        self.scopes: dict[object, anyio.CancelScope] = {}

    async def __aenter__(self) -> Self:
        self._held = await self.transport.handle_async_request(request("held"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.transport.aclose()

    async def arrive(self, path: object, **context: Any) -> None:
        self._group.start_soon(self._send, path, context)
        await anyio.wait_all_tasks_blocked()

    async def _send(self, path: object, context: dict[str, Any]) -> None:
        with anyio.CancelScope() as self.scopes[path]:
            await (await self.transport.handle_async_request(request(path, **context))).aclose()

    async def let_in(self) -> list[str]:
        """Release the slot. Returns the requests that were admitted since, in order."""
        assert self._held is not None
        await self._held.aclose()
        await anyio.wait_all_tasks_blocked()
        return self.network.order[1:]


@pytest.mark.anyio
async def test_no_more_requests_than_allowed_are_under_way_and_they_keep_their_order() -> None:
    network = Counting()
    network.go = anyio.Event()
    async with (
        httpx.AsyncClient(transport=MusementTransport(network, concurrency=3)) as client,
        anyio.create_task_group() as group,
    ):
        for number in range(50):
            group.start_soon(client.get, f"{URL}/{number}")
            await anyio.wait_all_tasks_blocked()
        network.go.set()
    assert network.most == 3
    # trio runs the tasks that become ready together in random order, so these may be swapped.
    assert all(abs(int(path) - place) < 3 for place, path in enumerate(network.order))


@pytest.mark.anyio
async def test_a_response_made_in_memory_keeps_no_slot() -> None:
    network = Counting()
    network.in_memory = True
    transport = MusementTransport(network, concurrency=1, logins=1)
    for _ in range(3):
        assert (await transport.handle_async_request(request(timeout=0))).content == b"body"
        assert (await transport.send_login(request(), 0, first=True)).content == b"body"


@pytest.mark.anyio
async def test_a_slot_is_taken_until_the_response_is_closed_and_the_wait_for_it_is_bounded() -> None:
    transport = MusementTransport(Counting(), concurrency=1)
    response = await transport.handle_async_request(request())
    with pytest.raises(httpx.PoolTimeout, match=r"within 0\.02 s"):
        await transport.handle_async_request(request(timeout=0.02))
    assert await response.aread() == b"body"
    await response.aclose()
    await response.stream.aclose()  # type: ignore[union-attr]
    await (await transport.handle_async_request(request(timeout=0))).aclose()
    held = await transport.handle_async_request(request(timeout=0))
    with pytest.raises(httpx.PoolTimeout):
        await transport.handle_async_request(request(timeout=0))
    await held.aclose()


@pytest.mark.anyio
async def test_a_failed_or_cancelled_request_gives_its_slot_back() -> None:
    network = Counting()
    transport = MusementTransport(network, concurrency=1)
    network.failure = httpx.ReadError("broken")
    with pytest.raises(httpx.ReadError):
        await transport.handle_async_request(request())
    network.failure = None
    with anyio.CancelScope() as scope:
        scope.cancel()
        await transport.handle_async_request(request())
    await (await transport.handle_async_request(request(timeout=0))).aclose()


@pytest.mark.anyio
async def test_bytes_beyond_a_response_are_not_taken_for_the_next_one_by_httpx(threaded_server: Any) -> None:
    def answer(head: bytes, stream: Any) -> None:
        path = head.split()[1]
        response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
        stream.sendall(response % (len(path), path) + response % (5, b"/more"))

    with threaded_server(answer) as server:
        async with httpx.AsyncClient(transport=MusementTransport(httpx.AsyncHTTPTransport())) as client:
            for number in range(3):
                assert (await client.get(f"{server.origin}/{number}")).text == f"/{number}"


class TestTheQueue:
    @pytest.mark.anyio
    async def test_a_thousand_requests_of_one_session_do_not_hold_up_the_one_of_another(self) -> None:
        async with anyio.create_task_group() as group, Room(group) as room:
            for number in range(1000):
                group.start_soon(room._send, f"many {number}", {"session": "many"})
            await anyio.wait_all_tasks_blocked()
            await room.arrive("single", session="single")
            served = await room.let_in()
        assert len(served) == 1001
        assert "single" in served[:2]

    @pytest.mark.anyio
    async def test_replays_go_first_in_the_order_in_which_their_requests_arrived(self) -> None:
        async with anyio.create_task_group() as group, Room(group) as room:
            await room.arrive("ordinary")
            for arrival in (8, 7, 9):
                await room.arrive(arrival, arrival=arrival, has_priority=True)
            assert await room.let_in() == ["7", "8", "9", "ordinary"]

    @pytest.mark.anyio
    async def test_the_order_of_arrival_is_noted_in_the_request(self) -> None:
        transport = MusementTransport(Counting(), concurrency=1)
        contexts = [RequestContext() for _ in range(3)]
        for context in (*contexts, *contexts):
            sent = httpx.Request("GET", URL, extensions=with_context(context))
            await (await transport.handle_async_request(sent)).aclose()
        assert [context.arrival for context in contexts] == [1, 2, 3]


class TestATokenThatIsBeingRenewed:
    """``check_token`` returns a wait for the renewal until the token is new."""

    @pytest.fixture
    def renewal(self) -> anyio.Event:
        return anyio.Event()

    @pytest.fixture
    def check_token(self, renewal: anyio.Event) -> Callable[[httpx.Request], Awaitable[None] | None]:
        async def wait() -> None:
            await renewal.wait()

        return lambda _: None if renewal.is_set() else wait()

    @pytest.mark.anyio
    async def test_the_request_gives_its_slot_to_others_and_then_goes_first(
        self, renewal: anyio.Event, check_token: Any
    ) -> None:
        async with anyio.create_task_group() as group, Room(group) as room:
            await room.arrive("renewed", check_token=check_token)
            await room.arrive("other", session="other")
            assert await room.let_in() == ["other"]
            room._held = await room.transport.handle_async_request(request("held again"))
            await room.arrive("later")
            renewal.set()
            await anyio.wait_all_tasks_blocked()
            assert await room.let_in() == ["other", "held again", "renewed", "later"]

    @pytest.mark.anyio
    async def test_a_request_that_is_cancelled_meanwhile_leaves_no_slot_taken(self, check_token: Any) -> None:
        async with anyio.create_task_group() as group, Room(group) as room:
            await room.arrive("cancelled", check_token=check_token)
            await room.let_in()
            room.scopes["cancelled"].cancel()
            await room.arrive("other", timeout=0)
        assert room.network.order == ["held", "other"]

    @pytest.mark.anyio
    @pytest.mark.parametrize("at_once", [False, True])
    async def test_an_error_of_the_renewal_is_the_error_of_the_request_and_frees_its_slot(
        self, *, at_once: bool
    ) -> None:
        async def fail() -> None:
            raise httpx.ConnectError("the login failed")

        def check(_: httpx.Request) -> Awaitable[None]:
            if at_once:
                raise httpx.ConnectError("the login failed")
            return fail()

        transport = MusementTransport(Counting(), concurrency=1)
        with pytest.raises(httpx.ConnectError, match="the login failed"):
            await transport.handle_async_request(request(check_token=check))
        await (await transport.handle_async_request(request(timeout=0))).aclose()


class TestLogins:
    @pytest.mark.anyio
    async def test_no_more_logins_than_allowed_are_under_way_and_requests_do_not_wait_for_them(self) -> None:
        network = Counting()
        network.go = anyio.Event()
        transport = MusementTransport(network, concurrency=1, logins=2)

        async def log_in(number: int) -> None:
            await (await transport.send_login(request(f"login {number}"), 60, first=True)).aclose()

        async with anyio.create_task_group() as group:
            for number in range(5):
                group.start_soon(log_in, number)
            await anyio.wait_all_tasks_blocked()
            assert network.under_way == 2
            group.start_soon(transport.handle_async_request, request("call"))
            await anyio.wait_all_tasks_blocked()
            assert network.order[2:] == ["call"]
            network.go.set()
        assert network.most == 3
        assert len(network.order) == 6

    @pytest.mark.anyio
    async def test_a_login_goes_before_those_of_sessions_whose_last_one_failed(self) -> None:
        network = Counting()
        transport = MusementTransport(network, logins=1)
        held = await transport.send_login(request("held"), 60, first=True)

        async def log_in(path: str, first: bool) -> None:  # noqa: FBT001 - tasks are started with positional arguments
            await (await transport.send_login(request(path), 60, first=first)).aclose()

        async with anyio.create_task_group() as group:
            for path, first in (("failed before", False), ("new", True)):
                group.start_soon(log_in, path, first)
                await anyio.wait_all_tasks_blocked()
            await held.aclose()
        assert network.order == ["held", "new", "failed before"]

    @pytest.mark.anyio
    async def test_the_wait_for_a_slot_is_bounded_and_a_failed_login_gives_its_own_back(self) -> None:
        network = Counting()
        transport = MusementTransport(network, logins=1)
        network.failure = httpx.ReadError("broken")
        with pytest.raises(httpx.ReadError):
            await transport.send_login(request(), 0, first=True)
        network.failure = None
        held = await transport.send_login(request(), 0, first=True)
        with pytest.raises(httpx.PoolTimeout):
            await transport.send_login(request(), 0.02, first=True)
        await held.aclose()


class TestClosing:
    @pytest.mark.anyio
    async def test_requests_and_logins_that_wait_are_refused_and_never_sent(self) -> None:
        network = Counting()
        network.go = anyio.Event()
        transport = MusementTransport(network, concurrency=1, logins=1)
        refused: list[bool] = []

        async def send(login: bool) -> None:  # noqa: FBT001 - tasks are started with positional arguments
            try:
                if login:
                    response = await transport.send_login(request("login"), 60, first=True)
                else:
                    response = await transport.handle_async_request(request("call"))
                await response.aclose()
            except ClientClosedError:
                refused.append(login)

        async with anyio.create_task_group() as group:
            for login in (True, False, True, False, False):
                group.start_soon(send, login)
            await anyio.wait_all_tasks_blocked()
            await transport.aclose()
            network.go.set()
        assert sorted(refused) == [False, False, True]
        assert sorted(network.order) == ["call", "login"]
        for login in (True, False):
            await send(login)
        assert len(refused) == 5

    @pytest.mark.anyio
    async def test_a_request_that_waits_for_a_renewal_meanwhile_is_not_sent_either(self) -> None:
        renewal = anyio.Event()
        network = Counting()
        transport = MusementTransport(network)

        async def send() -> None:
            with pytest.raises(ClientClosedError):
                await transport.handle_async_request(request(check_token=lambda _: renewal.wait()))

        async with anyio.create_task_group() as group:
            group.start_soon(send)
            await anyio.wait_all_tasks_blocked()
            await transport.aclose()
            renewal.set()
        assert network.order == []

    @pytest.mark.anyio
    async def test_the_transport_underneath_is_opened_and_closed_once(self) -> None:
        network = Counting()
        async with MusementTransport(network, rate_limit=5) as transport:
            await (await transport.handle_async_request(request())).aclose()
        await transport.aclose()
        assert network.events == ["open", "close"]

    @pytest.mark.anyio
    async def test_requests_under_way_on_a_transport_of_httpx_fail(self, threaded_server: Any) -> None:
        arrived, let_go = threading.Semaphore(0), threading.Event()

        def hang(_head: bytes, _stream: Any) -> bool:
            arrived.release()
            let_go.wait(60)
            return False

        with threaded_server(hang) as server:
            transport = MusementTransport(httpx.AsyncHTTPTransport())
            failed: list[str] = []

            async def send() -> None:
                with pytest.raises(httpx.ReadError, match=r"^the client was closed$"):
                    await transport.handle_async_request(httpx.Request("GET", server.origin))
                failed.append("call")

            async with anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(send)
                for _ in range(3):
                    await anyio.to_thread.run_sync(arrived.acquire)
                await transport.aclose()
            let_go.set()
        assert failed == ["call"] * 3


SIZES = [(100, 4, 96), (10, 2, 8), (3, 1, 2), (1, 1, 1), (None, 4, 20)]


@pytest.mark.parametrize(("connections", "logins", "others"), SIZES)
def test_logins_take_up_to_a_fifth_of_the_connections_of_a_transport_of_httpx(
    connections: int | None, logins: int, others: int
) -> None:
    network = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=connections))
    transport = MusementTransport(network)
    assert transport._login_limiter._free == logins
    assert transport.concurrency == transport._limiter._free == others


def unlimited() -> httpx.AsyncBaseTransport:
    return httpx.MockTransport(lambda _: httpx.Response(200))


BOUNDS: dict[str, tuple[Callable[[], dict[str, Any]], int | None]] = {
    "by default": (dict, 20),
    "more requests than connections": (lambda: {"concurrency": 50}, 50),
    "limits": (lambda: {"limits": httpx.Limits(max_connections=7)}, 7),
    "no limit": (lambda: {"limits": httpx.Limits(max_connections=None)}, None),
    "fewer requests than connections": (lambda: {"limits": httpx.Limits(max_connections=7), "concurrency": 3}, 3),
    "given": (lambda: {"transport": unlimited()}, 20),
    "given, more": (lambda: {"transport": unlimited(), "concurrency": 50}, 50),
    "httpx's, fewer": (lambda: {"transport": httpx.AsyncHTTPTransport(), "concurrency": 3}, 3),
    "httpx's, more than it has": (lambda: {"transport": httpx.AsyncHTTPTransport(), "concurrency": 500}, 96),
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_by_default_as_many_requests_as_connections_are_under_way(bound: str) -> None:
    options, concurrency = BOUNDS[bound]
    transport = MusementTransport(**options())
    assert transport.concurrency == concurrency
    assert transport._limiter._free == (concurrency or math.inf)


@pytest.mark.parametrize("name", ["concurrency", "logins"])
@pytest.mark.parametrize("value", [0, -1, True, 2.5, "3"])
def test_a_number_that_cannot_be_one_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ArgumentError, match=rf"^{name}: must be a whole number above 0"):
        MusementTransport(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    {
        "limits": httpx.Limits(),
        "network": "aiohttp",
        "verify": ssl.create_default_context(),
        "proxy": "http://127.0.0.1:1",
        "http2": True,
        "local_address": "127.0.0.1",
        "uds": "socket",
    }.items(),
)
def test_an_argument_that_belongs_to_the_given_transport_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ArgumentError, match=rf"^{name}: belongs to the transport that is given"):
        MusementTransport(Counting(), **{name: value})
