"""Places and themes of the local Musement: their consistency, and their refusals."""

from collections.abc import Callable
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

import httpx
import pytest

from musement_async import MusementClient, PermissionDeniedError
from musement_async.models import Activity, Category, ListItemType
from musement_async.pagination import ListCall
from musement_async.testing import LocalMusement

Browse = Callable[..., httpx.Response]

ROME, ITALY, MUSEUMS, FOOD = 2, 82, 164, 230
MANTUA, DUCAL_PALACE = 22, 550
TODAY = date(2026, 6, 1)


@pytest.fixture
def client(shop: LocalMusement) -> MusementClient:
    return shop.client()


async def every(call: ListCall[Any]) -> list[Any]:
    return [item async for item in call]


def uuids(activities: list[Activity]) -> list[object]:
    return [activity.uuid for activity in activities]


@pytest.mark.anyio
async def test_a_city_counts_what_its_lists_hold(client: MusementClient) -> None:
    city = await client.cities.get(ROME)
    counts = (city.activities_count, city.list_count, city.venue_count)
    assert counts == (
        len(await every(client.cities.activities(ROME))),
        len(await every(client.cities.lists(ROME))),
        len(await every(client.cities.venues(ROME))),
    )
    assert all(counts)


@pytest.mark.anyio
async def test_a_city_has_the_categories_and_verticals_of_its_activities(client: MusementClient) -> None:
    there = await every(client.cities.activities(ROME))
    categories = await client.cities.categories(ROME)
    assert {category.id for category in categories} == {
        category.id for activity in there for category in activity.categories
    }
    counts = [len(await every(client.cities.activities(ROME, category=category.id))) for category in categories]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] > 0
    verticals = {vertical.id: vertical.count for vertical in await client.cities.verticals(ROME)}
    assert verticals == {
        number: len(await every(client.cities.activities(ROME, vertical=number))) for number in verticals
    }
    assert sum(filter(None, verticals.values())) == len(there)


@pytest.mark.anyio
async def test_a_category_counts_its_activities_in_the_vertical_of_a_city(client: MusementClient) -> None:
    categories = await client.cities.vertical_categories(ROME, 1)
    assert categories
    for category in categories:
        found = await every(client.cities.activities(ROME, vertical=1, category=category.id))
        assert category.event_count == len(found)


@pytest.mark.anyio
async def test_a_category_in_a_city_is_the_same_from_both_sides(client: MusementClient) -> None:
    category = await client.cities.category(ROME, FOOD)
    assert category == await client.categories.in_city(FOOD, ROME)
    assert category.city
    assert (category.id, category.city.id, category.headline) == (FOOD, ROME, "Rome: Food and wine")


@pytest.mark.anyio
@pytest.mark.parametrize("day", ["today", "tomorrow"])
async def test_what_happens_can_be_booked_that_day(client: MusementClient, day: Any) -> None:
    happening = uuids(await every(client.cities.activities_on(ROME, day)))
    assert happening
    for activity in await every(client.cities.activities(ROME)):
        available = getattr(await client.activities.get(activity.uuid), f"is_available_{day}")
        assert (activity.uuid in happening) is available


@pytest.mark.anyio
async def test_activities_of_a_city_can_be_those_of_some_days(client: MusementClient) -> None:
    all_year = await every(client.cities.activities(ROME))
    week = await every(client.cities.activities(ROME, available_from=TODAY, available_to=TODAY + timedelta(days=1)))
    assert 0 < len(week) < len(all_year)
    assert set(uuids(week)) < set(uuids(all_year))


@pytest.mark.anyio
async def test_activities_of_a_city_come_in_the_order_asked_for(client: MusementClient) -> None:
    ratings = [activity.reviews_avg for activity in await every(client.cities.activities(ROME, sort_by="rating"))]
    prices = [activity.retail_price.value for activity in await every(client.cities.activities(ROME, sort_by="price"))]
    assert ratings == sorted(ratings, reverse=True)
    assert prices == sorted(prices)


