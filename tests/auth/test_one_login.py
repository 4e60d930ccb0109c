"""One login for any number of tasks that need a token."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest

from musement_async import ClientCredentials, MemoryTokenStore, MusementAuth, Token

MOST_FOR_ONE_CONNECTION = 150  # which answers in turn; httpcore's pool is quadratic


@pytest.fixture(params=[40, pytest.param(500, marks=pytest.mark.stress)])
def tasks(request: pytest.FixtureRequest) -> int:
    """The number of tasks that call at once."""
    number: int = request.param
    return number


def tasks_for(connections: int, tasks: int) -> int:
    return tasks if connections > 1 else min(tasks, MOST_FOR_ONE_CONNECTION)


async def burst(client: httpx.AsyncClient, tasks: int) -> Counter[int]:
    """The statuses of so many calls, started at once."""
    statuses: Counter[int] = Counter()

    async def call() -> None:
        statuses[(await client.get("/cities/1")).status_code] += 1

    async with anyio.create_task_group() as group:
        for _ in range(tasks):
            group.start_soon(call)
    return statuses


@pytest.mark.anyio
@pytest.mark.parametrize("connections", [1, 50])
async def test_a_cold_start_costs_one_login(open_client: Any, live: Any, connections: int, tasks: int) -> None:
    async with open_client(base_url=live.base_url, limits=httpx.Limits(max_connections=connections)) as client:
        tasks = tasks_for(connections, tasks)
        assert await burst(client, tasks) == {200: tasks}
    assert live.musement.logins("password") == 1
    assert live.musement.count(status=401) == 0


@pytest.mark.anyio
@pytest.mark.parametrize("connections", [1, 50])
async def test_a_refused_token_costs_one_refresh(open_client: Any, live: Any, connections: int, tasks: int) -> None:
    async with open_client(base_url=live.base_url, limits=httpx.Limits(max_connections=connections)) as client:
        await client.get("/cities/1")
        live.musement.expire_tokens()
        tasks = tasks_for(connections, tasks)
        assert await burst(client, tasks) == {200: tasks}
    assert live.musement.logins("password") == 1
    assert live.musement.logins("refresh_token") == 1
    assert live.musement.reused_refresh_tokens == 0


@pytest.mark.anyio
@pytest.mark.parametrize("connections", [1, 50])
async def test_an_expired_token_costs_one_refresh_and_no_401(
    open_client: Any, live: Any, connections: int, tasks: int
) -> None:
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        good = client.auth.token
    live.musement.expire_tokens()
    dead = Token(
        access_token=good.access_token,
        refresh_token=good.refresh_token,
        expires_at=datetime.now(UTC) - timedelta(seconds=1),
    )
    limits = httpx.Limits(max_connections=connections)
    async with open_client(base_url=live.base_url, token=dead, limits=limits) as client:
        tasks = tasks_for(connections, tasks)
        assert await burst(client, tasks) == {200: tasks}
    assert live.musement.logins("refresh_token") == 1
    assert live.musement.count(status=401) == 0
    assert live.musement.reused_refresh_tokens == 0


@pytest.mark.anyio
@pytest.mark.parametrize("tasks", [40, pytest.param(200, marks=pytest.mark.stress)])
async def test_bursts_work_on_the_default_pool_of_httpx(live: Any, tasks: int) -> None:
    auth = MusementAuth(live.musement.customer, base_url=live.base_url, application="local-application")
    async with httpx.AsyncClient(base_url=live.base_url, auth=auth, timeout=30) as client:
        await client.get("/cities/1")
        live.musement.expire_tokens()
        assert await burst(client, tasks) == {200: tasks}
    assert live.musement.logins("refresh_token") == 1


@pytest.mark.anyio
async def test_an_operation_that_refuses_every_token_costs_at_most_two_renewals(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        live.musement.fail_next(1000, status=401, path="/cities/{cityId}")
        for _ in range(10):
            assert await burst(client, 5) == {401: 5}
    assert live.musement.logins("refresh_token") <= 2
    assert live.musement.reused_refresh_tokens == 0


@pytest.mark.anyio
async def test_a_renewal_works_again_some_time_after_new_tokens_were_refused(
    open_client: Any, live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musement_async.auth.session._EXCUSED_FOR", 0.0)
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        live.musement.fail_next(3, status=401, path="/cities/{cityId}")
        assert (await client.get("/cities/1")).status_code == 401
        live.musement.expire_tokens()
        assert (await client.get("/cities/1")).status_code == 200


@pytest.mark.anyio
async def test_a_token_is_renewed_ahead_of_its_expiry_by_a_tenth_of_its_life_at_most(
    open_client: Any, scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("musement_async.auth.session.monotonic", lambda: now)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": "A", "refresh_token": "R", "expires_in": 20})
        return httpx.Response(200)

    transport = scripted(answer)
    async with open_client(transport, leeway=30) as client:
        for now, logins in [(1000.0, 1), (1017.9, 1), (1018.1, 2), (1019.0, 2)]:  # noqa: B007 - the clock reads it
            await client.get("/cities")
            assert len(transport.logins) == logins


@pytest.mark.anyio
async def test_a_token_shorter_lived_than_the_leeway_serves_many_requests(open_client: Any, scripted: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": "A", "expires_in": 15})
        return httpx.Response(200)

    transport = scripted(answer)
    async with open_client(transport, leeway=30) as client:
        for _ in range(20):
            await client.get("/cities")
    assert len(transport.logins) == 1


@pytest.mark.anyio
async def test_a_token_without_a_lifetime_is_used_until_it_is_refused(open_client: Any, scripted: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": "A2"})
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer A2" else 401)

    transport = scripted(answer)
    async with open_client(transport, token=Token(access_token="A1")) as client:
        assert (await client.get("/cities")).status_code == 200
    assert len(transport.logins) == 1


@pytest.mark.anyio
async def test_two_clients_on_one_store_share_a_login(open_client: Any, live: Any) -> None:
    store = MemoryTokenStore()
    async with (
        open_client(base_url=live.base_url, token_store=store) as one,
        open_client(base_url=live.base_url, token_store=store) as other,
    ):
        async with anyio.create_task_group() as group:
            group.start_soon(burst, one, 20)
            group.start_soon(burst, other, 20)
        live.musement.expire_tokens()
        async with anyio.create_task_group() as group:
            group.start_soon(burst, one, 20)
            group.start_soon(burst, other, 20)
    assert live.musement.logins("password") == 1
    assert live.musement.logins("refresh_token") == 1
    assert live.musement.reused_refresh_tokens == 0


class CountingStore(MemoryTokenStore):
    """A store that counts the calls of its methods."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    async def load(self, key: str) -> Token | None:
        self.asked["load"] += 1
        return await super().load(key)

    async def save(self, key: str, token: Token) -> None:
        self.asked["save"] += 1
        await super().save(key, token)

    def exclusive(self, key: str) -> Any:
        self.asked["exclusive"] += 1
        return super().exclusive(key)


