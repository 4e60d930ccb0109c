"""Steps that run to their end, even if their caller is cancelled."""

from collections.abc import Awaitable, Callable, Generator, Hashable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

import anyio
import anyio.lowlevel

from musement_async.checkout.errors import PriceChangedError
from musement_async.errors import ArgumentError, CheckoutError, ClientClosedError, MusementError
from musement_async.transports.tasks import BackgroundTask, TaskRegistry

T = TypeVar("T")

_inside: ContextVar[anyio.Lock | None] = ContextVar("musement_async.checkout.turn", default=None)


class Steps:
    """Runs the steps of a checkout that change something, one at a time, each in a task of its own.

    Whoever waits for a step can be cancelled: the step goes on, and asking for it again is to wait for the same one.
    Another checkout of the same cart has to wait until it is done.
    """

    def __init__(self, tasks: TaskRegistry, cart_uuid: UUID | None) -> None:
        self._tasks = tasks
        self._running: dict[Hashable, BackgroundTask[Any]] = {}
        self._turn = anyio.Lock() if cart_uuid is None else tasks.locks.setdefault(cart_uuid, anyio.Lock())

    def are_about(self, cart_uuid: UUID) -> None:
        """Let other checkouts of this cart take turns with this one."""
        self._tasks.locks[cart_uuid] = self._turn

    async def share(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """The result of a step, which is begun unless it is under way."""
        if _inside.get() is self._turn:
            raise ArgumentError("payment", "must not take steps of its own checkout: they would wait for each other")
        await anyio.lowlevel.checkpoint_if_cancelled()
        running = cast("BackgroundTask[T] | None", self._running.get(key))
        if running is None:
            running = self._tasks.start(partial(self._alone, key, work), name="musement_async.checkout")
            self._running[key] = running
        return await running.join()

    async def _alone(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        try:
            async with self._turn:
                _inside.set(self._turn)
                return await work()
        finally:
            del self._running[key]


@contextmanager
def naming(step: str, uuids: Callable[[], tuple[UUID | None, UUID | None]]) -> Generator[None]:
    """Make failures say which step it was, and of which cart and order.

    Raises:
        CheckoutError: The step failed.
        ArgumentError: Nothing was sent, for a reason that lies in the arguments.
        PriceChangedError: Nothing was sent, because the total is another one than agreed.
        ClientClosedError: The client was closed before.
    """
    try:
        yield
    except (ArgumentError, ClientClosedError, PriceChangedError) as refusal:
        cart_uuid, order_uuid = uuids()
        refusal.add_note(f"at {step!r} of a checkout: cart {cart_uuid}, order {order_uuid}")
        raise
    except MusementError as failure:
        cart_uuid, order_uuid = uuids()
        raise CheckoutError(step, failure, cart_uuid=cart_uuid, order_uuid=order_uuid) from failure
