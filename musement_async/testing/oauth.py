"""OAuth2 as the API does it: three grants at one address, opaque tokens, refresh tokens that work once."""

import base64
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any

from attrs import define, field, frozen

from musement_async.testing.errors import bad_login, bad_token, no_token

_CLIENT = ("client_id", "client_secret", "grant_type")
# grant: every parameter it takes, all of them required
GRANTS: dict[str, frozenset[str]] = {
    "client_credentials": frozenset(_CLIENT),
    "password": frozenset((*_CLIENT, "username", "password")),
    "refresh_token": frozenset((*_CLIENT, "refresh_token")),
}
CUSTOMER_SCOPE = "user, password"
MANAGER_SCOPE = "supplier:admin, activity:admin, market:admin"
SECRET_PARAMETERS = frozenset({"client_secret", "password", "refresh_token", "access_token"})


@frozen
class Accepted:
    """What logins are accepted with."""

    client_id: str
    client_secret: str = field(repr=False)
    username: str
    password: str = field(repr=False)
    manager: str


@frozen
class Rules:
    """How tokens behave.

    Args:
        lifetime: Seconds that an access token is good for.
        clock: The time in seconds.
        client_credentials_refresh: Whether logins without a customer get a refresh token too.
        rotation_revokes_access: Whether a refresh ends the access token it replaces.
    """

    lifetime: float
    clock: Callable[[], float]
    client_credentials_refresh: bool
    rotation_revokes_access: bool


@frozen
class Identity:
    """Who shows a token; client credentials have neither a scope nor a username."""

    scope: str | None = None
    username: str | None = None


@define(eq=False)
class _Family:
    """All tokens that descend from one login: the reuse of any refresh token ends them together."""

    identity: Identity
    alive: bool = True


@define(eq=False)
class _Access:
    family: _Family
    expires_at: float
    revoked: bool = False


@define(eq=False)
class _Refresh:
    family: _Family
    access: _Access
    used: bool = False


class OAuth:
    """Issues tokens and knows which are good. Every method may be called from any thread."""

    def __init__(self, accepted: Accepted, rules: Rules) -> None:
        self._accepted = accepted
        self.manager: str = accepted.manager
        self._rules = rules
        self._passwords = {accepted.username: accepted.password}
        # Held for a few dictionary operations at a time, never while something waits: a check and what follows from it
        # are one step, for threads and tasks alike.
        self._lock = threading.Lock()
        self._access: dict[str, _Access] = {}
        self._refresh: dict[str, _Refresh] = {}
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
            Refusal: A parameter too many or too few, or wrong credentials.
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
        """Let a customer log in from now on, by default with the first customer's password; False for a name taken."""
        with self._lock:
            known = username in self._passwords or username == self.manager
            if not known:
                self._passwords[username] = self._accepted.password if password is None else password
            return not known

    def check(self, authorization: str | None, *, required: bool) -> Identity | None:
        """Let a request pass by its ``Authorization`` header.

        Returns:
            Whose token it is; None without one.

        Raises:
            Refusal: The header is missing although required, or its token is not good.
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
        """End every access token; refresh tokens stay good. Returns how many were live."""
        with self._lock:
            return self._end_access()

    def revoke(self) -> int:
        """End every token. Returns how many were live."""
        with self._lock:
            refresh = [known for known in self._refresh.values() if known.family.alive and not known.used]
            ended = self._end_access() + len(refresh)
            for known in refresh:
                known.family.alive = False
            return ended

    def reset_counters(self) -> None:
        """Count from nothing again."""
        with self._lock:
            self.rotations = self.reused = 0

    def _live(self, known: _Access) -> bool:
        return known.family.alive and not known.revoked and self._rules.clock() < known.expires_at

    def _end_access(self) -> int:
        live = [known for known in self._access.values() if self._live(known)]
        for known in live:
            known.revoked = True
        return len(live)

    def _client_credentials(self, _parameters: Mapping[str, str]) -> dict[str, Any]:
        return self._issue(_Family(Identity()), refreshable=self._rules.client_credentials_refresh)

    def _password(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        username = parameters["username"]
        manages = username == self.manager
        password = self._accepted.password if manages else self._passwords.get(username)
        if parameters["password"] != password:
            raise bad_login("invalid_grant", "The username or the password is wrong.")
        scope = MANAGER_SCOPE if manages else CUSTOMER_SCOPE
        return self._issue(_Family(Identity(scope, username)), refreshable=True)

    def _rotate(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        known = self._refresh.get(parameters["refresh_token"])
        if known is None:
            raise bad_login("invalid_grant", "The refresh_token is unknown.")
        if known.used:
            self.reused += 1
            known.family.alive = False
            raise bad_login("invalid_grant", "The refresh_token was used before, so its session is revoked.")
        if not known.family.alive:
            raise bad_login("invalid_grant", "The refresh_token was revoked.")
        known.used = True
        known.access.revoked |= self._rules.rotation_revokes_access
        self.rotations += 1
        return self._issue(known.family, refreshable=True)

    def _issue(self, family: _Family, *, refreshable: bool) -> dict[str, Any]:
        lifetime = self._rules.lifetime
        token = _new_token()
        access = self._access[token] = _Access(family, self._rules.clock() + lifetime)
        body: dict[str, Any] = {
            "access_token": token,
            "expires_in": int(lifetime) if lifetime == int(lifetime) else lifetime,
            "token_type": "bearer",
            "scope": family.identity.scope,
        }
        if refreshable:
            body["refresh_token"] = _new_token()
            self._refresh[body["refresh_token"]] = _Refresh(family, access)
        return body


def _new_token() -> str:
    """Opaque, 86 characters: 64 hexadecimal digits in base64 without padding, as the API's look."""
    return base64.b64encode(secrets.token_hex(32).encode()).decode().rstrip("=")
