"""Carts: the requests, refusals and results of each method."""

import json
from datetime import date, time
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest

from musement_async import ArgumentError, BadRequestError, DecodeError, MusementClient, NewCartItem, Token
from musement_async.models import CartItem, CartItemStatus, ScheduleProduct

CART = "b36ba13e-cd53-44dc-8741-b200ada5549a"
ITEM = "d83d4e0a-e62b-4c81-b403-4206914cd697"
TICKET = NewCartItem("musement", "42", 2, language="it", pickup=ITEM)
GIFT = {"donor_name": "Ada", "recipient_name": "Bob", "recipient_email": "bob@example.com", "message": "For you"}

# For each method: its arguments, and the method, path and perhaps body of its request.
CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any], tuple[str, str, Any]]] = {
    "create": (
        (),
        {"discount_code": "TEN", "customer": {"firstname": "Ada"}},
        ("POST", "/carts", {"discount_code": "TEN", "customer": {"firstname": "Ada"}}),
    ),
    "get": ((CART,), {}, ("GET", f"/carts/{CART}", None)),
    "delete": ((CART,), {}, ("DELETE", f"/carts/{CART}", None)),
    "remove_item": ((CART, ITEM), {}, ("DELETE", f"/carts/{CART}/items/{ITEM}", None)),
    "bundles": ((CART,), {}, ("GET", f"/carts/{CART}/bundles", None)),
    "order_info": ((CART,), {}, ("GET", f"/carts/{CART}/order-info", None)),
    "product_details": ((CART, ITEM), {}, ("GET", f"/carts/{CART}/items/{ITEM}/product-general-details", None)),
    "apply_promo": (
        (CART, "TEN"),
        {"triggering_product": ITEM, "target_product": UUID(CART)},
        ("POST", f"/carts/{CART}/promo-intent", {"promo": "TEN", "triggering_product": ITEM, "target_product": CART}),
    ),
    "add_gift": (
        (CART, ITEM, "STANDARD", {"ADULT": 2}),
        {**GIFT, "picture_url": "https://example.com/a.png", "to_print": False},
        (
            "POST",
            f"/carts/{CART}/gifts",
            {
                **GIFT,
                "event_id": ITEM,
                "feature_code": "STANDARD",
                "products_with_quantities": [{"holder_code": "ADULT", "quantity": 2}],
                "picture_url": "https://example.com/a.png",
                "print": False,
            },
        ),
    ),
    "redeem_gift": (
        (CART, "GIFT-1"),
        {"day": date(2026, 12, 1), "time": time(9, 30), "language": "it"},
        ("PUT", f"/carts/{CART}/gifts/GIFT-1", {"date": "2026-12-01", "time": "09:30", "language": "it"}),
    ),
    "customer_schema": ((CART,), {}, ("GET", f"/carts/{CART}/customer/schema", None)),
    "set_customer": ((CART, {"firstname": "Ada"}), {}, ("PUT", f"/carts/{CART}/customer", {"firstname": "Ada"})),
    "participants_schema": ((CART, ITEM), {}, ("GET", f"/carts/{CART}/items/{ITEM}/participants/schema", None)),
    "participants": ((CART, ITEM), {}, ("GET", f"/carts/{CART}/items/{ITEM}/participants", None)),
    "set_participants": (
        (CART, ITEM, [{"firstname": "Ada"}]),
        {},
        ("PUT", f"/carts/{CART}/items/{ITEM}/participants", [{"firstname": "Ada"}]),
    ),
}
LISTS = {"bundles", "participants", "set_participants"}
WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("get", ("cart",), {}, "cart_uuid"),
    ("remove_item", (CART, "item"), {}, "cart_item_uuid"),
    ("create", (), {"discount_code": 5}, "discount_code"),
    ("create", (), {"customer": "Ada"}, "customer"),
    ("create", (), {"cid": 5}, "cid"),
    ("add_items", (CART, []), {}, "items"),
    ("add_items", (CART, [TICKET] * 101), {}, "items"),
    ("add_items", (CART, [{"quantity": 1}]), {}, "items"),
    ("add_items", (CART, 5), {}, "items"),
    ("set_participants", (CART, ITEM, 5), {}, "participants"),
    ("set_customer", (CART, {"firstname": "\ud800"}), {}, "customer"),
    ("apply_promo", (CART, ""), {}, "promo"),
    ("apply_promo", (CART, "TEN"), {"target_product": "x"}, "target_product"),
    ("add_gift", (CART, ITEM, "STANDARD", {"ADULT": 0}), {}, "holders"),
    ("add_gift", (CART, ITEM, "STANDARD", {"ADULT": 1}), {"recipient_email": "bob"}, "recipient_email"),
    ("add_gift", (CART, ITEM, "STANDARD", {"ADULT": 1}), {"to_print": "yes"}, "to_print"),
    ("redeem_gift", (CART, " "), {}, "gift_code"),
    ("redeem_gift", (CART, "GIFT-1"), {"day": "2026-12-01"}, "day"),
    ("redeem_gift", (CART, "GIFT-1"), {"time": time(9, 30, 5)}, "time"),
    ("set_customer", (CART, [("firstname", "Ada")]), {}, "customer"),
    ("set_participants", (CART, ITEM, ["Ada"]), {}, "participants"),
]


