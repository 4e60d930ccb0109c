"""The token store in Redis, for the processes of many machines. Needs the extra ``redis``, and asyncio."""

import asyncio
import logging
import random
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import anyio
import attrs

from musement_async._extras import install
from musement_async.auth.token import Token, is_of_newer_version, token_from_json, token_to_json
from musement_async.errors import ArgumentError, TokenStoreError, WrongLoopError
from musement_async.stores.lifetime import MAX_AGE, MAX_IDLE, Lifetime, check_seconds
from musement_async.transports.tasks import BackgroundTask, TaskRegistry

try:
    from redis import exceptions
    from redis.asyncio import Redis, RedisCluster
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
except ModuleNotFoundError as _missing:
    raise ImportError(f"RedisTokenStore needs redis: {install('redis')}", name=_missing.name) from _missing

if TYPE_CHECKING:
    from typing import Self

_log = logging.getLogger("musement_async.stores")

_RELEASING = "musement_async.redis.release"
_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.05
_LONGEST_REST = 0.25
# Temporary errors: a server that is unreachable or starting, and a failover. A cluster's client has its own classes.
_PASSING: tuple[type[Exception], ...] = (
    *(exceptions.ConnectionError, exceptions.TimeoutError, exceptions.ReadOnlyError, exceptions.MasterDownError),
    *(exceptions.ClusterDownError, exceptions.RedisClusterException),
)
_REFUSED = (exceptions.AuthenticationError, exceptions.AuthorizationError)
_ANY = (exceptions.RedisError, exceptions.RedisClusterException)
_READ_ONLY = "READONLY"  # in errors of scripts, Redis 5 and 6 write it in the middle of the text
_WRONG_TYPE = "WRONGTYPE"

# Scripts in Lua, each of which Redis runs in one step.
#
# A hold's number is greater than the numbers of all earlier holds: it is the time in microseconds, or the last number
# plus one. So it still grows if the clock is set back, or if Redis loses its data. Lua's numbers hold it exactly, but
# need a format to print it. A value of another type under a key is removed, and an impossible number is ignored.
_NUMBER = """
local function clear(key, kind)
    local found = redis.call('TYPE', key)['ok']
    if found ~= kind and found ~= 'none' then redis.call('DEL', key) end
end
local function last_number(key)
    clear(key, 'hash')
    local last = tonumber(redis.call('HGET', key, 'number') or '0')
    if last and last >= 0 and last < 2^53 then return last end
    return 0
end
local function number(key)
    local time = redis.call('TIME')
    local last = last_number(key)
    return string.format('%.0f', math.max(time[1] * 1000000 + time[2], last + 1))
end
"""
# If the first answer was lost and the holder asks again, it has the lock.
_ACQUIRE = f"""{_NUMBER}
clear(KEYS[1], 'string')
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return false end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return number(KEYS[2])
"""
_RELEASE = f"""{_NUMBER}
clear(KEYS[1], 'string')
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
_SAVE = f"""{_NUMBER}
local mine = ARGV[2]
if mine == '' then mine = number(KEYS[1]) end
if last_number(KEYS[1]) > tonumber(mine) then return 0 end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'number', mine)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""


@attrs.define(eq=False)
class _InLoop:
    """The part of a store that is bound to one event loop."""

    loop: asyncio.AbstractEventLoop
    redis: Any  # redis-py's annotations of its scripts differ from release to release
    numbers: dict[str, str] = attrs.field(factory=dict[str, str])
    tasks: TaskRegistry = attrs.field(factory=TaskRegistry)


