"""Everything between a client and the network, set up as httpx sets up its own."""

import importlib.util
import ipaddress
import ssl
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any, Literal
from urllib.request import Request, getproxies, proxy_bypass

import httpx

from musement_async.errors import ArgumentError, ClientClosedError

if TYPE_CHECKING:
    from musement_async.transports.musement import MusementTransport

Network = Literal["httpcore", "aiohttp"]
NETWORKS = ("httpcore", "aiohttp")


def open_network(
    network: Network,
    *,
    limits: httpx.Limits,
    proxy: str | httpx.Proxy | None = None,
    verify: ssl.SSLContext | bool = True,
    trust_env: bool = True,
    http1: bool = True,
    http2: bool = False,
    local_address: str | None = None,
    uds: str | None = None,
    connect_retries: int = 0,
) -> httpx.AsyncBaseTransport:
    """A transport over httpcore2 or aiohttp.

    Args:
        network: ``"httpcore"``, or ``"aiohttp"`` with the extra of that name.
        limits: How many connections there are at most, how many are kept while idle, and for how many seconds.
        proxy: The proxy to go through; proxies of the environment are not looked up here.
        verify: The certificates to trust; False for any.
        trust_env: Whether ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count.
        http1: Whether to speak HTTP/1.1.
        http2: Whether to speak HTTP/2 where the server does; needs the extra ``http2``.
        local_address: The address to connect from.
        uds: The path of a Unix socket to connect to, whatever the host.
        connect_retries: How many times a failed connect is repeated.

    Raises:
        ArgumentError: An argument cannot be used, and which one.
    """
    if network not in NETWORKS:
        raise ArgumentError("network", "must be 'httpcore' or 'aiohttp'")
    if not (http1 or http2):
        raise ArgumentError("http1", "must be True where http2 is False")
    options: dict[str, Any] = {"http1": http1, "http2": http2, "uds": uds, "connect_retries": connect_retries}
    if network == "aiohttp":
        transport = _aiohttp_transport()
        for name, unset in (("http2", False), ("uds", None), ("connect_retries", 0)):
            if options[name] != unset:
                raise ArgumentError(name, "is not supported by the network 'aiohttp': leave network at 'httpcore'")
        options = {}
    else:
        if http2 and importlib.util.find_spec("h2") is None:
            raise ArgumentError("http2", "needs the extra 'http2'")
        from musement_async.transports.pool import ConnectionPool as transport  # noqa: N813 - one of two classes
    try:
        context = httpx.create_ssl_context(verify=verify, trust_env=trust_env)
    except OSError as problem:
        raise ArgumentError("verify", f"the certificates to trust cannot be read: {problem}") from problem
    try:
        if isinstance(proxy, str):
            proxy = httpx.Proxy(proxy)
        return transport(limits=limits, proxy=proxy, verify=context, local_address=local_address, **options)
    except (ValueError, ImportError, httpx.InvalidURL) as problem:
        raise ArgumentError("proxy", f"cannot be used: {problem}") from problem


def _aiohttp_transport() -> Callable[..., httpx.AsyncBaseTransport]:
    try:
        from musement_async.transports.aiohttp import AiohttpTransport
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "aiohttp":
            raise
        raise ArgumentError("network", "'aiohttp' needs the extra 'aiohttp'") from missing
    return AiohttpTransport


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
) -> "MusementTransport":
    """All that is between a client and the network.

    ``httpx.AsyncClient`` looks for proxies in the environment only while the transport is its own; ours is not, so
    the environment's proxy for the base URL is looked up here.

    One connection beyond the limit is for logins: those who wait for one may hold all others.

    Raises:
        ArgumentError: An argument cannot be used, or does not go with a transport of one's own.
    """
    from musement_async.transports.musement import DEFAULT_SLOTS, MusementTransport  # which imports this module

    slots: int | None = DEFAULT_SLOTS
    if transport is None:
        limits = limits or httpx.Limits(max_connections=DEFAULT_SLOTS, max_keepalive_connections=DEFAULT_SLOTS)
        slots = limits.max_connections
        if limits.max_connections is not None:
            limits = httpx.Limits(
                max_connections=limits.max_connections + 1,
                max_keepalive_connections=limits.max_keepalive_connections,
                keepalive_expiry=limits.keepalive_expiry,
            )
        if proxy is None and trust_env:
            proxy = environment_proxy(base_url)
        transport = open_network(network, limits=limits, proxy=proxy, verify=verify, trust_env=trust_env)
    elif network != "httpcore":
        raise ArgumentError("network", "is chosen where the transport is made: leave one of the two out")
    elif proxy is not None or limits is not None or verify is not True:
        raise ArgumentError("transport", "has its own proxy, limits and verify: give them to it, not to the client")
    return MusementTransport(transport, slots=slots, rate_limit=rate_limit)


def environment_proxy(base_url: str) -> str | None:
    """The proxy that the environment names for a URL. This machine is reached without any."""
    url = httpx.URL(base_url)
    # What is for this machine is allowed without TLS, and so must not leave it.
    if is_loopback(url.host) or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class SharedTransport(httpx.AsyncBaseTransport):
    """A transport that several clients use, and that is closed by its owner alone.

    Args:
        transport: What sends the requests.
        is_closed: Whether the client that uses this one has been closed.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, *, is_closed: Callable[[], bool] | None = None) -> None:
        self._transport = transport
        self._is_closed = is_closed

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            ClientClosedError: The client has been closed.
        """
        if self._is_closed is not None and self._is_closed():
            raise ClientClosedError("the client is closed")
        return await self._transport.handle_async_request(request)


class _NoCookies(CookieJar):
    """Keeps no cookie: those of one customer's answers would go out with another's requests."""

    def extract_cookies(self, response: object, request: Request) -> None:
        pass


def no_cookies() -> CookieJar:
    """A jar that stays empty."""
    return _NoCookies()
