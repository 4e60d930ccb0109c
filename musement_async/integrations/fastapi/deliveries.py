"""Versions of order items that were handled, for webhooks that arrive twice, late or at several processes."""

from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol
from uuid import UUID

import anyio
import attrs

from musement_async.errors import ArgumentError


class DeliveryStore(Protocol):
    """Keeps the last version of each order item that was handled, for all processes of an application."""

    def exclusive(self, item: UUID) -> AbstractAsyncContextManager[object]:
        """A lock on one item, in all processes. It must come free when its process dies."""
        ...

    async def load(self, item: UUID) -> int | None:
        """The version that was handled last; None if none is known."""
        ...

    async def save(self, item: UUID, version: int) -> None:
        """Replace the version that was handled last."""
        ...


@attrs.define
class _Turn:
    lock: anyio.Lock = attrs.field(factory=anyio.Lock)
    takers: int = 0


class MemoryDeliveryStore:
    """Keeps the versions of the latest items in the memory of one process.

    Args:
        capacity: How many items to remember.

    Raises:
        ArgumentError: ``capacity`` is not a whole number above 0.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        if type(capacity) is not int or capacity < 1:
            raise ArgumentError("capacity", "must be a whole number above 0")
        self._capacity = capacity
        self._versions: OrderedDict[UUID, int] = OrderedDict()
        self._turns: dict[UUID, _Turn] = {}

    def __len__(self) -> int:
        """The number of items that it remembers."""
        return len(self._versions)

    @asynccontextmanager
    async def exclusive(self, item: UUID) -> AsyncGenerator[None]:
        """A lock on one item. An item whose lock nobody holds or awaits has none."""
        turn = self._turns.setdefault(item, _Turn())
        turn.takers += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.takers -= 1
            if not turn.takers:
                del self._turns[item]

    async def load(self, item: UUID) -> int | None:
        """The version that was handled last; None if none is known."""
        return self._versions.get(item)

    async def save(self, item: UUID, version: int) -> None:
        """Replace the version that was handled last."""
        self._versions[item] = version
        self._versions.move_to_end(item)
        if len(self._versions) > self._capacity:
            self._versions.popitem(last=False)
