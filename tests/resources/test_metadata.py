"""Vocabularies: the requests and results of each method."""

from typing import Any
from uuid import UUID

import pytest

from musement_async import ArgumentError, MusementClient, NotFoundError, PermissionDeniedError
from musement_async.models import (
    ContentLanguage,
    Currency,
    Flavour,
    Market,
    MusementItemGeneralDetails,
    Pricetag,
    SellerGateway,
    TranslatedMetadata,
)
from musement_async.testing import LocalMusement

ITEM = "6f1c1b0e-8a55-4c1b-9f0e-5a9d0f7c2b10"

LISTS = {
    "currencies": ("/currencies", Currency, {"EUR", "USD", "JPY"}),
    "languages": ("/languages", ContentLanguage, {"en", "it"}),
    "activity_languages": ("/activity-languages", TranslatedMetadata, {"en", "sv"}),
    "features": ("/features", TranslatedMetadata, {"skip", "free-cancellation"}),
    "services": ("/services", TranslatedMetadata, {"wheelchair", "pick-up"}),
    "poi_types": ("/poi-types", TranslatedMetadata, {"meeting-point"}),
    "seller_gateways": ("/seller-gateways", SellerGateway, {"musement"}),
    "markets": ("/markets", Market, {"us", "it", "no"}),
    "flavours": ("/flavours", Flavour, {"guided-tour", "day-trip"}),
}


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "path", "model"), [(method, *row[:2]) for method, row in LISTS.items()])
async def test_a_vocabulary_comes_in_one_piece(answering: Any, method: str, path: str, model: type) -> None:
    client, requests = answering(json=[{"id": 1, "name": "One"}, {"id": 2, "name": "Two"}])
    found = await getattr(client.metadata, method)()
    assert [(type(item), item.name) for item in found] == [(model, "One"), (model, "Two")]
    assert [(request.method, request.url.raw_path) for request in requests] == [("GET", path.encode())]


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "expected"), [(method, row[2]) for method, row in LISTS.items()])
async def test_a_vocabulary_holds_the_codes_that_the_catalogue_uses(
    local_musement: LocalMusement, method: str, expected: set[str]
) -> None:
    manager = local_musement.client(credentials=local_musement.manager)
    found = await getattr(manager.metadata, method)()
    codes = {thing.slug if isinstance(thing, Market | Flavour) else thing.code for thing in found}
    assert codes >= expected
    assert len(codes) == len(found)
    assert all(thing.name for thing in found)


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["currencies", "languages", "services", "poi_types", "flavours"])
async def test_names_come_in_the_clients_language(musement_client: MusementClient, method: str) -> None:
    english = await getattr(musement_client.metadata, method)()
    italian = await getattr(musement_client.with_options(language="it-IT").metadata, method)()
    assert len(english) == len(italian)
    assert [thing.name for thing in english] != [thing.name for thing in italian]


@pytest.mark.anyio
async def test_every_currency_that_is_listed_is_one_that_prices_come_in(musement_client: MusementClient) -> None:
    for currency in await musement_client.metadata.currencies():
        page = await musement_client.with_options(currency=currency.code).activities.search(limit=1)
        assert page[0].retail_price is not None
        assert page[0].retail_price.currency == currency.code


@pytest.mark.anyio
async def test_every_market_that_is_listed_can_be_asked_for(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    for market in await local_musement.client(credentials=local_musement.manager).metadata.markets():
        assert await musement_client.with_options(market=market.slug).activities.search(limit=1)


@pytest.mark.anyio
async def test_markets_are_for_content_managers(musement_client: MusementClient) -> None:
    with pytest.raises(PermissionDeniedError):
        await musement_client.metadata.markets()


@pytest.mark.anyio
async def test_a_price_tag_is_read_by_its_id(musement_client: MusementClient) -> None:
    tag = await musement_client.metadata.price_tag(2)
    assert tag == Pricetag(
        id=2,
        code="CHILDREN|STANDARD",
        price_feature="Standard ticket",
        ticket_holder="Child",
        price_feature_code="STANDARD",
        ticket_holder_code="CHILDREN",
        age_info="6-17",
        default=False,
        default_feature=True,
        default_holder=False,
    )
    with pytest.raises(NotFoundError):
        await musement_client.metadata.price_tag(999)


@pytest.mark.anyio
@pytest.mark.parametrize("given", [ITEM, UUID(ITEM)])
async def test_the_details_of_an_order_item_are_asked_for_by_its_uuid(answering: Any, given: Any) -> None:
    client, requests = answering(json={"uuid": ITEM, "b2b_price": None, "product": {"seller_gateway": "musement"}})
    details = await client.metadata.item_details(given)
    assert isinstance(details, MusementItemGeneralDetails)
    assert details.uuid == UUID(ITEM)
    assert requests[0].url.raw_path == f"/item/{ITEM}/general-details".encode()


@pytest.mark.anyio
async def test_an_order_item_that_nobody_ordered_is_not_found(musement_client: MusementClient) -> None:
    with pytest.raises(NotFoundError):
        await musement_client.metadata.item_details(ITEM)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("price_tag", "pricetag_id", 0),
        ("price_tag", "pricetag_id", "two"),
        ("item_details", "order_item_uuid", "2"),
        ("item_details", "order_item_uuid", None),
    ],
)
async def test_what_is_no_id_is_refused(answering: Any, method: str, argument: str, value: Any) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.metadata, method)(value)
    assert raised.value.argument == argument
    assert not requests
