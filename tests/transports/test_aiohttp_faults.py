"""Network faults under aiohttp: nothing is sent twice, and the error tells whether the request was sent."""

import asyncio
import logging
import random
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import anyio
import httpx
import pytest

from musement_async import (
    ClientClosedError,
    MusementClient,
    MusementTransport,
    NetworkError,
    PasswordCredentials,
    Token,
)
from musement_async.errors import TransportError
from musement_async.transports.aiohttp import AiohttpTransport

METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST"]
BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


async def hang_up(_head: bytes, _reader: StreamReader, writer: StreamWriter) -> None:
    writer.close()


async def reset(_head: bytes, _reader: StreamReader, writer: StreamWriter) -> None:
    """Reset the connection."""
    linger = b"\1\0\0\0\0\0\0\0"
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


def saying(message: bytes) -> Any:
    """Send bytes, and close the connection."""

    async def say(_head: bytes, _reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(message)
        await writer.drain()
        writer.close()

    return say


@pytest.mark.asyncio
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("end", [hang_up, reset])
async def test_a_request_that_a_reused_connection_took_along_is_not_sent_again(
    over_aiohttp: Any, raw_server: Any, method: str, end: Any
) -> None:
    async def once(head: bytes, reader: StreamReader, writer: StreamWriter) -> None:
        await (raw_server.ok if len(server.heads) == 1 else end)(head, reader, writer)

    async with raw_server(once) as server, over_aiohttp() as client:
        await client.get(server.origin)
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await client.request(method, server.origin)
        assert (server.connections, len(server.heads)) == (1, 2)


@pytest.mark.asyncio
@pytest.mark.parametrize("method", METHODS)
async def test_a_connection_that_ended_while_it_was_idle_is_replaced(
    over_aiohttp: Any, raw_server: Any, method: str
) -> None:
    async def answer_and_hang_up(_head: bytes, _reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    async with raw_server(answer_and_hang_up) as server, over_aiohttp() as client:
        for _ in range(5):
            await client.request(method, server.origin)
            with anyio.fail_after(5):
                while server.open:  # noqa: ASYNC110 - the far side gives no other signal
                    await asyncio.sleep(0.001)
        assert len(server.heads) == 5


@pytest.mark.asyncio
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_login_s_refresh_token_is_sent_once_although_the_connection_broke(raw_server: Any, method: Any) -> None:
    logins = b'{"access_token": "A1", "refresh_token": "R1", "expires_in": 3600}'

    async def answer(head: bytes, reader: StreamReader, writer: StreamWriter) -> None:
        if b"/login" not in head:
            known = b"Bearer A1" in head and len(server.heads) < 3
            writer.write(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % (200 if known else 401))
        elif len(server.heads) == 1:
            await take_body(head, reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(logins) + logins)
        else:
            await take_body(head, reader)
            writer.close()

    credentials = PasswordCredentials("an-id", "a-secret", "anna", "pass")
    async with raw_server(answer) as server:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=2)
        options: Any = {"base_url": server.origin, "network": "aiohttp", "limits": limits, "login_method": method}
        async with MusementClient(credentials, **options) as client:
            await client.http.get("/cities")
            with pytest.raises(httpx.TransportError) as caught:
                await client.http.get("/cities")
    assert not isinstance(caught.value, BEFORE_SENDING)
    assert [b"/login" in line for line in server.lines] == [True, False, False, True]


async def take_body(head: bytes, reader: StreamReader) -> None:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.partition(b":")[2]))


