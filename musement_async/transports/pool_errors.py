"""The translation of httpcore2's errors into those of httpx.

A header may hold a secret. So a text is cut before the header or line that h11 quotes from the wire, and the new errors
have no cause.
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
    """The httpx error for an error of httpcore2."""
    error = next(_TABLE[kind] for kind in type(problem).__mro__ if kind in _TABLE)
    return error(_WIRE_DATA.split(str(problem), maxsplit=1)[0])
