"""The customer's account: the requests, refusals and results of each method."""

import json
from datetime import date
from typing import Any

import pytest

from musement_async import (
    APIError,
    ArgumentError,
    AuthenticationError,
    BadRequestError,
    MusementClient,
    NotFoundError,
    PasswordCredentials,
    PermissionDeniedError,
)
from musement_async.models import Comment, Consent, GenderCode, NewsletterInterval, TravelCompanion
from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.activities import Catalogue

ORDER = "b36ba13e-cd53-44dc-8741-b200ada5549a"
ITEM = "d83d4e0a-e62b-4c81-b403-4206914cd697"
PROFILE = {
    "firstname": "Ada",
    "lastname": "Byron",
    "city": "London",
    "address": "12 St James's Square",
    "birthdate": date(1990, 12, 10),
    "gender": "FEMALE",
}

ASKING = ("open", "has_passenger_info", "has_extra_customer_data")
BUYER = {
    "firstname": "Ada",
    "lastname": "Byron",
    "email": "ada@example.com",
    "musement_newsletter": "NO",
    "thirdparty_newsletter": "NO",
    "events_related_newsletter": "NO",
    "allow_profiling": "NO",
}


@pytest.fixture
def customer(local_musement: LocalMusement) -> MusementClient:
    return local_musement.client(local_musement.customer)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "verb", "path"),
    [("get", "GET", "/customers/me"), ("preferences", "GET", "/customers/me/preferences")],
)
async def test_what_is_known_is_asked_for_without_parameters(answering: Any, method: str, verb: str, path: str) -> None:
    client, requests = answering(json={})
    await getattr(client.account, method)()
    assert [(request.method, request.url.path, request.url.query) for request in requests] == [(verb, path, b"")]


@pytest.mark.anyio
async def test_a_profile_is_replaced_by_what_is_given(answering: Any) -> None:
    client, requests = answering(json={"id": 7})
    assert (await client.account.replace(**PROFILE, mobile="+44 20 1234")).id == 7
    await client.account.replace(**PROFILE)
    expected = {**PROFILE, "birthdate": "1990-12-10"}
    assert [json.loads(request.content) for request in requests] == [{**expected, "mobile": "+44 20 1234"}, expected]
    assert {(request.method, request.url.path) for request in requests} == {("PUT", "/customers/me")}


@pytest.mark.anyio
async def test_an_update_has_what_is_given_and_nothing_else(answering: Any) -> None:
    client, requests = answering(json={})
    await client.account.update(**PROFILE, mobile="+44 20 1234")
    await client.account.update(mobile="")
    await client.account.update()
    bodies = [json.loads(request.content) for request in requests]
    assert bodies == [{**PROFILE, "birthdate": "1990-12-10", "mobile": "+44 20 1234"}, {"mobile": ""}, {}]
    assert {(request.method, request.url.path) for request in requests} == {("PATCH", "/customers/me")}


@pytest.mark.anyio
async def test_preferences_are_sent_as_the_api_spells_them(answering: Any) -> None:
    client, requests = answering(json={})
    await client.account.update_preferences(
        newsletter_frequency="3-TIMES-A-WEEK",
        newsletter_from_thirdparty=False,
        interests=["FOOD-WINE", "ENTERTAIMENT"],
        travel_with="PARTNER",
    )
    await client.account.update_preferences(interests=[])
    assert [json.loads(request.content) for request in requests] == [
        {
            "newsletter_frequency": "3-TIMES-A-WEEK",
            "newsletter_from_thirdparty": "NO",
            "interests": ["FOOD-WINE", "ENTERTAIMENT"],
            "travel_with": "PARTNER",
        },
        {"interests": []},
    ]
    assert {(request.method, request.url.path) for request in requests} == {("PATCH", "/customers/me/preferences")}


@pytest.mark.anyio
async def test_orders_are_a_list_with_pages(answering: Any) -> None:
    client, requests = answering(json=[{"identifier": "MUS1"}])
    assert [order.identifier for order in await client.account.orders()] == ["MUS1"]
    assert [order.identifier async for order in client.account.orders(limit=5, offset=10)] == ["MUS1"]
    assert [request.url.path for request in requests] == ["/customers/me/orders"] * 2
    assert [dict(request.url.params) for request in requests] == [{}, {"limit": "5", "offset": "10"}]


@pytest.mark.anyio
async def test_an_item_of_an_order_is_asked_for_by_both_uuids(answering: Any) -> None:
    client, requests = answering(json={"uuid": ITEM, "quantity": 2})
    assert (await client.account.order_item(ORDER, ITEM)).quantity == 2
    assert requests[0].url.path == f"/customers/me/orders/{ORDER}/items/{ITEM}"


