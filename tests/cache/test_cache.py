"""A client whose answers are kept."""

import pickle
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import anyio
import httpx
import pytest

from musement_async import (
    ArgumentError,
    ClientCredentials,
    MusementClient,
    NetworkError,
    NotFoundError,
    ServerError,
    Token,
)
from musement_async.cache import Cache, CacheFigures, CacheKey, KeptAnswer, MemoryCacheStore, SQLiteCacheStore
from musement_async.cache.cache import MAX_AGES
from musement_async.errors import NotCachedError
from musement_async.testing import LocalMusement

pytestmark = pytest.mark.anyio


class Api(httpx.AsyncBaseTransport):
    """Answers with the number of the request, as a city's name; holds requests back while it is told to."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.status = 200
        self.body: Any = None
        self.is_broken = False
        self.gate = anyio.Event()
        self.gate.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        number = len(self.requests)
        await self.gate.wait()
        if self.is_broken:
            raise httpx.ConnectError("no connection")
        body = self.body or {"id": 2, "name": f"answer {number}", "uuid": str(UUID(int=2))}
        headers = {"Set-Cookie": "a=b", "X-Request-Id": f"id-{number}"}
        return httpx.Response(self.status, json=body, headers=headers)


class Age:
    """Makes kept answers older, by the clock that they are dated with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._seconds = 0.0
        real = datetime.now
        monkeypatch.setattr("musement_async.cache.cache.time.time", lambda: real(UTC).timestamp() + self._seconds)

    def add(self, **duration: float) -> None:
        self._seconds += timedelta(**duration).total_seconds()


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def age(monkeypatch: pytest.MonkeyPatch) -> Age:
    return Age(monkeypatch)


@pytest.fixture
async def open_client(api: Api) -> AsyncIterator[Callable[..., MusementClient]]:
    clients: list[MusementClient] = []

    def open_client(**options: Any) -> MusementClient:
        chosen: dict[str, Any] = {
            "token": Token(access_token="a-token"),
            "base_url": "http://127.0.0.1/api/v3",
            "application": "app",
            "transport": api,
            "cache": True,
            **options,
        }
        clients.append(MusementClient(ClientCredentials("id", "secret"), **chosen))
        return clients[-1]

    yield open_client
    for client in clients:
        await client.aclose()


async def test_a_kept_answer_takes_the_place_of_a_call(api: Api, open_client: Any) -> None:
    client = open_client()
    with client.capture() as exchanges:
        assert [(await client.cities.get(2)).name for _ in range(3)] == ["answer 1"] * 3
    assert len(api.requests) == 1
    assert [exchange.served for exchange in exchanges] == [None, "hit", "hit"]
    assert [exchange.request_id for exchange in exchanges] == ["id-1"] * 3
    assert "set-cookie" not in exchanges[1].headers
    assert client.cache.figures == CacheFigures(hits=2, misses=1)


async def test_every_hook_is_told_of_kept_answers(open_client: Any) -> None:
    told: list[Any] = []
    client = open_client(on_exchange=told.append)
    client.add_hook(told.append)
    for _ in range(2):
        await client.cities.get(2)
    assert [exchange.served for exchange in told] == [None, None, "hit", "hit"]


async def test_a_cache_shows_its_store() -> None:
    assert repr(Cache(SQLiteCacheStore("answers.sqlite"))) == "Cache(SQLiteCacheStore('answers.sqlite'))"


async def test_without_a_cache_nothing_is_kept(api: Api, open_client: Any) -> None:
    client = open_client(cache=False)
    assert [(await client.cities.get(2)).name for _ in range(2)] == ["answer 1", "answer 2"]
    with pytest.raises(ArgumentError, match=r"^cache: is off"):
        _ = client.cache
    with pytest.raises(ArgumentError, match=r"^cache: needs a client"):
        client.with_options(cache="fresh")
    assert len(api.requests) == 2


@pytest.mark.parametrize(
    "options",
    [{"language": "it-IT"}, {"currency": "USD"}, {"market": "us"}, {"version": "3.5.0"}],
    ids=lambda options: next(iter(options)),
)
async def test_what_an_answer_depends_on_is_part_of_its_key(api: Api, open_client: Any, options: Any) -> None:
    client = open_client()
    await client.cities.get(2)
    assert (await client.with_options(**options).cities.get(2)).name == "answer 2"
    assert (await client.cities.get(2)).name == "answer 1"
    assert len(api.requests) == 2


