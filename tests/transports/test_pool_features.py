"""The pool's features, each compared with ``httpx.AsyncHTTPTransport``."""

import socket
import ssl
import struct
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from musement_async.transports.pool import ConnectionPool

Certified = tuple[ssl.SSLContext, ssl.SSLContext]
LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=10, keepalive_expiry=5)


def pool_of(verify: ssl.SSLContext | None = None, **options: Any) -> ConnectionPool:
    return ConnectionPool(limits=LIMITS, verify=verify or ssl.create_default_context(), **options)


def transport_of_httpx(verify: ssl.SSLContext | None = None, **options: Any) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(limits=LIMITS, verify=verify or ssl.create_default_context(), **options)


@pytest.fixture(params=[transport_of_httpx, pool_of], ids=["httpx", "pool"])
def open_client(request: pytest.FixtureRequest) -> Callable[..., httpx.AsyncClient]:
    def open_one(*, timeout: Any = 10, **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=request.param(**options), timeout=timeout)

    return open_one


async def chunks() -> AsyncIterator[bytes]:
    for chunk in (b"ab", b"", b"cd"):
        yield chunk


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize("content", [None, b"body", b"x" * 1_000_000, chunks], ids=["none", "small", "large", "stream"])
async def test_the_same_bytes_go_out(threaded_server: Any, method: str, content: Any) -> None:
    received: list[bytes] = []

    def answer(head: bytes, stream: Any) -> bool:
        stream.settimeout(10)
        body = b""
        if b"chunked" in head:
            while not body.endswith(b"0\r\n\r\n"):
                body += stream.recv(2**16)
        elif b"Content-Length: " in head:
            length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
            while len(body) < length:
                body += stream.recv(2**16)
        received.append(head + body)
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        return True

    with threaded_server(answer) as server:
        for make in (transport_of_httpx, pool_of):
            async with httpx.AsyncClient(transport=make()) as client:
                body = content() if callable(content) else content
                headers = [(b"cOOkie", b"a=b"), (b"X-A", "é".encode())]
                await client.request(method, f"{server.origin}/a%2Fb?q=%20&r=?", content=body, headers=headers)
    assert received[0] == received[1]


ANSWERS = {
    "length": b"HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 2\r\n\r\nok",
    "chunked": b"HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "until the end": b"HTTP/1.1 200 Fine\r\n\r\nok",
    "1.0": b"HTTP/1.0 200 Fine\r\n\r\nok",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    "early hints": b"HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok",
    "large": b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000,
}
BROKEN = {
    "hangs up": b"",
    "no HTTP": b"220 ready\r\n\r\n",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "a bad length": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "an endless line": b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 300_000 + b"\r\n\r\n",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nok",
    "a bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
}


def saying(message: bytes) -> Any:
    def say(_head: bytes, stream: Any) -> bool:
        with suppress(OSError):
            stream.sendall(message)
        return False

    return say


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("secure", [False, True])
async def test_answers_are_read_alike(threaded_server: Any, certified: Certified, kind: str, *, secure: bool) -> None:
    answers: list[httpx.Response] = []
    server_side, trusting = certified if secure else (None, None)
    with threaded_server(saying(ANSWERS[kind]), tls=server_side) as server:
        for make in (transport_of_httpx, pool_of):
            async with httpx.AsyncClient(transport=make(trusting)) as client:
                answers.append(await client.get(server.origin))
    httpxs, ours = answers
    assert (ours.status_code, ours.content, ours.headers.raw) == (
        httpxs.status_code,
        httpxs.content,
        httpxs.headers.raw,
    )
    assert (ours.reason_phrase, ours.http_version) == (httpxs.reason_phrase, httpxs.http_version)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", BROKEN)
async def test_errors_are_of_the_same_class(threaded_server: Any, kind: str) -> None:
    errors: list[Exception] = []
    with threaded_server(saying(BROKEN[kind])) as server:
        for make in (transport_of_httpx, pool_of):
            async with httpx.AsyncClient(transport=make()) as client:
                with pytest.raises(httpx.TransportError) as caught:
                    await client.get(f"{server.origin}/login?client_secret=hidden")
                errors.append(caught.value)
    # A server that closes with unread data resets the connection, sometimes.
    alike = {httpx.RemoteProtocolError, httpx.ReadError}
    assert type(errors[0]) is type(errors[1]) or {type(error) for error in errors} == alike
    assert "hidden" not in f"{errors[1]!r}{errors[1].__cause__!r}{errors[1].__context__!r}"