@pytest.mark.anyio
async def test_a_call_with_a_valid_token_asks_no_store(open_client: Any, live: Any) -> None:
    store = CountingStore()
    async with open_client(base_url=live.base_url, token_store=store) as client:
        await client.get("/cities/1")
        assert store.asked == {"load": 2, "exclusive": 1, "save": 1}
        store.asked.clear()
        assert await burst(client, 20) == {200: 20}
    assert store.asked == {}


@pytest.mark.anyio
async def test_a_token_that_somebody_else_renewed_is_taken_without_the_lock(open_client: Any, live: Any) -> None:
    store = CountingStore()
    async with (
        open_client(base_url=live.base_url, token_store=store) as one,
        open_client(base_url=live.base_url, token_store=store) as other,
    ):
        await one.get("/cities/1")
        (key,) = store._tokens
        store.asked.clear()
        with anyio.fail_after(100):
            async with MemoryTokenStore.exclusive(store, key):
                assert (await other.get("/cities/1")).status_code == 200
    assert store.asked == {"load": 1}


@pytest.mark.anyio
async def test_sessions_of_different_customers_do_not_mix_in_one_store(open_client: Any, live: Any) -> None:
    store = MemoryTokenStore()
    partner = ClientCredentials("local-client", "local-secret")
    async with (
        open_client(base_url=live.base_url, token_store=store) as customer,
        open_client(base_url=live.base_url, token_store=store, credentials=partner) as application,
    ):
        await customer.get("/cities/1")
        await application.get("/cities/1")
        assert customer.auth.token != application.auth.token
    assert live.musement.logins("password") == 1
    assert live.musement.logins("client_credentials") == 1
