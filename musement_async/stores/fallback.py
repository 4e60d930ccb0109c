"""The token store that uses memory while another store is down."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic
from typing import TypeVar

import anyio

from musement_async.auth.token import Token, TokenStore
from musement_async.errors import TokenStoreError, WrongLoopError
from musement_async.stores.lifetime import check_seconds
from musement_async.stores.memory import MemoryTokenStore
from musement_async.transports.tasks import spawn

T = TypeVar("T")

_log = logging.getLogger("musement_async.stores")


class FallbackTokenStore:
    """Uses another store, and memory while that store is down.

    The first failure is logged as a warning, and the process continues with the tokens in memory. It returns to the
    store as soon as the store works again. Tokens that were renewed meanwhile are saved to it, unless the store has a
    token that is valid for longer. While the store is down, processes do not know of each other: each logs in for
    itself.

    Attributes:
        is_down: Whether the store failed when it was last asked.

    Args:
        store: The store.
        timeout: Seconds for a load or a save, after which the store counts as down. They do not limit the wait for a
            lock, which another process may need for longer.
        retry_after: Seconds after a failure in which the store is not used.

    Raises:
        ArgumentError: An argument cannot work; the error names it.
    """

    def __init__(self, store: TokenStore, *, timeout: float = 10.0, retry_after: float = 5.0) -> None:
        check_seconds(timeout=timeout, retry_after=retry_after)
        self._store = store
        self._timeout = timeout
        self._retry_after = retry_after
        self._memory = MemoryTokenStore()
        self._unsaved: set[str] = set()  # their tokens are in memory
        self._guarded: dict[str, bool] = {}  # for each renewal under way: whether the store's lock is held
        self.is_down: bool = False
        self._resting_until = 0.0
        self._is_returning = False

    def __repr__(self) -> str:
        return f"FallbackTokenStore({self._store!r})"

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session, from the store or from memory."""
        found = await self._ask(lambda: self._load(key)) if self._guarded.get(key, True) else []
        if not found:
            return await self._memory.load(key)
        (token,) = found
        if token is not None:
            await self._memory.save(key, token)
        return token

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token."""
        await self._memory.save(key, token)
        self._unsaved.add(key)
        is_saved = self._guarded.get(key, True) and await self._ask(lambda: self._save(key, token))
        if not is_saved and not self._is_returning:
            self._is_returning = True
            spawn(self._return, name="musement_async.fallback")

    async def delete(self, key: str) -> None:
        """Forget a session's token. Raises the store's errors, because the store would still have the token."""
        await self._memory.delete(key)
        self._unsaved.discard(key)
        await self._store.delete(key)

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None, None]:
        """The lock on a session's renewal: one within the process, and the store's if the store works."""
        async with self._memory.exclusive(key):
            lock = AsyncExitStack()
            entered = await self._ask(lambda: lock.enter_async_context(self._store.exclusive(key)))
            self._guarded[key] = bool(entered)
            try:
                yield
            finally:
                del self._guarded[key]
                try:
                    await lock.aclose()
                except Exception as error:  # noqa: BLE001 - a store may raise anything
                    self._fall_back(error)

    async def _load(self, key: str) -> Token | None:
        with anyio.fail_after(self._timeout):
            stored = await self._store.load(key)
            mine = await self._memory.load(key) if key in self._unsaved else None
            if mine is None or (stored is not None and stored.remaining > mine.remaining):
                self._unsaved.discard(key)
                return stored
            if self._guarded.get(key, False):
                await self._save(key, mine)
            return mine

    async def _save(self, key: str, token: Token) -> None:
        with anyio.fail_after(self._timeout):
            await self._store.save(key, token)
            if await self._memory.load(key) is token:
                self._unsaved.discard(key)

    async def _ask(self, work: Callable[[], Awaitable[T]]) -> list[T]:
        """The result of the store's work, in a list; an empty list if it fails, or failed within ``retry_after``."""
        if monotonic() < self._resting_until:
            return []
        try:
            result = await work()
        except WrongLoopError:
            raise
        except Exception as error:  # noqa: BLE001 - a store may raise anything
            self._fall_back(error)
            return []
        if self.is_down:
            self.is_down = False
            _log.info("the token store works again")
        return [result]

    def _fall_back(self, error: Exception) -> None:
        self._resting_until = monotonic() + self._retry_after
        if not self.is_down:
            self.is_down = True
            # Only errors of this library are known to contain no token.
            reason = error if isinstance(error, TokenStoreError) else type(error).__name__
            _log.warning("the token store is down, so tokens are kept in memory: %s", reason)

    async def _return(self) -> None:
        try:
            while self._unsaved:
                await anyio.sleep(self._retry_after)
                for key in list(self._unsaved):
                    if await self._memory.load(key) is None:
                        self._unsaved.discard(key)
                    async with self.exclusive(key):
                        await self.load(key)
        finally:
            self._is_returning = False
