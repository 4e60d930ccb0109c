"""httpx's own transport, set up as httpx sets it up when it is left alone."""

import ipaddress
import ssl
from http.cookiejar import CookieJar
from urllib.request import Request, getproxies, proxy_bypass

import httpx

from musement_async.errors import ArgumentError
from musement_async.transports.musement import DEFAULT_SLOTS, MusementTransport

DEFAULT_LIMITS = httpx.Limits(max_connections=DEFAULT_SLOTS, max_keepalive_connections=DEFAULT_SLOTS)


def open_network(
    base_url: str,
    *,
    transport: httpx.AsyncBaseTransport | None,
    limits: httpx.Limits | None,
    proxy: str | httpx.Proxy | None,
    verify: ssl.SSLContext | bool,
    trust_env: bool,
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
        transport = network_transport(base_url, proxy=proxy, verify=verify, trust_env=trust_env, limits=limits)
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

    def add_cookie_header(self, request: Request) -> None:
        pass


def no_cookies() -> CookieJar:
    """A jar that stays empty."""
    return _NoCookies()


def network_transport(
    base_url: str,
    *,
    proxy: str | httpx.Proxy | None,
    verify: ssl.SSLContext | bool,
    trust_env: bool,
    limits: httpx.Limits,
) -> httpx.AsyncHTTPTransport:
    """A transport for one API.

    ``httpx.AsyncClient`` looks for proxies in the environment only while the transport is its own; ours is not, so
    the environment's proxy for the base URL is looked up here.

    One connection beyond the limit is for logins: those who wait for one may hold all others.

    Raises:
        ArgumentError: A proxy or a certificate that cannot be used.
    """
    if limits.max_connections is not None:
        limits = httpx.Limits(
            max_connections=limits.max_connections + 1,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
        )
    if proxy is None and trust_env:
        proxy = _environment_proxy(httpx.URL(base_url))
    try:
        return httpx.AsyncHTTPTransport(verify=verify, trust_env=trust_env, limits=limits, proxy=proxy)
    except OSError as problem:
        raise ArgumentError("verify", f"the certificates to trust cannot be read: {problem}") from problem
    except (ValueError, ImportError, httpx.InvalidURL) as problem:
        raise ArgumentError("proxy", f"cannot be used: {problem}") from problem


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _environment_proxy(url: httpx.URL) -> str | None:
    # What is for this machine is allowed without TLS, and so must not leave it.
    if is_loopback(url.host) or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
