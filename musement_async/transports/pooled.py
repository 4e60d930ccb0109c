"""A guard around httpcore's pool, which loses a slot when ``Task.cancel()`` meets it at the wrong moment."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Self, cast

import anyio
import httpx

from musement_async.transports.detached import in_trio, outlive


class PooledTransport(httpx.AsyncBaseTransport):
    """Sends each request in a task of its own, so that no ``Task.cancel()`` reaches the pool.

    httpcore 1.0 shields its bookkeeping with anyio scopes, which ``Task.cancel()`` does not respect: cancelled while
    it closes an answer, it never gives the connection back, and after as many such calls as the pool has connections,
    every further one waits for ever. Here the pool only meets the cancellation of scopes, which it handles well. Trio
    knows no other kind and is left alone.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._inner = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if in_trio():
            return await self._inner.handle_async_request(request)
        scope = anyio.CancelScope()
        exchange = asyncio.ensure_future(self._send(request, scope))
        try:
            await asyncio.wait([exchange])
        except asyncio.CancelledError:
            scope.cancel()
            await outlive(partial(_drop, exchange), name="musement_async.drop")
            raise
        return cast("httpx.Response", exchange.result())  # None is for scopes that were cancelled

    async def _send(self, request: httpx.Request, scope: anyio.CancelScope) -> httpx.Response | None:
        with scope:
            response = await self._inner.handle_async_request(request)
            response.stream = _Stream(response.stream)
            return response
        return None

    async def aclose(self) -> None:
        """Close the pool."""
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        """Open the pool."""
        await self._inner.__aenter__()
        return self


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> None:
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        await outlive(self._stream.aclose, name="musement_async.release")


async def _drop(exchange: "asyncio.Task[httpx.Response | None]") -> None:
    """Give back the connection of an answer that nobody waits for any more."""
    await asyncio.wait([exchange])
    if not exchange.cancelled() and exchange.exception() is None and (response := exchange.result()) is not None:
        await response.aclose()
