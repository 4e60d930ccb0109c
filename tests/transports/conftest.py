"""Servers that answer by hand, and aiohttp as the network."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from musement_async.transports.setup import open_network

Answer = Callable[[bytes, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class RawServer:
    """Reads the head of each request, keeps it, and lets a function do the rest."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._tasks: set[asyncio.Task[Any]] = set()
        self.heads: list[bytes] = []
        self.connections = 0
        self.open = 0
        self.origin = ""

    @property
    def lines(self) -> list[bytes]:
        """The first lines of the requests."""
        return [head.partition(b"\r\n")[0] for head in self.heads]

    @property
    def headers(self) -> list[dict[str, str]]:
        """Their headers, by name as it was sent."""
        lines = (head.decode().strip().split("\r\n")[1:] for head in self.heads)
        return [dict(line.split(": ", 1) for line in head) for head in lines]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open += 1
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                await self._answer(head, reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass  # the client hung up, or the test is over
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.transport.abort()

    async def end(self) -> None:
        """End what is still under way."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


async def ok(_head: bytes, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What answers any request that has no body."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    await writer.drain()


@pytest.fixture
def raw_server() -> Any:
    """What starts servers that answer by hand; its ``ok`` is an answer."""

    @asynccontextmanager
    async def start(
        answer: Answer = ok, *, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> AsyncIterator[RawServer]:
        server = RawServer(answer)
        listening = await asyncio.start_server(server.serve, "127.0.0.1", port, ssl=tls)
        server.origin = f"http{'s' if tls else ''}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        try:
            yield server
        finally:
            listening.close()
            await server.end()

    start.ok = ok  # type: ignore[attr-defined]
    return start


@pytest.fixture
def over_aiohttp() -> Callable[..., httpx.AsyncClient]:
    """Opens an ``httpx.AsyncClient`` over aiohttp, without anything of ours in between."""

    def open_client(
        *, limits: httpx.Limits | None = None, proxy: Any = None, verify: Any = True, **options: Any
    ) -> httpx.AsyncClient:
        limits = limits or httpx.Limits(max_connections=10, max_keepalive_connections=10)
        transport = open_network("aiohttp", limits=limits, proxy=proxy, verify=verify, trust_env=False)
        return httpx.AsyncClient(transport=transport, **options)

    return open_client


@pytest.fixture(scope="session")
def certified() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server on this machine shows that it is, and what trusts it."""
    pair = Path(__file__).with_name("localhost.pem")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pair)
    return server, ssl.create_default_context(cafile=str(pair))
