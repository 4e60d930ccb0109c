"""Bookings by the library's client at the local Musement."""

from datetime import date
from typing import Any

import pytest

from musement_async import LockedError, NewCartItem, OutcomeUnknownError
from musement_async.models import CancellationReason
from musement_async.testing import LocalMusement

Buyer = Any
CUSTOMER = {
    "firstname": "TEST",
    "lastname": "TEST",
    "email": "test@example.com",
    "musement_newsletter": "NO",
    "thirdparty_newsletter": "NO",
    "events_related_newsletter": "NO",
    "allow_profiling": "NO",
}


def opened(local: LocalMusement) -> Any:
    return local.client(currency="EUR", strict=True)


async def _cart(client: Any, uuid: str, day: str) -> Any:
    schedule = await client.dates.get(uuid, date.fromisoformat(day))
    _, slot, product = next(offer for offer in schedule.offers() if offer[2].is_open)
    language = slot.languages[0].code if slot.languages else None
    cart = await client.carts.create()
    (item,) = await client.carts.add_items(cart.uuid, [NewCartItem.of(product, 2, language=language)])
    assert item.is_ok
    await client.carts.set_customer(cart.uuid, CUSTOMER)
    return cart


def _offer(local: LocalMusement) -> tuple[str, str]:
    for activity in local._catalogue.online:
        asks = activity.flags["has_passenger_info"] or activity.flags["has_extra_customer_data"]
        if not (asks or activity.pickups) and activity.confirmation == "P0D" and activity.flags["free_cancellation"]:
            return activity.uuid, "2026-09-04"
    raise AssertionError("no such activity")


@pytest.mark.anyio
async def test_a_booking_from_the_cart_to_the_refund(local: LocalMusement) -> None:
    async with opened(local) as client:
        cart = await _cart(client, *_offer(local))
        order = await client.orders.create(cart.uuid, email_notification="NONE", extra_data={"booking": 7})
        assert [str(order.uuid)] == local.orders
        with pytest.raises(LockedError):
            await client.orders.create(cart.uuid)
        order = await client.payments.no_payment(order.uuid)
        order = await client.orders.wait(order.uuid)
        (item,) = order.items
        assert (order.is_paid, item.status) == (True, "OK")
        assert len(await client.orders.refund_policies(order.uuid, item.uuid)) > 0
        await client.orders.cancel_item(order.uuid, item.uuid, reason=CancellationReason.GRACE_PERIOD)
        assert (await client.orders.get(order.uuid)).status == "REFUND_STARTED"


@pytest.mark.anyio
async def test_an_order_that_nobody_heard_of_is_found_by_its_cart(local: LocalMusement) -> None:
    async with opened(local) as client:
        cart = await _cart(client, *_offer(local))
        local.fail_next(1, status=502, path="/orders", after=True)
        with pytest.raises(OutcomeUnknownError):
            await client.orders.create(cart.uuid)
        info = await client.carts.order_info(cart.uuid)
        assert [str(info.order_uuid)] == local.orders


@pytest.mark.anyio
async def test_vouchers_can_be_downloaded(local: LocalMusement, tmp_path: Any) -> None:
    async with opened(local) as client:
        cart = await _cart(client, *_offer(local))
        order = await client.orders.create(cart.uuid)
        order = await client.payments.no_payment(order.uuid)
        await client.orders.download(order.items[0].vouchers[0].url, tmp_path / "voucher.pdf")
    assert (tmp_path / "voucher.pdf").read_bytes().startswith(b"%PDF-")
