"""Verticals: what each method sends, what it refuses, and what the local Musement answers."""

from typing import Any

import pytest

from musement_async import ArgumentError, DecodeError, MusementClient, NotFoundError

LISTS: dict[str, tuple[tuple[Any, ...], dict[str, Any], str, dict[str, str]]] = {
    "list": ((), {"category_in": [13, 76]}, "/verticals", {"category_in": "13,76"}),
    "activities": ((1,), {}, "/verticals/1/activities", {}),
    "categories": ((1,), {"filtering_aware": True}, "/verticals/1/categories", {"filtering_aware": "true"}),
}


@pytest.mark.anyio
@pytest.mark.parametrize("method", LISTS)
async def test_a_list_sends_every_filter_as_the_api_reads_it(answering: Any, method: str) -> None:
    client, requests = answering(json=[])
    arguments, filters, path, sent = LISTS[method]
    await getattr(client.verticals, method)(*arguments, **filters, limit=20, offset=40)
    assert requests[0].url.path == path
    assert dict(requests[0].url.params) == {**sent, "limit": "20", "offset": "40"}


@pytest.mark.anyio
@pytest.mark.parametrize("body", [[{"id": 1}], {"id": 1}, {"data": [{"id": 1}]}], ids=["list", "one", "envelope"])
async def test_a_vertical_is_read_in_each_of_the_shapes_that_the_api_may_send(answering: Any, body: Any) -> None:
    client, requests = answering(json=body)
    assert (await client.verticals.get(1)).id == 1
    assert requests[0].url.raw_path == b"/verticals/1"


@pytest.mark.anyio
async def test_a_list_without_the_vertical_is_not_found(answering: Any) -> None:
    client, _ = answering(json=[], headers={"X-Request-Id": "r-1"})
    with pytest.raises(NotFoundError, match="GET /verticals/1: 200, and a list with nothing in it") as raised:
        await client.verticals.get(1)
    assert (raised.value.status, raised.value.request_id) == (200, "r-1")


@pytest.mark.anyio
async def test_what_is_no_vertical_is_an_error(answering: Any) -> None:
    client, _ = answering(json=5)
    with pytest.raises(DecodeError):
        await client.verticals.get(1)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("list", "category_in", "13"),
        ("list", "limit", 101),
        ("get", "vertical_id", "arts-culture"),
        ("activities", "vertical_id", 0),
        ("categories", "vertical_id", True),
        ("categories", "filtering_aware", "true"),
        ("regions", "vertical_id", None),
    ],
)
async def test_what_the_api_could_not_read_is_refused(answering: Any, method: str, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    named = {} if method == "list" else {"vertical_id": 1}
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.verticals, method)(**{**named, argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_every_vertical_has_the_activities_it_counts(musement_client: MusementClient) -> None:
    verticals = [vertical async for vertical in musement_client.verticals.list()]
    assert sum(vertical.count or 0 for vertical in verticals) == 500
    shows = next(vertical for vertical in verticals if vertical.code == "entertainment")
    assert shows.id is not None
    found = [activity async for activity in musement_client.verticals.activities(shows.id)]
    assert len(found) == shows.count
    detail = await musement_client.verticals.get(shows.id)
    assert (detail.count, detail.top_events[0].uuid) == (shows.count, found[0].uuid)


@pytest.mark.anyio
async def test_categories_lead_to_their_verticals_and_back(musement_client: MusementClient) -> None:
    (cooking,) = await musement_client.verticals.list(category_in=[231])
    assert cooking.code == "food-wine"
    assert cooking.id is not None
    categories = [each async for each in musement_client.verticals.categories(cooking.id)]
    assert 231 in {category.id for category in categories}
    aware = [each.id async for each in musement_client.verticals.categories(cooking.id, filtering_aware=True)]
    others = [each.id async for each in musement_client.verticals.categories(cooking.id, filtering_aware=False)]
    assert sorted([*aware, *others]) == sorted(category.id for category in categories)
    assert 185 in others


@pytest.mark.anyio
async def test_a_vertical_has_regions(musement_client: MusementClient) -> None:
    assert [region.code for region in await musement_client.verticals.regions(1)] == ["us", "it"]


@pytest.mark.anyio
async def test_no_vertical_is_an_empty_page(musement_client: MusementClient) -> None:
    assert list(await musement_client.verticals.list(category_in=[999_999])) == []


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["get", "activities", "categories", "regions"])
async def test_nothing_is_known_of_a_vertical_that_does_not_exist(musement_client: MusementClient, method: str) -> None:
    with pytest.raises(NotFoundError):
        await getattr(musement_client.verticals, method)(999_999)
