"""Fixtures of the transports' tests: hand-written servers, aiohttp as the network, and virtual time."""

import asyncio
import selectors
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio.testing

from musement_async.transports.setup import create_ssl_context, open_network

Answer = Callable[[bytes, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class RawServer:
    """A server that reads and keeps the head of each request, and lets a function answer."""

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
        """The headers of the requests, with their names as they were sent."""
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
            pass  # the client disconnected, or the test is over
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.transport.abort()

    async def end(self) -> None:
        """End all connections."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


async def ok(_head: bytes, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a request without a body."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    await writer.drain()


@pytest.fixture
def raw_server() -> Any:
    """Starts hand-written servers; its ``ok`` is an answer."""

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
    """Opens an ``httpx.AsyncClient`` directly over the aiohttp transport."""

    def open_client(
        *, limits: httpx.Limits | None = None, proxy: Any = None, verify: Any = True, **options: Any
    ) -> httpx.AsyncClient:
        limits = limits or httpx.Limits(max_connections=10, max_keepalive_connections=10)
        context = create_ssl_context(verify, trust_env=False)
        transport = open_network("aiohttp", limits=limits, proxy=proxy, verify=context)
        return httpx.AsyncClient(transport=transport, **options)

    return open_client


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the combination of aiohttp and trio, which does not exist."""
    impossible = [
        item
        for item in items
        if {"aiohttp", "trio"}
        <= {str(value) for value in getattr(getattr(item, "callspec", None), "params", {}).values()}
    ]
    if impossible:
        config.hook.pytest_deselected(items=impossible)
        items[:] = [item for item in items if item not in impossible]


@pytest.fixture(params=["httpcore", "aiohttp"])
def over_network(request: pytest.FixtureRequest) -> Callable[..., httpx.AsyncClient]:
    """Opens an ``httpx.AsyncClient`` directly over each network."""

    def open_one(
        certified: tuple[ssl.SSLContext, ssl.SSLContext] | None = None, connections: int = 5
    ) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        verify = create_ssl_context(verify=True, trust_env=True) if certified is None else certified[1]
        return httpx.AsyncClient(transport=open_network(request.param, limits=limits, verify=verify), timeout=10)

    return open_one


@pytest.fixture(scope="session")
def certified() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The TLS contexts of a server on this machine and of clients that trust it."""
    pair = Path(__file__).with_name("localhost.pem")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pair)
    return server, ssl.create_default_context(cafile=str(pair))


class ThreadedServer:
    """A server with a thread for each connection, for clients on any event loop."""

    def __init__(self, listening: socket.socket, answer: Callable[[bytes, Any], object], tls: Any) -> None:
        self._listening = listening
        self._answer = answer
        self._tls = tls
        self._threads = [threading.Thread(target=self._accept)]
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self.heads: list[bytes] = []
        self.connections = 0
        self.peers: list[Any] = []
        self.origin = ""
        self._threads[0].start()

    @property
    def lines(self) -> list[bytes]:
        """The first lines of the requests."""
        return [head.partition(b"\r\n")[0] for head in self.heads]

    @property
    def open(self) -> int:
        """The number of connections that the clients have not closed."""
        with self._lock:
            return len(self._connections)

    def _accept(self) -> None:
        while True:
            try:
                connection, peer = self._listening.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self.peers.append(peer)
                self._connections.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        stream = connection
        with suppress(OSError), ExitStack() as stack:
            stack.callback(self._forget, connection)
            if self._tls is not None:
                stream = self._tls.wrap_socket(connection, server_side=True)
            stack.callback(stream.close)
            while head := read_head(stream):
                with self._lock:
                    self.heads.append(head)
                if self._answer(head, stream) is False:
                    return

    def _forget(self, connection: socket.socket) -> None:
        connection.close()
        with self._lock:
            self._connections.discard(connection)

    def close(self) -> None:
        """End all connections and threads."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._threads[0].join()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()


def read_head(stream: Any) -> bytes:
    """The head of a request; empty at the end of the connection."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        if not (piece := stream.recv(1)):
            return b""
        head += piece
    return head


def echo_path(head: bytes, stream: Any) -> None:
    """Answer with the requested path."""
    path = head.split(b" ")[1]
    stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(path) + path)


@pytest.fixture
def threaded_server() -> Any:
    """Starts servers in threads: ``answer(head, stream)`` is called for each request."""

    @contextmanager
    def start(
        answer: Callable[[bytes, Any], object] = echo_path,
        *,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        path: Path | None = None,
    ) -> Iterator[ThreadedServer]:
        if path is not None:
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(str(path))
            listening.listen(500)
        else:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listening = socket.create_server((host, 0), family=family, backlog=500)
        server = ThreadedServer(listening, answer, tls)
        if path is None:
            shown = f"[{host}]" if ":" in host else host
            server.origin = f"http{'s' if tls else ''}://{shown}:{listening.getsockname()[1]}"
        try:
            yield server
        finally:
            server.close()

    start.echo_path = echo_path  # type: ignore[attr-defined]
    return start


class _JumpingSelector(selectors.DefaultSelector):
    """A selector that moves a clock on and does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select()
        events = super().select(0)
        if not events:
            self.now += timeout
        return events


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


@pytest.fixture(scope="module", params=["asyncio", "trio"])
def virtual_time(request: pytest.FixtureRequest) -> tuple[str, dict[str, object]]:
    """An anyio backend whose clock jumps to the next deadline when all tasks wait."""
    if request.param == "trio":
        return "trio", {"clock": trio.testing.MockClock(autojump_threshold=0)}
    return "asyncio", {"loop_factory": _VirtualLoop}