@pytest.mark.anyio
async def test_a_header_that_cannot_be_sent_does_not_show_itself(open_client: Any, threaded_server: Any) -> None:
    with threaded_server() as server:
        async with open_client() as client:
            with pytest.raises(httpx.LocalProtocolError) as caught:
                await client.get(server.origin, headers={"Authorization": "Bearer hid\nden"})
            if isinstance(client._transport, ConnectionPool):
                assert str(caught.value) == "Illegal header value"
                assert caught.value.__cause__ is caught.value.__context__ is None
            await client.get(server.origin)
    assert len(server.heads) == 1


class TestConnecting:
    @pytest.mark.anyio
    async def test_nobody_there(self, open_client: Any) -> None:
        async with open_client() as client:
            for host in ("127.0.0.1:1", "musement.invalid"):
                with pytest.raises(httpx.ConnectError):
                    await client.get(f"http://{host}/?secret=hidden")

    @pytest.mark.anyio
    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:99999", "http://" + "a" * 64 + ".test", "http://a..b", "https://.test", "http://a\0b"]
    )
    async def test_addresses_that_none_can_be_are_failed_connections(self, url: str) -> None:
        async with pool_of() as pool:
            try:
                request = httpx.Request("GET", url)
            except httpx.InvalidURL:
                return
            with pytest.raises((httpx.ConnectError, httpx.LocalProtocolError)):
                await pool.handle_async_request(request)

    @pytest.mark.anyio
    async def test_a_port_that_none_can_be_is_not_another_port(self) -> None:
        # Systems keep the last 16 bits of a number that is too large.
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1] + 2**16
            async with pool_of() as pool:
                with anyio.fail_after(100), pytest.raises(httpx.ConnectError, match=f"{port} is not a port"):
                    await pool.handle_async_request(httpx.Request("GET", f"http://127.0.0.1:{port}"))

    @pytest.mark.anyio
    @pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1", "//127.0.0.1"])
    async def test_other_schemes_are_refused(self, url: str) -> None:
        async with pool_of() as pool:
            with pytest.raises(httpx.UnsupportedProtocol, match="scheme"):
                await pool.handle_async_request(httpx.Request("GET", url))

    @pytest.mark.anyio
    async def test_over_ipv6(self, open_client: Any, threaded_server: Any) -> None:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            pytest.skip("this machine has no IPv6")
        with threaded_server(host="::1") as server:
            async with open_client() as client:
                assert (await client.get(f"{server.origin}/a")).text == "/a"

    @pytest.mark.anyio
    async def test_from_an_address_of_one_s_own(self, open_client: Any, threaded_server: Any) -> None:
        with threaded_server() as server:
            async with open_client(local_address="127.0.0.2") as client:
                await client.get(server.origin)
        assert [peer[0] for peer in server.peers] == ["127.0.0.2"]

    @pytest.mark.anyio
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has none")
    async def test_to_a_unix_socket(self, open_client: Any, threaded_server: Any, tmp_path: Path) -> None:
        with threaded_server(path=tmp_path / "s") as server:
            async with open_client(uds=str(tmp_path / "s")) as client:
                for _ in range(3):
                    assert (await client.get("http://musement.invalid/a")).text == "/a"
            assert server.connections == 1
        async with open_client(uds=str(tmp_path / "nowhere")) as client:
            with pytest.raises(httpx.ConnectError):
                await client.get("http://musement.invalid/a")

    @pytest.mark.asyncio
    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has none")
    async def test_to_a_unix_socket_on_asyncio(self, threaded_server: Any, tmp_path: Path) -> None:
        with threaded_server(path=tmp_path / "s"):
            async with httpx.AsyncClient(transport=pool_of(uds=str(tmp_path / "s"))) as client:
                assert (await client.get("http://musement.invalid/a")).text == "/a"


