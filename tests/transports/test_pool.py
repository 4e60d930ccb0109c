"""The connection pool: its limits, cancellations, and connections that it does not reuse."""

import asyncio
import random
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest

from musement_async.transports.pool import ConnectionPool

Certified = tuple[ssl.SSLContext, ssl.SSLContext]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def open_pool(
    connections: int | None = 10,
    kept: int | None = None,
    expiry: float | None = 5.0,
    verify: ssl.SSLContext | None = None,
    **options: Any,
) -> ConnectionPool:
    limits = httpx.Limits(
        max_connections=connections,
        max_keepalive_connections=connections if kept is None else kept,
        keepalive_expiry=expiry,
    )
    return ConnectionPool(limits=limits, verify=verify or ssl.create_default_context(), **options)


async def until(condition: Any) -> None:
    with anyio.fail_after(10):
        while not condition():  # noqa: ASYNC110 - a server in a thread gives no signal
            await anyio.sleep(0.001)


async def ask(pool: ConnectionPool, url: str) -> httpx.Response:
    """Send a request without httpx's generators: trio warns if they are not run to their end."""
    return await pool.handle_async_request(httpx.Request("GET", url, extensions={"timeout": {"pool": 10}}))


class TestReuse:
    @pytest.mark.anyio
    async def test_a_connection_is_used_again(self, threaded_server: Any) -> None:
        with threaded_server() as server:
            async with httpx.AsyncClient(transport=open_pool()) as client:
                for number in range(5):
                    assert (await client.get(f"{server.origin}/{number}")).text == f"/{number}"
            assert server.connections == 1

    @pytest.mark.anyio
    async def test_a_connection_that_the_server_has_closed_is_replaced(self, threaded_server: Any) -> None:
        def answer(head: bytes, stream: Any) -> bool:
            threaded_server.echo_path(head, stream)
            return False

        with threaded_server(answer) as server:
            async with httpx.AsyncClient(transport=open_pool()) as client:
                for number in range(5):
                    assert (await client.post(f"{server.origin}/{number}")).text == f"/{number}"
                    await until(lambda: not server.open)

    @pytest.mark.anyio
    async def test_a_body_that_is_not_read_to_its_end_costs_only_its_connection(self, threaded_server: Any) -> None:
        def answer(_head: bytes, stream: Any) -> None:
            stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")

        with threaded_server(answer) as server:
            async with open_pool(1) as pool:
                for number in range(6):
                    stream: Any = (await ask(pool, server.origin)).stream
                    if number % 2:
                        assert await anext(aiter(stream)) == b"ab"
                    await stream.aclose()
                    await stream.aclose()
            await until(lambda: not server.open)

    @pytest.mark.anyio
    async def test_where_the_state_of_h11_is_not_found_no_connection_is_used_twice(
        self, threaded_server: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("musement_async.transports.pool._H11_STATE", "_renamed")
        with threaded_server() as server:
            async with httpx.AsyncClient(transport=open_pool()) as client:
                for _ in range(3):
                    await client.get(server.origin)
            assert server.connections == 3


class TestLimits:
    @pytest.mark.anyio
    async def test_there_are_no_more_connections_than_allowed(self, threaded_server: Any) -> None:
        with threaded_server() as server:
            async with httpx.AsyncClient(transport=open_pool(3)) as client, anyio.create_task_group() as group:
                for _ in range(50):
                    group.start_soon(client.get, server.origin)
            assert (server.connections, len(server.heads)) == (3, 50)

    @pytest.mark.anyio
    async def test_without_a_limit_all_connections_are_opened(self, threaded_server: Any) -> None:
        go = threading.Event()

        def answer(_head: bytes, stream: Any) -> None:
            go.wait(10)
            stream.sendall(OK)

        with threaded_server(answer) as server:
            pool = open_pool(None, expiry=None)
            async with httpx.AsyncClient(transport=pool, timeout=30) as client, anyio.create_task_group() as group:
                for _ in range(120):
                    group.start_soon(client.get, server.origin)
                await until(lambda: len(server.heads) == 120)
                go.set()

    @pytest.mark.anyio
    @pytest.mark.parametrize("kept", [0, 2])
    async def test_no_more_idle_connections_than_allowed_are_kept(self, threaded_server: Any, kept: int) -> None:
        with threaded_server() as server:
            async with httpx.AsyncClient(transport=open_pool(5, kept)) as client:
                async with anyio.create_task_group() as group:
                    for _ in range(30):
                        group.start_soon(client.get, server.origin)
                await until(lambda: server.open == kept)
                before = server.connections
                await client.get(server.origin)
                assert server.connections == before + (kept == 0)

    @pytest.mark.anyio
    async def test_a_connection_that_was_idle_for_too_long_is_not_used(self, threaded_server: Any) -> None:
        with threaded_server() as server:
            async with httpx.AsyncClient(transport=open_pool(expiry=-1.0)) as client:
                for _ in range(3):
                    await client.get(server.origin)
            assert server.connections == 3

    @pytest.mark.anyio
    async def test_connections_that_expired_are_closed_in_passing(
        self, threaded_server: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = 1000.0
        monkeypatch.setattr("musement_async.transports.pool.monotonic", lambda: now)
        closing: set[str] = {"/0", "/1"}

        def answer(head: bytes, stream: Any) -> bool:
            threaded_server.echo_path(head, stream)
            return head.split(b" ")[1].decode() not in closing

        with threaded_server(answer) as server, threaded_server() as other:
            async with httpx.AsyncClient(transport=open_pool()) as client:
                await client.get(other.origin)
                async with anyio.create_task_group() as group:
                    for number in range(3):
                        group.start_soon(client.get, f"{server.origin}/{number}")
                now += 10
                await until(lambda: server.open == 1)
                pool: Any = client._transport
                assert len(pool._idle) == 4
                await client.get(other.origin)
                assert len(pool._idle) == 2

    @pytest.mark.anyio
    async def test_an_idle_connection_makes_room_for_one_to_another_origin(self, threaded_server: Any) -> None:
        with threaded_server() as one, threaded_server() as other:
            async with httpx.AsyncClient(transport=open_pool(2)) as client:
                for origin in (one.origin, other.origin, one.origin.replace("127.0.0.1", "localhost")):
                    await client.get(origin)
                await until(lambda: one.open + other.open == 2)
                await client.get(other.origin)
            assert (one.connections, other.connections) == (2, 1)

    @pytest.mark.anyio
    async def test_waiting_for_a_connection_is_bounded_by_the_pool_timeout(self, threaded_server: Any) -> None:
        timeout = httpx.Timeout(10, pool=0.01)
        with threaded_server() as server:
            async with httpx.AsyncClient(transport=open_pool(1), timeout=timeout) as client:
                async with client.stream("GET", server.origin):
                    with pytest.raises(httpx.PoolTimeout, match=r"within 0\.01 s"):
                        await client.get(server.origin)
                await client.get(server.origin)
            assert server.connections <= 2


class TestCancellation:
    @pytest.mark.anyio
    async def test_cuts_at_random_moments_lose_no_connection(self, threaded_server: Any, certified: Certified) -> None:
        await scopes_cut(threaded_server, certified, rounds=40)

    @pytest.mark.stress
    @pytest.mark.anyio
    async def test_two_thousand_cuts_lose_no_connection(self, threaded_server: Any, certified: Certified) -> None:
        await scopes_cut(threaded_server, certified, rounds=400)

    @pytest.mark.asyncio
    @pytest.mark.parametrize("secure", [False, True])
    async def test_cancelled_tasks_lose_no_connection(
        self, threaded_server: Any, certified: Certified, *, secure: bool
    ) -> None:
        await tasks_cut(threaded_server, certified if secure else None, rounds=40)

    @pytest.mark.stress
    @pytest.mark.asyncio
    @pytest.mark.parametrize("secure", [False, True])
    async def test_two_thousand_cancelled_tasks_lose_no_connection(
        self, threaded_server: Any, certified: Certified, *, secure: bool
    ) -> None:
        await tasks_cut(threaded_server, certified if secure else None, rounds=400)

    @pytest.mark.asyncio
    @pytest.mark.parametrize("event", ["connection.connect_tcp.complete", "http11.response_closed.started"])
    async def test_a_cut_inside_a_trace_leaves_nothing_open(self, threaded_server: Any, event: str) -> None:
        reached = asyncio.Event()

        async def trace(name: str, _info: object) -> None:
            if name == event:
                reached.set()
                await asyncio.sleep(60)

        with threaded_server() as server:
            async with httpx.AsyncClient(transport=open_pool(1)) as client:
                call = asyncio.ensure_future(client.get(server.origin, extensions={"trace": trace}))
                await reached.wait()
                call.cancel()
                await asyncio.wait([call])
                await until(lambda: not server.open)
                await client.get(server.origin)

    @pytest.mark.anyio
    async def test_a_cut_wait_for_a_place_passes_it_on(self, threaded_server: Any) -> None:
        with threaded_server() as server:
            async with httpx.AsyncClient(transport=open_pool(1)) as client:
                for _ in range(5):
                    async with client.stream("GET", server.origin) as response, anyio.create_task_group() as group:
                        group.start_soon(client.get, server.origin)
                        await anyio.wait_all_tasks_blocked()
                        await response.aread()
                        group.cancel_scope.cancel()
                with anyio.fail_after(5):
                    await client.get(server.origin)


def slowly(chance: random.Random, body: bytes) -> Any:
    def answer(_head: bytes, stream: Any) -> None:
        threading.Event().wait(chance.uniform(0, 0.002))
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:9])
        threading.Event().wait(chance.uniform(0, 0.002))
        stream.sendall(body[9:])

    return answer


