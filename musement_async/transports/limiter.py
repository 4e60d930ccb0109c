"""The limit on the number of connections of a pool."""

from collections import OrderedDict

import anyio
import httpx

CLOSED = "the transport was closed"


class ConnectionLimiter:
    """Hands out places for connections, in order of arrival.

    Args:
        limit: How many places there are; None for any number.
    """

    __slots__ = ("_closed", "_free", "_waiting")

    def __init__(self, limit: int | None) -> None:
        self._free: float = float("inf") if limit is None else limit
        self._waiting: OrderedDict[anyio.Event, None] = OrderedDict()
        self._closed = False

    def acquire_nowait(self) -> bool:
        """Take a place if one is free.

        Raises:
            httpx.ConnectError: The transport was closed.
        """
        if self._closed:
            raise httpx.ConnectError(CLOSED)
        if not self._free:
            return False
        self._free -= 1
        return True

    async def acquire(self, timeout: float | None) -> None:  # noqa: ASYNC109 - one of httpx's four timeouts
        """Take a place, and wait for one if none is free.

        Raises:
            httpx.PoolTimeout: None was released to this request within ``timeout`` seconds.
            httpx.ConnectError: The transport was closed.
        """
        if self.acquire_nowait():
            return
        granted = anyio.Event()
        self._waiting[granted] = None
        try:
            with anyio.move_on_after(timeout):
                await granted.wait()
        except BaseException:
            if not self._withdraw(granted):
                self.release()
            raise
        if self._withdraw(granted):
            message = f"no connection became free within {timeout:g} s"
            raise httpx.PoolTimeout(message)
        if self._closed:
            raise httpx.ConnectError(CLOSED)

    def _withdraw(self, granted: anyio.Event) -> bool:
        """Stop waiting. Returns False if the place has been granted already."""
        waiting = granted in self._waiting
        if waiting:
            del self._waiting[granted]
        return waiting

    def release(self) -> None:
        """Give a place back."""
        if self._waiting:
            self._waiting.popitem(last=False)[0].set()
        else:
            self._free += 1

    def close(self) -> None:
        """Refuse those who wait, and those who come later."""
        self._closed = True
        while self._waiting:
            self._waiting.popitem(last=False)[0].set()