class TestTimeouts:
    @pytest.mark.anyio
    async def test_of_connecting(self, open_client: Any) -> None:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        fillers = [socket.socket() for _ in range(4)]  # nobody accepts, so at some point no further connection is made
        for filler in fillers:
            filler.setblocking(False)  # noqa: FBT003 - socket's own signature
            filler.connect_ex(listening.getsockname())
        try:
            async with open_client(timeout=httpx.Timeout(10, connect=0.05)) as client:
                with pytest.raises(httpx.ConnectTimeout):
                    await client.get(f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            for each in (listening, *fillers):
                each.close()

    @pytest.mark.anyio
    async def test_of_a_handshake(self, open_client: Any, threaded_server: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            async with open_client(timeout=httpx.Timeout(10, connect=0.05)) as client:
                with pytest.raises(httpx.ConnectTimeout):
                    await client.get(f"https://127.0.0.1:{listening.getsockname()[1]}")

    @pytest.mark.anyio
    @pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"])
    async def test_of_reading(self, open_client: Any, threaded_server: Any, beginning: bytes) -> None:
        def stall(_head: bytes, stream: Any) -> None:
            stream.sendall(beginning)
            stream.recv(1)

        with threaded_server(stall) as server:
            async with open_client(timeout=httpx.Timeout(10, read=0.05)) as client:
                with pytest.raises(httpx.ReadTimeout):
                    await client.get(server.origin)

    @pytest.mark.anyio
    @pytest.mark.parametrize("secure", [False, True])
    async def test_of_writing(self, threaded_server: Any, certified: Certified, *, secure: bool) -> None:
        done = threading.Event()

        def take_nothing(_head: bytes, _stream: Any) -> bool:
            done.wait(30)
            return False

        server_side, trusting = certified if secure else (None, None)
        with threaded_server(take_nothing, tls=server_side) as server:
            try:
                timeout = httpx.Timeout(10, write=0.1)
                async with httpx.AsyncClient(transport=pool_of(trusting), timeout=timeout) as client:
                    with pytest.raises(httpx.WriteTimeout):
                        await client.post(server.origin, content=b"x" * 50_000_000)
            finally:
                done.set()


def tells_why(client: httpx.AsyncClient, failure: Exception) -> None:
    """Check the text of the pool's error; on trio, httpx's own error has none."""
    if isinstance(client._transport, ConnectionPool):
        assert "certificate verify failed" in str(failure)


class TestTLS:
    @pytest.mark.anyio
    async def test_certificates_are_checked_with_what_was_given(
        self, open_client: Any, threaded_server: Any, certified: Certified
    ) -> None:
        with threaded_server(tls=certified[0]) as server:
            for verify in (certified[1], httpx.create_ssl_context(verify=False)):
                async with open_client(verify=verify) as client:
                    response = await client.get(f"{server.origin}/a")
                    assert response.text == "/a"
            async with open_client(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) as client:  # trusts nobody
                with pytest.raises(httpx.ConnectError) as caught:
                    await client.get(server.origin)
                tells_why(client, caught.value)

    @pytest.mark.anyio
    async def test_a_name_for_tls_may_be_given(
        self, open_client: Any, threaded_server: Any, certified: Certified
    ) -> None:
        with threaded_server(tls=certified[0]) as server:
            async with open_client(verify=certified[1]) as client:
                await client.get(server.origin, extensions={"sni_hostname": "localhost"})
            async with open_client(verify=certified[1]) as client:
                with pytest.raises(httpx.ConnectError) as caught:
                    await client.get(server.origin, extensions={"sni_hostname": "musement.invalid"})
                tells_why(client, caught.value)

    @pytest.mark.anyio
    async def test_the_session_can_be_asked(self, open_client: Any, threaded_server: Any, certified: Certified) -> None:
        with threaded_server(tls=certified[0]) as server:
            async with open_client(verify=certified[1]) as client, client.stream("GET", server.origin) as response:
                stream = response.extensions["network_stream"]
                assert stream.get_extra_info("ssl_object").version().startswith("TLS")
                assert stream.get_extra_info("server_addr") == ("127.0.0.1", int(server.origin.rpartition(":")[2]))
                assert stream.get_extra_info("client_addr") == server.peers[0]
                assert stream.get_extra_info("else") is None

    @pytest.mark.anyio
    async def test_a_server_without_tls_is_a_failed_connection(self, open_client: Any) -> None:
        def greet() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"220 ready\r\n")
                connection.recv(2**16)

        with socket.create_server(("127.0.0.1", 0)) as listening:
            greeter = threading.Thread(target=greet)
            greeter.start()
            async with open_client() as client:
                with pytest.raises(httpx.ConnectError):
                    await client.get(f"https://127.0.0.1:{listening.getsockname()[1]}")
            greeter.join()

    @pytest.mark.anyio
    async def test_a_context_that_is_not_the_standard_one_works(
        self, open_client: Any, threaded_server: Any, certified: Certified
    ) -> None:
        class Context(ssl.SSLContext):
            pass

        context = Context(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(Path(__file__).with_name("localhost.pem"))
        with threaded_server(tls=certified[0]) as server:
            async with open_client(verify=context) as client:
                assert (await client.get(f"{server.origin}/a")).text == "/a"


def pump(source: Any, sink: Any) -> None:
    with suppress(OSError):
        while data := source.recv(2**16):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


def tunnel(stream: Any, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as far:
        back = threading.Thread(target=pump, args=(far, stream))
        back.start()
        pump(stream, far)
        back.join()


class TestProxies:
    @pytest.mark.anyio
    async def test_a_plain_request_goes_to_the_proxy_with_its_credentials(
        self, open_client: Any, threaded_server: Any
    ) -> None:
        with threaded_server() as server:
            address = server.origin.replace("//", "//anna:se%40cret@")
            proxy = httpx.Proxy(address, headers={"X-Proxy": "1"})
            async with open_client(proxy=proxy) as client:
                for _ in range(2):
                    await client.get("http://musement.invalid/a%2Fb?c=%20", headers={"Authorization": "Bearer A1"})
            assert server.connections == 1
        assert server.lines == [b"GET http://musement.invalid/a%2Fb?c=%20 HTTP/1.1"] * 2
        for line in (b"Proxy-Authorization: Basic YW5uYTpzZUBjcmV0", b"X-Proxy: 1", b"Authorization: Bearer A1"):
            assert line.lower() in server.heads[0].lower()

    @pytest.mark.anyio
    @pytest.mark.parametrize("secure", [False, True])
    async def test_a_request_with_tls_goes_through_a_tunnel_that_does_not_see_it(
        self, open_client: Any, threaded_server: Any, certified: Certified, *, secure: bool
    ) -> None:
        server_side, trusting = certified
        with threaded_server(tls=server_side) as server:
            port = int(server.origin.rpartition(":")[2])

            def connect(_head: bytes, stream: Any) -> bool:
                stream.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                if isinstance(stream, ssl.SSLSocket):
                    return relay_tls(stream, port)
                tunnel(stream, port)
                return False

            with threaded_server(connect, tls=server_side if secure else None) as proxy:
                address = httpx.Proxy(
                    proxy.origin,
                    auth=("anna", "secret"),
                    headers={"X-Proxy": "1"},
                    ssl_context=httpx.create_ssl_context(verify=False) if secure else None,
                )
                async with open_client(proxy=address, verify=trusting) as client:
                    for _ in range(1 if secure else 2):
                        response = await client.get(f"{server.origin}/a", headers={"Authorization": "Bearer A1"})
                        assert response.text == "/a"
        assert proxy.lines == [b"CONNECT " + server.origin[8:].encode() + b" HTTP/1.1"]
        assert b"Proxy-Authorization: Basic YW5uYTpzZWNyZXQ=" in proxy.heads[0]
        assert b"x-proxy: 1" in proxy.heads[0].lower()
        assert b"A1" not in proxy.heads[0]

    @pytest.mark.anyio
    async def test_a_proxy_that_refuses_is_the_proxy_s_error(self, open_client: Any, threaded_server: Any) -> None:
        answer = saying(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        with threaded_server(answer) as server:
            async with open_client(proxy=httpx.Proxy(server.origin)) as client:
                with pytest.raises(httpx.ProxyError, match="407"):
                    await client.get("https://musement.invalid/secret")

    @pytest.mark.anyio
    async def test_a_proxy_that_is_not_there_is_a_failed_connection(self, open_client: Any) -> None:
        async with open_client(proxy=httpx.Proxy("http://127.0.0.1:1")) as client:
            for url in ("https://musement.invalid", "http://musement.invalid"):
                with pytest.raises(httpx.ConnectError):
                    await client.get(url)

    @pytest.mark.anyio
    @pytest.mark.parametrize("secure", [False, True])
    @pytest.mark.parametrize("user", ["", "anna:secret@"])
    async def test_socks(
        self, open_client: Any, socks_proxy: Any, threaded_server: Any, certified: Certified, *, secure: bool, user: str
    ) -> None:
        pytest.importorskip("socksio")
        server_side, trusting = certified if secure else (None, None)
        with threaded_server(tls=server_side) as server:
            proxy = httpx.Proxy(f"socks5://{user}127.0.0.1:{socks_proxy.port}")
            async with open_client(proxy=proxy, verify=trusting) as client:
                for _ in range(2):
                    assert (await client.get(f"{server.origin}/a")).text == "/a"
            assert server.connections == 1
        assert socks_proxy.users == ([b"anna"] if user else [])

    def test_an_https_proxy_is_checked_with_the_usual_certificates(self) -> None:
        pool: Any = pool_of(proxy=httpx.Proxy("https://127.0.0.1:1"))
        assert pool._httpcore_options["proxy"].ssl_context.verify_mode is ssl.CERT_REQUIRED


def relay_tls(stream: ssl.SSLSocket, port: int) -> bool:
    """Relay in turns, because two threads cannot use one TLS socket."""
    stream.settimeout(0.02)
    with socket.create_connection(("127.0.0.1", port)) as far:
        far.settimeout(0.02)
        for _ in range(500):
            for source, sink in ((stream, far), (far, stream)):
                with suppress(TimeoutError):
                    if not (data := source.recv(2**16)):
                        return False
                    sink.sendall(data)
    return False


class SocksProxy:
    """A minimal SOCKS5 proxy."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.users: list[bytes] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader:
            methods = reader.read(reader.read(2)[1])
            connection.sendall(bytes([5, 2 if 2 in methods else 0]))
            if 2 in methods:
                self.users.append(reader.read(reader.read(2)[1]))
                reader.read(reader.read(1)[0])
                connection.sendall(b"\1\0")
            kind = reader.read(4)[3]
            reader.read(4 if kind == 1 else reader.read(1)[0])
            (port,) = struct.unpack(">H", reader.read(2))
            connection.sendall(b"\5\0\0\1\0\0\0\0\0\0")
            tunnel(connection, port)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def socks_proxy() -> Iterator[SocksProxy]:
    proxy = SocksProxy()
    yield proxy
    proxy.close()


class TestExtensions:
    @pytest.mark.anyio
    async def test_a_trace_hears_of_the_same_events(self, threaded_server: Any) -> None:
        heard: list[list[str]] = []
        with threaded_server() as server:
            for make in (transport_of_httpx, pool_of):
                events: list[str] = []

                async def trace(name: str, _info: object, events: list[str] = events) -> None:
                    events.append(name)

                async with httpx.AsyncClient(transport=make()) as client:
                    await client.get(server.origin, extensions={"trace": trace})
                heard.append(events)
        assert heard[0] == heard[1]

    @pytest.mark.anyio
    async def test_a_target_may_be_given(self, open_client: Any, threaded_server: Any) -> None:
        with threaded_server() as server:
            async with open_client() as client:
                await client.request("OPTIONS", server.origin, extensions={"target": b"*"})
        assert server.lines == [b"OPTIONS * HTTP/1.1"]

    @pytest.mark.anyio
    async def test_an_upgraded_connection_is_the_caller_s(self, open_client: Any, threaded_server: Any) -> None:
        def upgrade(_head: bytes, stream: Any) -> bool:
            stream.sendall(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhel")
            stream.sendall(b"lo" + stream.recv(9))
            return False

        with threaded_server(upgrade) as server:
            async with open_client() as client:
                headers = {"Connection": "upgrade", "Upgrade": "x"}
                async with client.stream("GET", server.origin, headers=headers) as response:
                    stream = response.extensions["network_stream"]
                    assert await stream.read(2, timeout=5) == b"he"
                    await stream.write(b"world", timeout=5)
                    received = b""
                    while data := await stream.read(3, timeout=5):
                        received += data
                assert received == b"lloworld"


@pytest.fixture
def h2_server(certified: Certified) -> Iterator[Any]:
    """An HTTP/2 server, which answers with the path, in the order of arrival."""
    pytest.importorskip("h2")
    import h2.config
    import h2.connection
    import h2.events

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("localhost.pem"))
    context.set_alpn_protocols(["h2"])

    def serve(stream: Any) -> None:
        state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        state.initiate_connection()
        stream.sendall(state.data_to_send())
        while data := stream.recv(2**16):
            for event in state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    path = dict(event.headers)[b":path"]
                    state.send_headers(event.stream_id, [(":status", "200"), ("content-length", str(len(path)))])
                    state.send_data(event.stream_id, path, end_stream=True)
            stream.sendall(state.data_to_send())

    connections: list[socket.socket] = []
    listening = socket.create_server(("127.0.0.1", 0), backlog=100)

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                connections.append(connection)
                threads.append(threading.Thread(target=run, args=(connection,)))
                threads[-1].start()

    def run(connection: socket.socket) -> None:
        with suppress(OSError), connection, context.wrap_socket(connection, server_side=True) as stream:
            serve(stream)

    threads = [threading.Thread(target=accept)]
    threads[0].start()
    yield f"https://127.0.0.1:{listening.getsockname()[1]}", connections
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    threads[0].join()
    for thread in threads[1:]:
        thread.join()


class TestHTTP2:
    @pytest.mark.anyio
    async def test_requests_share_a_connection(self, open_client: Any, h2_server: Any, certified: Certified) -> None:
        origin, connections = h2_server
        texts: list[str] = []

        async def get(client: httpx.AsyncClient, number: int) -> None:
            response = await client.get(f"{origin}/{number}")
            assert response.http_version == "HTTP/2"
            texts.append(response.text)

        async with open_client(verify=certified[1], http2=True) as client:
            for _ in range(2):
                async with anyio.create_task_group() as group:
                    for number in range(30):
                        group.start_soon(get, client, number)
        assert sorted(texts) == sorted(f"/{number}" for number in [*range(30), *range(30)])
        assert len(connections) == 1

    @pytest.mark.anyio
    async def test_a_server_without_it_gets_connections(
        self, open_client: Any, threaded_server: Any, certified: Certified
    ) -> None:
        with threaded_server(tls=certified[0]) as server:
            async with open_client(verify=certified[1], http2=True) as client, anyio.create_task_group() as group:
                for _ in range(30):
                    group.start_soon(client.get, server.origin)
            assert len(server.heads) == 30
            assert server.connections <= 10

    @pytest.mark.anyio
    async def test_waiting_calls_share_the_connection_that_one_of_them_opens(
        self, threaded_server: Any, h2_server: Any, certified: Certified
    ) -> None:
        origin, connections = h2_server
        pool = ConnectionPool(limits=httpx.Limits(max_connections=2), verify=certified[1], http2=True)
        with threaded_server() as other:
            async with (
                httpx.AsyncClient(transport=pool) as client,
                anyio.create_task_group() as group,
                client.stream("GET", other.origin),
                client.stream("GET", other.origin),
            ):
                for number in range(5):
                    group.start_soon(client.get, f"{origin}/{number}")
                await anyio.wait_all_tasks_blocked()
        assert len(connections) == 1

    @pytest.mark.anyio
    async def test_a_cut_request_leaves_the_others_alone(self, h2_server: Any, certified: Certified) -> None:
        origin, connections = h2_server
        async with httpx.AsyncClient(transport=pool_of(certified[1], http2=True), timeout=10) as client:
            for _ in range(30):
                async with anyio.create_task_group() as group:
                    for number in range(5):
                        group.start_soon(client.get, f"{origin}/{number}")
                    with anyio.move_on_after(0.001):
                        await client.get(f"{origin}/cut")
            pool: Any = client._transport
            assert (len(pool._active), pool._limiter._free) == (0, 10)
        assert len(connections) <= 30
