"""Suggestions for a text that is being typed."""

from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, Coordinates, MusementClient
from musement_async.models import AutocompleteItem, AutocompleteResult

KINDS = ("activity", "category", "city", "list", "venue", "country", "hotel", "pickup")
CUTS = {f"{kind}_{cut}": number for number, kind in enumerate(KINDS) for cut in ("limit", "offset")}


@pytest.mark.anyio
async def test_every_argument_is_sent_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(json=[{"type": "cities", "items": [{"id": "2", "title": "Rome", "hint": "Italy"}]}])
    found = await client.autocomplete.search(
        text="rom", coordinates=Coordinates(41.9, -12.5), sort_by=["-relevance", "title"], **CUTS
    )
    assert found == (AutocompleteResult(type="cities", items=(AutocompleteItem(id="2", title="Rome", hint="Italy"),)),)
    assert requests[0].url.path == "/autocomplete"
    assert dict(requests[0].url.params) == {
        "text": "rom",
        "coordinates": "41.900000,-12.500000",
        "sort_by": "-relevance,title",
        **{name: str(number) for name, number in CUTS.items()},
    }


@pytest.mark.anyio
async def test_no_argument_is_sent_that_was_not_given(answering: Any) -> None:
    client, requests = answering(json=[])
    assert await client.autocomplete.search() == ()
    assert not requests[0].url.query


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("text", 5),
        ("coordinates", (41.9, 12.5)),
        ("sort_by", [""]),
        *((name, -1) for name in CUTS),
        ("city_limit", "5"),
    ],
)
async def test_an_argument_the_api_could_not_read_is_refused(answering: Any, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        await client.autocomplete.search(**{argument: value})
    assert raised.value.argument == argument
    assert not requests


async def titles(client: MusementClient, **arguments: Any) -> dict[str | None, list[str | None]]:
    found = await client.autocomplete.search(**arguments)
    return {result.type: [item.title for item in result.items] for result in found}


@pytest.mark.anyio
async def test_names_that_begin_with_the_text_go_before_those_it_occurs_in(musement_client: MusementClient) -> None:
    found = await titles(musement_client, text="MUSEUM", venue_limit=50, category_limit=50)
    assert found["venues"][0] == "Museum of the Future"
    assert "Louvre Museum" in found["venues"]
    assert found["categories"] == ["Museums"]
    assert "cities" not in found
    assert all("museum" in title.casefold() for group in found.values() for title in group if title)


@pytest.mark.anyio
async def test_of_equal_names_the_nearest_goes_first(musement_client: MusementClient) -> None:
    near_rome = await titles(musement_client, text="museum", coordinates=Coordinates(60, 18), venue_limit=9)
    assert near_rome["venues"][:2] == ["Museum of the Future", "Vasa Museum"]


@pytest.mark.anyio
async def test_limits_and_offsets_hold_for_one_kind_each(musement_client: MusementClient) -> None:
    whole = await titles(musement_client, text="a", city_limit=6, activity_limit=0)
    part = await titles(musement_client, text="a", city_limit=3, city_offset=2, activity_limit=0)
    assert part["cities"] == whole["cities"][2:5]
    assert part["countries"] == whole["countries"]
    assert len(part["venues"]) == 5
    assert "activities" not in part


@pytest.mark.anyio
async def test_what_is_suggested_exists(musement_client: MusementClient) -> None:
    language = musement_client.with_options(language="it")
    found = [
        *await language.autocomplete.search(text="rom", activity_limit=1, list_limit=1),
        *await language.autocomplete.search(text="ital"),
        *await language.autocomplete.search(text="colosseo", activity_limit=0),
        *await language.autocomplete.search(text="musei", venue_limit=0, activity_limit=0, list_limit=0),
        *await language.autocomplete.search(text="hotel", activity_limit=0, hotel_limit=1),
        *await language.autocomplete.search(text="station", activity_limit=0, pickup_limit=1),
    ]
    assert {result.type for result in found} == {
        *("activities", "categories", "cities", "countries", "hotels", "lists", "pickups", "venues")
    }
    for result in found:
        for item in result.items:
            assert item.api_url is not None
            thing = await language.request("GET", item.api_url.removeprefix("/api/v3"))
            assert item.title in {thing.get("title"), thing.get("name")}
            assert str(thing.get("uuid") if "-" in (item.id or "") else thing["id"]) == item.id


@pytest.mark.anyio
async def test_the_local_musement_refuses_a_limit_that_is_no_number(musement_client: MusementClient) -> None:
    with pytest.raises(BadRequestError, match="hotel_limit"):
        await musement_client.request("GET", "/autocomplete", params={"hotel_limit": "many"})
