"""A guard around httpcore's pool, which loses a slot when ``Task.cancel()`` meets it at the wrong moment."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar, cast

import anyio
import httpx

from musement_async.transports.detached import outlive
from musement_async.transports.leftovers import condemn_if_ahead
from musement_async.transports.loops import in_trio

if TYPE_CHECKING:
    import asyncio  # as in the module of detached tasks

T = TypeVar("T")


class PooledTransport(httpx.AsyncBaseTransport):
    """Sends each request and reads each piece of its answer in a task of its own: the pool meets no ``Task.cancel()``.

    httpcore 1.0 shields its bookkeeping with anyio scopes, which ``Task.cancel()`` does not respect: cancelled while
    it closes an answer, it never gives the connection back, and after as many such calls as the pool has connections,
    every further one waits for ever. Here the pool only meets the cancellation of scopes, which it handles well. Trio
    knows no other kind and is left alone.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._inner = transport

    @property
    def size(self) -> int | None:
        """How many connections the pool may have; None for as many as it likes.

        No more requests should be in it: of those that wait there for a connection and are cancelled by scopes, one
        can be given a connection in that very moment, which it never begins and nobody takes away.
        """
        pool = getattr(self._inner, "_pool", None)
        size: int = getattr(pool, "_max_connections", sys.maxsize)
        return size if size < sys.maxsize else None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if in_trio():
            response = await self._inner.handle_async_request(request)
            response.stream = _Stream(response.stream)
        else:
            response = await _apart(partial(self._inner.handle_async_request, request), httpx.Response.aclose)
            response.stream = _StreamApart(response.stream)
        return response

    async def aclose(self) -> None:
        """Close the pool."""
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        """Open the pool."""
        await self._inner.__aenter__()
        return self


class _Stream(httpx.AsyncByteStream):
    """The body of an answer, whose connection is good for another one only if nothing came after it."""

    def __init__(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> None:
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        condemn_if_ahead(self._stream)
        await self._stream.aclose()


class _StreamApart(_Stream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = aiter(self._stream)
        while (chunk := await _apart(partial(anext, chunks, None), _let_go)) is not None:
            yield chunk

    async def aclose(self) -> None:
        await outlive(super().aclose, name="musement_async.release")


async def _apart(work: Callable[[], Awaitable[T]], discard: Callable[[T], Awaitable[None]]) -> T:
    """Do some work in a task of its own. Cancelled, cancel it by a scope, and discard what it brings after all."""
    import asyncio

    scope = anyio.CancelScope()

    async def run() -> T | None:
        with scope:
            return await work()
        return None

    task = asyncio.ensure_future(run())
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        scope.cancel()
        await outlive(partial(_drop, task, discard), name="musement_async.drop")
        raise
    return cast("T", task.result())  # None only where the work itself gave it, or the scope was cancelled


async def _drop(task: "asyncio.Task[T | None]", discard: Callable[[T], Awaitable[None]]) -> None:
    import asyncio

    await asyncio.wait([task])
    if not task.cancelled() and task.exception() is None and (result := task.result()) is not None:
        await discard(result)


async def _let_go(_: object) -> None:
    pass