COMMENT = {"uuid": "c", "title": "Go"}


@pytest.mark.anyio
@pytest.mark.parametrize("body", [COMMENT, [COMMENT], {"data": [COMMENT]}])
async def test_comments_are_read_whether_or_not_they_come_in_a_list(answering: Any, body: Any) -> None:
    client, requests = answering(json=body)
    assert await client.account.comments() == (Comment(uuid="c", title="Go"),)
    assert requests[0].url.path == "/customers/me/comments"


@pytest.mark.anyio
async def test_a_forgotten_password_takes_an_address(answering: Any) -> None:
    client, requests = answering(status=204)
    await client.account.reset_password("ada@example.com")
    assert (requests[0].method, requests[0].url.path) == ("POST", "/reset_password")
    assert json.loads(requests[0].content) == {"email": "ada@example.com"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "named", "wrong"),
    [
        ("replace", {**PROFILE, "city": ""}, "city"),
        ("replace", {**PROFILE, "firstname": None}, "firstname"),
        ("replace", {**PROFILE, "birthdate": None}, "birthdate"),
        ("replace", {**PROFILE, "birthdate": "1990-12-10"}, "birthdate"),
        ("replace", {**PROFILE, "gender": "female"}, "gender"),
        ("replace", {**PROFILE, "gender": None}, "gender"),
        ("replace", {**PROFILE, "mobile": 44}, "mobile"),
        ("update", {"lastname": 5}, "lastname"),
        ("update", {"birthdate": "1990-12-10"}, "birthdate"),
        ("update", {"gender": "X"}, "gender"),
        ("update_preferences", {"newsletter_frequency": "DAILY"}, "newsletter_frequency"),
        ("update_preferences", {"newsletter_from_thirdparty": "NO"}, "newsletter_from_thirdparty"),
        ("update_preferences", {"interests": "CHESS"}, "interests"),
        ("update_preferences", {"interests": ["SPORTS", "CHESS"]}, "interests"),
        ("update_preferences", {"travel_with": "DOG"}, "travel_with"),
        ("order_item", {"order_uuid": "x", "order_item_uuid": ITEM}, "order_uuid"),
        ("order_item", {"order_uuid": ORDER, "order_item_uuid": "../x"}, "order_item_uuid"),
        ("reset_password", {"email": "ada"}, "email"),
        ("reset_password", {"email": "@example.com"}, "email"),
        ("reset_password", {"email": "ada lovelace@example.com"}, "email"),
        ("reset_password", {"email": None}, "email"),
    ],
)
async def test_what_the_api_could_not_read_is_refused(answering: Any, method: str, named: Any, wrong: str) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.account, method)(**named)
    assert raised.value.argument == wrong
    assert not requests


def test_a_limit_beyond_the_greatest_is_refused(answering: Any) -> None:
    client, _ = answering(json=[])
    with pytest.raises(ArgumentError, match="limit"):
        client.account.orders(limit=101)


@pytest.mark.anyio
async def test_a_profile_of_the_local_musement_is_changed_and_replaced(customer: MusementClient) -> None:
    before = await customer.account.get()
    assert (before.email, before.firstname, before.gender) == ("customer@example.com", "Test", None)
    changed = await customer.account.update(mobile="+39 06 1", gender="OTHER")
    assert (changed.firstname, changed.mobile) == ("Test", "+39 06 1")
    replaced = await customer.with_options(language="it").account.replace(**PROFILE)  # type: ignore[arg-type]
    assert (replaced.firstname, replaced.birthdate, replaced.mobile) == ("Ada", date(1990, 12, 10), None)
    assert replaced.gender is not None
    assert (replaced.gender.code, replaced.gender.name) == (GenderCode.FEMALE, "Donna")
    assert (await customer.account.get()).lastname == "Byron"


@pytest.mark.anyio
async def test_preferences_of_the_local_musement_are_kept(customer: MusementClient) -> None:
    before = await customer.account.preferences()
    assert before.newsletter_frequency is not None
    assert before.newsletter_frequency.code is NewsletterInterval.NEVER
    changed = await customer.account.update_preferences(
        newsletter_from_thirdparty=True, interests=["FOOD-WINE", "SPORTS"], travel_with="GROUP"
    )
    assert changed.newsletter_from_thirdparty is not None
    assert changed.travel_with is not None
    assert changed.newsletter_from_thirdparty.code is Consent.YES
    assert changed.travel_with.code is TravelCompanion.GROUP
    assert [interest.code for interest in changed.interests] == ["FOOD-WINE", "SPORTS"]
    assert changed.newsletter_frequency == before.newsletter_frequency
    assert await customer.account.preferences() == changed


