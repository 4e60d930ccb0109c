"""httpx's own transport, set up as httpx sets it up when it is left alone."""

import ipaddress
import ssl
from urllib.request import getproxies, proxy_bypass

import httpx

from musement_async.errors import ArgumentError


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
