"""The local Musement on a real port."""

import asyncio
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from musement_async.testing.server.asgi import CLOSING

_BACKLOG = 2048
_GRACE_SECONDS = 1
# Far from httpx's 5 s: with equal timeouts on both sides, a request may be sent on a connection that is being closed.
_KEEP_ALIVE_SECONDS = 75
_TICK_SECONDS = 1
_POLL_SECONDS = 0.001
_START_SECONDS = 30
_STOP_SECONDS = 30


class _Server(uvicorn.Server):
    """A server that reports its start, and that another thread can stop."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            backlog=_BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        config.load()
        # uvicorn's own middleware is left out: at the TRACE level it logs every query, with the secrets of logins.
        config.loaded_app = self._answer
        super().__init__(config)
        self.ready = threading.Event()
        self.failure: BaseException | None = None
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = asyncio.Event()

    def run_until_stopped(self, listener: socket.socket) -> None:
        """The body of the server's thread."""
        try:
            self.run(sockets=[listener])
        # Every error is passed to the thread that waits for the start.
        except BaseException as failure:  # noqa: BLE001
            self.failure = failure
        finally:
            listener.close()
            self.ready.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    def stop(self) -> None:
        """Ask the server to stop; it cuts delays short and answers the requests that it has read."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed, because the server failed
                self._loop.call_soon_threadsafe(self._closing.set)

    async def main_loop(self) -> None:
        """Run until :meth:`stop`. uvicorn's own method polls ten times a second for the end."""
        while not await self.on_tick(0):  # renews the Date header of answers
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all sockets and connections, as uvicorn's own method does, but without its pauses."""
        for closing in (*self.servers, *(sockets or ())):
            closing.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(_GRACE_SECONDS):
                while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn has no event to wait for
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            for task in state.tasks:
                task.cancel()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = {**scope, CLOSING: self._closing}
        # The access log shows these values. uvicorn's switch for that log would remove the handlers of a logger that
        # other servers of this process may use.
        scope["query_string"] = b""
        await self._app(ours, receive, send)


@contextmanager
def serve(app: ASGIApp, host: str, port: int) -> Generator[str, None, None]:
    """Run an application on a port, in a thread with a loop of its own; gives the server's origin.

    Raises:
        OSError: The address cannot be listened on.
        RuntimeError: The server did not start.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    # Every connection inherits this option. asyncio sets it only for sockets that name their protocol. Without it, each
    # answer with a body waits 40 ms for the other side's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = _Server(app)
    name = f"[{host}]" if family == socket.AF_INET6 else host
    origin = f"http://{name}:{listener.getsockname()[1]}"
    thread = threading.Thread(target=server.run_until_stopped, args=(listener,), name="local-musement", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_START_SECONDS) or server.failure is not None:
            raise RuntimeError(f"The local Musement did not start on {origin}") from server.failure
        yield origin
    finally:
        server.stop()
        thread.join(_STOP_SECONDS)
