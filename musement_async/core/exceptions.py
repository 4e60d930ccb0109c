"""Errors of httpx as errors of this library, and which of them deserve a retry."""

import httpx

from musement_async.core.requests import ApiCall
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
from musement_async.transports.reading import IncompleteError

# Errors that only occur before a request is sent.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout)


class map_exceptions:  # noqa: N801 - httpx's name for the same
    """Raises our error in place of one of httpx. A class: a generator would take four times as long on every call."""

    __slots__ = ("_method", "_path", "_request")

    def __init__(self, request: httpx.Request, method: str, path: Path) -> None:
        self._request = request
        self._method = method
        self._path = path

    def __enter__(self) -> None:
        """Enter the block."""

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        """Raise our error for one of httpx."""
        # httpx looks at the host of a redirect, and fails with idna's error for names that no name can be.
        if isinstance(error, httpx.HTTPError | httpx.InvalidURL | UnicodeError):
            raise _translate(error, self._request, self._method, self._path) from error


def _translate(
    error: httpx.HTTPError | httpx.InvalidURL | UnicodeError, request: httpx.Request, method: str, path: Path
) -> DecodeError | TransportError:
    where = f"{method} {path}"
    if isinstance(error, httpx.DecodingError):
        is_incomplete = isinstance(error, IncompleteError)
        message = f"{where}: {'' if is_incomplete else 'the body could not be decompressed: '}{error}"
        return DecodeError(message, method=method, path=path.text, status=None)
    context = context_of(request)
    # A login may have failed: before the request was sent, or after a 401 to it.
    maybe_sent = context.maybe_sent and not isinstance(error, _BEFORE_SENDING)
    kind: type[TransportError] = NetworkError
    problem = f"the connection failed: {str(error) or type(error).__name__}"
    if isinstance(error, httpx.TimeoutException):
        kind, problem = RequestTimeoutError, f"no answer in time ({type(error).__name__})"
    if context.login_failed:
        problem = str(error)
    return kind(f"{where}: {problem}", method=method, path=path.text, maybe_sent=maybe_sent)


def overdue(
    request: httpx.Request | None, method: str, path: Path, deadline: float, attempt: int
) -> RequestTimeoutError:
    """The error for a call that was not done by its deadline."""
    attempts = "" if attempt < 2 else f", in {attempt} attempts"
    context = None if request is None else context_of(request)
    login = "; it was waiting for a login" if context is not None and context.waits_for_login else ""
    message = f"{method} {path}: not done within the deadline of {deadline:g} s{attempts}{login}"
    maybe_sent = context is not None and context.maybe_sent
    return RequestTimeoutError(message, method=method, path=path.text, maybe_sent=maybe_sent)


def is_worth_a_retry(call: ApiCall, failure: MusementError) -> bool:
    """Whether a retry of a failed call is safe and may succeed."""
    if call.request is None:
        return False
    if context_of(call.request).login_failed:  # a login is never repeated, unless nothing of it was sent
        return isinstance(failure.__cause__, _NOT_CONNECTED)
    if isinstance(failure, TransportError):
        return call.method in REPEATABLE or not failure.maybe_sent
    if isinstance(failure, APIError) and not call.at_most_once:
        return failure.status in (RETRIED_STATUSES if call.method in REPEATABLE else NOT_CARRIED_OUT)
    return False
