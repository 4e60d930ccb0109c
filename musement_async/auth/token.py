"""Tokens, their text form, and the protocol of token stores."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import attrs

from musement_async.errors import ArgumentError

FORMAT_VERSION = 1
_LONGEST = 1e10  # seconds, about three hundred years; datetime overflows only far beyond that


def is_visible_ascii(value: object) -> bool:
    """Whether a value is a text that fits into a header unchanged: without spaces and line ends."""
    return isinstance(value, str) and value != "" and all("!" <= character <= "~" for character in value)


def _must_be(what: str, is_valid: Callable[[Any], bool]) -> Callable[[object, "attrs.Attribute[Any]", object], None]:
    def check(_instance: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if not is_valid(value):
            raise ArgumentError(attribute.name, f"must be {what}")

    return check


_visible_ascii = _must_be("a non-empty string of visible ASCII characters", is_visible_ascii)
_aware = _must_be(
    "an aware datetime, such as datetime(..., tzinfo=UTC)",
    lambda value: value is None or (isinstance(value, datetime) and value.tzinfo is not None),
)
_positive = _must_be(
    "a positive number of seconds",
    lambda value: value is None or (isinstance(value, int | float) and value is not True and 0 < value < float("inf")),
)
_text = _must_be("a string", lambda value: isinstance(value, str | None))


@attrs.frozen(kw_only=True)
class Token:
    """An access token with its refresh token and times. Neither token is ever shown.

    Args:
        access_token: The token for the Authorization header.
        refresh_token: The token for one renewal; None if the grant gives none.
        expires_in: The lifetime in seconds, as the login announced it; None if unknown.
        expires_at: The expiry, as an aware datetime; None if unknown. If only ``expires_in`` is given, it is counted
            from now.
        scope: The scope of the token, in the API's words.
        started_at: The start of the session, as an aware datetime: the time of the login by the original grant.
            Refreshes do not change it. None if unknown.
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
        """Set the expiry at once, while the beginning of the lifetime is known."""
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
        """Seconds until the expiry; negative afterwards, infinite if unknown."""
        if self.expires_at is None:
            return float("inf")
        return (self.expires_at - datetime.now(UTC)).total_seconds()


class TokenStore(Protocol):
    """Keeps the tokens of sessions, and lets one renewal at a time run for each.

    The key of a session depends on base URL, grant, client and customer, and holds no secret. The expiry is wall-clock
    time (``Token.expires_at``), so that it means the same in every process.

    A store is used only when a session has no usable token; calls with a valid token in memory do not use it. An error
    of a method reaches the waiting calls as a ``TokenStoreError``. An error of ``save`` does not: the session continues
    with its token, a warning is logged, and the save is repeated later. A store that is down and answers from another
    place may have an attribute ``is_down``: while it is true, a session does not send a refresh token that another
    process may have used.
    """

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session, even if it has expired: its refresh token may still be valid."""
        ...

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token; access token and refresh token together."""
        ...

    async def delete(self, key: str) -> None:
        """Forget a session's token, if there is one."""
        ...

    def exclusive(self, key: str) -> AbstractAsyncContextManager[object]:
        """A lock on one session's renewal; the same task enters and leaves it."""
        ...


def token_to_json(token: Token) -> str:
    """A token as JSON, including its secrets.

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
        end, start = members["expires_at"], members.get("started_at")
        return Token(
            access_token=members["access_token"],
            refresh_token=members["refresh_token"],
            expires_in=members["expires_in"],
            expires_at=None if end is None else datetime.fromisoformat(end),
            scope=members["scope"],
            started_at=None if start is None else datetime.fromisoformat(start),
        )
    except (KeyError, RecursionError, TypeError, ValueError):
        return None


def is_of_newer_version(text: str | bytes) -> bool:
    """Whether a later version of the library wrote a text that this version does not read as a token."""
    try:
        return json.loads(text)["version"] > FORMAT_VERSION  # type: ignore[no-any-return]
    except (KeyError, RecursionError, TypeError, ValueError):
        return False
