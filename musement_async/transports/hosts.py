"""The check of hosts that a server names: they may be public, on this machine or in a private network."""

import ipaddress
import socket
from contextlib import suppress

import anyio
import httpx

from musement_async.errors import PrivateHostError

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Gateways translate these IPv6 addresses into the IPv4 addresses at their end.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


async def check_public(url: httpx.URL, *, look_up: bool) -> None:
    """Refuse a URL whose host is this machine or in a private network.

    Without ``look_up``, only addresses and ``localhost`` are checked, not the addresses of other names.

    Raises:
        PrivateHostError: The host is not public.
    """
    name = url.host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        raise PrivateHostError(name)
    address = _read(name)
    addresses = [address] if address is not None else await _find(url, name) if look_up else []
    if not all(map(_is_public, addresses)):
        raise PrivateHostError(name)


def _read(host: str) -> _Address | None:
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    with suppress(OSError):
        return ipaddress.IPv4Address(socket.inet_aton(host))  # such as 127.1 and 0x7f000001
    return None


async def _find(url: httpx.URL, name: str) -> list[_Address]:
    try:
        found = await anyio.getaddrinfo(name, url.port or url.scheme, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []  # the connection will fail in the same way, with an error of its own
    return [ipaddress.ip_address(place[4][0].partition("%")[0]) for place in found]


def _is_public(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast
