"""Requests and responses on the wire when aiohttp is the network."""

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from musement_async import ArgumentError, MusementClient, MusementTransport, Token
from musement_async.transports.aiohttp import AiohttpTransport

TOKEN = Token(access_token="A1")
PATHS = [
    "/",
    "/?",
    "/cities/2?",
    "/a%2Fb/%2E%2E/%2e",
    "/a%20b/c+d?e=+&f=%2B&g=%20",
    "/%C3%A9t%C3%A9/%25?q=%C3%BC",
    "/a;b,c:d@e/~f'(g)*!$&=",
    "/?a=b&a=c&empty=&=x",
    "/100%25?q=%",
    "//double//slashes//",
    "/a/../b/./c",
]


@pytest.mark.asyncio
@pytest.mark.parametrize("path", PATHS)
async def test_a_url_goes_out_as_httpx_made_it(over_aiohttp: Any, raw_server: Any, path: str) -> None:
    async with raw_server() as server, over_aiohttp() as client:
        request = client.build_request("GET", server.origin + path)
        await client.send(request)
    assert server.lines == [b"GET " + request.url.raw_path + b" HTTP/1.1"]


@pytest.mark.asyncio
async def test_a_typed_call_quotes_an_id_and_it_stays_quoted(raw_server: Any) -> None:
    async with raw_server() as server:
        options: Any = {"token": TOKEN, "base_url": f"{server.origin}/api/v3", "network": "aiohttp"}
        async with MusementClient(**options) as client:
            await client.request("GET", "/activities/%2E%2E%2Flogin%3Fx%23é ü%25", params={"q": "a/b c+d&é"}, model=Any)
    assert server.lines == [
        b"GET /api/v3/activities/%2E%2E%2Flogin%3Fx%23%C3%A9%20%C3%BC%25?q=a%2Fb+c%2Bd%26%C3%A9 HTTP/1.1"
    ]


async def chunks() -> AsyncIterator[bytes]:
    for chunk in (b"ab", b"", b"cd"):
        yield chunk


async def take(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, body: bool = True) -> None:
    """Answer with the request's own bytes."""
    received = b""
    lines = head.lower().split(b"\r\n")
    if b"transfer-encoding: chunked" in lines:
        while size := int(await reader.readline(), 16):
            received += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    for line in lines:
        if line.startswith(b"content-length:"):
            received = await reader.readexactly(int(line.partition(b":")[2]))
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(received))
    writer.write(received if body else b"")
    await writer.drain()


@pytest.mark.asyncio
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("content", [None, b"body", b"x" * 3_000_000], ids=["none", "small", "large"])
async def test_headers_are_those_of_httpx_and_no_others(
    over_aiohttp: Any, raw_server: Any, method: str, content: bytes | None
) -> None:
    async def answer(head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await take(head, reader, writer, body=method != "HEAD")

    headers = {"Authorization": "Bearer A1", "X-Musement-Market": "it", "cOOkie": "a=b; c=d"}
    async with raw_server(answer) as server:
        for client in (over_aiohttp(), httpx.AsyncClient(trust_env=False)):
            async with client:
                await client.request(method, server.origin, content=content, headers=headers)
    ours, httpxs = server.headers
    assert ours == httpxs
    assert next(iter(ours)) == "Host"


@pytest.mark.asyncio
async def test_nothing_is_added_where_httpx_leaves_headers_out(over_aiohttp: Any, raw_server: Any) -> None:
    async with raw_server(take) as server, over_aiohttp() as client:
        request = client.build_request("POST", server.origin, content=b"body")
        for name in ("User-Agent", "Accept", "Accept-Encoding", "Connection"):
            del request.headers[name]
        assert (await client.send(request)).content == b"body"
    assert server.headers == [{"Host": server.origin[7:], "Content-Length": "4"}]


@pytest.mark.asyncio
async def test_a_body_that_is_a_stream_goes_out_in_chunks(over_aiohttp: Any, raw_server: Any) -> None:
    async with raw_server(take) as server, over_aiohttp() as client:
        request = client.build_request("POST", server.origin, content=chunks())
        assert (await client.send(request)).content == b"abcd"
    assert server.headers[0]["Transfer-Encoding"] == "chunked"
    assert request.headers["Transfer-Encoding"] == "chunked"


@pytest.mark.asyncio
async def test_a_stream_of_known_length_goes_out_as_one(over_aiohttp: Any, raw_server: Any) -> None:
    async with raw_server(take) as server, over_aiohttp() as client:
        response = await client.post(server.origin, content=chunks(), headers={"Content-Length": "4"})
        assert response.content == b"abcd"
    assert "Transfer-Encoding" not in server.headers[0]


@pytest.mark.asyncio
async def test_a_stream_that_no_header_announces_is_not_sent(over_aiohttp: Any, raw_server: Any) -> None:
    class Empty(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b""

    async with raw_server() as server, over_aiohttp() as client:
        for _ in range(2):
            request = httpx.Request("GET", server.origin, stream=Empty())
            assert (await client.send(request)).content == b"ok"
    assert server.lines == [b"GET / HTTP/1.1"] * 2
    assert "Transfer-Encoding" not in server.headers[0]


@pytest.mark.asyncio
async def test_the_body_sent_is_that_of_the_stream_not_an_older_one(over_aiohttp: Any, raw_server: Any) -> None:
    async with raw_server(take) as server, over_aiohttp() as client:
        request = client.build_request("POST", server.origin, content=b"old!")
        request.stream = httpx.ByteStream(b"new!")
        assert (await client.send(request)).content == b"new!"


@pytest.mark.asyncio
async def test_an_error_of_the_bodys_own_stream_arrives(over_aiohttp: Any, raw_server: Any) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"ab"
        raise LookupError("the file is gone")

    async with raw_server(take) as server, over_aiohttp() as client:
        with pytest.raises(LookupError, match="the file is gone"):
            await client.post(server.origin, content=broken())
        assert (await client.post(server.origin, content=b"x")).content == b"x"


ANSWERS = {
    "length": (b"HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nok", "GET", 200, b"ok"),
    "chunked": (b"HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "GET", 200, b"ok"),
    "until the end": (b"HTTP/1.1 200 Fine\r\nConnection: close\r\n\r\nok", "GET", 200, b"ok"),
    "1.0": (b"HTTP/1.0 200 Fine\r\n\r\nok", "GET", 200, b"ok"),
    "head": (b"HTTP/1.1 200 Fine\r\nContent-Length: 9\r\n\r\n", "HEAD", 200, b""),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", "GET", 204, b""),
    "not modified": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "GET", 304, b""),
    "early hints": (b"HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", "GET", 200, b"ok"),
    "redirect": (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "GET", 302, b""),
    "cookies": (b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n", "GET", 200, b""),
    "long": (b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 60_000 + b"\r\nContent-Length: 0\r\n\r\n", "GET", 200, b""),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ANSWERS)
async def test_an_answer_is_read_as_over_httpcore(over_aiohttp: Any, raw_server: Any, kind: str) -> None:
    message, method, status, body = ANSWERS[kind]

    async def answer(_head: bytes, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(message)
        await writer.drain()
        writer.close()

    async with raw_server(answer) as server:
        answers = []
        for client in (over_aiohttp(), httpx.AsyncClient(trust_env=False)):
            async with client:
                answers.append(await client.request(method, server.origin))
    ours, httpxs = answers
    assert (ours.status_code, ours.content) == (status, body)
    assert ours.headers.raw == httpxs.headers.raw
    assert (ours.reason_phrase, ours.http_version) == (httpxs.reason_phrase, httpxs.http_version)
    assert ours.elapsed.total_seconds() > 0
    assert dict(ours.cookies) == dict(httpxs.cookies)


@pytest.mark.asyncio
async def test_only_httpx_handles_cookies(over_aiohttp: Any, raw_server: Any) -> None:
    async def answer(_head: bytes, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(ANSWERS["cookies"][0])
        await writer.drain()

    async with raw_server(answer) as server, over_aiohttp() as client:
        origin = server.origin.replace("127.0.0.1", "localhost")  # aiohttp's cookie jar ignores addresses
        await client.get(origin)
        await client.get(origin)
        client.cookies.clear()
        await client.get(origin)
    assert [headers.get("Cookie") for headers in server.headers] == [None, "a=b; c=d", None]


@pytest.mark.asyncio
async def test_compressed_answers_are_unpacked_once(over_aiohttp: Any, raw_server: Any) -> None:
    import gzip

    body = gzip.compress(b"body")

    async def answer(_head: bytes, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

    async with raw_server(answer) as server, over_aiohttp() as client:
        assert (await client.get(server.origin)).content == b"body"
        async with client.stream("GET", server.origin) as response:
            assert b"".join([chunk async for chunk in response.aiter_raw()]) == body


@pytest.mark.asyncio
async def test_a_stream_is_not_buffered(over_aiohttp: Any, raw_server: Any) -> None:
    go = asyncio.Event()

    async def answer(_head: bytes, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
        await go.wait()
        writer.write(b"cd")

    async with (
        raw_server(answer) as server,
        over_aiohttp() as client,
        client.stream("GET", server.origin) as response,
    ):
        parts = response.aiter_raw()
        assert await anext(parts) == b"ab"
        go.set()
        assert await anext(parts) == b"cd"


@pytest.mark.asyncio
async def test_neither_netrc_nor_a_user_in_the_url_replaces_the_bearer(
    over_aiohttp: Any, raw_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login anna password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    async with raw_server() as server:
        options: Any = {"token": TOKEN, "base_url": server.origin, "network": "aiohttp"}
        async with MusementClient(**options) as client:
            await client.http.get("/cities")
        async with over_aiohttp() as client:
            await client.get(server.origin.replace("//", "//anna:secret@"), headers={"Authorization": "Bearer A1"})
    assert [headers["Authorization"] for headers in server.headers] == ["Bearer A1", "Basic YW5uYTpzZWNyZXQ="]


@pytest.mark.asyncio
async def test_a_header_that_is_not_text_is_refused_before_sending(over_aiohttp: Any, raw_server: Any) -> None:
    async with raw_server() as server, over_aiohttp() as client:
        for value in (b"\xff", b"a\r\nb: c"):
            with pytest.raises(httpx.LocalProtocolError, match="cannot be sent"):
                await client.get(server.origin, headers={"X-A": value})
        await client.get(server.origin)
    assert len(server.heads) == 1


class TestLimits:
    @pytest.mark.asyncio
    async def test_there_are_no_more_connections_than_allowed(self, over_aiohttp: Any, raw_server: Any) -> None:
        limits = httpx.Limits(max_connections=3, max_keepalive_connections=3)
        async with raw_server() as server, over_aiohttp(limits=limits) as client:
            await asyncio.gather(*[client.get(server.origin) for _ in range(50)])
            assert (server.connections, len(server.heads)) == (3, 50)

    @pytest.mark.asyncio
    async def test_without_a_limit_all_connections_are_opened(self, over_aiohttp: Any, raw_server: Any) -> None:
        go, arrived = asyncio.Event(), asyncio.Semaphore(0)

        async def answer(*arguments: Any) -> None:
            arrived.release()
            await go.wait()
            await raw_server.ok(*arguments)

        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=None)
        async with raw_server(answer) as server, over_aiohttp(limits=limits) as client, asyncio.TaskGroup() as group:
            for _ in range(130):  # aiohttp's own limit is 100
                group.create_task(client.get(server.origin))
            with anyio.fail_after(10):
                for _ in range(130):
                    await arrived.acquire()
            go.set()

    @pytest.mark.asyncio
    @pytest.mark.parametrize("kept", [0, 2])
    async def test_no_more_idle_connections_than_allowed_are_kept(
        self, over_aiohttp: Any, raw_server: Any, kept: int
    ) -> None:
        limits = httpx.Limits(max_connections=5, max_keepalive_connections=kept)
        async with raw_server() as server, over_aiohttp(limits=limits) as client:
            await asyncio.gather(*[client.get(server.origin) for _ in range(30)])
            with anyio.fail_after(5):
                while server.open > kept:  # noqa: ASYNC110 - the far side closes the connection later
                    await asyncio.sleep(0.001)
            before = server.connections
            await client.get(server.origin)
            assert server.connections == before + (kept == 0)

    @pytest.mark.asyncio
    async def test_an_idle_connection_is_closed_in_time(self, over_aiohttp: Any, raw_server: Any) -> None:
        limits = httpx.Limits(max_connections=5, max_keepalive_connections=5, keepalive_expiry=0.01)
        async with raw_server() as server, over_aiohttp(limits=limits) as client:
            await client.get(server.origin)
            with anyio.fail_after(5):
                while server.open:  # noqa: ASYNC110 - the far side closes the connection later
                    await asyncio.sleep(0.001)
            await client.get(server.origin)
        assert server.connections == 2

    @pytest.mark.asyncio
    async def test_waiting_for_a_connection_is_bounded_by_the_pool_timeout_alone(
        self, over_aiohttp: Any, raw_server: Any
    ) -> None:
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        timeout = httpx.Timeout(10, pool=0.01)
        async with raw_server() as server, over_aiohttp(limits=limits, timeout=timeout) as client:
            async with client.stream("GET", server.origin):
                with pytest.raises(httpx.PoolTimeout, match=r"within 0\.01 s"):
                    await client.get(server.origin)
            assert (await client.get(server.origin)).status_code == 200


class TestTLS:
    @pytest.mark.asyncio
    async def test_certificates_are_checked_with_what_was_given(
        self, over_aiohttp: Any, raw_server: Any, certified: tuple[ssl.SSLContext, ssl.SSLContext]
    ) -> None:
        server_side, trusting = certified
        async with raw_server(tls=server_side) as server:
            for verify in (trusting, False):
                async with over_aiohttp(verify=verify) as client:
                    assert (await client.get(server.origin)).content == b"ok"
            async with over_aiohttp() as client:
                with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
                    await client.get(server.origin)
        assert len(server.heads) == 2

    @pytest.mark.asyncio
    async def test_a_name_for_tls_may_be_given(
        self, over_aiohttp: Any, raw_server: Any, certified: tuple[ssl.SSLContext, ssl.SSLContext]
    ) -> None:
        async with raw_server(tls=certified[0]) as server:
            async with over_aiohttp(verify=certified[1]) as client:
                assert (await client.get(server.origin, extensions={"sni_hostname": "localhost"})).content == b"ok"
            async with over_aiohttp(verify=certified[1]) as client:
                with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
                    await client.get(server.origin, extensions={"sni_hostname": "musement.invalid"})

    @pytest.mark.asyncio
    async def test_a_server_without_tls_is_a_failed_connection(self, over_aiohttp: Any, raw_server: Any) -> None:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 ready\r\n")
            await reader.read()
            writer.close()

        listening = await asyncio.start_server(greet, "127.0.0.1", 0)
        async with listening, over_aiohttp() as client:
            with pytest.raises(httpx.ConnectError, match="no connection"):
                await client.get(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}")


class TestProxies:
    @pytest.mark.asyncio
    async def test_a_plain_request_goes_to_the_proxy_with_its_credentials(
        self, over_aiohttp: Any, raw_server: Any
    ) -> None:
        async with raw_server() as server:
            proxy = httpx.Proxy(server.origin.replace("//", "//anna:se%40cret@"), headers={"X-Proxy": "1"})
            async with over_aiohttp(proxy=proxy) as client:
                await client.get("http://musement.invalid/a%2Fb?c=%20", headers={"Authorization": "Bearer A1"})
        assert server.lines == [b"GET http://musement.invalid/a%2Fb?c=%20 HTTP/1.1"]
        (headers,) = server.headers
        assert headers["Proxy-Authorization"] == "Basic YW5uYTpzZUBjcmV0"
        assert (headers["X-Proxy"], headers["Authorization"]) == ("1", "Bearer A1")

    @pytest.mark.asyncio
    async def test_a_request_with_tls_goes_through_a_tunnel_that_does_not_see_it(
        self, over_aiohttp: Any, raw_server: Any, certified: tuple[ssl.SSLContext, ssl.SSLContext]
    ) -> None:
        async with raw_server(tls=certified[0]) as server:

            async def tunnel(_head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                port = int(server.origin.rpartition(":")[2])
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(pump(reader, far_writer))
                        group.create_task(pump(far_reader, writer))
                finally:
                    far_writer.close()

            async with raw_server(tunnel) as proxy:
                address = httpx.Proxy(proxy.origin, auth=("anna", "secret"), headers={"X-Proxy": "1"})
                async with over_aiohttp(proxy=address, verify=certified[1]) as client:
                    response = await client.get(f"{server.origin}/a", headers={"Authorization": "Bearer A1"})
                    assert response.content == b"ok"
        assert proxy.lines == [b"CONNECT " + server.origin[8:].encode() + b" HTTP/1.1"]
        assert proxy.headers[0]["Proxy-Authorization"] == "Basic YW5uYTpzZWNyZXQ="
        assert proxy.headers[0]["X-Proxy"] == "1"
        assert b"A1" not in proxy.heads[0]
        assert b"roxy" not in server.heads[0]

    @pytest.mark.asyncio
    @pytest.mark.parametrize("url", ["https://musement.invalid", "http://musement.invalid"])
    async def test_a_proxy_that_is_not_there_is_the_proxy_s_error(self, over_aiohttp: Any, url: str) -> None:
        async with over_aiohttp(proxy="http://127.0.0.1:1") as client:
            with pytest.raises(httpx.ProxyError, match="no connection to the proxy"):
                await client.get(url)

    @pytest.mark.asyncio
    @pytest.mark.parametrize(
        "answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"", b"nonsense\r\n\r\n"]
    )
    async def test_a_proxy_that_refuses_has_sent_nothing(
        self, over_aiohttp: Any, raw_server: Any, answer: bytes
    ) -> None:
        async def refuse(_head: bytes, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(answer)
            writer.close()

        async with raw_server(refuse) as server, over_aiohttp(proxy=server.origin) as client:
            with pytest.raises((httpx.ProxyError, httpx.ConnectError)):
                await client.get("https://musement.invalid/secret")

    def test_a_proxy_that_aiohttp_does_not_know_is_refused_by_name(self) -> None:
        with pytest.raises(ArgumentError, match=r"^proxy: cannot be used: .*socks5"):
            MusementClient(token=TOKEN, network="aiohttp", proxy="socks5://127.0.0.1:1")


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(2**16):
        writer.write(data)
    writer.close()


class TestChoice:
    @pytest.mark.asyncio
    async def test_one_argument_chooses_it_for_the_client(self, raw_server: Any) -> None:
        async with raw_server() as server:
            options: Any = {"token": TOKEN, "base_url": server.origin, "network": "aiohttp"}
            async with MusementClient(**options) as client:
                assert (await client.http.get("/cities")).content == b"ok"
                inner: Any = client.http._transport
                assert isinstance(inner._network, AiohttpTransport)

    @pytest.mark.asyncio
    async def test_one_argument_chooses_it_for_an_httpx_client(self, raw_server: Any) -> None:
        async with raw_server() as server, httpx.AsyncClient(transport=MusementTransport(network="aiohttp")) as client:
            assert (await client.get(server.origin)).content == b"ok"

    def test_a_network_that_does_not_exist_is_refused(self) -> None:
        wrong: Any = "requests"
        for make in (lambda: MusementClient(token=TOKEN, network=wrong), lambda: MusementTransport(network=wrong)):
            with pytest.raises(ArgumentError, match=r"^network: must be 'httpcore' or 'aiohttp'"):
                make()

    def test_a_network_together_with_a_transport_is_refused(self) -> None:
        transport = httpx.AsyncHTTPTransport()
        with pytest.raises(ArgumentError, match=r"^network: "):
            MusementClient(token=TOKEN, network="aiohttp", transport=transport)
        with pytest.raises(ArgumentError, match=r"^network: "):
            MusementTransport(transport, network="aiohttp")

    def test_without_the_extra_it_says_what_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "musement_async.transports.aiohttp")
        monkeypatch.setitem(sys.modules, "aiohttp", None)
        with pytest.raises(ArgumentError, match=r"^network: 'aiohttp' needs the extra 'aiohttp'"):
            MusementClient(token=TOKEN, network="aiohttp")

    def test_another_module_that_is_missing_is_not_blamed_on_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "musement_async.transports.aiohttp")
        monkeypatch.setitem(sys.modules, "yarl", None)
        with pytest.raises(ModuleNotFoundError, match="yarl"):
            MusementClient(token=TOKEN, network="aiohttp")

    @pytest.mark.anyio
    async def test_trio_is_told_at_once(self, anyio_backend_name: str) -> None:
        transport = MusementTransport(network="aiohttp")
        async with httpx.AsyncClient(transport=transport) as client:
            expected = httpx.ConnectError if anyio_backend_name == "asyncio" else ArgumentError
            with pytest.raises(expected):
                await client.get("http://127.0.0.1:1")