async def test_queries_paths_and_applications_are_told_apart(api: Api, open_client: Any) -> None:
    cache = Cache()
    client = open_client(cache=cache)
    api.body = [{"id": 2, "name": "Rome"}]
    await client.cities.list(limit=1)
    await client.cities.list(limit=2)
    await client.countries.list(limit=1)
    await open_client(cache=cache, application="other").cities.list(limit=1)
    assert len(api.requests) == 4
    await open_client(cache=cache).cities.list(limit=1)  # the same application in another client
    assert len(api.requests) == 4


async def test_what_the_table_does_not_name_is_never_kept(api: Api, open_client: Any) -> None:
    client = open_client()
    api.body = [{"uuid": str(UUID(int=3))}]
    for _ in range(2):
        await client.lists.list()
        await client.request("POST", "/cities")
    assert len(api.requests) == 4


async def test_an_age_of_the_table_can_be_changed(api: Api, open_client: Any, age: Age) -> None:
    ages = {"/cities/{cityId}": None, "/regions/{regionId}": 60, "/countries/{countryId}": timedelta(minutes=1)}
    client = open_client(cache=Cache(max_ages=ages, stale=0, stale_on_error=0))
    for _ in range(2):
        await client.cities.get(2)
        await client.countries.get(2)
    assert [request.url.path[-9:] for request in api.requests] == ["/cities/2", "untries/2", "/cities/2"]
    age.add(seconds=61)
    await client.countries.get(2)
    assert len(api.requests) == 4


@pytest.mark.parametrize("path", ["/carts/{cartUuid}", "/activities/{activityUuid}/dates", "cities", "/orders"])
async def test_only_the_catalogue_can_be_kept(path: str) -> None:
    with pytest.raises(ArgumentError, match=r"^max_ages: names"):
        Cache(max_ages={path: 1})


async def test_all_that_ask_at_once_share_one_call_and_a_cancellation_harms_no_other(
    api: Api, open_client: Any
) -> None:
    client = open_client()
    api.gate = anyio.Event()
    names: list[str | None] = []

    async def ask() -> None:
        names.append((await client.cities.get(2)).name)

    async def open_gate() -> None:
        await anyio.wait_all_tasks_blocked()
        api.gate.set()

    async with anyio.create_task_group() as group, anyio.create_task_group() as cancelled:
        cancelled.start_soon(ask)  # the one whose call it is
        await anyio.wait_all_tasks_blocked()
        for _ in range(499):
            group.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        cancelled.cancel_scope.cancel()
        group.start_soon(open_gate)
    assert names == ["answer 1"] * 499
    assert len(api.requests) == 1
    assert client.cache.figures == CacheFigures(shared=499)


async def test_a_failure_reaches_all_that_share_the_call_as_an_error_of_their_own(api: Api, open_client: Any) -> None:
    client = open_client(retries=0)
    api.gate = anyio.Event()
    api.status = 500
    errors: list[ServerError] = []

    async def ask() -> None:
        with pytest.raises(ServerError) as caught:
            await client.cities.get(2)
        errors.append(caught.value)

    async with anyio.create_task_group() as group:
        for _ in range(3):
            group.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        api.gate.set()
    assert len(api.requests) == 1
    assert len({id(error) for error in errors}) == 3
    api.status = 200
    assert (await client.cities.get(2)).name == "answer 2"  # no error is kept


async def test_an_old_answer_is_given_while_one_call_renews_it(api: Api, open_client: Any, age: Age) -> None:
    client = open_client()
    await client.cities.get(2)
    age.add(days=7, seconds=1)
    api.gate = anyio.Event()
    with client.capture() as exchanges:
        for _ in range(3):
            assert (await client.cities.get(2)).name == "answer 1"
    assert [exchange.served for exchange in exchanges] == ["stale"] * 3
    await anyio.wait_all_tasks_blocked()
    assert len(api.requests) == 2
    api.gate.set()
    await anyio.wait_all_tasks_blocked()
    assert (await client.cities.get(2)).name == "answer 2"
    assert client.cache.figures == CacheFigures(hits=1, stale=3, misses=1)