@pytest.mark.anyio
@pytest.mark.parametrize("method", CALLS)
async def test_a_method_sends_what_the_api_wants(answering: Any, method: str) -> None:
    client, requests = answering(json=[] if method in LISTS else {"uuid": CART, "order_uuid": CART})
    arguments, options, (verb, path, body) = CALLS[method]
    await getattr(client.carts, method)(*arguments, **options)
    (request,) = requests
    assert (request.method, request.url.path, request.url.query) == (verb, path, b"")
    assert (json.loads(request.content) if request.content else None) == body


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "arguments", "options", "wrong"), WRONG)
async def test_what_the_api_could_not_read_is_refused_by_name(
    answering: Any, method: str, arguments: tuple[Any, ...], options: dict[str, Any], wrong: str
) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.carts, method)(*arguments, **options)
    assert (raised.value.argument, requests) == (wrong, [])


@pytest.mark.anyio
async def test_a_cart_can_be_made_of_nothing_for_a_channel(answering: Any) -> None:
    client, requests = answering(json={"uuid": CART})
    await client.carts.create(cid="shop")
    assert (dict(requests[0].url.params), requests[0].content) == ({"cid": "shop"}, b"{}")


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["order_info", "customer_schema"])
async def test_nothing_there_is_none(answering: Any, method: str) -> None:
    client, _ = answering(404, json={"code": "1400", "message": "Nothing"})
    assert await getattr(client.carts, method)(CART) is None
    assert await client.carts.participants_schema(CART, ITEM) is None


def item(number: int, product: str) -> dict[str, Any]:
    return {"uuid": f"00000000-0000-4000-8000-{number:012}", "status": "PREBOOK_OK", "product": {"id": product}}


def shop(*items: dict[str, Any]) -> tuple[MusementClient, list[httpx.Request]]:
    """A client of a server whose cart has these items, and which answers a POST with only the first."""
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=items[0] if request.method == "POST" else {"uuid": CART, "items": items})

    transport = httpx.MockTransport(handle)
    return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport), requests


def numbers(items: tuple[CartItem, ...]) -> list[int]:
    return [item.uuid.int & 0xFFFF for item in items]


