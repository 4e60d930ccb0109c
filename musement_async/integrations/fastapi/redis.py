"""Failed logins, sessions and deliveries in Redis, for the processes of many machines. Needs the extra ``redis``."""

import math
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

import msgspec

from musement_async.errors import ArgumentError
from musement_async.integrations.fastapi.limiter import PER_ADDRESS, PER_NAME, CountingLimiter, LoginLimit
from musement_async.integrations.fastapi.session_store import LONGEST_LOGIN, MAX_AGE, LoggedIn
from musement_async.stores.redis import RedisTokenStore

if TYPE_CHECKING:
    from redis.asyncio import Redis, RedisCluster

# Times are in microseconds. Lua's numbers hold them exactly, but print them only when told how.
_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function keep(till)
    if till <= now then return redis.call('DEL', KEYS[1]) end
    redis.call('SET', KEYS[1], string.format('%.0f', till), 'PX', math.ceil((till - now) / 1000))
end
"""
_TAKE = f"""{_NOW}
local till = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = till - now - ARGV[1] * ARGV[2]
if wait > 0 then return string.format('%.0f', wait) end
keep(till + ARGV[1])
return '0'
"""
_RETURN = f"""{_NOW}
keep(tonumber(redis.call('GET', KEYS[1]) or '0') - ARGV[1])
return 0
"""
_LIST = """
if tonumber(redis.call('GET', KEYS[2]) or '0') >= tonumber(ARGV[3]) then return 0 end
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""
# Its key only chooses the node of a cluster.
_MOMENT = """
local time = redis.call('TIME')
return string.format('%.0f', time[1] * 1000000 + time[2])
"""
_CLOCK = ("clock", "sessions")
_ENDS = ("ends", "sessions")
_IF_THERE = (False, True)  # NX and XX of redis-py's SET and ZADD


class Connection(RedisTokenStore):
    """A connection that repeats commands as the token store does; its locks serve other things than tokens too."""

    async def send(self, name: str, *arguments: object) -> Any:  # noqa: ANN401 - Redis'
        """Send a command until it is answered, within the timeout."""
        return await self._command(self._timeout, name, *arguments)

    def place(self, kind: str, key: str) -> str:
        """The name of a key in Redis."""
        return f"{self._prefix}{{{kind}:{key}}}"


