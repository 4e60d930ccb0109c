"""The translation of aiohttp's errors into those of httpx.

The new errors have neither aiohttp's texts nor its errors as causes: these hold URLs, and the URL of a login holds its
secrets.
"""

from collections.abc import Sequence

import aiohttp
import httpx

_Table = Sequence[tuple[type[Exception], type[httpx.TransportError], str]]

# The first line that matches counts.
_BEFORE_SENDING: _Table = (
    (aiohttp.ClientHttpProxyError, httpx.ProxyError, "the proxy refused to connect"),
    (aiohttp.ClientProxyConnectionError, httpx.ProxyError, "no connection to the proxy"),
    (aiohttp.ClientConnectorError, httpx.ConnectError, "no connection"),
    (TimeoutError, httpx.ConnectTimeout, "no connection in time"),
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol, "the URL is not valid"),
    (aiohttp.NonHttpUrlClientError, httpx.UnsupportedProtocol, "the URL is neither http nor https"),
    (ValueError, httpx.LocalProtocolError, "the request cannot be sent"),
    (Exception, httpx.ConnectError, "no connection"),
)
_AFTERWARDS: _Table = (
    (TimeoutError, httpx.ReadTimeout, "the rest of the answer did not come in time"),
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError, "the server closed the connection without an answer"),
    (aiohttp.ClientPayloadError, httpx.RemoteProtocolError, "the answer broke off"),
    (aiohttp.ClientResponseError, httpx.RemoteProtocolError, "the answer is not HTTP"),
    (ValueError, httpx.LocalProtocolError, "the request cannot be sent"),
    (Exception, httpx.ReadError, "the connection broke"),
)


def before_sending(problem: Exception) -> httpx.TransportError:
    """The error for a failure before anything was sent."""
    return _translate(_BEFORE_SENDING, problem)


def afterwards(problem: Exception) -> httpx.TransportError:
    """The error for a failure after the request was sent, or may have been sent."""
    return _translate(_AFTERWARDS, problem)


def _translate(table: _Table, problem: Exception) -> httpx.TransportError:
    error, text = next((error, text) for kind, error, text in table if isinstance(problem, kind))
    return error(f"{text} ({_detail(problem) or type(problem).__name__})")


def _detail(problem: Exception) -> object:
    if isinstance(problem, aiohttp.ClientConnectorCertificateError):
        return problem.certificate_error
    if isinstance(problem, aiohttp.ClientHttpProxyError):
        return problem.status
    return problem.strerror if isinstance(problem, OSError) else None
