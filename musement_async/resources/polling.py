"""A loop that waits until an order is settled."""

import math
from collections.abc import Awaitable, Callable

import anyio

from musement_async.errors import (
    ArgumentError,
    MusementError,
    RateLimitError,
    ServerError,
    TransportError,
)
from musement_async.models.orders import Order, OrderItem

_GROWTH = 1.5


class OrderPendingError(MusementError):
    """An order was not settled in time. It may be settled later: nothing was cancelled.

    Attributes:
        order: The order, as it was last read.
        pending: Its items that are not settled.
    """

    def __init__(self, message: str, *, order: Order, pending: tuple[OrderItem, ...]) -> None:
        super().__init__(message)
        self.order = order
        self.pending = pending


async def wait_for_order(
    read: Callable[[], Awaitable[Order]],
    *,
    timeout: float,  # noqa: ASYNC109 (it raises an error of its own)
    initial_backoff: float,
    max_backoff: float,
) -> Order:
    """Read an order until every item is settled, with pauses that grow.

    Raises:
        OrderPendingError: Some items are not settled in time.
        APIError: The API refused.
        TransportError: The API was not reached in all that time.
    """
    check_polling(timeout=timeout, initial_backoff=initial_backoff, max_backoff=max_backoff)
    deadline = anyio.current_time() + timeout
    pause = min(initial_backoff, max_backoff)
    end: MusementError | None = None
    while True:
        try:
            order = await read()
        except (TransportError, RateLimitError, ServerError) as failure:
            # An earlier OrderPendingError tells more than this error.
            end = end if isinstance(end, OrderPendingError) else failure
        else:
            if order.is_settled:
                return order
            pending = order.pending_items
            waiting = ", ".join(str(item.uuid) for item in pending) or "an order without items"
            end = OrderPendingError(f"not settled after {timeout:g} seconds: {waiting}", order=order, pending=pending)
        left = deadline - anyio.current_time()
        if left <= 0:
            raise end
        await anyio.sleep(min(pause, left))
        pause = min(pause * _GROWTH, max_backoff)


def check_polling(**lengths: object) -> None:
    """Refuse values that are not lengths of time.

    Raises:
        ArgumentError: A value is not a number of seconds; the error names it.
    """
    for argument, value in lengths.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            raise ArgumentError(argument, "must be a number of seconds, 0 or more")
