import json
import math
from typing import Any
from uuid import uuid4

import pytest

from musement_async.testing import LocalMusement

Buyer = Any
Json = dict[str, Any]


def test_an_order_starts_pending_and_not_paid(buyer: Buyer, local: LocalMusement) -> None:
    offer = buyer.plain()
    cart = buyer.cart(offer.times(2), discount_code=local.promo_code)
    retail = buyer.get(f"/carts/{cart}")["retail_price"]
    order = buyer.post("/orders", {"cart_uuid": cart})
    (item,) = order["items"]
    assert order["identifier"].startswith("MUS")
    assert (order["status"], item["status"], order["is_paid"]) == ("PENDING", "PENDING", False)
    assert order["total_price"] == retail
    assert item["cart_item_uuid"] == buyer.get(f"/carts/{cart}")["items"][0]["uuid"]
    assert (item["product"]["date"], item["vouchers"]) == (f"{offer.day} {offer.slot['time']}", [])
    assert local.orders == [order["uuid"]]
    assert buyer.get(f"/orders/{order['uuid']}") == order


def test_a_cart_is_ordered_once(buyer: Buyer, local: LocalMusement) -> None:
    cart = buyer.cart(buyer.plain().entry)
    buyer.post("/orders", {"cart_uuid": cart})
    assert buyer.ask("/orders", "POST", json={"cart_uuid": cart}).status_code == 423
    assert len(local.orders) == 1


def test_what_was_ordered_although_nobody_heard_of_it_can_be_found(buyer: Buyer, local: LocalMusement) -> None:
    cart = buyer.cart(buyer.plain().entry)
    local.fail_next(1, status=502, path="/orders", after=True)
    assert buyer.ask("/orders", "POST", json={"cart_uuid": cart}).status_code == 502
    assert buyer.get(f"/carts/{cart}/order-info")["order_uuid"] == local.orders[0]


def test_a_failure_before_the_work_orders_nothing(buyer: Buyer, local: LocalMusement) -> None:
    cart = buyer.cart(buyer.plain().entry)
    local.fail_next(1, status=429, path="/orders", headers={"Retry-After": "3"})
    refused = buyer.ask("/orders", "POST", json={"cart_uuid": cart})
    assert (refused.status_code, refused.headers["Retry-After"], local.orders) == (429, "3", [])


@pytest.mark.parametrize(
    "change",
    [
        {"cart_uuid": "12"},
        {"email_notification": "SOME"},
        {"extra_data": {"a": 1}},
        {"extra_data": "[1]"},
        {"extra_data": "{"},
        {"affiliate_channel": "shop"},
        {"sms_notification_to": "12"},
        {"cart_id": 1},
    ],
)
def test_an_order_that_cannot_be_is_refused(buyer: Buyer, local: LocalMusement, change: Json) -> None:
    cart = buyer.cart(buyer.plain().entry)
    assert buyer.ask("/orders", "POST", json={"cart_uuid": cart, **change}).status_code == 400
    assert local.orders == []


def test_what_is_told_with_an_order_is_kept(buyer: Buyer) -> None:
    more = {
        "email_notification": "NONE",
        "extra_data": json.dumps({"booking": 7}),
        "affiliate": "somebody",
        "affiliate_channel": "shop",
        "sms_notification_to": "+393331234567",
    }
    order = buyer.order(buyer.plain().entry, **more)
    assert (order["extra_data"], order["affiliate_channel"]) == (more["extra_data"], "shop")
    assert order["affiliate"]["code"] == "somebody"


def test_an_order_names_its_market(buyer: Buyer) -> None:
    cart = buyer.cart(buyer.plain().entry)
    order = buyer.post("/orders", {"cart_uuid": cart}, headers={"X-Musement-Market": "it"})
    assert order["market"] == "it"


def test_an_empty_cart_and_one_without_answers_cannot_be_ordered(buyer: Buyer, local: LocalMusement) -> None:
    assert buyer.ask("/orders", "POST", json={"cart_uuid": buyer.cart()}).status_code == 400
    uuid = buyer.post("/carts", {})["uuid"]
    offer = buyer.offer(
        lambda activity: activity.flags["has_extra_customer_data"] and activity.flags["has_passenger_info"]
    )
    item = buyer.post(f"/carts/{uuid}/items", [offer.entry])
    errors = buyer.ask("/orders", "POST", json={"cart_uuid": uuid}).json()["errors"]
    names = [error["field_name"] for error in errors]
    assert names[-2:] == [f"extra_customer_data.{offer.activity.uuid}", f"items.{item['uuid']}.participants"]
    assert {"firstname", "allow_profiling"} <= set(names)
    assert local.orders == []


def test_an_order_is_found_by_its_uuid_only(buyer: Buyer) -> None:
    order = buyer.order(buyer.plain().entry)
    for name in (order["identifier"], str(uuid4()), "1"):
        assert buyer.ask(f"/orders/{name}").json()["code"] == "1400"


def test_an_order_stays_in_its_currency(buyer: Buyer) -> None:
    order = buyer.order(buyer.plain().entry)
    seen = buyer.get(f"/orders/{order['uuid']}", headers={"X-Musement-Currency": "GBP"})
    assert seen["total_price"] == order["total_price"]


