"""The setup of everything between a client and the network, with the meanings that httpx gives to its arguments."""

import importlib.util
import ipaddress
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, get_args
from urllib.request import getproxies, proxy_bypass

import httpx

from musement_async.errors import ArgumentError, ClientClosedError

Network = Literal["httpcore", "aiohttp"]


def open_network(
    network: Network,
    *,
    limits: httpx.Limits,
    verify: ssl.SSLContext,
    proxy: str | httpx.Proxy | None = None,
    http2: bool = False,
    local_address: str | None = None,
    uds: str | None = None,
) -> httpx.AsyncBaseTransport:
    """A transport over httpcore2 or aiohttp. The arguments have the meanings that they have in ``MusementTransport``.

    Raises:
        ArgumentError: An argument cannot be used; the error names it.
    """
    if network not in get_args(Network):
        raise ArgumentError("network", "must be 'httpcore' or 'aiohttp'")
    options: dict[str, Any] = {}
    if network == "aiohttp":
        transport = _aiohttp_transport()
        for name, is_given in (("http2", http2), ("uds", uds is not None)):
            if is_given:
                raise ArgumentError(name, "is not supported by the network 'aiohttp': leave network at 'httpcore'")
    else:
        if http2 and importlib.util.find_spec("h2") is None:
            raise ArgumentError("http2", "needs the extra 'http2'")
        from musement_async.transports.pool import ConnectionPool as transport  # noqa: N813 - one of two classes

        options = {"http2": http2, "uds": uds}
    try:
        if isinstance(proxy, str):
            proxy = httpx.Proxy(proxy)
        return transport(limits=limits, proxy=proxy, verify=verify, local_address=local_address, **options)
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
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


class SharedTransport(httpx.AsyncBaseTransport):
    """A transport that several clients use, and that only its owner closes."""

    def __init__(self, transport: httpx.AsyncBaseTransport, is_closed: Callable[[], bool]) -> None:
        self._transport = transport
        self._is_closed = is_closed

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, unless the client that uses this transport has been closed."""
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
