"""The login: its URL, its request and its answer, as pure functions."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Literal

import attrs
import httpx

from musement_async.auth.token import Token, is_visible_ascii
from musement_async.defaults import PRODUCTION
from musement_async.errors import APIError, ArgumentError, AuthenticationError, DecodeError, error_class
from musement_async.transports.setup import is_loopback

if TYPE_CHECKING:
    from musement_async.transports.musement import MusementTransport

LOGIN_PATH = "/login"
MISSING_APPLICATION = "2271"

LoginMethod = Literal["GET", "POST"]

_LAST_PORT = 65535
_PASSED_ON = re.compile("x-musement-.+|accept-language|user-agent", re.IGNORECASE)
_PLAIN_CODE = re.compile(r"-?\w{1,40}", re.ASCII)
# The API's error for a refresh token that is used, revoked or expired (RFC 6749, section 5.2).
_SPENT = "invalid_grant"


@attrs.define(eq=False)
class LoginConfig:
    """The settings of logins to one API. A client and its customers share one.

    Attributes:
        base_url: The API's base URL, without a slash at its end.
        login_method: ``GET`` or ``POST``.
        login_timeout: Seconds for each phase of a login.
        leeway: Seconds before its expiry at which a token is renewed.
        transport: The ``MusementTransport`` of these sessions, if there is one.
    """

    base_url: httpx.URL
    login_method: LoginMethod
    login_timeout: float
    leeway: float
    transport: "MusementTransport | None" = None
    _origin: tuple[bytes, int | None, str] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._origin = _origin(self.base_url)

    @property
    def lock_timeout(self) -> float:
        """The longest time that another process may need a lock for: two logins of four phases, four store calls."""
        return 12 * self.login_timeout

    def owns(self, url: httpx.URL) -> bool:
        """Whether a URL has the origin of the base URL; only such URLs get a token."""
        return _origin(url) == self._origin


def _origin(url: httpx.URL) -> tuple[bytes, int | None, str]:
    # raw_host: host raises for invalid names, which a redirect may contain.
    return url.raw_host, url.port, url.scheme


def parse_base_url(base_url: str, *, allow_insecure_http: bool) -> httpx.URL:
    """A base URL that credentials may be sent to, without a slash at its end.

    Raises:
        ArgumentError: The URL is not an absolute http(s) URL, or is plain http to another machine.
    """
    try:
        url = httpx.URL(base_url)
        host = url.host
        url.raw_host.decode().encode("idna")  # as in a look-up of the address: no part may be empty or too long
    except (httpx.InvalidURL, TypeError, UnicodeError) as error:
        raise ArgumentError("base_url", f"is not a URL: {error}") from error
    if url.port is not None and url.port > _LAST_PORT:
        raise ArgumentError("base_url", f"has a port beyond {_LAST_PORT}")
    if url.scheme not in {"http", "https"} or not host:
        raise ArgumentError("base_url", f"must be absolute, such as {PRODUCTION}")
    if url.userinfo or url.query or url.fragment:
        raise ArgumentError("base_url", "must have no user, query or fragment")
    if url.scheme == "http" and not (allow_insecure_http or is_loopback(host)):
        problem = "is plain http, which shows credentials to the network; use https, or allow_insecure_http=True"
        raise ArgumentError("base_url", problem)
    return url.copy_with(path=url.path.rstrip("/"))


def login_request(
    config: LoginConfig, parameters: Mapping[str, str], headers: Mapping[str, str], extensions: Mapping[str, object]
) -> httpx.Request:
    """A login request, safe with clients and tools that log, trace, follow redirects and keep a history.

    ``headers`` are those of the request that caused the login; only those that describe the caller are copied. httpx
    gives the requests of an auth flow no timeout, so the login's timeout is added to ``extensions`` for each phase.
    """
    passed_on = {name: value for name, value in headers.items() if _PASSED_ON.fullmatch(name)}
    url = config.base_url.copy_with(path=config.base_url.path.rstrip("/") + LOGIN_PATH)
    method, in_query = config.login_method, config.login_method == "GET"
    plain = httpx.Request(method, url, json=None if in_query else dict(parameters))
    request = httpx.Request(
        method,
        url.copy_merge_params(dict(parameters)) if in_query else url,
        headers={**plain.headers, **passed_on, "Accept": "application/json"},
        stream=_SentOnce(plain.content, method),
        extensions={"timeout": httpx.Timeout(config.login_timeout).as_dict(), **extensions},
    )
    request.url = _RedactedURL(request.url)
    return request


class _RedactedURL(httpx.URL):
    """A URL whose text lacks the query: httpx logs every URL, and hooks, traces and error messages show it."""

    def __str__(self) -> str:
        return str(self.copy_with(query=None))

    def __repr__(self) -> str:
        return f"URL({str(self)!r})"


class _SentOnce(httpx.AsyncByteStream):
    """A body that is sent only once: httpx would send it again after a redirect with 307 or 308."""

    def __init__(self, body: bytes, method: str) -> None:
        self._body: bytes | None = body
        self._method = method

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._body is None:
            raise _redirected(self._method, 307)
        body, self._body = self._body, None
        yield body


def redact_response(response: httpx.Response) -> None:
    """Empty a login's answer in place: httpx keeps it in ``response.history``, which would show the tokens."""
    request = httpx.Request(response.request.method, response.request.url.copy_with(query=None))
    status = response.status_code
    vars(response).clear()
    httpx.Response.__init__(response, status, content=b"", request=request)


