"""A queue in front of the pool, so that few requests at a time are in it."""

from collections.abc import AsyncIterator, Callable
from typing import Self

import httpx

from musement_async.errors import ClientClosedError
from musement_async.transports.slots import Slots

CLOSED = "the client is closed"
# There where a request goes before others: it has had its turn and met a 401, or has carried a login for all.
PRIORITY_EXTENSION = "musement_async.priority"


class QueuedTransport(httpx.AsyncBaseTransport):
    """Lets so many requests through at a time; the others wait here, in order of arrival.

    httpcore's pool goes through all that wait in it whenever one of them gets on, so its time grows with the square of
    their number. A slot is taken until the answer is closed, as its connection is. Nobody waits for longer than the
    request's pool timeout while no slot comes free.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, slots: Slots) -> None:
        self._inner = transport
        self._slots = slots
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request when its turn comes."""
        await self._slots.take(
            request.extensions.get("timeout", {}).get("pool"),
            first=PRIORITY_EXTENSION in request.extensions,
        )
        if self._closed:  # while it waited
            self._slots.give()
            raise ClientClosedError(CLOSED)
        try:
            response = await self._inner.handle_async_request(request)
        except BaseException:
            self._slots.give()
            raise
        if response.is_closed:  # made from a body in memory: nothing will close it
            self._slots.give()
        else:
            response.stream = _Held(response.stream, self._slots.give)
        return response

    async def aclose(self) -> None:
        """Close the transport underneath; whatever still waits is refused."""
        self._closed = True
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        """Open the transport underneath."""
        await self._inner.__aenter__()
        return self


class _Held(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream, release: Callable[[], None]) -> None:
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
        self._stream = stream
        self._release: Callable[[], None] | None = release

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            if self._release is not None:
                self._release()
                self._release = None
