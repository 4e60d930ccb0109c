"""The recipes of docs/cookbook.md, at a local Musement."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from musement_async import FormField, MusementClient
from musement_async.models import Activity, Order
from musement_async.testing import LocalMusement

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def recipes(names_of_page: Callable[[str], Any]) -> Any:
    return names_of_page("cookbook.md")


@pytest.fixture
def customer(local_musement: LocalMusement, musement_client: MusementClient) -> MusementClient:
    return musement_client.as_customer(local_musement.username, local_musement.password)


def answer(field: FormField) -> object:
    if not field.required:
        return None
    if field.choices:
        return list(field.choices)[-1]
    known = {"email": "ada@example.com", "date": "1990-12-10", "number": 60, "integer": 1}
    return known.get(field.format or "") or known.get(field.type or "", "Ada")


async def bookable(recipes: Any, client: MusementClient) -> tuple[Activity, date, Mapping[str, object]]:
    """An activity with tickets for two that asks nothing of those who take part, a day, and the customer's answers."""
    async for found in client.activities.search(text="skip-the-line"):
        activity = await client.activities.get(found)
        cheapest = None if activity.needs_pickup else await recipes.cheapest_day(client, activity)
        if cheapest is None or not activity.confirms_instantly:
            continue
        forms = await (await recipes.begin(client, activity, cheapest.day)).forms()
        if not forms.participants:
            return activity, cheapest.day, forms.customer.fill(answer)
    raise LookupError


async def booked(recipes: Any, customer: MusementClient, card: str) -> tuple[Any, Order]:
    activity, day, answers = await bookable(recipes, customer)
    checkout = await recipes.begin(customer, activity, day)
    return checkout, await recipes.book_for(customer, checkout, answers, card)


async def test_searches_and_lists_find_what_is_there(recipes: Any, musement_client: MusementClient) -> None:
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 - the server's days are this machine's
    assert await recipes.near(musement_client, 41.8902, 12.4922, tomorrow)
    assert len(await recipes.long_titles(musement_client)) == 500
    uuids = [activity.uuid for activity in await musement_client.activities.search(limit=5)]
    assert set(await recipes.details(musement_client, uuids)) == set(uuids)


async def test_markets_have_texts_of_their_own(recipes: Any, musement_client: MusementClient) -> None:
    assert await recipes.in_markets(musement_client, 2) == {"it": "Roma", "us": "Rome"}


async def test_rows_have_numbers(recipes: Any, musement_client: MusementClient) -> None:
    assert {type(row["price"]) for row in await recipes.rows(musement_client, 2)} == {float}


async def test_a_call_can_be_bounded(recipes: Any, musement_client: MusementClient) -> None:
    assert (await recipes.in_time(musement_client, 2)).name == "Rome"


async def test_a_customer_logs_in_and_out(
    recipes: Any, local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    assert await recipes.log_in_and_out(musement_client, local_musement.username, local_musement.password)


async def test_a_careful_client_works(
    recipes: Any,
    shared_musement: LocalMusement,
    shared_musement_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MUSEMENT_BASE_URL", shared_musement_url)
    monkeypatch.setenv("MUSEMENT_CLIENT_ID", shared_musement.client_id)
    monkeypatch.setenv("MUSEMENT_CLIENT_SECRET", shared_musement.client_secret)
    monkeypatch.setenv("MUSEMENT_APPLICATION", shared_musement.application)
    async with recipes.careful_client(2) as client:
        assert (await client.cities.get(2)).name == "Rome"


async def test_a_booking_is_paid_found_again_and_has_its_vouchers(
    recipes: Any, local_musement: LocalMusement, customer: MusementClient, tmp_path: Path
) -> None:
    checkout, order = await booked(recipes, customer, local_musement.accepted_card)
    assert await recipes.go_on(customer, checkout.cart_uuid, order.total_price) == order.uuid
    assert await recipes.settled(customer, order.uuid) == ()
    order = await customer.orders.get(order.uuid)
    files = await recipes.vouchers(customer, order, tmp_path)
    assert {file.read_bytes()[:4] for file in files} == {b"%PDF"}


async def test_a_booking_can_be_cancelled(
    recipes: Any, local_musement: LocalMusement, musement_client: MusementClient, customer: MusementClient
) -> None:
    _, order = await booked(recipes, customer, local_musement.accepted_card)
    await recipes.cancel(musement_client, order, order.items[0])
    assert (await musement_client.orders.get(order)).items[0].status == "REFUND_STARTED"


async def test_places_that_are_gone_are_no_checkout(
    recipes: Any, local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    activity, day, _ = await bookable(recipes, musement_client)
    local_musement.fail_next(1, status=409, path="/carts/{cartUuid}/items")
    assert await recipes.add_or_none(musement_client, activity, day) is None


async def test_an_outage_is_survived(
    recipes: Any, local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    await recipes.test_an_outage_is_survived(local_musement, musement_client)
