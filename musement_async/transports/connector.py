"""aiohttp's connector as the network, in the place of httpcore's pool. Needs the extra ``aiohttp``, and asyncio."""

import asyncio
import select
import ssl
from base64 import b64encode
from collections.abc import AsyncIterable, AsyncIterator, Callable
from functools import lru_cache
from typing import Any, cast
from weakref import WeakSet

import aiohttp
import httpx
from aiohttp import ClientRequest, ClientResponse
from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport
from multidict import CIMultiDict
from yarl import URL

from musement_async.errors import ArgumentError
from musement_async.transports.connector_errors import afterwards, before_sending
from musement_async.transports.loops import in_trio
from musement_async.transports.slots import Slots

_NO_LIMIT = 0  # aiohttp's own word for it; its default is 100
_FOREVER = 10 * 365 * 86400.0
# aiohttp breaks off at 8 kB, below what gateways send in one header; h11, under httpcore, holds this much.
_LONGEST_LINE = 100 * 1024
# aiohttp warns of larger bodies in one piece, which would hold up the event loop.
_PIECE = 2**16
_AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class ConnectorTransport(AiohttpTransport):
    """Sends requests over aiohttp's connector, as faithfully as httpx's own transport does over httpcore.

    ``httpx-aiohttp`` is the bridge; what is changed here is what a login cannot live with, or a caller would stumble
    over. aiohttp by itself repeats a request whose reused connection broke, even after the server has read it: here
    nothing is sent twice. The errors tell what happened before a request was sent from what happened after. URLs and
    headers go out as httpx made them. A server that stops reading meets the write timeout, and waiting for a
    connection is told from making one.

    There is no task per exchange around it, as there is around httpcore's pool: aiohttp keeps its books without
    waiting anywhere, so ``Task.cancel()`` cannot come in between.

    Args:
        verify: What to check certificates with.
        limits: How many connections there are at most, and how many are kept when they are idle.
        proxy: The proxy to go through.

    Raises:
        ValueError: A proxy that aiohttp cannot use.
    """

    def __init__(
        self,
        *,
        verify: ssl.SSLContext,
        limits: httpx.Limits,
        proxy: httpx.Proxy | None,
    ) -> None:
        if proxy is not None and proxy.url.scheme not in {"http", "https"}:
            message = f"aiohttp has no support for proxies of the scheme {proxy.url.scheme!r}"
            raise ValueError(message)
        verify.set_alpn_protocols(["http/1.1"])  # as httpcore does: the context may have been in use for HTTP/2
        super().__init__(verify=verify, limits=limits, proxy=proxy)
        self._connections = None if limits.max_connections is None else Slots(limits.max_connections)
        self._kept = _Kept(limits.max_keepalive_connections)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    client: aiohttp.ClientSession | Callable[[], aiohttp.ClientSession] | None

    def get_client(self) -> aiohttp.ClientSession:
        """A session of aiohttp on the running event loop."""
        expiry = self.limits.keepalive_expiry
        return aiohttp.ClientSession(
            connector=_Connector(
                ssl=self.ssl_context,
                limit=_NO_LIMIT,  # its queue cannot tell a wait for a connection from the making of one
                keepalive_timeout=_FOREVER if expiry is None else expiry,
            ),
            request_class=_Request,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=_AUTOMATIC,
            auto_decompress=False,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            httpx.TransportError: No answer arrived.
            ArgumentError: The event loop is not asyncio's.
        """
        if in_trio():
            raise ArgumentError("network", "'aiohttp' works on asyncio only; on trio leave it at 'httpcore'")
        timeouts = request.extensions.get("timeout", {})
        if self._connections is not None:
            await self._connections.take(timeouts.get("pool"))
        try:
            response = await self._exchange(request, timeouts)
        except BaseException:
            self._release()
            raise
        version = response.version
        return httpx.Response(
            response.status,
            headers=response.raw_headers,
            stream=_Body(response, self._release),
            extensions={
                "http_version": b"HTTP/1.1" if version is None else b"HTTP/%d.%d" % version,
                "reason_phrase": (response.reason or "").encode("utf-8", "surrogateescape"),
            },
        )

    def _release(self) -> None:
        if self._connections is not None:
            self._connections.give()

    async def _exchange(self, request: httpx.Request, timeouts: dict[str, float | None]) -> ClientResponse:
        session = self._session()
        exchange = _Exchange(request, timeouts.get("write"), self._kept)
        url = request.url
        try:
            # Built, not parsed: what is parsed is quoted anew, and a path that ends in "?" would lose it.
            target = URL.build(
                scheme=url.scheme, authority=url.netloc.decode(), path=url.raw_path.decode(), encoded=True
            )
            headers = CIMultiDict(_headers(request))
            options: dict[str, Any] = {}
            if self.proxy is not None:
                tunnelled = url.scheme == "https"
                of_proxy = CIMultiDict(_proxy_headers(self.proxy))
                options = {"proxy": str(self.proxy.url), "proxy_headers": of_proxy if tunnelled else None}
                if not tunnelled:
                    headers.update(of_proxy)
            return await session.request(
                request.method,
                target,
                headers=headers,
                data=exchange.body,
                allow_redirects=False,
                timeout=_timeout(timeouts.get("connect"), timeouts.get("read")),
                middlewares=(exchange,),
                server_hostname=request.extensions.get("sni_hostname"),
                **options,
            )
        except httpx.HTTPError:
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it is, it must not show the URL of a login
            failure = exchange.failure or (afterwards if exchange.begun else before_sending)(problem)
        raise failure

    def _session(self) -> aiohttp.ClientSession:
        if self._closed:
            message = "the transport is closed"
            raise httpx.ConnectError(message)
        loop = asyncio.get_running_loop()
        if not isinstance(self.client, aiohttp.ClientSession):
            self.client, self._loop = self.get_client(), loop
        if loop is not self._loop:
            message = "the transport belongs to another event loop"
            raise httpx.ConnectError(message)
        return self.client

    async def aclose(self) -> None:
        """Close all connections; what is under way fails."""
        self._closed = True
        await super().aclose()


class _Kept:
    """The connections that stay open when they are idle; aiohttp keeps all of them.

    Not counted when they become idle: aiohttp may have done with one before there is anybody to ask.
    """

    def __init__(self, number: int | None) -> None:
        self._number = number
        self._protocols: set[ResponseHandler] = set()

    def see_to(self, connection: Connection) -> None:
        """Keep a connection, or have it closed after its request."""
        protocol = connection.protocol
        if self._number is None or protocol is None or protocol in self._protocols:
            return
        self._protocols = {known for known in self._protocols if known.connected}
        if len(self._protocols) < self._number:
            self._protocols.add(protocol)
        else:
            protocol.force_close()


class _Exchange:
    """One request on its way. aiohttp calls it around connecting and sending, as a middleware.

    That is where aiohttp would send the request again: it does so for its own errors, and none of them gets out.
    """

    bound: asyncio.Timeout  # from when on the body is written

    __slots__ = ("begun", "body", "bound", "failure", "kept", "write_timeout")

    def __init__(self, request: httpx.Request, write_timeout: float | None, kept: "_Kept") -> None:
        self.write_timeout = write_timeout
        self.kept = kept
        self.begun = False
        self.failure: Exception | None = None
        self.body: bytes | AsyncIterator[bytes] | None = self._body(request.stream)

    async def __call__(self, request: ClientRequest, handler: Callable[[ClientRequest], Any]) -> ClientResponse:
        cast("_Request", request).exchange = self
        self.begun = True
        try:
            response: ClientResponse = await handler(request)
        except httpx.HTTPError:
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it is, it must not show the URL of a login
            failure = self.failure or afterwards(problem)
        else:
            return response
        raise failure

    def _body(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> bytes | AsyncIterator[bytes] | None:
        # Not request.content, which may be older than the stream.
        if isinstance(stream, httpx.ByteStream):
            content = b"".join(stream)
            return self._chunks(_pieces(content)) if len(content) > _PIECE else content or None
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
        return self._chunks(stream)

    async def _chunks(self, stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        try:
            self._bind(None)  # to make a chunk may take as long as it takes; to send it may not
            async for chunk in stream:
                if chunk:
                    self._bind(self.write_timeout)
                    yield chunk
                    self._bind(None)
            self._bind(self.write_timeout)
        except Exception as failure:
            self.failure = failure
            raise

    def _bind(self, seconds: float | None) -> None:
        self.bound.reschedule(None if seconds is None else asyncio.get_running_loop().time() + seconds)


class _Request(ClientRequest):
    # Where a body is optional httpx announces none.
    GET_METHODS = ClientRequest.GET_METHODS | {"DELETE"}

    exchange: _Exchange

    async def send(self, conn: Connection) -> ClientResponse:
        self.exchange.kept.see_to(conn)
        return await super().send(conn)

    async def write_bytes(
        self, writer: AbstractStreamWriter, conn: Connection, content_length: int | None = None
    ) -> None:
        # aiohttp has no timeout for this, and counts that of reading from the end of the body on.
        # A connection has both until it is closed, and so they are taken down before.
        protocol, transport = cast("ResponseHandler", conn.protocol), cast("asyncio.Transport", conn.transport)
        try:
            async with asyncio.timeout(self.exchange.write_timeout) as self.exchange.bound:
                await super().write_bytes(writer, conn, content_length)
        except TimeoutError:
            protocol.set_exception(httpx.WriteTimeout("the server takes no more of the request"))
            transport.abort()
        except asyncio.CancelledError:
            transport.abort()  # closed in order, it would stay open until a server that may not read has read the rest
            raise


class _Connector(aiohttp.TCPConnector):
    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own affair
        super().__init__(**options)  # pyright: ignore[reportUnknownMemberType] - a socket's address
        self._used: WeakSet[ResponseHandler] = WeakSet()

    async def connect(
        self,
        req: ClientRequest,
        *args: Any,  # noqa: ANN401 - aiohttp's own affair
        **options: Any,  # noqa: ANN401 - the same
    ) -> Connection:
        failure: httpx.TransportError
        try:
            while (connection := await super().connect(req, *args, **options)).protocol in self._used:
                if not _has_ended(connection):
                    return connection
                connection.close()
        except asyncio.CancelledError:
            # Closed, it cancels the look-ups of names, and with them those who wait for one.
            task = asyncio.current_task()
            if not self.closed or (task is not None and task.cancelling()):
                raise
            failure = httpx.ConnectError("the transport was closed")
        except Exception as problem:  # noqa: BLE001 - whatever it is, nothing was sent
            failure = before_sending(problem)
        else:
            self._used.add(cast("ResponseHandler", connection.protocol))
            return connection
        raise failure


def _has_ended(connection: Connection) -> bool:
    """Whether the far side has closed an idle connection, even if the event loop had no time to notice."""
    transport = connection.transport
    if transport is None or not hasattr(select, "poll"):  # which Windows lacks
        return False
    poll = select.poll()
    poll.register(transport.get_extra_info("socket"), select.POLLIN)
    return bool(poll.poll(0))


class _Body(httpx.AsyncByteStream):
    """The rest of an answer."""

    def __init__(self, response: ClientResponse, release: Callable[[], None]) -> None:
        self._response = response
        self._release: Callable[[], None] | None = release

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = self._response.content.readany
        try:
            while chunk := await read():
                yield chunk
        except Exception as problem:  # noqa: BLE001 - as above
            failure = afterwards(problem)
        else:
            return
        raise failure

    async def aclose(self) -> None:
        if not self._response.closed:  # it closes itself when it has been read to its end
            self._response.close()
        if self._release is not None:
            self._release()
            self._release = None


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]


@lru_cache(maxsize=64)
def _timeout(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    # aiohttp's "connect" is all of it: names, sockets, proxies, TLS. Its default for a whole call is five minutes.
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect, sock_read=read)


def _headers(request: httpx.Request) -> list[tuple[str, str]]:
    return [
        (name.decode(), value.decode()) for name, value in request.headers.raw if name.lower() != b"transfer-encoding"
    ]


def _proxy_headers(proxy: httpx.Proxy) -> list[tuple[str, str]]:
    headers = [(name.decode(), value.decode()) for name, value in proxy.headers.raw]
    if proxy.raw_auth is not None:
        headers.append(("Proxy-Authorization", f"Basic {b64encode(b':'.join(proxy.raw_auth)).decode()}"))
    return headers
