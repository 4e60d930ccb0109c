"""Cities and activities: the requests and refusals of each method."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from musement_async import (
    ArgumentError,
    Coordinates,
    MusementClient,
    NotFoundError,
    PermissionDeniedError,
    PriceRange,
    Token,
)
from musement_async.testing import LocalMusement

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"


@pytest.fixture
def recorded() -> tuple[MusementClient, list[httpx.URL]]:
    """A client, and the URLs of its requests."""
    urls: list[httpx.URL] = []

    def handle(request: httpx.Request) -> httpx.Response:
        urls.append(request.url)
        return httpx.Response(200, json=[] if request.url.path == "/cities" else {"uuid": UUID_TEXT, "data": []})

    transport = httpx.MockTransport(handle)
    return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport), urls


EVERYTHING: dict[str, Any] = {
    "text": "colosseum & forum",
    "text_operator": "AND",
    "extend_other_languages": "NO",
    "extend_content_fields": "YES",
    "fuzziness_level": "LEVEL-1",
    "zero_terms_query": "ALL",
    "sort_by": ["-relevance", "price"],
    "category_in": ["new-museums", "tours"],
    "city_in": [2, 13],
    "country_in": ["IT"],
    "venue_in": [164],
    "vertical_in": ["arts-culture"],
    "feature_in": ["skip"],
    "service_in": ["audioguide", "wheelchair"],
    "pickup_in": ["p1"],
    "available_language_in": ["it", "en"],
    "available_from": date(2026, 12, 1),
    "available_to": date(2026, 12, 24),
    "coordinates": Coordinates(45.4642, -9.19),
    "distance": 25,
    "distance_unit": "M",
    "default_price_range": PriceRange(0, Decimal("34.239")),
    "temporary": True,
    "preferred_seller_code": "seller",
    "include_facets": ["category"],
    "limit": 50,
    "offset": 100,
}


@pytest.mark.anyio
async def test_a_search_sends_every_filter_as_the_api_reads_it(recorded: Any) -> None:
    client, urls = recorded
    await client.activities.search(**EVERYTHING)
    assert urls[0].path == "/activities"
    assert dict(urls[0].params) == {
        "text": "colosseum & forum",
        "text_operator": "AND",
        "extend_other_languages": "NO",
        "extend_content_fields": "YES",
        "fuzziness_level": "LEVEL-1",
        "zero_terms_query": "ALL",
        "sort_by": "-relevance,price",
        "category_in": "new-museums,tours",
        "city_in": "2,13",
        "country_in": "IT",
        "venue_in": "164",
        "vertical_in": "arts-culture",
        "feature_in": "skip",
        "service_in": "audioguide,wheelchair",
        "pickup_in": "p1",
        "available_language_in": "it,en",
        "available_from": "2026-12-01",
        "available_to": "2026-12-24",
        "coordinates": "45.464200,-9.190000",
        "distance": "25M",
        "default_price_range": "0.00,34.24",
        "temporary": "YES",
        "preferred_seller_code": "seller",
        "include_facets": "category",
        "limit": "50",
        "offset": "100",
    }


@pytest.mark.anyio
async def test_a_search_without_filters_sends_none(recorded: Any) -> None:
    client, urls = recorded
    await client.activities.search(city_in=[])
    assert not urls[0].query


@pytest.mark.anyio
async def test_a_search_takes_one_order_as_text_and_false_as_no(recorded: Any) -> None:
    client, urls = recorded
    await client.activities.search(sort_by="rating", temporary=False)
    assert dict(urls[0].params) == {"sort_by": "rating", "temporary": "NO"}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("text_operator", "XOR"),
        ("extend_other_languages", "yes"),
        ("extend_content_fields", True),
        ("fuzziness_level", "LEVEL-9"),
        ("zero_terms_query", "SOME"),
        ("sort_by", "best"),
        ("sort_by", ["price", "best"]),
        ("category_in", [""]),
        ("category_in", ["a,b"]),
        ("text", 5),
        ("preferred_seller_code", b"x"),
        ("city_in", b"x"),
        ("city_in", {"a": 1}),
        ("city_in", [None]),
        ("city_in", [2.5]),
        ("city_in", [True]),
        ("city_in", [-1]),
        ("available_from", datetime(2026, 12, 1)),  # noqa: DTZ001 - the mistake tested for
        ("available_from", "2026-12-01"),
        ("available_to", "2026-12-01"),
        ("coordinates", (45.4, 9.2)),
        ("distance", 0),
        ("distance", 2.5),
        ("distance_unit", "miles"),
        ("default_price_range", (1, 5)),
        ("temporary", "YES"),
        ("available_to", date(2026, 11, 30)),
        ("limit", 101),
    ],
)
def test_a_search_refuses_what_the_api_could_not_read(recorded: Any, argument: str, value: Any) -> None:
    client, urls = recorded
    with pytest.raises(ArgumentError) as raised:
        client.activities.search(**{**EVERYTHING, argument: value})
    assert raised.value.argument == argument
    assert not urls


@pytest.mark.parametrize("missing", ["available_from", "available_to", "coordinates", "distance"])
def test_a_search_refuses_half_of_a_pair(recorded: Any, missing: str) -> None:
    client, _ = recorded
    with pytest.raises(ArgumentError, match=r"belong together") as raised:
        client.activities.search(**{**EVERYTHING, missing: None})
    assert raised.value.argument == missing


@pytest.mark.anyio
@pytest.mark.parametrize("uuid", [UUID_TEXT, UUID_TEXT.upper(), UUID(UUID_TEXT), UUID_TEXT.replace("-", "")])
async def test_an_activity_is_read_by_its_uuid(recorded: Any, uuid: Any) -> None:
    client, urls = recorded
    await client.activities.get(uuid)
    assert urls[0].path == f"/activities/{UUID_TEXT}"


@pytest.mark.anyio
@pytest.mark.parametrize("uuid", ["", "../login", "b36ba13e", 2])
async def test_what_is_no_uuid_is_refused(recorded: Any, uuid: Any) -> None:
    client, urls = recorded
    with pytest.raises(ArgumentError, match=r"^activity_uuid: must be a UUID"):
        await client.activities.get(uuid)
    assert not urls


@pytest.mark.anyio
async def test_a_list_of_cities_sends_every_filter_as_the_api_reads_it(recorded: Any) -> None:
    client, urls = recorded
    await client.cities.list(
        coordinates=Coordinates(41.9, 12.5),
        distance=50,
        prioritized_country=82,
        prioritized_country_cities_limit=5,
        sort_by="none",
        without_events=True,
        limit=20,
    )
    assert dict(urls[0].params) == {
        "coordinates": "41.900000,12.500000",
        "distance": "50",
        "prioritized_country": "82",
        "prioritized_country_cities_limit": "5",
        "sort_by": "none",
        "without_events": "yes",
        "limit": "20",
    }


@pytest.mark.anyio
async def test_a_list_of_cities_can_say_no(recorded: Any) -> None:
    client, urls = recorded
    await client.cities.list(without_events=False)
    assert dict(urls[0].params) == {"without_events": "no"}


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("sort_by", "name"),
        ("coordinates", (0, 200)),
        ("distance", -1),
        ("prioritized_country", "IT"),
        ("prioritized_country_cities_limit", 0),
    ],
)
def test_a_list_of_cities_refuses_what_the_api_could_not_read(recorded: Any, argument: str, value: Any) -> None:
    client, _ = recorded
    with pytest.raises(ArgumentError) as raised:
        client.cities.list(**{"coordinates": Coordinates(0, 0), "distance": 1, argument: value})
    assert raised.value.argument == argument


@pytest.mark.anyio
@pytest.mark.parametrize("city_id", [0, -1, "", "2/../3", "..", "00", True, 2.0])
async def test_a_city_is_read_by_a_number_and_nothing_else(recorded: Any, city_id: Any) -> None:
    client, urls = recorded
    with pytest.raises(ArgumentError, match=r"^city_id: must be a whole number"):
        await client.cities.get(city_id)
    assert not urls


@pytest.mark.anyio
async def test_what_a_search_finds_can_be_read_in_full_in_each_language(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    found = await musement_client.activities.search(text="museum", limit=5)
    assert found.total
    assert found.total > 5
    first = found[0]
    assert first.uuid is not None
    english = await musement_client.activities.get(first.uuid)
    italian = await musement_client.with_options(language="it-IT").activities.get(first.uuid)
    assert english.title == first.title
    assert italian.title != english.title
    assert local_musement.count(path="/activities/{activityUuid}") == 2


@pytest.mark.anyio
async def test_prices_come_in_the_clients_currency_and_are_exact(musement_client: MusementClient) -> None:
    page = await musement_client.with_options(currency="GBP").activities.search(limit=20)
    prices = [activity.retail_price for activity in page]
    assert {price.currency for price in prices if price} == {"GBP"}
    assert all(isinstance(price.value, Decimal) for price in prices if price)


@pytest.mark.anyio
async def test_all_cities_and_all_activities_can_be_iterated(musement_client: MusementClient) -> None:
    cities = [city.id async for city in musement_client.cities.list(without_events=True)]
    assert len(cities) == len(set(cities)) >= 30
    activities = [activity.uuid async for activity in musement_client.activities.search()]
    assert len(activities) == len(set(activities)) == 500


@pytest.mark.anyio
async def test_what_does_not_exist_and_what_is_hidden_are_errors_of_their_own(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    with pytest.raises(NotFoundError):
        await musement_client.cities.get(999_999)
    with pytest.raises(NotFoundError):
        await musement_client.activities.get(UUID_TEXT)
    with pytest.raises(PermissionDeniedError):
        await musement_client.activities.get(local_musement.activity_uuids("DRAFT")[0])
