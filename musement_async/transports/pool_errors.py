"""The errors of httpcore2 as those of httpx.

Their texts are cut where h11 goes on with a header or a line as it was on the wire, and they are not chained: a header
may hold a secret.
"""

import re

import httpcore2
import httpx

_TABLE: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore2.TimeoutException: httpx.TimeoutException,
    httpcore2.PoolTimeout: httpx.PoolTimeout,
    httpcore2.ConnectTimeout: httpx.ConnectTimeout,
    httpcore2.ReadTimeout: httpx.ReadTimeout,
    httpcore2.WriteTimeout: httpx.WriteTimeout,
    httpcore2.NetworkError: httpx.NetworkError,
    httpcore2.ConnectError: httpx.ConnectError,
    httpcore2.ReadError: httpx.ReadError,
    httpcore2.WriteError: httpx.WriteError,
    httpcore2.ProxyError: httpx.ProxyError,
    httpcore2.UnsupportedProtocol: httpx.UnsupportedProtocol,
    httpcore2.ProtocolError: httpx.ProtocolError,
    httpcore2.LocalProtocolError: httpx.LocalProtocolError,
    httpcore2.RemoteProtocolError: httpx.RemoteProtocolError,
}
_WIRE_DATA = re.compile(r":? b(ytearray\(b)?['\"]")

HTTPCORE_ERRORS = tuple(_TABLE)


def translate(problem: Exception) -> httpx.TransportError:
    """The error of httpx for one of httpcore2."""
    error = next(_TABLE[kind] for kind in type(problem).__mro__ if kind in _TABLE)
    return error(_WIRE_DATA.split(str(problem), maxsplit=1)[0])
