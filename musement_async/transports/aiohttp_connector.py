"""aiohttp's connector, changed to reuse only connections on which nothing unexpected has arrived, and its errors."""

import asyncio
from collections.abc import Sequence
from functools import partial
from math import inf
from typing import Any, cast
from weakref import WeakSet

import aiohttp
import httpx
from aiohttp import ClientRequest
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

from musement_async.transports.sockets import CLOSED, is_socket_readable

_Table = Sequence[tuple[type[Exception], type[httpx.TransportError], str]]

# The first line that matches counts.
BEFORE_SENDING: _Table = (
    (aiohttp.ClientHttpProxyError, httpx.ProxyError, "the proxy refused to connect"),
    (aiohttp.ClientProxyConnectionError, httpx.ProxyError, "no connection to the proxy"),
    (aiohttp.ClientConnectorError, httpx.ConnectError, "no connection"),
    (TimeoutError, httpx.ConnectTimeout, "no connection in time"),
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol, "the URL is not valid"),
    (aiohttp.NonHttpUrlClientError, httpx.UnsupportedProtocol, "the URL is neither http nor https"),
    (ValueError, httpx.LocalProtocolError, "the request cannot be sent"),
    (Exception, httpx.ConnectError, "no connection"),
)
AFTER_SENDING: _Table = (
    (TimeoutError, httpx.ReadTimeout, "the rest of the answer did not come in time"),
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError, "the server closed the connection without an answer"),
    (aiohttp.ClientPayloadError, httpx.RemoteProtocolError, "the answer broke off"),
    (aiohttp.ClientResponseError, httpx.RemoteProtocolError, "the answer is not HTTP"),
    (ValueError, httpx.LocalProtocolError, "the request cannot be sent"),
    (Exception, httpx.ReadError, "the connection broke"),
)


def translate(table: _Table, problem: Exception) -> httpx.TransportError:
    """The httpx error for an error of aiohttp.

    It has neither aiohttp's text nor its error as a cause: these hold URLs, and the URL of a login holds its secrets.
    """
    error, text = next((error, text) for kind, error, text in table if isinstance(problem, kind))
    return error(f"{text} ({_detail(problem) or type(problem).__name__})")


def _detail(problem: Exception) -> object:
    if isinstance(problem, aiohttp.ClientConnectorCertificateError):
        return problem.certificate_error
    if isinstance(problem, aiohttp.ClientHttpProxyError):
        return problem.status
    return problem.strerror if isinstance(problem, OSError) else None


class _Protocol(ResponseHandler):
    """The receiving end of a connection. An idle connection that receives anything is closed."""

    def __init__(self, connector: "Connector", loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._connector = connector
        self.was_used = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connector.open.add(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connector.idle.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if data and self in self._connector.idle:  # aiohttp also calls this without new data, to continue with the old
            self.abort_transport()
        else:
            super().data_received(data)

    def abort_transport(self) -> None:
        self.force_close()
        transport, self.transport = self.transport, None  # as aiohttp does, so that the aborted transport is not used
        if transport is not None:
            transport.abort()

    def is_clean(self) -> bool:
        """Whether no received bytes are left, here or in the operating system."""
        parser: Any = self._parser
        if self.should_close or getattr(self, "_reading_paused", True) or parser is None:
            return False
        try:
            has_begun = parser.feed_eof() is not None  # aiohttp returns as much of an incomplete response as it can
        except Exception:  # noqa: BLE001 - or fails if it can return nothing
            return False
        return (
            not has_begun
            and self.transport is not None
            and not is_socket_readable(self.transport.get_extra_info("socket"))
        )


class Connector(aiohttp.TCPConnector):
    """aiohttp's pool of connections, with stricter reuse, a limit on idle connections, and a faster close."""

    def __init__(self, max_idle: int | None, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own types
        super().__init__(**options)  # pyright: ignore[reportUnknownMemberType] - a socket's address
        self._max_idle = inf if max_idle is None else max_idle
        self._factory: Any = partial(_Protocol, self, self._loop)
        self._connecting: set[asyncio.Timeout] = set()
        self.open: WeakSet[_Protocol] = WeakSet()  # the protocol of a tunnel is dropped silently
        self.idle: set[_Protocol] = set()

    async def connect(self, req: ClientRequest, *args: Any, **options: Any) -> Connection:  # noqa: ANN401 - aiohttp's own types
        """Take an idle, clean connection, or open one.

        Raises:
            httpx.TransportError: No connection could be opened; nothing was sent.
        """
        failure: httpx.TransportError
        try:
            while True:
                connection = await super().connect(req, *args, **options)
                protocol = cast("_Protocol", connection.protocol)
                # A used connection that is not idle was released in an unknown way.
                if not protocol.was_used or (protocol in self.idle and protocol.is_clean()):
                    protocol.was_used = True
                    self.idle.discard(protocol)
                    return connection
                connection.close()
        except Exception as problem:  # noqa: BLE001 - every error here means that nothing was sent
            failure = httpx.ConnectError(CLOSED) if self.closed else translate(BEFORE_SENDING, problem)
        raise failure

    async def _create_connection(self, *args: Any, **options: Any) -> ResponseHandler:  # noqa: ANN401 - aiohttp's own types
        async with asyncio.timeout(None) as scope:
            self._connecting.add(scope)
            try:
                return await super()._create_connection(*args, **options)
            finally:
                self._connecting.discard(scope)

    def _release(self, key: Any, protocol: ResponseHandler, *, should_close: bool = False) -> None:  # noqa: ANN401 - aiohttp's own types
        if isinstance(protocol, _Protocol) and not should_close:
            should_close = protocol.should_close or len(self.idle) >= self._max_idle
            if not should_close:
                self.idle.add(protocol)
        super()._release(key, protocol, should_close=should_close)

    async def abort(self) -> None:
        """Close the open connections, and cancel those being opened."""
        for scope in self._connecting:
            if scope.when() is None:  # no other call of abort() has cancelled it
                scope.reschedule(self._loop.time())
        for protocol in list(self.open):
            protocol.abort_transport()
        await self.close()
        while self._connecting:  # noqa: ASYNC110 - each one is cancelled, and ends at its task's next step
            await asyncio.sleep(0)
        for _ in range(3):  # asyncio closes a socket one turn of the loop after its transport, with TLS after two
            await asyncio.sleep(0)
