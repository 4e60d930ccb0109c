"""Admission to the network: a concurrency limit, the order of the queue in front of it, and a rate limit."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from heapq import heapify, heappop, heappush

import anyio
import httpx

from musement_async.errors import ArgumentError, ClientClosedError
from musement_async.transports.backoff import backoff_is_on, parse_retry_after

CLOSED = "the client is closed"
# The factor of the rate after a 429, and the part of it that any other answer restores.
_SLOWDOWN = 2.0
_SLOWEST = 64.0
_RECOVERY = 0.02
# The longest wait of all calls after a 429 with ``Retry-After``, in seconds.
_LONGEST_WAIT = 60.0


class _Waiter:
    __slots__ = ("admitted", "arrival", "has_left")

    def __init__(self, arrival: int) -> None:
        self.arrival = arrival
        self.admitted = anyio.Event()
        self.has_left = False

    def __lt__(self, other: "_Waiter") -> bool:
        return self.arrival < other.arrival


class ConcurrencyLimiter:
    """Limits the number of requests that are under way at a time.

    Requests with priority are admitted first, in order of arrival. The others are admitted in turn, one of each
    session; within a session, in order of arrival. So a session with a thousand requests does not delay the single
    request of another session.

    Once it is closed, it refuses requests with ``closed_error``.
    """

    def __init__(
        self, total: int | None, closed_error: Callable[[], Exception] = lambda: ClientClosedError(CLOSED)
    ) -> None:
        self._free: float = math.inf if total is None else total
        self._first: list[_Waiter] = []  # a heap
        self._queues: OrderedDict[Hashable, deque[_Waiter]] = OrderedDict()
        self._waiting = 0
        self._left = 0
        self._released_at = -math.inf
        self._is_closed = False
        self._closed_error = closed_error

    async def acquire(
        self, timeout: float | None, session: Hashable = None, *, arrival: int = 0, first: bool = False
    ) -> None:
        """Take a slot, and wait for one if there is none.

        Args:
            timeout: The wait fails if no slot is released for so many seconds; None for no limit.
            session: The session of the request.
            arrival: The request's number in order of arrival; only requests with priority need it.
            first: Whether the request has priority.

        Raises:
            httpx.PoolTimeout: No slot was released for ``timeout`` seconds.
        """
        if self._is_closed:
            raise self._closed_error()
        if self._free:
            self._free -= 1
            return
        waiter = _Waiter(arrival)
        if first:
            heappush(self._first, waiter)
        else:
            self._queues.setdefault(session, deque()).append(waiter)
        self._waiting += 1
        try:
            await self._wait(waiter, timeout)
            if self._is_closed:
                raise self._closed_error()  # noqa: TRY301 - a slot that was assigned at the same time is released
        except BaseException:
            if waiter.admitted.is_set():
                self.release()
            else:
                waiter.has_left = True
                self._left += 1
                self._forget_those_who_left()
            raise

    async def _wait(self, waiter: _Waiter, timeout: float | None) -> None:
        if timeout is None:
            await waiter.admitted.wait()
            return
        since = anyio.current_time()
        while not waiter.admitted.is_set():
            left = max(since, self._released_at) + timeout - anyio.current_time()
            if left <= 0:
                raise httpx.PoolTimeout(f"no connection was released within {timeout:g} s")
            with anyio.move_on_after(left):
                await waiter.admitted.wait()

    def release(self) -> None:
        """Release a slot to the next request in the queue."""
        while self._waiting:
            waiter = self._next()
            self._waiting -= 1
            if not waiter.has_left:
                self._released_at = max(self._released_at, anyio.current_time())
                waiter.admitted.set()
                return
            self._left -= 1
        self._free += 1

    def _next(self) -> _Waiter:
        if self._first:
            return heappop(self._first)
        session, queue = self._queues.popitem(last=False)
        waiter = queue.popleft()
        if queue:
            self._queues[session] = queue
        return waiter

    def _forget_those_who_left(self) -> None:
        """Drop the waiters that have left once they are many, so that each is looked at a bounded number of times."""
        if 2 * self._left <= self._waiting:
            return
        self._first = [waiter for waiter in self._first if not waiter.has_left]
        heapify(self._first)
        queues = {
            session: deque(waiter for waiter in queue if not waiter.has_left) for session, queue in self._queues.items()
        }
        self._queues = OrderedDict((session, queue) for session, queue in queues.items() if queue)
        self._waiting -= self._left
        self._left = 0

    def extend_timeouts(self, until: float) -> None:
        """Suspend the timeouts until a time of the event loop's clock: these requests wait for the rate limit."""
        self._released_at = max(self._released_at, until)

    def close(self) -> None:
        """Refuse all requests from now on, including those in the queue."""
        self._is_closed = True
        while self._waiting:
            self._waiting -= 1
            self._next().admitted.set()


class RateLimiter:
    """Lets requests through at a rate, evenly and in order of arrival.

    Each 429 halves the rate, down to a sixty-fourth; each other answer restores a fiftieth of the full rate. After a
    429 with ``Retry-After``, nothing is sent for that time, at most for a minute. These waits count towards the
    deadline of a call, but not towards the timeouts of the concurrency limiter.

    Raises:
        ArgumentError: ``rate``, in requests per second, is not a positive number.
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
        async with self._lock:  # in order of arrival; a change of the rate applies to all waiting requests
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
        if sent_at > self._slowed_at:  # requests from before the last slowdown do not slow it again
            self._slowed_at = now
            self._current = max(self._full / _SLOWEST, self._current / _SLOWDOWN)
        self._next = max(self._next, now + min(parse_retry_after(response.headers) or 0, _LONGEST_WAIT))

    def close(self) -> None:
        """End all waits."""
        self._closed.set()