@attrs.frozen
class LoginResponse:
    """The answer to a login, read to its end and decompressed; ``redirected`` if a redirect led to it."""

    status: int
    body: bytes = attrs.field(repr=False)
    redirected: bool = False


@attrs.frozen(kw_only=True)
class _LoginBody:
    access_token: str | None = attrs.field(default=None, repr=False)
    refresh_token: str | None = attrs.field(default=None, repr=False)
    expires_in: float | None = None
    scope: str | None = None
    code: str | None = None
    error: str | None = None


def read_login(method: str, response: LoginResponse, previous: Token | None = None) -> Token:
    """The token in the answer to a login.

    The server has issued the token by then, so wrong values next to a valid access token are left out. ``previous`` is
    the token that was refreshed; its refresh token stays valid if the answer has no other one.

    Raises:
        AuthenticationError: The login was refused.
        APIError: The answer has another error status; the class fits the status.
        DecodeError: The answer is a success without a usable token.
    """
    status = response.status
    if response.redirected or 300 <= status < 400:
        raise _redirected(method, status)
    from musement_async.codec import Undecodable, decode

    try:
        body = decode(response.body, _LoginBody)
    except Undecodable:
        body = _LoginBody()
    if not 200 <= status < 300:
        raise _refusal(method, status, body)
    if not is_visible_ascii(body.access_token):
        raise unusable(method, status, "access_token is missing or malformed")
    lifetime = body.expires_in
    kept, started_at = (None, None) if previous is None else (previous.refresh_token, previous.started_at)
    return Token(
        access_token=body.access_token or "",
        refresh_token=body.refresh_token if is_visible_ascii(body.refresh_token) else kept,
        expires_in=lifetime if lifetime is not None and isfinite(lifetime) and lifetime > 0 else None,
        scope=body.scope,
        started_at=started_at or datetime.now(UTC),
    )


def is_spent(refusal: APIError) -> bool:
    """Whether the API says that the refresh token will never work again."""
    return refusal.code == _SPENT


def unusable(method: str, status: int, problem: str) -> DecodeError:
    """The error for a login's answer without a token."""
    message = f"{method} {LOGIN_PATH}: {status}, but the login's answer cannot be used: {problem}"
    return DecodeError(message, method=method, path=LOGIN_PATH, status=status)


def _redirected(method: str, status: int) -> APIError:
    hint = "the login was answered with a redirect, which is never followed; check base_url"
    return APIError(f"{hint} ({method} {LOGIN_PATH}: {status})", status=status, method=method, path=LOGIN_PATH)


def _refusal(method: str, status: int, body: _LoginBody) -> APIError:
    # The server's message is left out: it may repeat the credentials.
    codes = [text for text in (body.error, body.code) if text and _PLAIN_CODE.fullmatch(text)]
    code = _SPENT if _SPENT in codes else next(reversed(codes), None)
    kind = AuthenticationError if status in {400, 401, 403} else error_class(status)
    said = f"{method} {LOGIN_PATH}: {status}" + (f", code {code}" if code else "")
    if code == MISSING_APPLICATION:
        hint = "the API needs the application's id: pass application=... (X-Musement-Application)"
    elif kind is AuthenticationError:
        hint = "the login was refused: check the credentials, that they belong to this base URL, market and currency"
    elif status == 404:
        hint = "there is no login here: check base_url"
    else:
        hint = "the login failed; the session is kept, and the next call tries again"
    return kind(f"{hint} ({said})", status=status, method=method, path=LOGIN_PATH, code=code)
