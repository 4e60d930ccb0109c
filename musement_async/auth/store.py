"""Where tokens are kept."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

import anyio

from musement_async.auth.token import Token


class TokenStore(Protocol):
    """Keeps the tokens of sessions, and sees to it that one renewal at a time runs for each.

    A session is known by a key that tells base URL, grant, client and customer apart and holds no secret. Expiry is
    a point on the wall clock (``Token.expires_at``), so that a token means the same to every process.

    A store is asked only when a session has no token it can use: a call with a valid token in memory does not
    touch it. Whatever a method raises reaches the waiting calls as a ``TokenStoreError``, except from ``save``: then
    the session goes on with its token and a warning is logged.
    """

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session, even if it has expired: its refresh token may still be good."""
        ...

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token, both halves at once."""
        ...

    def exclusive(self, key: str) -> AbstractAsyncContextManager[object]:
        """A lock on one session's renewal, entered and left by one and the same task."""
        ...


class MemoryTokenStore:
    """Keeps tokens for as long as the process lives; may be shared by clients of one event loop."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._locks: dict[str, anyio.Lock] = {}

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session."""
        return self._tokens.get(key)

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token."""
        self._tokens[key] = token

    def exclusive(self, key: str) -> "anyio.Lock":
        """The lock on a session's renewal."""
        return self._locks.setdefault(key, anyio.Lock())
