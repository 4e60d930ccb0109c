"""So many requests a second, and fewer where the API asks for that."""

import math
from collections.abc import Callable
from typing import Self

import anyio
import httpx

from musement_async.transports.pauses import asked_for, pause, pauses_are_on

# How much slower a refusal makes it, how slow it can get, and how soon it is at full speed again.
_SLOWDOWN = 2.0
_SLOWEST = 64.0
_RECOVERY = 0.02
# Seconds that all calls wait at the most because one was told to.
_LONGEST = 60.0


class PacedTransport(httpx.AsyncBaseTransport):
    """Lets requests through at a rate, evenly and in order of arrival.

    Each 429 halves the rate, down to a sixty-fourth; each other answer brings back a fiftieth of what was set. Where
    a 429 says how long to wait (``Retry-After``), nothing is sent for so long, or for a minute at the most. No timeout
    of a phase counts these waits; the deadline of a call does.
    """

    def __init__(
        self, transport: httpx.AsyncBaseTransport, rate: float, excuse: Callable[[float], None] | None = None
    ) -> None:
        self._inner = transport
        self._excuse = excuse
        self._rate = rate
        self._current = rate
        self._turn = anyio.Lock()
        self._next = -math.inf
        self._slowed = -math.inf

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request when its time has come."""
        async with self._turn:  # whoever waits is next, and a change of the rate counts for all behind
            while (seconds := self._next - anyio.current_time()) > 0 and pauses_are_on():
                if self._excuse is not None:
                    self._excuse(self._next)  # who waits behind this waits for no connection
                await pause(seconds)
            sent = anyio.current_time()
            self._next = sent + 1 / self._current
        response = await self._inner.handle_async_request(request)
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            self._slow_down(sent, response)
        else:
            self._current = min(self._rate, self._current + _RECOVERY * self._rate)
        return response

    def _slow_down(self, sent: float, response: httpx.Response) -> None:
        now = anyio.current_time()
        if sent > self._slowed:  # those sent before say nothing new
            self._slowed = now
            self._current = max(self._rate / _SLOWEST, self._current / _SLOWDOWN)
        self._next = max(self._next, now + min(asked_for(response.headers) or 0, _LONGEST))

    async def aclose(self) -> None:
        """Close the transport underneath."""
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        """Open the transport underneath."""
        await self._inner.__aenter__()
        return self
