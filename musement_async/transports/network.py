"""The networks there are, set up as httpx sets up its own when it is left alone."""

import ipaddress
import ssl
from typing import Literal, Protocol
from urllib.request import getproxies, proxy_bypass

import httpx

from musement_async.errors import ArgumentError
from musement_async.transports.lanes import LanedTransport

Network = Literal["httpcore", "aiohttp"]
NETWORKS = ("httpcore", "aiohttp")
_PACKAGES = ("aiohttp", "httpx_aiohttp")


def network_transport(
    base_url: str,
    *,
    proxy: str | httpx.Proxy | None,
    verify: ssl.SSLContext | bool,
    trust_env: bool,
    limits: httpx.Limits,
    network: Network = "httpcore",
) -> httpx.AsyncBaseTransport:
    """A transport for one API.

    ``httpx.AsyncClient`` looks for proxies in the environment only while the transport is its own; ours is not, so
    the environment's proxy for the base URL is looked up here.

    One connection beyond the limit is for logins: those who wait for one may hold all others.

    Raises:
        ArgumentError: A proxy, a certificate or a network that cannot be used.
    """
    if limits.max_connections is not None:
        limits = httpx.Limits(
            max_connections=limits.max_connections + 1,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
        )
    if proxy is None and trust_env:
        proxy = _environment_proxy(httpx.URL(base_url))
    return open_network(network, limits=limits, proxy=proxy, verify=verify, trust_env=trust_env)


def open_network(
    network: Network,
    *,
    limits: httpx.Limits,
    proxy: str | httpx.Proxy | None = None,
    verify: ssl.SSLContext | bool = True,
    trust_env: bool = True,
) -> httpx.AsyncBaseTransport:
    """A transport over httpcore or aiohttp.

    Raises:
        ArgumentError: A proxy, a certificate or a network that cannot be used.
    """
    if network not in NETWORKS:
        raise ArgumentError("network", "must be 'httpcore' or 'aiohttp'")
    make = _over_httpcore if network == "httpcore" else _over_aiohttp()
    try:
        context = httpx.create_ssl_context(verify=verify, trust_env=trust_env)
    except OSError as problem:
        raise ArgumentError("verify", f"the certificates to trust cannot be read: {problem}") from problem
    try:
        if isinstance(proxy, str):
            proxy = httpx.Proxy(proxy)
        return make(limits=limits, proxy=proxy, verify=context)
    except (ValueError, ImportError, httpx.InvalidURL) as problem:
        raise ArgumentError("proxy", f"cannot be used: {problem}") from problem


class _Make(Protocol):
    def __call__(
        self, *, limits: httpx.Limits, proxy: httpx.Proxy | None, verify: ssl.SSLContext
    ) -> httpx.AsyncBaseTransport: ...


def _over_httpcore(*, limits: httpx.Limits, proxy: httpx.Proxy | None, verify: ssl.SSLContext) -> LanedTransport:
    def open_lane(kept: int) -> httpx.AsyncHTTPTransport:
        alone = httpx.Limits(
            max_connections=1, max_keepalive_connections=kept, keepalive_expiry=limits.keepalive_expiry
        )
        return httpx.AsyncHTTPTransport(verify=verify, limits=alone, proxy=proxy)

    open_lane(1)  # a proxy that cannot be used is refused now, not by the first call
    return LanedTransport(
        open_lane,
        lanes=limits.max_connections,
        kept=limits.max_keepalive_connections,
        expiry=limits.keepalive_expiry,
    )


def _over_aiohttp() -> _Make:
    try:
        from musement_async.transports.connector import ConnectorTransport
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _PACKAGES:
            raise
        needed = 'pip install "musement-async[aiohttp]"'
        raise ArgumentError("network", f"'aiohttp' needs {missing.name}: {needed}") from missing
    return ConnectorTransport


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
