"""Tokens, their form as text, and the protocol of the stores that keep them."""

import json
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import attrs

from musement_async.errors import ArgumentError

FORMAT_VERSION = 1
_LONGEST = 1e10  # seconds, some three hundred years: datetime overflows far beyond


def is_visible_ascii(value: object) -> bool:
    """Whether a value is a text that fits into a header unchanged: without spaces and line ends."""
    return isinstance(value, str) and value != "" and all("!" <= character <= "~" for character in value)


def _visible_ascii(_instance: object, attribute: "attrs.Attribute[str]", value: object) -> None:
    if not is_visible_ascii(value):
        raise ArgumentError(attribute.name, "must be a non-empty string of visible ASCII characters")


def _aware(_instance: object, attribute: "attrs.Attribute[datetime | None]", value: object) -> None:
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise ArgumentError(attribute.name, "must be an aware datetime, such as datetime(..., tzinfo=UTC)")


def _positive(_instance: object, attribute: "attrs.Attribute[float | None]", value: float | None) -> None:
    number: object = value
    if number is not None and (
        isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < float("inf")
    ):
        raise ArgumentError(attribute.name, "must be a positive number of seconds")


def _text(_instance: object, attribute: "attrs.Attribute[str | None]", value: object) -> None:
    if not isinstance(value, str | None):
        raise ArgumentError(attribute.name, "must be a string")


@attrs.frozen(kw_only=True)
class Token:
    """An access token, and what is needed to replace it. Neither token is ever shown.

    Args:
        access_token: What goes into the Authorization header.
        refresh_token: Good for one renewal; None where the grant gives none.
        expires_in: The lifetime the login announced, in seconds; None if unknown.
        expires_at: When it ends, by the wall clock, as an aware datetime; None if unknown. It follows from
            ``expires_in`` where only that is given, counting from now.
        scope: What the token allows, as the API words it.
        started_at: When its session began, as an aware datetime: at the login by the original grant, however often the
            token was refreshed since. None if unknown.
    """

    access_token: str = attrs.field(validator=_visible_ascii, repr=False)
    refresh_token: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(_visible_ascii), repr=False
    )
    expires_in: float | None = attrs.field(default=None, validator=_positive)
    expires_at: datetime | None = attrs.field(default=None, validator=_aware)
    scope: str | None = attrs.field(default=None, validator=_text)
    started_at: datetime | None = attrs.field(default=None, validator=_aware)

    def __attrs_post_init__(self) -> None:
        """Fix the end of the lifetime while it is known when it began."""
        if self.expires_at is None and self.expires_in is not None:
            end = datetime.now(UTC) + timedelta(seconds=min(self.expires_in, _LONGEST))
            object.__setattr__(self, "expires_at", end)

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self.access_token}"

    def is_same_as(self, other: "Token | None") -> bool:
        """Whether another token has the same access token."""
        return other is not None and self.access_token == other.access_token

    @property
    def remaining(self) -> float:
        """Seconds until it expires, negative if it has; infinite if unknown."""
        if self.expires_at is None:
            return float("inf")
        return (self.expires_at - datetime.now(UTC)).total_seconds()


class TokenStore(Protocol):
    """Keeps the tokens of sessions, and sees to it that one renewal at a time runs for each.

    A session is known by a key that tells base URL, grant, client and customer apart and holds no secret. Expiry is
    a point on the wall clock (``Token.expires_at``), so that a token means the same to every process.

    A store is asked only when a session has no token it can use: a call with a valid token in memory does not
    touch it. Whatever a method raises reaches the waiting calls as a ``TokenStoreError``, except from ``save``: then
    the session goes on with its token, a warning is logged, and the save is repeated later.

    A store that answers from elsewhere while it is down may say so by an attribute ``is_down``: then a session that
    could be lost by it does not send a refresh token that another process may have used.
    """

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session, even if it has expired: its refresh token may still be good."""
        ...

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token, both halves at once."""
        ...

    async def delete(self, key: str) -> None:
        """Forget a session's token, if there is one."""
        ...

    def exclusive(self, key: str) -> AbstractAsyncContextManager[object]:
        """A lock on one session's renewal, entered and left by one and the same task."""
        ...


def token_to_json(token: Token) -> str:
    """All of a token, secrets included.

    Later versions may add members and keep these, so that older and newer libraries can share a store.
    """
    end, start = token.expires_at, token.started_at
    return json.dumps(
        {
            "version": FORMAT_VERSION,
            "access_token": token.access_token,
            "refresh_token": token.refresh_token,
            "expires_in": token.expires_in,
            "expires_at": None if end is None else end.isoformat(),
            "scope": token.scope,
            "started_at": None if start is None else start.isoformat(),
        }
    )


def token_from_json(text: str | bytes) -> Token | None:
    """The token in a text; None if the text is not a token."""
    try:
        members = json.loads(text)
        end, start, scope = members["expires_at"], members.get("started_at"), members["scope"]
        return Token(
            access_token=members["access_token"],
            refresh_token=members["refresh_token"],
            expires_in=_number(members["expires_in"]),
            expires_at=None if end is None else datetime.fromisoformat(end),
            scope=None if scope is None else _string(scope),
            started_at=None if start is None else datetime.fromisoformat(start),
        )
    except (KeyError, RecursionError, TypeError, ValueError):
        return None


def is_of_newer_version(text: str | bytes) -> bool:
    """Whether a text that is not a token says that a later version of the library wrote it."""
    try:
        return json.loads(text)["version"] > FORMAT_VERSION  # type: ignore[no-any-return]
    except (KeyError, RecursionError, TypeError, ValueError):
        return False


def _number(value: Any) -> float | None:  # noqa: ANN401 - JSON
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise TypeError
    return value


def _string(value: Any) -> str:  # noqa: ANN401 - JSON
    if not isinstance(value, str):
        raise TypeError
    return value
