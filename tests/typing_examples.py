"""The public API as type checkers see it: mypy and pyright read this file, nothing runs it."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any, assert_type
from uuid import UUID

import httpx

from musement_async import (
    PRODUCTION,
    APIError,
    ClientCredentials,
    Exchange,
    FallbackTokenStore,
    FileTokenStore,
    ListCall,
    MapCall,
    MemoryTokenStore,
    Mirror,
    MirrorPart,
    MirrorReport,
    MusementAuth,
    MusementClient,
    MusementTransport,
    Outcome,
    Page,
    PasswordCredentials,
    RateLimitError,
    Retries,
    SQLiteMirrorStore,
    Token,
    TokenStore,
    WholeListCall,
    to_builtins,
    to_json,
)
from musement_async.models import Activity, ActivityDate, City, Comment, Customer, Order, Pickup, Price
from musement_async.stores.redis import RedisTokenStore
from musement_async.testing import LocalMusement


async def calls(client: MusementClient) -> None:
    assert_type(client.cities.list(), ListCall[City])
    assert_type(await client.cities.list(limit=50), Page[City])
    assert_type(await client.cities.get(2), City)
    async for city in client.cities.list(without_events=True):
        assert_type(city, City)
    async for activity in client.activities.search(text="museum", city_in=[2], sort_by="-price"):
        assert_type(activity, Activity)


async def models_as_arguments(client: MusementClient, activity: Activity, city: City, pickup: Pickup) -> None:
    assert_type(await client.dates.list(activity, pickup=pickup), tuple[ActivityDate, ...])
    assert_type(await client.dates.list(activity.uuid), tuple[ActivityDate, ...])
    assert_type(client.activities.search(city_in=city), ListCall[Activity])
    async for found in client.cities.activities(city).items(unique=True):
        assert_type(found, Activity)
    await client.dates.list(city)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def account(client: MusementClient) -> None:
    assert_type(await client.account.get(), Customer)
    assert_type(client.account.orders(), ListCall[Order])
    assert_type(client.account.comments(), WholeListCall[Comment])
    assert_type(await client.account.comments(), tuple[Comment, ...])
    async for comment in client.account.comments():
        assert_type(comment, Comment)
    assert_type(await client.comments.create("b36ba13e-cd53-44dc-8741-b200ada5549a", rating=5), Comment | None)


async def pages(page: Page[City]) -> None:
    assert_type(page[0], City)
    assert_type(page[:2], tuple[City, ...])
    assert_type([city.name for city in page], list[str | None])
    assert_type(page.total, int | None)


async def many(client: MusementClient, uuids: list[UUID], ids: AsyncIterator[int]) -> None:
    assert_type(client.map(client.cities.get, [1, 2]), MapCall[int, City])
    assert_type(await client.map(client.cities.get, ids, concurrency=5), tuple[City, ...])
    async for uuid, activity in client.map(client.activities.get, uuids):
        assert_type(activity, Activity)
        assert_type(str(uuid), str)
    async for number, city in client.map(client.cities.get, range(3)).in_order():
        assert_type(number, int)
        assert_type(city, City)
    async with aclosing(client.map(client.cities.get, {1, 2}).outcomes()) as outcomes:
        async for outcome in outcomes:
            assert_type(outcome, Outcome[int, City])
            assert_type(outcome.result(), City)
            assert_type(outcome.error, Exception | None)
    async for code, form in client.map(lambda code: client.cities.get(len(code)), ["a", "b"]):
        assert_type(code, str)
        assert_type(form, City)
    pages = await client.map(lambda city: client.activities.search(city_in=[city]), [1, 2])
    assert_type(pages, tuple[Page[Activity], ...])


async def mirrored(client: MusementClient) -> None:
    mirror = client.mirror(SQLiteMirrorStore("catalogue.sqlite"), languages=["en-GB", "it-IT"], cities=2)
    assert_type(mirror, Mirror)
    report = await mirror.run(on_progress=lambda progress: progress.items)
    assert_type(report, MirrorReport)
    assert_type(report.progress.failed, Mapping[str, str])
    for part in await mirror.plan("a run"):
        assert_type(part, MirrorPart)


async def requests(client: MusementClient) -> None:
    assert_type(await client.request("GET", "/currencies"), Any)
    assert_type(await client.request("GET", "/cities/2", model=City), City)
    assert_type(await client.request("GET", "/cities", params={"limit": 5}, model=list[City]), list[City])


def views(client: MusementClient) -> None:
    assert_type(client.with_options(language="it-IT", currency="EUR", timeout=5), MusementClient)
    assert_type(client.with_options(language=None), MusementClient)
    assert_type(client.http, httpx.AsyncClient)


async def exchanges(client: MusementClient) -> None:
    with client.capture() as seen:
        await client.cities.get(2)
    assert_type(seen, list[Exchange])
    assert_type(seen[0].status, int | None)
    assert_type(client.as_customer("a", "b"), MusementClient)
    assert_type(client.with_options(retries=Retries(times=1), deadline=None), MusementClient)


def values(city: City, price: Price) -> None:
    assert_type(city.id, int)
    assert_type(price.value, Decimal | None)
    assert_type(to_json(city), bytes)
    assert_type(to_json([city, city]), bytes)
    to_builtins(city)


def clients(store: TokenStore, transport: httpx.AsyncBaseTransport) -> None:
    MusementClient(ClientCredentials("id", "secret"), application="application", timeout=5, transport=transport)
    MusementClient(PasswordCredentials("id", "secret", "user", "password"), token_store=store, login_method="POST")
    MusementClient(token=Token(access_token="access"), timeout=httpx.Timeout(5, connect=1))
    assert_type(MusementClient.from_env(currency="EUR"), MusementClient)


class Keyring:
    """A user's own store, which needs no base class."""

    def __init__(self) -> None:
        self._memory = MemoryTokenStore()

    async def load(self, key: str) -> Token | None:
        return await self._memory.load(key)

    async def save(self, key: str, token: Token) -> None:
        await self._memory.save(key, token)

    async def delete(self, key: str) -> None:
        await self._memory.delete(key)

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None]:
        async with self._memory.exclusive(key):
            yield


def stores() -> None:
    in_memory: TokenStore = MemoryTokenStore()
    own: TokenStore = Keyring()
    shared: list[TokenStore] = [
        FileTokenStore("tokens"),
        RedisTokenStore("redis://localhost", max_idle=timedelta(days=30)),
    ]
    clients(in_memory, MusementTransport())
    clients(own, httpx.AsyncHTTPTransport())
    clients(FallbackTokenStore(shared[0], retry_after=1), MusementTransport())


def bare_httpx() -> httpx.AsyncClient:
    auth = MusementAuth(ClientCredentials("id", "secret"), application="application")
    return httpx.AsyncClient(base_url=PRODUCTION, auth=auth, transport=MusementTransport())


async def errors(client: MusementClient) -> None:
    try:
        await client.cities.get(2)
    except RateLimitError as error:
        assert_type(error.status, int)
    except APIError as error:
        assert_type(error.code, str | None)


def local() -> None:
    with LocalMusement().running() as base_url:
        assert_type(base_url, str)
    assert_type(LocalMusement().client(), MusementClient)


def misspelt_names() -> None:
    from musement_async import MusementCleint  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    from musement_async.models import Actvity  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

    assert MusementCleint is not Actvity
