from typing import Any
from uuid import uuid4

import pytest

from musement_async.testing import LocalMusement

Buyer = Any
Json = dict[str, Any]


def test_a_new_cart_is_empty_and_costs_nothing(buyer: Buyer) -> None:
    cart = buyer.post("/carts", {})
    assert (cart["items"], cart["retail_price"]["value"]) == ([], 0)
    assert buyer.get(f"/carts/{cart['uuid']}") == cart


def test_items_are_added_and_the_first_of_them_is_the_answer(buyer: Buyer) -> None:
    offer, uuid = buyer.plain(), buyer.post("/carts", {})["uuid"]
    item = buyer.post(f"/carts/{uuid}/items", [offer.times(1), offer.times(2)])
    assert (item["quantity"], item["status"]) == (1, "PREBOOK_OK")
    cart = buyer.get(f"/carts/{uuid}")
    assert [each["quantity"] for each in cart["items"]] == [1, 2]
    assert cart["items"][0] == item
    assert cart["items"][0]["product"]["id"] == offer.product["product_id"]


def test_the_prices_of_a_cart_add_up(buyer: Buyer) -> None:
    dear = buyer.offer(lambda activity: activity.discount and activity.fee_euro_cents)
    cart = buyer.get(f"/carts/{buyer.cart(dear.times(2), buyer.plain().times(3), discount_code='LOCAL-PROMO')}")
    value = {name: round(price["value"] * 100) for name, price in cart.items() if "value" in price}
    totals = sum(round(item["total_price"]["value"] * 100) for item in cart["items"])
    assert value["retail_price"] == value["full_price"] - value["total_discount"]
    assert value["retail_price"] == value["retail_price_without_service_fee"] + value["service_fee"]
    assert value["full_price"] == value["full_price_without_service_fee"] + value["service_fee"]
    assert value["retail_price"] == totals - totals * 10 // 100


def test_an_item_can_be_removed(buyer: Buyer) -> None:
    uuid = buyer.cart(buyer.plain().entry)
    (item,) = buyer.get(f"/carts/{uuid}")["items"]
    assert buyer.ask(f"/carts/{uuid}/items/{item['uuid']}", "DELETE").status_code == 204
    assert buyer.get(f"/carts/{uuid}")["items"] == []
    assert buyer.ask(f"/carts/{uuid}/items/{item['uuid']}", "DELETE").json()["code"] == "1400"


def test_a_cart_can_be_deleted(buyer: Buyer) -> None:
    uuid = buyer.cart()
    assert buyer.ask(f"/carts/{uuid}", "DELETE").json() is True
    assert buyer.ask(f"/carts/{uuid}").status_code == 404


def test_a_cart_that_there_is_not_is_not_found(buyer: Buyer) -> None:
    for path in ("", "/order-info", "/customer/schema", "/bundles", "/form"):
        assert buyer.ask(f"/carts/{uuid4()}{path}").json()["code"] == "1400"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"quantity": 0}, 400),
        ({"quantity": "1"}, 400),
        ({"quantity": 1000}, 400),
        ({"type": "flight"}, 400),
        ({"type": "musement-realtime", "product_identifier": "12"}, 404),
        ({"product_identifier": "none"}, 404),
        ({"language": "xx"}, 400),
        ({"seats": 1}, 400),
    ],
)
def test_an_item_that_cannot_be_is_refused(buyer: Buyer, change: Json, status: int) -> None:
    offer = buyer.offer(lambda activity: not activity.pickups and activity.number % 3 == 1)
    uuid = buyer.post("/carts", {})["uuid"]
    refused = buyer.ask(f"/carts/{uuid}/items", "POST", json=[offer.entry, offer.entry | change])
    assert refused.status_code == status
    assert buyer.get(f"/carts/{uuid}")["items"] == []


@pytest.mark.parametrize("body", [{"type": "musement"}, [], "text", [1], [{}], [{"type": "musement"}]])
def test_items_come_as_a_list_of_objects(buyer: Buyer, body: object) -> None:
    uuid = buyer.post("/carts", {})["uuid"]
    assert buyer.ask(f"/carts/{uuid}/items", "POST", json=body).status_code == 400


