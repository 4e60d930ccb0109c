import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.search import kilometres

Browse = Callable[..., httpx.Response]
Activity = dict[str, Any]


def codes(key: str) -> Callable[[Activity], set[str]]:
    return lambda activity: {label["code"] for label in activity[key]}


@pytest.fixture
def find(browse: Browse) -> Callable[..., list[Activity]]:
    def every(**parameters: Any) -> list[Activity]:
        found: list[Activity] = []
        while True:
            response = browse("/activities", **{"limit": 100, "offset": len(found), **parameters})
            assert response.status_code == 200, response.text
            page = response.json()
            found += page["data"]
            if len(page["data"]) < 100:
                assert page["meta"]["count"] == len(found)
                return found

    return every


Find = Callable[..., list[Activity]]


def test_a_search_without_words_finds_everything_most_relevant_first(find: Find) -> None:
    relevances = [activity["relevance"] for activity in find()]
    assert len(relevances) == 500
    assert relevances == sorted(relevances, reverse=True)


def test_a_page_has_ten_items_by_default(browse: Browse) -> None:
    assert len(browse("/activities").json()["data"]) == 10


def test_a_limit_above_the_maximum_is_lowered_to_it(browse: Browse) -> None:
    assert len(browse("/activities", limit=101).json()["data"]) == 100


@pytest.mark.parametrize("parameters", [{"offset": 500}, {"city_in": "0"}, {"text": "zzzzzz"}])
def test_no_results_are_an_empty_page(browse: Browse, parameters: dict[str, Any]) -> None:
    response = browse("/activities", **parameters)
    assert response.status_code == 200
    assert response.json()["data"] == []


@pytest.mark.parametrize(
    ("parameter", "value", "of"),
    [
        ("category_in", "museums", codes("categories")),
        ("category_in", "new-shows,new-transfers", codes("categories")),
        ("category_in", "new-excursions-day-trips", codes("categories")),
        ("city_in", "2", lambda activity: {str(activity["city"]["id"])}),
        ("city_in", "2,40", lambda activity: {str(activity["city"]["id"])}),
        ("country_in", "IT,FR", lambda activity: {activity["city"]["country"]["iso_code"]}),
        ("vertical_in", "food-wine", codes("verticals")),
        ("feature_in", "skip,official", codes("features")),
        ("service_in", "wheelchair,meal", codes("services")),
        ("available_language_in", "ja,sv", codes("languages")),
    ],
)
def test_a_list_finds_exactly_what_has_one_of_its_values(
    find: Find, parameter: str, value: str, of: Callable[[Activity], set[str]]
) -> None:
    wanted = set(value.split(","))
    expected = [activity["uuid"] for activity in find() if of(activity) & wanted]
    assert 0 < len(expected) < 500
    assert [activity["uuid"] for activity in find(**{parameter: value})] == expected


def test_sights_are_found_by_id(find: Find, browse: Browse) -> None:
    found = find(venue_in="160,164")
    venues = {browse(f"/activities/{activity['uuid']}").json()["venues"][0]["id"] for activity in found}
    assert venues == {160, 164}


def test_activities_are_found_by_a_pickup(find: Find, shop: LocalMusement) -> None:
    activities = shop._catalogue.online
    wanted = next(activity for activity in activities if activity.pickups)
    assert [activity["uuid"] for activity in find(pickup_in=f"nowhere,{wanted.pickups[1]}")] == [wanted.uuid]


@pytest.mark.parametrize(("value", "expected"), [("YES", True), ("NO", False), ("true", True), ("false", False)])
def test_temporary_ones_are_told_from_others(find: Find, value: str, *, expected: bool) -> None:
    assert {activity["temporary"] for activity in find(temporary=value)} == {expected}


def test_filters_add_up(find: Find) -> None:
    found = find(city_in="2", vertical_in="arts-culture")
    assert found
    assert all(activity["city"]["name"] == "Rome" for activity in found)
    assert all(codes("verticals")(activity) == {"arts-culture"} for activity in found)


