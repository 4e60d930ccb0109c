"""The networks that there are, and what else a client is set up with."""

import ipaddress
import ssl
from collections.abc import Callable
from typing import Any, Literal
from urllib.request import getproxies, proxy_bypass

import httpx

from musement_async.errors import ArgumentError, ClientClosedError

Network = Literal["httpcore", "aiohttp"]
NETWORKS = ("httpcore", "aiohttp")
_PACKAGES = ("aiohttp", "httpx_aiohttp")


def create_ssl_context(verify: ssl.SSLContext | bool, *, trust_env: bool) -> ssl.SSLContext:
    """The context to check certificates with.

    Raises:
        ArgumentError: The certificates to trust cannot be read.
    """
    try:
        return httpx.create_ssl_context(verify=verify, trust_env=trust_env)
    except OSError as problem:
        raise ArgumentError("verify", f"the certificates to trust cannot be read: {problem}") from problem


def open_network(
    network: Network,
    *,
    limits: httpx.Limits,
    verify: ssl.SSLContext,
    proxy: str | httpx.Proxy | None = None,
    http2: bool = False,
    local_address: str | None = None,
    uds: str | None = None,
    for_logins: bool = False,
) -> httpx.AsyncBaseTransport:
    """A transport over httpcore or aiohttp.

    Args:
        for_logins: Whether it carries logins, which no tool that traces requests may see.

    Raises:
        ArgumentError: A proxy or a network that cannot be used.
    """
    if network not in NETWORKS:
        raise ArgumentError("network", "must be 'httpcore' or 'aiohttp'")
    from musement_async.transports.pool import ConnectionPool
    return ConnectionPool(limits=limits, verify=verify, http2=http2, local_address=local_address, uds=uds)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def environment_proxy(base_url: str) -> str | None:
    """The proxy that the environment names for an API.

    ``httpx.AsyncClient`` looks it up only while the transport is its own, and ours is not.
    """
    url = httpx.URL(base_url)
    # What is for this machine is allowed without TLS, and so must not leave it.
    if is_loopback(url.host) or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


class SharedTransport(httpx.AsyncBaseTransport):
    """A transport that another client owns and closes.

    Args:
        transport: The transport.
        is_closed: Tells whether the client that borrows it is closed.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport, is_closed: Callable[[], bool]) -> None:
        self._transport = transport
        self._is_closed = is_closed

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            ClientClosedError: The client that borrows it is closed.
        """
        if self._is_closed():
            raise ClientClosedError("the client is closed; open a new one")
        return await self._transport.handle_async_request(request)


class _NoCookies(httpx.Cookies):
    """Keeps no cookie: those of one customer's answers would be sent with another's requests."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave the cookies of an answer alone."""


class CookielessClient(httpx.AsyncClient):
    """An ``httpx.AsyncClient`` that keeps no cookie, and takes no time to look for any."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - those of httpx
        super().__init__(**options)
        self._cookies = _NoCookies()
