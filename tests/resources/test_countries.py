"""Countries: what each method sends, what it refuses, and what the local Musement answers."""

from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError

METHODS: dict[str, tuple[tuple[Any, ...], str]] = {
    "list": ((), "/countries"),
    "activities": ((82,), "/countries/82/activities"),
    "cities": ((82,), "/countries/82/cities"),
}


@pytest.mark.anyio
@pytest.mark.parametrize("method", METHODS)
async def test_a_list_is_asked_for_page_by_page(answering: Any, method: str) -> None:
    client, requests = answering(json=[{"id": 7}])
    arguments, path = METHODS[method]
    assert len(await getattr(client.countries, method)(*arguments, limit=20, offset=40)) == 1
    assert requests[0].url.path == path
    assert dict(requests[0].url.params) == {"limit": "20", "offset": "40"}


@pytest.mark.anyio
async def test_a_country_is_read_by_its_id(answering: Any) -> None:
    client, requests = answering(json={"id": 82})
    assert (await client.countries.get(82)).id == 82
    assert requests[0].url.raw_path == b"/countries/82"


@pytest.mark.anyio
async def test_activities_of_a_country_are_narrowed_and_ordered(answering: Any) -> None:
    client, requests = answering(json=[])
    await client.countries.activities(82, vertical=1, priority_city=2)
    assert dict(requests[0].url.params) == {"vertical": "1", "priority_city": "2"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("get", "country_id", "IT"),
        ("cities", "country_id", 0),
        ("activities", "country_id", None),
        ("activities", "vertical", 0),
        ("activities", "priority_city", "rome"),
        ("activities", "limit", 0),
    ],
)
async def test_what_the_api_could_not_read_is_refused(answering: Any, method: str, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.countries, method)(**{"country_id": 82, argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_there_are_no_countries_beyond_the_last(musement_client: MusementClient) -> None:
    assert list(await musement_client.countries.list(offset=500)) == []


@pytest.mark.anyio
async def test_every_country_can_be_read_and_its_cities_lie_in_it(musement_client: MusementClient) -> None:
    countries = [country async for country in musement_client.countries.list()]
    assert len(countries) > 30
    italy = next(country for country in countries if country.iso_code == "IT")
    assert italy.id is not None
    assert await musement_client.countries.get(italy.id) == italy
    cities = [city async for city in musement_client.countries.cities(italy.id)]
    assert {city.country and city.country.iso_code for city in cities} == {"IT"}
    activities = [activity async for activity in musement_client.countries.activities(italy.id)]
    assert len(activities) == sum(city.activities_count or 0 for city in cities)


@pytest.mark.anyio
async def test_activities_of_a_city_come_first_on_demand(musement_client: MusementClient) -> None:
    milan = await musement_client.cities.get(1)
    found = [each.city and each.city.id async for each in musement_client.countries.activities(82, priority_city=1)]
    first = milan.activities_count or 0
    assert set(found[:first]) == {1}
    assert 1 not in found[first:]


@pytest.mark.anyio
@pytest.mark.parametrize("city", [40, 999_999])
async def test_a_city_of_another_country_is_refused(musement_client: MusementClient, city: int) -> None:
    with pytest.raises(BadRequestError):
        await musement_client.countries.activities(82, priority_city=city)


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["get", "activities", "cities"])
async def test_nothing_is_known_of_a_country_that_does_not_exist(musement_client: MusementClient, method: str) -> None:
    with pytest.raises(NotFoundError):
        await getattr(musement_client.countries, method)(999_999)
