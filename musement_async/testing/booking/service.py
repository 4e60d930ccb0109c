"""The booking service: carts and orders, from the first item to the refund."""

import math
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from threading import Condition, RLock, Thread
from time import monotonic
from typing import TypeAlias

from attrs import evolve, frozen

from musement_async.testing.booking.cart_products import ActivityTicket, GiftTicket
from musement_async.testing.booking.carts import Cart, CartItem, new_uuid
from musement_async.testing.booking.orders import Order, OrderItem, Refund, StatusChange
from musement_async.testing.booking.stock import Stock
from musement_async.testing.booking.webhooks import Outbox, WebhookSender
from musement_async.testing.catalogue.activities import Catalogue
from musement_async.testing.catalogue.schedules import Product
from musement_async.testing.rendering.activities import Json
from musement_async.testing.rendering.activity_details import refund_policies
from musement_async.testing.server.collection import Collection
from musement_async.testing.server.errors import Refusal
from musement_async.testing.server.headers import Locale

_SENDER_SECONDS = 10
_INSTANT = "P0D"
PERMISSIONS = ("comment", "no-payment", "order-item-cancellation")
_Booking: TypeAlias = tuple[Order, OrderItem]


@frozen
class SettlementPolicy:
    """The time that settlements take.

    Attributes:
        clock: The time in seconds.
        settle_after: Seconds until a booking without instant confirmation is confirmed, and until a refund arrives.
        settle_instantly: Whether bookings of activities with instant confirmation are confirmed with the payment.
    """

    clock: Callable[[], float]
    settle_after: float
    settle_instantly: bool = True

    def __attrs_post_init__(self) -> None:
        if not self.settle_after >= 0:
            raise ValueError("settle_after: must not be negative")


