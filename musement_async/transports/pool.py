"""A connection pool over httpcore2: the default network, and the only one on trio."""

import importlib.util
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from math import inf
from time import monotonic
from typing import Any, Self, cast

import anyio
import anyio.lowlevel
import httpcore2
import httpx

from musement_async.transports.admission import ConcurrencyLimiter
from musement_async.transports.sockets import CLOSED
from musement_async.transports.streams import Dialer

_SCHEMES = frozenset({"http", "https", "ws", "wss"})
# Seconds between two searches for expired idle connections.
_SWEEP = 1.0
_H11_STATE = "_h11_state"
# The base classes of httpcore2's errors.
_ERRORS = (
    *(httpcore2.TimeoutException, httpcore2.NetworkError),
    *(httpcore2.ProtocolError, httpcore2.ProxyError, httpcore2.UnsupportedProtocol),
)
_WIRE_DATA = re.compile(r":? b(ytearray\(b)?['\"]")

_Origin = tuple[bytes, bytes, int | None]


class ConnectionPool(httpx.AsyncBaseTransport):
    """Sends requests over httpcore2's connections, with a pool and network streams of our own.

    httpcore2's pool walks through all its connections and requests at each change, and does not know what its streams
    have read ahead. Here, a request takes and returns its connection in constant time. A connection is reused only if
    it holds no unread bytes: after the last response, in the socket or in the TLS session. A cancellation at any moment
    closes its own connection and releases its slot.

    Raises:
        ImportError: The extra ``socks`` is missing, and the proxy needs it.
    """

    def __init__(
        self,
        *,
        limits: httpx.Limits,
        verify: ssl.SSLContext,
        proxy: httpx.Proxy | None = None,
        http2: bool = False,
        local_address: str | None = None,
        uds: str | None = None,
    ) -> None:
        self._limiter = ConcurrencyLimiter(limits.max_connections, partial(httpx.ConnectError, CLOSED))
        self._max_connections = inf if limits.max_connections is None else limits.max_connections
        self._max_idle = inf if limits.max_keepalive_connections is None else limits.max_keepalive_connections
        self._multiplexes = http2
        self._new_dialer: Callable[[], Dialer] = partial(Dialer, local_address)
        self._httpcore_options: dict[str, Any] = {
            "ssl_context": verify,
            "proxy": None if proxy is None else _httpcore_proxy(proxy),
            "keepalive_expiry": limits.keepalive_expiry,
            "http2": http2,
            "uds": uds,
        }
        self._active: dict[_PooledConnection, None] = {}
        self._idle: list[_PooledConnection] = []  # the connection that was used last is at the end
        self._next_sweep = 0.0
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        url = request.url
        if url.scheme not in _SCHEMES:
            raise httpx.UnsupportedProtocol(
                f"the scheme {url.scheme!r} is not supported" if url.scheme else "the URL has no scheme"
            )
        outgoing = httpcore2.Request(
            request.method,
            httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            extensions=request.extensions,
        )
        # Set here because the constructor would check each of them again.
        outgoing.headers = request.headers.raw
        assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
        outgoing.stream = request.stream
        timeout = request.extensions.get("timeout", {}).get("pool")
        failure: httpx.TransportError
        while True:
            connection = await self._check_out((url.raw_scheme, url.raw_host, url.port), outgoing, timeout)
            try:
                incoming = await connection.http.handle_async_request(outgoing)
            except httpcore2.ConnectionNotAvailable:  # the connection does not speak HTTP/2, or has no streams left
                self._check_in(connection)
                continue
            except _ERRORS as problem:
                self._check_in(connection)
                failure = _translate(problem)
                break
            except BaseException:
                self._check_in(connection)
                raise
            extensions: dict[str, Any] = incoming.extensions  # type: ignore[assignment]
            return httpx.Response(
                incoming.status,
                headers=incoming.headers,
                stream=_PooledStream(incoming, connection, self._check_in),
                extensions=extensions,
            )
        raise failure

    async def _check_out(
        self, origin: _Origin, request: httpcore2.Request, timeout: float | None
    ) -> "_PooledConnection":
        """Take a connection for one exchange."""
        if (connection := self._share(origin)) is not None:
            return connection
        await self._limiter.acquire(timeout)
        if (connection := self._share(origin)) is not None:  # opened during the wait
            self._limiter.release()
            return connection
        if self._idle:
            self._sweep()
            connection = self._take_idle(origin)
        if connection is None:
            connection = _PooledConnection(origin, request.url.origin, self._new_dialer(), self._httpcore_options)
            if self._idle and len(self._active) + len(self._idle) >= self._max_connections:
                self._idle.pop(0).abort()
        connection.exchanges = 1
        self._active[connection] = None
        return connection

    def _share(self, origin: _Origin) -> "_PooledConnection | None":
        """Take a connection in use for one more exchange: it speaks HTTP/2, or may do so once it is open."""
        for connection in self._active if self._multiplexes else ():
            http = connection.http
            if connection.origin == origin and http.is_available() and (http.can_multiplex() or not http.is_idle()):
                connection.exchanges += 1
                return connection
        return None

    def _take_idle(self, origin: _Origin) -> "_PooledConnection | None":
        for place in range(len(self._idle) - 1, -1, -1):
            if self._idle[place].origin == origin:
                connection = self._idle.pop(place)
                if not connection.http.has_expired():
                    return connection
                connection.abort()
        return None

    def _sweep(self) -> None:
        """Close the idle connections that have expired, or that the server has closed."""
        now = monotonic()
        if now < self._next_sweep:
            return
        self._next_sweep = now + _SWEEP
        expired = {connection for connection in self._idle if connection.http.has_expired()}
        self._idle = [connection for connection in self._idle if connection not in expired]
        for connection in expired:
            connection.abort()

    def _check_in(self, connection: "_PooledConnection") -> None:
        """Return a connection after one exchange."""
        connection.exchanges -= 1
        if connection.exchanges:
            return
        del self._active[connection]
        is_reusable = not connection.is_spoiled and connection.http.is_idle() and connection.http.is_available()
        if is_reusable and not self._closed:
            self._idle.append(connection)
            if len(self._idle) > self._max_idle:
                self._idle.pop(0).abort()
        else:
            connection.abort()
        self._limiter.release()

    async def aclose(self) -> None:
        """Close all connections. Exchanges in progress and later ones fail."""
        self._closed = True
        self._limiter.close()
        open_now = [*self._active, *self._idle]
        self._idle.clear()
        for connection in open_now:
            connection.abort()
        with anyio.CancelScope(shield=True):
            for connection in open_now:
                await connection.dialer.wait_closed()
            await anyio.lowlevel.checkpoint()  # asyncio closes the sockets that were aborted just before


