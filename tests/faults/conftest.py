"""Fixtures of the fault tests: a server that misbehaves on demand, over real sockets, and its clients."""

import json
import socket
import struct
import threading
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any, Literal

import anyio
import attrs
import httpx
import pytest

from musement_async import ClientCredentials, MusementClient, Token

CREDENTIALS = ClientCredentials("local-client", "local-secret")
UUID = "0f5e1d4c-3b2a-4958-8776-655443322110"
PDF = b"%PDF-1.4\n" + b"%" * 2000 + b"\n%%EOF\n"
# More than the connections of a client's pool here: a fault that loses a connection shows after so many calls.
BEYOND_THE_POOL = 3
# The longest wait for events that normally happen at once: the machine may be busy.
MANY_SECONDS = 100

Step = tuple[Any, ...]
Kind = Literal["connection", "login", "call"]


@attrs.frozen
class Received:
    """A request that arrived; the body is None if the server did not read it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None


def head(status: str = "200 OK", **headers: object) -> bytes:
    """The head of an answer, up to and including the empty line."""
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def good_answer(path: str) -> tuple[bytes, str]:
    """The normal answer to a call, and its media type."""
    if "/voucher" in path:
        return PDF, "application/pdf"
    answers: dict[str, object] = {
        "/login": {"access_token": "good-token", "token_type": "Bearer", "expires_in": 3600},
        "/cities": [{"id": 2, "name": "Rome"}, {"id": 3, "name": "Milan"}],
    }
    operation = path.partition("?")[0].removeprefix("/api/v3")
    return json.dumps(answers.get(operation, {"id": 2, "name": "Rome", "uuid": UUID})).encode(), "application/json"


def pytest_configure(config: pytest.Config) -> None:
    # On trio, httpx and httpcore leave generators to the garbage collector if a body does not arrive.
    config.addinivalue_line("filterwarnings", "ignore:Async generator 'http:ResourceWarning")


class FaultyServer:
    """Answers normally, unless it has a play: steps that replace the next normal answer.

    A play applies to the next connection, before anything is read; to the next login; or to the next other call. Steps:

    =========================  ======================================================================================
    ``("answer",)``            the good answer
    ``("answer", 200, body)``  this answer, with its length; further headers may follow as a dict
    ``("send", data)``         these bytes
    ``("drip", data, pause)``  these bytes one by one, so many seconds apart
    ``("deaf",)``              only as a first step: do not read the body, nor anything else
    ``("silent",)``            do nothing until the client hangs up
    ``("half_close",)``        say that nothing more will come, and go on reading
    ``("reset",)``             break the connection off
    ``("close",)``             end it in order
    =========================  ======================================================================================

    After the steps, the connection waits for its next request, unless they ended it.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.mistakes: list[BaseException] = []
        self.open_lines: set[socket.socket] = set()
        self._performing: set[socket.socket] = set()
        self._plays: defaultdict[Kind, deque[tuple[Step, ...]]] = defaultdict(deque)
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._fillers: list[socket.socket] = []
        self.port = 0
        self.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.origin}/api/v3"

    @property
    def logins(self) -> list[Received]:
        return [request for request in self.received if _is_login(request.path)]

    def play(self, kind: Kind, *steps: Step, times: int = 1) -> None:
        self._plays[kind].extend([steps] * times)

    def forget(self) -> None:
        """Answer normally again."""
        self._plays.clear()

    def start(self) -> None:
        """Listen, on the same port as before."""
        faulty_server = self

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                faulty_server._serve(self.request)

        class Server(ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False
            allow_reuse_address = True
            request_queue_size = 128

            def shutdown_request(self, request: Any) -> None:
                pass  # the line closes the connection, as its play demands

        while self._fillers:
            self._fillers.pop().close()
        self._over.clear()
        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def stop(self) -> None:
        """Break off every connection, and refuse new ones."""
        while self._fillers:
            self._fillers.pop().close()
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        with self._changed:
            for line in self.open_lines:
                with suppress(OSError):  # the connection has just ended
                    _reset(line, socket.SHUT_RDWR)
        self.wait_for_lines(0)

    def stall(self) -> None:
        """Let every attempt to connect hang until the next start: the listen queue is full."""
        self.stop()
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(0)
        self._fillers = [listener, *(socket.socket() for _ in range(4))]
        for filler in self._fillers[1:]:
            filler.settimeout(0)
            filler.connect_ex(listener.getsockname())

    def wait_for_lines(self, count: int) -> None:
        """Wait until so many connections are open."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.open_lines) <= count, timeout=MANY_SECONDS)

    def wait_for_plays(self) -> None:
        """Wait until all plays that have begun have ended."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._performing, timeout=MANY_SECONDS)

    def wait_for_requests(self, count: int) -> None:
        """Wait until so many requests have arrived."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.received) >= count, timeout=MANY_SECONDS)

    def _serve(self, line: socket.socket) -> None:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._note(self.open_lines.add, line)
        try:
            if self._perform(line, self._next("connection"), ""):
                while (request := self._read(line)) and self._perform(line, *request):
                    pass
        except OSError:
            pass  # clients that disconnect are part of the tests
        except BaseException as mistake:
            self.mistakes.append(mistake)
            raise
        finally:
            line.close()
            self._note(self.open_lines.discard, line)

    def _note(self, change: Callable[[Any], object], what: object) -> None:
        with self._changed:
            change(what)
            self._changed.notify_all()

    def _next(self, kind: Kind) -> tuple[Step, ...]:
        plays = self._plays[kind]
        return plays.popleft() if plays else ()

    def _read(self, line: socket.socket) -> tuple[tuple[Step, ...], str] | None:
        """The steps to answer a request with, and its path."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = line.recv(65536)
            if not piece:
                return None
            data += piece
        top, _, body = data.partition(b"\r\n\r\n")
        first, *rest = top.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value for name, _, value in (header.partition(": ") for header in rest)}
        steps = self._next("login" if _is_login(path) else "call") or (("answer",),)
        length = int(headers.get("content-length", 0))
        if steps[0] == ("deaf",):
            self._note(self.received.append, Received(method, path, headers, None))
            return steps, path
        while len(body) < length and (piece := line.recv(65536)):
            body += piece
        self._note(self.received.append, Received(method, path, headers, body))
        return steps, path

    def _perform(self, line: socket.socket, steps: tuple[Step, ...], path: str) -> bool:
        """Perform steps. Returns whether the connection is still usable."""
        self._note(self._performing.add, line)
        try:
            return all(self._take(line, path, *step) for step in steps)
        finally:
            self._note(self._performing.discard, line)

    def _take(self, line: socket.socket, path: str, step: str, *details: Any) -> bool:  # noqa: C901 - a table
        match step, details:
            case "answer", ():
                body, kind = good_answer(path)
                line.sendall(head(Content_Type=kind, Content_Length=len(body)) + body)
            case "answer", (status, body, *headers):
                line.sendall(head(f"{status} Said", Content_Length=len(body), **dict(*headers)) + body)
            case "send", (data,):
                line.sendall(data)
            case "drip", (data, pause):
                for byte in data:
                    line.sendall(bytes([byte]))
                    self._over.wait(pause)
            case "deaf", ():
                self._over.wait()
                return False
            case "silent", ():
                while line.recv(65536):
                    pass
                return False
            case "half_close", ():
                line.shutdown(socket.SHUT_WR)
            case "reset", ():
                _reset(line, None)
                return False
            case "close", ():
                line.close()
                return False
            case _:
                raise NotImplementedError(step)
        return True