class RedisTokenStore:
    """Keeps tokens in Redis, shared by processes on many machines, on asyncio.

    Each session has two keys: ``<prefix>{<key>}:token`` and, during a renewal, ``<prefix>{<key>}:lock``. The names hold
    no secret. The value of the first is the token with both its secrets, as plain JSON. The lock has a lease, which its
    holder extends; the lock of a dead process is released when the lease ends. A process that was suspended and so lost
    the lock does not overwrite a token that was saved later.

    A store belongs to the event loop of its first use until it or that loop is closed. Its methods raise a
    ``TokenStoreError`` if Redis does not answer in time, or answers with an error.

    Needs the extra ``redis``, and Redis 5 or newer, or a compatible server.

    Args:
        redis: A client of ``redis.asyncio``, also of a Sentinel or a cluster, which you close yourself. Or a URL,
            ``redis://``, ``rediss://`` or ``unix://``: then the store makes a client, and ``aclose()`` or ``async
            with`` closes it.
        prefix: The beginning of the store's keys.
        lease: Seconds after which the lock of a dead process is released.
        timeout: Seconds for each operation, including reconnects after a broken connection.
        max_idle: How long a token with a refresh token is kept after it was saved, in seconds or as a timedelta. Choose
            it longer than the lifetime of refresh tokens. A token without a refresh token is kept until it expires.
        max_age: How long a session is kept after it began, however often its token was refreshed.

    Raises:
        ArgumentError: An argument cannot work; the error names it.
    """

    def __init__(
        self,
        redis: "Redis | RedisCluster | str",
        *,
        prefix: str = "musement:",
        lease: float = 10.0,
        timeout: float = 5.0,
        max_idle: float | timedelta = MAX_IDLE,
        max_age: float | timedelta = MAX_AGE,
    ) -> None:
        check_seconds(lease=lease, timeout=timeout)
        self._lifetime = Lifetime(max_idle, max_age)
        if isinstance(redis, str):
            _connect(redis, timeout)  # fails here, not in the middle of a call
        self._given = redis
        self._here: _InLoop | None = None
        self._prefix = prefix
        self._lease = lease
        self._milliseconds = round(1000 * lease)
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"RedisTokenStore(prefix={self._prefix!r})"

    async def __aenter__(self) -> "Self":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Wait for locks that are being released, and close the client if the store has made it.

        Afterwards the store may be used again, in this event loop or another one.

        Raises:
            WrongLoopError: The store is in use in another event loop.
        """
        if self._here is not None:
            here = self._in_loop()
            await here.tasks.drain()
            self._here = None
            if isinstance(self._given, str):
                await here.redis.aclose()

    def _in_loop(self) -> _InLoop:
        """The part of the store for the running event loop."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise TokenStoreError("RedisTokenStore works on asyncio only: redis-py does") from None
        here = self._here
        if here is None or (here.loop is not loop and here.loop.is_closed() and isinstance(self._given, str)):
            client = _connect(self._given, self._timeout) if isinstance(self._given, str) else self._given
            here = self._here = _InLoop(loop, client)
        elif here.loop is not loop:
            problem = "the token store belongs to another event loop: make one for each, or close it there first"
            raise WrongLoopError(problem)
        return here

    async def load(self, key: str) -> Token | None:
        """The token last saved for a session. A value that is not a token is a warning, and counts as absent."""
        _, place = self._keys(key)
        try:
            found = await self._command(self._timeout, "hget", place, "token")
        except TokenStoreError as error:
            if _WRONG_TYPE not in str(error):
                raise
            found = b""
        token = None if found is None else token_from_json(found)
        if found is not None and token is None:
            reason = "was written by a newer version" if is_of_newer_version(found) else "is not a token"
            _log.warning("the value of %s %s; it counts as absent", place, reason)
        return token

    async def save(self, key: str, token: Token) -> None:
        """Replace a session's token, unless the lock was lost and another process has saved one since."""
        _, place = self._keys(key)
        milliseconds = max(1, round(1000 * self._lifetime.seconds_left(token)))
        arguments = (token_to_json(token), self._in_loop().numbers.get(key, ""), milliseconds)
        if not await self._command(self._timeout, "eval", _SAVE, 1, place, *arguments):
            _log.warning("a token was not saved: its lock was lost, and another process has saved a newer one")

    async def delete(self, key: str) -> None:
        """Forget a session's token."""
        _, place = self._keys(key)
        await self._command(self._timeout, "delete", place)

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None, None]:
        """The lock on a session's renewal."""
        here = self._in_loop()
        # The tasks of this process take turns without a request to Redis.
        async with here.tasks.locks.setdefault(key, anyio.Lock()):
            owner = secrets.token_hex(16)
            here.numbers[key] = await self._wait_for_lock(key, owner)
            left = asyncio.Event()
            heartbeat = asyncio.create_task(self._extend(key, owner, left))
            try:
                yield
            finally:
                del here.numbers[key]
                left.set()
                release = here.tasks.start(partial(self._release, key, owner, heartbeat), name=_RELEASING)
                await release.join()

    async def _wait_for_lock(self, key: str, owner: str) -> str:
        tasks = self._in_loop().tasks
        pause = _FIRST_PAUSE
        while True:
            # In a task of its own: even for a cancelled caller, the store has to learn whether it got the lock.
            attempt = tasks.start(
                partial(self._acquire, key, owner, self._timeout), name="musement_async.redis.acquire"
            )
            try:
                number = await attempt.join()
            except BaseException:
                tasks.start(partial(self._withdraw, key, owner, attempt), name=_RELEASING)
                raise
            if number is not None:
                return number
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - not cryptography
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _acquire(self, key: str, owner: str, timeout: float) -> str | None:
        """Take the lock, or extend its lease; the number of the hold, or None if another one holds it."""
        number = await self._command(timeout, "eval", _ACQUIRE, 2, *self._keys(key), owner, self._milliseconds)
        return number.decode() if isinstance(number, bytes) else number

    async def _extend(self, key: str, owner: str, left: asyncio.Event) -> None:
        while True:
            with anyio.move_on_after(self._lease / 3):
                await left.wait()
                return
            if not await self._is_kept(key, owner):
                return

    async def _is_kept(self, key: str, owner: str) -> bool:
        try:
            # A lost lock is taken again, because a Redis that lost its data would let others in.
            number = await self._acquire(key, owner, self._lease / 3)
        except TokenStoreError as error:
            _log.warning("the lock of a renewal could not be extended: %s", error)
            return True  # the lease may still be valid
        if number is None:
            _log.warning("the lock of a renewal was lost: the process was suspended for longer than the lease")
        return number is not None

    async def _release(self, key: str, owner: str, heartbeat: "asyncio.Task[None] | None" = None) -> None:
        if heartbeat is not None:
            await asyncio.wait([heartbeat])  # otherwise it would take the lock again
        lock, _ = self._keys(key)
        await self._command(self._timeout, "eval", _RELEASE, 1, lock, owner)

    async def _withdraw(self, key: str, owner: str, attempt: BackgroundTask[str | None]) -> None:
        await attempt.ended()
        await self._release(key, owner)

    def _keys(self, key: str) -> tuple[str, str]:
        # The braces put both keys into one slot of a cluster.
        return f"{self._prefix}{{{key}}}:lock", f"{self._prefix}{{{key}}}:token"

    async def _command(self, timeout: float, name: str, *arguments: object) -> Any:  # noqa: ANN401 - Redis'
        """Send a command until it is answered; every command here may be sent twice."""
        redis = self._in_loop().redis
        failure: Exception | None = None
        try:
            # Unlike asyncio's timeout it cancels until it is obeyed: on Python 3.11 asyncio.wait_for(), which redis-py
            # uses, may lose a cancellation.
            with anyio.fail_after(timeout):
                rest = _FIRST_PAUSE
                while True:
                    try:
                        return await getattr(redis, name)(*arguments)
                    except _ANY as error:
                        is_read_only = isinstance(error, exceptions.ReadOnlyError) or _READ_ONLY in str(error)
                        if isinstance(error, _REFUSED) or not (is_read_only or isinstance(error, _PASSING)):
                            raise
                        failure = error
                        if is_read_only:
                            await _disconnect(redis)
                    await asyncio.sleep(rest)
                    rest = min(2 * rest, _LONGEST_REST)
        except TimeoutError:
            reason = "" if failure is None else f": {type(failure).__name__}: {failure}"
            raise TokenStoreError(f"Redis did not answer within {timeout:g} s{reason}") from failure
        except (OSError, *_ANY) as error:
            raise TokenStoreError(f"Redis refused: {type(error).__name__}: {error}") from error


def _connect(url: str, timeout: float) -> "Redis":
    try:
        # redis-py's retries are off: the store's own retries are limited by time. The cast is needed because the
        # options have no types.
        client: Redis = cast("Any", Redis).from_url(
            url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=Retry(NoBackoff(), 0)
        )
    except ValueError:
        raise ArgumentError(
            "redis", "must be a client of redis.asyncio, or a redis://, rediss:// or unix:// URL"
        ) from None
    return client


async def _disconnect(redis: Any) -> None:  # noqa: ANN401 - redis-py's
    """Close the idle connections: they lead to a server that is no longer the master."""
    pool = getattr(redis, "connection_pool", None)  # a cluster's client finds masters by itself
    if pool is not None:
        await pool.disconnect(inuse_connections=False)
