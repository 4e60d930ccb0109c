"""The token store in memory."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic

import anyio
import attrs

from musement_async.auth.token import Token
from musement_async.stores.lifetime import MAX_AGE, MAX_IDLE, Lifetime
from musement_async.transports.loop import current_loop, is_closed

_SWEEP_EVERY = 60.0
_FIRST_PAUSE = 0.001
_LONGEST_PAUSE = 0.02


@attrs.define(eq=False)
class _Holder:
    """The holder of a lock, its event loop, and the next holder if that loop is closed."""

    loop: object
    heirs: "dict[None, _Holder]" = attrs.field(factory=dict[None, "_Holder"])


class MemoryTokenStore:
    """Keeps tokens for as long as the process lives, for clients of any number of event loops and threads.

    Args:
        max_idle: How long a token is kept after it was saved, in seconds or as a timedelta.
        max_age: How long a session is kept after it began, however often its token was refreshed.

    Raises:
        ArgumentError: An argument cannot work; the error names it.
    """

    def __init__(self, *, max_idle: float | timedelta = MAX_IDLE, max_age: float | timedelta = MAX_AGE) -> None:
        self._lifetime = Lifetime(max_idle, max_age)
        self._tokens: dict[str, tuple[Token, float]] = {}
        self._holders: dict[str, _Holder] = {}
        self._sweep_at = 0.0

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session."""
        token, until = self._tokens.get(key, (None, 0.0))
        return token if monotonic() < until else None

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token."""
        now = monotonic()
        self._tokens[key] = token, now + self._lifetime.seconds_left(token)
        if now >= self._sweep_at:
            self._sweep_at = now + _SWEEP_EVERY
            for kept, (_, until) in list(self._tokens.items()):
                if now >= until:
                    self._tokens.pop(kept, None)

    async def delete(self, key: str) -> None:
        """Forget a session's token."""
        self._tokens.pop(key, None)

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None, None]:
        """The lock on a session's renewal."""
        me = _Holder(current_loop())
        pause = _FIRST_PAUSE
        # Uses only single operations on dicts, which other threads cannot interrupt.
        while (holder := self._holders.setdefault(key, me)) is not me:
            if is_closed(holder.loop) and holder.heirs.setdefault(None, me) is me:
                self._holders[key] = me
                break
            await anyio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        try:
            yield
        finally:
            del self._holders[key]
