"""Categories: what each method sends, what it refuses, and what the local Musement answers."""

from datetime import date
from typing import Any

import pytest

from musement_async import ArgumentError, MusementClient, NotFoundError

FILTERS: dict[str, dict[str, Any]] = {
    "list": {
        "filtering_aware": True,
        "parent_id": 185,
        "level": 2,
        "sort_by": ["-relevance", "discount"],
        "limit": 20,
        "offset": 40,
    },
    "activities": {
        "category_id": 13,
        "vertical": 1,
        "city": 2,
        "venue": 160,
        "date_from": date(2026, 12, 1),
        "date_to": date(2026, 12, 24),
        "sort_by": "price",
        "limit": 50,
        "offset": 100,
    },
}
SENT: dict[str, dict[str, str]] = {
    "list": {
        "filtering_aware": "true",
        "parent_id": "185",
        "level": "2",
        "sort_by": "-relevance,discount",
        "limit": "20",
        "offset": "40",
    },
    "activities": {
        "vertical": "1",
        "city": "2",
        "venue": "160",
        "date_from": "2026-12-01",
        "date_to": "2026-12-24",
        "sort_by": "price",
        "limit": "50",
        "offset": "100",
    },
}
PATHS = {"list": "/categories", "activities": "/categories/13/activities"}


@pytest.mark.anyio
@pytest.mark.parametrize("method", FILTERS)
async def test_every_filter_is_sent_as_the_api_reads_it(answering: Any, method: str) -> None:
    client, requests = answering(json=[])
    await getattr(client.categories, method)(**FILTERS[method])
    assert requests[0].url.path == PATHS[method]
    assert dict(requests[0].url.params) == SENT[method]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "path"),
    [("get", (13,), "/categories/13"), ("in_city", (13, 2), "/categories/13/cities/2")],
)
async def test_a_category_is_read_by_its_id(answering: Any, method: str, arguments: tuple[int, ...], path: str) -> None:
    client, requests = answering(json={"id": 13})
    assert (await getattr(client.categories, method)(*arguments)).id == 13
    assert requests[0].url.raw_path == path.encode()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"name": "All", "children": [{"name": "A"}, {"name": "B"}]}, ["All", "A", "B"]),
        ([{"name": "A", "children": [{"name": "a"}]}, {"name": "B"}], [None, "A", "a", "B"]),
        ([], [None]),
    ],
    ids=["root", "broadest", "nothing"],
)
async def test_the_tree_is_read_with_or_without_its_root(answering: Any, body: Any, names: list[str | None]) -> None:
    client, requests = answering(json=body)
    root = await client.categories.tree()
    assert [category.name for _, category in root.walk()] == names
    assert requests[0].url.raw_path == b"/categories-tree"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "argument", "value"),
    [
        ("list", "filtering_aware", "yes"),
        ("list", "parent_id", 0),
        ("list", "level", -1),
        ("list", "sort_by", "name"),
        ("list", "offset", -1),
        ("get", "category_id", "museums"),
        ("in_city", "category_id", 0),
        ("in_city", "city_id", "rome"),
        ("activities", "category_id", None),
        ("activities", "vertical", 0),
        ("activities", "city", -2),
        ("activities", "venue", True),
        ("activities", "date_from", 20261201),
        ("activities", "date_to", date(2026, 11, 30)),
        ("activities", "sort_by", "city-relevance"),
    ],
)
async def test_what_the_api_could_not_read_is_refused(answering: Any, method: str, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    usual = {**FILTERS, "in_city": {"category_id": 13, "city_id": 2}}.get(method, {})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.categories, method)(**{**usual, argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_the_tree_holds_every_category_at_its_level(musement_client: MusementClient) -> None:
    root = await musement_client.categories.tree()
    listed = {category.id: category async for category in musement_client.categories.list()}
    walked = list(root.walk())
    assert walked[0] == (0, root)
    assert {category.id for _, category in walked[1:]} == set(listed)
    assert all(category.level == depth for depth, category in walked)
    parents = {child.id: category.id for _, category in walked[1:] for child in category.children or ()}
    assert parents == {number: category.parent_id for number, category in listed.items() if category.parent_id}


@pytest.mark.anyio
async def test_every_category_can_be_read_and_so_can_the_root(musement_client: MusementClient) -> None:
    root = await musement_client.categories.tree()
    for _, category in root.walk():
        assert category.id is not None
        assert (await musement_client.categories.get(category.id)).code == category.code


@pytest.mark.anyio
async def test_activities_of_a_category_have_it(musement_client: MusementClient) -> None:
    found = [activity async for activity in musement_client.categories.activities(13, city=2)]
    assert found
    assert all(13 in {category.id for category in activity.categories} for activity in found)
    everything = [activity async for activity in musement_client.categories.activities(1)]
    assert len(everything) == 500


@pytest.mark.anyio
async def test_a_category_in_a_city_is_the_same_both_ways(musement_client: MusementClient) -> None:
    assert await musement_client.categories.in_city(13, 2) == await musement_client.cities.category(2, 13)


@pytest.mark.anyio
async def test_categories_are_narrowed_by_level_parent_and_use(musement_client: MusementClient) -> None:
    listed = musement_client.categories.list
    assert {category.id async for category in listed(level=3, parent_id=190)} == {192, 193, 194}
    assert {category.id async for category in listed(level=0)} == {category.id async for category in listed()}
    assert 185 in {category.id async for category in listed(filtering_aware=False)}
    assert 185 not in {category.id async for category in listed(filtering_aware=True)}
    assert list(await listed(level=9)) == []


@pytest.mark.anyio
@pytest.mark.parametrize("sort_by", ["relevance", "city_relevance", "discount"])
async def test_a_minus_turns_an_order_round(musement_client: MusementClient, sort_by: Any) -> None:
    upward = [category.id async for category in musement_client.categories.list(sort_by=sort_by)]
    downward = [category.id async for category in musement_client.categories.list(sort_by=f"-{sort_by}")]  # type: ignore[arg-type]
    assert set(upward) == set(downward)
    assert upward != downward


@pytest.mark.anyio
async def test_the_fullest_categories_come_last(musement_client: MusementClient) -> None:
    ids = [category.id or 0 async for category in musement_client.categories.list(sort_by="relevance")]
    sizes = [len([each async for each in musement_client.categories.activities(number)]) for number in ids]
    assert sizes == sorted(sizes)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments"),
    [("get", (999_999,)), ("activities", (999_999,)), ("in_city", (999_999, 2)), ("in_city", (13, 999_999))],
)
async def test_nothing_is_known_of_what_does_not_exist(
    musement_client: MusementClient, method: str, arguments: tuple[int, ...]
) -> None:
    with pytest.raises(NotFoundError):
        await getattr(musement_client.categories, method)(*arguments)