def test_items_that_are_no_json_are_refused(buyer: Buyer) -> None:
    uuid = buyer.post("/carts", {})["uuid"]
    assert buyer.ask(f"/carts/{uuid}/items", "POST", content=b"[").status_code == 400


def test_a_cart_takes_a_hundred_items(buyer: Buyer) -> None:
    offer, uuid = buyer.plain(), buyer.post("/carts", {})["uuid"]
    buyer.post(f"/carts/{uuid}/items", [offer.times(1)] * 100)
    assert buyer.ask(f"/carts/{uuid}/items", "POST", json=[offer.times(1)]).status_code == 400


def test_fewer_than_are_sold_at_once_are_refused(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: activity.variant.group_size == ("private",))
    uuid = buyer.post("/carts", {})["uuid"]
    assert offer.product["min_buy"] == 2
    assert buyer.ask(f"/carts/{uuid}/items", "POST", json=[offer.times(1)]).status_code == 400


def test_a_pickup_activity_wants_one_of_its_own_pickup_points(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: activity.pickups)
    uuid = buyer.post("/carts", {})["uuid"]
    without = {name: value for name, value in offer.entry.items() if name != "pickup"}
    for entry in (without, {**without, "pickup": str(uuid4())}):
        assert buyer.ask(f"/carts/{uuid}/items", "POST", json=[entry]).json()["code"] == "1578"
    item = buyer.post(f"/carts/{uuid}/items", [offer.entry])
    assert item["product"]["pickup"]["uuid"] == offer.entry["pickup"]


def test_where_there_are_languages_one_must_be_chosen(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: len(activity.languages) > 1)
    uuid = buyer.post("/carts", {})["uuid"]
    without = {name: value for name, value in offer.entry.items() if name != "language"}
    assert buyer.ask(f"/carts/{uuid}/items", "POST", json=[without]).status_code == 400
    item = buyer.post(f"/carts/{uuid}/items", [offer.entry])
    assert (item["language"], item["product"]["language"]["name"]) == ("en", "English")


def test_more_than_there_are_places_for_is_marked(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: activity.number % 3 == 0 and not activity.pickups, 2)
    left = offer.slot["availability"]
    uuid = buyer.post("/carts", {})["uuid"]
    buyer.post(f"/carts/{uuid}/items", [offer.times(left), offer.times(2)])
    assert [item["status"] for item in buyer.get(f"/carts/{uuid}")["items"]] == ["PREBOOK_OK", "PREBOOK_KO"]


def test_a_discount_code_takes_its_part_off(buyer: Buyer, local: LocalMusement) -> None:
    cart = buyer.post("/carts", {"discount_code": local.promo_code})
    assert cart["promo_code"]["code"] == local.promo_code
    assert buyer.ask("/carts", "POST", json={"discount_code": "NONE"}).status_code == 400


def test_a_promo_code_can_be_applied_later(buyer: Buyer, local: LocalMusement) -> None:
    uuid = buyer.cart(buyer.plain().times(2))
    before = buyer.get(f"/carts/{uuid}")["retail_price"]["value"]
    assert buyer.ask(f"/carts/{uuid}/promo-intent", "POST", json={"promo": local.promo_code}).status_code == 201
    assert buyer.get(f"/carts/{uuid}")["retail_price"]["value"] == pytest.approx(before * 0.9, abs=0.01)
    assert buyer.ask(f"/carts/{uuid}/promo-intent", "POST", json={"promo": "NONE"}).status_code == 404


def test_a_bundle_makes_what_is_recommended_cheaper(buyer: Buyer) -> None:
    first = buyer.plain()
    uuid = buyer.cart(first.entry)
    bundle = buyer.get(f"/carts/{uuid}/bundles")[0]
    known = {activity["uuid"] for activity in bundle["activities"]}
    second = buyer.offer(lambda activity: activity.uuid in known)
    buyer.post(f"/carts/{uuid}/items", [second.entry])
    before = buyer.get(f"/carts/{uuid}")
    intent = {
        "promo": bundle["rule_id"],
        "triggering_product": first.activity.uuid,
        "target_product": second.activity.uuid,
    }
    assert buyer.ask(f"/carts/{uuid}/promo-intent", "POST", json=intent).status_code == 201
    off = round(before["items"][1]["total_price"]["value"] * 100) * 10 // 100
    after = buyer.get(f"/carts/{uuid}")
    assert round((before["retail_price"]["value"] - after["retail_price"]["value"]) * 100) == off
    wrong = {**intent, "triggering_product": str(uuid4())}
    assert buyer.ask(f"/carts/{uuid}/promo-intent", "POST", json=wrong).status_code == 404