@pytest.mark.anyio
async def test_a_country_has_its_cities_and_their_activities(client: MusementClient) -> None:
    countries = await every(client.countries.list())
    italy = await client.countries.get(ITALY)
    assert italy in countries
    cities = await every(client.countries.cities(ITALY))
    assert {city.country.id for city in cities} == {ITALY}
    activities = await every(client.countries.activities(ITALY))
    assert len(activities) == sum(city.activities_count for city in cities)
    cities_of_all = [len(await every(client.countries.cities(country.id))) for country in countries]
    assert sum(cities_of_all) == len(await every(client.cities.list(without_events=True)))


@pytest.mark.anyio
async def test_a_city_of_the_country_can_come_first(client: MusementClient) -> None:
    names = [activity.city.id for activity in await every(client.countries.activities(ITALY, priority_city=ROME))]
    first = names.count(ROME)
    assert names[:first] == [ROME] * first
    assert 0 < first < len(names)


@pytest.mark.parametrize("city", [40, 999_999])
def test_a_city_of_another_country_cannot_come_first(browse: Browse, city: int) -> None:
    response = browse(f"/countries/{ITALY}/activities", priority_city=city)
    assert (response.status_code, response.json()["code"]) == (400, "0")


@pytest.mark.anyio
async def test_venues_are_those_with_activities_and_each_counts_its_own(client: MusementClient) -> None:
    listed = await every(client.venues.list())
    assert DUCAL_PALACE not in {venue.id for venue in listed}
    for venue in listed[:5]:
        found = await every(client.venues.activities(venue.id))
        assert len(found) == venue.events_count > 0
        full = await client.venues.get(venue.id)
        assert (full.events_count, full.city) == (venue.events_count, venue.city)
        assert set(uuids(list(full.events))) <= set(uuids(found))
        assert sum(vertical.count or 0 for vertical in full.verticals) == len(found)


@pytest.mark.anyio
async def test_a_venue_without_activities_can_be_read_and_says_so(client: MusementClient) -> None:
    venue = await client.venues.get(DUCAL_PALACE)
    assert (venue.events_count, venue.events, venue.reviews_avg) == (0, (), 0)
    assert await client.venues.flavours(DUCAL_PALACE) == ()
    assert await every(client.venues.activities(DUCAL_PALACE)) == []


@pytest.mark.anyio
async def test_flavours_of_a_venue_divide_its_activities(client: MusementClient) -> None:
    flavours = await client.venues.flavours(MUSEUMS)
    counts = [len(await every(client.venues.activities(MUSEUMS, flavour=flavour.id))) for flavour in flavours]
    assert all(counts)
    assert sum(counts) == len(await every(client.venues.activities(MUSEUMS)))


@pytest.mark.anyio
async def test_venues_can_be_those_of_some_countries_and_by_relevance(client: MusementClient) -> None:
    up = await every(client.venues.list(country_in=[ITALY], sort_by="relevance"))
    down = await every(client.venues.list(country_in=[ITALY], sort_by="-relevance"))
    assert {venue.country.id for venue in up} == {ITALY}
    weights = [venue.relevance for venue in up]
    assert weights == sorted(weights)
    assert [venue.relevance for venue in down] == weights[::-1]


@pytest.mark.anyio
async def test_all_venues_are_visible(client: MusementClient) -> None:
    assert await every(client.venues.list(visible=True)) == await every(client.venues.list())
    assert await every(client.venues.list(visible=False)) == []


@pytest.mark.anyio
@pytest.mark.parametrize("status", ["NOT-ACTIVE", "ALL"])
async def test_other_venues_are_for_content_managers(client: MusementClient, status: Any) -> None:
    with pytest.raises(PermissionDeniedError):
        await client.venues.list(status=status)


