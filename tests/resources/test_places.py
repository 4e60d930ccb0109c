"""Cities, countries, venues, verticals, categories and lists: the requests and refusals of each method."""

import inspect
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

import pytest

from musement_async import ArgumentError, ListCall, MusementClient, NotFoundError, WholeListCall
from musement_async.models import Category, Region, Vertical

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 24)
PAGE: dict[str, Any] = {"limit": 20, "offset": 40}
SENT_PAGE = {"limit": "20", "offset": "40"}
OF_EDITORS = {"vertical": 4, "exclude_not_tagged": True, "listtypes": ["guide", "2"], "listtags": ("food",)}
SENT_OF_EDITORS = {"vertical": "4", "exclude_not_tagged": "YES", "listtypes": "guide,2", "listtags": "food"}


class Call(NamedTuple):
    """A call of a method, and its request."""

    method: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    path: str
    query: dict[str, str]


CALLS = [
    Call("cities.get", (2,), {}, "/cities/2", {}),
    Call(
        "cities.activities",
        (2,),
        {
            "vertical": 1,
            "category": 13,
            "venue": 164,
            "available_from": FIRST,
            "available_to": LAST,
            "sort_by": "city-relevance",
            **PAGE,
        },
        "/cities/2/activities",
        {
            "vertical": "1",
            "category": "13",
            "venue": "164",
            "available_from": "2026-12-01",
            "available_to": "2026-12-24",
            "sort_by": "city-relevance",
            **SENT_PAGE,
        },
    ),
    Call("cities.activities_on", (2, "today"), PAGE, "/cities/2/activities/today", SENT_PAGE),
    Call("cities.activities_on", (2, "tomorrow"), {}, "/cities/2/activities/tomorrow", {}),
    Call("cities.categories", (2,), {}, "/cities/2/categories", {}),
    Call("cities.category", (2, 13), {}, "/cities/2/categories/13", {}),
    Call("cities.category_regions", (2, 13), {}, "/cities/2/categories/13/regions", {}),
    Call("cities.lists", (2,), {**OF_EDITORS, **PAGE}, "/cities/2/lists", {**SENT_OF_EDITORS, **SENT_PAGE}),
    Call("cities.regions", (2,), {}, "/cities/2/regions", {}),
    Call(
        "cities.venues",
        (2,),
        {"vertical": 1, "must_be_visible": True, "must_have_activities": False, **PAGE},
        "/cities/2/venues",
        {"vertical": "1", "must_be_visible": "true", "must_have_activities": "false", **SENT_PAGE},
    ),
    Call("cities.vertical_categories", (2, 1), {}, "/cities/2/verticals/1/categories", {}),
    Call("cities.verticals", (2,), {}, "/cities/2/verticals", {}),
    Call("countries.list", (), PAGE, "/countries", SENT_PAGE),
    Call("countries.get", (82,), {}, "/countries/82", {}),
    Call(
        "countries.activities",
        (82,),
        {"vertical": 1, "priority_city": 2, **PAGE},
        "/countries/82/activities",
        {"vertical": "1", "priority_city": "2", **SENT_PAGE},
    ),
    Call("countries.cities", (82,), PAGE, "/countries/82/cities", SENT_PAGE),
    Call("venues.list", (), {"limit": 20}, "/venues", {"limit": "20", "offset": "0"}),
    Call(
        "venues.list",
        (),
        {"status": "ALL", "visible": True, "country_in": {82}, "sort_by": "-relevance", **PAGE},
        "/venues",
        {"status": "ALL", "visible": "true", "country_in": "82", "sort_by": "-relevance", **SENT_PAGE},
    ),
    Call("venues.get", (164,), {}, "/venues/164", {}),
    Call(
        "venues.activities",
        (164,),
        {
            "vertical": 1,
            "city": 2,
            "category": 13,
            "flavour": 3,
            "date_from": FIRST,
            "date_to": LAST,
            "sort_by": "price",
            **PAGE,
        },
        "/venues/164/activities",
        {
            "vertical": "1",
            "city": "2",
            "category": "13",
            "flavour": "3",
            "date_from": "2026-12-01",
            "date_to": "2026-12-24",
            "sort_by": "price",
            **SENT_PAGE,
        },
    ),
    Call("venues.flavours", (164,), {}, "/venues/164/flavours", {}),
    Call("venues.regions", (164,), {}, "/venues/164/regions", {}),
    Call("verticals.list", (), {"category_in": [13, 76], **PAGE}, "/verticals", {"category_in": "13,76", **SENT_PAGE}),
    Call("verticals.get", (1,), {}, "/verticals/1", {}),
    Call("verticals.activities", (1,), PAGE, "/verticals/1/activities", SENT_PAGE),
    Call(
        "verticals.categories",
        (1,),
        {"filtering_aware": True, **PAGE},
        "/verticals/1/categories",
        {"filtering_aware": "true", **SENT_PAGE},
    ),
    Call("verticals.regions", (1,), {}, "/verticals/1/regions", {}),
    Call(
        "categories.list", (), {"sort_by": "discount", "level": 0}, "/categories", {"sort_by": "discount", "level": "0"}
    ),
    Call(
        "categories.list",
        (),
        {
            "filtering_aware": False,
            "parent_id": 185,
            "level": 2,
            "sort_by": ["-city_relevance", "discount"],
            **PAGE,
        },
        "/categories",
        {
            "filtering_aware": "false",
            "parent_id": "185",
            "level": "2",
            "sort_by": "-city_relevance,discount",
            **SENT_PAGE,
        },
    ),
    Call("categories.get", (13,), {}, "/categories/13", {}),
    Call("categories.tree", (), {}, "/categories-tree", {}),
    Call(
        "categories.activities",
        (13,),
        {"vertical": 1, "city": 2, "venue": 164, "date_from": FIRST, "date_to": LAST, "sort_by": "rating", **PAGE},
        "/categories/13/activities",
        {
            "vertical": "1",
            "city": "2",
            "venue": "164",
            "date_from": "2026-12-01",
            "date_to": "2026-12-24",
            "sort_by": "rating",
            **SENT_PAGE,
        },
    ),
    Call("categories.in_city", (13, 2), {}, "/categories/13/cities/2", {}),
    Call(
        "lists.list",
        (),
        {"city_in": [2, 40], "country_in": [82], "category_in": [230], "temporary": False, **OF_EDITORS, **PAGE},
        "/lists",
        {
            "city_in": "2,40",
            "country_in": "82",
            "category_in": "230",
            "temporary": "NO",
            **SENT_OF_EDITORS,
            **SENT_PAGE,
        },
    ),
    Call("lists.get", (21,), {}, "/lists/21", {}),
    Call("lists.regions", (21,), {}, "/lists/21/regions", {}),
    Call("lists.types", (), PAGE, "/list-types", SENT_PAGE),
]