def test_an_empty_cart_has_no_bundles(buyer: Buyer) -> None:
    assert buyer.get(f"/carts/{buyer.cart()}/bundles") == []


def test_the_details_of_an_item_name_who_books_it(buyer: Buyer) -> None:
    offer = buyer.plain()
    uuid = buyer.cart(offer.entry)
    (item,) = buyer.get(f"/carts/{uuid}")["items"]
    details = buyer.get(f"/carts/{uuid}/items/{item['uuid']}/product-general-details")
    assert details["seller_gateway"] == offer.activity.seller
    assert details["details"]["id"] == offer.product["product_id"]


def test_a_cart_has_no_order_at_first(buyer: Buyer) -> None:
    assert buyer.ask(f"/carts/{buyer.cart()}/order-info").json()["code"] == "1400"


def test_an_ordered_cart_is_locked(buyer: Buyer) -> None:
    offer = buyer.plain()
    uuid = buyer.cart(offer.entry)
    order = buyer.post("/orders", {"cart_uuid": uuid})
    (item,) = buyer.get(f"/carts/{uuid}")["items"]
    path, statuses = f"/carts/{uuid}", []
    for method, where, body in (
        ("POST", "/items", [offer.entry]),
        ("PUT", "/customer", {}),
        ("PUT", f"/items/{item['uuid']}/participants", []),
        ("PATCH", "", {}),
        ("PUT", "", {}),
        ("DELETE", "", {}),
        ("DELETE", f"/items/{item['uuid']}", {}),
    ):
        statuses.append(buyer.ask(path + where, method, json=body).status_code)
    assert statuses == [423] * 6 + [403]
    info = buyer.get(f"{path}/order-info")
    assert info == {"order_uuid": order["uuid"], "payment": {"paid": False, "status": "created"}}


def test_older_operations_add_set_and_replace_tickets(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: not activity.pickups and activity.number % 3 == 0, 5)
    product = {"id": offer.product["product_id"], "type": offer.product["type"]}
    uuid = buyer.post("/carts", {"tickets": [{"product": product, "quantity": 2}]})["uuid"]
    quantities = []
    for method, path, quantity in (("POST", "/tickets", 3), ("PATCH", "", 4), ("PUT", "", 5)):
        body = {"tickets": [{"product": product, "quantity": quantity}]}
        cart = buyer.post(f"/carts/{uuid}{path}", body, method)
        quantities.append([item["quantity"] for item in cart["items"]])
    assert quantities == [[2, 3], [4, 3], [5]]


def test_a_ticket_alone_cannot_name_a_pickup_point(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: activity.pickups)
    ticket = {"product": {"id": offer.product["product_id"]}, "quantity": 2}
    assert buyer.ask("/carts", "POST", json={"tickets": [ticket]}).json()["code"] == "1578"


def test_a_patch_adds_tickets_that_are_not_there(buyer: Buyer, local: LocalMusement) -> None:
    offer = buyer.plain()
    uuid = buyer.post("/carts", {})["uuid"]
    body = {
        "tickets": [{"product": {"id": offer.product["product_id"]}, "quantity": 1}],
        "discount_code": local.promo_code,
        "customer": {"firstname": "TEST"},
    }
    cart = buyer.post(f"/carts/{uuid}", body, "PATCH")
    assert (len(cart["items"]), cart["promo_code"]["code"]) == (1, local.promo_code)
    assert cart["customer"] == {"firstname": "TEST"}


def test_prices_are_shown_in_the_currency_asked_for(buyer: Buyer) -> None:
    uuid = buyer.cart(buyer.plain().entry)
    euros = buyer.get(f"/carts/{uuid}")["retail_price"]
    pounds = buyer.get(f"/carts/{uuid}", headers={"X-Musement-Currency": "GBP"})["retail_price"]
    assert (pounds["currency"], pounds["value"] < euros["value"]) == ("GBP", True)
