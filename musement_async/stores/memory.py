"""Tokens in memory."""

import anyio

from musement_async.auth.token import Token


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

    def exclusive(self, key: str) -> anyio.Lock:
        """The lock on a session's renewal."""
        return self._locks.setdefault(key, anyio.Lock())
