"""Tokens that a session saves by itself: before its first renewal, and after a failed save."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from musement_async import (
    ArgumentError,
    AuthenticationError,
    ClientCredentials,
    MemoryTokenStore,
    MusementAuth,
    Token,
    TokenStoreError,
)

pytestmark = pytest.mark.anyio


def key_of(auth: Any) -> str:
    key: str = auth._session.store.key
    return key


ANNA, BERT = Token(access_token="A1", refresh_token="R1"), Token(access_token="A2", refresh_token="R2")


class Yielding:
    """A slow store, whose saves fail while ``is_down``."""

    def __init__(self, store: MemoryTokenStore) -> None:
        self.store = store
        self.is_down = False
        self.saves: list[str] = []

    async def load(self, key: str) -> Token | None:
        await anyio.lowlevel.checkpoint()
        return await self.store.load(key)

    async def save(self, key: str, token: Token) -> None:
        await anyio.lowlevel.checkpoint()
        self.saves.append(token.access_token)
        if self.is_down:
            raise OSError("read-only")
        await self.store.save(key, token)

    async def delete(self, key: str) -> None:
        await self.store.delete(key)

    def exclusive(self, key: str) -> Any:
        return self.store.exclusive(key)


@pytest.fixture
def store() -> MemoryTokenStore:
    return MemoryTokenStore()


@pytest.fixture
def application(store: MemoryTokenStore) -> MusementAuth:
    return MusementAuth(ClientCredentials("id", "secret"), token_store=store)


async def test_a_saved_token_is_found_in_the_store(application: MusementAuth, store: MemoryTokenStore) -> None:
    customer = application.for_token(ANNA, "customer 1")
    await customer.save()
    assert await store.load(key_of(customer)) == ANNA


async def test_a_token_that_is_there_is_replaced_only_if_it_may_be(
    application: MusementAuth, store: MemoryTokenStore
) -> None:
    first, second = application.for_token(ANNA, "customer 1"), application.for_token(BERT, "customer 1")
    await first.save(replace=False)
    with pytest.raises(ArgumentError, match=r"^name: is in use"):
        await second.save(replace=False)
    assert await store.load(key_of(first)) == ANNA
    await second.save()
    assert await store.load(key_of(first)) == BERT


async def test_of_two_that_save_under_one_name_at_once_one_wins(store: MemoryTokenStore) -> None:
    application = MusementAuth(ClientCredentials("id", "secret"), token_store=Yielding(store))
    outcomes: list[str] = []

    async def save(token: Token) -> None:
        try:
            await application.for_token(token, "customer 1").save(replace=False)
        except ArgumentError:
            outcomes.append("refused")
        else:
            outcomes.append(token.access_token)

    async with anyio.create_task_group() as group:
        for token in (ANNA, BERT):
            group.start_soon(save, token)
    (winner,) = set(outcomes) - {"refused"}
    saved = await store.load(key_of(application.for_token(ANNA, "customer 1")))
    assert (len(outcomes), saved and saved.access_token) == (2, winner)


async def test_without_a_token_nothing_is_saved_and_without_a_store_it_is_an_error(
    application: MusementAuth, store: MemoryTokenStore
) -> None:
    await application.save()
    with pytest.raises(ArgumentError, match=r"^token_store: is needed"):
        await application.for_token(ANNA).save()
    assert await store.load(key_of(application)) is None


async def test_a_store_that_fails_is_an_error(
    application: MusementAuth, store: MemoryTokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(store, "save", fail)
    with pytest.raises(TokenStoreError, match=r"^the token store failed: OSError: the disk is gone$"):
        await application.for_token(ANNA, "customer 1").save()


class Api:
    """A transport that logs in, rotates, and accepts only the newest access token."""

    def __init__(self) -> None:
        self.number = 0
        self.is_expired = False

    def expire(self) -> None:
        self.is_expired = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            self.number, self.is_expired = self.number + 1, False
            pair = {"access_token": f"A{self.number}", "refresh_token": f"R{self.number}", "expires_in": 3600}
            return httpx.Response(200, json=pair)
        is_good = request.headers["Authorization"] == f"Bearer A{self.number}" and not self.is_expired
        return httpx.Response(200 if is_good else 401)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    with anyio.fail_after(100):
        while True:
            if await condition():
                return
            await anyio.sleep(0.001)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause before a save is repeated."""
    monkeypatch.setattr("musement_async.auth.session_store._SAVE_AGAIN_AFTER", 0)


