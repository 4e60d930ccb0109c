"""The transport under which a login outlives its caller."""

import math
import sys
from collections.abc import Awaitable, Callable
from typing import Protocol, Self

import httpx

from musement_async.errors import ArgumentError, ClientClosedError
from musement_async.transports.detached import outlive
from musement_async.transports.loops import Home
from musement_async.transports.paced import PacedTransport
from musement_async.transports.queued import CLOSED, QueuedTransport
from musement_async.transports.setup import Network, open_network
from musement_async.transports.slots import Slots

RENEWAL_EXTENSION = "musement_async.renewal"
ORIGIN_EXTENSION = "musement_async.origin"
# Whether a request was handed to the network and not refused since then: what came of it may be unknown.
SENT_EXTENSION = "musement_async.sent"
# Whose token a request carries.
SIGNER_EXTENSION = "musement_async.signer"
# There where the login that a request waited for failed.
LOGIN_FAILED_EXTENSION = "musement_async.login_failed"
_OURS = "x-musement-"
# What says for certain that nothing was done.
_REFUSALS = frozenset({401, 429})
DEFAULT_SLOTS = 20
_DEFAULT_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20)  # httpx's own

Send = Callable[[httpx.Request], Awaitable[httpx.Response]]


def _size(transport: httpx.AsyncHTTPTransport) -> int | None:
    """How many connections httpx's own transport may have; None for as many as it likes."""
    pool = getattr(transport, "_pool", None)
    size: int = getattr(pool, "_max_connections", sys.maxsize)
    return size if size < sys.maxsize else None


def _checked(rate_limit: float) -> float:
    given: object = rate_limit
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < math.inf:
        raise ArgumentError("rate_limit", "must be a positive number of requests a second, or None")
    return given


class Renewal(Protocol):
    """What a login request brings along in its extensions: the renewal it belongs to."""

    async def carry(self, send: Send) -> httpx.Response:
        """Let the renewal's own task send its logins itself; return once it has ended."""
        ...

    async def wait(self) -> bool:
        """Wait until the renewal has ended."""
        ...

    @property
    def ended(self) -> bool:
        """Whether it has."""
        ...


class Origin(Protocol):
    """What a request that carries our token brings along: where the token may go."""

    def owns(self, url: httpx.URL) -> bool:
        """Whether a URL leads to the origin the token belongs to."""
        ...


class Signer(Protocol):
    """What a request that carries our token brings along: who gave it."""

    async def renew_signature(self, request: httpx.Request) -> None:
        """Replace the token that a request carries, if it has been refused to another one since, or replaced."""
        ...


class _Departure(httpx.AsyncBaseTransport):
    """Sees requests off, behind the queue, when they are handed to the network.

    Those that have waited for long may carry a token that has died meanwhile: without a look at it here, a queue of
    thousands would collect as many refusals. And only from here on may a request have been sent.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._inner = transport
        self.is_closed: bool = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        signer: Signer | None = request.extensions.get(SIGNER_EXTENSION)
        if signer is not None:
            await signer.renew_signature(request)
        if self.is_closed:  # while it waited, for whatever
            raise ClientClosedError(CLOSED)
        request.extensions[SENT_EXTENSION] = True
        response = await self._inner.handle_async_request(request)
        request.extensions[SENT_EXTENSION] = response.status_code not in _REFUSALS
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self


class MusementTransport(httpx.AsyncBaseTransport):
    """An httpx transport that keeps sessions and connections whole when callers are cancelled.

    Refresh tokens are good for one use. Cancelled between the server's rotation and the arrival of the answer, a login
    inside the caller's own task takes the session with it. Under this transport the exchange belongs to a task of its
    own: callers wait for it, and whatever becomes of them, its result is kept.

    Requests queue up in front of the connections, in order of arrival; logins do not stand in that queue, where those
    who wait for them may be.

    Example:
        ``httpx.AsyncClient(base_url=PRODUCTION, auth=MusementAuth(...), transport=MusementTransport())``

    Args:
        transport: The transport that talks to the network, instead of one of 100 connections made here.
        slots: How many requests may be under way at a time, no more than the transport has connections; None for as
            many as there are. Of httpx's own transport the connections are counted, whatever this says.
        rate_limit: How many requests may begin within a second, logins aside; None for as many as can.
        network: What carries the requests: ``"httpcore"`` or, on asyncio and with the extra of that name,
            ``"aiohttp"``.

    Raises:
        ArgumentError: ``slots`` or ``rate_limit`` is not a number above 0, or the network cannot be used.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        slots: int | None = DEFAULT_SLOTS,
        rate_limit: float | None = None,
        network: Network = "httpcore",
    ) -> None:
        if slots is not None and (type(slots) is not int or slots < 1):
            raise ArgumentError("slots", "must be a whole number above 0, or None")
        if transport is None:
            transport = open_network(network, limits=_DEFAULT_LIMITS)
        elif network != "httpcore":
            raise ArgumentError("network", "is made here only where no transport is given")
        if isinstance(transport, httpx.AsyncHTTPTransport):
            slots = min((bound for bound in (slots, _size(transport)) if bound is not None), default=None)
        self._inner = transport
        self._departure = _Departure(self._inner)
        places = None if slots is None else Slots(slots)
        queued: httpx.AsyncBaseTransport = self._departure
        if rate_limit is not None:
            queued = PacedTransport(queued, _checked(rate_limit), None if places is None else places.excuse)
        self._queue = queued if places is None else QueuedTransport(queued, places)
        self.slots: int | None = slots
        self.home: Home = Home()
        self._renewals: list[Renewal] = []
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; a login goes to its renewal's task."""
        if self._closed:
            raise ClientClosedError(CLOSED)
        self.home.check()
        renewal: Renewal | None = request.extensions.get(RENEWAL_EXTENSION)
        if renewal is not None:
            return await self._carry(renewal)
        origin: Origin | None = request.extensions.get(ORIGIN_EXTENSION)
        if origin is not None and not origin.owns(request.url):
            # httpx keeps the token on a redirect from http to https of one host, and the others on every redirect.
            for name in [name for name in request.headers if name == "authorization" or name.startswith(_OURS)]:
                del request.headers[name]
        return await self._queue.handle_async_request(request)

    async def _carry(self, renewal: Renewal) -> httpx.Response:
        # Not taken off as soon as this wait ends: a cancelled caller leaves its renewal running for aclose() to find.
        self._renewals = [known for known in self._renewals if not known.ended]
        self._renewals.append(renewal)
        return await renewal.carry(self._inner.handle_async_request)

    async def aclose(self) -> None:
        """Close the connections, once the logins in flight have been answered."""
        if not self._closed:
            self.home.check()
            self._closed = self._departure.is_closed = True
            await outlive(self._shut, name="musement_async.close")

    async def _shut(self) -> None:
        for renewal in self._renewals:
            await renewal.wait()
        await self._queue.aclose()

    async def __aenter__(self) -> Self:
        """Open the transport underneath."""
        await self._queue.__aenter__()
        return self
