"""Cities: what each method sends, what it refuses, and what the local Musement answers."""

from datetime import date
from typing import Any

import pytest

from musement_async import ArgumentError, MusementClient, NotFoundError

# method: arguments, path
METHODS: dict[str, tuple[tuple[Any, ...], str]] = {
    "activities": ((2,), "/cities/2/activities"),
    "activities_on": ((2, "tomorrow"), "/cities/2/activities/tomorrow"),
    "categories": ((2,), "/cities/2/categories"),
    "category_regions": ((2, 13), "/cities/2/categories/13/regions"),
    "lists": ((2,), "/cities/2/lists"),
    "regions": ((2,), "/cities/2/regions"),
    "venues": ((2,), "/cities/2/venues"),
    "vertical_categories": ((2, 1), "/cities/2/verticals/1/categories"),
    "verticals": ((2,), "/cities/2/verticals"),
}
FILTERS: dict[str, dict[str, Any]] = {
    "activities": {
        "vertical": 1,
        "category": 13,
        "venue": 160,
        "available_from": date(2026, 12, 1),
        "available_to": date(2026, 12, 24),
        "sort_by": "relevance-city",
        "limit": 50,
        "offset": 100,
    },
    "activities_on": {"limit": 50, "offset": 100},
    "lists": {
        "vertical": 3,
        "exclude_not_tagged": True,
        "listtypes": ["Guide", "Agenda"],
        "listtags": ["food"],
        "limit": 20,
        "offset": 40,
    },
    "venues": {
        "vertical": 1,
        "must_be_visible": True,
        "must_have_activities": False,
        "limit": 20,
        "offset": 40,
    },
}
SENT: dict[str, dict[str, str]] = {
    "activities": {
        "vertical": "1",
        "category": "13",
        "venue": "160",
        "available_from": "2026-12-01",
        "available_to": "2026-12-24",
        "sort_by": "relevance-city",
        "limit": "50",
        "offset": "100",
    },
    "activities_on": {"limit": "50", "offset": "100"},
    "lists": {
        "vertical": "3",
        "exclude_not_tagged": "YES",
        "listtypes": "Guide,Agenda",
        "listtags": "food",
        "limit": "20",
        "offset": "40",
    },
    "venues": {
        "vertical": "1",
        "must_be_visible": "true",
        "must_have_activities": "false",
        "limit": "20",
        "offset": "40",
    },
}


@pytest.mark.anyio
@pytest.mark.parametrize("method", METHODS)
async def test_what_there_is_in_a_city_is_asked_for_without_a_parameter(answering: Any, method: str) -> None:
    client, requests = answering(json=[])
    arguments, path = METHODS[method]
    assert tuple(await getattr(client.cities, method)(*arguments)) == ()
    assert requests[0].url.raw_path == path.encode()


@pytest.mark.anyio
@pytest.mark.parametrize("method", FILTERS)
async def test_every_filter_is_sent_as_the_api_reads_it(answering: Any, method: str) -> None:
    client, requests = answering(json=[])
    arguments, path = METHODS[method]
    await getattr(client.cities, method)(*arguments, **FILTERS[method])
    assert requests[0].url.path == path
    assert dict(requests[0].url.params) == SENT[method]


@pytest.mark.anyio
async def test_a_category_of_a_city_is_read_by_both_ids(answering: Any) -> None:
    client, requests = answering(json={"id": 13})
    assert (await client.cities.category(2, 13)).id == 13
    assert requests[0].url.path == "/cities/2/categories/13"


