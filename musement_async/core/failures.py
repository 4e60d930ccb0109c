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
from musement_async.transports.context import context_of

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
        problem = timeout if context_of(request).login_failed else f"no answer in time ({type(timeout).__name__})"
        message = f"{method} {path}: {problem}"
        maybe_sent = _maybe_sent(request, timeout)
        raise RequestTimeoutError(message, method=method, path=path.text, maybe_sent=maybe_sent) from timeout
    except httpx.DecodingError as problem:
        message = f"{method} {path}: the body could not be decompressed: {problem}"
        raise DecodeError(message, method=method, path=path.text, status=None) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as failure:
        problem = str(failure) or type(failure).__name__
        if not context_of(request).login_failed:
            problem = f"the connection failed: {problem}"
        message = f"{method} {path}: {problem}"
        maybe_sent = _maybe_sent(request, failure)
        raise NetworkError(message, method=method, path=path.text, maybe_sent=maybe_sent) from failure


@contextmanager
def refused_addresses() -> Generator[None]:
    """Turn what addresses are refused with underneath into httpx's error for such ones.

    httpx itself accepts names and ports that no name or port can be, from the redirects of a server for instance.
    anyio raises what it meets while it connects in a group.
    """
    try:
        yield
    except (UnicodeError, OverflowError, ExceptionGroup) as problem:
        if isinstance(problem, ExceptionGroup) and problem.split(OverflowError)[1] is not None:
            raise
        raise httpx.RemoteProtocolError(f"an address that cannot be used: {problem}") from problem


def overdue(
    request: httpx.Request | None, method: str, path: Path, deadline: float, attempt: int
) -> RequestTimeoutError:
    """The error for a call that has met its deadline."""
    attempts = "" if attempt < 2 else f", in {attempt} attempts"
    context = None if request is None else context_of(request)
    login = "; it was waiting for a login" if context is not None and context.waits_for_login else ""
    message = f"{method} {path}: not done within the deadline of {deadline:g} s{attempts}{login}"
    maybe_sent = context is not None and context.maybe_sent
    return RequestTimeoutError(message, method=method, path=path.text, maybe_sent=maybe_sent)


def is_worth_a_retry(call: Call, failure: MusementError) -> bool:
    """Whether a call may be made again after a failure, and whether that may help."""
    if call.request is None or context_of(call.request).login_failed:
        return False
    if isinstance(failure, TransportError):
        return call.method in REPEATABLE or not failure.maybe_sent
    if isinstance(failure, APIError):
        return failure.status in (RETRIED_STATUSES if call.method in REPEATABLE else NOT_CARRIED_OUT)
    return False


def _maybe_sent(request: httpx.Request, failure: Exception) -> bool:
    # The failure may be that of a login, which comes before the request, or after a 401 that refused it.
    return context_of(request).maybe_sent and not isinstance(failure, _BEFORE_SENDING)