@asynccontextmanager
async def unsaved(
    open_client: Any, scripted: Any, store: MemoryTokenStore
) -> AsyncIterator[tuple[Any, Yielding, Api, Callable[[], Awaitable[str | None]]]]:
    """A session whose second pair could not be saved."""
    api, yielding = Api(), Yielding(store)
    client: Any
    async with open_client(scripted(api), token_store=yielding) as client:

        async def saved() -> str | None:
            found = await store.load(key_of(client.auth))
            return None if found is None else found.access_token

        await client.get("/cities")
        yielding.is_down = True
        api.expire()
        await client.get("/cities")
        assert await saved() == "A1"
        yield client, yielding, api, saved


@pytest.mark.usefixtures("at_once")
async def test_a_save_that_failed_is_repeated_by_later_calls_with_one_warning(
    open_client: Any, scripted: Any, store: MemoryTokenStore, caplog: pytest.LogCaptureFixture
) -> None:
    async with unsaved(open_client, scripted, store) as (client, yielding, _, saved):
        await client.get("/cities")
        await until(lambda: attempted(yielding, 3))
        yielding.is_down = False

        async def is_saved() -> bool:
            await client.get("/cities")
            return await saved() == "A2"

        await until(is_saved)
        saves = len(yielding.saves)
        await client.get("/cities")
        assert len(yielding.saves) == saves
    assert [record.levelname for record in caplog.records].count("WARNING") == 1


async def attempted(yielding: Yielding, times: int) -> bool:
    return len(yielding.saves) >= times


async def test_a_save_that_failed_is_left_alone_for_a_while(
    open_client: Any, scripted: Any, store: MemoryTokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musement_async.auth.session_store._SAVE_AGAIN_AFTER", 1000)
    async with unsaved(open_client, scripted, store) as (client, yielding, _, _):
        yielding.is_down = False
        await client.get("/cities")
        await anyio.wait_all_tasks_blocked()
        assert yielding.saves == ["A1", "A2"]


async def test_a_save_that_failed_is_repeated_before_the_client_is_closed(
    open_protected: Any, scripted: Any, store: MemoryTokenStore
) -> None:
    async with unsaved(open_protected, scripted, store) as (client, yielding, _, saved):
        yielding.is_down = False
        await client.aclose()
        assert await saved() == "A2"


async def test_a_store_that_stays_down_does_not_keep_a_client_from_closing(
    open_protected: Any, scripted: Any, store: MemoryTokenStore
) -> None:
    async with unsaved(open_protected, scripted, store) as (client, yielding, _, _):
        await client.aclose()
        assert yielding.saves == ["A1", "A2", "A2"]


@pytest.mark.usefixtures("at_once")
async def test_a_later_save_makes_up_for_one_that_failed(
    open_client: Any, scripted: Any, store: MemoryTokenStore
) -> None:
    async with unsaved(open_client, scripted, store) as (client, yielding, api, saved):
        api.expire()
        await client.get("/cities")
        yielding.is_down = False
        api.expire()
        await client.get("/cities")
        assert await saved() == "A4"


@pytest.mark.usefixtures("at_once")
async def test_a_save_that_is_repeated_does_not_overwrite_what_a_sibling_saved_since(
    open_protected: Any, scripted: Any, store: MemoryTokenStore
) -> None:
    async with unsaved(open_protected, scripted, store) as (client, yielding, _, saved):
        await store.save(key_of(client.auth), Token(access_token="of-a-sibling"))
        yielding.is_down = False
        await client.aclose()
        assert await saved() == "of-a-sibling"
        assert yielding.saves == ["A1", "A2"]


@pytest.mark.parametrize(
    "odd",
    [{"expires_in": 0}, {"expires_in": "soon"}, {"expires_in": -1}, {"scope": ["user"]}, {"token_type": 7}],
    ids=repr,
)
async def test_an_odd_field_costs_neither_of_the_new_tokens_in_memory_and_in_the_store(
    open_client: Any, scripted: Any, store: MemoryTokenStore, odd: dict[str, Any]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": "A2", "refresh_token": "R2", **odd})
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer A2" else 401)

    client: Any
    async with open_client(scripted(answer), token=ANNA, token_store=store) as client:
        assert (await client.get("/cities")).status_code == 200
        for token in (client.auth.token, await store.load(key_of(client.auth))):
            assert token
            assert (token.access_token, token.refresh_token) == ("A2", "R2")


async def test_a_refusal_that_is_not_the_apis_keeps_the_stored_token(
    open_client: Any, scripted: Any, store: MemoryTokenStore
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403 if request.url.path.endswith("/login") else 401, html="<h1>Blocked</h1>")

    async with open_client(scripted(answer), token=ANNA, token_store=store) as client:
        await client.auth.save()
        with pytest.raises(AuthenticationError):
            await client.get("/cities")
        assert client.auth.token == await store.load(key_of(client.auth)) == ANNA
