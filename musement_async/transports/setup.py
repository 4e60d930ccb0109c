"""The setup of everything between a client and the network, with the meanings that httpx gives to its arguments."""

import importlib.util
import ipaddress
import ssl
from collections.abc import Callable
from typing import Any, Literal
from urllib.request import getproxies, proxy_bypass

import httpx

from musement_async.errors import ArgumentError, ClientClosedError

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
        limits: The most connections, the most idle ones that are kept, and for how many seconds.
        proxy: The proxy to use; this function does not look up the environment's proxies.
        verify: The certificates to trust; False for any.
        trust_env: Whether to use ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``.
        http1: Whether to speak HTTP/1.1.
        http2: Whether to speak HTTP/2 where the server does; needs the extra ``http2``.
        local_address: The address to connect from.
        uds: The path of a Unix socket to connect to, whatever the host.
        connect_retries: How many times a failed connect is repeated.

    Raises:
        ArgumentError: An argument cannot be used; the error names it.
    """
    if network not in NETWORKS:
        raise ArgumentError("network", "must be 'httpcore' or 'aiohttp'")
    if not (http1 or http2):
        raise ArgumentError("http1", "must be True if http2 is False")
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
    context = create_ssl_context(verify, trust_env=trust_env)
    try:
        if isinstance(proxy, str):
            proxy = httpx.Proxy(proxy)
        return transport(limits=limits, proxy=proxy, verify=context, local_address=local_address, **options)
    except (ValueError, ImportError, httpx.InvalidURL) as problem:
        raise ArgumentError("proxy", f"cannot be used: {problem}") from problem


def create_ssl_context(verify: ssl.SSLContext | bool, *, trust_env: bool) -> ssl.SSLContext:  # noqa: FBT001 - as httpx
    """The context to check certificates with.

    Raises:
        ArgumentError: The certificates to trust cannot be read.
    """
    try:
        return httpx.create_ssl_context(verify=verify, trust_env=trust_env)
    except OSError as problem:
        raise ArgumentError("verify", f"the certificates to trust cannot be read: {problem}") from problem


def _aiohttp_transport() -> Callable[..., httpx.AsyncBaseTransport]:
    try:
        from musement_async.transports.aiohttp import AiohttpTransport
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "aiohttp":
            raise
        raise ArgumentError("network", "'aiohttp' needs the extra 'aiohttp'") from missing
    return AiohttpTransport


def environment_proxy(base_url: str) -> str | None:
    """The proxy that the environment names for a URL. Requests to this machine use none."""
    url = httpx.URL(base_url)
    # Requests to this machine are allowed without TLS, so no proxy may carry them elsewhere.
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
    """A transport that several clients use, and that only its owner closes.

    Args:
        transport: The transport that sends the requests.
        is_closed: Tells whether the client that uses this transport has been closed.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, is_closed: Callable[[], bool]) -> None:
        self._transport = transport
        self._is_closed = is_closed

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            ClientClosedError: The client has been closed.
        """
        if self._is_closed():
            raise ClientClosedError("the client is closed")
        return await self._transport.handle_async_request(request)


class _NoCookies(httpx.Cookies):
    """Keeps no cookies: otherwise one customer's cookies would be sent with another's requests."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Ignore the cookies of an answer."""


class CookielessClient(httpx.AsyncClient):
    """An ``httpx.AsyncClient`` that keeps no cookies, and spends no time on them."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - those of httpx
        super().__init__(**options)
        self._cookies = _NoCookies()
