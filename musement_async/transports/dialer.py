"""The opening of network streams, which can be stopped at any moment."""

from collections.abc import Awaitable, Callable
from functools import partial
from types import ModuleType

import anyio
import httpcore2

from musement_async.transports.loop import in_trio
from musement_async.transports.sockets import CLOSED
from musement_async.transports.streams import NetworkStream, describe


class Dialer(httpcore2.AsyncNetworkBackend):
    """Opens the stream of one pooled connection.

    httpcore2 loses track of a stream if a caller is cancelled between its connect and its TLS handshake. The dialer
    keeps track: ``abort()`` closes the stream in every state of the connection.
    """

    def __init__(self, local_address: str | None = None) -> None:
        self._local_address = local_address
        self._streams: list[NetworkStream] = []
        self._scopes: dict[anyio.CancelScope, anyio.Event] = {}
        self._aborted = False

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_args: object, **_options: object
    ) -> NetworkStream:
        """Connect to a host, or to a proxy, for which httpcore2 passes no local address."""
        return await self._open(partial(_streams().open_tcp, host, port, self._local_address), timeout)

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, *_args: object, **_options: object
    ) -> NetworkStream:
        """Connect to a Unix socket."""
        return await self._open(partial(_streams().open_unix, path), timeout)

    async def _open(self, connect: Callable[[], Awaitable[NetworkStream]], timeout: float | None) -> NetworkStream:
        stream = None
        if not self._aborted:
            with anyio.move_on_after(timeout) as scope:
                self._scopes[scope] = anyio.Event()
                try:
                    stream = await connect()
                    self._streams.append(stream)
                except Exception as problem:
                    # Invalid names and ports fail with errors of many classes.
                    raise httpcore2.ConnectError(describe(problem)) from problem
                finally:
                    self._scopes.pop(scope).set()
        if self._aborted:
            raise httpcore2.ConnectError(CLOSED)
        if stream is None:
            raise httpcore2.ConnectTimeout("no connection in time")
        return stream

    def abort(self) -> None:
        """Close the stream, stop its opening, and refuse to open another one."""
        self._aborted = True
        for scope in self._scopes:
            scope.cancel()
        for stream in self._streams:
            stream.abort()

    async def wait_closed(self) -> None:
        """Wait until everything is closed, after ``abort()``."""
        for ended in list(self._scopes.values()):
            await ended.wait()
        for stream in self._streams:
            await stream.wait_closed()


def _streams() -> ModuleType:
    if in_trio():
        from musement_async.transports import streams_trio

        return streams_trio
    from musement_async.transports import streams_asyncio

    return streams_asyncio
