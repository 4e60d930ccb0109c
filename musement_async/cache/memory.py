"""The protocol of answer stores, and the one in memory."""

from collections import OrderedDict
from time import monotonic
from typing import Protocol

from musement_async.cache.answers import CacheKey
from musement_async.errors import ArgumentError

# What an entry takes beyond its value: two dicts' slots, the key, the tuple.
_OVERHEAD = 400


class CacheStore(Protocol):
    """Keeps answers as bytes.

    Whatever a method raises is logged and counts as a miss: a call never fails because of its cache.
    """

    async def load(self, key: CacheKey) -> bytes | None:
        """The value of a key; None without one."""
        ...

    async def save(self, key: CacheKey, value: bytes, *, keep: float) -> None:
        """Keep a value for a number of seconds; a full store may drop it earlier."""
        ...

    async def purge(self, path: str | None = None, *, below: bool = True) -> None:
        """Forget the values of a path and, with ``below``, of all paths below it; without a path all values."""
        ...

    async def size(self) -> int:
        """The bytes that all values take."""
        ...


class MemoryCacheStore:
    """Keeps answers in memory; a full store drops those that were used least recently.

    Args:
        max_bytes: The bytes that all answers may take.

    Raises:
        ArgumentError: ``max_bytes`` is not a whole number above 0.
    """

    def __init__(self, max_bytes: int = 64 * 2**20) -> None:
        self._max_bytes = check_bytes(max_bytes)
        self._size = 0
        self._values: OrderedDict[CacheKey, tuple[bytes, float]] = OrderedDict()

    async def load(self, key: CacheKey) -> bytes | None:
        """The value of a key; None without one."""
        found = self._values.get(key)
        if found is None:
            return None
        value, until = found
        if monotonic() >= until:
            self._drop(key)
            return None
        self._values.move_to_end(key)
        return value

    async def save(self, key: CacheKey, value: bytes, *, keep: float) -> None:
        """Keep a value for a number of seconds; a full store may drop it earlier."""
        self._drop(key)
        if len(value) + _OVERHEAD > self._max_bytes:
            return
        self._values[key] = (value, monotonic() + keep)
        self._size += len(value) + _OVERHEAD
        while self._size > self._max_bytes:
            self._drop(next(iter(self._values)))

    def _drop(self, key: CacheKey) -> None:
        dropped = self._values.pop(key, None)
        if dropped is not None:
            self._size -= len(dropped[0]) + _OVERHEAD

    async def purge(self, path: str | None = None, *, below: bool = True) -> None:
        """Forget the values of a path and, with ``below``, of all paths below it; without a path all values."""
        for key in list(self._values):
            if path is None or key.path == path or (below and key.path.startswith(f"{path}/")):
                self._drop(key)

    async def size(self) -> int:
        """The bytes that all values take."""
        return self._size


def check_bytes(max_bytes: object) -> int:
    """A bound in bytes.

    Raises:
        ArgumentError: It is not a whole number above 0.
    """
    if type(max_bytes) is not int or max_bytes < 1:
        raise ArgumentError("max_bytes", "must be a whole number of bytes, above 0")
    return max_bytes
