"""Rules that every token store keeps."""

import random
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import attrs
import pytest
from cryptography.fernet import Fernet

from musement_async import (
    EncryptedTokenStore,
    FallbackTokenStore,
    FileTokenStore,
    MemoryTokenStore,
    MusementClient,
    Token,
    TokenStore,
)
from musement_async.stores.redis import RedisTokenStore

KEY = "a" * 64
OTHER = "b" * 64
CASES = [
    *((backend, store) for backend in ("asyncio", "trio") for store in ("memory", "file", "fallback-file")),
    ("asyncio", "redis"),
    ("asyncio", "fallback-redis"),
    ("trio", "encrypted-memory"),
    ("asyncio", "encrypted-file"),
    ("asyncio", "encrypted-redis"),
]


@attrs.define
class Place:
    """A place of tokens. Each store that is opened there stands for a process."""

    make: Callable[[], Any]
    wrap: Callable[[Any], TokenStore]
    opened: list[Any] = attrs.field(factory=list)

    def open(self) -> TokenStore:
        store = self.make()
        self.opened.append(store)
        return self.wrap(store)

    async def aclose(self) -> None:
        for store in self.opened:
            if isinstance(store, RedisTokenStore):
                await store.aclose()


@pytest.fixture(params=CASES, ids="-".join)
def case(request: pytest.FixtureRequest) -> tuple[str, str]:
    pair: tuple[str, str] = request.param
    return pair


@pytest.fixture
def anyio_backend(case: tuple[str, str]) -> str:
    return case[0]


@pytest.fixture
async def place(
    anyio_backend: str, case: tuple[str, str], tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Place]:
    wrapper, _, kind = case[1].rpartition("-")
    key = Fernet.generate_key()
    memory = MemoryTokenStore()
    prefix = f"test-{secrets.token_hex(8)}:"
    url = request.getfixturevalue("redis_url") if kind == "redis" else ""
    make = {
        "memory": lambda: memory,
        "file": lambda: FileTokenStore(tmp_path / "tokens"),
        "redis": lambda: RedisTokenStore(url, prefix=prefix),
    }
    wraps: dict[str, Callable[[Any], TokenStore]] = {
        "": lambda store: store,
        "fallback": FallbackTokenStore,
        "encrypted": lambda store: EncryptedTokenStore(store, key),
    }
    place = Place(make[kind], wraps[wrapper])
    yield place
    await place.aclose()


@pytest.mark.anyio
async def test_an_empty_store_holds_nothing(place: Place) -> None:
    assert await place.open().load(KEY) is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    "token",
    [
        Token(
            access_token="A",
            refresh_token="R",
            expires_in=3600,
            scope="user, password",
            started_at=datetime.now(UTC) - timedelta(days=3),
        ),
        Token(access_token="A"),
        Token(access_token="A", refresh_token="R", expires_at=datetime.now(UTC) - timedelta(days=1)),
        Token(access_token="A", refresh_token="R", expires_in=0.5),
    ],
    ids=["full", "bare", "expired", "short"],
)
async def test_a_token_comes_back_as_it_was_saved(place: Place, token: Token) -> None:
    await place.open().save(KEY, token)
    assert await place.open().load(KEY) == token


@pytest.mark.anyio
async def test_the_last_token_replaces_the_others_both_halves_at_once(place: Place) -> None:
    store, newest = place.open(), Token(access_token="A2")
    await store.save(KEY, Token(access_token="A1", refresh_token="R1", expires_in=3600, scope="user"))
    await store.save(KEY, newest)
    assert await place.open().load(KEY) == newest


@pytest.mark.anyio
async def test_sessions_do_not_mix(place: Place) -> None:
    store = place.open()
    await store.save(KEY, Token(access_token="A"))
    assert await store.load(OTHER) is None
    await store.save(OTHER, Token(access_token="B"))
    assert await store.load(KEY) == Token(access_token="A")


@pytest.mark.anyio
async def test_a_token_that_was_deleted_is_gone_and_others_stay(place: Place) -> None:
    store, token = place.open(), Token(access_token="A")
    await store.save(KEY, token)
    await store.save(OTHER, token)
    await store.delete(KEY)
    await store.delete(KEY)
    for each in (store, place.open()):
        assert await each.load(KEY) is None
        assert await each.load(OTHER) == token


@pytest.mark.anyio
async def test_a_session_that_began_too_long_ago_is_forgotten(place: Place) -> None:
    store, began = place.open(), datetime.now(UTC) - timedelta(days=366)
    await store.save(KEY, Token(access_token="A", refresh_token="R", expires_in=3600, started_at=began))
    with anyio.fail_after(100):
        while await place.open().load(KEY) is not None:  # noqa: ASYNC110 - of Redis' clock
            await anyio.sleep(0.001)


