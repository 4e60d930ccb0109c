"""Answers in Redis, for the processes of many machines. Needs the extra ``redis``, and asyncio."""

import re
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from musement_async._extras import install
from musement_async.cache.answers import CacheKey
from musement_async.errors import ArgumentError

try:
    from redis.asyncio import Redis
except ModuleNotFoundError as _missing:
    raise ImportError(f"RedisCacheStore needs redis: {install('redis')}", name=_missing.name) from _missing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_GLOB = re.compile(r"([\\*?\[\]^-])")
_DELETED_AT_ONCE = 500


class RedisCacheStore:
    """Keeps answers in a Redis, under ``<prefix><path>:<digest>``.

    Redis' own settings limit the room and choose what to drop when it is full: ``maxmemory`` and
    ``maxmemory-policy``. Token stores want ``noeviction``, so give answers a Redis, or a database server, of their own.

    Args:
        redis: A client of ``redis.asyncio``, which stays yours to close; or a URL, ``redis://``, ``rediss://`` or
            ``unix://``. Then the store makes a client, and ``aclose()`` or ``async with`` closes it.
        prefix: How its keys begin.
        timeout: Seconds for each operation, after which the call goes on without its cache.

    Raises:
        ArgumentError: An argument that cannot work, by name.
    """

    def __init__(self, redis: "Redis | str", *, prefix: str = "musement:cache:", timeout: float = 1.0) -> None:
        self._owned: Any = None
        if isinstance(redis, str):
            try:
                self._owned = cast("Any", Redis).from_url(redis, socket_timeout=timeout, socket_connect_timeout=timeout)
            except ValueError:
                problem = "must be a client of redis.asyncio, or a redis://, rediss:// or unix:// URL"
                raise ArgumentError("redis", problem) from None
        self._redis: Any = redis if self._owned is None else self._owned
        self._prefix = prefix

    def __repr__(self) -> str:
        return f"RedisCacheStore(prefix={self._prefix!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def load(self, key: CacheKey) -> bytes | None:
        """The value of a key; None without one."""
        value: bytes | None = await self._redis.get(self._name(key))
        return value

    async def save(self, key: CacheKey, value: bytes, *, keep: float) -> None:
        """Keep a value for a number of seconds; a full store may drop it earlier."""
        await self._redis.set(self._name(key), value, px=max(1, round(1000 * keep)))

    async def purge(self, path: str | None = None, *, below: bool = True) -> None:
        """Forget the values of a path and, with ``below``, of all paths below it; without a path all values."""
        start = _GLOB.sub(r"\\\1", f"{self._prefix}{path or ''}")
        for pattern in [f"{start}*"] if path is None else [f"{start}:*", *([f"{start}/*"] if below else [])]:
            names: list[bytes] = []
            async for name in self._names(pattern):
                names.append(name)
                if len(names) == _DELETED_AT_ONCE:
                    await self._redis.unlink(*names)
                    names.clear()
            if names:
                await self._redis.unlink(*names)

    async def size(self) -> int:
        """The bytes that all values take."""
        total = 0
        async for name in self._names(_GLOB.sub(r"\\\1", self._prefix) + "*"):
            total += await self._redis.strlen(name)
        return total

    async def aclose(self) -> None:
        """Close the client if the store has made it."""
        if self._owned is not None:
            await self._owned.aclose()

    def _name(self, key: CacheKey) -> str:
        return f"{self._prefix}{key.path}:{key.digest}"

    def _names(self, pattern: str) -> "AsyncIterator[bytes]":
        names: AsyncIterator[bytes] = self._redis.scan_iter(match=pattern, count=_DELETED_AT_ONCE)
        return names