BROKEN: dict[str, tuple[Any, type[httpx.TransportError]]] = {
    "hangs up": (hang_up, httpx.RemoteProtocolError),
    "resets": (reset, httpx.ReadError),
    "no HTTP": (saying(b"220 ready\r\n"), httpx.RemoteProtocolError),
    "half a head": (saying(b"HTTP/1.1 200 OK\r\nContent-Le"), httpx.RemoteProtocolError),
    "a bad length": (saying(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), httpx.RemoteProtocolError),
    "an endless line": (saying(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 300_000 + b"\r\n\r\n"), httpx.RemoteProtocolError),
    "half a body": (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"), httpx.RemoteProtocolError),
    "half a chunk": (
        saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nok"),
        httpx.RemoteProtocolError,
    ),
    "a bad chunk": (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), httpx.RemoteProtocolError),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_break_after_sending_never_looks_as_if_nothing_was_sent(
    raw_server: Any, method: str, kind: str
) -> None:
    answer, error = BROKEN[kind]
    async with raw_server(answer) as server:
        options: Any = {
            "token": Token(access_token="A1"),
            "base_url": server.origin,
            "network": "aiohttp",
            "retries": 0,
        }
        async with MusementClient(**options) as client:
            with pytest.raises(error):
                await client.http.request(method, "/cities", content=b"body" if method == "POST" else None)
            with pytest.raises(TransportError) as caught:
                await client.request(method, "/cities", json={} if method == "POST" else None)
    assert caught.value.maybe_sent
    assert len(server.heads) == 2


@pytest.mark.asyncio
async def test_a_reset_in_the_middle_of_a_body_is_a_read_error(over_aiohttp: Any, raw_server: Any) -> None:
    go = asyncio.Event()

    async def half(head: bytes, reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        await go.wait()
        await reset(head, reader, writer)

    async with (
        raw_server(half) as server,
        over_aiohttp() as client,
        client.stream("GET", server.origin) as response,
    ):
        parts = response.aiter_raw()
        await anext(parts)
        go.set()
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            await anext(parts)


@pytest.mark.asyncio
async def test_a_connection_that_cannot_be_made_has_sent_nothing() -> None:
    options: Any = {"token": Token(access_token="A1"), "network": "aiohttp", "trust_env": False}
    for base_url in ("http://127.0.0.1:1", "https://musement.invalid"):
        async with MusementClient(base_url=base_url, **options) as client:
            with pytest.raises(NetworkError) as caught:
                await client.request("POST", "/carts", json={})
            assert not caught.value.maybe_sent
            assert isinstance(caught.value.__cause__, httpx.ConnectError)


class TestTimeouts:
    @pytest.mark.asyncio
    async def test_of_connecting(self, over_aiohttp: Any) -> None:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        fillers = [socket.socket() for _ in range(4)]  # nobody accepts, so at some point no further connection is made
        for filler in fillers:
            filler.setblocking(False)  # noqa: FBT003 - socket's own signature
            filler.connect_ex(address)
        try:
            async with over_aiohttp(timeout=httpx.Timeout(10, connect=0.05)) as client:
                with pytest.raises(httpx.ConnectTimeout, match="no connection in time"):
                    await client.get(f"http://127.0.0.1:{address[1]}")
        finally:
            for each in (listening, *fillers):
                each.close()

    @pytest.mark.asyncio
    async def test_of_a_proxy_that_does_not_answer(self, over_aiohttp: Any, raw_server: Any) -> None:
        async def nothing(_head: bytes, reader: StreamReader, _writer: StreamWriter) -> None:
            await reader.read()

        timeout = httpx.Timeout(10, connect=0.05)
        async with raw_server(nothing) as server, over_aiohttp(proxy=server.origin, timeout=timeout) as client:
            with pytest.raises(httpx.ConnectTimeout):
                await client.get("https://musement.invalid")

    @pytest.mark.asyncio
    @pytest.mark.parametrize(
        "beginning", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"]
    )
    async def test_of_reading(self, over_aiohttp: Any, raw_server: Any, beginning: bytes) -> None:
        async def stall(_head: bytes, reader: StreamReader, writer: StreamWriter) -> None:
            writer.write(beginning)
            await reader.read()

        async with raw_server(stall) as server, over_aiohttp(timeout=httpx.Timeout(10, read=0.05)) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get(server.origin)

    @pytest.mark.asyncio
    @pytest.mark.parametrize("kind", ["bytes", "stream", "stream of known length"])
    async def test_of_writing_to_a_server_that_stops_reading(
        self, over_aiohttp: Any, raw_server: Any, kind: str
    ) -> None:
        done = asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(500):
                yield b"x" * 100_000

        async def stop_reading(_head: bytes, _reader: StreamReader, writer: StreamWriter) -> None:
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            await done.wait()

        content = b"x" * 50_000_000 if kind == "bytes" else endless()
        headers = {"Content-Length": "50000000"} if kind == "stream of known length" else {}
        async with raw_server(stop_reading) as server, over_aiohttp(timeout=httpx.Timeout(10, write=0.1)) as client:
            with anyio.fail_after(5), pytest.raises(httpx.WriteTimeout):
                await client.post(server.origin, content=content, headers=headers)
            done.set()

    @pytest.mark.asyncio
    async def test_of_waiting_for_leave_to_send_the_body(self, over_aiohttp: Any, raw_server: Any) -> None:
        async def nothing(_head: bytes, reader: StreamReader, _writer: StreamWriter) -> None:
            await reader.read()

        headers = {"Expect": "100-continue"}
        async with raw_server(nothing) as server, over_aiohttp(timeout=httpx.Timeout(10, write=0.05)) as client:
            with anyio.fail_after(5), pytest.raises(httpx.WriteTimeout):
                await client.post(server.origin, content=b"body", headers=headers)

    @pytest.mark.asyncio
    async def test_making_a_body_may_take_longer_than_sending_it(self, over_aiohttp: Any, raw_server: Any) -> None:
        async def slow() -> AsyncIterator[bytes]:
            for _ in range(3):
                await asyncio.sleep(0.05)
                yield b"ab"

        async def take(_head: bytes, reader: StreamReader, writer: StreamWriter) -> None:
            await reader.readuntil(b"0\r\n\r\n")
            await raw_server.ok(_head, reader, writer)

        async with raw_server(take) as server, over_aiohttp(timeout=httpx.Timeout(10, write=0.03)) as client:
            assert (await client.post(server.origin, content=slow())).status_code == 200

    @pytest.mark.asyncio
    async def test_none_is_none(self, over_aiohttp: Any, raw_server: Any) -> None:
        async with raw_server() as server, over_aiohttp(timeout=None) as client:
            assert (await client.post(server.origin)).status_code == 200


@pytest.mark.asyncio
async def test_an_answer_that_comes_before_the_body_is_out_is_an_answer(over_aiohttp: Any, raw_server: Any) -> None:
    async def refuse(_head: bytes, _reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()

    async with raw_server(refuse) as server, over_aiohttp(timeout=5) as client:
        response = await client.post(server.origin, content=b"x" * 20_000_000)
        assert (response.status_code, response.content) == (413, b"no")


@pytest.mark.asyncio
@pytest.mark.parametrize("rounds", [60, pytest.param(400, marks=pytest.mark.stress)])
async def test_cut_tasks_lose_no_connection(raw_server: Any, rounds: int) -> None:
    chance = random.Random(20260101)
    body = b"x" * 30_000

    async def slow(_head: bytes, _reader: StreamReader, writer: StreamWriter) -> None:
        await asyncio.sleep(chance.uniform(0, 0.002))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:9])
        await asyncio.sleep(chance.uniform(0, 0.002))
        writer.write(body[9:])
        await writer.drain()

    limits = httpx.Limits(max_connections=3, max_keepalive_connections=3)
    before = len(asyncio.all_tasks())
    async with raw_server(slow) as server:
        options: Any = {"token": Token(access_token="A1"), "base_url": server.origin, "network": "aiohttp"}
        async with MusementClient(limits=limits, **options) as client:
            for number in range(rounds):
                calls = [
                    asyncio.ensure_future(client.http.request("POST" if number % 4 == 0 else "GET", "/cities"))
                    for _ in range(5)
                ]
                await asyncio.sleep(chance.uniform(0, 0.006))
                for call in calls:
                    call.cancel()
                for _ in range(chance.randint(0, 4)):
                    await asyncio.sleep(0)
                for call in calls:
                    call.cancel()
                await asyncio.wait(calls)
                assert all(call.cancelled() or call.exception() is None for call in calls)
            with anyio.fail_after(10):
                answers = await asyncio.gather(*[client.http.get("/cities") for _ in range(30)])
            assert {len(answer.content) for answer in answers} == {len(body)}
            assert server.open <= 3
        with anyio.fail_after(5):
            while server.open:  # noqa: ASYNC110 - the far side gives no other signal
                await asyncio.sleep(0.001)
    assert len(asyncio.all_tasks()) == before


@pytest.mark.asyncio
async def test_a_stream_left_early_gives_its_place_back(over_aiohttp: Any, raw_server: Any) -> None:
    async def half(_head: bytes, reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        await reader.read()

    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    async with raw_server(half) as server, over_aiohttp(limits=limits, timeout=5) as client:
        for _ in range(3):
            async with client.stream("GET", server.origin) as response:
                assert response.status_code == 200
                await response.aclose()
                await response.stream.aclose()


@pytest.mark.asyncio
async def test_where_a_socket_cannot_be_asked_the_event_loop_has_to_notice(
    over_aiohttp: Any, raw_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("select.poll")
    async with raw_server() as server, over_aiohttp() as client:
        for _ in range(3):
            await client.get(server.origin)
        assert server.connections == 1


class TestClosing:
    @pytest.mark.asyncio
    async def test_ends_exchanges_under_way(self, raw_server: Any) -> None:
        arrived = asyncio.Event()

        async def nothing(_head: bytes, reader: StreamReader, _writer: StreamWriter) -> None:
            arrived.set()
            await reader.read()

        transport = MusementTransport(network="aiohttp")
        client = httpx.AsyncClient(transport=transport)
        async with raw_server(nothing) as server:
            call = asyncio.ensure_future(client.get(server.origin))
            await arrived.wait()
            await client.aclose()
            with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
                await call
            with pytest.raises(ClientClosedError):
                await transport.handle_async_request(httpx.Request("GET", server.origin))

    @pytest.mark.asyncio
    async def test_ends_lookups_and_waits_for_a_connection(
        self, over_aiohttp: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looking = asyncio.Event()

        async def look(*_: Any, **__: Any) -> Any:
            looking.set()
            await asyncio.sleep(60)

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look)
        limits = httpx.Limits(max_connections=2, max_keepalive_connections=2)
        client = over_aiohttp(limits=limits, timeout=30)
        calls = [asyncio.ensure_future(client.get("http://musement.test")) for _ in range(3)]
        await looking.wait()
        with anyio.fail_after(5):
            await client.aclose()
            await asyncio.wait(calls)
        assert [type(call.exception()) for call in calls] == [httpx.ConnectError] * 3

    @pytest.mark.asyncio
    @pytest.mark.parametrize("kind", ["plain", "tls", "tunnel"])
    async def test_ends_connects_in_progress_and_sends_nothing(
        self, over_aiohttp: Any, threaded_server: Any, kind: str
    ) -> None:
        """Nobody accepts, nobody answers the handshake, or the proxy does not answer."""
        listening = socket.create_server(("127.0.0.1", 0), backlog=0 if kind == "plain" else 100)
        origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        limits = httpx.Limits(max_connections=20, max_keepalive_connections=20)
        proxy = origin if kind == "tunnel" else None
        client = over_aiohttp(limits=limits, timeout=30, proxy=proxy)
        url = origin if kind == "plain" else origin.replace("http:", "https:")
        with listening, anyio.fail_after(10):
            calls = [asyncio.ensure_future(client.get(url)) for _ in range(20)]
            while len(sockets_of(asyncio.get_running_loop())) < 4:  # noqa: ASYNC110 - sockets give no signal
                await asyncio.sleep(0.001)
            await asyncio.gather(client.aclose(), client._transport.aclose(), client._transport.aclose())
            assert len(sockets_of(asyncio.get_running_loop())) < 3
            await asyncio.wait(calls)
        # Connections in the system's accept queue have sent their request.
        expected = {httpx.ConnectError, httpx.ReadError} if kind == "plain" else {httpx.ConnectError}
        assert {type(call.exception()) for call in calls} <= expected
        assert {str(call.exception()) for call in calls} == {"the transport was closed"}

    @pytest.mark.asyncio
    async def test_fails_bodies_that_are_open(self, over_aiohttp: Any, raw_server: Any) -> None:
        async def half(_head: bytes, reader: StreamReader, writer: StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            await reader.read()

        client = over_aiohttp(timeout=5)
        async with raw_server(half) as server, client.stream("GET", server.origin) as response:
            parts = response.aiter_raw()
            assert await anext(parts) == b"ab"
            await client.aclose()
            with pytest.raises(httpx.ReadError, match="the transport was closed"):
                await anext(parts)

    @pytest.mark.asyncio
    async def test_a_cancelled_look_up_is_a_cancelled_call(
        self, over_aiohttp: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looking = asyncio.Event()

        async def look(*_: Any, **__: Any) -> Any:
            looking.set()
            await asyncio.sleep(60)

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look)
        async with over_aiohttp() as client:
            call = asyncio.ensure_future(client.get("http://musement.test"))
            await looking.wait()
            call.cancel()
            await asyncio.wait([call])
            assert call.cancelled()

    @pytest.mark.asyncio
    async def test_a_client_that_sent_nothing_closes_too(self, over_aiohttp: Any) -> None:
        client = over_aiohttp()
        await client.aclose()
        await client.aclose()

    def test_another_event_loop_is_told(self, over_aiohttp: Any) -> None:
        client = over_aiohttp()

        async def ask() -> None:
            await client.get("http://127.0.0.1:1")

        with asyncio.Runner() as one, asyncio.Runner() as other:
            with pytest.raises(httpx.ConnectError, match="no connection"):
                one.run(ask())
            with pytest.raises(httpx.ConnectError, match="another event loop"):
                other.run(ask())
            one.run(client.aclose())


@pytest.mark.asyncio
async def test_no_error_and_no_log_shows_a_url_or_a_header(
    over_aiohttp: Any, raw_server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    query = "?client_secret=hidden&refresh_token=hidden"
    shown: list[str] = []
    for answer, _ in BROKEN.values():
        async with raw_server(answer) as server, over_aiohttp(timeout=1) as client:
            for url in (server.origin, "http://127.0.0.1:1", "https://musement.invalid"):
                error = await error_of(client, url + "/login" + query)
                shown += [str(error), repr(error), repr(error.__cause__), repr(error.__context__)]
    shown.append(caplog.text)
    assert [text for text in shown if "hidden" in text] == []


@pytest.mark.asyncio
async def test_a_parser_with_unknown_contents_costs_the_connection(over_aiohttp: Any, raw_server: Any) -> None:
    class Parser:
        def feed_eof(self) -> None:
            raise LookupError

    async with raw_server() as server, over_aiohttp() as client:
        await client.get(server.origin)
        (protocol,) = client._transport._connector.idle
        protocol._parser = Parser()
        await client.get(server.origin)
        assert server.connections == 2


@pytest.mark.asyncio
async def test_other_schemes_are_refused(over_aiohttp: Any) -> None:
    async with over_aiohttp() as client:
        with pytest.raises(httpx.UnsupportedProtocol, match="neither http nor https"):
            await client._transport.handle_async_request(httpx.Request("GET", "ftp://127.0.0.1/?secret=hidden"))


def sockets_of(loop: Any) -> list[Any]:
    """The sockets that an event loop watches, except the one that wakes it up."""
    return [key for key in loop._selector.get_map().values() if key.fileobj is not loop._ssock]


@pytest.mark.asyncio
async def test_no_session_is_made_that_something_could_listen_to(
    over_aiohttp: Any, raw_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instrumentation of aiohttp hooks into the session, and would see the URL of a login."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a session was made")

    monkeypatch.setattr("aiohttp.ClientSession.__init__", refuse)
    async with raw_server() as server, over_aiohttp() as client:
        assert (await client.get(f"{server.origin}/login?client_secret=hidden")).text == "ok"


async def error_of(client: httpx.AsyncClient, url: str) -> httpx.TransportError:
    transport: Any = client._transport
    assert isinstance(transport, AiohttpTransport)
    request = client.build_request("POST", url, headers={"Authorization": "Bearer hidden"}, content=b"hidden")
    try:
        response = await transport.handle_async_request(request)
        async with aclosing(response):
            await response.aread()
    except httpx.TransportError as error:
        return error
    raise AssertionError(response)
