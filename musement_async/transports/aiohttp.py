"""aiohttp's connector as the network, in place of the pool over httpcore2. Needs the extra ``aiohttp``, and asyncio."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterable, AsyncIterator
from functools import lru_cache, partial
from typing import Any, Self, cast

import aiohttp
import httpx
from aiohttp import ClientRequest, ClientResponse
from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from multidict import CIMultiDict
from yarl import URL

from musement_async.errors import ArgumentError
from musement_async.transports.admission import ConcurrencyLimiter
from musement_async.transports.aiohttp_connector import AFTER_SENDING, BEFORE_SENDING, Connector, translate
from musement_async.transports.loop import in_trio
from musement_async.transports.sockets import CLOSED

_NO_LIMIT = 0  # aiohttp writes 0 for no limit; its default is 100
_FOREVER = 10 * 365 * 86400.0
# aiohttp's default is 8 kB, which some gateways exceed in one header; this is the limit of h11, under httpcore2.
_LONGEST_LINE = 100 * 1024
# aiohttp warns of larger bodies in one piece, because writing them would block the event loop.
_PIECE = 2**16
_ANNOUNCES_BODY = frozenset({"content-length", "transfer-encoding"})
_NOT_ADDED: "CIMultiDict[None]" = CIMultiDict({"Content-Type": None})
_HTTP_VERSIONS = {None: b"HTTP/1.1", (1, 1): b"HTTP/1.1", (1, 0): b"HTTP/1.0"}


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends requests over aiohttp's connector, as exactly as httpx's own transport does over httpcore.

    There is no ``aiohttp.ClientSession``. A session repeats a request whose reused connection broke, even after the
    server has read it, and tools that instrument sessions see the URL of a login. So nothing is sent twice, and errors
    before and after the sending of a request differ.

    URLs and headers are sent as httpx made them. If a server stops reading, the write timeout ends the request. A
    connection is reused only if nothing has arrived on it since its last response. aiohttp keeps its records without a
    wait, so ``Task.cancel()`` cannot interrupt it there.

    Raises:
        ValueError: The proxy's scheme is neither http nor https.
    """

    def __init__(
        self,
        *,
        limits: httpx.Limits,
        verify: ssl.SSLContext,
        proxy: httpx.Proxy | None = None,
        local_address: str | None = None,
    ) -> None:
        if proxy is not None and proxy.url.scheme not in {"http", "https"}:
            raise ValueError(f"aiohttp has no support for proxies of the scheme {proxy.url.scheme!r}")
        verify.set_alpn_protocols(["http/1.1"])  # the user's context may have been used for HTTP/2
        self._limiter = ConcurrencyLimiter(limits.max_connections, partial(httpx.ConnectError, CLOSED))
        self._ssl_context = verify
        self._proxy = None if proxy is None else URL(str(proxy.url))
        self._proxy_headers = [] if proxy is None else _proxy_headers(proxy)
        expiry = limits.keepalive_expiry
        self._new_connector = partial(
            Connector,
            limits.max_keepalive_connections,
            ssl=verify,
            limit=_NO_LIMIT,  # its queue does not distinguish a wait for a connection from the opening of one
            keepalive_timeout=_FOREVER if expiry is None else expiry,
            local_addr=None if local_address is None else (local_address, 0),
        )
        self._connector: Connector | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if in_trio():
            raise ArgumentError("network", "'aiohttp' works on asyncio only; on trio leave it at 'httpcore'")
        timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
        await self._limiter.acquire(timeouts.get("pool"))
        try:
            response = await self._exchange(request, timeouts)
        except BaseException:
            self._limiter.release()
            raise
        return httpx.Response(
            response.status,
            headers=response.raw_headers,
            stream=_AiohttpStream(response, self),
            extensions={
                "http_version": _HTTP_VERSIONS.get(response.version, b"HTTP/1.1"),
                "reason_phrase": (response.reason or "").encode("utf-8", "surrogateescape"),
            },
        )

    async def _exchange(self, request: httpx.Request, timeouts: dict[str, float | None]) -> ClientResponse:
        connector = self._open_connector()
        body = _Body(request, timeouts.get("write"))
        limits = _timeout(timeouts.get("connect"), timeouts.get("read"))
        failure: httpx.TransportError
        try:
            outgoing = self._outgoing(request, body)
            connection = await connector.connect(outgoing, [], limits)
        except httpx.TransportError:
            raise
        except Exception as problem:  # noqa: BLE001 - no error may show the URL of a login
            failure = translate(BEFORE_SENDING, problem)
        else:
            try:
                return await _send(outgoing, connection, limits)
            except BaseException as problem:
                connection.close()
                if not isinstance(problem, Exception) or isinstance(problem, httpx.TransportError):
                    raise
                if body.failure is not None:
                    raise body.failure from None
                failure = self.failure_after_sending(problem)
        raise failure

    def _outgoing(self, request: httpx.Request, body: "_Body") -> "_Request":
        url = request.url
        # Built, not parsed: parsing would quote the URL once more, and remove a "?" at the end of a path.
        target = URL.build(scheme=url.scheme, authority=url.netloc.decode(), path=url.raw_path.decode(), encoded=True)
        if url.scheme not in {"http", "https"}:
            raise aiohttp.NonHttpUrlClientError(target)
        headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
        is_tunnelled = self._proxy is not None and url.scheme == "https"
        if not is_tunnelled:
            headers += self._proxy_headers
        return _Request(
            request.method,
            target,
            sender=body,
            headers=headers,
            data=body.content,
            loop=self._loop,
            response_class=ClientResponse,
            proxy=self._proxy,
            proxy_headers=CIMultiDict(self._proxy_headers) if is_tunnelled else None,
            ssl=self._ssl_context,
            server_hostname=request.extensions.get("sni_hostname"),
        )

    def _open_connector(self) -> Connector:
        loop = asyncio.get_running_loop()
        if self._connector is None:
            self._connector, self._loop = self._new_connector(), loop
        elif loop is not self._loop:
            raise httpx.ConnectError("the transport belongs to another event loop")
        return self._connector

    def failure_after_sending(self, problem: Exception) -> httpx.TransportError:
        """The error for a failure after the request was sent, or may have been sent."""
        return httpx.ReadError(CLOSED) if self._closed else translate(AFTER_SENDING, problem)

    def release(self) -> None:
        """Release the connection of one exchange."""
        self._limiter.release()

    async def aclose(self) -> None:
        """Close all connections. Exchanges in progress and later ones fail."""
        self._closed = True
        self._limiter.close()
        if self._connector is not None:
            await self._connector.abort()