# The path arguments of each method; all of them are ids.
IDS = {
    **dict.fromkeys(("get", "activities", "categories", "lists", "regions", "venues", "verticals"), ("city_id",)),
    "category": ("city_id", "category_id"),
    "category_regions": ("city_id", "category_id"),
    "vertical_categories": ("city_id", "vertical_id"),
}
WITH_IDS = [
    *((f"cities.{method}", ids) for method, ids in IDS.items()),
    *((f"countries.{method}", ("country_id",)) for method in ("get", "activities", "cities")),
    *((f"venues.{method}", ("venue_id",)) for method in ("get", "activities", "flavours", "regions")),
    *((f"verticals.{method}", ("vertical_id",)) for method in ("get", "activities", "categories", "regions")),
    *((f"categories.{method}", ("category_id",)) for method in ("get", "activities")),
    ("categories.in_city", ("category_id", "city_id")),
    *((f"lists.{method}", ("list_id",)) for method in ("get", "regions")),
]


async def called(client: MusementClient, method: str, *args: Any, **kwargs: Any) -> Any:
    found = attrgetter(method)(client)(*args, **kwargs)
    assert inspect.iscoroutine(found) or isinstance(found, ListCall | WholeListCall)
    return await found


@pytest.mark.anyio
@pytest.mark.parametrize("call", CALLS)
async def test_a_method_sends_what_it_was_given(answering: Any, call: Call) -> None:
    client, requests = answering(json={"id": 1, "data": [{"id": 1}]})
    await called(client, call.method, *call.args, **call.kwargs)
    (request,) = requests
    assert (request.method, request.url.path, dict(request.url.params)) == ("GET", call.path, call.query)


@pytest.mark.anyio
@pytest.mark.parametrize("value", [0, True, "2/../3", "00", "-1", "2.0"])
async def test_ids_are_numbers_and_nothing_else(answering: Any, value: Any) -> None:
    client, requests = answering(json={"id": 1, "data": [{"id": 1}]})
    for method, ids in WITH_IDS:
        for wrong in ids:
            args = [value if name == wrong else 1 for name in ids]
            with pytest.raises(ArgumentError, match=r"must be a whole number above 0") as raised:
                await called(client, method, *args)
            assert (method, raised.value.argument, requests) == (method, wrong, [])


@pytest.mark.anyio
@pytest.mark.parametrize("happening", ["yesterday", "", "../today", None])
async def test_something_happens_today_or_tomorrow(answering: Any, happening: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError, match=r"^happening: ") as raised:
        await called(client, "cities.activities_on", 2, happening)
    assert raised.value.argument == "happening"
    assert not requests