class BookingService:
    """The carts and orders, and the changes of their status. A handler holds the lock while it runs.

    Args:
        policy: The time that settlements take.
        catalogue: Returns the catalogue.
        permissions: What client credentials may do, by the names of the API's scopes.
        today: The day that orders are made on; None dates them with the clock.
    """

    def __init__(
        self,
        policy: SettlementPolicy,
        catalogue: Callable[[], Catalogue],
        permissions: frozenset[str],
        today: date | None = None,
    ) -> None:
        self.lock: RLock = RLock()
        self._changed = Condition(self.lock)
        self._policy = policy
        self._started = policy.clock()
        self._catalogue = catalogue
        self._today = today
        self.permissions: frozenset[str] = permissions
        self.stock: Stock = Stock()
        self.outbox: Outbox = Outbox(self._changed)
        self.carts: Collection[Cart] = Collection("cart", lambda cart: cart.uuid)
        self.orders: Collection[Order] = Collection("order", lambda order: order.uuid)
        # Indexes, so that no request searches all orders: items by UUID, and by the secret of their voucher.
        self.items: dict[str, _Booking] = {}
        self.vouchers: dict[str, _Booking] = {}
        self._orders_of: defaultdict[str | None, list[Order]] = defaultdict(list)
        # The paid items that are pending. The changes to come are a heap; a number orders changes at equal times.
        self._pending: dict[str, _Booking] = {}
        self._timetable: list[tuple[float, int, StatusChange, _Booking]] = []
        self.stored_cards: dict[str, Json] = {}
        self._numbers = count(1)
        self._entries = count()
        self._refusals = 0

    @property
    def now(self) -> datetime:
        """The moment that dates orders: the clock's; with a given day, that day began when the server was made."""
        if self._today is None:
            return datetime.fromtimestamp(self._policy.clock(), UTC)
        return self.local_now.replace(tzinfo=UTC)

    @property
    def local_now(self) -> datetime:
        """The local time that activities are compared with: the catalogue's day began when the server was made.

        Everything on sale that day is therefore in the future, whatever the time of the day a test runs at.
        """
        elapsed = timedelta(seconds=self._policy.clock() - self._started)
        return datetime.combine(self._catalogue().today, time()) + elapsed

    def new_cart(self, owner: str | None) -> Cart:
        """An empty cart."""
        return self.carts.add(Cart(next(self._numbers), owner))

    def orders_of(self, owner: str | None) -> list[Order]:
        """The orders of a customer, oldest first."""
        return self._orders_of.get(owner, [])

    def create_order(self, cart: Cart, locale: Locale, given: Json) -> Order:
        """Order a cart: the order holds the places of its items from now on."""
        items = [self._order_item(item) for item in cart.items]
        totals = cart.totals(locale.currency)
        order = Order(next(self._numbers), cart, self.now, locale, totals, items, given=given)
        for item in items:
            if isinstance(item.cart_item.ticket, ActivityTicket):
                self.stock.take(item.cart_item.ticket.product, item.cart_item.quantity)
        cart.order = order
        self.orders.add(order)
        self._orders_of[order.owner].append(order)
        for item in items:
            self.items[item.uuid] = self.vouchers[item.secret] = (order, item)
        return order

    def refuse_payments(self, times: int) -> None:
        """Let the next payments fail."""
        if times < 1:
            raise ValueError("times: must be at least 1")
        with self.lock:
            self._refusals += times

    def change_prices(self, percent: int) -> int:
        """Change the prices of the tickets in carts that are not ordered. Returns how many there were."""
        if percent < 1:
            raise ValueError("percent: must be at least 1")
        with self.lock:
            items = [item for cart in self.carts if cart.order is None for item in cart.items]
            for item in items:
                if isinstance(item.ticket, ActivityTicket):
                    item.ticket = evolve(item.ticket, percent=percent)
            return len(items)

    def check_payment(self, order: Order) -> None:
        """Check that a payment may be made.

        Raises:
            Refusal: 422, :meth:`refuse_payments` wants this payment to fail.
        """
        if self._refusals:
            self._refusals -= 1
            order.payment_failed = True
            raise Refusal(422, "0", "The local Musement was told to refuse this payment.")

    def pay(self, order: Order) -> None:
        """Mark an order as paid: items with instant confirmation are confirmed, others wait."""
        order.paid, order.payment_failed, order.awaits = True, False, None
        for item in order.items:
            ticket = item.cart_item.ticket
            instant = isinstance(ticket, GiftTicket) or ticket.activity.confirmation == _INSTANT
            if instant and self._policy.settle_instantly:
                self.change(order, item, "OK")
            else:
                self._pending[item.uuid] = (order, item)
                self._schedule(order, item, "OK")
                self.outbox.add(order, item)
        with self._changed:
            self._changed.notify_all()

    def cancel(self, order: Order, item: OrderItem, cancellation: Json) -> None:
        """Cancel an item: its refund begins."""
        refund = item.refundable(order.currency, self.local_now)
        item.cancellation = cancellation
        item.refund = Refund(new_uuid(), refund, self.now)
        self.change(order, item, "REFUND_STARTED")
        self._schedule(order, item, "REFUNDED")
        with self._changed:
            self._changed.notify_all()

    def move(self, sold: CartItem, ticket: ActivityTicket, product: Product) -> None:
        """Move an item that has a ticket to another day or time."""
        self.stock.give_back(ticket.product, sold.quantity)
        sold.ticket = evolve(ticket, product=product)
        self.stock.take(product, sold.quantity)

    def change(self, order: Order, item: OrderItem, status: str) -> None:
        """Set the status of an item."""
        held = item.holds_places
        item.status, item.due = status, None
        if status != "PENDING":
            self._pending.pop(item.uuid, None)
        order.updated = item.updated = self.now
        order.version += 1
        item.version += 1
        if held and not item.holds_places and isinstance(item.cart_item.ticket, ActivityTicket):
            self.stock.give_back(item.cart_item.ticket.product, item.cart_item.quantity)
        self.outbox.add(order, item)

    def tick(self) -> bool:
        """Make the changes that are due. Returns whether more changes are to come."""
        ripe: dict[str, str] = {}
        while self._timetable:
            at, _, due, booking = self._timetable[0]
            outdated = booking[1].due is not due  # another change came first
            if not outdated and at > self._policy.clock():
                break
            heappop(self._timetable)
            if not outdated:
                ripe[booking[1].uuid] = due.status
        for order, item in _in_order(self.items[uuid] for uuid in ripe):
            self.change(order, item, ripe[item.uuid])
        return bool(self._timetable)

    def settle(self, order_uuid: str | None, status: str) -> int:
        """Settle pending bookings now. Returns how many there were."""
        with self.lock:
            self.tick()
            found = _in_order(pair for pair in self._pending.values() if order_uuid in (None, pair[0].uuid))
            for order, item in found:
                self.change(order, item, status)
            return len(found)

    def clear(self) -> None:
        """Forget every cart and order; the receiver of webhooks stays."""
        with self.lock:
            self.carts.clear()
            self.orders.clear()
            self.items.clear()
            self.vouchers.clear()
            self._orders_of.clear()
            self._pending.clear()
            self._timetable.clear()
            self.stored_cards.clear()
            self.stock.clear()
            self.outbox.clear()
            self._refusals = 0

    def restart(self) -> None:
        """Begin the day again, start the numbers at one, and forget the receiver of webhooks."""
        with self.lock:
            self.outbox.receiver = None
            self._numbers = count(1)
            self._started = self._policy.clock()

    @contextmanager
    def delivering(self) -> Generator[None, None, None]:
        """Deliver webhooks while the block runs."""
        sender = WebhookSender(self.outbox, self._changed, self.tick, monotonic)
        thread = Thread(target=sender.run, name="local-musement-webhooks", daemon=True)
        thread.start()
        try:
            yield
        finally:
            sender.stop()
            thread.join(_SENDER_SECONDS)

    def _order_item(self, item: CartItem) -> OrderItem:
        activity = item.ticket.activity
        policies = () if isinstance(item.ticket, GiftTicket) else tuple(refund_policies(activity) or ())
        return OrderItem(item, next(self._numbers), self.now, policies)

    def _schedule(self, order: Order, item: OrderItem, status: str) -> None:
        due = item.due = StatusChange(self._policy.clock() + self._policy.settle_after, status)
        if due.at < math.inf:
            heappush(self._timetable, (due.at, next(self._entries), due, (order, item)))


def _in_order(bookings: Iterable[_Booking]) -> list[_Booking]:
    """The oldest items first."""
    return sorted(bookings, key=lambda booking: booking[1].number)
