"""A session: one token, shared by every call that goes out under it."""

import hashlib
from functools import cached_property
from time import monotonic
from typing import Literal

import attrs
import httpx

from musement_async.auth.credentials import BareToken, Credentials
from musement_async.auth.origin import Origin
from musement_async.auth.renewal import Renewal
from musement_async.auth.store import TokenStore
from musement_async.auth.token import Token

LoginMethod = Literal["GET", "POST"]

_LEEWAY_SHARE = 0.1
_CLEARED_FOR = 10.0
_SIGNATURE = "musement_async.signature"


@attrs.frozen
class Terms:
    """How sessions of one API log in.

    Attributes:
        base_url: The API's base URL.
        login_method: ``GET`` or ``POST``.
        login_timeout: Seconds for each phase of a login.
        leeway: Seconds before its expiry from which on a token is renewed.
    """

    base_url: httpx.URL
    login_method: LoginMethod
    login_timeout: float
    leeway: float

    @cached_property
    def origin(self) -> Origin:
        """Where tokens may go."""
        return Origin(self.base_url.scheme, self.base_url.host, self.base_url.port)

    @property
    def lock_patience(self) -> float:
        """Seconds that a sibling may be at it: two logins of four phases, four calls of the store."""
        return 12 * self.login_timeout


class Session:
    """Knows the current token, and sees to it that one renewal at a time replaces it.

    Expiry is counted on the monotonic clock from the moment a token arrived; the wall clock matters only for tokens
    that come from elsewhere.
    """

    # Thousands of customers may be logged in at a time.
    __slots__ = (
        "_adopted",
        "_cleared",
        "_failure",
        "_renewal",
        "_usable_until",
        "credentials",
        "doubtful",
        "store",
        "superseded",
        "terms",
        "token",
        "unproven",
    )

    def __init__(
        self, terms: Terms, credentials: Credentials | BareToken | None, token: Token | None, store: TokenStore
    ) -> None:
        self.terms: Terms = terms
        self.credentials: Credentials | BareToken | None = credentials
        self.store: TokenStore = store
        self.token: Token | None = None
        self.doubtful: str | None = None
        self.superseded: str | None = None
        # Whether a login has to show first that the credentials are right, whatever the store has.
        self.unproven: bool = False
        self._usable_until = 0.0
        self._renewal: Renewal | None = None
        self._failure: tuple[float, Renewal] | None = None
        self._adopted: Token | None = None
        self._cleared: tuple[str, float] | None = None
        if token is not None:
            self.commit(token)

    @property
    def key(self) -> str:
        """What the store knows the session by; no secret is part of it."""
        identity = (str(self.terms.base_url), *(self.credentials.identity if self.credentials else ()))
        return hashlib.sha256("\0".join(identity).encode()).hexdigest()

    def usable(self, refused: Token | None) -> Token | None:
        """The current token, unless it is the refused one or about to expire."""
        token = self.token
        if token is None or monotonic() >= self._usable_until:
            return None
        if refused is not None and token.access_token == refused.access_token:
            return None
        return token

    def seconds_left(self, token: Token) -> float:
        """How long a token may be used: to its end less the leeway, which never takes more than a tenth of its life."""
        remaining = token.remaining
        lifetime = remaining if token.expires_in is None else token.expires_in
        return remaining - min(self.terms.leeway, _LEEWAY_SHARE * lifetime)

    def commit(self, token: Token, *, adopted: bool = False) -> Token:
        """Replace the current token, both halves at once; ``adopted`` if it is another process's."""
        self.token = token
        self._adopted = token if adopted else None
        self._usable_until = monotonic() + self.seconds_left(token)
        self.doubtful = None
        self.unproven = False
        return token

    def renewal(self, refused: Token | None, cause: httpx.Request, since: float) -> tuple[Renewal, bool]:
        """The renewal under way, or a new one; and whether it is new, so that its logins are the caller's to carry.

        A call that began (``since``) before the last renewal failed shares that failure: it was tried for its sake.

        Raises:
            MusementError: That failure, or the httpx.TransportError it was.
        """
        if self._renewal is not None and not self._renewal.is_lost():
            return self._renewal, False
        if self._failure is not None and since < self._failure[0]:
            self._failure[1].check(cause)
        renewal = self._renewal = Renewal(self, refused, cause)
        renewal.start()
        return renewal, True

    async def outcome(self, renewal: Renewal, refused: Token | None, request: httpx.Request) -> Token | None:
        """The token that a renewal brought, once it has ended; None if it was cut short, so that another is needed.

        Raises:
            MusementError: What it failed with, or the httpx.TransportError it was.
        """
        if not await renewal.wait():
            self.settle(renewal)  # its event loop is gone, or it would have ended
        renewal.check(request)
        token = renewal.token
        if token is None or (refused and token.access_token == refused.access_token and not renewal.answers(refused)):
            return self.usable(refused)  # it was cut short, or under way before this token was refused
        return token

    def settle(self, renewal: Renewal) -> None:
        """Take note that a renewal has ended."""
        if self._renewal is renewal:
            self._renewal = None
            self._failure = (monotonic(), renewal) if renewal.failed else None

    def sign(self, request: httpx.Request, token: Token) -> None:
        """Let a request carry a token."""
        request.headers["Authorization"] = f"Bearer {token.access_token}"
        request.extensions[_SIGNATURE] = token

    def signature(self, request: httpx.Request) -> Token:
        """The token that a request carried in the end."""
        token: Token = request.extensions[_SIGNATURE]
        return token

    async def renew_signature(self, request: httpx.Request) -> None:
        """Let a request carry the current token in the place of an older one of this session.

        Where the current one has just been refused to somebody else, wait for what comes in its place.

        Raises:
            MusementError: Nothing came, and why; or the httpx.TransportError it was.
        """
        renewal = self._renewal
        if renewal is not None and self.token is not None and renewal.answers(self.token) and not renewal.is_lost():
            await renewal.wait()
            renewal.check(request)
        if self.token is not None and self.token is not self.signature(request) and self._is_signed(request):
            self.sign(request, self.token)

    def _is_signed(self, request: httpx.Request) -> bool:
        # On a redirect to another host, httpx takes the header off.
        carried = request.headers.get("Authorization")
        return carried == f"Bearer {self.signature(request).access_token}" and self.terms.origin.owns(request.url)

    def is_refusal(self, response: httpx.Response) -> bool:
        """Whether an answer says that a token is not accepted: a 401 of our origin to a request that carried ours."""
        if response.status_code != 401:
            return False
        return self._is_signed(response.request)

    def clear(self, token: Token) -> bool:
        """Take note that a second token was refused as well: for some seconds, a 401 is not its fault.

        False if nothing can be said of it: it did not come from a login, but from the store, and may be just as dead.
        """
        if token is self._adopted:
            self._adopted = None
            return False
        self._cleared = (token.access_token, monotonic() + _CLEARED_FOR)
        return True

    def is_cleared(self, token: Token) -> bool:
        """Whether that was noted of a token not long ago."""
        return self._cleared is not None and self._cleared[0] == token.access_token and monotonic() < self._cleared[1]