def test_answers_are_part_of_the_order(buyer: Buyer) -> None:
    offer = buyer.offer(
        lambda activity: activity.flags["has_extra_customer_data"] and activity.flags["has_passenger_info"]
    )
    cart = buyer.cart(offer.entry)
    asked = buyer.get(f"/carts/{cart}/customer/schema")["properties"]["extra_customer_data"]["properties"]
    (item,) = buyer.post("/orders", {"cart_uuid": cart})["items"]
    path = f"/carts/{cart}/items/{item['cart_item_uuid']}/participants"
    assert item["participants_info"] == buyer.get(path) != []
    assert {answer["name"] for answer in item["extra_customer_data"]} == set(asked[offer.activity.uuid]["properties"])


def test_extra_data_can_be_changed_until_the_payment(buyer: Buyer) -> None:
    order = buyer.order(buyer.plain().entry)
    path = f"/orders/{order['uuid']}"
    assert buyer.post(path, {"extra_data": "{}"}, "PATCH")["extra_data"] == "{}"
    buyer.post("/payments/no/payment", {"uuid": order["uuid"]})
    assert buyer.ask(path, "PATCH", json={"extra_data": "{}"}).status_code == 423


def test_the_receiver_of_the_invoice_is_told_once_and_after_the_payment(buyer: Buyer) -> None:
    order = buyer.order(buyer.plain().entry)
    path, company = f"/orders/{order['uuid']}/invoice-receiver", {"legal_name": "ACME", "country_code": "IT"}
    assert buyer.ask(path, "PUT", json={"type": "COMPANY", **company}).status_code == 405
    buyer.post("/payments/no/payment", {"uuid": order["uuid"]})
    for wrong in ({"type": "COMPANY"}, {"type": "CUSTOMER", **company}, {"type": "COMPANY", "country_code": "Italy"}):
        assert buyer.ask(path, "PUT", json=wrong).status_code == 400
    assert buyer.post(path, {"type": "COMPANY", **company}, "PUT") == company
    assert buyer.ask(path, "PUT", json={"type": "COMPANY", **company}).status_code == 423


def test_activities_that_are_confirmed_at_once_are_settled_with_the_payment(buyer: Buyer) -> None:
    order = buyer.paid(buyer.plain().entry)
    assert (order["status"], order["is_paid"], order["items"][0]["status"]) == ("OK", True, "OK")
    assert order["items"][0]["vouchers"]


def test_others_are_settled_after_a_while(buyer: Buyer, clock: Any) -> None:
    slow = buyer.offer(lambda activity: activity.confirmation != "P0D")
    order = buyer.paid(slow.entry, buyer.plain().entry)
    statuses = [[item["status"] for item in order["items"]] + [order["status"]]]
    for seconds in (1.9, 0.1):
        clock.now += seconds
        order = buyer.get(f"/orders/{order['uuid']}")
        statuses.append([item["status"] for item in order["items"]] + [order["status"]])
    assert statuses == [["PENDING", "OK", "PENDING"], ["PENDING", "OK", "PENDING"], ["OK", "OK", "OK"]]


def test_bookings_can_be_settled_by_hand(buyer: Buyer, local: LocalMusement) -> None:
    slow = buyer.offer(lambda activity: activity.confirmation != "P0D")
    first, second = buyer.paid(slow.entry), buyer.paid(slow.entry)
    assert (local.settle(first["uuid"], "KO"), local.settle(), local.settle()) == (1, 1, 0)
    first, second = (buyer.get(f"/orders/{order['uuid']}") for order in (first, second))
    assert (first["status"], second["status"]) == ("KO", "OK")
    assert (first["items"][0]["is_error_status"], first["items"][0]["vouchers"]) == (True, [])
    with pytest.raises(ValueError, match="status"):
        local.settle(status="PENDING")


def test_orders_that_are_not_paid_are_never_settled(buyer: Buyer, local: LocalMusement) -> None:
    order = buyer.order(buyer.plain().entry)
    assert local.settle() == 0
    assert buyer.get(f"/orders/{order['uuid']}")["status"] == "PENDING"


def test_a_pace_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="settle_after"):
        LocalMusement(settle_after=-1)


def test_no_activity_is_confirmed_at_once_on_demand(clock: Any, send_to: Any, buyer: Buyer, client_login: Json) -> None:
    local = LocalMusement(clock=clock, activities=120, settle_instantly=False, settle_after=math.inf)
    other = type(buyer)(local, send_to, client_login)
    order = other.paid(other.plain().entry)
    clock.now += 3000
    assert other.get(f"/orders/{order['uuid']}")["status"] == "PENDING"
    assert local.settle(order["uuid"]) == 1


def test_order_info_follows_the_order(buyer: Buyer, local: LocalMusement) -> None:
    slow = buyer.offer(lambda activity: activity.confirmation != "P0D" and activity.flags["free_cancellation"])
    seen: list[str] = []

    def look(cart: str) -> None:
        seen.append(buyer.get(f"/carts/{cart}/order-info")["payment"]["status"])

    for settled in ("KO", "OK"):
        cart = buyer.cart(slow.entry)
        order = buyer.post("/orders", {"cart_uuid": cart})
        look(cart)
        local.refuse_payments(1)
        assert buyer.ask("/payments/no/payment", "POST", json={"uuid": order["uuid"]}).status_code == 422
        look(cart)
        buyer.post("/payments/no/payment", {"uuid": order["uuid"]})
        look(cart)
        local.settle(status=settled)
        look(cart)
    start = ["created", "payment_failed", "booking_started"]
    assert seen == [*start, "booking_failed", *start, "booking_ok"]


def test_the_orders_of_a_reset_server_are_gone(buyer: Buyer, local: LocalMusement) -> None:
    order = buyer.order(buyer.plain().entry)
    local.reset()
    assert buyer.ask(f"/orders/{order['uuid']}").status_code == 404
