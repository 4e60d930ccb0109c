import math
from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn

import pytest

from musement_async.testing import LocalMusement

Buyer = Any
Json = dict[str, Any]
URL = "https://partner.example.com/webhooks"


class CountingClock:
    """A clock that counts its calls: one for each item that may be due."""

    def __init__(self) -> None:
        self.looks = 0
        self.now = 1_000_000.0

    def __call__(self) -> float:
        self.looks += 1
        return self.now


@pytest.fixture
def clock() -> CountingClock:
    return CountingClock()


class Closed(dict[str, Any]):
    """Entries that can be looked up, but not iterated."""

    def values(self) -> NoReturn:
        raise AssertionError("all entries were gone through")

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("all entries were gone through")


def slow(buyer: Buyer) -> Json:
    """An entry for a cart, of an activity without instant confirmation."""
    entry: Json = buyer.offer(
        lambda activity: activity.confirmation != "P0D" and activity.number % 3 == 0 and not activity.pickups, 4
    ).entry
    return entry


def test_no_request_goes_through_all_orders(local: LocalMusement, customer: Buyer) -> None:
    order = customer.post("/orders", {"cart_uuid": customer.cart(customer.plain().entry)})
    paying = {"order_uuid": order["uuid"], "stripe_token": local.accepted_card}
    local._booking.orders._things = Closed(local._booking.orders._things)
    for name in ("items", "vouchers"):
        setattr(local._booking, name, Closed(getattr(local._booking, name)))
    answer = customer.ask("/payments/stripe/payment", "POST", json=paying)
    assert answer.status_code < 500
    assert [each["uuid"] for each in customer.get("/customers/me/orders")] == [order["uuid"]]
    (item,) = order["items"]
    assert customer.get(f"/item/{item['uuid']}/general-details")["uuid"] == item["uuid"]
    assert customer.ask("/item/unknown/general-details").status_code == 404
    local.settle()


def test_items_that_are_not_due_are_not_looked_at(local: LocalMusement, buyer: Buyer, clock: CountingClock) -> None:
    entry = slow(buyer)
    for _ in range(8):
        buyer.paid(entry)
    clock.looks = 0
    assert local._booking.tick()
    assert clock.looks == 1


def test_items_that_are_settled_by_hand_are_due_no_more(
    local: LocalMusement, buyer: Buyer, clock: CountingClock
) -> None:
    entry = slow(buyer)
    for _ in range(3):
        buyer.paid(entry)
    assert local.settle() == 3
    assert local.settle() == 0
    clock.looks = 0
    assert not local._booking.tick()
    assert (clock.looks, local._booking._timetable, local._booking._pending) == (0, [], {})


def test_what_is_never_due_is_not_waited_for(send_to: Any, client_login: dict[str, str], buyer: Buyer) -> None:
    local = LocalMusement(activities=120, settle_after=math.inf)
    other = type(buyer)(local, send_to, client_login)
    other.paid(slow(other))
    assert not local._booking.tick()
    assert local.settle() == 1


def test_what_falls_due_together_is_told_in_the_order_of_the_items(
    local: LocalMusement, buyer: Buyer, clock: CountingClock
) -> None:
    entry = slow(buyer)
    first, second = buyer.order(entry), buyer.order(entry)
    for order in (second, first):
        buyer.post("/payments/no/payment", {"uuid": order["uuid"]})
        clock.now += 0.5
    local.send_webhooks_to(URL)
    clock.now += 10
    assert [hook["order_uuid"] for hook in local.pending_webhooks()] == [first["uuid"], second["uuid"]]


def test_a_voucher_is_found_by_its_secret_alone(local: LocalMusement, buyer: Buyer) -> None:
    buyer.paid(buyer.plain().entry)
    ((secret, (_, item)),) = local._booking.vouchers.items()
    origin = local.base_url.removesuffix("/api/v3")
    found = [buyer.ask(f"{origin}/vouchers/{name}").status_code for name in (f"{secret}.pdf", secret, f"{secret}.txt")]
    assert found == [200, 404, 404]
    item.status = "KO"
    assert buyer.ask(f"{origin}/vouchers/{secret}.pdf").status_code == 404
    assert buyer.ask(f"{origin}/vouchers/{item.uuid}.pdf").status_code == 404


@pytest.mark.parametrize(
    ("today", "expected"), [(None, "2026-09-21T14:13:20+0000"), (date(2026, 6, 1), "2026-06-01T00:00:00+0000")]
)
def test_orders_are_dated_with_the_clock_unless_the_day_is_given(
    today: date | None, expected: str, buyer: Buyer, send_to: Any, client_login: Json
) -> None:
    local = LocalMusement(today=today, clock=lambda: 1_790_000_000.0)
    other = type(buyer)(local, send_to, client_login)
    assert other.order(other.plain().entry)["date"] == expected


def test_orders_of_somebody_without_any_are_none(customer: Buyer) -> None:
    assert customer.get("/customers/me/orders") == []


def test_a_reset_server_counts_orders_from_one_again(local: LocalMusement, buyer: Buyer, send_to: Any) -> None:
    buyer.order(buyer.plain().entry)
    before = next(iter(local._booking.orders)).number
    local.reset(everything=True)
    again = type(buyer)(
        local,
        send_to,
        {"client_id": "local-client", "client_secret": "local-secret", "grant_type": "client_credentials"},
    )
    again.order(again.plain().entry)
    assert next(iter(local._booking.orders)).number == before
