"""Network streams of trio."""

from math import inf
from typing import Any

import httpcore2
import trio

from musement_async.transports.sockets import CLOSED, is_socket_readable
from musement_async.transports.streams import NetworkStream, describe


class _TrioStream(NetworkStream):
    """A connection of trio, which does not read ahead."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            with trio.fail_after(inf if timeout is None else timeout):
                return await self._stream.receive_some(max_bytes)
        except trio.TooSlowError:
            raise httpcore2.ReadTimeout("no data moved in time") from None
        except _FAILURES as problem:
            raise httpcore2.ReadError(_reason(problem)) from None

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        try:
            with trio.fail_after(inf if timeout is None else timeout):
                await self._stream.send_all(buffer)
        except trio.TooSlowError:
            self.abort()
            raise httpcore2.WriteTimeout("no data moved in time") from None
        except _FAILURES as problem:
            raise httpcore2.WriteError(_reason(problem)) from None
        except BaseException:
            self.abort()  # a part may have been sent, and other tasks would write into its middle
            raise

    def abort(self) -> None:
        self._stream.socket.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore2's signature
        sock = self._stream.socket
        if info == "is_readable":
            return is_socket_readable(sock)
        if info == "client_addr":
            return sock.getsockname()
        if info == "server_addr":
            return sock.getpeername()
        return sock if info == "socket" else None


_FAILURES = (trio.BrokenResourceError, trio.ClosedResourceError, trio.BusyResourceError)


def _reason(problem: BaseException) -> str:
    return CLOSED if isinstance(problem, trio.ClosedResourceError) else describe(problem.__cause__ or problem)


async def open_unix(path: str) -> _TrioStream:
    """Connect to a Unix socket."""
    return _TrioStream(await trio.open_unix_socket(path))


async def open_tcp(host: str, port: int, local_address: str | None) -> _TrioStream:
    """Connect to the address of a host that answers first."""
    return _TrioStream(await trio.open_tcp_stream(host, port, local_address=local_address))
