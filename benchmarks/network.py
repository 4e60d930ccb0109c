"""Networks that cost next to nothing, so that what is measured is the client."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx

Bodies = Mapping[str, bytes]


class MemoryTransport(httpx.AsyncBaseTransport):
    """Answers at once, but as a network does: with a stream that has to be read and closed."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with the body of the request's path."""
        body = self._bodies[request.url.path]
        extensions = {"http_version": b"HTTP/1.1", "reason_phrase": b"OK"}
        return httpx.Response(200, headers=_headers(body), stream=_Stream(body), extensions=extensions)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body

    async def aclose(self) -> None:
        pass


@asynccontextmanager
async def loopback_server(bodies: Bodies) -> AsyncGenerator[str, None]:
    """A server on this event loop that does nothing but answer; gives its origin. Other paths are never answered."""
    answers = {path.encode(): message(body) for path, body in bodies.items()}
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(answers), "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


class _Connection(asyncio.Protocol):
    def __init__(self, answers: Mapping[bytes, bytes]) -> None:
        self._answers = answers
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(b"\r\n\r\n"):
            path = self._received.split(b" ", 2)[1]
            self._received = b""
            self._transport.write(self._answers.get(path, b""))


def _headers(body: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"Date", b"Thu, 01 Jan 2026 12:00:00 GMT"),
        (b"Content-Type", b"application/json"),
        (b"Content-Length", b"%d" % len(body)),
        (b"Connection", b"keep-alive"),
        (b"Cache-Control", b"no-cache, private"),
        (b"Vary", b"Accept-Language, X-Musement-Currency"),
        (b"X-Request-Id", b"00000000-0000-4000-8000-000000000000"),
    ]


def message(body: bytes, status: int = 200) -> bytes:
    """A whole answer, as it goes over the wire."""
    lines = (b"%b: %b" % header for header in _headers(body))
    return b"\r\n".join([b"HTTP/1.1 %d OK" % status, *lines, b"", body])
