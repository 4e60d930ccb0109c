"""Venues: what each method sends, what it refuses, and what the local Musement answers."""

from datetime import date, timedelta
from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError, PermissionDeniedError
from musement_async.testing import LocalMusement

ACTIVITY_FILTERS: dict[str, Any] = {
    "vertical": 1,
    "city": 2,
    "category": 13,
    "flavour": 1,
    "date_from": date(2026, 12, 1),
    "date_to": date(2026, 12, 24),
    "sort_by": "category-relevance",
    "limit": 50,
    "offset": 100,
}


@pytest.mark.anyio
async def test_a_list_of_venues_sends_every_filter_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(json=[])
    await client.venues.list(
        status="ACTIVE", visible=True, country_in=[82, 60], sort_by="-relevance", limit=20, offset=40
    )
    assert requests[0].url.path == "/venues"
    assert dict(requests[0].url.params) == {
        "status": "ACTIVE",
        "visible": "true",
        "country_in": "82,60",
        "sort_by": "-relevance",
        "limit": "20",
        "offset": "40",
    }


@pytest.mark.anyio
async def test_a_limit_has_an_offset_beside_it(answering: Any) -> None:
    client, requests = answering(json=[])
    await client.venues.list()
    await client.venues.list(limit=5)
    assert [dict(request.url.params) for request in requests] == [{}, {"limit": "5", "offset": "0"}]


@pytest.mark.anyio
async def test_a_venue_is_read_by_its_id(answering: Any) -> None:
    client, requests = answering(json={"id": 160})
    assert (await client.venues.get(160)).id == 160
    assert requests[0].url.raw_path == b"/venues/160"


@pytest.mark.anyio
async def test_activities_of_a_venue_send_every_filter_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(json=[])
    await client.venues.activities(160, **ACTIVITY_FILTERS)
    assert requests[0].url.path == "/venues/160/activities"
    assert dict(requests[0].url.params) == {name: str(value) for name, value in ACTIVITY_FILTERS.items()}


@pytest.mark.anyio
@pytest.mark.parametrize("body", [[{"id": 1}], {"id": 1}, {"data": [{"id": 1}]}], ids=["list", "one", "envelope"])
async def test_flavours_come_in_each_of_the_shapes_that_the_api_may_send(answering: Any, body: Any) -> None:
    client, requests = answering(json=body)
    assert [flavour.id for flavour in await client.venues.flavours(160)] == [1]
    assert requests[0].url.raw_path == b"/venues/160/flavours"


@pytest.mark.anyio
@pytest.mark.parametrize("body", [[], {"data": []}], ids=["list", "envelope"])
async def test_there_can_be_no_flavours(answering: Any, body: Any) -> None:
    client, _ = answering(json=body)
    assert await client.venues.flavours(160) == ()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("list", "status", "HIDDEN"),
        ("list", "visible", "yes"),
        ("list", "country_in", "82"),
        ("list", "sort_by", "name"),
        ("list", "limit", 101),
        ("get", "venue_id", "colosseum"),
        ("flavours", "venue_id", 0),
        ("regions", "venue_id", None),
        ("activities", "venue_id", 1.0),
        ("activities", "vertical", 0),
        ("activities", "city", "rome"),
        ("activities", "category", -1),
        ("activities", "flavour", ""),
        ("activities", "date_from", "2026-12-01"),
        ("activities", "date_to", date(2026, 11, 30)),
        ("activities", "sort_by", "best"),
    ],
)
async def test_what_the_api_could_not_read_is_refused(answering: Any, method: str, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    named = {"list": {}, "activities": {"venue_id": 160, **ACTIVITY_FILTERS}}.get(method, {})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.venues, method)(**{**named, argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_every_venue_has_the_activities_it_counts(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    venues = [venue async for venue in musement_client.venues.list()]
    assert len(venues) > 50
    assert all(venue.events_count for venue in venues)
    colosseum = await musement_client.venues.get(160)
    assert colosseum.reviews_number
    activities = [activity async for activity in musement_client.venues.activities(160)]
    assert len(activities) == colosseum.events_count
    assert {activity.venues[0].id for activity in [await musement_client.activities.get(activities[0].uuid or "")]} == {
        160
    }
    assert local_musement.count("/venues/{venueId}/activities") == 1


@pytest.mark.anyio
async def test_a_venue_s_flavours_are_those_of_its_activities(musement_client: MusementClient) -> None:
    activities = [activity async for activity in musement_client.venues.activities(160)]
    expected = {flavour.id for activity in activities for flavour in activity.flavours}
    flavours = await musement_client.venues.flavours(160)
    assert {flavour.id for flavour in flavours} == expected
    assert flavours[0].id is not None
    chosen = [each async for each in musement_client.venues.activities(160, flavour=flavours[0].id)]
    assert 0 < len(chosen) < len(activities)


@pytest.mark.anyio
@pytest.mark.parametrize(("sort_by", "is_descending"), [("relevance", False), ("-relevance", True)])
async def test_venues_come_in_order(musement_client: MusementClient, sort_by: Any, is_descending: bool) -> None:  # noqa: FBT001
    found = [each.relevance or 0 async for each in musement_client.venues.list(country_in=[82, 60], sort_by=sort_by)]
    assert found == sorted(found, reverse=is_descending)
    assert found[0] != found[-1]


@pytest.mark.anyio
async def test_no_venue_is_an_empty_page(musement_client: MusementClient) -> None:
    assert list(await musement_client.venues.list(country_in=[185])) == []
    assert list(await musement_client.venues.list(visible=False)) == []


@pytest.mark.anyio
async def test_hidden_venues_are_for_content_managers(musement_client: MusementClient) -> None:
    with pytest.raises(PermissionDeniedError):
        await musement_client.venues.list(status="ALL")


@pytest.mark.anyio
async def test_activities_of_a_venue_take_place_within_a_range(musement_client: MusementClient) -> None:
    far = date.today() + timedelta(days=3650)  # noqa: DTZ011 (no time zone matters ten years ahead)
    assert list(await musement_client.venues.activities(160, date_from=far)) == []
    with pytest.raises(BadRequestError):
        await musement_client.venues.activities(160, date_to=date(2020, 1, 1))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("sort_by", "key"),
    [
        ("price", lambda each: each.retail_price.value),
        ("rating", lambda each: -each.reviews_avg),
        ("relevance", lambda each: -each.relevance),
        ("venue-relevance", lambda each: -each.relevance_venue),
    ],
    ids=["price", "rating", "relevance", "venue"],
)
async def test_activities_of_a_venue_come_in_order(musement_client: MusementClient, sort_by: Any, key: Any) -> None:
    found = [key(activity) async for activity in musement_client.venues.activities(160, sort_by=sort_by)]
    assert found == sorted(found)
    assert found[0] != found[-1]


@pytest.mark.anyio
async def test_a_venue_has_regions(musement_client: MusementClient) -> None:
    assert [region.code for region in await musement_client.venues.regions(160)] == ["us", "it"]


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["get", "activities", "flavours", "regions"])
async def test_nothing_is_known_of_a_venue_that_does_not_exist(musement_client: MusementClient, method: str) -> None:
    with pytest.raises(NotFoundError):
        await getattr(musement_client.venues, method)(999_999)