@pytest.mark.parametrize("failure", ["no connection", 503, 429])
async def test_an_outage_serves_what_is_old_for_a_time(api: Api, open_client: Any, age: Age, failure: Any) -> None:
    client = open_client(retries=0)
    await client.cities.get(2)
    api.is_broken = failure == "no connection"
    api.status = 200 if api.is_broken else failure
    age.add(days=7, hours=2)
    with client.capture() as exchanges:
        assert (await client.cities.get(2)).name == "answer 1"
    assert exchanges[-1].served == "stale"
    age.add(days=1)
    with pytest.raises((NetworkError, ServerError, Exception)) as caught:
        await client.cities.get(2)
    assert not isinstance(caught.value, NotCachedError)


async def test_a_refusal_is_not_hidden_behind_an_old_answer(api: Api, open_client: Any, age: Age) -> None:
    client = open_client()
    await client.cities.get(2)
    age.add(days=7, hours=2)
    api.status, api.body = 404, {"code": "1", "message": "gone"}
    with pytest.raises(NotFoundError, match="gone"):
        await client.cities.get(2)


async def test_nothing_is_kept_shortly(api: Api, open_client: Any, age: Age) -> None:
    client = open_client()
    api.status, api.body = 404, {"code": "1400", "message": "nothing"}
    assert list(await client.cities.list()) == []
    assert list(await client.cities.list()) == []
    with pytest.raises(NotFoundError, match="nothing"):
        await client.cities.get(2)
    with pytest.raises(NotFoundError, match="nothing"):
        await client.cities.get(2)
    assert len(api.requests) == 2
    api.status, api.body = 200, [{"id": 2, "name": "Rome"}]
    age.add(minutes=62)
    assert len(await client.cities.list()) == 1


async def test_a_view_can_ask_for_a_fresh_answer_for_none_or_for_kept_ones_alone(
    api: Api, open_client: Any, age: Age
) -> None:
    client = open_client()
    only = client.with_options(cache="only")
    with pytest.raises(NotCachedError, match=r"^GET /cities/2: no answer is kept"):
        await only.cities.get(2)
    assert (await client.cities.get(2)).name == "answer 1"
    assert (await client.with_options(cache="off").cities.get(2)).name == "answer 2"
    assert (await only.cities.get(2)).name == "answer 1"
    assert (await client.with_options(cache="fresh").cities.get(2)).name == "answer 3"
    assert (await client.cities.get(2)).name == "answer 3"
    age.add(days=7, seconds=1)
    assert (await only.cities.get(2)).name == "answer 3"
    await anyio.wait_all_tasks_blocked()
    assert len(api.requests) == 3


async def test_a_customer_s_answers_are_kept_for_that_session_alone() -> None:
    local = LocalMusement()
    async with local.client(cache=True) as client:
        await client.cities.get(2)
        anna, again = (client.as_customer(local.username, local.password) for _ in range(2))
        for customer in (anna, anna, again):
            await customer.cities.get(2)
        assert local.count("/cities/{cityId}") == 3
        wrong = client.as_customer(local.username, "a wrong password")
        with pytest.raises(Exception, match="login"):
            await wrong.cities.get(2)


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "musement_async.cache"]


