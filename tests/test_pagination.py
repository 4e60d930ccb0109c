"""List calls, awaited and iterated."""

import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from itertools import count
from typing import Any, get_origin, get_type_hints
from uuid import UUID

import anyio
import anyio.lowlevel
import httpx
import pytest
from rich.pretty import pretty_repr

from musement_async import (
    ArgumentError,
    DecodeError,
    IncompleteListError,
    ListCall,
    MusementClient,
    NotFoundError,
    Page,
    ServerError,
    Token,
    to_builtins,
    to_json,
)
from musement_async.models import City
from musement_async.pagination import Paging
from musement_async.paths import Path
from musement_async.resources.namespaces import Namespaces

Answer = Callable[[int | None, int], Any]


def client_of(answer: Answer) -> tuple[MusementClient, list[tuple[int | None, int]]]:
    """A client whose lists are answered by limit and offset, and the limits and offsets that it sent."""
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


async def ids(cities: AsyncIterator[City]) -> list[int | None]:
    return [city.id async for city in cities]


USES: dict[str, Callable[[Any], object]] = {
    "for": iter,
    "index": lambda call: call[0],
    "len": len,
    "if": bool,
    "in": lambda call: 1 in call,
    "reversed": reversed,
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_list_that_was_not_awaited_says_what_to_do(use: Callable[[Any], object]) -> None:
    client, asked = client_of(cities(3))
    for call in (client.cities.list(), client.cities.categories(2)):
        with pytest.raises(TypeError, match=r"^the list is not fetched yet: await it for .*, or iterate .* async for$"):
            use(call)
    assert asked == []


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_calls_for_many_arguments_that_were_not_awaited_say_what_to_do(use: Callable[[Any], object]) -> None:
    client, asked = client_of(cities(3))
    with pytest.raises(TypeError, match=r"^no call is made yet: await it for all results, or iterate .* async for$"):
        use(client.map(client.cities.get, [1]))
    assert asked == []


def test_an_attribute_of_the_page_is_looked_for_in_vain_before_it_is_awaited() -> None:
    client, _ = client_of(cities(3))
    call: Any = client.cities.list()
    with pytest.raises(AttributeError, match=r"no attribute 'total'; the list is not fetched yet: await it for one"):
        _ = call.total
    assert not hasattr(call, "total")


def test_a_list_call_shows_its_path_and_what_to_do() -> None:
    client, _ = client_of(cities(3))
    call = client.cities.list()
    assert repr(call) == "<ListCall of /cities: await it for one page, or iterate over all items with async for>"


@pytest.mark.parametrize("write", [to_json, to_builtins])
def test_a_call_that_was_not_awaited_is_not_written(write: Callable[[object], object]) -> None:
    client, _ = client_of(cities(3))
    for written in (client.cities.list(), {"cities": client.cities.list()}):
        with pytest.raises(TypeError, match=r"^await it before it is written: <ListCall of /cities: "):
            write(written)
    with pytest.raises(TypeError, match=r"^values of type object cannot be written as JSON$"):
        write(object())


def _tuple_methods() -> list[str]:
    areas = [name for name in vars(Namespaces) if not name.startswith("_")]
    client, _ = client_of(cities(0))
    methods = [
        (f"{area}.{name}", method)
        for area in areas
        for name, method in inspect.getmembers(type(getattr(client, area)), inspect.iscoroutinefunction)
        if not name.startswith("_")
    ]
    return [name for name, method in methods if get_origin(get_type_hints(method)["return"]) is tuple]


def test_what_returns_many_things_can_be_iterated_unless_it_changes_something() -> None:
    assert _tuple_methods() == ["carts.add_items", "carts.set_participants"]


@pytest.mark.anyio
async def test_a_page_is_shown_with_its_first_items() -> None:
    client, _ = client_of(cities(25))
    page = await client.cities.list(limit=5)
    assert repr(page) == "<Page with 5 items: [City(id=0), City(id=1), City(id=2), … 2 more]>"
    assert repr(Page(("a",), total=9)) == "<Page with 1 of 9 items: ['a']>"
    assert pretty_repr(Page(("a",), total=9), max_width=200).startswith("Page(items=('a',), total=9, offset=0")


@pytest.mark.anyio
async def test_a_page_is_written_as_a_list_of_its_items() -> None:
    client, _ = client_of(cities(2))
    page = await client.cities.list()
    assert to_builtins(page) == [to_builtins(city) for city in page]
    assert to_json(page) == to_json(page.items)


@pytest.mark.anyio
async def test_a_list_in_one_piece_is_awaited_or_iterated_as_any_other() -> None:
    client, asked = client_of(lambda _limit, _offset: [{"code": "a"}, {"code": "b"}])
    call = client.giftbox_types.list()
    assert "iterate over them with async for" in repr(call)
    assert len(asked) == 0
    assert await call == tuple([giftbox async for giftbox in call])


def test_an_area_says_what_it_can_do() -> None:
    client, _ = client_of(cities(2))
    assert repr(client.countries).startswith("<Countries: list(), get(), ")
    assert repr(client.gifts) == "<Gifts: get(), create(), render(), options(), schedule(); await what they return>"
    assert " more methods" in repr(client.activities)
    assert repr(client.map(client.cities.get, [1])).startswith("<MapCall: await it for all results")


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
async def test_a_total_that_is_too_small_ends_nothing() -> None:
    client, _ = client_of(lambda limit, offset: {"meta": {"count": 3}, "data": cities(25)(limit, offset)})
    assert await all_ids(client.cities.list(limit=10)) == list(range(25))
    assert await ids(client.cities.list(limit=10).items(prefetch=3)) == list(range(25))


@pytest.mark.anyio
@pytest.mark.parametrize("prefetch", [0, 1, 3])
@pytest.mark.parametrize("max_items", [0, 1, 9, 10, 11, 25, 30])
async def test_no_more_items_than_wanted(prefetch: int, max_items: int) -> None:
    client, _ = client_of(cities(25))
    call = client.cities.list(limit=10)
    assert await ids(call.items(max_items=max_items, prefetch=prefetch)) == list(range(25))[:max_items]


@pytest.mark.anyio
async def test_few_items_come_on_a_page_of_that_size() -> None:
    client, asked = client_of(cities(250))
    assert len(await ids(client.cities.list().items(max_items=30))) == 30
    assert asked == [(30, 0)]


@pytest.mark.anyio
async def test_no_items_cost_no_call() -> None:
    client, asked = client_of(cities(250))
    assert await ids(client.cities.list().items(max_items=0)) == []
    assert asked == []


@pytest.mark.anyio
@pytest.mark.parametrize("answer", [cities, searched])
async def test_pages_come_in_order(answer: Callable[[int], Answer]) -> None:
    client, _ = client_of(answer(25))
    pages = [page async for page in client.cities.list(limit=10).pages(prefetch=2)]
    assert [(page.offset, len(page), page.is_last) for page in pages] == [
        (0, 10, False),
        (10, 10, False),
        (20, 5, True),
    ]


@pytest.mark.anyio
async def test_an_empty_last_page_is_left_out() -> None:
    client, _ = client_of(cities(20))
    assert [len(page) async for page in client.cities.list(limit=10).pages()] == [10, 10]


@pytest.mark.parametrize(
    ("name", "value"), [("max_items", -1), ("max_items", 1.5), ("prefetch", -1), ("prefetch", "2")]
)
@pytest.mark.anyio
async def test_a_number_that_makes_no_sense_is_refused_by_name(name: str, value: Any) -> None:
    client, asked = client_of(cities(5))
    with pytest.raises(ArgumentError) as raised:
        await ids(client.cities.list().items(**{name: value}))
    assert (raised.value.argument, asked) == (name, [])


class Turnstile(httpx.AsyncBaseTransport):
    """A transport that answers pages of cities when told to, and knows the waiting requests."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[int] = []
        self.waiting: set[int] = set()
        self.open = anyio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        offset = int(request.url.params.get("offset", 0))
        self.asked.append(offset)
        if offset:
            self.waiting.add(offset)
            try:
                await self.open.wait()
            finally:
                self.waiting.discard(offset)
        answered = self.answer(int(request.url.params["limit"]), offset)
        return answered if isinstance(answered, httpx.Response) else httpx.Response(200, json=answered)

    def client(self) -> MusementClient:
        return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=self)

    async def until_waiting(self, offsets: set[int]) -> None:
        while self.waiting != offsets:
            await anyio.lowlevel.checkpoint()


@pytest.mark.anyio
async def test_no_more_pages_are_fetched_ahead_than_wanted() -> None:
    turnstile = Turnstile(cities(100))
    found: list[int | None] = []

    async def read() -> None:
        found.extend(await ids(turnstile.client().cities.list(limit=10).items(prefetch=3)))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read)
        await turnstile.until_waiting({10, 20, 30})
        assert found == []
        turnstile.open.set()
    assert found == list(range(100))


@pytest.mark.anyio
async def test_pages_beyond_a_known_total_are_not_fetched_ahead() -> None:
    client, asked = client_of(searched(25))
    assert await ids(client.cities.list(limit=10).items(prefetch=9)) == list(range(25))
    assert {offset for _, offset in asked} == {0, 10, 20}


@pytest.mark.anyio
async def test_a_short_first_page_fetches_nothing_ahead() -> None:
    client, asked = client_of(cities(5))
    assert await ids(client.cities.list(limit=10).items(prefetch=9)) == list(range(5))
    assert len(asked) == 1


@pytest.mark.anyio
async def test_a_page_that_fails_raises_in_its_place() -> None:
    def answer(limit: int | None, offset: int) -> Any:
        return httpx.Response(503) if offset == 20 else cities(50)(limit, offset)

    client, _ = client_of(answer)
    found: list[int | None] = []
    with pytest.raises(ServerError):  # noqa: PT012 (the items before the error matter)
        async for city in client.cities.list(limit=10).items(prefetch=4):
            found.append(city.id)  # noqa: PERF401 (a comprehension would lose the items before the error)
    assert found == list(range(20))


@pytest.mark.anyio
async def test_a_failure_beyond_the_end_is_not_an_error() -> None:
    def answer(limit: int | None, offset: int) -> Any:
        return httpx.Response(500) if offset > 20 else cities(25)(limit, offset)

    client, _ = client_of(answer)
    assert await ids(client.cities.list(limit=10).items(prefetch=4)) == list(range(25))


@pytest.mark.anyio
async def test_leaving_the_loop_cancels_the_pages_fetched_ahead() -> None:
    turnstile = Turnstile(cities(100))
    async with aclosing(turnstile.client().cities.list(limit=10).items(prefetch=3)) as items:
        async for city in items:
            if city.id == 9:
                break
        with anyio.move_on_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_next, items)
                await turnstile.until_waiting({10, 20, 30})
                tasks.cancel_scope.cancel()
    await turnstile.until_waiting(set())
    assert sorted(turnstile.asked) == [0, 10, 20, 30]


async def _next(items: AsyncGenerator[City]) -> None:
    await anext(items)


@pytest.mark.anyio
async def test_iteration_ahead_ends_on_a_server_that_ignores_the_offset() -> None:
    client, _ = client_of(lambda limit, _: cities(10)(limit, 0))
    assert await ids(client.cities.list(limit=10).items(prefetch=2)) == list(range(10))


@pytest.mark.anyio
async def test_calls_made_ahead_are_captured() -> None:
    client, asked = client_of(searched(25))
    with client.capture() as exchanges:
        await ids(client.cities.list(limit=10).items(prefetch=2))
    assert len(exchanges) == len(asked) == 3


@pytest.mark.anyio
@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2], [0, 1, 2, 3, 4, 5, 6, 7]])
async def test_iteration_ends_on_a_server_that_says_the_same_in_other_orders(order: list[int]) -> None:
    turns = count()

    def answer(limit: int | None, _: int) -> list[dict[str, int]]:
        turn = next(turns)
        pages = [order[start : start + 4] for start in range(0, len(order), 4)]
        page = pages[turn % len(pages)]
        return [{"id": number} for number in page[turn % 4 :] + page[: turn % 4]]

    client, _ = client_of(answer)
    found = await ids(client.cities.list(limit=4).items())
    assert sorted(found, key=str) == sorted(order)


@pytest.mark.anyio
async def test_one_item_that_moved_to_the_next_page_does_not_end_the_iteration() -> None:
    pages = [[{"id": 1}], [{"id": 1}], [{"id": 2}], []]
    client, _ = client_of(lambda _, offset: pages[offset])
    assert await ids(client.cities.list(limit=1).items()) == [1, 1, 2]


@pytest.mark.anyio
async def test_pages_that_cannot_be_read_at_all_do_not_end_the_iteration() -> None:
    def answer(limit: int | None, offset: int) -> list[object]:
        damaged: list[object] = [f"damaged {offset}"] * 10
        page: list[object] = cities(53)(limit, offset)
        return damaged if offset in {10, 20} else page

    client, _ = client_of(answer)
    assert await all_ids(client.cities.list(limit=10)) == [*range(10), *range(30, 53)]


@pytest.mark.anyio
async def test_the_same_unreadable_page_again_ends_the_iteration() -> None:
    client, asked = client_of(lambda *_: ["damaged"] * 10)
    assert await all_ids(client.cities.list(limit=10)) == []
    assert len(asked) < 5


@pytest.mark.anyio
@pytest.mark.parametrize("prefetch", [0, 3])
async def test_a_404_beyond_the_end_is_the_end(prefetch: int) -> None:
    def answer(limit: int | None, offset: int) -> Any:
        found = [{"uuid": str(UUID(int=city["id"]))} for city in cities(20)(limit, offset)]
        return found or httpx.Response(404, json={"code": "1400", "message": "None"})

    client, _ = client_of(answer)
    call = client.cities.activities(1, limit=10)
    assert len([activity async for activity in call.items(prefetch=prefetch)]) == 20


@pytest.mark.anyio
@pytest.mark.parametrize(
    "answered", [httpx.Response(404, html="<h1>Gone</h1>"), httpx.Response(404, json={"code": "0"})]
)
async def test_another_404_beyond_the_first_page_is_an_error(answered: httpx.Response) -> None:
    client, _ = client_of(lambda limit, offset: answered if offset else cities(20)(limit, offset))
    with pytest.raises(NotFoundError):
        await all_ids(client.cities.list(limit=10))


@pytest.mark.anyio
@pytest.mark.parametrize("prefetch", [0, 3])
async def test_a_server_with_a_limit_of_its_own_loses_nothing(prefetch: int) -> None:
    def answer(limit: int | None, offset: int) -> dict[str, Any]:
        return {"meta": {"count": 25}, "data": cities(25)(min(limit or 10, 4), offset)}

    client, _ = client_of(answer)
    assert await ids(client.cities.list(limit=10).items(prefetch=prefetch)) == list(range(25))


@pytest.mark.anyio
@pytest.mark.parametrize("body", [{"items": [{"id": 1}]}, {"code": "0", "message": "Oops"}])
async def test_an_object_that_holds_no_list_is_a_decode_error(body: Any) -> None:
    client, _ = client_of(lambda *_: body)
    with pytest.raises(DecodeError, match="Expected `array`"):
        await client.cities.list()


@pytest.mark.anyio
@pytest.mark.parametrize("body", [b" { } ", b"null", b'{"data": null}', b'{"meta": {"count": 0}, "data": null}'])
async def test_nothing_where_a_list_belongs_is_an_empty_list(body: bytes) -> None:
    client, _ = client_of(lambda *_: httpx.Response(200, content=body))
    assert len(await client.cities.list()) == 0


@pytest.mark.anyio
@pytest.mark.parametrize("body", [{"0": {"id": 1}, "2": {"id": 3}}, {"data": {"0": {"id": 1}, "2": {"id": 3}}}])
async def test_a_map_with_numbers_for_keys_is_the_list_of_its_values(body: Any) -> None:
    client, _ = client_of(lambda *_: body)
    assert list(await client.cities.list()) == [City(id=1), City(id=3)]


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
async def test_an_answer_of_neither_shape_is_a_decode_error() -> None:
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
    client, _ = client_of(
        lambda *_: {"meta": {"count": "2"}, "data": [{"id": 2, "name": "Rome", "weight": "?"}, {"id": 3}]}
    )
    page = await client.cities.list()
    assert (page.items, page.total) == ((City(id=2, name="Rome"), City(id=3)), 2)


class Numbered(httpx.AsyncBaseTransport):
    """A list that takes page numbers, and states its length in a header."""

    def __init__(self, length: int, default: int, told: str | None = None, most: int = 500) -> None:
        self.length = length
        self.default = default
        self.most = most
        self.told = str(length) if told is None else told
        self.asked: list[dict[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(dict(request.url.params))
        limit = min(int(request.url.params.get("limit", self.default)), self.most)
        first = (int(request.url.params.get("page", 1)) - 1) * limit
        items = [{"id": number} for number in range(self.length)][first : first + limit]
        return httpx.Response(200, json=items, headers={"X-Total-Count": self.told})

    def call(self, **options: Any) -> ListCall[City]:
        client = MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=self)
        paging = Paging(max_limit=500, default_limit=self.default, numbered=True)
        return ListCall(client.cities._core, Path("/numbered", "/numbered"), City, {}, paging=paging, **options)


@pytest.mark.anyio
async def test_a_list_with_page_numbers_is_read_by_offset_all_the_same() -> None:
    server = Numbered(25, default=6)
    assert await ids(server.call(limit=10).items()) == list(range(25))
    assert server.asked == [{"limit": "10"}, {"limit": "10", "page": "2"}, {"limit": "10", "page": "3"}]


@pytest.mark.anyio
async def test_a_page_number_counts_pages_of_the_default_size() -> None:
    server = Numbered(25, default=6)
    page = await server.call(offset=12)
    assert ([city.id for city in page], page.offset, page.total) == ([12, 13, 14, 15, 16, 17], 12, 25)
    assert server.asked == [{"page": "3"}]


@pytest.mark.anyio
async def test_a_list_with_page_numbers_is_read_from_any_page_on() -> None:
    assert await ids(Numbered(25, default=6).call(offset=12).items()) == list(range(12, 25))


@pytest.mark.parametrize("options", [{"limit": 10, "offset": 5}, {"offset": 5}])
def test_an_offset_within_a_numbered_page_is_refused(options: dict[str, int]) -> None:
    with pytest.raises(ArgumentError, match=r"^offset: must be a multiple of"):
        Numbered(25, default=6).call(**options)


@pytest.mark.anyio
@pytest.mark.parametrize("told", ["", "many", "-1", "9" * 5000])
async def test_a_total_that_is_not_a_number_is_none(told: str) -> None:
    assert (await Numbered(5, default=6, told=told).call()).total is None


@pytest.mark.anyio
@pytest.mark.parametrize("prefetch", [0, 3])
@pytest.mark.parametrize("size", [20, 120])
async def test_a_server_that_sends_more_than_was_asked_for_repeats_nothing(prefetch: int, size: int) -> None:
    client, _ = client_of(lambda _, offset: cities(300)(size, offset))
    assert await ids(client.cities.list(limit=10).items(prefetch=prefetch)) == list(range(300))


@pytest.mark.anyio
@pytest.mark.parametrize(("max_items", "expected"), [(None, [1, 2, 3]), (2, [1, 2])])
async def test_items_that_moved_to_a_later_page_can_be_left_out(max_items: int | None, expected: list[int]) -> None:
    pages = {0: [{"id": 1}, {"id": 2}], 2: [{"id": 2}, {"id": 3}], 4: []}
    client, _ = client_of(lambda _, offset: pages[offset])
    assert await ids(client.cities.list(limit=2).items(max_items=max_items, unique=True)) == expected


@pytest.mark.anyio
@pytest.mark.parametrize("prefetch", [0, 3])
async def test_an_empty_page_before_the_total_is_an_error_that_counts_what_is_missing(prefetch: int) -> None:
    def answer(limit: int | None, offset: int) -> dict[str, Any]:
        return {"meta": {"count": 25}, "data": cities(25)(limit, offset) if offset < 20 else []}

    client, _ = client_of(answer)
    found: list[int | None] = []
    with pytest.raises(IncompleteListError, match=r"^GET /cities: .* 20 of 25 items; 5 are missing") as raised:  # noqa: PT012 (the items before the error matter)
        async for city in client.cities.list(limit=10).items(prefetch=prefetch):
            found.append(city.id)  # noqa: PERF401 (a comprehension would lose the items before the error)
    assert found == list(range(20))
    assert (raised.value.path, raised.value.total, raised.value.missing) == ("/cities", 25, 5)


@pytest.mark.anyio
async def test_a_total_of_an_earlier_page_counts_where_the_empty_page_has_none() -> None:
    def answer(limit: int | None, offset: int) -> Any:
        return [] if offset else searched(25)(limit, offset)

    client, _ = client_of(answer)
    with pytest.raises(IncompleteListError, match="15 are missing"):
        await all_ids(client.cities.list(limit=10))


@pytest.mark.anyio
@pytest.mark.parametrize("prefetch", [0, 3])
async def test_the_same_page_again_and_again_before_the_total_is_an_error(prefetch: int) -> None:
    client, _ = client_of(lambda limit, _: searched(25)(limit, 0))
    with pytest.raises(IncompleteListError, match=r"10 of 25 items; 15 are missing"):
        [city async for city in client.cities.list(limit=10).items(prefetch=prefetch)]


@pytest.mark.anyio
async def test_a_list_that_became_shorter_while_it_was_read_is_complete() -> None:
    def answer(limit: int | None, offset: int) -> Any:
        return searched(20 if offset else 25)(limit, offset)

    client, _ = client_of(answer)
    assert await all_ids(client.cities.list(limit=10)) == list(range(20))


@pytest.mark.anyio
async def test_a_404_before_the_total_is_an_error_too() -> None:
    def answer(limit: int | None, offset: int) -> Any:
        data = [{"uuid": str(UUID(int=city["id"]))} for city in cities(20)(limit, offset)]
        return {"meta": {"count": 25}, "data": data} if data else httpx.Response(404, json={"code": "1400"})

    client, _ = client_of(answer)
    with pytest.raises(IncompleteListError, match="5 are missing"):
        [activity async for activity in client.cities.activities(1, limit=10)]


@pytest.mark.anyio
async def test_an_offset_behind_the_end_misses_nothing() -> None:
    client, _ = client_of(searched(25))
    assert await all_ids(client.cities.list(limit=10, offset=30)) == []


@pytest.mark.anyio
async def test_an_empty_page_that_is_awaited_is_not_an_error() -> None:
    client, _ = client_of(lambda *_: {"meta": {"count": 25}, "data": []})
    page = await client.cities.list()
    assert (len(page), page.total, page.is_last) == (0, 25, True)


@pytest.mark.anyio
@pytest.mark.parametrize("prefetch", [0, 3])
async def test_a_short_page_with_a_number_does_not_end_the_list_before_its_total(prefetch: int) -> None:
    server = Numbered(25, default=6, most=4)
    assert await ids(server.call(limit=10).items(prefetch=prefetch)) == list(range(25))


@pytest.mark.anyio
async def test_a_short_page_with_a_number_ends_a_list_without_a_total() -> None:
    server = Numbered(25, default=6, told="")
    assert await ids(server.call(limit=10).items()) == list(range(25))
    assert len(server.asked) == 3
