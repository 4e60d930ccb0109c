"""The editors' lists: what each method sends, what it refuses, and what the local Musement answers."""

from typing import Any

import pytest

from musement_async import ArgumentError, MusementClient, NotFoundError
from musement_async.models import ListItemType, MusementList

FILTERS: dict[str, Any] = {
    "city_in": [2, 40],
    "country_in": [82],
    "category_in": [230],
    "vertical": 3,
    "exclude_not_tagged": True,
    "temporary": False,
    "listtypes": ["Guide"],
    "listtags": ["food", "sights"],
    "limit": 20,
    "offset": 40,
}


@pytest.mark.anyio
async def test_every_filter_is_sent_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(json=[])
    await client.lists.list(**FILTERS)
    assert requests[0].url.path == "/lists"
    assert dict(requests[0].url.params) == {
        "city_in": "2,40",
        "country_in": "82",
        "category_in": "230",
        "vertical": "3",
        "exclude_not_tagged": "YES",
        "temporary": "NO",
        "listtypes": "Guide",
        "listtags": "food,sights",
        "limit": "20",
        "offset": "40",
    }


@pytest.mark.anyio
async def test_types_are_asked_for_page_by_page(answering: Any) -> None:
    client, requests = answering(json=[{"id": 1, "name": "Guide"}])
    assert [each.name for each in await client.lists.types(limit=5, offset=10)] == ["Guide"]
    assert requests[0].url.raw_path == b"/list-types?limit=5&offset=10"


@pytest.mark.anyio
async def test_a_list_is_read_by_its_id(answering: Any) -> None:
    client, requests = answering(json={"id": 21})
    assert (await client.lists.get(21)).id == 21
    assert requests[0].url.raw_path == b"/lists/21"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("list", "city_in", 2),
        ("list", "country_in", "82"),
        ("list", "category_in", ["a,b"]),
        ("list", "vertical", 0),
        ("list", "exclude_not_tagged", "YES"),
        ("list", "temporary", "YES"),
        ("list", "listtypes", "Guide"),
        ("list", "listtags", [""]),
        ("list", "limit", 101),
        ("get", "list_id", "21"),
        ("regions", "list_id", 0),
        ("types", "offset", -1),
    ],
)
async def test_what_the_api_could_not_read_is_refused(answering: Any, method: str, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    usual = FILTERS if method == "list" else {}
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.lists, method)(**{**usual, argument: value})
    assert raised.value.argument == argument
    assert not requests


async def found(client: MusementClient, **filters: Any) -> list[MusementList]:
    return [each async for each in client.lists.list(**filters)]


@pytest.mark.anyio
async def test_every_list_can_be_read_and_says_what_it_holds(musement_client: MusementClient) -> None:
    lists = await found(musement_client)
    assert {each.list_type and each.list_type.name for each in lists} == {
        each.name for each in await musement_client.lists.types()
    }
    for each in lists[:3]:
        assert each.id is not None
        assert await musement_client.lists.get(each.id) == each
        counts = {kind: 0 for kind in ListItemType}
        for item in each.items:
            assert item.public_type is not None
            assert item.subject is not None
            counts[item.public_type] += 1
        assert each.items_count is not None
        assert list(counts.values()) == [
            each.items_count.musement,
            each.items_count.thirdparty,
            each.items_count.generic,
        ]
    assert {item.public_type for each in lists for item in each.items} == set(ListItemType)


@pytest.mark.anyio
async def test_what_is_on_a_list_is_in_its_city_and_exists(musement_client: MusementClient) -> None:
    guide = (await found(musement_client, city_in=[2], listtypes=["guide"]))[0]
    for item in guide.items:
        subject = item.subject
        assert subject is not None
        assert subject.city is not None
        assert subject.city.id == 2
        if item.event is not None and item.event.uuid is not None:
            assert (await musement_client.activities.get(item.event.uuid)).title == item.title
        if item.destination is not None and item.destination.id is not None:
            assert (await musement_client.venues.get(item.destination.id)).name == item.title


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 18),
        ({"city_in": [2, 40]}, 6),
        ({"country_in": [82]}, 3),
        ({"category_in": [230]}, 6),
        ({"exclude_not_tagged": True}, 12),
        ({"temporary": True}, 6),
        ({"temporary": False}, 12),
        ({"listtypes": ["Guida", "3"]}, 12),
        ({"listtags": ["food"]}, 6),
        ({"listtags": ["nobody's"]}, 0),
        ({"vertical": 999}, 0),
    ],
    ids=repr,
)
async def test_lists_are_narrowed(musement_client: MusementClient, filters: dict[str, Any], count: int) -> None:
    assert len(await found(musement_client, **filters)) == count


@pytest.mark.anyio
async def test_a_list_has_a_page_in_each_region(musement_client: MusementClient) -> None:
    english, italian = await musement_client.lists.regions(22)
    assert (english.code, italian.code) == ("us", "it")
    assert (await musement_client.lists.get(22)).url == english.url


@pytest.mark.anyio
async def test_lists_speak_the_language_asked_for(musement_client: MusementClient) -> None:
    italian = await musement_client.with_options(language="it-IT").lists.get(22)
    assert italian.title == "Roma: i sapori"


@pytest.mark.anyio
async def test_there_are_no_types_beyond_the_last(musement_client: MusementClient) -> None:
    assert list(await musement_client.lists.types(offset=100)) == []


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["get", "regions"])
async def test_nothing_is_known_of_a_list_that_does_not_exist(musement_client: MusementClient, method: str) -> None:
    with pytest.raises(NotFoundError):
        await getattr(musement_client.lists, method)(999_999)
