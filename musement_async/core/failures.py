"""What can go wrong on the way to an answer, in our words."""

from collections.abc import Generator
from contextlib import contextmanager

import httpx

from musement_async.core.requests import Call
from musement_async.errors import (
    APIError,
    DecodeError,
    MusementError,
    NetworkError,
    RequestTimeoutError,
    TransportError,
)
from musement_async.paths import Path
from musement_async.retries import NOT_CARRIED_OUT, REPEATABLE, RETRIED_STATUSES
from musement_async.transports.musement import LOGIN_FAILED_EXTENSION, SENT_EXTENSION

# What can only happen before a request is sent.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@contextmanager
def failures(request: httpx.Request, method: str, path: Path) -> Generator[None]:
    """Turn the errors of httpx, and of what is underneath, into ours."""
    try:
        yield
    except httpx.TimeoutException as timeout:
        message = f"{method} {path}: no answer in time ({type(timeout).__name__})"
        maybe_sent = _maybe_sent(request, timeout)
        raise RequestTimeoutError(message, method=method, path=path.text, maybe_sent=maybe_sent) from timeout
    except httpx.DecodingError as problem:
        message = f"{method} {path}: the body could not be decompressed: {problem}"
        raise DecodeError(message, method=method, path=path.text, status=None) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        message = f"{method} {path}: the connection failed: {str(failure) or type(failure).__name__}"
        maybe_sent = _maybe_sent(request, failure)
        raise NetworkError(message, method=method, path=path.text, maybe_sent=maybe_sent) from failure


def overdue(
    request: httpx.Request | None, method: str, path: Path, deadline: float, attempt: int
) -> RequestTimeoutError:
    """The error for a call that has met its deadline."""
    attempts = "" if attempt < 2 else f", in {attempt} attempts"
    message = f"{method} {path}: not done within the deadline of {deadline:g} s{attempts}"
    maybe_sent = request is not None and bool(request.extensions[SENT_EXTENSION])
    return RequestTimeoutError(message, method=method, path=path.text, maybe_sent=maybe_sent)


def is_worth_a_retry(call: Call, failure: MusementError) -> bool:
    """Whether a call may be made again after a failure, and whether that may help."""
    if call.request is None or LOGIN_FAILED_EXTENSION in call.request.extensions:
        return False
    if isinstance(failure, TransportError):
        return call.method in REPEATABLE or not failure.maybe_sent
    if isinstance(failure, APIError):
        return failure.status in (RETRIED_STATUSES if call.method in REPEATABLE else NOT_CARRIED_OUT)
    return False


def _maybe_sent(request: httpx.Request, failure: Exception) -> bool:
    # The failure may be that of a login, which comes before the request, or after a 401 that refused it.
    return bool(request.extensions[SENT_EXTENSION]) and not isinstance(failure, _BEFORE_SENDING)