@pytest.mark.anyio
async def test_all_items_that_were_added_come_back_in_their_order() -> None:
    client, requests = shop(item(1, "7"), item(2, "8"), item(3, "9"))
    added = await client.carts.add_items(CART, [NewCartItem("musement", "9", 1), NewCartItem("musement", "8", 1)])
    assert numbers(added) == [3, 2]
    assert all(one.is_ok for one in added)
    assert [request.method for request in requests] == ["POST", "GET"]
    assert json.loads(requests[0].content) == [
        {"type": "musement", "product_identifier": "9", "quantity": 1},
        {"type": "musement", "product_identifier": "8", "quantity": 1},
    ]


@pytest.mark.anyio
async def test_the_latest_of_equal_items_are_those_that_were_added() -> None:
    client, _ = shop(item(1, "7"), item(2, "7"), item(3, "7"))
    assert numbers(await client.carts.add_items(CART, [TICKET_7, TICKET_7])) == [2, 3]


@pytest.mark.anyio
async def test_one_item_may_stand_for_two_that_were_added() -> None:
    client, _ = shop(item(1, "7"))
    assert numbers(await client.carts.add_items(CART, [TICKET_7, TICKET_7])) == [1, 1]


TICKET_7 = NewCartItem("musement", "7", 1)


@pytest.mark.anyio
async def test_a_cart_without_what_was_added_is_an_error() -> None:
    client, _ = shop(item(1, "7"))
    with pytest.raises(DecodeError, match="does not have the items that were added"):
        await client.carts.add_items(CART, [TICKET])


@pytest.mark.anyio
async def test_language_and_pickup_go_along() -> None:
    client, requests = shop(item(1, "42"))
    await client.carts.add_items(CART, [TICKET])
    (sent,) = json.loads(requests[0].content)
    assert (sent["language"], sent["pickup"]) == ("it", ITEM)


def test_a_new_item_is_made_of_a_product() -> None:
    product = ScheduleProduct(product_id="42", type="musement-realtime")  # type: ignore[arg-type]
    made = NewCartItem.of(product, 2, language="it", pickup=ITEM)
    assert made == NewCartItem("musement-realtime", "42", 2, language="it", pickup=UUID(ITEM))


@pytest.mark.parametrize(
    ("arguments", "options", "wrong"),
    [
        (("ticket", "42", 1), {}, "type"),
        (("musement", "", 1), {}, "product_identifier"),
        (("musement", 42, 1), {}, "product_identifier"),
        (("musement", "42", 0), {}, "quantity"),
        (("musement", "42", 1.5), {}, "quantity"),
        (("musement", "42", True), {}, "quantity"),
        (("musement", "42", 1), {"language": "Italian"}, "language"),
        (("musement", "42", 1), {"pickup": "hotel"}, "pickup"),
    ],
)
def test_a_new_item_that_cannot_be_is_refused_by_name(
    arguments: tuple[Any, ...], options: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ArgumentError) as raised:
        NewCartItem(*arguments, **options)
    assert raised.value.argument == wrong


@pytest.mark.parametrize(
    "product", [SimpleNamespace(product_id=None, type="musement"), SimpleNamespace(product_id="1", type=None)]
)
def test_a_product_without_id_or_type_cannot_be_put_into_a_cart(product: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^product: "):
        NewCartItem.of(product, 1)


def test_an_item_names_its_product_in_either_place() -> None:
    assert CartItem(uuid=UUID(int=1), product_identifier="7").product_id == "7"
    assert CartItem(uuid=UUID(int=1), status=CartItemStatus.PREBOOK_KO).product_id is None


@pytest.mark.anyio
async def test_what_the_api_says_about_fields_is_in_the_error(answering: Any) -> None:
    errors = [{"field_name": "email", "field_error_message": "is no address"}]
    client, _ = answering(400, json={"code": "0", "global_error_message": "Wrong answers.", "errors": errors})
    with pytest.raises(BadRequestError, match=r"400 Wrong answers\.; email: is no address") as raised:
        await client.carts.set_customer(CART, {"email": "x"})
    assert (raised.value.field_errors, raised.value.api_message) == ({"email": "is no address"}, "Wrong answers.")