@pytest.mark.anyio
async def test_venues_of_a_city_can_be_those_with_activities(client: MusementClient) -> None:
    everything = await every(client.cities.venues(MANTUA))
    assert [venue.id for venue in everything] == [DUCAL_PALACE]
    assert await every(client.cities.venues(MANTUA, must_have_activities=True)) == []
    assert await every(client.cities.venues(MANTUA, must_have_activities=False)) == everything
    of_art = await every(client.cities.venues(ROME, vertical=1))
    assert of_art
    assert all(1 in {vertical.id for vertical in venue.verticals} for venue in of_art)


@pytest.mark.anyio
async def test_verticals_divide_the_catalogue(client: MusementClient) -> None:
    verticals = await every(client.verticals.list())
    counts = [len(await every(client.verticals.activities(vertical.id))) for vertical in verticals]
    assert [vertical.count for vertical in verticals] == counts
    assert sum(counts) == 500
    full = await client.verticals.get(verticals[0].id)
    assert full.count == counts[0]
    assert len(full.top_events) == 3


@pytest.mark.anyio
async def test_verticals_and_categories_lead_to_each_other(client: MusementClient) -> None:
    of_food = await every(client.verticals.list(category_in=[FOOD]))
    assert of_food
    for vertical in of_food:
        assert FOOD in {category.id for category in await every(client.verticals.categories(vertical.id))}
        assert await every(client.categories.activities(FOOD, vertical=vertical.id))
    usable = await every(client.verticals.categories(of_food[0].id, filtering_aware=True))
    others = await every(client.verticals.categories(of_food[0].id, filtering_aware=False))
    assert {category.id for category in usable}.isdisjoint({category.id for category in others})
    assert usable


@pytest.mark.anyio
async def test_the_tree_holds_the_categories_of_the_list_below_a_root(client: MusementClient) -> None:
    walked = list((await client.categories.tree()).walk())
    assert walked[0][0] == 0
    assert all(depth == category.level for depth, category in walked)
    listed = {category.id: category for category in await every(client.categories.list())}
    assert {category.id for _, category in walked[1:]} == listed.keys()
    for _, parent in walked[1:]:
        below = await every(client.categories.list(parent_id=parent.id))
        assert [child.id for child in below] == [child.id for child in parent.children or ()]


@pytest.mark.anyio
async def test_every_category_can_be_read_the_root_included(client: MusementClient) -> None:
    for _, category in (await client.categories.tree()).walk():
        assert category.id is not None
        alone = await client.categories.get(category.id)
        assert (alone.code, alone.children) == (category.code, None)


@pytest.mark.anyio
async def test_the_root_of_the_categories_has_all_activities(client: MusementClient) -> None:
    root = (await client.categories.tree()).id
    assert root is not None
    assert len(await every(client.categories.activities(root, city=ROME))) == len(
        await every(client.cities.activities(ROME, category=root))
    )


@pytest.mark.anyio
async def test_activities_of_a_category_are_in_it(client: MusementClient) -> None:
    page = await client.categories.activities(FOOD, limit=100)
    assert page
    assert all(FOOD in {category.id for category in activity.categories} for activity in page)
    at_venue = await every(client.categories.activities(13, venue=MUSEUMS))
    assert set(uuids(at_venue)) <= set(uuids(await every(client.venues.activities(MUSEUMS))))


@pytest.mark.anyio
@pytest.mark.parametrize("order", ["relevance", "city_relevance", "discount"])
async def test_categories_can_be_sorted_both_ways(client: MusementClient, order: Any) -> None:
    down = await every(client.categories.list(sort_by=f"-{order}"))  # type: ignore[arg-type]
    up = await every(client.categories.list(sort_by=order))
    sizes = {category.id: await size_of(client, category, order) for category in down}
    assert [sizes[category.id] for category in down] == sorted(sizes.values(), reverse=True)
    assert [sizes[category.id] for category in up] == sorted(sizes.values())


