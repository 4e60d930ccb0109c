"""The transport that keeps sessions and connections whole when callers are cancelled."""

import ssl
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from itertools import count
from typing import Any, Self

import anyio
import httpx

from musement_async.defaults import DEFAULT_CONCURRENCY, DEFAULT_LOGINS
from musement_async.errors import ArgumentError, ClientClosedError
from musement_async.transports.admission import CLOSED, ConcurrencyLimiter, RateLimiter
from musement_async.transports.context import RequestContext, context_of
from musement_async.transports.hosts import check_public
from musement_async.transports.loop import LoopGuard
from musement_async.transports.setup import Network, create_ssl_context, open_network
from musement_async.transports.tasks import BackgroundTask, join_shielded

DEFAULT_LIMITS = httpx.Limits(max_connections=DEFAULT_CONCURRENCY, max_keepalive_connections=DEFAULT_CONCURRENCY)
_SHARE_OF_LOGINS = 5
_OURS = "x-musement-"
# With these statuses, the request was not carried out.
_NOT_CARRIED_OUT = frozenset({401, 429})


class MusementTransport(httpx.AsyncBaseTransport):
    """An httpx transport that keeps sessions and connections whole when callers are cancelled.

    A refresh token works once. A login inside a caller's task loses the session if the caller is cancelled after the
    server's rotation and before the answer arrives. Here, a login belongs to a task of its own: callers wait for it,
    and its result is kept even if they are cancelled.

    Requests wait in a queue in front of the connections. The queue is fair among sessions, and replays go first.
    Logins do not wait in it: they have connections of their own.

    Example:
        ``httpx.AsyncClient(base_url=PRODUCTION, auth=MusementAuth(...), transport=MusementTransport())``

    Args:
        transport: A transport that talks to the network and replaces the one made here. It is used for logins as well,
            and is closed with this one.
        limits: The connections to make, as ``httpx.Limits``; by default 20.
        concurrency: How many requests are under way at a time; by default as many as there are connections, and 20 on
            a given transport without a limit. On a given ``httpx.AsyncHTTPTransport``, some connections stay free for
            logins.
        logins: How many logins are under way at a time, each on a connection beyond ``limits``. On a given
            ``httpx.AsyncHTTPTransport``, logins use up to a fifth of its connections.
        rate_limit: How many requests may be sent per second, without logins; None for no limit.
        network: The library that carries the requests: ``"httpcore"`` or, on asyncio and with the extra of that name,
            ``"aiohttp"``.
        verify: Whether to check certificates, or the ``ssl.SSLContext`` to check them with.
        proxy: A proxy's URL.
        trust_env: Whether the environment may name the certificates to trust.
        http2: Whether to offer HTTP/2; needs the extra of that name, and ``"httpcore"``.
        local_address: The local address to connect from; for ``"httpcore"`` only.
        uds: The path of a Unix socket to connect to; for ``"httpcore"`` only.

    Raises:
        ArgumentError: An argument that cannot work, by name.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        limits: httpx.Limits | None = None,
        concurrency: int | None = None,
        logins: int = DEFAULT_LOGINS,
        rate_limit: float | None = None,
        network: Network = "httpcore",
        verify: ssl.SSLContext | bool = True,
        proxy: str | httpx.Proxy | None = None,
        trust_env: bool = True,
        http2: bool = False,
        local_address: str | None = None,
        uds: str | None = None,
    ) -> None:
        _check_count("logins", logins)
        if concurrency is not None:
            _check_count("concurrency", concurrency)
        if transport is None:
            limits = limits or DEFAULT_LIMITS
            concurrency = concurrency or limits.max_connections
            context = create_ssl_context(verify, trust_env=trust_env)
            open_own = partial(
                open_network, network, verify=context, proxy=proxy, http2=http2, local_address=local_address, uds=uds
            )
            self._network = open_own(limits=limits)
            # A login is never repeated, so it must not use an idle connection, which the server may have just closed.
            self._login_network = open_own(limits=httpx.Limits(max_connections=logins, max_keepalive_connections=0))
            self._sends: set[anyio.CancelScope] | None = None
        else:
            for name, is_given in {
                "limits": limits is not None,
                "network": network != "httpcore",
                "verify": verify is not True,
                "proxy": proxy is not None,
                "http2": http2,
                "local_address": local_address is not None,
                "uds": uds is not None,
            }.items():
                if is_given:
                    raise ArgumentError(name, "belongs to the transport that is given: leave one of the two out")
            logins, concurrency = _shares(transport, logins, concurrency)
            self._network = self._login_network = transport
            # Our pool cancels its requests when it is closed. httpx's own does not, so this transport does.
            self._sends = set() if isinstance(transport, httpx.AsyncHTTPTransport) else None
        # A proxy, or a transport of the user, looks up hosts by itself.
        self._looks_up = transport is None and proxy is None and uds is None
        self.concurrency: int | None = concurrency
        self.loop: LoopGuard = LoopGuard()
        self._limiter = ConcurrencyLimiter(concurrency)
        self._arrivals = count(1)
        self._login_limiter = ConcurrencyLimiter(logins)
        self._rate = None if rate_limit is None else RateLimiter(rate_limit, self._limiter)
        self._logins: set[Callable[[], Coroutine[Any, Any, None]]] = set()
        self._closing: BackgroundTask[None] | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the transport is closed or closing."""
        return self._closing is not None

    def check_open(self) -> None:
        """Refuse uses of a closed transport, and uses in another event loop.

        Raises:
            ClientClosedError: The transport is closed.
            WrongLoopError: The transport belongs to another event loop, or to another process.
        """
        if self._closing is not None:
            raise ClientClosedError(CLOSED)
        self.loop.check()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. The task of a renewal sends its logins."""
        self.check_open()
        context = context_of(request)
        if context.login is not None:
            return await context.login(self)
        if context.public_only and not (context.owns is not None and context.owns(request.url)):
            await check_public(request.url, look_up=self._looks_up)
        if context.owns is not None and not context.owns(request.url):
            # httpx keeps the token on a redirect from http to https of one host, and other headers on every redirect.
            for name in [name for name in request.headers if name == "authorization" or name.startswith(_OURS)]:
                del request.headers[name]
        sent_at = await self._admit(request, context)
        context.maybe_sent = True
        response = await self._send(self._network, self._limiter, request)
        context.maybe_sent = response.status_code not in _NOT_CARRIED_OUT
        if self._rate is not None:
            self._rate.report(response, sent_at)
        return response

    async def _admit(self, request: httpx.Request, context: RequestContext) -> float:
        """Take a slot, wait for the rate limit, and return that moment.

        While the request waits for a login, it releases the slot; afterwards it takes one with priority.
        """
        timeout = request.extensions.get("timeout", {}).get("pool")
        if not context.arrival:
            context.arrival = next(self._arrivals)
        while True:
            await self._limiter.acquire(timeout, context.session, arrival=context.arrival, first=context.has_priority)
            try:
                sent_at = 0.0 if self._rate is None else await self._rate.wait()
                renewal = None if context.check_token is None else context.check_token(request)
                if renewal is None:
                    self.check_open()  # after all waits
                    return sent_at
            except BaseException:
                self._limiter.release()
                raise
            self._limiter.release()
            await renewal
            context.has_priority = True

    async def _send(
        self, network: httpx.AsyncBaseTransport, limiter: ConcurrencyLimiter, request: httpx.Request
    ) -> httpx.Response:
        """Send a request that has a slot. The end of its response releases the slot."""
        try:
            if self._sends is None:
                response = await network.handle_async_request(request)
            else:
                response = await self._send_until_closed(network, request, self._sends)
        except BaseException:
            limiter.release()
            raise
        if response.is_closed:  # made from a body in memory, which nothing closes
            limiter.release()
        else:
            response.stream = _HeldStream(response.stream, limiter.release)
        return response

    async def _send_until_closed(
        self, network: httpx.AsyncBaseTransport, request: httpx.Request, sends: set[anyio.CancelScope]
    ) -> httpx.Response:
        with anyio.CancelScope() as scope:
            sends.add(scope)
            try:
                return await network.handle_async_request(request)
            finally:
                sends.discard(scope)
        raise httpx.ReadError("the client was closed")

    def track(self, shut_down: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have the close call this function, and wait for it."""
        self._logins.add(shut_down)

    def forget(self, shut_down: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Close without this function: what it ends has ended."""
        self._logins.discard(shut_down)

    async def send_login(self, request: httpx.Request, timeout: float, *, first: bool) -> httpx.Response:
        """Send a login on a connection of the logins, before all others if it is one of the ``first``.

        The wait for a connection fails if no other login ends for ``timeout`` seconds.
        """
        await self._login_limiter.acquire(timeout, arrival=next(self._arrivals), first=first)
        return await self._send(self._login_network, self._login_limiter, request)

    async def aclose(self) -> None:
        """Close the connections once the logins in flight have been answered; other requests fail.

        Afterwards no connection is open and no request waits. The method may be called any number of times.
        """
        if self._closing is None:
            self.loop.check()
            self._limiter.close()
            self._login_limiter.close()
            if self._rate is not None:
                self._rate.close()
            self._closing = BackgroundTask(self._shut, name="musement_async.close")
        await join_shielded(self._closing)

    async def _shut(self) -> None:
        async with anyio.create_task_group() as group:
            for shut_down in self._logins:
                group.start_soon(shut_down)
        for scope in self._sends or ():
            scope.cancel()
        try:
            await self._login_network.aclose()
        finally:
            if self._network is not self._login_network:
                await self._network.aclose()

    async def __aenter__(self) -> Self:
        """Open the transport underneath."""
        await self._network.__aenter__()
        return self


class _HeldStream(httpx.AsyncByteStream):
    """The body of an answer. Its close releases the slot of the request."""

    def __init__(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream, release: Callable[[], None]) -> None:
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
        self._stream = stream
        self._release: Callable[[], None] | None = release

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        release, self._release = self._release, None
        try:
            _discard_if_trailing_data(self._stream)
            await self._stream.aclose()
        finally:
            if release is not None:
                release()


def _discard_if_trailing_data(stream: object) -> None:
    """Have httpx's own transport close a connection on which the server has sent more than the answer.

    httpcore would read the rest as the answer to the next request, which may be another customer's.
    """
    state: Any = stream
    for name in ("_httpcore_stream", "_stream", "_connection", "_h11_state"):
        state = getattr(state, name, None)
    if state is not None and state.trailing_data[0]:
        state.send_failed()


def _check_count(name: str, value: object) -> None:
    if type(value) is not int or value < 1:
        raise ArgumentError(name, "must be a whole number above 0")


def _shares(transport: httpx.AsyncBaseTransport, logins: int, concurrency: int | None) -> tuple[int, int]:
    """The most logins and the most other requests at a time on a given transport."""
    pool = getattr(transport, "_pool", None) if isinstance(transport, httpx.AsyncHTTPTransport) else None
    size: int = getattr(pool, "_max_connections", sys.maxsize)
    if size == sys.maxsize:
        return logins, concurrency or DEFAULT_CONCURRENCY
    logins = min(logins, max(1, size // _SHARE_OF_LOGINS))
    most = max(1, size - logins)
    return logins, min(concurrency or most, most)
