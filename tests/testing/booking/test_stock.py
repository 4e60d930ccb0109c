from typing import Any

from musement_async.testing import LocalMusement

Buyer = Any


def test_orders_hold_places(buyer: Buyer) -> None:
    offer = buyer.plain()
    before = buyer.schedule(offer)["availability"]
    buyer.order(offer.times(2))
    after = buyer.schedule(offer)
    assert after["availability"] == after["products"][0]["availability"] == before - 2


def test_carts_hold_none(buyer: Buyer) -> None:
    offer = buyer.plain()
    buyer.cart(offer.times(2))
    assert buyer.schedule(offer) == offer.slot


def test_the_last_places_are_sold_once(buyer: Buyer, local: LocalMusement) -> None:
    offer = buyer.offer(lambda activity: activity.number % 3 == 0 and not activity.pickups, 2)
    left = offer.slot["availability"]
    first, second = buyer.cart(offer.times(left)), buyer.cart(offer.times(left))
    buyer.post("/orders", {"cart_uuid": first})
    refused = buyer.ask("/orders", "POST", json={"cart_uuid": second})
    assert refused.status_code == 409
    assert len(local.orders) == 1
    assert buyer.get(f"/carts/{second}")["items"][0]["status"] == "PREBOOK_KO"
    sold_out = buyer.schedule(offer)
    assert (sold_out["max_buy"], sold_out["products"][0]["max_buy"]) == (0, 0)


def test_a_day_without_places_is_sold_out(buyer: Buyer) -> None:
    offer = buyer.plain()
    path = f"/activities/{offer.activity.uuid}/dates"
    (schedule,) = buyer.get(f"{path}/{offer.day}")
    for slot in schedule["groups"][0]["slots"]:
        entry = {**offer.entry, "product_identifier": slot["products"][0]["product_id"]}
        left, most = slot["availability"], offer.product["max_buy"]
        while left > 0:
            buyer.order({**entry, "quantity": min(left, most)})
            left -= min(left, most)
    days = {day["day"]: day["sold_out"] for day in buyer.get(path)}
    assert days[offer.day] is True


def test_refused_and_cancelled_bookings_give_their_places_back(buyer: Buyer, local: LocalMusement) -> None:
    offer = buyer.offer(lambda activity: activity.confirmation != "P0D" and activity.number % 3 == 0, 4)
    before = buyer.schedule(offer)["availability"]
    order = buyer.paid(offer.times(2))
    assert buyer.schedule(offer)["availability"] == before - 2
    local.settle(order["uuid"], "KO")
    assert buyer.schedule(offer)["availability"] == before
    order = buyer.paid(offer.times(2))
    path = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}"
    buyer.ask(path, "DELETE", json={"cancellation_reason": "GRACE-PERIOD"})
    assert buyer.schedule(offer)["availability"] == before


def test_a_reset_gives_every_place_back(buyer: Buyer, local: LocalMusement) -> None:
    offer = buyer.plain()
    buyer.order(offer.times(2))
    local.reset()
    assert (local.orders, buyer.schedule(offer)) == ([], offer.slot)