@pytest.mark.parametrize("currency", ["EUR", "SEK", "JPY"])
def test_prices_are_compared_in_the_currency_of_the_request(find: Find, currency: str) -> None:
    prices = sorted(activity["retail_price"]["value"] for activity in find(currency=currency))
    low, high = prices[100], prices[200]
    expected = [price for price in prices if low <= price <= high]
    found = find(currency=currency, default_price_range=f"{low},{high}", sort_by="price")
    assert [activity["retail_price"]["value"] for activity in found] == expected


@pytest.mark.parametrize(("distance", "radius"), [("20KM", 20.0), ("20M", 32.18688)])
def test_places_are_found_within_a_distance(find: Find, distance: str, radius: float) -> None:
    centre = (41.898, 12.7)
    found = find(coordinates="41.898,12.7", distance=distance)
    shown = [(activity["latitude"], activity["longitude"]) for activity in found if "latitude" in activity]
    assert shown
    assert all(kilometres(centre, place) <= radius for place in shown)
    everywhere = [activity for activity in find() if "latitude" in activity]
    near = [each for each in everywhere if kilometres(centre, (each["latitude"], each["longitude"])) <= radius]
    assert len(near) == len(shown)


def test_a_mile_is_longer_than_a_kilometre(find: Find) -> None:
    kilometre, mile = (find(coordinates="41.898,12.7", distance=f"18{unit}") for unit in ("KM", "M"))
    assert len(kilometre) < len(mile)


def test_the_globe_is_measured_in_kilometres() -> None:
    assert math.isclose(kilometres((41.898, 12.483), (48.866, 2.355)), 1106, rel_tol=0.01)


def test_availability_is_looked_at_day_by_day(find: Find, shop: LocalMusement) -> None:
    today = date(2026, 6, 1)
    available = {activity["uuid"] for activity in find(available_from="2026-06-01", available_to="2026-06-01")}
    assert available == {activity["uuid"] for activity in find() if activity["is_available_today"]}
    assert 0 < len(available) < 500
    tomorrow = str(today + timedelta(days=1))
    assert {activity["uuid"] for activity in find(available_from=tomorrow, available_to=tomorrow)} == {
        activity["uuid"] for activity in find() if activity["is_available_tomorrow"]
    }


def test_nothing_is_available_in_the_far_future(find: Find) -> None:
    assert find(available_from="2040-01-01", available_to="2040-12-31") == []


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("price", lambda activity: activity["retail_price"]["value"]),
        ("rating", lambda activity: -activity["reviews_avg"]),
        ("relevance", lambda activity: -activity["relevance"]),
        ("relevance-venue", lambda activity: -activity["relevance_venue"]),
    ],
)
def test_a_sort_order_and_its_reverse(find: Find, order: str, key: Callable[[Activity], float]) -> None:
    forwards = [key(activity) for activity in find(sort_by=order)]
    backwards = [key(activity) for activity in find(sort_by=f"-{order}")]
    assert forwards == sorted(forwards)
    assert backwards == sorted(backwards, reverse=True)


@pytest.mark.parametrize("order", ["relevance-city", "relevance-category", "relevance-external"])
def test_hidden_relevances_sort_too(find: Find, order: str) -> None:
    forwards, backwards = ([each["uuid"] for each in find(sort_by=sign + order)] for sign in ("", "-"))
    assert forwards != backwards
    assert sorted(forwards) == sorted(backwards)


def test_activities_can_come_nearest_first(find: Find) -> None:
    found = find(coordinates="41.898,12.483", sort_by="distance")
    away = [
        kilometres((41.898, 12.483), (activity["latitude"], activity["longitude"]))
        for activity in found
        if "latitude" in activity
    ]
    assert len(found) == 500
    assert away == sorted(away)


def test_a_second_order_decides_among_equals(find: Find) -> None:
    found = [(-activity["reviews_avg"], activity["retail_price"]["value"]) for activity in find(sort_by="rating,price")]
    assert found == sorted(found)


def test_a_preferred_seller_comes_first(find: Find, browse: Browse) -> None:
    first = find(preferred_seller_code="local-seller")
    sellers = [browse(f"/activities/{activity['uuid']}").json()["seller_gateway"]["code"] for activity in first[:20]]
    assert set(sellers) == {"local-seller"}
    assert len(first) == 500


