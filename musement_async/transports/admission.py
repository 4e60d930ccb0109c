"""Admission to the network: a concurrency limit, the order of the queue in front of it, and a rate limit."""

import math
from collections import OrderedDict
from collections.abc import Hashable

import anyio
import httpx

from musement_async.errors import ArgumentError, ClientClosedError
from musement_async.transports.backoff import backoff_is_on, parse_retry_after

CLOSED = "the client is closed"
# Factors of the rate after a 429, and of the way back after any other answer.
_SLOWDOWN = 2.0
_SLOWEST = 64.0
_RECOVERY = 0.02
# Seconds that all calls wait at most because the API told one to wait.
_LONGEST_WAIT = 60.0


class _Waiter:
    __slots__ = ("admitted",)

    def __init__(self) -> None:
        self.admitted = anyio.Event()


_Queue = OrderedDict[_Waiter, None]


class ConcurrencyLimiter:
    """Lets a number of requests through at a time.

    Requests with priority are admitted first, in order of arrival. The others are admitted in turn: one of each
    session, and those of one session in order of arrival, so a session with a thousand requests does not hold up the
    single request of another one.

    Args:
        total: How many requests are let through at a time; None for any number.
    """

    def __init__(self, total: int | None) -> None:
        self._free: float = math.inf if total is None else total
        self._first: _Queue = OrderedDict()
        self._queues: OrderedDict[Hashable, _Queue] = OrderedDict()
        self._released_at = -math.inf
        self._is_closed = False

    async def acquire(self, timeout: float | None, session: Hashable = None, *, first: bool = False) -> None:  # noqa: ASYNC109 - restarts
        """Take a slot when there is one.

        Args:
            timeout: Seconds without any slot being released, after which the wait fails; None for no limit.
            session: Whose request it is.
            first: Whether the request goes before all others.

        Raises:
            httpx.PoolTimeout: No slot was released for ``timeout`` seconds.
            ClientClosedError: The limiter was closed.
        """
        if self._free and not self._is_closed:
            self._free -= 1
            return
        waiter = _Waiter()
        queue = self._first if first else self._queues.setdefault(session, OrderedDict())
        queue[waiter] = None
        try:
            await self._wait(waiter, timeout)
            if self._is_closed:
                raise ClientClosedError(CLOSED)
        except BaseException:
            if waiter in queue:
                del queue[waiter]
                if not queue and not first:
                    del self._queues[session]
            elif not self._is_closed:
                self.release()
            raise

    async def _wait(self, waiter: _Waiter, timeout: float | None) -> None:  # noqa: ASYNC109 - restarts
        if self._is_closed:
            return
        if timeout is None:
            await waiter.admitted.wait()
            return
        since = anyio.current_time()
        while not waiter.admitted.is_set():
            left = max(since, self._released_at) + timeout - anyio.current_time()
            if left <= 0:
                message = f"no connection was released within {timeout:g} s"
                raise httpx.PoolTimeout(message)
            with anyio.move_on_after(left):
                await waiter.admitted.wait()

    def release(self) -> None:
        """Give a slot back, to the next request in the queue."""
        queue = self._first or self._next_in_turn()
        if queue:
            self._released_at = max(self._released_at, anyio.current_time())
            waiter, _ = queue.popitem(last=False)
            waiter.admitted.set()
        else:
            self._free += 1

    def _next_in_turn(self) -> _Queue | None:
        if not self._queues:
            return None
        session, queue = self._queues.popitem(last=False)
        if len(queue) > 1:
            self._queues[session] = queue
        return queue

    def extend_timeouts(self, until: float) -> None:
        """Suspend the timeouts until a time of the event loop's clock: these requests wait for the rate limit."""
        self._released_at = max(self._released_at, until)

    def close(self) -> None:
        """Refuse all requests from now on, those in the queue included."""
        self._is_closed = True
        for queue in (self._first, *self._queues.values()):
            for waiter in queue:
                waiter.admitted.set()


class RateLimiter:
    """Lets requests through at a rate, evenly and in order of arrival.

    Each 429 halves the rate, down to a sixty-fourth; each other answer restores a fiftieth of the full rate. If a 429
    says how long to wait (``Retry-After``), nothing is sent for that time, or for a minute at most. These waits count
    for the deadline of a call, and for none of its timeouts.

    Args:
        rate: Requests per second.
        limiter: The concurrency limiter, whose timeouts are suspended meanwhile.

    Raises:
        ArgumentError: ``rate`` is not a positive number.
    """

    def __init__(self, rate: float, limiter: ConcurrencyLimiter) -> None:
        given: object = rate
        if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < math.inf:
            raise ArgumentError("rate_limit", "must be a positive number of requests per second, or None")
        self._limiter = limiter
        self._full = rate
        self._current = rate
        self._lock = anyio.Lock()
        self._next = -math.inf
        self._slowed_at = -math.inf
        self._closed = anyio.Event()

    async def wait(self) -> float:
        """Wait for the next moment at which a request may be sent, and return that moment."""
        async with self._lock:  # in order of arrival; a change of the rate counts for all who wait
            while (seconds := self._next - anyio.current_time()) > 0 and backoff_is_on() and not self._closed.is_set():
                self._limiter.extend_timeouts(self._next)
                with anyio.move_on_after(seconds):
                    await self._closed.wait()
            now = anyio.current_time()
            self._next = now + 1 / self._current
            return now

    def report(self, response: httpx.Response, sent_at: float) -> None:
        """Adapt the rate to an answer."""
        if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
            self._current = min(self._full, self._current + _RECOVERY * self._full)
            return
        now = anyio.current_time()
        if sent_at > self._slowed_at:  # an older request says nothing new
            self._slowed_at = now
            self._current = max(self._full / _SLOWEST, self._current / _SLOWDOWN)
        self._next = max(self._next, now + min(parse_retry_after(response.headers) or 0, _LONGEST_WAIT))

    def close(self) -> None:
        """End all waits."""
        self._closed.set()
