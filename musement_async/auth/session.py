"""A session: one token, shared by all its calls."""

import copy
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from time import monotonic

import anyio
import attrs
import httpx

from musement_async.auth.credentials import Credentials, RefreshOnly
from musement_async.auth.login import LoginConfig
from musement_async.auth.renewal import LoginError, Renewal
from musement_async.auth.session_store import SessionTokenStore
from musement_async.auth.token import Token, TokenStore
from musement_async.errors import LoggedOutError
from musement_async.transports.context import RequestContext, context_of

_LEEWAY_SHARE = 0.1
_EXCUSED_FOR = 10.0
_MOST_EXCUSED = 3


@attrs.define(eq=False)
class State:
    """The state of a session's token; a new token begins a new state.

    Attributes:
        token: The current token; None before the first login.
        usable_until: The time to renew the token, on the monotonic clock. The wall clock is used only for tokens from
            another process or another time.
        must_log_in: Whether a login has to check the credentials first, even if the store has a token.
        spent_refresh_token: A refresh token that must not be sent again: it may have been used, or was refused.
        has_ended: Whether the session was logged out.
    """

    token: Token | None = attrs.field(default=None, repr=False)
    usable_until: float = 0.0
    must_log_in: bool = False
    spent_refresh_token: str | None = attrs.field(default=None, repr=False)
    has_ended: bool = False