async def size_of(client: MusementClient, category: Category, order: str) -> int:
    assert category.id is not None
    found = await every(client.categories.activities(category.id))
    if order == "discount":
        return max((activity.discount for activity in found), default=0)
    return len({activity.city.id for activity in found}) if order == "city_relevance" else len(found)


@pytest.mark.anyio
async def test_categories_are_narrowed_by_level_and_use(client: MusementClient) -> None:
    everything = await every(client.categories.list(level=0))
    assert {category.level for category in await every(client.categories.list(level=2))} == {2}
    usable = await every(client.categories.list(filtering_aware=True))
    others = await every(client.categories.list(filtering_aware=False))
    assert len(usable) + len(others) == len(everything)


@pytest.mark.anyio
async def test_lists_are_of_three_types_and_hold_what_they_count(client: MusementClient) -> None:
    lists = await every(client.lists.list())
    assert {listed.list_type for listed in lists} == set(await client.lists.types())
    kinds = set()
    for listed in lists:
        counts = {
            kind: sum(item.public_type == kind for item in listed.items) for kind in ListItemType.__members__.values()
        }
        assert listed.items_count == type(listed.items_count)(**{kind.value: n for kind, n in counts.items()})
        assert all(item.subject for item in listed.items)
        kinds |= {kind for kind, count in counts.items() if count}
    assert kinds == set(ListItemType.__members__.values())


@pytest.mark.anyio
async def test_a_list_alone_is_the_one_of_its_city(client: MusementClient) -> None:
    (first, *_) = await every(client.cities.lists(ROME))
    assert await client.lists.get(first.id) == first
    assert first.city.id == ROME
    activities = [item.event for item in first.items if item.event]
    assert set(uuids(activities)) <= set(uuids(await every(client.cities.activities(ROME))))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("filters", "themes"),
    [
        ({}, {1, 2, 3}),
        ({"country_in": [ITALY]}, {1, 2, 3}),
        ({"country_in": [60]}, set()),
        ({"category_in": [FOOD]}, {2}),
        ({"temporary": True}, {3}),
        ({"temporary": False}, {1, 2}),
        ({"exclude_not_tagged": True}, {1, 2}),
        ({"listtypes": ["guide"]}, {1}),
        ({"listtypes": ["Selezione", "3"]}, {2, 3}),
        ({"listtags": ["food", "sights"]}, {1, 2}),
        ({"listtags": ["dragons"]}, set()),
    ],
)
async def test_lists_are_narrowed(client: MusementClient, filters: dict[str, Any], themes: set[int]) -> None:
    found = await every(client.lists.list(city_in=[ROME], **filters))
    assert {listed.id % 10 for listed in found} == themes


@pytest.mark.anyio
async def test_lists_of_a_vertical_have_an_activity_of_it(client: MusementClient) -> None:
    found = await every(client.cities.lists(ROME, vertical=3))
    assert found
    assert all(3 in {vertical.id for vertical in listed.verticals} for listed in found)


@pytest.mark.anyio
async def test_a_small_city_has_no_lists(client: MusementClient) -> None:
    assert await every(client.cities.lists(MANTUA)) == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "ids", "end"),
    [
        ("cities.regions", (ROME,), "/rome/"),
        ("cities.category_regions", (ROME, FOOD), "/rome/food-and-wine/"),
        ("venues.regions", (MUSEUMS,), "/rome/vatican-museums/"),
        ("verticals.regions", (3,), "/food-and-wine/"),
        ("lists.regions", (22,), "/rome/a-taste-of-rome/"),
    ],
)
async def test_regions_have_a_page_each(client: MusementClient, method: str, ids: tuple[int, ...], end: str) -> None:
    regions = await attrgetter(method)(client)(*ids)
    assert [region.code for region in regions] == ["us", "it"]
    assert regions[0].url.endswith(end)
    assert regions[0].url != regions[1].url


