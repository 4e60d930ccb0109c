"""aiohttp's connector, whose connections are used again only if nothing unasked-for has arrived on them."""

import asyncio
from functools import partial
from math import inf
from typing import Any, cast
from weakref import WeakSet

import aiohttp
import httpx
from aiohttp import ClientRequest
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

from musement_async.transports.aiohttp_errors import before_sending
from musement_async.transports.sockets import CLOSED, is_socket_readable


class _Protocol(ResponseHandler):
    """The receiving end of a connection; one that receives anything while it is idle is closed."""

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
        if data and self in self._connector.idle:  # aiohttp also calls it to go on with what it has
            self.abort_transport()
        else:
            super().data_received(data)

    def abort_transport(self) -> None:
        self.force_close()
        transport, self.transport = self.transport, None  # as aiohttp does, so that nothing uses the aborted one
        if transport is not None:
            transport.abort()

    def is_clean(self) -> bool:
        """Whether nothing is left of what was received, here or in the system."""
        parser: Any = self._parser
        if self.should_close or getattr(self, "_reading_paused", True) or parser is None:
            return False
        try:
            has_begun = parser.feed_eof() is not None  # of a half response, aiohttp makes what can be made
        except Exception:  # noqa: BLE001 - the same, if not even that
            return False
        return (
            not has_begun
            and self.transport is not None
            and not is_socket_readable(self.transport.get_extra_info("socket"))
        )


class Connector(aiohttp.TCPConnector):
    """aiohttp's pool of connections, more careful with what it uses again, and quicker to close.

    Args:
        max_idle: How many connections are kept while idle; None for any number.
        options: Those of ``aiohttp.TCPConnector``.
    """

    def __init__(self, max_idle: int | None, **options: Any) -> None:  # noqa: ANN401 - aiohttp's own types
        super().__init__(**options)  # pyright: ignore[reportUnknownMemberType] - a socket's address
        self._max_idle = inf if max_idle is None else max_idle
        self._factory: Any = partial(_Protocol, self, self._loop)
        self._connecting: set[asyncio.Timeout] = set()
        self.open: WeakSet[_Protocol] = WeakSet()  # the protocol of a tunnel is dropped silently
        self.idle: set[_Protocol] = set()

    async def connect(
        self,
        req: ClientRequest,
        *args: Any,  # noqa: ANN401 - aiohttp's own types
        **options: Any,  # noqa: ANN401 - the same
    ) -> Connection:
        """Take a connection that is idle and clean, or make one.

        Raises:
            httpx.TransportError: There is none, and nothing was sent.
        """
        failure: httpx.TransportError
        try:
            while True:
                connection = await super().connect(req, *args, **options)
                protocol = cast("_Protocol", connection.protocol)
                # One that was used and is not idle has been released in a way that we do not know.
                if not protocol.was_used or (protocol in self.idle and protocol.is_clean()):
                    protocol.was_used = True
                    self.idle.discard(protocol)
                    return connection
                connection.close()
        except Exception as problem:  # noqa: BLE001 - whatever it is, nothing was sent
            failure = httpx.ConnectError(CLOSED) if self.closed else before_sending(problem)
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
        """Close what is open, and stop what is being opened."""
        for scope in self._connecting:
            if scope.when() is None:  # not told by another call of this
                scope.reschedule(self._loop.time())
        for protocol in list(self.open):
            protocol.abort_transport()
        await self.close()
        while self._connecting:  # noqa: ASYNC110 - each of them is cancelled, and ends with its task's next turn
            await asyncio.sleep(0)
        for _ in range(3):  # asyncio closes a socket soon after its transport, with TLS after one more turn
            await asyncio.sleep(0)
