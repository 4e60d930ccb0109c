"""All that is between a client and the network, set up together."""

import ssl
from http.cookiejar import CookieJar
from urllib.request import Request

import httpx

from musement_async.errors import ArgumentError
from musement_async.transports.musement import DEFAULT_SLOTS, MusementTransport
from musement_async.transports.network import Network, network_transport

DEFAULT_LIMITS = httpx.Limits(max_connections=DEFAULT_SLOTS, max_keepalive_connections=DEFAULT_SLOTS)


def open_transport(
    base_url: str,
    *,
    transport: httpx.AsyncBaseTransport | None,
    limits: httpx.Limits | None,
    proxy: str | httpx.Proxy | None,
    verify: ssl.SSLContext | bool,
    trust_env: bool,
    network: Network,
    rate_limit: float | None,
) -> MusementTransport:
    """All that is between a client and the network.

    Raises:
        ArgumentError: An argument that cannot be used, or that does not go with a transport of one's own.
    """
    slots: int | None = DEFAULT_SLOTS
    if transport is None:
        limits = limits or DEFAULT_LIMITS
        slots = limits.max_connections
        transport = network_transport(
            base_url, proxy=proxy, verify=verify, trust_env=trust_env, limits=limits, network=network
        )
    elif network != "httpcore":
        raise ArgumentError("network", "is chosen where the transport is made: leave one of the two out")
    elif proxy is not None or limits is not None or verify is not True:
        raise ArgumentError("transport", "has its own proxy, limits and verify: give them to it, not to the client")
    return MusementTransport(transport, slots=slots, rate_limit=rate_limit)


class LentTransport(httpx.AsyncBaseTransport):
    """A transport that belongs to somebody else, who closes it."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._lender = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        return await self._lender.handle_async_request(request)


class _NoCookies(CookieJar):
    """Keeps no cookie: those of one customer's answers would go out with another's requests."""

    def extract_cookies(self, response: object, request: Request) -> None:
        pass


def no_cookies() -> CookieJar:
    """A jar that stays empty."""
    return _NoCookies()