async def scopes_cut(threaded_server: Any, certified: Certified, rounds: int) -> None:
    chance = random.Random(20260101)
    body = b"x" * 30_000
    with threaded_server(slowly(chance, body), tls=certified[0]) as server:
        async with httpx.AsyncClient(transport=open_pool(3, verify=certified[1]), timeout=30) as client:
            for _ in range(rounds):
                with anyio.move_on_after(chance.uniform(0, 0.008)):
                    async with anyio.create_task_group() as group:
                        for _ in range(5):
                            group.start_soon(client.get, server.origin)
            await all_usable(client, server, len(body))
        await until(lambda: not server.open)


async def tasks_cut(threaded_server: Any, certified: Certified | None, rounds: int) -> None:
    chance = random.Random(20260101)
    body = b"x" * 30_000
    server_side, trusting = certified or (None, None)
    before = len(asyncio.all_tasks())
    with threaded_server(slowly(chance, body), tls=server_side) as server:
        async with httpx.AsyncClient(transport=open_pool(3, verify=trusting), timeout=30) as client:
            for number in range(rounds):
                method = "POST" if number % 4 == 0 else "GET"
                calls = [asyncio.ensure_future(client.request(method, server.origin)) for _ in range(5)]
                await asyncio.sleep(chance.uniform(0, 0.006))
                for call in calls:
                    call.cancel()
                for _ in range(chance.randint(0, 4)):
                    await asyncio.sleep(0)
                for call in calls:
                    call.cancel()
                await asyncio.wait(calls)
                assert all(call.cancelled() or call.exception() is None for call in calls)
            await all_usable(client, server, len(body))
        await until(lambda: not server.open)
    assert len(asyncio.all_tasks()) == before


