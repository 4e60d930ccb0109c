"""OAuth2 as in the API: three grants at one URL, opaque tokens, refresh tokens that work once."""

import base64
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from attrs import define, field, frozen

from musement_async.testing.server.errors import bad_login, bad_token, no_token

_CLIENT = ("client_id", "client_secret", "grant_type")
# grant: its parameters, all of them required
GRANTS: dict[str, frozenset[str]] = {
    "client_credentials": frozenset(_CLIENT),
    "password": frozenset((*_CLIENT, "username", "password")),
    "refresh_token": frozenset((*_CLIENT, "refresh_token")),
}
CUSTOMER_SCOPE = "user, password"
MANAGER_SCOPE = "supplier:admin, activity:admin, market:admin"
# How many ended sessions are remembered. Refresh tokens of older sessions count as revoked, used or not.
_KEPT_ENDED = 10_000
SECRET_PARAMETERS = frozenset({"client_secret", "password", "refresh_token", "access_token"})


@frozen
class AcceptedLogins:
    """The credentials that logins are accepted with."""

    client_id: str
    client_secret: str = field(repr=False)
    username: str
    password: str = field(repr=False)
    manager: str


@frozen
class TokenRules:
    """The rules for tokens.

    Args:
        lifetime: Seconds that an access token is good for.
        clock: Returns the time in seconds.
        client_credentials_refresh: Whether logins without a customer get a refresh token too.
        rotation_revokes_access: Whether a refresh revokes the access token that it replaces.
    """

    lifetime: float
    clock: Callable[[], float]
    client_credentials_refresh: bool
    rotation_revokes_access: bool


@frozen
class Identity:
    """The owner of a token; client credentials have neither a scope nor a username."""

    scope: str | None = None
    username: str | None = None


@define(eq=False)
class _Family:
    """All tokens that descend from one login: the reuse of any refresh token ends them together.

    Attributes:
        rotation: How many of its refresh tokens were used; also the number of the unused one.
        access: The access token that was issued last.
    """

    identity: Identity
    number: int
    rotation: int = 0
    access: str = ""
    alive: bool = True


@frozen
class _Access:
    family: _Family
    expires_at: float


