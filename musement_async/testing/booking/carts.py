"""Carts: their items, their customer, and their price."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from attrs import define, field, frozen

from musement_async.testing.booking.cart_products import ActivityTicket, CartTicket
from musement_async.testing.booking.stock import Stock
from musement_async.testing.rendering.activities import Json
from musement_async.testing.server.money import Currency

if TYPE_CHECKING:
    from musement_async.testing.booking.orders import Order

PROMO_CODE = "LOCAL-PROMO"
PROMO_PERCENT = 10
BUNDLE_PERCENT = 10
MOST_ITEMS = 100
EXTRA = "extra_customer_data"


def new_uuid() -> str:
    """A new UUID."""
    return str(uuid4())


@define(eq=False)
class CartItem:
    """A product in a cart, its quantity, and the answers of its participants."""

    ticket: CartTicket
    quantity: int
    uuid: str = field(factory=new_uuid)
    participants: list[Json] = field(factory=list[Json])


@frozen
class PromoIntent:
    """A request for the reduced price of an activity that is recommended with another one."""

    uuid: str
    promo: str
    triggering: str | None
    target: str | None


@frozen
class Totals:
    """The price of a cart, in the smallest unit of a currency."""

    base: int
    fee: int
    discount: int
    promo: int

    @property
    def full(self) -> int:
        """The price before all reductions, with the fee."""
        return self.base + self.fee

    @property
    def taken_off(self) -> int:
        """The sum of all reductions."""
        return self.discount + self.promo

    @property
    def retail(self) -> int:
        """The price that the customer pays."""
        return self.full - self.taken_off


@define(eq=False)
class Cart:
    """The items of a cart, and the customer's answers."""

    number: int
    owner: str | None = None
    uuid: str = field(factory=new_uuid)
    items: list[CartItem] = field(factory=list[CartItem])
    customer: Json = field(factory=dict[str, Any])
    extra: dict[str, Json] = field(factory=dict[str, Json])
    promo_code: str | None = None
    intents: list[PromoIntent] = field(factory=list[PromoIntent])
    order: "Order | None" = None

    def item(self, uuid: str) -> CartItem | None:
        """One of its items."""
        return next((item for item in self.items if item.uuid == uuid), None)

    def answer(self, given: Json) -> None:
        """Add to the answers of the customer."""
        self.customer = {**self.customer, **{name: value for name, value in given.items() if name != EXTRA}}
        self.extra = {**self.extra, **given.get(EXTRA, {})}

    def totals(self, currency: Currency) -> Totals:
        """The prices."""
        parts = [(item.ticket.amounts(currency), item.quantity) for item in self.items]
        return Totals(
            base=sum(part.base * quantity for part, quantity in parts),
            fee=sum(part.fee * quantity for part, quantity in parts),
            discount=sum(part.discount * quantity for part, quantity in parts),
            promo=self._promo(currency),
        )

    def missing_places(self, stock: Stock) -> dict[str, int]:
        """The items for which too few places are left, by UUID, each with the number of places left."""
        wanted: dict[tuple[object, ...], int] = {}
        missing: dict[str, int] = {}
        for item in self.items:
            if not isinstance(item.ticket, ActivityTicket):
                continue
            product = stock.current(item.ticket.product)
            slot = (product.activity.uuid, product.day, product.slot.time)
            wanted[slot] = wanted.get(slot, 0) + item.quantity
            if not product.slot.has(wanted[slot]):
                missing[item.uuid] = product.slot.places
        return missing

    def _promo(self, currency: Currency) -> int:
        retail = {item.uuid: item.ticket.amounts(currency).retail * item.quantity for item in self.items}
        reduced = {item.uuid for item in self.items if self._is_reduced(item)}
        off = sum(retail[uuid] * BUNDLE_PERCENT // 100 for uuid in reduced)
        return off + ((sum(retail.values()) - off) * PROMO_PERCENT // 100 if self.promo_code else 0)

    def _is_reduced(self, item: CartItem) -> bool:
        here = {other.ticket.activity.uuid for other in self.items}
        return any(intent.target == item.ticket.activity.uuid and intent.triggering in here for intent in self.intents)


def activities_of(items: Iterable[CartItem]) -> Mapping[str, CartItem]:
    """The first item of each activity, by the activity's UUID."""
    found: dict[str, CartItem] = {}
    for item in items:
        found.setdefault(item.ticket.activity.uuid, item)
    return found
