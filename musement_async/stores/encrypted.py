"""The token store that encrypts tokens for another store."""

import hmac
import json
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from typing import Any

from musement_async._extras import install
from musement_async.auth.token import Token, TokenStore, token_from_json, token_to_json
from musement_async.errors import ArgumentError

_MARK = "encrypted"

_log = logging.getLogger("musement_async.stores")


class EncryptedTokenStore:
    """Encrypts tokens for another store, which learns neither tokens nor user names.

    Tokens are encrypted and signed by the ``Fernet`` of the package cryptography, each for its own session: a record
    that was moved to another session counts as damaged. The other store gets the expiry of tokens and the start of
    sessions, which it needs to forget them in time. The keys of sessions are hashed with the key (HMAC-SHA256), so that
    nobody can test a user name against them.

    To rotate keys, give all processes the new key as the second one, then as the first one. Remove the old key once
    ``max_idle`` of the store has passed.

    Needs the extra ``encryption``.

    Args:
        store: The other store.
        keys: A key made by ``Fernet.generate_key()``, or several: the first one encrypts, all of them decrypt.

    Raises:
        ArgumentError: A key is not such a key.
        ImportError: The extra is not installed.
    """

    def __init__(self, store: TokenStore, keys: str | bytes | Sequence[str | bytes]) -> None:
        try:
            fernet: Any = import_module("cryptography.fernet")
        except ModuleNotFoundError as missing:
            message = f"EncryptedTokenStore needs cryptography: {install('encryption')}"
            raise ImportError(message, name=missing.name) from missing
        try:
            given = [keys] if isinstance(keys, str | bytes) else list(keys)
            self._keys = [key.encode() if isinstance(key, str) else key for key in given]
            self._cipher: Any = fernet.MultiFernet([fernet.Fernet(key) for key in self._keys])
        except (TypeError, ValueError):
            raise ArgumentError("keys", "must be one or more keys made by Fernet.generate_key()") from None
        self._invalid: type[Exception] = fernet.InvalidToken
        self._store = store

    def __repr__(self) -> str:
        return f"EncryptedTokenStore({self._store!r})"

    @property
    def is_down(self) -> bool:
        """Whether the other store is known to be down."""
        return bool(getattr(self._store, "is_down", False))

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session. A record that cannot be decrypted is a warning, and counts as absent."""
        for place in self._places(key):
            found = await self._store.load(place)
            if found is not None:
                token = self._decrypted(key, found)
                if token is not None:
                    return token
                _log.warning("the token of %s cannot be decrypted; it counts as absent", place)
        return None

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token."""
        place, *older = self._places(key)
        content = json.dumps({"key": key, "token": token_to_json(token)})
        encrypted = Token(
            access_token=self._cipher.encrypt(content.encode()).decode(),
            refresh_token=None if token.refresh_token is None else _MARK,
            expires_in=token.expires_in,
            expires_at=token.expires_at,
            started_at=token.started_at,
        )
        await self._store.save(place, encrypted)
        for place in older:
            await self._store.delete(place)

    async def delete(self, key: str) -> None:
        """Forget a session's token."""
        for place in self._places(key):
            await self._store.delete(place)

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None, None]:
        """The lock on a session's renewal, under the names of all keys, so that it works while keys are rotated."""
        async with AsyncExitStack() as locks:
            for place in sorted(self._places(key)):
                await locks.enter_async_context(self._store.exclusive(place))
            yield

    def _places(self, key: str) -> list[str]:
        """The names of a session in the other store, one for each key."""
        return [hmac.digest(secret, f"session\0{key}".encode(), "sha256").hex() for secret in self._keys]

    def _decrypted(self, key: str, found: Token) -> Token | None:
        try:
            content = json.loads(self._cipher.decrypt(found.access_token.encode()))
        except self._invalid:
            return None
        return token_from_json(content["token"]) if content["key"] == key else None