@pytest.mark.anyio
@pytest.mark.parametrize("method", [*METHODS, "category"])
async def test_a_city_is_a_number(answering: Any, method: str) -> None:
    client, requests = answering(json=[])
    others = ((2, 13) if method == "category" else METHODS[method][0])[1:]
    with pytest.raises(ArgumentError, match=r"^city_id: "):
        await getattr(client.cities, method)("2", *others)
    assert not requests


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("activities", "vertical", "arts-culture"),
        ("activities", "category", 0),
        ("activities", "venue", True),
        ("activities", "available_to", date(2026, 11, 30)),
        ("activities", "available_from", None),
        ("activities", "available_to", None),
        ("activities", "sort_by", "venue-relevance"),
        ("activities", "limit", 101),
        ("activities_on", "happening", "yesterday"),
        ("activities_on", "happening", None),
        ("activities_on", "offset", -1),
        ("category", "category_id", 0),
        ("category_regions", "category_id", "museums"),
        ("lists", "vertical", -1),
        ("lists", "exclude_not_tagged", "NO"),
        ("lists", "listtypes", "Guide"),
        ("lists", "listtags", [""]),
        ("venues", "vertical", 1.5),
        ("venues", "must_be_visible", "yes"),
        ("venues", "must_have_activities", 1),
        ("vertical_categories", "vertical_id", None),
    ],
)
async def test_what_the_api_could_not_read_is_refused(answering: Any, method: str, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    named = {"city_id": 2, **FILTERS.get(method, {}), argument: value}
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.cities, method)(**named)
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_what_a_city_counts_is_what_its_lists_hold(musement_client: MusementClient) -> None:
    cities = musement_client.cities
    rome = await cities.get(2)
    assert rome.activities_count == len([each async for each in cities.activities(2)])
    assert rome.venue_count == len([each async for each in cities.venues(2)])
    assert rome.list_count == len([each async for each in cities.lists(2)]) == 3
    verticals = await cities.verticals(2)
    assert sum(vertical.count or 0 for vertical in verticals) == rome.activities_count


@pytest.mark.anyio
async def test_a_city_s_categories_are_those_of_its_activities_the_fullest_first(
    musement_client: MusementClient,
) -> None:
    cities = musement_client.cities
    activities = [activity async for activity in cities.activities(2)]
    expected = {category.id for activity in activities for category in activity.categories}
    categories = await cities.categories(2)
    assert {category.id for category in categories} == expected
    counts = [len([each async for each in cities.activities(2, category=category.id)]) for category in categories[:5]]
    assert counts == sorted(counts, reverse=True)
    assert {category.city and category.city.id for category in categories} == {2}


@pytest.mark.anyio
async def test_a_category_of_a_city_can_be_read_and_has_regions(musement_client: MusementClient) -> None:
    fullest = (await musement_client.cities.categories(2))[0]
    assert fullest.id is not None
    assert await musement_client.cities.category(2, fullest.id) == fullest
    assert [region.code for region in await musement_client.cities.category_regions(2, fullest.id)] == ["us", "it"]
    assert [region.code for region in await musement_client.cities.regions(2)] == ["us", "it"]


@pytest.mark.anyio
async def test_categories_of_a_vertical_tell_how_much_they_hold(musement_client: MusementClient) -> None:
    for category in await musement_client.cities.vertical_categories(2, 1):
        call = musement_client.cities.activities(2, vertical=1, category=category.id)
        assert category.event_count == len([activity async for activity in call])


@pytest.mark.anyio
async def test_activities_of_today_and_tomorrow_take_place_then(musement_client: MusementClient) -> None:
    today = [each async for each in musement_client.cities.activities_on(2, "today")]
    tomorrow = [each async for each in musement_client.cities.activities_on(2, "tomorrow")]
    assert today
    assert all(activity.is_available_today for activity in today)
    assert tomorrow
    assert all(activity.is_available_tomorrow for activity in tomorrow)


@pytest.mark.anyio
async def test_venues_without_activities_can_be_left_out(musement_client: MusementClient) -> None:
    mantua = musement_client.cities.venues
    assert [venue.name for venue in await mantua(22)] == ["Ducal Palace of Mantua"]
    assert list(await mantua(22, must_have_activities=True)) == []
    assert list(await mantua(22, vertical=1)) == []


@pytest.mark.anyio
async def test_a_category_that_a_city_has_nothing_in_is_not_found(musement_client: MusementClient) -> None:
    with pytest.raises(NotFoundError):
        await musement_client.cities.category(22, 13)


@pytest.mark.anyio
@pytest.mark.parametrize("method", METHODS)
async def test_nothing_is_known_of_a_city_that_does_not_exist(musement_client: MusementClient, method: str) -> None:
    with pytest.raises(NotFoundError):
        await getattr(musement_client.cities, method)(999_999, *METHODS[method][0][1:])
