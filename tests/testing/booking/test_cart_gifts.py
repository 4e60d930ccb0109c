from typing import Any

import pytest

from musement_async.testing import LocalMusement

Buyer = Any
Json = dict[str, Any]


@pytest.fixture
def present(buyer: Buyer, local: LocalMusement) -> Json:
    """The body for a new gift for two adults."""
    gift = buyer.get(f"/gifts/{local.gift_code}", params={"giftHash": local.gift_hash})
    return {
        "event_id": gift["activity_uuid"],
        "feature_code": "STANDARD",
        "recipient_email": "receiver@example.com",
        "products_with_quantities": [{"holder_code": "ADULT", "quantity": 2}],
    }


def test_a_gift_can_be_made_up_and_bought(buyer: Buyer, present: Json) -> None:
    uuid = buyer.cart()
    assert buyer.post(f"/carts/{uuid}/gifts", present)["message"]
    (item,) = buyer.get(f"/carts/{uuid}")["items"]
    assert (item["type"], item["product"]["gift_price_tag"]["holders"][0]["qty"]) == ("musement-gift", 2)
    order = buyer.post("/orders", {"cart_uuid": uuid})
    paid = buyer.post("/payments/no/payment", {"uuid": order["uuid"]})
    assert paid["items"][0]["status"] == "OK"
    (ticket,) = buyer.get(f"/orders/{order['uuid']}/activities/{present['event_id']}/tickets")
    assert (ticket["price_feature_code"], "date" in ticket) == ("STANDARD", False)
    moved = f"/orders/{order['uuid']}/items/{paid['items'][0]['uuid']}/product"
    assert buyer.ask(moved, "PATCH", json={"date": "2026-07-01 09:00:00"}).status_code == 404
    assert buyer.ask(f"/carts/{uuid}/items/{item['uuid']}/participants/schema").status_code == 404
    assert buyer.get(f"/carts/{uuid}/form")["tickets"] == []


def test_a_present_keeps_its_price(buyer: Buyer, present: Json, local: LocalMusement) -> None:
    uuid = buyer.cart()
    buyer.post(f"/carts/{uuid}/gifts", present)
    before = buyer.get(f"/carts/{uuid}")["retail_price"]
    local.change_prices(300)
    assert buyer.get(f"/carts/{uuid}")["retail_price"] == before


def test_an_activity_is_known_by_its_number_too(buyer: Buyer, present: Json, local: LocalMusement) -> None:
    number = local._catalogue.by_uuid[present["event_id"]].number
    buyer.post(f"/carts/{buyer.cart()}/gifts", {**present, "event_id": str(number)})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"event_id": "0"}, 404),
        ({"feature_code": "NONE"}, 404),
        ({"products_with_quantities": []}, 404),
        ({"products_with_quantities": [{"holder_code": "ALIEN", "quantity": 1}]}, 404),
        ({"products_with_quantities": [{"holder_code": "ADULT"}]}, 400),
    ],
)
def test_a_gift_that_is_not_sold_cannot_be_made_up(buyer: Buyer, present: Json, change: Json, status: int) -> None:
    assert buyer.ask(f"/carts/{buyer.cart()}/gifts", "POST", json={**present, **change}).status_code == status


def test_a_redeemed_gift_costs_nothing(buyer: Buyer, local: LocalMusement) -> None:
    uuid = buyer.cart()
    language = {"language": "en"}
    buyer.post(f"/carts/{uuid}/gifts/{local.gift_code}", language, "PUT")
    cart = buyer.get(f"/carts/{uuid}")
    (item,) = cart["items"]
    assert (item["is_gift_redeem"], cart["retail_price"]["value"]) == (True, 0)
    assert buyer.ask(f"/carts/{uuid}/gifts/{local.gift_code}", "PUT", json=language).status_code == 400


def test_a_gift_is_redeemed_for_the_day_and_time_chosen(buyer: Buyer, local: LocalMusement) -> None:
    gift = buyer.get(f"/gifts/{local.gift_code}", params={"giftHash": local.gift_hash})
    days = buyer.get(f"/activities/{gift['activity_uuid']}/dates")
    day = next(entry["day"] for entry in days[2:] if not entry["sold_out"])
    (schedule,) = buyer.get(f"/activities/{gift['activity_uuid']}/dates/{day}")
    time = schedule["groups"][0]["slots"][-1]["time"]
    uuid = buyer.cart()
    buyer.post(f"/carts/{uuid}/gifts/{local.gift_code}", {"date": day, "time": time, "language": "en"}, "PUT")
    (item,) = buyer.get(f"/carts/{uuid}")["items"]
    assert item["product"]["date"] == f"{day} {time}"
    wrong = {"date": day, "time": "03:33", "language": "en"}
    assert buyer.ask(f"/carts/{buyer.cart()}/gifts/{local.gift_code}", "PUT", json=wrong).status_code == 404


def test_an_unknown_gift_cannot_be_redeemed(buyer: Buyer) -> None:
    assert buyer.ask(f"/carts/{buyer.cart()}/gifts/NONE", "PUT", json={}).status_code == 404
