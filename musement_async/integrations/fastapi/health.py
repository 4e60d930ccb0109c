"""Health of a process, for what starts, stops and balances processes."""

from time import monotonic
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from musement_async.client import MusementClient
from musement_async.errors import ArgumentError
from musement_async.exchanges import Exchange
from musement_async.values import is_seconds


class Health:
    """Knows when Musement last gave a good answer. Give it to :func:`musement_lifespan`, and include its router.

    ``GET /health/live`` is always 200. ``GET /health/ready`` is 200 while the client is open, with the seconds since
    the last good answer; an answer below 500 is a good one. It is 503 once Musement has failed for longer than
    ``failing_for``. Nothing is sent to Musement.

    Args:
        failing_for: Seconds of failures alone, after which the process is not ready. None, the default, for never: an
            outage of Musement hits all processes, and none of them would be left.
        path: What the paths begin with.

    Raises:
        ArgumentError: ``failing_for`` is not a positive number of seconds.
    """

    def __init__(self, *, failing_for: float | None = None, path: str = "/health") -> None:
        if failing_for is not None and not is_seconds(failing_for):
            raise ArgumentError("failing_for", "must be a positive number of seconds, or None")
        self._failing_for = failing_for
        self._answered: float | None = None
        self._failing_since: float | None = None
        self._is_open = False
        self.router: APIRouter = APIRouter(prefix=path, tags=["health"])
        self.router.get("/live", summary="Whether the process runs")(self._live)
        self.router.get("/ready", summary="Whether the process can serve", response_model=None)(self._ready)

    def watch(self, client: MusementClient) -> None:
        """Begin to watch a client that was opened."""
        self._is_open = True
        client.add_hook(self._heard)

    def stop(self) -> None:
        """Be ready no longer: the client is about to close."""
        self._is_open = False

    def _heard(self, exchange: Exchange) -> None:
        now = monotonic()
        if exchange.status is not None and exchange.status < 500:
            self._answered, self._failing_since = now, None
        elif exchange.error != "cancelled" and self._failing_since is None:
            self._failing_since = now

    async def _live(self) -> dict[str, str]:
        return {"status": "alive"}

    async def _ready(self) -> JSONResponse:
        now = monotonic()
        failing = None if self._failing_since is None else now - self._failing_since
        is_failing = failing is not None and self._failing_for is not None and failing > self._failing_for
        is_ready = self._is_open and not is_failing
        body: dict[str, Any] = {
            "status": "ready" if is_ready else "not ready",
            "last_good_answer_age": None if self._answered is None else round(now - self._answered, 3),
        }
        return JSONResponse(body, 200 if is_ready else 503)
