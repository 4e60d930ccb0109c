"""The login exchange: its request and its answer, as pure functions."""

import re
from collections.abc import AsyncIterator, Mapping

import attrs
import httpx

from musement_async.auth.token import Token
from musement_async.errors import APIError, ArgumentError, AuthenticationError, DecodeError, error_class

LOGIN_PATH = "/login"
MISSING_APPLICATION = "2271"

_PASSED_ON = re.compile("x-musement-.+|accept-language|user-agent", re.IGNORECASE)
_PLAIN_CODE = re.compile(r"-?\w{1,40}", re.ASCII)


def login_request(
    method: str, base_url: httpx.URL, parameters: Mapping[str, str], headers: Mapping[str, str], timeout: float
) -> httpx.Request:
    """A login as it goes over the wire.

    ``headers`` are those of the request that caused it; only what describes the caller is passed on. httpx gives the
    requests of an auth flow no timeout, hence ours, for each phase of the exchange.
    """
    passed_on = {name: value for name, value in headers.items() if _PASSED_ON.fullmatch(name)}
    url = base_url.copy_with(path=base_url.path.rstrip("/") + LOGIN_PATH)
    body = None if method == "GET" else dict(parameters)
    return httpx.Request(
        method,
        url if body else url.copy_merge_params(dict(parameters)),
        headers={**passed_on, "Accept": "application/json"},
        json=body,
        extensions={"timeout": httpx.Timeout(timeout).as_dict()},
    )


class _QuietURL(httpx.URL):
    """A URL that keeps its query to itself: httpx logs every URL, and hooks and error messages show it."""

    def __str__(self) -> str:
        return str(self.copy_with(query=None))

    def __repr__(self) -> str:
        return f"URL({str(self)!r})"


class _Once(httpx.AsyncByteStream):
    """A body that goes out once: httpx would hand it on to wherever a 307 or 308 points."""

    def __init__(self, body: bytes, request: httpx.Request) -> None:
        self._body: bytes | None = body
        self._method = request.method

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._body is None:
            raise _redirected(self._method, 307)
        body, self._body = self._body, None
        yield body


def discreet(login: httpx.Request, extensions: Mapping[str, object]) -> httpx.Request:
    """The same login, fit to pass through a client that logs, follows redirects and keeps a history."""
    request = httpx.Request(
        login.method, login.url, headers=login.headers, extensions={**login.extensions, **extensions}
    )
    request.url = _QuietURL(login.url)
    request.stream = _Once(login.content, request)
    return request


def forget(response: httpx.Response) -> None:
    """Empty a login's answer in place: httpx keeps it in ``response.history``, where the tokens could be read."""
    request = httpx.Request(response.request.method, response.request.url.copy_with(query=None))
    status = response.status_code
    vars(response).clear()
    httpx.Response.__init__(response, status, content=b"", request=request)


@attrs.frozen(kw_only=True)
class _Answer:
    access_token: str | None = attrs.field(default=None, repr=False)
    refresh_token: str | None = attrs.field(default=None, repr=False)
    expires_in: float | None = None
    scope: str | None = None
    code: str | None = None
    error: str | None = None


def read_login(method: str, status: int, body: bytes, *, redirected: bool = False) -> Token:
    """The token in a login's answer.

    Raises:
        AuthenticationError: The login was refused.
        APIError: Any other answer that is not a success; the member of the family that fits the status.
        DecodeError: A success without a usable token.
    """
    if redirected or 300 <= status < 400:
        raise _redirected(method, status)
    from musement_async.codec import Undecodable, decode

    try:
        answer = decode(body, _Answer)
    except Undecodable:
        answer = _Answer()
    if not 200 <= status < 300:
        raise _refusal(method, status, answer)
    try:
        return Token(
            access_token=answer.access_token or "",
            refresh_token=answer.refresh_token or None,
            expires_in=answer.expires_in,
            scope=answer.scope,
        )
    except ArgumentError as problem:
        # Not chained: what the answer held stays out of every traceback.
        raise unusable(method, status, f"{problem.argument} is missing or malformed") from None


def unusable(method: str, status: int, problem: str) -> DecodeError:
    """The error for a login's answer that brings no token."""
    message = f"{method} {LOGIN_PATH}: {status}, but the login's answer cannot be used: {problem}"
    return DecodeError(message, method=method, path=LOGIN_PATH, status=status)


def _redirected(method: str, status: int) -> APIError:
    hint = "the login was answered with a redirect, which is never followed; check base_url"
    return APIError(f"{hint} ({method} {LOGIN_PATH}: {status})", status=status, method=method, path=LOGIN_PATH)


def _refusal(method: str, status: int, answer: _Answer) -> APIError:
    # The server's message stays out: it may repeat what was sent.
    code = next((text for text in (answer.code, answer.error) if text and _PLAIN_CODE.fullmatch(text)), None)
    kind = AuthenticationError if status in {400, 401, 403} else error_class(status)
    said = f"{method} {LOGIN_PATH}: {status}" + (f", code {code}" if code else "")
    if code == MISSING_APPLICATION:
        hint = "the API wants to know the application: pass application=... (X-Musement-Application)"
    elif kind is AuthenticationError:
        hint = "the login was refused: check the credentials, that they belong to this base URL, market and currency"
    elif status == 404:
        hint = "there is no login here: check base_url"
    else:
        hint = "the login failed; the session is kept, and the next call tries again"
    return kind(f"{hint} ({said})", status=status, method=method, path=LOGIN_PATH, code=code)
