"""Orders, and the status of each item."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from attrs import define, field, frozen

from musement_async.models.durations import parse_duration
from musement_async.testing.booking.cart_products import ActivityTicket, GiftTicket
from musement_async.testing.booking.carts import Cart, CartItem, Totals, new_uuid
from musement_async.testing.rendering.activities import Json
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import Currency

SETTLED = ("OK", "KO")
_GIVEN_BACK = frozenset({"KO", "REFUND_STARTED", "REFUNDED"})
_FAILED = frozenset({"KO", "CANCELLATION_ERROR"})
# How long a ticket for any day is valid.
_VALIDITY = timedelta(days=365)
_Test = Callable[[Iterable[str]], bool]


@frozen
class StatusChange:
    """The next status of an item, and the second of the server's clock at which it applies."""

    at: float
    status: str


@frozen
class Refund:
    """Money that was paid back."""

    uuid: str
    minor: int
    date: datetime


@define(eq=False)
class OrderItem:
    """One item of an order."""

    cart_item: CartItem
    number: int
    created: datetime
    policies: tuple[Json, ...]
    uuid: str = field(factory=new_uuid)
    status: str = "PENDING"
    due: StatusChange | None = None
    version: int = 1
    updated: datetime = field(init=False)
    voucher_urls: list[str] = field(factory=list[str])
    cancellation: Json = field(factory=dict[str, Any])
    b2b_minor: int | None = None
    refund: Refund | None = None
    secret: str = field(factory=new_uuid)

    def __attrs_post_init__(self) -> None:
        self.updated = self.created

    @property
    def code(self) -> str:
        """The number that people know it by."""
        return f"{self.number:07}"

    @property
    def start(self) -> datetime | None:
        """The local time of its start; None for a gift and for a ticket for any day."""
        ticket = self.cart_item.ticket
        if isinstance(ticket, GiftTicket) or ticket.activity.flags["open"]:
            return None
        return datetime.combine(ticket.product.day, ticket.product.slot.time)

    @property
    def is_failed(self) -> bool:
        """Whether its status is an error."""
        return self.status in _FAILED

    @property
    def holds_places(self) -> bool:
        """Whether the item holds places."""
        return isinstance(self.cart_item.ticket, ActivityTicket) and self.status not in _GIVEN_BACK

    def total(self, currency: Currency) -> int:
        """The price of all its tickets, in the smallest unit of a currency."""
        return self.cart_item.ticket.amounts(currency).retail * self.cart_item.quantity

    def applicable(self, now: datetime) -> list[tuple[Json, datetime]]:
        """The refund policies that still apply, each with its last moment; the most generous first."""
        start = self.start or self.created.replace(tzinfo=None) + _VALIDITY
        dated = [(policy, start - parse_duration(policy["period"])) for policy in self.policies]
        return [(policy, until) for policy, until in dated if until >= now]

    def refundable(self, currency: Currency, now: datetime) -> int:
        """The amount that is refunded if the item is cancelled now."""
        total = self.total(currency)
        for policy, _ in self.applicable(now):
            if policy["type"] == "PERCENTAGE":
                return int(total * policy["value"] // 100)
            return min(total, currency.minor(round(policy["value"] * 100)))
        return 0


@define(eq=False)
class Order:
    """An order: the items of a cart, at the prices of that moment."""

    number: int
    cart: Cart
    created: datetime
    locale: Locale
    totals: Totals
    items: list[OrderItem]
    uuid: str = field(factory=new_uuid)
    given: Json = field(factory=dict[str, Any])
    paid: bool = False
    payment_failed: bool = False
    awaits: str | None = None
    version: int = 1
    updated: datetime = field(init=False)
    receiver: Json | None = None

    def __attrs_post_init__(self) -> None:
        self.updated = self.created

    @property
    def identifier(self) -> str:
        """The number that people know it by."""
        return f"MUS{self.number:07}"

    @property
    def owner(self) -> str | None:
        """The username of the customer who made the order; None without a login as a customer."""
        return self.cart.owner

    @property
    def currency(self) -> Currency:
        """The currency of the payment."""
        return self.locale.currency

    @property
    def status(self) -> str:
        """The status, ``PENDING`` until every item is settled."""
        statuses = {item.status for item in self.items}
        if not statuses or "PENDING" in statuses:
            return "PENDING"
        return next(status for status in (*_ORDER_STATUSES, *sorted(statuses)) if status in statuses)

    @property
    def progress(self) -> str:
        """The order's progress, in the words of ``order-info``."""
        if not self.paid:
            return "payment_failed" if self.payment_failed else "created"
        statuses = [item.status for item in self.items]
        return next(name for name, test in _PROGRESS if test(statuses))

    def item(self, uuid: str) -> OrderItem | None:
        """One of its items."""
        return next((item for item in self.items if item.uuid == uuid), None)

    def items_of(self, activity_uuid: str) -> list[OrderItem]:
        """Its items of one activity."""
        return [item for item in self.items if item.cart_item.ticket.activity.uuid == activity_uuid]


_ORDER_STATUSES = ("OK", "REFUND_STARTED", "CANCELLATION_ERROR", "REFUNDED", "KO")


def _all(*statuses: str) -> _Test:
    return lambda found: set(found) <= set(statuses)


def _any(*statuses: str) -> _Test:
    return lambda found: bool(set(found) & set(statuses))


_PROGRESS: tuple[tuple[str, _Test], ...] = (
    ("booking_started", _any("PENDING")),
    ("booking_failed", _all("KO")),
    ("booking_partially_failed", _any("KO")),
    ("refunded", _all("REFUNDED")),
    ("partially_refunded", _any("REFUNDED")),
    ("booking_ok", lambda _: True),
)