@pytest.mark.anyio
async def test_an_account_is_for_its_customer_alone(local_musement: LocalMusement, customer: MusementClient) -> None:
    for credentials in (local_musement.credentials, local_musement.manager):
        client = local_musement.client(credentials)
        with pytest.raises(PermissionDeniedError, match="log in as one, with PasswordCredentials"):
            await client.account.get()
    await customer.account.get()


@pytest.fixture(scope="module")
def plain() -> str:
    """An activity without forms for the customer and the participants."""
    online = Catalogue(seed=2026, size=500, today=date(2026, 6, 1)).online
    return next(each.uuid for each in online if not each.pickups and not any(each.flags[name] for name in ASKING))


async def ordered(client: MusementClient, activity: str) -> tuple[str, str]:
    """The UUIDs of an order and of its item."""
    day = (await client.dates.list(activity))[0].day
    assert day is not None
    offers = (await client.dates.get(activity, day)).offers()
    _, slot, product = next(offer for offer in offers if offer[2].is_open)
    language = {"language": slot.languages[0].code} if slot.languages else {}
    cart = (await client.request("POST", "/carts", json={}))["uuid"]
    item = {"type": product.type, "product_identifier": product.product_id, "quantity": product.least, **language}
    await client.request("POST", f"/carts/{cart}/items", json=[item])
    await client.request("PUT", f"/carts/{cart}/customer", json=BUYER)
    order = await client.request("POST", "/orders", json={"cart_uuid": cart})
    return order["uuid"], order["items"][0]["uuid"]


@pytest.mark.anyio
async def test_orders_of_the_local_musement_are_those_of_the_customer(customer: MusementClient, plain: str) -> None:
    assert (await customer.account.orders()).items == ()
    uuids = [await ordered(customer, plain) for _ in range(3)]
    listed = [order async for order in customer.account.orders(limit=2)]
    assert [str(order.uuid) for order in listed] == [order for order, _ in reversed(uuids)]
    item = await customer.account.order_item(*uuids[-1])
    assert item == listed[0].items[0]


@pytest.mark.anyio
async def test_nobody_sees_the_orders_of_others(
    local_musement: LocalMusement, customer: MusementClient, musement_client: MusementClient, plain: str
) -> None:
    await musement_client.signup.begin("ada@example.com")
    credentials = PasswordCredentials(
        local_musement.client_id, local_musement.client_secret, "ada@example.com", local_musement.password
    )
    other = local_musement.client(credentials)
    order, item = await ordered(customer, plain)
    await ordered(musement_client, plain)
    assert len(await customer.account.orders()) == 1
    assert (await other.account.orders()).items == ()
    with pytest.raises(NotFoundError):
        await other.account.order_item(order, item)
    with pytest.raises(NotFoundError):
        await customer.account.order_item(order, ITEM)
    with pytest.raises(NotFoundError):
        await customer.account.order_item(ORDER, item)


@pytest.mark.anyio
@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (403, PermissionDeniedError)])
async def test_a_refusal_says_that_the_operation_is_for_customers(
    answering: Any, status: int, error: type[Exception]
) -> None:
    client, _ = answering(status=status, json={"code": "0", "message": "no"})
    with pytest.raises(error, match="log in as one, with PasswordCredentials"):
        await client.account.order_item(ORDER, ITEM)


@pytest.mark.anyio
async def test_nobody_is_told_whether_an_address_is_a_customers(musement_client: MusementClient) -> None:
    await musement_client.account.reset_password("customer@example.com")
    await musement_client.account.reset_password("nobody@example.com")
    with pytest.raises(APIError) as raised:
        await musement_client.request("POST", "/reset_password", json={"email": "nobody"})
    assert raised.value.status == 406


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("PUT", "/customers/me", {"firstname": "Ada"}, 'The field "address" is needed'),
        ("PATCH", "/customers/me", {"gender": "female"}, 'The field "gender" must be one of MALE'),
        ("PATCH", "/customers/me", {"birthdate": "10.12.1990"}, 'The field "birthdate" must be a day'),
        ("PATCH", "/customers/me", {"email": "a@example.com"}, 'There is no field "email"'),
        ("PATCH", "/customers/me", [], "must be a JSON object"),
        ("PATCH", "/customers/me/preferences", {"interests": ["CHESS"]}, 'The field "interests" must be a list'),
    ],
)
async def test_the_local_musement_refuses_what_is_not_as_described(
    customer: MusementClient, method: str, path: str, body: Any, message: str
) -> None:
    with pytest.raises(BadRequestError, match=message):
        await customer.request(method, path, json=body)