@pytest.mark.anyio
async def test_one_holds_the_lock_at_a_time(place: Place) -> None:
    inside, times = 0, 0
    stores = [place.open(), place.open()]

    async def work(store: TokenStore) -> None:
        nonlocal inside, times
        async with store.exclusive(KEY):
            assert inside == 0
            inside += 1
            await store.save(KEY, Token(access_token=f"A{times}"))
            assert await store.load(KEY) == Token(access_token=f"A{times}")
            inside -= 1
            times += 1

    with anyio.fail_after(100):
        async with anyio.create_task_group() as group:
            for number in range(10):
                group.start_soon(work, stores[number % 2])
    assert times == 10


@pytest.mark.anyio
async def test_sessions_do_not_wait_for_each_other(place: Place) -> None:
    store, other = place.open(), place.open()
    with anyio.fail_after(100):
        async with store.exclusive(KEY), store.exclusive(OTHER):
            assert await store.load(KEY) is None
        async with store.exclusive(KEY), other.exclusive(OTHER):
            assert await other.load(KEY) is None


@pytest.mark.anyio
async def test_an_error_under_the_lock_passes_as_it_is_and_frees_the_lock(place: Place) -> None:
    with pytest.raises(ZeroDivisionError):
        async with place.open().exclusive(KEY):
            raise ZeroDivisionError
    await assert_free(place)


@pytest.mark.anyio
async def test_a_holder_that_is_cancelled_frees_the_lock(place: Place) -> None:
    with anyio.CancelScope() as scope:
        async with place.open().exclusive(KEY):
            scope.cancel()
            await anyio.sleep_forever()
    assert scope.cancelled_caught
    await assert_free(place)


@pytest.mark.anyio
async def test_who_is_cancelled_while_waiting_leaves_no_lock_behind(place: Place) -> None:
    store = place.open()

    async def wait() -> None:
        with anyio.move_on_after(random.uniform(0, 0.02)):
            async with store.exclusive(KEY):
                pytest.fail("two hold the lock")

    async with place.open().exclusive(KEY), anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(wait)
    await assert_free(place)


@pytest.mark.anyio
async def test_no_cancellation_on_the_way_into_the_lock_or_out_of_it_leaves_it_behind(place: Place) -> None:
    store = place.open()
    for _ in range(40):
        with anyio.move_on_after(random.uniform(0, 0.003)):
            async with store.exclusive(KEY):
                await anyio.sleep(random.uniform(0, 0.001))
    await assert_free(place)


async def assert_free(place: Place) -> None:
    """The lease of a lock in Redis is longer than this."""
    for store in (place.open(), place.open()):
        with anyio.fail_after(100):
            async with store.exclusive(KEY):
                pass


@pytest.mark.anyio
async def test_two_clients_share_one_login_and_each_renewal(place: Place, live: Any) -> None:
    local = live.musement
    async with client_of(place, live) as one, client_of(place, live) as other:
        for _ in range(3):
            async with anyio.create_task_group() as group:
                for number in range(20):
                    group.start_soon((one, other)[number % 2].cities.get, 2)
            local.expire_tokens()
        await one.cities.get(2)
    assert (local.logins("password"), local.rotations, local.reused_refresh_tokens) == (1, 3, 0)


@pytest.mark.anyio
async def test_who_comes_with_a_token_of_yesterday_takes_todays_from_the_store(place: Place, live: Any) -> None:
    local = live.musement
    async with client_of(place, live) as early, client_of(place, live) as late:
        await early.cities.get(2)
        await late.cities.get(2)
        local.expire_tokens()
        await early.cities.get(2)
        local.reset()
        await late.cities.get(2)
    assert (local.count(status=401), local.logins(status=None), local.reused_refresh_tokens) == (1, 0, 0)


@pytest.mark.anyio
async def test_who_finds_the_very_token_that_was_refused_renews_it(place: Place, live: Any) -> None:
    local = live.musement
    async with client_of(place, live) as first:
        await first.cities.get(2)
    local.expire_tokens()
    local.reset()
    async with client_of(place, live) as second:
        await second.cities.get(2)
    assert (local.count(status=401), local.logins("refresh_token"), local.logins(status=None)) == (1, 1, 1)


def client_of(place: Place, live: Any) -> MusementClient:
    local = live.musement
    options = {"base_url": live.base_url, "application": local.application}
    return MusementClient(local.customer, token_store=place.open(), trusted=True, **options)


@pytest.mark.anyio
async def test_a_store_shows_no_token(place: Place) -> None:
    store = place.open()
    await store.save(KEY, Token(access_token="very-secret", refresh_token="very-secret"))
    assert "very-secret" not in f"{store!r} {store}"
