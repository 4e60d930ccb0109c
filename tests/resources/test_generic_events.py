"""Events that Musement does not sell."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, Coordinates, MusementClient
from musement_async.models import GenericEvent
from musement_async.testing import LocalMusement

ROME, VENICE = Coordinates(41.898, 12.483), 4


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        ({}, {}),
        ({"now_open": False, "temporary": False, "city_in": []}, {}),
        (
            {
                "city_in": [2, 40],
                "max_distance": (Coordinates(44.5, -12.25), 100),
                "max_distance_from_city": (231, 62),
                "distance_unit": "M",
                "now_open": True,
                "temporary": True,
                "vertical_in": [1, 2],
                "sort_by": ["rating", "-votes"],
                "limit": 20,
                "offset": 40,
            },
            {
                "city_in": "2,40",
                "max_distance": "44.500000|-12.250000|100M",
                "max_distance_from_city": "231|62M",
                "now_open": "YES",
                "temporary": "YES",
                "vertical_in": "1,2",
                "sort_by": "rating,-votes",
                "limit": "20",
                "offset": "40",
            },
        ),
    ],
)
async def test_a_list_sends_every_filter_as_the_api_reads_it(
    answering: Any, arguments: dict[str, Any], sent: dict[str, str]
) -> None:
    client, requests = answering(json=[{"id": 1}])
    assert list(await client.generic_events.list(**arguments)) == [GenericEvent(id=1)]
    assert (requests[0].url.path, dict(requests[0].url.params)) == ("/generic-events", sent)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("city_in", "Rome"),
        ("max_distance", (41.9, 12.5)),
        ("max_distance", (ROME, 0)),
        ("max_distance", (ROME,)),
        ("max_distance", "44.5|12.25|100KM"),
        ("max_distance_from_city", (2, 0.5)),
        ("max_distance_from_city", (ROME, 5)),
        ("max_distance_from_city", 2),
        ("distance_unit", "miles"),
        ("now_open", "YES"),
        ("temporary", 1),
        ("vertical_in", [""]),
        ("sort_by", ["a,b"]),
        ("limit", 101),
    ],
)
def test_a_list_refuses_what_the_api_could_not_read(answering: Any, argument: str, value: Any) -> None:
    client, _ = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        client.generic_events.list(**{argument: value})
    assert raised.value.argument == argument


@pytest.mark.anyio
async def test_events_take_place_in_cities_that_exist(musement_client: MusementClient) -> None:
    events = [event async for event in musement_client.generic_events.list()]
    numbers = [event.id for event in events]
    assert len(numbers) == len(set(numbers)) > 30
    first = events[0]
    assert first.city is not None
    assert first.city.id is not None
    assert (await musement_client.cities.get(first.city.id)).name == first.city.name
    assert first.venue is not None
    assert first.venue.name
    assert first.where_is == f"{first.venue.name}, {first.city.name}"
    assert first.images[0].url


async def kinds_of(client: MusementClient, **arguments: Any) -> set[tuple[int | None, bool | None]]:
    events = [event async for event in client.generic_events.list(**arguments)]
    return {(event.city.id if event.city else None, event.temporary) for event in events}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"city_in": [2]}, {(2, True), (2, False)}),
        ({"city_in": [2], "temporary": True}, {(2, True)}),
        ({"city_in": [2, VENICE], "vertical_in": [3]}, {(2, False), (VENICE, False)}),
        ({"max_distance": (ROME, 30)}, {(2, True), (2, False)}),
        ({"max_distance": (ROME, 270), "temporary": True}, {(2, True), (3, True)}),
        ({"max_distance": (ROME, 270), "distance_unit": "M", "temporary": True}, {(2, True), (3, True), (4, True)}),
        ({"max_distance_from_city": (VENICE, 30)}, {(VENICE, True), (VENICE, False)}),
        ({"max_distance_from_city": (999_999, 30)}, set()),
        ({"city_in": [999_999]}, set()),
    ],
)
async def test_events_are_found_by_place_theme_and_kind(
    musement_client: MusementClient, arguments: dict[str, Any], expected: set[Any]
) -> None:
    assert await kinds_of(musement_client, **arguments) == expected


@pytest.mark.anyio
async def test_what_is_open_now_has_begun_and_not_ended() -> None:
    client = LocalMusement(today=date(2026, 6, 1)).client()
    midnight = datetime(2026, 6, 1, tzinfo=UTC)
    everything = [event async for event in client.generic_events.list()]
    now = [event async for event in client.generic_events.list(now_open=True)]
    expected = [
        event
        for event in everything
        if event.start_at
        and event.start_at.date() <= midnight.date()
        and (event.end_at is None or event.end_at > midnight)
    ]
    assert now == expected
    assert 0 < len(now) < len(everything)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_distance", "44.5,12.25,10KM"),
        ("max_distance_from_city", "Rome|10KM"),
        ("now_open", "NO"),
        ("city_in", "a"),
    ],
)
async def test_the_local_musement_refuses_what_it_cannot_read(
    musement_client: MusementClient, name: str, value: str
) -> None:
    with pytest.raises(BadRequestError, match=name):
        await musement_client.request("GET", "/generic-events", params={name: value})