async def all_usable(client: httpx.AsyncClient, server: Any, length: int) -> None:
    lengths: list[int] = []

    async def ask() -> None:
        lengths.append(len((await client.get(server.origin)).content))

    with anyio.fail_after(20):
        async with anyio.create_task_group() as group:
            for _ in range(30):
                group.start_soon(ask)
    assert lengths == [length] * 30
    pool: Any = client._transport
    assert (len(pool._active), pool._limiter._free) == (0, 3)
    await until(lambda: server.open <= 3)


class TestClosing:
    @pytest.mark.anyio
    async def test_exchanges_fail_and_those_that_come_later_are_refused(self, threaded_server: Any) -> None:
        def answer(_head: bytes, stream: Any) -> None:
            stream.recv(1)

        failures: list[Exception] = []
        with threaded_server(answer) as server:
            pool = open_pool(2)
            client = httpx.AsyncClient(transport=pool, timeout=30)

            async def ask() -> None:
                try:
                    await client.get(server.origin)
                except httpx.TransportError as failure:
                    failures.append(failure)

            with anyio.fail_after(5):
                async with anyio.create_task_group() as group:
                    for _ in range(3):
                        group.start_soon(ask)
                    await until(lambda: len(server.heads) == 2)
                    await pool.aclose()
                    await pool.aclose()
                await ask()
            await until(lambda: not server.open)
        assert sorted(type(failure).__name__ for failure in failures) == ["ConnectError"] * 2 + ["ReadError"] * 2
        assert {str(failure) for failure in failures} == {"the transport was closed"}

    @pytest.mark.anyio
    async def test_an_open_body_fails_and_a_waiting_call_does_not_wait_for_it(self, threaded_server: Any) -> None:
        def answer(_head: bytes, stream: Any) -> None:
            stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")

        with threaded_server(answer) as server:
            pool = open_pool(1)
            parts: Any = aiter((await ask(pool, server.origin)).stream)  # type: ignore[arg-type]
            await anext(parts)
            with anyio.fail_after(5):
                async with anyio.create_task_group() as group:
                    group.start_soon(self.refused, pool, server.origin)
                    await anyio.wait_all_tasks_blocked()
                    await pool.aclose()
                with pytest.raises(httpx.ReadError, match="the transport was closed"):
                    await anext(parts)
            await parts.aclose()
            await until(lambda: not server.open)

    async def refused(self, pool: ConnectionPool, origin: str) -> None:
        with pytest.raises(httpx.ConnectError, match="the transport was closed"):
            await ask(pool, origin)

    @pytest.mark.anyio
    @pytest.mark.parametrize("secure", [False, True])
    async def test_connects_in_progress_end_and_send_nothing(self, *, secure: bool) -> None:
        """Nobody accepts, or nobody answers the handshake."""
        listening = socket.create_server(("127.0.0.1", 0), backlog=100 if secure else 0)
        scheme = "https" if secure else "http"
        pool = open_pool(20)
        client = httpx.AsyncClient(transport=pool, timeout=30)
        url = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"
        ended: list[type[Exception]] = []

        async def ask() -> None:
            try:
                await client.get(url)
            except (httpx.ConnectError, httpx.ReadError) as failure:
                ended.append(type(failure))

        with listening, anyio.fail_after(10):
            async with anyio.create_task_group() as group:
                for _ in range(20):
                    group.start_soon(ask)
                await anyio.sleep(0.05)
                assert not ended
                async with anyio.create_task_group() as closers:
                    closers.start_soon(pool.aclose)
                    closers.start_soon(pool.aclose)
                dialers: Any = [connection.dialer for connection in pool._active]
                assert not any(dialer._scopes for dialer in dialers)
                sockets = [stream.get_extra_info("socket") for dialer in dialers for stream in dialer._streams]
                assert {-1 if sock is None else sock.fileno() for sock in sockets} <= {-1}
        assert len(ended) == 20
        if secure:
            assert ended == [httpx.ConnectError] * 20

    @pytest.mark.anyio
    async def test_a_pool_that_sent_nothing_closes_too(self) -> None:
        async with open_pool() as pool:
            pass
        await pool.aclose()


@pytest.mark.anyio
async def test_another_task_that_reads_the_body_fails_when_it_is_closed(threaded_server: Any) -> None:
    def answer(_head: bytes, stream: Any) -> None:
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")

    async def read(parts: AsyncIterator[bytes]) -> None:
        with pytest.raises(httpx.ReadError):
            await anext(parts)

    with threaded_server(answer) as server:
        async with open_pool(1) as pool:
            parts: Any = aiter((await ask(pool, server.origin)).stream)  # type: ignore[arg-type]
            await anext(parts)
            with anyio.fail_after(5):
                async with anyio.create_task_group() as group:
                    group.start_soon(read, parts)
                    await anyio.wait_all_tasks_blocked()
                    await parts.aclose()
