"""Network streams for httpcore2 that know whether anything unread is in them, and the dialer that opens them."""

import ssl
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from functools import partial
from types import ModuleType
from typing import Any, Self, TypeVar

import anyio
import anyio.to_thread
import httpcore2

from musement_async.transports.loop import in_trio
from musement_async.transports.sockets import CLOSED

T = TypeVar("T")

READ_SIZE = 2**16
# The most bytes that are encrypted at a time: these are in memory twice.
_PIECE = 2**16
_LAST_PORT = 2**16 - 1


def describe(problem: BaseException) -> str:
    """The text of an error, or its name if it has none."""
    return str(problem) or type(problem).__name__


class NetworkStream(httpcore2.AsyncNetworkStream, ABC):
    """A stream that can be closed without a wait, and so without an interruption by a cancellation."""

    @abstractmethod
    def abort(self) -> None:
        """Close at once; reads and writes in progress fail."""

    async def wait_closed(self) -> None:
        """Wait until the socket is closed, after ``abort()``."""

    async def aclose(self) -> None:
        """Close."""
        self.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_TLSStream":
        """Begin TLS on this connection."""
        try:
            with anyio.fail_after(timeout):
                return await _TLSStream.handshake(self, ssl_context, server_hostname)
        except BaseException as problem:
            self.abort()
            if isinstance(problem, TimeoutError):
                raise httpcore2.ConnectTimeout("no TLS handshake in time") from None
            if isinstance(problem, Exception):
                raise httpcore2.ConnectError(describe(problem)) from problem
            raise


class _TLSStream(NetworkStream):
    """TLS within another stream, plain or TLS itself."""

    def __init__(
        self, inner: NetworkStream, tls: ssl.SSLObject, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
    ) -> None:
        self._inner = inner
        self._tls = tls
        self._incoming = incoming
        self._outgoing = outgoing
        self._sending = anyio.Lock(fast_acquire=True)

    @classmethod
    async def handshake(cls, inner: NetworkStream, context: ssl.SSLContext, hostname: str | None) -> Self:
        """Agree on a session with the server."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        if type(context) is ssl.SSLContext:
            tls = context.wrap_bio(incoming, outgoing, server_hostname=hostname)
        else:  # other contexts, such as truststore's, may read files
            tls = await anyio.to_thread.run_sync(context.wrap_bio, incoming, outgoing, False, hostname)  # noqa: FBT003 - positional in `ssl`
        stream = cls(inner, tls, incoming, outgoing)
        await stream._call(tls.do_handshake, None)
        return stream

    async def _call(self, function: Callable[[], T], timeout: float | None) -> T:
        """Call a function of the TLS session, which may need more bytes from the server."""
        while True:
            try:
                result = function()
            except ssl.SSLWantReadError:
                await self._flush(timeout)
                data = await self._inner.read(READ_SIZE, timeout)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                await self._flush(timeout)
                return result

    async def _flush(self, timeout: float | None) -> None:
        if self._outgoing.pending:
            async with self._sending:
                # The previous holder of the lock may have sent these bytes too.
                await self._inner.write(self._outgoing.read(), timeout)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return await self._call(partial(self._tls.read, max_bytes), timeout)
        except ssl.SSLEOFError:
            return b""  # many servers close without TLS's closing message; HTTP tells whether an answer is complete
        except ssl.SSLError as problem:
            raise httpcore2.ReadError(describe(problem)) from problem

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            for start in range(0, len(buffer), _PIECE):
                piece = buffer[start : start + _PIECE]
                await self._call(partial(self._tls.write, piece), timeout)
        except ssl.SSLError as problem:
            raise httpcore2.WriteError(describe(problem)) from problem

    def abort(self) -> None:
        self._inner.abort()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore2's signature
        if info == "ssl_object":
            return self._tls
        if info == "is_readable" and (self._incoming.pending or self._tls.pending()):
            return True
        return self._inner.get_extra_info(info)


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
        if port > _LAST_PORT:  # systems connect to the port of its last 16 bits
            raise httpcore2.ConnectError(f"{port} is not a port")
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
            self.abort()  # the stream may have opened at the same time
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
