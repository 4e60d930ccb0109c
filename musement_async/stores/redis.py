"""Tokens in Redis, for the processes of many machines. Needs the extra ``redis``, and asyncio."""

import asyncio
import logging
import random
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakValueDictionary

from musement_async.auth.token import Token, token_from_json, token_to_json
from musement_async.errors import ArgumentError, TokenStoreError
from musement_async.transports.tasks import BackgroundTask, KeyedLock, TaskRegistry

try:
    from redis.asyncio import Redis, RedisCluster
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
    from redis.exceptions import (
        AuthenticationError,
        AuthorizationError,
        ConnectionError,  # noqa: A004 - their names
        ReadOnlyError,
        RedisError,
        TimeoutError,  # noqa: A004 - the same
    )
except ModuleNotFoundError as _missing:
    message = 'RedisTokenStore needs redis: pip install "musement-async[redis]"'
    raise ImportError(message, name=_missing.name) from _missing

if TYPE_CHECKING:
    from typing import Self

_log = logging.getLogger("musement_async.stores")

_RELEASING = "musement_async.redis.release"
_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.05
_LONGEST_REST = 0.25
_RECONNECT: tuple[type[RedisError], ...] = (ConnectionError, TimeoutError, ReadOnlyError)
_REFUSED: tuple[type[RedisError], ...] = (AuthenticationError, AuthorizationError)

# A hold's number is greater than that of every hold before it: the time in microseconds, even if that is set back. It
# survives a Redis that forgets everything. Lua's numbers hold it exactly, but print it only when told how.
_NUMBER = """
local function number(key)
    local time = redis.call('TIME')
    local last = tonumber(redis.call('HGET', key, 'number') or '0')
    return string.format('%.0f', math.max(time[1] * 1000000 + time[2], last + 1))
end
"""
# Whoever asks twice, because the first answer was lost, has the lock.
_ACQUIRE = f"""{_NUMBER}
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return false end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return number(KEYS[2])
"""
# A lock that is gone is taken again: a Redis that forgot it would let others in.
_EXTEND = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
_SAVE = f"""{_NUMBER}
local mine = ARGV[2]
if mine == '' then mine = number(KEYS[1]) end
if tonumber(redis.call('HGET', KEYS[1], 'number') or '0') > tonumber(mine) then return 0 end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'number', mine)
if ARGV[3] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
"""