def _is_login(path: str) -> bool:
    return path.startswith("/api/v3/login")


def _reset(line: socket.socket, wake: int | None) -> None:
    """End a connection with a reset; ``wake`` also ends it for a thread that reads from it."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if wake is None:
        line.close()
    else:
        line.shutdown(wake)


@pytest.fixture
def faulty_server() -> Iterator[FaultyServer]:
    faulty_server = FaultyServer()
    yield faulty_server
    faulty_server.stop()
    assert faulty_server.mistakes == []


@pytest.fixture(scope="module", params=["asyncio-httpcore", "asyncio-aiohttp", "trio-httpcore"])
def stack(request: pytest.FixtureRequest) -> str:
    """An event loop, and the library under the client."""
    stack: str = request.param
    return stack


@pytest.fixture(scope="module")
def anyio_backend(stack: str) -> str:
    return stack.partition("-")[0]


@pytest.fixture(scope="module")
def network(stack: str) -> str:
    return stack.partition("-")[2]


Open = Callable[..., MusementClient]


@pytest.fixture
def open_client(faulty_server: FaultyServer, network: str) -> Open:
    """Opens a client of the faulty server: no retries, one connection for calls, and one for logins."""

    def open_client(**options: Any) -> MusementClient:
        settings = {
            "credentials": CREDENTIALS,
            "base_url": faulty_server.base_url,
            "application": "local-application",
            "limits": httpx.Limits(max_connections=1),
            "timeout": 20,
            "retries": None,
            "network": network,
        }
        return MusementClient(**{**settings, **options})

    return open_client


@attrs.frozen
class Operation:
    """A call of the client, and its expected result.

    Attributes:
        target: The faulty server's name for the request.
        at_most_once: Whether the call must not be sent twice; an unknown outcome is then an error of its own.
        token: Whether the client begins with a token.
    """

    name: str
    method: str
    call: Callable[[MusementClient], Awaitable[object]]
    target: Kind = "call"
    at_most_once: bool = False

    @property
    def token(self) -> Token | None:
        return None if self.target == "login" else Token(access_token="good-token")

    @property
    def hangs(self) -> int:
        """How often a test lets it hang: a login, which has a second for it, once, and others beyond the pool."""
        return 1 if self.target == "login" else BEYOND_THE_POOL

    @property
    def repeatable(self) -> bool:
        return self.method == "GET" and self.target == "call"


async def _page(client: MusementClient) -> object:
    return await client.cities.list(limit=2)


OPERATIONS = [
    Operation("get", "GET", lambda client: client.cities.get(2)),
    Operation("list", "GET", _page),
    Operation("download", "GET", lambda client: client.orders.voucher(UUID, UUID)),
    Operation("cart", "POST", lambda client: client.carts.create()),
    Operation("order", "POST", lambda client: client.orders.create(UUID), at_most_once=True),
    Operation("payment", "POST", lambda client: client.payments.no_payment(UUID), at_most_once=True),
    Operation("login", "GET", lambda client: client.cities.get(2), target="login"),
]


@pytest.fixture(params=[operation.name for operation in OPERATIONS])
def operation(request: pytest.FixtureRequest) -> Operation:
    """Each kind of call: typed, list, download, change, at-most-once call, and login."""
    return next(operation for operation in OPERATIONS if operation.name == request.param)


@pytest.fixture
def all_is_well(faulty_server: FaultyServer) -> Callable[[MusementClient], Awaitable[None]]:
    """Checks that a client works and has lost no connection, with more calls at once than its pool has connections.

    The server answers normally from then on: a call may have ended before the server has read it and taken its play.
    """

    async def check(client: MusementClient) -> None:
        faulty_server.forget()
        with anyio.fail_after(MANY_SECONDS):
            async with anyio.create_task_group() as group:
                for _ in range(BEYOND_THE_POOL):
                    group.start_soon(client.cities.get, 2)

    return check