class OAuth:
    """Issues and checks tokens. Every method may be called from any thread.

    Its memory, and the time of a call, grow with the open sessions, not with the tokens issued so far. An access token
    is kept until it ends. A refresh token is not kept: it is signed and contains its session and its number there, so
    that a used one is recognised at any later time.
    """

    def __init__(self, accepted: AcceptedLogins, rules: TokenRules) -> None:
        self._accepted = accepted
        self.manager: str = accepted.manager
        self._rules = rules
        self._passwords = {accepted.username: accepted.password}
        # Held for a few dictionary operations, never across a wait: a check and the change after it are one step for
        # threads and tasks.
        self._lock = threading.Lock()
        # OrderedDicts, because a dict scans the slots of deleted entries to find its first entry.
        self._access: OrderedDict[str, _Access] = OrderedDict()
        # Sessions with a refresh token, by number: the open ones, and the rotations of those that ended last.
        self._open: OrderedDict[int, _Family] = OrderedDict()
        self._ended: OrderedDict[int, int] = OrderedDict()
        self._numbers = count()
        self._key = secrets.token_bytes()
        self._grants = {
            "client_credentials": self._client_credentials,
            "password": self._password,
            "refresh_token": self._rotate,
        }
        self.rotations: int = 0
        self.reused: int = 0

    def login(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """The body of a successful login.

        Raises:
            Refusal: 400, a parameter is missing, unknown or wrong.
        """
        grant = parameters.get("grant_type")
        if grant not in GRANTS:
            raise bad_login("unsupported_grant_type", f"The grant_type must be one of {', '.join(GRANTS)}.")
        if frozenset(parameters) != GRANTS[grant]:
            names = ", ".join(sorted(GRANTS[grant]))
            raise bad_login("invalid_request", f"The parameters must be exactly these: {names}.")
        if any(parameters[name] != getattr(self._accepted, name) for name in ("client_id", "client_secret")):
            raise bad_login("invalid_client", "The client_id or the client_secret is wrong.")
        with self._lock:
            return self._grants[grant](parameters)

    def register(self, username: str, password: str | None) -> bool:
        """Let a customer log in from now on, by default with the first one's password; False if the name is taken."""
        with self._lock:
            known = username in self._passwords or username == self.manager
            if not known:
                self._passwords[username] = self._accepted.password if password is None else password
            return not known

    def check(self, authorization: str | None, *, required: bool) -> Identity | None:
        """Check the ``Authorization`` header of a request.

        Returns:
            The owner of the token; None without a token.

        Raises:
            Refusal: The header is missing although required, or its token is not valid.
        """
        if authorization is None:
            if required:
                raise no_token()
            return None
        scheme, _, token = authorization.partition(" ")
        with self._lock:
            known = self._access.get(token.strip())
            if scheme.lower() != "bearer" or known is None or not self._live(known):
                raise bad_token()
            return known.family.identity

    def expire(self) -> int:
        """End every access token; refresh tokens stay valid. Returns how many were live."""
        with self._lock:
            return self._end_access()

    def revoke(self) -> int:
        """End every token. Returns how many were live."""
        with self._lock:
            ended = self._end_access() + len(self._open)
            for family in list(self._open.values()):
                self._end(family)
            return ended

    def clear(self) -> None:
        """Forget all tokens, counters, and customers except the first."""
        with self._lock:
            self._access.clear()
            self._open.clear()
            self._ended.clear()
            # With the old key, old tokens would be valid for the new sessions that get their numbers.
            self._key = secrets.token_bytes()
            self._passwords = {self._accepted.username: self._accepted.password}
            self.rotations = self.reused = 0

    def reset_counters(self) -> None:
        """Set the counters back to zero."""
        with self._lock:
            self.rotations = self.reused = 0

    def _live(self, known: _Access) -> bool:
        return known.family.alive and self._rules.clock() < known.expires_at

    def _end_access(self) -> int:
        live = sum(map(self._live, self._access.values()))
        self._access.clear()
        return live

    def _end(self, family: _Family) -> None:
        """End all tokens of a session."""
        family.alive = False
        self._access.pop(family.access, None)
        del self._open[family.number]
        self._ended[family.number] = family.rotation
        if len(self._ended) > _KEPT_ENDED:
            self._ended.popitem(last=False)

    def _client_credentials(self, _parameters: Mapping[str, str]) -> dict[str, Any]:
        return self._issue(self._family(Identity()), refreshable=self._rules.client_credentials_refresh)

    def _password(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        username = parameters["username"]
        manages = username == self.manager
        password = self._accepted.password if manages else self._passwords.get(username)
        if parameters["password"] != password:
            raise bad_login("invalid_grant", "The username or the password is wrong.")
        scope = MANAGER_SCOPE if manages else CUSTOMER_SCOPE
        return self._issue(self._family(Identity(scope, username)), refreshable=True)

    def _rotate(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        read = self._read_refresh_token(parameters["refresh_token"])
        if read is None:
            raise bad_login("invalid_grant", "The refresh_token is unknown.")
        number, rotation = read
        family = self._open.get(number)
        unused = self._ended.get(number, 0) if family is None else family.rotation
        if rotation < unused:
            self.reused += 1
            if family is not None:
                self._end(family)
            raise bad_login("invalid_grant", "The refresh_token was used before, so its session is revoked.")
        if family is None:
            raise bad_login("invalid_grant", "The refresh_token was revoked.")
        family.rotation += 1
        if self._rules.rotation_revokes_access:
            self._access.pop(family.access, None)
        self.rotations += 1
        return self._issue(family, refreshable=True)

    def _family(self, identity: Identity) -> _Family:
        return _Family(identity, next(self._numbers))

    def _issue(self, family: _Family, *, refreshable: bool) -> dict[str, Any]:
        lifetime, now = self._rules.lifetime, self._rules.clock()
        self._drop_expired(now)
        family.access = _encoded(secrets.token_hex(32))
        self._access[family.access] = _Access(family, now + lifetime)
        body: dict[str, Any] = {
            "access_token": family.access,
            "expires_in": int(lifetime) if lifetime == int(lifetime) else lifetime,
            "token_type": "bearer",
            "scope": family.identity.scope,
        }
        if refreshable:
            self._open[family.number] = family
            body["refresh_token"] = self._refresh_token(family.number, family.rotation)
        return body

    def _drop_expired(self, now: float) -> None:
        """Forget the expired tokens, oldest first."""
        while self._access:
            oldest = next(iter(self._access))
            if now < self._access[oldest].expires_at:
                return
            del self._access[oldest]

    def _refresh_token(self, number: int, rotation: int) -> str:
        said = f"{number:012x}{rotation:012x}"
        return _encoded(hmac.digest(self._key, said.encode(), "sha256").hex()[:40] + said)

    def _read_refresh_token(self, token: str) -> tuple[int, int] | None:
        """The number of a refresh token's session, and its number there; None if this server did not issue it."""
        try:
            said = base64.b64decode(f"{token}==").decode()[40:]
            number, rotation = int(said[:12], 16), int(said[12:], 16)
        except ValueError:
            return None
        return (number, rotation) if self._refresh_token(number, rotation) == token else None


def _encoded(digits: str) -> str:
    """Opaque, 86 characters: 64 hexadecimal digits in base64 without padding, as the API's tokens look."""
    return base64.b64encode(digits.encode()).decode().rstrip("=")
