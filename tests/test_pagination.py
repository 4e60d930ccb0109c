"""A list call, awaited and iterated."""

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from musement_async import ArgumentError, DecodeError, ListCall, MusementClient, NotFoundError, Page, Token
from musement_async.models import City

Answer = Callable[[int | None, int], Any]


def client_of(answer: Answer) -> tuple[MusementClient, list[tuple[int | None, int]]]:
    """A client whose lists are answered from limit and offset; and the list of those asked for."""
    asked: list[tuple[int | None, int]] = []

    def handle(request: httpx.Request) -> httpx.Response:
        limit = request.url.params.get("limit")
        asked.append((None if limit is None else int(limit), int(request.url.params.get("offset", 0))))
        answered = answer(*asked[-1])
        return answered if isinstance(answered, httpx.Response) else httpx.Response(200, json=answered)

    transport = httpx.MockTransport(handle)
    return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport), asked


def cities(count: int) -> Answer:
    return lambda limit, offset: [{"id": number} for number in range(count)][offset : offset + (limit or 10)]


def searched(count: int) -> Answer:
    return lambda limit, offset: {"meta": {"count": count}, "data": cities(count)(limit, offset), "facets": None}


async def all_ids(call: ListCall[City]) -> Sequence[int | None]:
    return [city.id async for city in call]


@pytest.mark.anyio
async def test_awaited_it_is_one_page() -> None:
    client, asked = client_of(cities(25))
    page = await client.cities.list(limit=10, offset=5)
    assert [city.id for city in page] == list(range(5, 15))
    assert asked == [(10, 5)]
    assert (page.offset, page.total, page.is_last) == (5, None, False)


@pytest.mark.anyio
async def test_without_a_limit_a_page_is_as_long_as_the_api_makes_it() -> None:
    client, asked = client_of(cities(25))
    assert len(await client.cities.list()) == 10
    assert asked == [(None, 0)]


@pytest.mark.anyio
@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 25, 30])
@pytest.mark.parametrize("answer", [cities, searched])
async def test_iterated_it_is_everything_in_order(answer: Callable[[int], Answer], count: int) -> None:
    client, asked = client_of(answer(count))
    assert await all_ids(client.cities.list(limit=10)) == list(range(count))
    assert len(asked) == count // 10 + 1


@pytest.mark.anyio
async def test_iteration_takes_large_pages_by_itself_and_begins_at_the_offset() -> None:
    client, asked = client_of(cities(250))
    assert await all_ids(client.cities.list(offset=20)) == list(range(20, 250))
    assert asked == [(100, 20), (100, 120), (100, 220)]


@pytest.mark.anyio
async def test_a_list_call_can_be_used_again() -> None:
    client, _ = client_of(cities(25))
    call = client.cities.list(limit=10)
    assert await all_ids(call) == await all_ids(call)
    assert len(await call) == 10


@pytest.mark.anyio
async def test_iteration_ends_on_a_server_that_ignores_the_offset() -> None:
    client, asked = client_of(lambda limit, _: cities(10)(limit, 0))
    assert await all_ids(client.cities.list(limit=10)) == list(range(10))
    assert len(asked) == 2


@pytest.mark.anyio
async def test_a_damaged_item_does_not_end_the_iteration_early() -> None:
    def answer(limit: int | None, offset: int) -> list[object]:
        page: list[object] = cities(25)(limit, offset)
        if offset == 0:
            page[3] = "not a city"
        return page

    client, _ = client_of(answer)
    assert await all_ids(client.cities.list(limit=10)) == [number for number in range(25) if number != 3]


@pytest.mark.anyio
@pytest.mark.parametrize("answer", [cities, searched])
async def test_both_shapes_of_a_list_are_read(answer: Callable[[int], Answer]) -> None:
    client, _ = client_of(answer(25))
    page = await client.cities.list(limit=20, offset=10)
    assert [city.id for city in page] == list(range(10, 25))
    assert page.is_last


@pytest.mark.anyio
async def test_an_envelope_tells_the_total() -> None:
    client, _ = client_of(searched(25))
    page = await client.cities.list(limit=10)
    assert (page.total, page.meta.count if page.meta else None, page.facets) == (25, 25, ())


@pytest.mark.anyio
async def test_404_that_means_nothing_there_is_an_empty_page() -> None:
    client, _ = client_of(lambda *_: httpx.Response(404, json={"code": "1400", "message": "No resource"}))
    page = await client.cities.list(offset=5)
    assert (len(page), page.offset, page.is_last) == (0, 5, True)
    assert await all_ids(client.cities.list()) == []


@pytest.mark.anyio
async def test_any_other_404_is_an_error() -> None:
    client, _ = client_of(lambda *_: httpx.Response(404, html="<h1>No such host</h1>"))
    with pytest.raises(NotFoundError):
        await client.cities.list()


@pytest.mark.anyio
async def test_what_is_neither_shape_is_a_decode_error() -> None:
    client, _ = client_of(lambda *_: httpx.Response(200, json="nothing"))
    with pytest.raises(DecodeError):
        await client.cities.list()


@pytest.mark.parametrize("limit", [0, -1, 101, 1.5, "10", True])
def test_a_limit_the_api_would_refuse_is_refused_by_name(limit: Any) -> None:
    client, _ = client_of(cities(1))
    with pytest.raises(ArgumentError, match=r"^limit: must be a whole number, from 1 to 100"):
        client.cities.list(limit=limit)


@pytest.mark.parametrize("offset", [-1, 1.5, "10", None])
def test_an_offset_the_api_would_refuse_is_refused_by_name(offset: Any) -> None:
    client, _ = client_of(cities(1))
    with pytest.raises(ArgumentError, match=r"^offset: must be a whole number, 0 or more"):
        client.cities.list(offset=offset)


def test_a_page_is_a_sequence() -> None:
    page = Page((1, 2, 3))
    assert (page[0], page[1:], len(page), list(page), 2 in page) == (1, (2, 3), 3, [1, 2, 3], True)


@pytest.mark.anyio
async def test_one_bad_value_in_an_envelope_costs_that_value_only() -> None:
    client, _ = client_of(lambda *_: {"meta": {"count": "2"}, "data": [{"id": "?", "name": "Rome"}, {"id": 3}]})
    page = await client.cities.list()
    assert (page.items, page.total) == ((City(name="Rome"), City(id=3)), 2)
