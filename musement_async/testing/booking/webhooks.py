"""Webhooks that tell of each change of an order item's status."""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from threading import Condition
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from musement_async.testing.booking.orders import Order, OrderItem
from musement_async.testing.rendering.activities import Json

if TYPE_CHECKING:
    import httpx

MOST_ATTEMPTS = 5
_ACCEPTED = 200
_FIRST_PAUSE = 0.2
_TIMEOUT = 5.0
# Seconds between two looks at the server's clock while the sender waits for it.
_TICK = 0.05

_log: logging.Logger = logging.getLogger("musement_async.testing")


@frozen
class Receiver:
    """The URL that webhooks are sent to, with the username and the password for it."""

    url: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)


@define(eq=False)
class Delivery:
    """A webhook to deliver; the sender tries it at ``due``, a time of its clock, or later."""

    receiver: Receiver
    payload: Json
    attempts: int = 0
    due: float = 0


def format_datetime(moment: datetime) -> str:
    """A moment in the API's format, such as ``2026-12-01T10:30:00+0000``."""
    return f"{moment:%Y-%m-%dT%H:%M:%S%z}"


def payload_of(order: Order, item: OrderItem) -> Json:
    """The body of a webhook about an item; numbers are strings."""
    return {
        "order_id": str(order.number),
        "order_uuid": order.uuid,
        "order_created": format_datetime(order.created),
        "order_updated": format_datetime(order.updated),
        "order_version": str(order.version),
        "order_item_uuid": item.uuid,
        "order_item_created": format_datetime(item.created),
        "order_item_updated": format_datetime(item.updated),
        "order_item_version": str(item.version),
        "order_item_status": item.status,
    }


class Outbox:
    """The webhooks that are not accepted yet; each method holds ``changed``."""

    def __init__(self, changed: Condition) -> None:
        self._changed = changed
        self._waiting: deque[Delivery] = deque()
        self._sent: list[Delivery] = []  # and not answered yet
        self.receiver: Receiver | None = None

    def add(self, order: Order, item: OrderItem) -> None:
        """Queue a webhook about an item. Without a receiver, and for gifts, there is no webhook."""
        if self.receiver is None or item.cart_item.ticket.type == "musement-gift":
            return
        with self._changed:
            self._waiting.append(Delivery(self.receiver, payload_of(order, item)))
            self._changed.notify_all()

    @property
    def payloads(self) -> list[Json]:
        """The payloads that are not accepted yet, oldest first."""
        with self._changed:
            return [dict(delivery.payload) for delivery in (*self._sent, *self._waiting)]

    @property
    def is_waiting(self) -> bool:
        """Whether any webhook waits."""
        return bool(self._waiting)

    def take(self, now: float) -> Delivery | None:
        """The oldest webhook that is due, to be sent; what became of it has to be noted."""
        with self._changed:
            found = next((delivery for delivery in self._waiting if delivery.due <= now), None)
            if found is not None:
                self._waiting.remove(found)
                self._sent.append(found)
            return found

    def note(self, delivery: Delivery, problem: str | None, now: float) -> None:
        """Note that a webhook was accepted, or why not: then there is another attempt, unless this was the last one."""
        with self._changed:
            if delivery not in self._sent:
                return  # forgotten meanwhile
            self._sent.remove(delivery)
            if problem is None:
                return
            delivery.attempts += 1
            if delivery.attempts < MOST_ATTEMPTS:
                delivery.due = now + _FIRST_PAUSE * 2**delivery.attempts
                self._waiting.append(delivery)
                return
        receiver, payload = delivery.receiver.url, delivery.payload
        _log.warning(
            "%s did not accept a webhook about order %s in %d attempts, the last one: %s",
            receiver,
            payload["order_uuid"],
            MOST_ATTEMPTS,
            problem,
        )

    def clear(self) -> None:
        """Forget all webhooks."""
        with self._changed:
            self._waiting.clear()
            self._sent.clear()

    def _take_all(self) -> list[Delivery]:
        with self._changed:
            taken = list(self._waiting)
            self._waiting.clear()
            self._sent += taken
            return taken

    def _put_back(self, taken: list[Delivery]) -> None:
        """Let those wait again that have not been noted."""
        with self._changed:
            left = [delivery for delivery in taken if delivery in self._sent]
            self._sent = [delivery for delivery in self._sent if delivery not in left]
            self._waiting.extendleft(reversed(left))

    async def deliver(self, transport: "httpx.AsyncBaseTransport | None") -> int:
        """Try each webhook once, due or not. Returns how many were accepted."""
        import httpx

        accepted, taken = 0, self._take_all()
        try:
            async with httpx.AsyncClient(transport=transport, timeout=_TIMEOUT, trust_env=False) as client:
                for delivery in taken:
                    try:
                        problem = _problem(await client.post(delivery.receiver.url, **_options(delivery)))
                    except httpx.HTTPError as error:
                        problem = repr(error)
                    accepted += problem is None
                    self.note(delivery, problem, 0)
        finally:  # an application in process may raise
            self._put_back(taken)
        return accepted


class WebhookSender:
    """Delivers webhooks in a thread of its own, while a server runs.

    Args:
        outbox: The webhooks to deliver.
        changed: Notified when the outbox changes; held while the sender reads the outbox.
        tick: Makes the changes that are due; returns whether more changes are to come.
        clock: Returns the real time in seconds, for the pauses between attempts.
    """

    def __init__(
        self, outbox: Outbox, changed: Condition, tick: Callable[[], bool], clock: Callable[[], float]
    ) -> None:
        self._outbox = outbox
        self._changed = changed
        self._tick = tick
        self._clock = clock
        self._stopping = False

    def run(self) -> None:
        """The body of the thread."""
        import httpx

        while (delivery := self._next()) is not None:
            # The thread makes no client when it starts: making one takes longer than most test servers run.
            try:
                url = delivery.receiver.url
                problem = _problem(httpx.post(url, timeout=_TIMEOUT, trust_env=False, **_options(delivery)))
            except httpx.HTTPError as error:
                problem = repr(error)
            self._outbox.note(delivery, problem, self._clock())

    def stop(self) -> None:
        """End the thread; webhooks that wait keep waiting."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def _next(self) -> Delivery | None:
        with self._changed:
            while not self._stopping:
                expecting = self._tick()
                delivery = self._outbox.take(self._clock())
                if delivery is not None:
                    return delivery
                self._changed.wait(_TICK if expecting or self._outbox.is_waiting else None)
            return None


def _problem(response: "httpx.Response") -> str | None:
    return None if response.status_code == _ACCEPTED else f"status {response.status_code}"


def _options(delivery: Delivery) -> Json:
    return {"json": delivery.payload, "auth": delivery.receiver.credentials}
