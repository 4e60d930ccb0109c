from collections.abc import Callable
from zoneinfo import available_timezones

import httpx
import pytest

from musement_async.testing.catalogue.cities import CITIES, COUNTRIES
from musement_async.testing.catalogue.venues import VENUES

Browse = Callable[..., httpx.Response]

ITEM = {
    "id",
    "uuid",
    "top",
    "name",
    "code",
    "content",
    "meta_description",
    "weight",
    "latitude",
    "longitude",
    "country",
    "cover_image_url",
    "url",
    "activities_count",
    "time_zone",
    "list_count",
    "venue_count",
    "show_in_popular",
}
SOMETIMES = {"meta_title", "headline", "more"}


def names(response: httpx.Response) -> list[str]:
    assert response.status_code == 200
    return [city["name"] for city in response.json()]


def test_there_are_many_cities_in_many_countries() -> None:
    assert len(CITIES) >= 40
    assert len({city.country.iso_code for city in CITIES}) >= 25


def test_ids_are_unique() -> None:
    assert len({city.id for city in CITIES}) == len(CITIES)
    assert len({country.id for country in COUNTRIES.values()}) == len(COUNTRIES)
    assert len({venue.id for venue in VENUES}) == len(VENUES)


def test_time_zones_exist() -> None:
    assert {city.time_zone for city in CITIES} <= available_timezones()


def test_sights_lie_near_their_city() -> None:
    cities = {city.id: city for city in CITIES}
    for venue in VENUES:
        assert abs(venue.latitude - cities[venue.city_id].latitude) < 0.2, venue
        assert abs(venue.longitude - cities[venue.city_id].longitude) < 0.2, venue


def test_cities_come_by_weight_ten_at_a_time(browse: Browse) -> None:
    cities = browse("/cities").json()
    weights = [city["weight"] for city in cities]
    assert len(weights) == 10
    assert weights == sorted(weights, reverse=True)


def test_cities_can_come_unsorted(browse: Browse) -> None:
    ids = [city["id"] for city in browse("/cities", sort_by="none").json()]
    assert ids == sorted(ids)


def test_the_items_of_a_list_have_the_keys_of_the_api(browse: Browse) -> None:
    for city in browse("/cities", limit=100).json():
        assert city.keys() >= ITEM
        assert city.keys() <= ITEM | SOMETIMES
        assert city["country"].keys() == {"id", "name", "iso_code"}


def test_no_value_is_null(browse: Browse) -> None:
    assert b"null" not in browse("/cities", limit=100).content


def test_names_come_in_the_language_asked_for(browse: Browse) -> None:
    assert browse("/cities/3", language="it-IT").json()["name"] == "Firenze"
    assert browse("/cities/3", language="fr-FR").json()["name"] == "Florence"


def test_pages_continue_where_the_last_one_ended(browse: Browse) -> None:
    whole = names(browse("/cities", limit=100))
    paged = [name for offset in range(0, 40, 20) for name in names(browse("/cities", limit=20, offset=offset))]
    assert paged == whole[:40]


def test_the_last_page_is_short(browse: Browse) -> None:
    total = len(names(browse("/cities", limit=100)))
    assert len(names(browse("/cities", limit=20, offset=total - 3))) == 3


def test_a_page_behind_the_last_one_is_not_found(browse: Browse) -> None:
    response = browse("/cities", offset=1000)
    assert (response.status_code, response.json()["code"]) == (404, "1400")


def test_a_limit_above_the_maximum_is_lowered_to_it(browse: Browse) -> None:
    assert names(browse("/cities", limit=5000)) == names(browse("/cities", limit=100))


@pytest.mark.parametrize("value", ["0", "-1", "ten", "", "1.5", "1_0"])
def test_a_limit_that_is_none_is_refused(browse: Browse, value: str) -> None:
    response = browse("/cities", limit=value)
    assert (response.status_code, response.json()["code"]) == (400, "0")


@pytest.mark.parametrize("value", ["-1", "x"])
def test_an_offset_that_is_none_is_refused(browse: Browse, value: str) -> None:
    assert browse("/cities", offset=value).status_code == 400


def test_cities_without_activities_are_left_out(browse: Browse) -> None:
    assert "Mantua" not in names(browse("/cities", limit=100))


def test_cities_without_activities_are_shown_on_demand(browse: Browse) -> None:
    cities = browse("/cities", limit=100, without_events="yes").json()
    assert next(city for city in cities if city["name"] == "Mantua")["activities_count"] == 0
    assert len(cities) == len(CITIES)


def test_activities_are_counted(browse: Browse) -> None:
    counted = sum(city["activities_count"] for city in browse("/cities", limit=100).json())
    assert counted == browse("/activities").json()["meta"]["count"] == 500


def test_a_prioritized_country_comes_first(browse: Browse) -> None:
    assert names(browse("/cities", prioritized_country=60, limit=4)) == ["Paris", "Nice", "Lyon", "Rome"]


def test_no_more_cities_of_a_prioritized_country_come_first_than_wanted(browse: Browse) -> None:
    first = names(browse("/cities", prioritized_country=60, prioritized_country_cities_limit=1, limit=2))
    assert first == ["Paris", "Rome"]


def test_a_prioritized_country_changes_the_order_alone(browse: Browse) -> None:
    assert sorted(names(browse("/cities", prioritized_country=60, limit=100))) == sorted(
        names(browse("/cities", limit=100))
    )


def test_cities_can_be_those_near_a_place(browse: Browse) -> None:
    assert names(browse("/cities", coordinates="43.8,11.2", distance="100")) == ["Florence"]


def test_nothing_near_a_place_is_not_found(browse: Browse) -> None:
    response = browse("/cities", coordinates="-80.0,0.0", distance="10")
    assert (response.status_code, response.json()["code"]) == (404, "1400")


@pytest.mark.parametrize(
    "parameters",
    [
        {"coordinates": "43.8,11.2"},
        {"distance": "100"},
        {"coordinates": "43.8;11.2", "distance": "100"},
        {"coordinates": "91,0", "distance": "100"},
        {"coordinates": "0,181", "distance": "100"},
        {"coordinates": "43.8,11.2", "distance": "100KM"},
        {"coordinates": "43.8,11.2", "distance": "-1"},
        {"sort_by": "name"},
        {"without_events": "maybe"},
        {"prioritized_country": "IT"},
        {"prioritized_country_cities_limit": "-1"},
    ],
)
def test_parameters_that_make_no_sense_are_refused(browse: Browse, parameters: dict[str, str]) -> None:
    response = browse("/cities", **parameters)
    assert (response.status_code, response.json()["code"]) == (400, "0")


def test_one_city_says_more_about_its_country(browse: Browse) -> None:
    city = browse("/cities/2").json()
    assert city.keys() == (ITEM | SOMETIMES) - {"show_in_popular"}
    assert city["country"] == {
        "id": 82,
        "name": "Italy",
        "iso_code": "IT",
        "country_prefix": "+39",
        "currency_code": "EUR",
    }


def test_a_text_can_be_empty(browse: Browse) -> None:
    assert browse("/cities/36").json()["more"] == ""


@pytest.mark.parametrize("city_id", ["0", "rome", "02"])
def test_an_unknown_city_is_not_found(browse: Browse, city_id: str) -> None:
    response = browse(f"/cities/{city_id}")
    assert (response.status_code, response.json()["code"]) == (404, "1400")
