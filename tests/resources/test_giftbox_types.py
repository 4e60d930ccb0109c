"""Gift boxes on sale: the requests, refusals and results of each method."""

from typing import Any

import pytest

from musement_async import APIError, ArgumentError, MusementClient, NotFoundError
from musement_async.testing import LocalMusement

ONE = "/giftbox-types/good-taste"
PIECES = {"city_options": f"{ONE}/city-options", "related": f"{ONE}/related", "regions": f"{ONE}/regions"}
FILTERS: dict[str, Any] = {"text": "food tour", "number_of_people": 2, "city_in": [2, 40], "limit": 20, "offset": 40}


@pytest.mark.anyio
async def test_all_gift_boxes_are_asked_for_without_a_parameter(answering: Any) -> None:
    client, requests = answering(json=[{"code": "good-taste"}])
    assert [each.code for each in await client.giftbox_types.list()] == ["good-taste"]
    assert requests[0].url.raw_path == b"/giftbox-types"


@pytest.mark.anyio
async def test_one_gift_box_is_read_by_its_code(answering: Any) -> None:
    client, requests = answering(json={"code": "good-taste"})
    assert (await client.giftbox_types.get("good-taste")).code == "good-taste"
    assert requests[0].url.path == ONE


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "path"), PIECES.items())
async def test_what_belongs_to_a_gift_box_is_asked_for_by_its_code(answering: Any, method: str, path: str) -> None:
    client, requests = answering(json=[])
    assert await getattr(client.giftbox_types, method)("good-taste") == ()
    assert requests[0].url.path == path


@pytest.mark.anyio
async def test_items_are_asked_for_with_every_filter_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(json=[])
    await client.giftbox_types.items("good-taste", **FILTERS)
    assert requests[0].url.path == f"{ONE}/items"
    expected = {"text": "food tour", "number_of_people": "2", "city_in": "2,40", "limit": "20", "offset": "40"}
    assert dict(requests[0].url.params) == expected


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["get", "city_options", "related"])
@pytest.mark.parametrize("code", ["", None, 3])
async def test_what_is_no_code_is_refused(answering: Any, method: str, code: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError, match=r"^giftbox_type_code: "):
        await getattr(client.giftbox_types, method)(code)
    with pytest.raises(ArgumentError, match=r"^giftbox_code: "):
        await client.giftbox_types.regions(code)
    assert not requests


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("giftbox_type_code", ""),
        ("text", 5),
        ("number_of_people", 0),
        ("city_in", "2,40"),
        ("limit", 101),
        ("offset", -1),
    ],
)
def test_items_refuse_what_the_api_could_not_read(answering: Any, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        client.giftbox_types.items(**{"giftbox_type_code": "good-taste", **FILTERS, argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_each_gift_box_of_the_local_musement_has_related_ones_regions_cities_and_items(
    musement_client: MusementClient,
) -> None:
    sold = await musement_client.giftbox_types.list()
    assert len(sold) >= 3
    assert [each.relevance for each in sold] == sorted((each.relevance or 0 for each in sold), reverse=True)
    for each in sold:
        assert each.code is not None
        assert each == await musement_client.giftbox_types.get(each.code)
        related = await musement_client.giftbox_types.related(each.code)
        assert set(related) == set(sold) - {each}
        assert {region.code for region in await musement_client.giftbox_types.regions(each.code)} == {"us", "it"}
        items = [item async for item in musement_client.giftbox_types.items(each.code)]
        assert len({item.id for item in items}) == len(items) > 1
        assert {item.giftbox_type_price for item in items} == {each.price}
        cities = {option.key for option in await musement_client.giftbox_types.city_options(each.code)}
        for city in cities:
            assert city is not None
            assert await musement_client.giftbox_types.items(each.code, city_in=[int(city)])
            assert (await musement_client.cities.get(int(city))).id == int(city)


@pytest.mark.anyio
async def test_items_of_the_local_musement_can_be_narrowed(musement_client: MusementClient) -> None:
    everything = [item async for item in musement_client.giftbox_types.items("museum-days")]
    pairs = [item async for item in musement_client.giftbox_types.items("museum-days", number_of_people=2)]
    assert pairs == [item for item in everything if item.number_of_people == 2]
    assert 0 < len(pairs) < len(everything)
    audio = await musement_client.giftbox_types.items("museum-days", text="Audio Guide")
    assert audio
    assert all("audio guide" in (item.title or "").lower() for item in audio)
    assert not await musement_client.giftbox_types.items("museum-days", text="submarine")


@pytest.mark.anyio
async def test_names_of_the_local_musement_are_in_the_language_asked_for(musement_client: MusementClient) -> None:
    italian = musement_client.with_options(language="it-IT")
    for method in ("city_options", "related"):
        english_names = await getattr(musement_client.giftbox_types, method)("good-taste")
        assert english_names != await getattr(italian.giftbox_types, method)("good-taste")


@pytest.mark.anyio
async def test_a_bought_gift_box_of_the_local_musement_has_the_regions_of_its_type(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    regions = await musement_client.giftbox_types.regions(local_musement.giftbox_code)
    assert regions == await musement_client.giftbox_types.regions("museum-days")
    with pytest.raises(APIError) as raised:
        await musement_client.giftbox_types.regions(local_musement.gift_code)
    assert raised.value.status == 406


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["get", "city_options", "related", "regions", "items"])
async def test_an_unknown_gift_box_is_not_found(musement_client: MusementClient, method: str) -> None:
    with pytest.raises(NotFoundError):
        await getattr(musement_client.giftbox_types, method)("no-such-box")