async def test_a_store_that_fails_costs_the_kept_answers_and_no_call(
    api: Api, open_client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(MemoryCacheStore):
        async def load(self, key: CacheKey) -> bytes | None:
            raise OSError("the disk is gone")

        async def save(self, key: CacheKey, value: bytes, *, keep: float) -> None:
            raise OSError("the disk is full")

    client = open_client(cache=Cache(Broken()))
    assert (await client.cities.get(2)).name == "answer 1"
    assert client.cache.figures == CacheFigures(misses=1, failures=2)
    said = warnings_of(caplog)
    assert "could not be read" in said[0]
    assert "the disk is full" in said[1]


async def test_a_damaged_answer_counts_as_absent(api: Api, open_client: Any, caplog: pytest.LogCaptureFixture) -> None:
    class Damaged(MemoryCacheStore):
        async def load(self, key: CacheKey) -> bytes | None:
            return b"\x00rubbish"

    client = open_client(cache=Cache(Damaged()))
    assert (await client.cities.get(2)).name == "answer 1"
    assert warnings_of(caplog) == [
        f"an answer to /cities/2 in {client.cache.store!r} cannot be read; it counts as absent"
    ]


async def test_what_is_purged_is_asked_for_again(api: Api, open_client: Any) -> None:
    client = open_client()
    for path, below in (("/cities/2", True), ("/cities", True), (None, True), ("/", True)):
        await client.cities.get(2)
        before = len(api.requests)
        await client.cache.purge(path, below=below)
        await client.cities.get(2)
        assert len(api.requests) == before + 1, path
    await client.cache.purge("/cities", below=False)
    await client.cache.purge("/cities/20")
    await client.cities.get(2)
    assert len(api.requests) == 5
    with pytest.raises(ArgumentError, match=r"^path: must begin with a slash"):
        await client.cache.purge("cities")


async def test_the_record_of_changes_drops_what_a_day_names() -> None:
    today = date(2026, 10, 1)
    local = LocalMusement(today=today)
    async with local.client(cache=Cache(max_ages={"/activities/{activityUuid}/media": timedelta(days=1)})) as client:
        changed = (await client.catalog.updates(today))[0].uuid
        named = await names(client, today)
        other = next(uuid for uuid in map(UUID, local.activity_uuids()) if uuid not in named)

        async def read() -> None:
            await client.activities.get(changed)
            await client.activities.get(other)
            await client.activities.search(limit=1)

        await read()
        before = local.count("/activities/{activityUuid}"), local.count("/activities")
        assert await client.cache.follow(client.catalog, today=today) > 0
        await read()
        assert (local.count("/activities/{activityUuid}"), local.count("/activities")) == (before[0] + 1, before[1] + 1)
        asked = local.count("/catalog/updates/{day}")
        await client.cache.follow(client.catalog, today=today)
        assert local.count("/catalog/updates/{day}") == asked + 1  # only the day that is not over


async def names(client: MusementClient, today: Any) -> set[UUID]:
    found: set[UUID] = set()
    for days in range(9):
        day = today - timedelta(days=days)
        for changes in (await client.catalog.updates(day), await client.catalog.archived(day)):
            found |= {change.uuid for change in changes}
    return found


async def test_following_a_record_without_changes_drops_nothing(api: Api, open_client: Any) -> None:
    class Quiet:
        async def updates(self, day: Any) -> tuple[Any, ...]:
            return ()

        archived = updates

    client = open_client()
    await client.cities.get(2)
    assert await client.cache.follow(Quiet()) == 0
    await client.cities.get(2)
    assert len(api.requests) == 1


async def test_closing_waits_for_what_is_being_renewed(api: Api, age: Age) -> None:
    async with MusementClient(
        token=Token(access_token="a"), base_url="http://127.0.0.1/", application="a", transport=api, cache=True
    ) as client:
        await client.cities.get(2)
        age.add(days=7, minutes=1)
        await client.cities.get(2)
    assert client.cache.figures.stale == 1


async def test_every_path_of_the_table_is_an_operation_of_the_library() -> None:
    local = LocalMusement()
    async with local.client() as client:
        with client.capture() as exchanges:
            await client.activities.search(limit=1)
            await client.activities.get(local.activity_uuids()[0])
            category = (await client.categories.list())[0]
            await client.categories.get(category.id)
            await client.categories.tree()
            city = (await client.cities.list())[0]
            await client.cities.get(city.id)
            country = (await client.countries.list())[0]
            await client.countries.get(country.id)
            venue = (await client.venues.list())[0]
            await client.venues.get(venue.id)
        templates = {exchange.template for exchange in exchanges}
    assert set(MAX_AGES) == templates


async def test_what_cannot_be_a_cache_is_refused() -> None:
    for options, argument in (
        ({"store": object()}, "store"),
        ({"max_ages": {"/cities": -1}}, "max_ages"),
        ({"max_ages": {1: 2}}, "max_ages"),
        ({"max_ages": [1]}, "max_ages"),
        ({"stale": "soon"}, "stale"),
        ({"nothing": True}, "nothing"),
    ):
        with pytest.raises(ArgumentError, match=rf"^{argument}: "):
            Cache(**options)
    with pytest.raises(ArgumentError, match=r"^cache: must be 'on'"):
        MusementClient(token=Token(access_token="a"), cache=True).with_options(cache="never")  # type: ignore[arg-type]


async def test_an_answer_of_another_version_counts_as_absent() -> None:
    answer = KeptAnswer(200, "OK", (("a", "b"),), b"{}", 1.0)
    other = answer.to_bytes().replace(b"\x01", b"\x02", 1)
    from musement_async.cache.answers import from_bytes

    assert from_bytes(answer.to_bytes()) == answer
    assert from_bytes(other) is None
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301 - our own