class Session:
    """Holds the current token, and lets one renewal at a time replace it.

    Args:
        config: The settings of logins.
        credentials: The credentials to log in with; None for a token that is used until it is refused.
        token: A token to begin with.
        store: The store that keeps the token; None for memory only.
        must_log_in: As in ``State``.
    """

    # Thousands of customers may be logged in at a time.
    __slots__ = ("_excused", "_failure", "_lock", "_renewal", "config", "credentials", "state", "store")

    def __init__(
        self,
        config: LoginConfig,
        credentials: Credentials | RefreshOnly | None,
        token: Token | None,
        store: TokenStore | None,
        *,
        must_log_in: bool = False,
    ) -> None:
        self.config: LoginConfig = config
        self.credentials: Credentials | RefreshOnly | None = credentials
        self.store: SessionTokenStore | None = None if store is None else SessionTokenStore(store, config, credentials)
        self.state: State = State(must_log_in=must_log_in)
        self._renewal: Renewal | None = None
        self._failure: tuple[float, LoginError] | None = None  # of the last renewal: its time and its error
        self._lock: anyio.Lock | None = None
        self._excused: dict[str, float] | None = None
        if token is not None:
            self.commit(token)

    @property
    def is_renewable(self) -> bool:
        """Whether a refused token can be replaced."""
        return self.credentials is not None or self.store is not None

    def usable(self, refused: Token | None) -> Token | None:
        """The current token; None if it is the refused one or about to expire."""
        self._check_not_ended()
        state = self.state
        if self.store is not None:
            self.store.save_again()
        if state.token is None or (monotonic() >= state.usable_until and self.is_renewable):
            return None
        return None if state.token.is_same_as(refused) else state.token

    def seconds_left(self, token: Token) -> float:
        """The seconds until a token's expiry, minus the leeway, which is at most a tenth of the token's lifetime."""
        remaining = token.remaining
        lifetime = remaining if token.expires_in is None else token.expires_in
        return remaining - min(self.config.leeway, _LEEWAY_SHARE * lifetime)

    def commit(self, token: Token) -> Token:
        """Replace the current token; access token and refresh token together."""
        if not self.state.has_ended:
            self.state = State(token, monotonic() + self.seconds_left(token))
        return token

    async def log_out(self) -> None:
        """Forget the token, here and in the store, and refuse all further calls."""
        self.state = State(has_ended=True)
        if self._renewal is not None and not self._renewal.is_lost():
            await self._renewal.shut_down()
        if self.store is not None:
            await self.store.delete()

    def _check_not_ended(self) -> None:
        if self.state.has_ended:
            raise LoggedOutError("the session was logged out: make a new client for a new one")

    def exclusive(self) -> AbstractAsyncContextManager[object]:
        """The lock on the session's renewal: the store's, or one in memory."""
        if self.store is not None:
            return self.store.exclusive()
        if self._lock is None:
            self._lock = anyio.Lock()
        return self._lock

    def refreshable(self, found: Token | None) -> Token | None:
        """The token to refresh: the store's, or else the current one; None if its refresh token is spent."""
        newest = found or self.state.token
        if newest is None or newest.refresh_token in (None, self.state.spent_refresh_token):
            return None
        return newest

    def renew(self, refused: Token | None, request: httpx.Request, since: float) -> tuple[Renewal, bool]:
        """The renewal under way or a new one, and whether it is new: then the caller carries its logins.

        A call that began (``since``) before the last renewal failed raises that failure: the renewal was for it too.

        Raises:
            ClientClosedError: The client is closed.
        """
        if self.config.transport is not None:
            self.config.transport.check_open()
        if self._renewal is not None and not self._renewal.is_lost():
            return self._renewal, False
        if self._failure is not None and since < self._failure[0]:
            raise_copy(self._failure[1], request)
        if self._renewal is not None:
            self._lock = None  # the renewal's event loop was closed while it held the lock
        renewal = self._renewal = Renewal(self, refused, request, is_first=self._failure is None)
        renewal.start()
        return renewal, True

    async def wait(self, renewal: Renewal, refused: Token | None, request: httpx.Request) -> Token | None:
        """Wait for the token of a renewal, or its error; None if it was cut short, so that another one is needed."""
        await self._wait_for(renewal, request)
        token = renewal.token
        if token is None or (token.is_same_as(refused) and not renewal.replaces_refused(refused)):
            return self.usable(refused)  # the renewal was cut short, or began before this token was refused
        return token

    def finish(self, renewal: Renewal) -> None:
        """Record that a renewal has ended."""
        if self._renewal is renewal:
            self._renewal = None
            self._lock = None
            self._failure = None if renewal.error is None else (monotonic(), renewal.error)

    def sign(self, request: httpx.Request, context: RequestContext, token: Token) -> None:
        """Put a token on a request."""
        request.headers["Authorization"] = token.authorization
        context.token = token

    def check_token(self, request: httpx.Request) -> Awaitable[None] | None:
        """Put the current token on a request that is about to be sent with an older one.

        If the current token has been refused to another request, a wait for the renewal is returned; the wait raises
        the renewal's error.
        """
        self._check_not_ended()
        current, renewal = self.state.token, self._renewal
        if renewal is not None and renewal.replaces_refused(current) and not renewal.is_lost():
            return self._wait_for(renewal, request)
        context = context_of(request)
        if current is not None and current is not context.token and self.carries_token(request):
            self.sign(request, context, current)
        return None

    async def _wait_for(self, renewal: Renewal, request: httpx.Request) -> None:
        context = context_of(request)
        context.waits_for_login = True
        if not await renewal.wait() and self._renewal is renewal:
            self._renewal = None  # abandoned: its event loop was closed, or it would have ended
        context.waits_for_login = False
        self._check_not_ended()
        if renewal.error is not None:
            raise_copy(renewal.error, request)

    def carries_token(self, request: httpx.Request) -> bool:
        """Whether a request to our origin carries a token; httpx removes the header on a redirect to another host."""
        token = context_of(request).token
        return (
            isinstance(token, Token)
            and request.headers.get("Authorization") == token.authorization
            and self.config.owns(request.url)
        )

    def excuse(self, request: httpx.Request) -> None:
        """Record that an operation refused new tokens as well: for 10 seconds, a 401 of it starts no renewal."""
        now = monotonic()
        known = self._excused or {}
        self._excused = {path: until for path, until in known.items() if until > now}
        self._excused[request.url.path] = now + _EXCUSED_FOR

    def is_excused(self, request: httpx.Request) -> bool:
        """Whether an operation, or several others, refused new tokens in the last seconds."""
        if self._excused is None:
            return False
        now = monotonic()
        valid = [path for path, until in self._excused.items() if until > now]
        return request.url.path in valid or len(valid) >= _MOST_EXCUSED


def raise_copy(error: LoginError, request: httpx.Request) -> None:
    """Raise a copy of a renewal's error in a waiting request; the original would collect the tracebacks of all."""
    context_of(request).login_failed = True
    again = copy.copy(error)
    again.__cause__ = error.__cause__
    if isinstance(again, httpx.TransportError):
        again.request = request
    raise again