class RedisTokenStore:
    """Keeps tokens in a Redis that processes on many machines share, on asyncio.

    Each session has two keys: ``<prefix>{<key>}:token`` and, during a renewal, ``<prefix>{<key>}:lock``. Neither name
    holds a secret; the value of the first is the token, both halves, as plain JSON. The lock has a lease, which is
    extended for as long as its holder lives, so the lock of a dead one comes free when the lease ends. Whoever
    lost the lock all the same, because its process stood still, does not overwrite what was saved after that.

    Needs the extra ``redis``, ``pip install "musement-async[redis]"``, and Redis 5 or newer, or a server that does the
    same.

    Args:
        redis: A client of ``redis.asyncio``, which stays yours to close; or a URL, ``redis://``, ``rediss://`` or
            ``unix://``. Then the store makes a client of its own, and ``aclose()`` or ``async with`` closes it.
        prefix: How its keys begin.
        lease: Seconds for which the lock of a process that died keeps the others waiting.
        timeout: Seconds for each operation, in which a broken connection is made anew as often as needed.
        keep: Seconds, or a timedelta, for which a token with a refresh token is kept after it was saved; longer than
            refresh tokens are good for. None keeps it for ever. A token without one is kept until it expires.

    Raises:
        ArgumentError: An argument that cannot work, by name.
    """

    def __init__(
        self,
        redis: "Redis | RedisCluster | str",
        *,
        prefix: str = "musement:",
        lease: float = 10.0,
        timeout: float = 5.0,
        keep: float | timedelta | None = timedelta(days=90),
    ) -> None:
        keep = keep.total_seconds() if isinstance(keep, timedelta) else keep
        for name, value in (("lease", lease), ("timeout", timeout), ("keep", keep)):
            if value is not None and not 0.001 <= value < float("inf"):
                raise ArgumentError(name, "must be a positive number of seconds")
        self._owned = _connect(redis, timeout) if isinstance(redis, str) else None
        # Typed by hand: redis-py's annotations of its scripts differ from release to release.
        self._redis: Any = redis if self._owned is None else self._owned
        self._prefix = prefix
        self._lease = lease
        self._timeout = timeout
        self._keep = keep
        self._locks: WeakValueDictionary[str, KeyedLock] = WeakValueDictionary()
        self._numbers: dict[str, str] = {}
        self._tasks = TaskRegistry()

    def __repr__(self) -> str:
        return f"RedisTokenStore(prefix={self._prefix!r})"

    async def __aenter__(self) -> "Self":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Wait for locks that are being given back, and close the client if the store has made it."""
        await self._tasks.drain()
        if self._owned is not None:
            await self._owned.aclose()

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session. What is no token is a warning, and counts as absent.

        Raises:
            TokenStoreError: Redis did not answer in time, or not as it should.
        """
        _, place = self._keys(key)
        found = await self._command(self._timeout, "hget", place, "token")
        token = None if found is None else token_from_json(found)
        if found is not None and token is None:
            _log.warning("the value of %s is no token; it is taken as absent", place)
        return token

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token, unless the lock was lost and somebody else has saved one since.

        Raises:
            TokenStoreError: Redis did not answer in time, or not as it should.
        """
        _, place = self._keys(key)
        lifetime = self._lifetime(token)
        milliseconds = "" if lifetime is None else str(max(1, round(1000 * lifetime)))
        arguments = (token_to_json(token), self._numbers.get(key, ""), milliseconds)
        if not await self._command(self._timeout, "eval", _SAVE, 1, place, *arguments):
            _log.warning("a token was not saved: its lock was lost, and somebody else has saved a newer one")

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None, None]:
        """The lock on a session's renewal.

        Raises:
            TokenStoreError: Redis did not answer in time, or not as it should.
        """
        lock = self._locks.setdefault(key, KeyedLock())
        async with lock.lock:  # the tasks of this process take turns without asking Redis
            owner = secrets.token_hex(16)
            self._numbers[key] = await self._wait_for_lock(key, owner)
            left = asyncio.Event()
            heartbeat = asyncio.create_task(self._extend(key, owner, left))
            try:
                yield
            finally:
                del self._numbers[key]
                left.set()
                release = self._tasks.start(partial(self._release, key, owner, heartbeat), name=_RELEASING)
                await release.join()

    async def _wait_for_lock(self, key: str, owner: str) -> str:
        _loop_required()
        pause = _FIRST_PAUSE
        while True:
            # In a task of its own: who is cancelled in the middle has to learn whether it got the lock.
            attempt = self._tasks.start(partial(self._acquire, key, owner), name="musement_async.redis.acquire")
            try:
                number = await attempt.join()
            except BaseException:
                self._tasks.start(partial(self._withdraw, key, owner, attempt), name=_RELEASING)
                raise
            if number is not None:
                return number
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - not cryptography
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _acquire(self, key: str, owner: str) -> str | None:
        number = await self._command(self._timeout, "eval", _ACQUIRE, 2, *self._keys(key), owner, self._milliseconds)
        return number.decode() if isinstance(number, bytes) else number

    async def _extend(self, key: str, owner: str, left: asyncio.Event) -> None:
        is_over = False
        while not is_over:
            is_over = await _happened(left, within=self._lease / 3) or not await self._is_kept(key, owner)

    async def _is_kept(self, key: str, owner: str) -> bool:
        lock, _ = self._keys(key)
        try:
            kept = await self._command(self._lease / 3, "eval", _EXTEND, 1, lock, owner, self._milliseconds)
        except TokenStoreError as error:
            _log.warning("the lock of a renewal could not be extended: %s", error)
            return True  # as far as is known
        if not kept:
            _log.warning("the lock of a renewal was lost: the process stood still for longer than the lease")
        return bool(kept)

    async def _release(self, key: str, owner: str, heartbeat: "asyncio.Task[None] | None" = None) -> None:
        if heartbeat is not None:
            await asyncio.wait([heartbeat])  # or it would take the lock again
        lock, _ = self._keys(key)
        await self._command(self._timeout, "eval", _RELEASE, 1, lock, owner)

    async def _withdraw(self, key: str, owner: str, attempt: BackgroundTask[str | None]) -> None:
        await attempt.ended()
        await self._release(key, owner)

    def _keys(self, key: str) -> tuple[str, str]:
        # The braces put both into the same slot of a cluster.
        return f"{self._prefix}{{{key}}}:lock", f"{self._prefix}{{{key}}}:token"

    @property
    def _milliseconds(self) -> int:
        return max(1, round(1000 * self._lease))

    def _lifetime(self, token: Token) -> float | None:
        if token.remaining == float("inf"):
            return self._keep
        if token.refresh_token is None:
            return token.remaining
        return None if self._keep is None else max(self._keep, token.remaining)

    async def _command(self, timeout: float, name: str, *arguments: object) -> Any:  # noqa: ANN401, ASYNC109 - Redis'
        """Send a command until it is answered; every one of them may be sent twice."""
        _loop_required()
        failure: RedisError | None = None
        try:
            async with asyncio.timeout(timeout):
                rest = _FIRST_PAUSE
                while True:
                    try:
                        return await getattr(self._redis, name)(*arguments)
                    except _RECONNECT as error:
                        if isinstance(error, _REFUSED):
                            raise
                        failure = error
                    await asyncio.sleep(rest)
                    rest = min(2 * rest, _LONGEST_REST)
        except asyncio.TimeoutError:  # noqa: UP041 - TimeoutError is that of redis-py here
            reason = "" if failure is None else f": {type(failure).__name__}: {failure}"
            raise TokenStoreError(f"Redis did not answer within {timeout:g} s{reason}") from failure
        except (OSError, RedisError) as error:
            raise TokenStoreError(f"Redis refused: {type(error).__name__}: {error}") from error


def _connect(url: str, timeout: float) -> "Redis":
    try:
        # No retries of its own: those of the store are bounded by time. A cast, as its options have no types.
        client: Redis = cast("Any", Redis).from_url(
            url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=Retry(NoBackoff(), 0)
        )
    except ValueError:
        raise ArgumentError(
            "redis", "must be a client of redis.asyncio, or a redis://, rediss:// or unix:// URL"
        ) from None
    return client


def _loop_required() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise TokenStoreError("RedisTokenStore works on asyncio only: redis-py does") from None


async def _happened(event: asyncio.Event, *, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            await event.wait()
    except asyncio.TimeoutError:  # noqa: UP041 - TimeoutError is that of redis-py here
        return False
    return True