class _PooledConnection:
    __slots__ = ("dialer", "exchanges", "http", "is_spoiled", "origin")

    def __init__(
        self, origin: _Origin, httpcore_origin: httpcore2.Origin, dialer: Dialer, options: dict[str, Any]
    ) -> None:
        self.origin = origin
        self.dialer = dialer
        # httpcore2's pool is used only to choose the class of the connection.
        self.http = httpcore2.AsyncConnectionPool(network_backend=dialer, **options).create_connection(httpcore_origin)
        self.exchanges = 0
        self.is_spoiled = False

    def abort(self) -> None:
        self.dialer.abort()

    def discard_if_trailing_data(self, stream: object) -> None:
        """Do not use the connection again if the server has sent more than the response.

        httpcore2 would read the rest as the response to the next request. HTTP/2 numbers its responses.
        """
        if not self.http.can_multiplex():
            state: Any = getattr(getattr(stream, "_connection", None), _H11_STATE, None)
            # If h11's state is not found, the connection counts as not clean.
            self.is_spoiled = state is None or bool(state.trailing_data[0])


class _PooledStream(httpx.AsyncByteStream, AsyncIterator[bytes]):
    """The body of a response. Not a generator: trio warns of generators that are not iterated to their end."""

    def __init__(
        self, response: httpcore2.Response, connection: _PooledConnection, check_in: Callable[[_PooledConnection], None]
    ) -> None:
        self._stream: Any = response.stream
        self._chunks: Any = None
        self._connection = connection
        self._check_in: Callable[[_PooledConnection], None] | None = check_in

    def __aiter__(self) -> Self:
        self._chunks = aiter(self._stream)
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk: bytes = await anext(self._chunks)
        except _ERRORS as problem:
            failure = _translate(problem)
        else:
            return chunk
        raise failure

    async def aclose(self) -> None:
        if self._check_in is None:
            return
        check_in, self._check_in = self._check_in, None
        try:
            self._connection.discard_if_trailing_data(self._stream)
            if self._chunks is not None:
                with suppress(RuntimeError):  # another task is reading, and fails because the connection closes
                    await self._chunks.aclose()
            await self._stream.aclose()
        finally:
            check_in(self._connection)


def _httpcore_proxy(proxy: httpx.Proxy) -> httpcore2.Proxy:
    url = proxy.url
    if url.scheme.startswith("socks") and importlib.util.find_spec("socksio") is None:
        raise ImportError("a SOCKS proxy needs the extra 'socks'")
    context = proxy.ssl_context
    if context is None and url.scheme == "https":
        context = httpcore2.default_ssl_context()
    return httpcore2.Proxy(
        httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        auth=proxy.raw_auth,
        headers=proxy.headers.raw,
        ssl_context=context,
    )


def _translate(problem: Exception) -> httpx.TransportError:
    """The httpx error for an error of httpcore2; their classes have the same names.

    A header may hold a secret. So the text is cut before the header or line that h11 quotes from the wire, and the new
    error has no cause.
    """
    error = next(getattr(httpx, kind.__name__) for kind in type(problem).__mro__ if hasattr(httpx, kind.__name__))
    return cast("httpx.TransportError", error(_WIRE_DATA.split(str(problem), maxsplit=1)[0]))