@pytest.mark.parametrize(
    ("text", "kind", "name", "number"),
    [
        ("rome", "cities", "Rome", "2"),
        ("ROMA", "cities", "Rome", "2"),
        ("Italy", "countries", "Italy", "82"),
        ("colosseo", "venues", "Colosseum", "160"),
        ("Singapore", "cities", "Singapore", "203"),
    ],
)
def test_a_text_that_names_a_place_is_said_to(browse: Browse, text: str, kind: str, name: str, number: str) -> None:
    meta = browse("/activities", text=text).json()["meta"]
    assert meta.pop("count") > 0
    assert meta == {"match_type": kind, "match_names": [name], "match_ids": [number]}


@pytest.mark.parametrize("text", ["rome colosseum", ""])
def test_a_text_that_names_no_place_is_counted_alone(browse: Browse, text: str) -> None:
    assert browse("/activities", text=text).json()["meta"].keys() == {"count"}


def test_there_are_no_facets_unless_asked_for(browse: Browse) -> None:
    assert browse("/activities").json()["facets"] == []


@pytest.mark.parametrize("name", ["category", "city", "country", "feature", "language", "service", "venue", "vertical"])
def test_the_values_of_a_facet_find_as_many_as_they_say(find: Find, browse: Browse, name: str) -> None:
    [facet] = browse("/activities", include_facets=name, country_in="IT").json()["facets"]
    assert (facet["key"], facet["facet_type"]) == (name, "TERMS")
    counts = [value["value"] for value in facet["values"]]
    assert counts == sorted(counts, reverse=True)
    for value in facet["values"][:3]:
        # The country is a filter already; the facet's value would replace it.
        parameters = {"country_in": "IT", facet["query_param"]: value["query_value"]}
        assert len(find(**parameters)) == value["value"]


def test_facets_come_in_the_language_and_order_asked_for(browse: Browse) -> None:
    facets = browse("/activities", include_facets="vertical,city", language="it").json()["facets"]
    assert [facet["label"] for facet in facets] == ["Temi", "Città"]
    assert "Roma" in [value["label"] for value in facets[1]["values"]]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"limit": "0"}, "0"),
        ({"offset": "-1"}, "0"),
        ({"city_in": "rome"}, "0"),
        ({"city_in": "2,"}, "0"),
        ({"venue_in": "1.5"}, "0"),
        ({"coordinates": "41.9,12.5"}, "0"),
        ({"distance": "10KM"}, "0"),
        ({"coordinates": "41.9,12.5", "distance": "10"}, "0"),
        ({"coordinates": "41.9,12.5", "distance": "-10KM"}, "0"),
        ({"coordinates": "rome", "distance": "10KM"}, "0"),
        ({"sort_by": "distance"}, "0"),
        ({"sort_by": "-distance"}, "0"),
        ({"sort_by": "name"}, "0"),
        ({"sort_by": "price,name"}, "0"),
        ({"available_from": "2026-06-01"}, "0"),
        ({"available_to": "2026-06-01"}, "0"),
        ({"available_from": "2026-06-31", "available_to": "2026-07-01"}, "0"),
        ({"available_from": "20260601", "available_to": "20260602"}, "0"),
        ({"available_from": "2026-06-02", "available_to": "2026-06-01"}, "1440"),
        ({"default_price_range": "10"}, "0"),
        ({"default_price_range": "10.999,20"}, "0"),
        ({"default_price_range": "20,10"}, "0"),
        ({"temporary": "maybe"}, "0"),
        ({"text_operator": "NOT"}, "0"),
        ({"extend_other_languages": "yes"}, "0"),
        ({"extend_content_fields": "1"}, "0"),
        ({"fuzziness_level": "LEVEL-3"}, "0"),
        ({"zero_terms_query": "SOME"}, "0"),
        ({"include_facets": "colour"}, "0"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(browse: Browse, parameters: dict[str, str], code: str) -> None:
    response = browse("/activities", **parameters)
    assert (response.status_code, response.json()["code"]) == (400, code)


def test_a_parameter_given_twice_counts_the_last_time(shop: LocalMusement, send_to: Browse) -> None:
    found = send_to(shop, "/activities", params=[("city_in", "2"), ("city_in", "40")]).json()["data"]
    assert {activity["city"]["name"] for activity in found} == {"Paris"}