class InRedis:
    """The base of all that is kept in Redis under a prefix, by a client of its own or of yours.

    Args:
        redis: A client of ``redis.asyncio``, which stays yours to close; or a URL. Then ``aclose()`` or ``async with``
            closes the client.
        prefix: How its keys begin.
        timeout: Seconds for each operation.
        lease: Seconds for which the lock of a process that died keeps the others waiting.

    Raises:
        ArgumentError: An argument that cannot work, by name.
    """

    def __init__(
        self, redis: "Redis | RedisCluster | str", *, prefix: str, timeout: float, lease: float = 10.0
    ) -> None:
        self._redis = Connection(redis, prefix=prefix, timeout=timeout, lease=lease)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the client if it was made from a URL."""
        await self._redis.aclose()


class RedisLoginLimiter(CountingLimiter, InRedis):
    """Counts failed logins in a Redis that all processes share.

    The names of its keys are digests of names and addresses. They are gone when the attempts are forgotten.

    Args:
        redis: A client of ``redis.asyncio``, which stays yours to close; or a URL. Then ``aclose()`` or ``async with``
            closes the client.
        per_name: The limit for one name.
        per_address: The limit for one address; of IPv6, for a network of 64 bits.
        prefix: How its keys begin.
        timeout: Seconds for each operation.

    Raises:
        ArgumentError: An argument that cannot work, by name.
        ImportError: The extra ``redis`` is not installed.
    """

    def __init__(
        self,
        redis: "Redis | RedisCluster | str",
        *,
        per_name: LoginLimit = PER_NAME,
        per_address: LoginLimit = PER_ADDRESS,
        prefix: str = "musement-app:",
        timeout: float = 5.0,
    ) -> None:
        CountingLimiter.__init__(self, per_name, per_address)
        InRedis.__init__(self, redis, prefix=prefix, timeout=timeout)

    async def _take(self, key: str, limit: LoginLimit) -> float:
        arguments = (math.ceil(limit.interval * 1e6), limit.attempts - 1)
        return int(await self._redis.send("eval", _TAKE, 1, self._redis.place("login", key), *arguments)) / 1e6

    async def _return(self, key: str, limit: LoginLimit) -> None:
        interval = math.ceil(limit.interval * 1e6)
        await self._redis.send("eval", _RETURN, 1, self._redis.place("login", key), interval)


class RedisSessionStore(InRedis):
    """Keeps sessions in a Redis that all processes share.

    Each session has a key there, each customer one that lists the sessions, and one lists when they end. They hold
    digests of session ids. Moments are those of Redis' clock: a clock that is set back may let a login pass that
    ``end_logins`` should have ended.

    Args:
        redis: A client of ``redis.asyncio``, which stays yours to close; or a URL. Then ``aclose()`` or ``async with``
            closes the client.
        prefix: How its keys begin.
        timeout: Seconds for each operation.

    Raises:
        ArgumentError: An argument that cannot work, by name.
        ImportError: The extra ``redis`` is not installed.
    """

    def __init__(
        self, redis: "Redis | RedisCluster | str", *, prefix: str = "musement-app:", timeout: float = 5.0
    ) -> None:
        super().__init__(redis, prefix=prefix, timeout=timeout)

    async def now(self) -> int:
        """A number for this moment, greater than those before it, in all processes."""
        return int(await self._redis.send("eval", _MOMENT, 1, self._redis.place(*_CLOCK)))

    async def save(self, session: LoggedIn, lifetime: timedelta, began: int) -> bool:
        """Add or replace a session, and forget it after that time; not if its customer's logins were ended since."""
        listed = self._redis.place("customer", session.customer)
        # In this order: who looks at the list meanwhile takes a session that is not there as one that has ended.
        await self._redis.send("set", *self._written(session, lifetime))
        await self._redis.send("zadd", self._redis.place(*_ENDS), {session.key: _end_after(lifetime)})
        arguments = (session.key, _milliseconds(MAX_AGE), began)
        is_listed = await self._redis.send("eval", _LIST, 2, listed, f"{listed}:ended", *arguments)
        if not is_listed:
            await self.delete(session)
        return bool(is_listed)

    async def touch(self, session: LoggedIn, lifetime: timedelta) -> None:
        """Replace a session, unless it has ended meanwhile."""
        if await self._redis.send("set", *self._written(session, lifetime), *_IF_THERE):
            ends = {session.key: _end_after(lifetime)}
            await self._redis.send("zadd", self._redis.place(*_ENDS), ends, *_IF_THERE)

    async def load(self, key: str) -> LoggedIn | None:
        """The session under a key; None if there is none, or it has ended."""
        found = await self._redis.send("get", self._redis.place("session", key))
        try:
            return None if found is None else msgspec.json.decode(found, type=LoggedIn)
        except msgspec.MsgspecError:
            return None  # whatever it is, nobody is logged in by it

    async def delete(self, session: LoggedIn) -> None:
        """Forget a session, if it is there."""
        await self._redis.send("delete", self._redis.place("session", session.key))
        await self._redis.send("zrem", self._redis.place(*_ENDS), session.key)
        await self._redis.send("srem", self._redis.place("customer", session.customer), session.key)

    async def of_customer(self, customer: str) -> list[LoggedIn]:
        """The sessions of a customer. Those that have ended by themselves leave the list."""
        listed = self._redis.place("customer", customer)
        found: list[LoggedIn] = []
        for key in map(_text, await self._redis.send("smembers", listed)):
            session = await self.load(key)
            if session is None:
                await self._redis.send("srem", listed, key)
            else:
                found.append(session)
        return found

    async def end_logins(self, customer: str) -> None:
        """Refuse to add sessions of a customer whose logins began before this moment; for a day."""
        place = f"{self._redis.place('customer', customer)}:ended"
        await self._redis.send("set", place, await self.now(), None, _milliseconds(LONGEST_LOGIN))

    async def take_ended(self, limit: int) -> list[str]:
        """The keys of some sessions whose time is up, each given once."""
        ends = self._redis.place(*_ENDS)
        ended: list[str] = []
        due = await self._redis.send("zrangebyscore", ends, 0, _end_after(timedelta()), 0, limit)
        for key in map(_text, due):
            if await self.load(key) is not None:  # it was used, and its process died before that was noted here
                await self._redis.send("zadd", ends, {key: _end_after(LONGEST_LOGIN)}, *_IF_THERE)
            elif await self._redis.send("zrem", ends, key):
                ended.append(key)
        return ended

    def _written(self, session: LoggedIn, lifetime: timedelta) -> tuple[object, ...]:
        place = self._redis.place("session", session.key)
        return place, msgspec.json.encode(session), None, _milliseconds(lifetime)


class RedisDeliveryStore(InRedis):
    """Keeps the versions of order items in a Redis that all processes share.

    Args:
        redis: A client of ``redis.asyncio``, which stays yours to close; or a URL. Then ``aclose()`` or ``async with``
            closes the client.
        keep: How long a version is remembered.
        prefix: How its keys begin.
        timeout: Seconds for each operation.
        lease: Seconds for which the lock of a process that died keeps the others waiting.

    Raises:
        ArgumentError: An argument that cannot work, by name.
        ImportError: The extra ``redis`` is not installed.
    """

    def __init__(
        self,
        redis: "Redis | RedisCluster | str",
        *,
        keep: timedelta = timedelta(days=90),
        prefix: str = "musement-app:",
        timeout: float = 5.0,
        lease: float = 10.0,
    ) -> None:
        super().__init__(redis, prefix=prefix, timeout=timeout, lease=lease)
        if keep <= timedelta():
            raise ArgumentError("keep", "must be longer than nothing")
        self._keep = keep

    def exclusive(self, item: UUID) -> AbstractAsyncContextManager[None]:
        """A lock on one item, in all processes. It comes free when its process dies, after the lease."""
        return self._redis.exclusive(f"item:{item}")

    async def load(self, item: UUID) -> int | None:
        """The version that was handled last; None if none is known."""
        found = await self._redis.send("get", self._redis.place("version", str(item)))
        return None if found is None else int(found)

    async def save(self, item: UUID, version: int) -> None:
        """Replace the version that was handled last."""
        place = self._redis.place("version", str(item))
        await self._redis.send("set", place, version, None, _milliseconds(self._keep))


def _end_after(lifetime: timedelta) -> float:
    return (datetime.now(UTC) + lifetime).timestamp()


def _text(member: bytes | str) -> str:
    return member.decode() if isinstance(member, bytes) else member


def _milliseconds(time: timedelta) -> int:
    return max(1, round(1000 * time.total_seconds()))
