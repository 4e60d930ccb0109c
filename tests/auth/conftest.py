"""Fixtures of the login's tests: clients with the login flow in three set-ups, and servers."""

import threading
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anyio
import anyio.to_thread
import attrs
import httpx
import pytest

from musement_async import MusementAuth, MusementClient, MusementTransport, PasswordCredentials
from musement_async.testing import LocalMusement
from musement_async.testing.server.port import serve

BASE_URL = "http://127.0.0.1/api/v3"
CUSTOMER = PasswordCredentials("local-client", "local-secret", "customer@example.com", "local-password")

# The longest wait for events that normally happen at once: the machine may be busy.
MANY_SECONDS = 100

Open = Callable[..., httpx.AsyncClient]


def _bare(transport: httpx.AsyncBaseTransport | None, limits: httpx.Limits, auth: dict[str, Any]) -> httpx.AsyncClient:
    transport = transport or httpx.AsyncHTTPTransport(limits=limits)
    return httpx.AsyncClient(base_url=auth["base_url"], auth=MusementAuth(**auth), transport=transport)


def _transport(
    transport: httpx.AsyncBaseTransport | None, limits: httpx.Limits, auth: dict[str, Any]
) -> httpx.AsyncClient:
    return _bare(MusementTransport(transport or httpx.AsyncHTTPTransport(limits=limits)), limits, auth)


def _client(
    transport: httpx.AsyncBaseTransport | None, limits: httpx.Limits, auth: dict[str, Any]
) -> httpx.AsyncClient:
    network = {"limits": limits} if transport is None else {"transport": transport}
    return MusementClient(**auth, **network).http


def _aiohttp(
    transport: httpx.AsyncBaseTransport | None, limits: httpx.Limits, auth: dict[str, Any]
) -> httpx.AsyncClient:
    assert transport is None
    return MusementClient(**auth, limits=limits, network="aiohttp").http