# Values that every method refuses for an argument of that name.
WRONG: dict[str, list[Any]] = {
    "available_from": ["2026-12-01", datetime(2026, 12, 1)],  # noqa: DTZ001 - the mistake tested for
    "available_to": ["2026-12-24", date(2026, 11, 30)],
    "category": ["museums", 0],
    "category_in": ["museums", [""]],
    "city": ["Rome"],
    "city_in": ["Rome", [0], {"a": 1}],
    "country_in": ["IT", ["8,2"]],
    "date_from": ["2026-12-01"],
    "date_to": ["2026-12-24", date(2026, 11, 30)],
    "exclude_not_tagged": ["YES", 1],
    "filtering_aware": ["true", 1],
    "flavour": [0],
    "level": [-1, "1", True],
    "limit": [0, 101],
    "listtags": ["food,wine", b"food"],
    "listtypes": [[""]],
    "must_be_visible": ["YES"],
    "must_have_activities": [0],
    "offset": [-1],
    "parent_id": [0],
    "priority_city": ["Rome"],
    "sort_by": ["best", "relevance,price"],
    "status": ["active"],
    "temporary": ["YES"],
    "venue": [0],
    "vertical": ["museums"],
    "visible": ["true"],
}


@pytest.mark.parametrize("argument", WRONG)
def test_what_the_api_could_not_read_is_refused(answering: Any, argument: str) -> None:
    client, requests = answering(json=[])
    for call in (call for call in CALLS if argument in call.kwargs):
        for value in WRONG[argument]:
            with pytest.raises(ArgumentError) as raised:
                attrgetter(call.method)(client)(*call.args, **{**call.kwargs, argument: value})
            assert (call.method, value, raised.value.argument, requests) == (call.method, value, argument, [])


@pytest.mark.parametrize("missing", ["available_from", "available_to"])
def test_the_days_of_a_citys_activities_belong_together(answering: Any, missing: str) -> None:
    client, _ = answering(json=[])
    days = {"available_from": FIRST, "available_to": LAST, missing: None}
    with pytest.raises(ArgumentError, match=r"belong together") as raised:
        client.cities.activities(2, **days)
    assert raised.value.argument == missing


def test_an_order_of_cities_is_none_of_venues(answering: Any) -> None:
    client, _ = answering(json=[])
    with pytest.raises(ArgumentError, match=r"^sort_by: "):
        client.venues.activities(164, sort_by="city-relevance")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "method", ["cities.list", "countries.list", "venues.list", "verticals.list", "categories.list", "lists.list"]
)
async def test_nothing_found_is_an_empty_page(answering: Any, method: str) -> None:
    client, _ = answering(404, json={"code": "1400", "message": "nothing"})
    page = await called(client, method)
    assert (page.items, page.is_last) == ((), True)


@pytest.mark.anyio
async def test_no_types_of_lists_are_an_empty_page(answering: Any) -> None:
    client, _ = answering(404, json={"code": "1400"})
    assert not await client.lists.types()


@pytest.mark.anyio
@pytest.mark.parametrize("method", [method for method, ids in WITH_IDS if len(ids) == 1])
async def test_an_unknown_id_is_an_error(answering: Any, method: str) -> None:
    client, _ = answering(404, json={"code": "1400", "message": "no such thing"})
    with pytest.raises(NotFoundError):
        await called(client, method, 7)


@pytest.mark.anyio
@pytest.mark.parametrize("body", [{"id": 1}, [{"id": 1}], {"data": [{"id": 1}]}])
async def test_a_vertical_is_read_with_or_without_a_list_around_it(answering: Any, body: object) -> None:
    client, _ = answering(json=body)
    assert await client.verticals.get(1) == Vertical(id=1)


@pytest.mark.anyio
async def test_no_vertical_in_the_list_is_no_vertical(answering: Any) -> None:
    client, _ = answering(json=[])
    with pytest.raises(NotFoundError, match=r"GET /verticals/1: 200, and an empty list"):
        await client.verticals.get(1)


@pytest.mark.anyio
@pytest.mark.parametrize("body", [{"id": 3, "slug": "tour"}, [{"id": 3, "slug": "tour"}]])
async def test_flavours_are_read_with_or_without_a_list_around_them(answering: Any, body: object) -> None:
    client, _ = answering(json=body)
    (flavour,) = await client.venues.flavours(164)
    assert (flavour.id, flavour.slug) == (3, "tour")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "root"),
    [
        ({"id": 1, "children": [{"id": 2}]}, Category(id=1, children=(Category(id=2),))),
        ([{"id": 2}, {"id": 3}], Category(id=0, children=(Category(id=2), Category(id=3)))),
        ([], Category(id=0, children=())),
    ],
)
async def test_the_tree_of_categories_has_one_root(answering: Any, body: object, root: Category) -> None:
    client, _ = answering(json=body)
    assert await client.categories.tree() == root


@pytest.mark.anyio
async def test_regions_come_in_one_piece(answering: Any) -> None:
    client, requests = answering(json=[{"code": "us", "url": "https://www.example.com/us/rome/"}])
    assert await client.cities.regions(2) == (Region(code="us", url="https://www.example.com/us/rome/"),)
    assert [request.url.path for request in requests] == ["/cities/2/regions"]