PATHS_OF_UNKNOWN = [
    "/cities/999999/activities",
    "/cities/999999/activities/today",
    "/cities/2/activities/yesterday",
    "/cities/999999/categories",
    "/cities/2/categories/999999",
    "/cities/22/categories/13",
    "/cities/2/categories/999999/regions",
    "/cities/999999/lists",
    "/cities/999999/regions",
    "/cities/999999/venues",
    "/cities/999999/verticals",
    "/cities/2/verticals/999999/categories",
    "/categories/999999",
    "/categories/13/cities/999999",
    "/categories/999999/activities",
    "/countries/999999",
    "/countries/999999/activities",
    "/countries/999999/cities",
    "/lists/999999",
    "/lists/220",
    "/lists/999999/regions",
    "/venues/999999",
    "/venues/999999/activities",
    "/venues/999999/flavours",
    "/venues/999999/regions",
    "/verticals/999999",
    "/verticals/999999/activities",
    "/verticals/999999/categories",
    "/verticals/999999/regions",
]


@pytest.mark.parametrize("path", PATHS_OF_UNKNOWN)
def test_what_does_not_exist_is_not_found(browse: Browse, path: str) -> None:
    response = browse(path)
    assert (response.status_code, response.json()["code"]) == (404, "1400")


@pytest.mark.parametrize("path", ["/categories", "/countries", "/list-types", "/lists", "/venues", "/verticals"])
def test_a_page_behind_the_last_is_not_found(browse: Browse, path: str) -> None:
    response = browse(path, offset=1000, limit=10)
    assert (response.status_code, response.json()["code"]) == (404, "1400")


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/cities/2/activities", {"available_from": "2026-07-01"}),
        ("/cities/2/activities", {"sort_by": "venue-relevance"}),
        ("/cities/2/activities", {"category": "museums"}),
        ("/cities/2/lists", {"exclude_not_tagged": "no"}),
        ("/cities/2/venues", {"must_be_visible": "YES"}),
        ("/cities/2/venues", {"vertical": "0"}),
        ("/categories", {"level": "-1"}),
        ("/categories", {"sort_by": "best"}),
        ("/categories/13/activities", {"date_from": "July"}),
        ("/lists", {"temporary": "maybe"}),
        ("/lists", {"country_in": "IT"}),
        ("/venues", {"limit": "0"}),
        ("/venues", {"sort_by": "rating"}),
        ("/venues", {"status": "SLEEPING"}),
        ("/venues/164/activities", {"flavour": "x"}),
        ("/verticals", {"category_in": "museums"}),
        ("/verticals/1/categories", {"filtering_aware": "1"}),
    ],
)
def test_queries_that_make_no_sense_are_refused(browse: Browse, path: str, parameters: dict[str, str]) -> None:
    response = browse(path, **parameters)
    assert (response.status_code, response.json()["code"]) == (400, "0")


def test_an_end_before_the_start_has_a_code_of_its_own(browse: Browse) -> None:
    response = browse("/categories/13/activities", date_from="2026-07-02", date_to="2026-07-01")
    assert (response.status_code, response.json()["code"]) == (400, "1440")


@pytest.mark.anyio
async def test_names_come_in_the_language_asked_for(client: MusementClient) -> None:
    italian = client.with_options(language="it-IT")
    (guide, *_) = await every(italian.cities.lists(ROME))
    assert guide.title == "Roma: la prima volta"
    assert (await italian.categories.tree()).name == "Tutte le categorie"
    assert (await italian.countries.get(ITALY)).name == "Italia"


def test_a_page_number_takes_the_place_of_an_offset(browse: Callable[..., httpx.Response]) -> None:
    by_number = browse("/venues", limit=5, page=2).json()
    assert by_number == browse("/venues", limit=5, offset=5).json()
    assert browse("/venues", limit=5, page=2, offset=5).status_code == 400
    assert browse("/venues", limit=5, page=0).status_code == 400