async def _send(request: "_Request", connection: Connection, limits: aiohttp.ClientTimeout) -> ClientResponse:
    protocol = connection.protocol
    assert protocol is not None  # noqa: S101 - aiohttp asserts the same
    protocol.set_response_params(
        skip_payload=request.method == "HEAD",
        read_until_eof=True,
        auto_decompress=False,
        read_timeout=limits.sock_read,
        max_line_size=_LONGEST_LINE,
        max_field_size=_LONGEST_LINE,
    )
    response = await request.send(connection)
    try:
        return await response.start(connection)
    except BaseException:
        response.close()
        raise


class _Body:
    """The body of a request, and the time that writing it may take."""

    __slots__ = ("_bound", "_seconds", "content", "failure")

    def __init__(self, request: httpx.Request, seconds: float | None) -> None:
        self._seconds = seconds
        self._bound: asyncio.Timeout
        self.failure: Exception | None = None
        self.content: bytes | AsyncIterator[bytes] | None
        stream = request.stream  # not request.content, which may be outdated
        if isinstance(stream, httpx.ByteStream):
            content = b"".join(stream)
            self.content = self._chunks(_pieces(content)) if len(content) > _PIECE else content or None
        elif _ANNOUNCES_BODY.isdisjoint(request.headers):
            self.content = None  # a login by GET
        else:
            assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
            self.content = self._chunks(stream)

    def bound(self) -> asyncio.Timeout:
        """A context that ends when writing takes too long."""
        self._bound = asyncio.timeout(self._seconds)
        return self._bound

    async def _chunks(self, stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        try:
            self._rebind(None)  # the timeout limits the sending of a chunk, not the making of it
            async for chunk in stream:
                if chunk:
                    self._rebind(self._seconds)
                    yield chunk
                    self._rebind(None)
            self._rebind(self._seconds)
        except Exception as failure:
            self.failure = failure
            raise

    def _rebind(self, seconds: float | None) -> None:
        self._bound.reschedule(None if seconds is None else asyncio.get_running_loop().time() + seconds)


class _Request(ClientRequest):
    # If a body is optional and absent, httpx sends no Content-Length.
    GET_METHODS = ClientRequest.GET_METHODS | {"DELETE"}

    def __init__(self, method: str, url: URL, *, sender: _Body, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own
        self._sender = sender
        super().__init__(method, url, **options)

    def update_auto_headers(self, skip_auto_headers: object) -> None:  # noqa: ARG002 - aiohttp's signature
        """Add no headers: httpx has added them."""
        self._skip_auto_headers = _NOT_ADDED

    def update_transfer_encoding(self) -> None:
        """Let aiohttp set the header that fits its way to send the body."""
        self.headers.pop("Transfer-Encoding", None)
        super().update_transfer_encoding()

    async def write_bytes(
        self, writer: AbstractStreamWriter, conn: Connection, content_length: int | None = None
    ) -> None:
        # aiohttp has no timeout for writing, and its read timeout begins at the end of the body. A closed connection
        # has neither its protocol nor its transport, so they are read first.
        protocol, transport = cast("ResponseHandler", conn.protocol), cast("asyncio.Transport", conn.transport)
        try:
            async with self._sender.bound():
                await super().write_bytes(writer, conn, content_length)
        except TimeoutError:
            protocol.set_exception(httpx.WriteTimeout("the server stopped reading the request"))
            transport.abort()
        except asyncio.CancelledError:
            transport.abort()  # a graceful close would wait until the server has read the rest, which it may never do
            raise


class _AiohttpStream(httpx.AsyncByteStream, AsyncIterator[bytes]):
    """The body of a response. Not a generator, because each piece would take longer."""

    def __init__(self, response: ClientResponse, transport: AiohttpTransport) -> None:
        self._response = response
        self._transport = transport
        self._is_open = True

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk = await self._response.content.readany()
        except Exception as problem:  # noqa: BLE001 - as above
            failure = self._transport.failure_after_sending(problem)
        else:
            if chunk:
                return chunk
            raise StopAsyncIteration
        raise failure

    async def aclose(self) -> None:
        if not self._response.closed:  # it closes itself at its end
            self._response.close()
        if self._is_open:
            self._is_open = False
            self._transport.release()


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


@lru_cache(maxsize=64)
def _timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    # aiohttp's "connect" covers names, sockets, proxies and TLS. Its default for a whole call is five minutes.
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect, sock_read=read)


def _proxy_headers(proxy: httpx.Proxy) -> list[tuple[str, str]]:
    headers = [(name.decode(), value.decode()) for name, value in proxy.headers.raw]
    if proxy.raw_auth is not None:
        headers.append(("Proxy-Authorization", f"Basic {b64encode(b':'.join(proxy.raw_auth)).decode()}"))
    return headers
