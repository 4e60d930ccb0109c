"""Places of which there are only so many, and the queue in front of them."""

from collections import deque

import anyio
import httpx


class _Ticket:
    __slots__ = ("called", "given_up")

    def __init__(self) -> None:
        self.called = anyio.Event()
        self.given_up = False


class Slots:
    """So many places, taken in order of arrival.

    Patience is counted from the last time that a place came free: where others move on, it is no failure to be the
    ten-thousandth in the queue, and where nobody does, nobody waits for ever.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._before: deque[_Ticket] = deque()
        self._queue: deque[_Ticket] = deque()
        self._moved = 0.0
        self._given_up = 0

    async def take(self, patience: float | None, *, first: bool = False) -> None:
        """Take a place when there is one; before those who wait for their first one, where it is to be that way.

        Raises:
            httpx.PoolTimeout: None came free for so many seconds.
        """
        if self._free:
            self._free -= 1
            return
        ticket = _Ticket()
        (self._before if first else self._queue).append(ticket)
        try:
            await self._wait(ticket, patience)
        except BaseException:
            ticket.given_up = True
            if ticket.called.is_set():
                self.give()
            else:
                self._forget()
            raise

    async def _wait(self, ticket: _Ticket, patience: float | None) -> None:
        if patience is None:
            await ticket.called.wait()
            return
        since = anyio.current_time()
        while not ticket.called.is_set():
            left = max(since, self._moved) + patience - anyio.current_time()
            if left <= 0:
                message = f"no connection came free within {patience:g} s"
                raise httpx.PoolTimeout(message)
            with anyio.move_on_after(left):
                await ticket.called.wait()

    def excuse(self, until: float) -> None:
        """Count nobody's patience before then: what they wait for is no place."""
        self._moved = max(self._moved, until)

    def _forget(self) -> None:
        """Let go of the tickets that were given up, when they are many."""
        self._given_up += 1
        if 2 * self._given_up > len(self._before) + len(self._queue):
            self._before = deque(ticket for ticket in self._before if not ticket.given_up)
            self._queue = deque(ticket for ticket in self._queue if not ticket.given_up)
            self._given_up = 0

    def give(self) -> None:
        """Give a place back, to who has waited the longest."""
        for queue in (self._before, self._queue):
            while queue:
                ticket = queue.popleft()
                if ticket.given_up:
                    self._given_up -= 1
                else:
                    self._moved = max(self._moved, anyio.current_time())
                    ticket.called.set()
                    return
        self._free += 1
