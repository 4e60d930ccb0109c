"""Carts and orders of a local Musement, for methods that need one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from uuid import UUID

import attrs

from musement_async import Checkout, MusementClient, NewCartItem
from musement_async.forms import FormField
from musement_async.models import CancellationReason, Order, ScheduleProduct, ScheduleSlot
from musement_async.testing import LocalMusement
from tests.contract.methods import Method


class Stage(IntEnum):
    """The progress of a booking."""

    CART = 1
    ORDER = 2
    PAID = 3
    SETTLED = 4


_STAGES = {
    "account.order_item": Stage.SETTLED,
    "carts.order_info": Stage.PAID,
    "metadata.item_details": Stage.SETTLED,
    "orders.create": Stage.CART,
    "orders.update": Stage.ORDER,
    "orders.update_item": Stage.PAID,
    "payments.stored_stripe_source": Stage.PAID,
    "reviews.create": Stage.SETTLED,
}
_AREAS = {"carts": Stage.CART, "orders": Stage.SETTLED, "payments": Stage.ORDER}
_ANSWERS = {
    "date": "1990-12-10",
    "email": "ada@example.com",
    "integer": 1,
    "number": 60,
    "phone_number": "+39 06 12345",
    "flight_number": "AZ 610",
}


@attrs.frozen
class _Offer:
    """A product that can be booked."""

    day: date
    feature_code: str
    slot: ScheduleSlot
    product: ScheduleProduct
    language: str | None
    pickup: UUID | str | None

    @property
    def quantity(self) -> int:
        """The least quantity."""
        return max(self.slot.least, self.product.least)

    @property
    def item(self) -> NewCartItem:
        """An item for a cart with this quantity."""
        return NewCartItem.of(self.product, self.quantity, language=self.language, pickup=self.pickup)


def stage_of(method: Method) -> Stage | None:
    """The stage of a booking that a method needs; None if the method needs no booking."""
    return _STAGES.get(method.path, _AREAS.get(method.area))


class Bookings:
    """Makes carts and orders.

    Args:
        local: The local Musement.
        today: The current day of the local Musement.
    """

    def __init__(self, local: LocalMusement, today: date) -> None:
        self._local = local
        self._today = today

    async def values(
        self, client: MusementClient, method: Method, context: Mapping[str, object]
    ) -> dict[str, object] | None:
        """The arguments from a new booking at the stage that a method needs; None if nothing can be booked."""
        stage = stage_of(method)
        activity_uuid = str(context["activity_uuid"])
        days = await self._offers(client, activity_uuid)
        if stage is None or not days:
            return None
        offer = days[0]
        checkout = client.checkout()
        item = await checkout.add(
            offer.product, offer.quantity, slot=offer.slot, language=offer.language, pickup=offer.pickup
        )
        values = {**self._cards(), **_cart_values(checkout, offer), "cart_item_uuid": item.uuid}
        values |= {"promo": self._local.promo_code, "event_id": activity_uuid}
        forms = await checkout.forms()
        if forms.customer:
            values["customer"] = forms.customer.fill(_answer)
            await checkout.set_customer(forms.customer.fill(_answer))
        for item_uuid, form in forms.participants.items():
            values["participants"] = form.fill(_answer)
            await checkout.set_participants(item_uuid, form.fill(_answer))
        if stage >= Stage.ORDER:
            values |= await self._ordered(client, checkout, stage)
            await self._prepare(client, method, values)
            other = days[-1]
            values["start"] = datetime.combine(other.day, other.slot.time) if other.slot.time else None
            if stage >= Stage.SETTLED:
                values["ticket_id"] = (await client.orders.tickets(str(values["order_uuid"]), activity_uuid))[0].id
        return {name: value for name, value in values.items() if value is not None}

    async def _ordered(self, client: MusementClient, checkout: Checkout, stage: Stage) -> dict[str, object]:
        order = await checkout.order()
        if stage >= Stage.PAID:
            await client.payments.stripe(str(order.uuid), stripe_token=self._local.accepted_card)
        if stage >= Stage.SETTLED:
            self._local.settle(order.uuid)
        return _order_values(order)

    async def _prepare(self, client: MusementClient, method: Method, values: Mapping[str, object]) -> None:
        """Do the steps before a payment can be completed."""
        order_uuid, card = str(values["order_uuid"]), self._local.secured_card
        match method.name:
            case "complete_stripe_3d_secure":
                await client.payments.stripe(order_uuid, stripe_token=card)
            case "complete_adyen_3d_secure":
                await client.payments.adyen(order_uuid, card)
            case "complete_split_3d_secure":
                await client.payments.split(order_uuid, stripe_token=card)
            case "complete_paypal_express":
                await client.payments.begin_paypal_express(order_uuid, "https://example.com", "https://example.com")

    def _cards(self) -> dict[str, object]:
        stripe, adyen = ("stripe_token", "stripe_source_id"), ("adyen_encrypted_data", "adyen_token")
        return dict.fromkeys((*stripe, *adyen, "paypal_payment_id", "token"), self._local.accepted_card)

    async def _offers(self, client: MusementClient, activity_uuid: str) -> list[_Offer]:
        """The products of an activity on its first days and on its last."""
        activity = await client.activities.get(activity_uuid)
        pickup = (await client.activities.pickups(activity_uuid))[0].uuid if activity.needs_pickup else None
        week = self._today + timedelta(days=7)
        listed = await client.dates.list(activity_uuid, date_from=week, pickup=pickup)
        days = [day.day for day in listed if day.day is not None and not day.sold_out]
        found: list[_Offer] = []
        for day in (*days[:2], *days[-2:]):
            schedule = await client.dates.get(activity_uuid, day, pickup=pickup)
            for group, slot, product in schedule.offers():
                language = slot.languages[0].code if slot.languages else None
                offer = _Offer(day, group.feature_code or "", slot, product, language, pickup)
                if product.accepts(offer.quantity) and slot.accepts(offer.quantity):
                    found.append(offer)
        return found


def _cart_values(checkout: Checkout, offer: _Offer) -> dict[str, object]:
    return {
        "cart_uuid": checkout.cart_uuid,
        "items": [offer.item],
        "feature_code": offer.feature_code,
        "holders": {offer.product.holder_code: 1},
        "participants": [],
    }


def _order_values(order: Order) -> dict[str, object]:
    return {
        "order_uuid": order.uuid,
        "order_item_uuid": order.items[0].uuid,
        "currency": order.total_price.currency if order.total_price else "EUR",
        "extra_data": {"table": 7},
        "fields": {"order_uuid": str(order.uuid)},
        "price": Decimal("10.25"),
        "reason": CancellationReason.CANCELLED_BY_CUSTOMER,
    }


def _answer(field: FormField) -> object:
    if field.choices:
        return list(field.choices)[-1]
    kinds = (field.name, field.format, field.type)
    return next((_ANSWERS[kind] for kind in kinds if kind in _ANSWERS), "Ada")
