"""The part of a token store that belongs to one session."""

import logging
from collections.abc import Generator
from contextlib import AbstractAsyncContextManager, contextmanager
from time import monotonic

import anyio

from musement_async.auth.credentials import Credentials, RefreshOnly, session_key
from musement_async.auth.login import LoginConfig
from musement_async.auth.token import Token, TokenStore
from musement_async.errors import TokenStoreError, WrongLoopError
from musement_async.transports.musement import MusementTransport
from musement_async.transports.tasks import spawn

_SAVE_AGAIN_AFTER = 1.0

_log = logging.getLogger("musement_async.auth")


class SessionTokenStore:
    """Loads and saves the token of one session, and repeats a save that failed.

    Before a transport closes, it tries the save a last time. Apart from ``save``, all methods raise a
    ``TokenStoreError`` if the store fails or does not answer in time.
    """

    def __init__(self, store: TokenStore, config: LoginConfig, credentials: Credentials | RefreshOnly | None) -> None:
        self._store = store
        self._config = config
        self._credentials = credentials
        self._unsaved: Token | None = None
        self._superseded: str | None = None
        self._transport: MusementTransport | None = None
        self._again_at = 0.0
        self._is_saving = False
        self._was_found = False  # whether the store has had a token of the session

    @property
    def key(self) -> str:
        """The key of the session in the store."""
        return session_key(str(self._config.base_url), self._credentials)

    def exclusive(self) -> AbstractAsyncContextManager[object]:
        """The store's lock on the session's renewal."""
        return self._store.exclusive(self.key)

    def is_superseded(self, found: Token) -> bool:
        """Whether a token in the store is older than the current one, whose save has failed."""
        return self._unsaved is not None and found.access_token == self._superseded

    async def load(self) -> Token | None:
        """The token in the store."""
        with _store_errors(), anyio.fail_after(self._config.login_timeout):
            found = await self._store.load(self.key)
        self._was_found = self._was_found or found is not None
        return found

    def has_lost(self, found: Token | None) -> bool:
        """Whether the store has lost its tokens or is down, so that it cannot show a sibling's renewal."""
        return (found is None and self._was_found) or bool(getattr(self._store, "is_down", False))

    async def put(self, token: Token, *, replace: bool) -> bool:
        """Save a token under the lock; False if the store has one and ``replace`` is False."""
        with _store_errors(), anyio.fail_after(self._config.lock_timeout):
            async with self.exclusive():
                is_free = replace or await self._store.load(self.key) is None
                if is_free:
                    await self._store.save(self.key, token)
                    self._was_found = True
                return is_free

    async def delete(self) -> None:
        """Forget the token, saved or not."""
        self._forget_unsaved()
        with _store_errors(), anyio.fail_after(self._config.lock_timeout):
            async with self.exclusive():
                await self._store.delete(self.key)

    async def save(self, token: Token, found: Token | None, transport: MusementTransport | None) -> None:
        """Save a new token. If the save fails, the session continues with the token, and the save is repeated later.

        ``found`` is the token that the store had before. The close of ``transport`` waits for a repeated save.
        """
        try:
            with anyio.fail_after(self._config.login_timeout):
                await self._store.save(self.key, token)
        except Exception as error:  # noqa: BLE001 - a store may raise anything
            if self._unsaved is None:
                self._superseded = None if found is None else found.access_token
                # Errors of this library hold no secret.
                reason = str(error) if isinstance(error, TokenStoreError) else type(error).__name__
                _log.warning("the token could not be saved in the token store: %s; it is tried again", reason)
            self._unsaved, self._again_at = token, monotonic() + _SAVE_AGAIN_AFTER
            if transport is not None:
                self._transport = transport
                transport.track(self._save_unsaved)
        else:
            self._was_found = True
            self._forget_unsaved()

    def save_again(self) -> None:
        """Repeat a failed save in the background, if it is due."""
        if self._unsaved is not None and not self._is_saving and monotonic() >= self._again_at:
            self._is_saving = True
            spawn(self._save_unsaved, name="musement_async.save")

    async def _save_unsaved(self) -> None:
        try:
            with anyio.fail_after(self._config.login_timeout):
                async with self.exclusive():
                    found, token = await self._store.load(self.key), self._unsaved
                    # Another token in the store was saved later, by a sibling that logged in.
                    if token is not None and (found is None or self.is_superseded(found)):
                        await self._store.save(self.key, token)
                    self._forget_unsaved()
        except Exception as error:  # noqa: BLE001 - the same; the first failure was a warning
            self._again_at = monotonic() + _SAVE_AGAIN_AFTER
            _log.debug("the token could still not be saved: %s", type(error).__name__)
        finally:
            self._is_saving = False

    def _forget_unsaved(self) -> None:
        self._unsaved = self._superseded = None
        if self._transport is not None:
            self._transport.forget(self._save_unsaved)
            self._transport = None


def store_error_text(error: Exception) -> str:
    """The text of a store's failure."""
    return str(error) if isinstance(error, TokenStoreError) else f"{type(error).__name__}: {error}"


@contextmanager
def _store_errors() -> Generator[None]:
    try:
        yield
    except WrongLoopError:
        raise
    except Exception as error:
        raise TokenStoreError(f"the token store failed: {store_error_text(error)}") from error
