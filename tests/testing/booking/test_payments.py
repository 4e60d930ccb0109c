from typing import Any
from uuid import uuid4

import pytest

from musement_async.testing import LocalMusement

Buyer = Any
Json = dict[str, Any]
Way = tuple[str, str, str]

# gateway: the field for the order, and the field for the card
GATEWAYS = [
    ("stripe", "order_uuid", "stripe_token"),
    ("stripe", "order_uuid", "stripe_source_id"),
    ("adyen", "order_uuid", "adyen_encrypted_data"),
    ("split", "order_uuid", "stripe_token"),
    ("split", "order_uuid", "adyen_token"),
    ("paypal", "order_id", "paypal_payment_id"),
]


@pytest.fixture
def order(buyer: Buyer) -> Json:
    """An unpaid order."""
    made: Json = buyer.order(buyer.plain().entry)
    return made


@pytest.mark.parametrize("way", GATEWAYS)
def test_a_good_card_pays(buyer: Buyer, local: LocalMusement, order: Json, way: Way) -> None:
    gateway, name, card = way
    body = {name: order["uuid"], card: local.accepted_card, "client_ip": "127.0.0.1"}
    buyer.post(f"/payments/{gateway}/payment", body)
    assert buyer.get(f"/orders/{order['uuid']}")["is_paid"] is True
    assert buyer.ask(f"/payments/{gateway}/payment", "POST", json=body).status_code == 423


@pytest.mark.parametrize("way", GATEWAYS)
def test_a_bad_card_does_not(buyer: Buyer, local: LocalMusement, order: Json, way: Way) -> None:
    gateway, name, card = way
    for number in (local.refused_card, "unknown"):
        body = {name: order["uuid"], card: number}
        assert buyer.ask(f"/payments/{gateway}/payment", "POST", json=body).status_code == 422
    assert buyer.get(f"/orders/{order['uuid']}")["is_paid"] is False


@pytest.mark.parametrize(
    "way",
    [
        ("stripe", "stripe_token", "USE_STRIPE_SDK"),
        ("adyen", "adyen_encrypted_data", "FORM"),
        ("split", "stripe_token", "REDIRECT"),
    ],
)
def test_a_secured_card_pays_when_the_customer_has_confirmed(
    buyer: Buyer, local: LocalMusement, order: Json, way: Way
) -> None:
    gateway, card, kind = way
    completion = f"/payments/{gateway}/complete_3d_secure"
    assert buyer.ask(completion, "POST", json={"order_uuid": order["uuid"]}).status_code == 422
    answer = buyer.post(f"/payments/{gateway}/payment", {"order_uuid": order["uuid"], card: local.secured_card})
    assert answer["3d_secure" if gateway == "adyen" else "payment3d_secure"]["type"] == kind
    assert buyer.get(f"/orders/{order['uuid']}")["is_paid"] is False
    buyer.post(completion, {"order_uuid": order["uuid"]})
    assert buyer.get(f"/orders/{order['uuid']}")["is_paid"] is True
    assert buyer.ask(completion, "POST", json={}).status_code == 404


def test_a_split_payment_tells_which_gateway_took_it(buyer: Buyer, local: LocalMusement, order: Json) -> None:
    body = {"order_uuid": order["uuid"], "adyen_token": local.accepted_card, "stripe_token": local.accepted_card}
    answer = buyer.post("/payments/split/payment", body)
    assert answer == {"gateway": "STRIPE", "reason": "BUSINESS_STRATEGY"}


def test_a_payment_needs_a_card_and_an_order(buyer: Buyer, local: LocalMusement, order: Json) -> None:
    path = "/payments/stripe/payment"
    assert buyer.ask(path, "POST", json={"order_uuid": order["uuid"]}).status_code == 400
    body = {"order_uuid": str(uuid4()), "stripe_token": local.accepted_card}
    assert buyer.ask(path, "POST", json=body).status_code == 404


def test_paypal_express_sends_the_customer_there_and_back(buyer: Buyer, local: LocalMusement, order: Json) -> None:
    body = {"order_uuid": order["uuid"], "token": local.accepted_card, "payer_id": "P"}
    path = "/payments/paypal-express/payment"
    assert buyer.ask(path, "POST", json=body).status_code == 422
    urls = {"return_url": "https://shop.example.com/yes", "cancel_url": "https://shop.example.com/no"}
    start = buyer.post("/payments/paypal-express/redirect", {"order_id": order["uuid"], **urls})
    assert start["redirect_url"].startswith("https://")
    back = buyer.ask(path, "POST", json={**body, "token": local.secured_card})
    assert (back.status_code, back.headers["Location"][:8]) == (406, "https://")
    assert buyer.ask(path, "POST", json={**body, "token": local.refused_card}).status_code == 422
    buyer.post(path, body)
    assert buyer.get(f"/orders/{order['uuid']}")["is_paid"] is True


def test_the_way_back_from_a_bank_is_a_redirect(buyer: Buyer) -> None:
    assert buyer.ask("/payments/adyen/3d_secure_proxy", "POST").status_code == 302


def test_payments_fail_on_demand(buyer: Buyer, local: LocalMusement, order: Json) -> None:
    local.refuse_payments(2)
    body = {"uuid": order["uuid"]}
    statuses = [buyer.ask("/payments/no/payment", "POST", json=body).status_code for _ in range(4)]
    assert statuses == [422, 422, 200, 423]
    with pytest.raises(ValueError, match="times"):
        local.refuse_payments(0)


def test_no_payment_needs_a_permission_or_nothing_to_pay(customer: Buyer, local: LocalMusement, order: Json) -> None:
    assert customer.ask("/payments/no/payment", "POST", json={"uuid": order["uuid"]}).status_code == 422
    cart = customer.cart()
    customer.post(f"/carts/{cart}/gifts/{local.gift_code}", {"language": "en"}, "PUT")
    free = customer.post("/orders", {"cart_uuid": cart})
    assert customer.post("/payments/no/payment", {"uuid": free["uuid"]})["is_paid"] is True


def test_a_customer_pays_nobody_elses_order(customer: Buyer, local: LocalMusement, buyer: Buyer) -> None:
    local._oauth.register("other@example.com", "secret")
    login = {"client_id": local.client_id, "client_secret": local.client_secret, "grant_type": "password"}
    other = type(buyer)(local, buyer._send, {**login, "username": "other@example.com", "password": "secret"})
    order = customer.order(customer.plain().entry)
    body = {"order_uuid": order["uuid"], "stripe_token": local.accepted_card}
    assert other.ask("/payments/stripe/payment", "POST", json=body).status_code == 401
    customer.post("/payments/stripe/payment", body)


def test_the_card_of_a_customer_is_remembered(customer: Buyer, buyer: Buyer, local: LocalMusement) -> None:
    path = "/payments/stripe/stored_source_info"
    assert customer.ask(path).status_code == 404
    first, second = (customer.order(customer.plain().entry) for _ in range(2))
    customer.post("/payments/stripe/payment", {"order_uuid": first["uuid"], "stripe_token": local.accepted_card})
    stored = customer.get(path)
    customer.post("/payments/stripe/payment", {"order_uuid": second["uuid"], "stripe_source_id": stored["id"]})
    assert buyer.ask(path).status_code == 404
