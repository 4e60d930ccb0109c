"""A pool of httpcore pools, of one connection each."""

import logging
from collections.abc import AsyncIterator, Callable
from math import inf
from time import monotonic
from typing import Self

import httpx

from musement_async.transports.detached import Underway
from musement_async.transports.leftovers import condemn_if_ahead
from musement_async.transports.slots import Slots

_log = logging.getLogger("musement_async.transports")


class LanedTransport(httpx.AsyncBaseTransport):
    """Gives every request under way a transport of one connection to itself: a lane.

    httpcore's pool goes through all its requests and all its connections whenever one of them gets on, so its time
    grows with the square of their number. In a lane there is one of each. The pool also loses a connection for good
    when ``Task.cancel()`` meets it at the wrong moment, since it shields its books with anyio scopes, which that does
    not respect. A lane that saw any cancellation is closed, in a task of its own, and replaced.

    The lane that was used last goes first, so that there are no more connections than calls at a time; one that has
    been idle for too long is closed.

    Args:
        open_lane: Opens a transport of one connection; it is told how many to keep when they are idle: one or none.
        lanes: How many of them there are at most; None for as many as are needed.
        kept: How many keep their connection; None for all.
        expiry: The seconds after which an idle connection is closed; None for never.
    """

    def __init__(
        self,
        open_lane: Callable[[int], httpx.AsyncBaseTransport],
        *,
        lanes: int | None,
        kept: int | None = None,
        expiry: float | None = None,
    ) -> None:
        self._open_lane = open_lane
        self._expiry = expiry
        self._turns = None if lanes is None else Slots(lanes)
        self._unopened_kept: float = inf if kept is None else kept
        self._kept: list[_Lane] = []
        self._others: list[_Lane] = []
        self._busy: set[_Lane] = set()
        self._closing = Underway()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request on a lane of its own, when there is one."""
        if self._turns is not None:
            await self._turns.take(request.extensions.get("timeout", {}).get("pool"))
        lane = self._take((request.url.scheme, request.url.netloc))
        try:
            response = await lane.transport.handle_async_request(request)
        except BaseException as error:
            lane.sound = isinstance(error, Exception)
            self._give_back(lane)
            raise
        response.stream = _Body(response.stream, lane, self._give_back)
        return response

    def _take(self, origin: tuple[str, bytes]) -> "_Lane":
        self._close_idle()
        lane = _pop(self._kept, origin)
        if lane is None and self._unopened_kept:
            self._unopened_kept -= 1
            lane = _Lane(self._open_lane(1), keeps=True)
        if lane is None:
            lane = _pop(self._others, origin) or _Lane(self._open_lane(0), keeps=False)
        lane.origin = origin
        self._busy.add(lane)
        return lane

    def _give_back(self, lane: "_Lane") -> None:
        if lane in self._busy:  # not closed meanwhile
            self._busy.remove(lane)
            if lane.sound:
                lane.idle_since = monotonic()
                (self._kept if lane.keeps else self._others).append(lane)
            else:
                self._unopened_kept += lane.keeps
                self._drop(lane)
        if self._turns is not None:
            self._turns.give()

    def _close_idle(self) -> None:
        # The first one has been idle for the longest time.
        if self._expiry is not None and self._kept and monotonic() - self._kept[0].idle_since > self._expiry:
            self._unopened_kept += 1
            self._drop(self._kept.pop(0))

    def _drop(self, lane: "_Lane") -> None:
        async def close() -> None:
            try:
                await lane.transport.aclose()
            except Exception as problem:  # noqa: BLE001 - nobody waits for it, and nobody misses the connection
                _log.debug("a connection could not be closed: %s", type(problem).__name__)

        self._closing.begin(close, name="musement_async.lane")

    async def aclose(self) -> None:
        """Close all connections; what is under way fails."""
        lanes = [*self._kept, *self._others, *self._busy]
        self._unopened_kept += sum(lane.keeps for lane in lanes)
        for group in (self._kept, self._others, self._busy):
            group.clear()
        for lane in lanes:
            self._drop(lane)
        await self._closing.settle()


class _Lane:
    __slots__ = ("idle_since", "keeps", "origin", "sound", "transport")

    def __init__(self, transport: httpx.AsyncBaseTransport, *, keeps: bool) -> None:
        self.transport = transport
        self.keeps = keeps
        self.sound = True
        self.origin: tuple[str, bytes] | None = None
        self.idle_since = 0.0


def _pop(lanes: list[_Lane], origin: tuple[str, bytes]) -> _Lane | None:
    """The lane used last for an origin; failing that, the one of any other that has been idle for the longest time."""
    if not lanes:
        return None
    if lanes[-1].origin == origin:
        return lanes.pop()
    place = next((place for place in reversed(range(len(lanes))) if lanes[place].origin == origin), 0)
    return lanes.pop(place)


class _Body(httpx.AsyncByteStream, AsyncIterator[bytes]):
    def __init__(
        self, stream: httpx.SyncByteStream | httpx.AsyncByteStream, lane: _Lane, release: Callable[[_Lane], None]
    ) -> None:
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
        self._stream = stream
        self._lane = lane
        self._release: Callable[[_Lane], None] | None = release

    # No generator: httpx leaves it half way when a body cannot be decompressed, and trio warns of those that are left.
    def __aiter__(self) -> Self:
        self._chunks = aiter(self._stream)
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._chunks)
        except Exception:
            raise
        except BaseException:
            self._lane.sound = False
            raise

    async def aclose(self) -> None:
        release, self._release = self._release, None
        condemn_if_ahead(self._stream)
        try:
            await self._stream.aclose()
        except BaseException as error:
            self._lane.sound = self._lane.sound and isinstance(error, Exception)
            raise
        finally:
            if release is not None:
                release(self._lane)