_STACKS = {"bare": _bare, "transport": _transport, "client": _client, "aiohttp": _aiohttp}
_OF_FIXTURES = {"open_client": ("bare", "client", "transport"), "open_protected": ("client", "transport")}
_SOCKETS = {"raw_server", "live"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs the tests over sockets on aiohttp as well."""
    for fixture, stacks in _OF_FIXTURES.items():
        if fixture in metafunc.fixturenames:
            more = ("aiohttp",) if _SOCKETS.intersection(metafunc.fixturenames) else ()
            metafunc.parametrize(fixture, (*stacks, *more), indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem() -> Generator[None, Any, Any]:
    """Leaves out the combination of aiohttp and trio, which does not exist."""
    made = yield
    return [item for item in made if not {"aiohttp", "trio"} <= _parameters(item)] if isinstance(made, list) else made


def _parameters(item: pytest.Item) -> set[object]:
    callspec = getattr(item, "callspec", None)
    names = ("anyio_backend", *_OF_FIXTURES)
    return set() if callspec is None else {callspec.params[name] for name in names if name in callspec.params}


def _open(stack: str) -> Open:
    def open_client(
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        limits: httpx.Limits | None = None,
        timeout: float = 30,
        **auth: Any,
    ) -> httpx.AsyncClient:
        auth = {"credentials": CUSTOMER, "base_url": BASE_URL, "application": "local-application", **auth}
        auth.setdefault("trusted", True)  # with a store, most tests are about the stored token
        client = _STACKS[stack](transport, limits or httpx.Limits(max_connections=100), auth)
        client.timeout = timeout
        return client

    return open_client


@pytest.fixture
def open_client(request: pytest.FixtureRequest) -> Open:
    """Opens an ``httpx.AsyncClient`` with the login flow: without our transport, with it, and inside our client."""
    return _open(request.param)


@pytest.fixture
def open_protected(request: pytest.FixtureRequest) -> Open:
    """Opens such clients in the set-ups in which a login outlives its caller."""
    return _open(request.param)


@pytest.fixture
def open_bare() -> Open:
    """Opens an ``httpx.AsyncClient`` with the login flow, without our transport."""
    return _open("bare")


@attrs.frozen
class Live:
    """A local Musement on a real port."""

    musement: LocalMusement
    base_url: str
    shared_server: "SharedServer"

    @contextmanager
    def hold_login(self) -> Generator["HeldLogin"]:
        """Hold back the answers to logins for as long as the block runs."""
        self.shared_server.held = held = HeldLogin()
        try:
            yield held
        finally:
            self.shared_server.held = None
            held.let_go()


class SharedServer:
    """An ASGI application that forwards to another one in each test, because starting a server for each is slow."""

    def __init__(self) -> None:
        self.musement = LocalMusement()
        self.held: HeldLogin | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        held = self.held if scope.get("path", "").endswith("/login") else None
        await self.musement(scope, receive, send if held is None else held.holding(send))


class HeldLogin:
    """A login that the server has carried out, and answers after ``let_go``."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._let_go = threading.Event()

    def holding(self, send: Callable[[Any], Awaitable[None]]) -> Callable[[Any], Awaitable[None]]:
        async def send_later(message: Any) -> None:
            self._done.set()
            await anyio.to_thread.run_sync(self._let_go.wait, MANY_SECONDS)
            await send(message)

        return send_later

    async def wait(self) -> None:
        """Wait until the server has carried out the login."""
        await anyio.to_thread.run_sync(self._done.wait, MANY_SECONDS)
        assert self._done.is_set()

    def let_go(self) -> None:
        self._let_go.set()


@pytest.fixture(scope="session")
def shared_server() -> Iterator[tuple[SharedServer, str]]:
    """A server for all tests."""
    shared_server = SharedServer()
    with serve(shared_server, "127.0.0.1", 0) as origin:
        yield shared_server, origin


@pytest.fixture
def live(shared_server: tuple[SharedServer, str]) -> Live:
    """A local Musement on a real port, new for each test."""
    server, origin = shared_server
    server.musement = LocalMusement()
    return Live(server.musement, f"{origin}/api/v3", server)


@attrs.define
class Scripted(httpx.AsyncBaseTransport):
    """A transport that answers from a function, and keeps the requests with their bodies."""

    answer: Callable[[httpx.Request], httpx.Response]
    requests: list[httpx.Request] = attrs.field(factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        return self.answer(request)

    @property
    def logins(self) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.path.endswith("/login")]


@pytest.fixture
def scripted() -> Callable[[Callable[[httpx.Request], httpx.Response]], Scripted]:
    """Makes a transport that answers from a function."""
    return Scripted


@attrs.frozen
class Received:
    """A request that a raw server read."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # clients that disconnect are part of the tests


class RawServer:
    """A minimal HTTP server on a real port, which sends prepared bytes."""

    def __init__(self, answer: Callable[[Received, BaseHTTPRequestHandler], None]) -> None:
        raw_server = self
        self.received: list[Received] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                if self.headers.get("Transfer-Encoding") == "chunked":
                    body = b""
                    while size := int(self.rfile.readline(), 16):
                        body += self.rfile.read(size)
                        self.rfile.readline()
                    self.rfile.readline()
                else:
                    body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = Received(self.command, self.path, headers, body)
                raw_server.received.append(received)
                answer(received, self)

            do_GET = do_POST = do_PUT = handle_any  # noqa: N815 - http.server's names

            def log_message(self, *args: object) -> None:
                pass

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.base_url = f"{self.origin}/api/v3"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def logins(self) -> list[Received]:
        return [request for request in self.received if request.path.startswith("/api/v3/login")]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """Send a complete answer."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def raw_server() -> Iterator[Callable[..., RawServer]]:
    """Starts raw servers; ``raw_server.reply`` sends a complete answer."""
    servers: list[RawServer] = []

    def start(answer: Callable[[Received, BaseHTTPRequestHandler], None]) -> RawServer:
        servers.append(RawServer(answer))
        return servers[-1]

    start.reply = reply  # type: ignore[attr-defined]
    yield start
    for server in servers:
        server.close()
