"""Customers who log in once, by bearer token or cookie."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import httpx
import msgspec
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI, Request, Response
from openapi_spec_validator import validate

from musement_async import ArgumentError, MemoryTokenStore, MusementClient
from musement_async.integrations.fastapi import (
    Client,
    CustomerSessions,
    LoggedIn,
    MemoryLoginLimiter,
    MemorySessionStore,
    address_of,
    install_error_handlers,
    musement_lifespan,
    session_store,
)
from musement_async.integrations.fastapi.redis import RedisSessionStore
from musement_async.models import Customer
from musement_async.testing import LocalMusement

Visit = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]
DAY = timedelta(days=1)


class KeepingStore(MemoryTokenStore):
    """Tells how many tokens it keeps."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: set[str] = set()

    async def save(self, key: str, token: Any) -> None:
        await super().save(key, token)
        self.keys.add(key)

    async def delete(self, key: str) -> None:
        await super().delete(key)
        self.keys.discard(key)


@pytest.fixture
def tokens() -> KeepingStore:
    return KeepingStore()


@pytest_asyncio.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    if request.param == "memory":
        yield MemorySessionStore()
        return
    prefix = f"test-{secrets.token_hex(8)}:"
    async with RedisSessionStore(request.getfixturevalue("redis_url"), prefix=prefix) as store:
        yield store


def shop(local: LocalMusement, tokens: MemoryTokenStore, sessions: CustomerSessions) -> FastAPI:
    """An application; several of them on the same stores are several workers."""
    app = FastAPI(lifespan=musement_lifespan(lambda: local.client(token_store=tokens)))
    install_error_handlers(app)
    current = Depends(sessions.current)

    @app.post("/login")
    async def log_in(client: Client, request: Request, response: Response, password: str) -> str:
        new = await sessions.log_in(client, local.username, password, address=address_of(request), label="a" * 300)
        sessions.set_cookie(response, new)
        return new.id

    @app.post("/logout")
    async def log_out(client: Client, response: Response, session: Annotated[LoggedIn, current]) -> None:
        await sessions.end(client, session)
        sessions.delete_cookie(response)

    @app.get("/sessions")
    async def list_all(session: Annotated[LoggedIn, current]) -> list[str | None]:
        return [each.label for each in await sessions.list(session.customer)]

    @app.post("/changed-password")
    async def end_all(client: Client, session: Annotated[LoggedIn, current], *, keep: bool = False) -> int:
        return await sessions.end_all(client, session.customer, but=session if keep else None)

    @app.get("/me")
    async def me(client: Annotated[MusementClient, Depends(sessions.client)]) -> Customer:
        return await client.account.get()

    return app


async def log_in(visitor: httpx.AsyncClient, local: LocalMusement) -> dict[str, str]:
    """Log in, and give the header that shows the session."""
    answer = await visitor.post("/login", params={"password": local.password})
    assert answer.status_code == 200, answer.text
    visitor.cookies.clear()
    return {"Authorization": f"Bearer {answer.json()}"}


@pytest.mark.asyncio
async def test_a_session_goes_on_in_every_worker_by_bearer_token(
    visit: Visit, local_musement: LocalMusement, tokens: KeepingStore, store: Any
) -> None:
    first, second = [shop(local_musement, tokens, CustomerSessions(store=store)) for _ in range(2)]
    async with visit(first) as one, visit(second) as two:
        shown = await log_in(one, local_musement)
        for visitor in (one, two):
            assert (await visitor.get("/me", headers=shown)).json()["email"] == local_musement.username
    assert local_musement.logins("password") == 1


@pytest.mark.asyncio
async def test_without_a_token_store_nobody_is_let_in_to_be_refused_at_the_next_call(
    local_musement: LocalMusement,
) -> None:
    async with local_musement.client() as client:
        with pytest.raises(RuntimeError, match="the client has no token store"):
            await CustomerSessions().log_in(client, local_musement.username, local_musement.password, address=None)
    assert local_musement.calls == []


@pytest.mark.asyncio
async def test_a_cookie_is_for_this_host_and_for_no_script(
    visit: Visit, local_musement: LocalMusement, tokens: KeepingStore
) -> None:
    async with visit(shop(local_musement, tokens, CustomerSessions())) as visitor:
        answer = await visitor.post("/login", params={"password": local_musement.password})
        cookie = answer.headers["set-cookie"]
        name, _, rest = cookie.partition("=")
        assert name == "__Host-session"
        attributes = {part.strip().partition("=")[0].lower() for part in rest.split(";")[1:]}
        assert {"httponly", "secure", "samesite", "path", "max-age"} <= attributes
        assert "domain" not in attributes
        shown = {"Cookie": f"__Host-session={answer.json()}"}
        assert (await visitor.get("/me", headers=shown)).status_code == 200
        ended = await visitor.post("/logout", headers=shown)
        assert "Max-Age=0" in ended.headers["set-cookie"]
        assert (await visitor.get("/me", headers=shown)).status_code == 401


@pytest.mark.asyncio
async def test_who_logs_out_is_out_in_all_workers_and_leaves_no_token(
    visit: Visit, local_musement: LocalMusement, tokens: KeepingStore, store: Any
) -> None:
    first, second = [shop(local_musement, tokens, CustomerSessions(store=store)) for _ in range(2)]
    async with visit(first) as one, visit(second) as two:
        shown, other = await log_in(one, local_musement), await log_in(one, local_musement)
        assert (await two.get("/me", headers=shown)).status_code == 200
        assert (await one.post("/logout", headers=shown)).status_code == 200
        for visitor in (one, two):
            answer = await visitor.get("/me", headers=shown)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
            assert (await visitor.get("/me", headers=other)).status_code == 200
    assert len(tokens.keys) == 1  # that of the other session


@pytest.mark.asyncio
@pytest.mark.parametrize(("keep", "ended_and_status"), [(True, (2, 200)), (False, (3, 401))])
async def test_a_changed_password_ends_the_sessions_of_a_customer(
    visit: Visit,
    local_musement: LocalMusement,
    store: Any,
    keep: bool,  # noqa: FBT001
    ended_and_status: tuple[int, int],
) -> None:
    async with visit(shop(local_musement, MemoryTokenStore(), CustomerSessions(store=store))) as visitor:
        shown, *others = [await log_in(visitor, local_musement) for _ in range(3)]
        assert (await visitor.get("/sessions", headers=shown)).json() == ["a" * 200] * 3
        assert (
            await visitor.post("/changed-password", headers=shown, params={"keep": keep})
        ).json() == ended_and_status[0]
        assert [(await visitor.get("/me", headers=other)).status_code for other in others] == [401, 401]
        assert (await visitor.get("/me", headers=shown)).status_code == ended_and_status[1]


@pytest.mark.asyncio
@pytest.mark.parametrize("cookie", ["__Host-session", None])
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Basic YTpi", "Bearer made-up", "Negotiate x", "Bearer ÿ"]
)
async def test_what_shows_no_session_is_a_problem_with_a_challenge(
    authorization: str | None, cookie: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.encode("iso-8859-1")}
    sessions = CustomerSessions(cookie=cookie)
    app = FastAPI()
    install_error_handlers(app)

    @app.get("/")
    async def who(session: Annotated[LoggedIn, Depends(sessions.current)]) -> str:
        return session.key

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as visitor:
        answer = await visitor.get("/", headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["error"]) == (401, "LoginRequiredError")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    validate(app.openapi())


@pytest.mark.asyncio
async def test_a_session_that_is_too_old_is_over(
    visit: Visit, local_musement: LocalMusement, tokens: KeepingStore, store: Any
) -> None:
    sessions = CustomerSessions(store=store, max_idle=2 * DAY, max_age=3 * DAY)
    async with visit(shop(local_musement, tokens, sessions)) as visitor:
        for back in ({"seen_at": 2 * DAY}, {"started_at": 3 * DAY}):
            shown = await log_in(visitor, local_musement)
            (session,) = await store.of_customer(await customer_id(local_musement))
            older = {name: getattr(session, name) - time for name, time in back.items()}
            await store.save(msgspec.structs.replace(session, **older), DAY, await store.now())
            assert (await visitor.get("/me", headers=shown)).status_code == 401
            await store.delete(session)


async def customer_id(local: LocalMusement) -> str:
    async with local.client(local.customer) as client:
        return str((await client.account.get()).id)


@pytest.mark.asyncio
async def test_a_session_in_use_lasts_longer(
    visit: Visit, local_musement: LocalMusement, tokens: KeepingStore, store: Any
) -> None:
    async with visit(shop(local_musement, tokens, CustomerSessions(store=store))) as visitor:
        shown = await log_in(visitor, local_musement)
        (session,) = await store.of_customer(await customer_id(local_musement))
        await store.save(msgspec.structs.replace(session, seen_at=session.seen_at - DAY), DAY, await store.now())
        assert (await visitor.get("/me", headers=shown)).status_code == 200
        seen = await store.load(session.key)
        assert seen is not None
        assert seen.seen_at >= session.seen_at


def logged_in(key: str = "key") -> LoggedIn:
    return msgspec.convert(
        {"key": key, "customer": "7", "started_at": "2030-01-01T00:00:00Z", "seen_at": "2030-01-01T00:00:00Z"}, LoggedIn
    )


@pytest.mark.asyncio
async def test_a_session_that_has_ended_is_not_brought_back_by_a_request_under_way(store: Any) -> None:
    await store.save(logged_in(), DAY, await store.now())
    await store.delete(logged_in())
    await store.touch(logged_in(), DAY)
    assert await store.load("key") is None


@pytest.mark.asyncio
async def test_a_session_whose_time_is_up_is_gone(store: Any) -> None:
    await store.save(logged_in(), timedelta(microseconds=1), await store.now())
    await store.save(logged_in("other"), DAY, await store.now())
    while await store.load("key") is not None:
        pass
    assert [each.key for each in await store.of_customer("7")] == ["other"]
    assert [each.key for each in await store.of_customer("7")] == ["other"]


@pytest.mark.asyncio
async def test_a_login_that_is_under_way_ends_with_the_other_sessions(
    visit: Visit, local_musement: LocalMusement, tokens: KeepingStore, store: Any
) -> None:
    customer = await customer_id(local_musement)

    class Interruption(MemoryLoginLimiter):
        """Ends all sessions of the customer while the first login is under way."""

        is_due = True

        async def attempt(self, name: str, address: str | None) -> float:
            if self.is_due:
                self.is_due = False
                await CustomerSessions(store=store).end_all(local_musement.client(token_store=tokens), customer)
            return await super().attempt(name, address)

    sessions = CustomerSessions(store=store, limiter=Interruption())
    async with visit(shop(local_musement, tokens, sessions)) as visitor:
        answer = await visitor.post("/login", params={"password": local_musement.password})
        assert (answer.status_code, answer.json()["error"]) == (401, "LoginRequiredError")
        assert (await store.of_customer(customer), tokens.keys) == ([], set())
        shown = await log_in(visitor, local_musement)
        assert (await visitor.get("/me", headers=shown)).status_code == 200


@pytest.mark.asyncio
async def test_a_session_that_ends_by_itself_leaves_its_token_until_the_next_login(
    visit: Visit, local_musement: LocalMusement, tokens: KeepingStore, store: Any
) -> None:
    async with visit(shop(local_musement, tokens, CustomerSessions(store=store))) as visitor:
        shown = await log_in(visitor, local_musement)
        (session,) = await store.of_customer(await customer_id(local_musement))
        await store.touch(session, timedelta(microseconds=1))
        while await store.load(session.key) is not None:
            pass
        if isinstance(store, MemorySessionStore):
            store._sweep_at = datetime.now(UTC)
        (key,) = tokens.keys
        await log_in(visitor, local_musement)
        assert len(tokens.keys) == 1
        assert key not in tokens.keys
        assert (await visitor.get("/me", headers=shown)).status_code == 401


@pytest.mark.asyncio
async def test_ended_sessions_are_given_once_and_few_at_a_time(store: Any) -> None:
    for number in range(3):
        await store.save(logged_in(str(number)), timedelta(microseconds=1), await store.now())
    await store.save(logged_in("alive"), DAY, await store.now())
    for number in range(3):
        while await store.load(str(number)) is not None:
            pass
    taken = [await store.take_ended(2) for _ in range(3)]
    assert [len(each) for each in taken] == [2, 1, 0]
    assert {key for each in taken for key in each} == {"0", "1", "2"}


@pytest.mark.asyncio
async def test_a_session_whose_use_was_not_noted_is_not_taken_for_ended(redis_url: str) -> None:
    async with RedisSessionStore(redis_url, prefix=f"test-{secrets.token_hex(8)}:") as store:
        await store.save(logged_in(), DAY, await store.now())
        ends = store._redis.place("ends", "sessions")
        await store._redis.send("zadd", ends, {"key": 1})
        assert await store.take_ended(2) == []
        assert await store._redis.send("zcount", ends, 0, 2) == 0
        await store.delete(logged_in())
        assert await store._redis.send("zcard", ends) == 0


@pytest.mark.asyncio
async def test_an_ended_session_that_another_process_takes_is_not_given_twice(redis_url: str) -> None:
    class Late(RedisSessionStore):
        async def load(self, key: str) -> LoggedIn | None:
            assert await other.take_ended(2) == [key]
            return await super().load(key)

    prefix = f"test-{secrets.token_hex(8)}:"
    async with RedisSessionStore(redis_url, prefix=prefix) as other, Late(redis_url, prefix=prefix) as store:
        await other.save(logged_in(), timedelta(microseconds=1), await other.now())
        while await other.load("key") is not None:
            pass
        assert await store.take_ended(2) == []


@pytest.mark.asyncio
async def test_memory_keeps_nothing_whose_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_store, "LONGEST_LOGIN", timedelta())
    store = MemorySessionStore()
    for number in range(3):
        store._sweep_at = datetime.now(UTC)
        await store.save(logged_in(str(number)), timedelta(microseconds=-1), await store.now())
        await store.end_logins("7")
        assert await store.take_ended(1) == [str(number)]
    assert (len(store), store._ended, store._ended_logins) == (0, [], {})


@pytest.mark.asyncio
async def test_what_is_not_a_session_in_redis_lets_nobody_in(redis_url: str) -> None:
    async with RedisSessionStore(redis_url, prefix=f"test-{secrets.token_hex(8)}:") as store:
        await store._redis.send("set", store._redis.place("session", "key"), "nonsense")
        assert await store.load("key") is None


@pytest.mark.asyncio
async def test_the_session_id_is_kept_nowhere(
    visit: Visit, local_musement: LocalMusement, tokens: KeepingStore
) -> None:
    store = MemorySessionStore()
    async with visit(shop(local_musement, tokens, CustomerSessions(store=store))) as visitor:
        shown = await log_in(visitor, local_musement)
    session_id = shown["Authorization"].removeprefix("Bearer ")
    assert len(session_id) >= 43
    assert session_id not in f"{vars(store)} {tokens.keys}"


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"cookie": ""}, "cookie"),
        ({"cookie": "a b"}, "cookie"),
        ({"secure": False}, "cookie"),
        ({"max_idle": timedelta()}, "max_idle"),
        ({"max_age": 401 * DAY}, "max_age"),
        ({"capacity": 0}, "capacity"),
    ],
)
def test_settings_that_cannot_work_are_refused(options: dict[str, Any], argument: str) -> None:
    with pytest.raises(ArgumentError, match=argument):
        CustomerSessions(**options)


def test_sessions_without_a_cookie_set_none() -> None:
    with pytest.raises(ArgumentError, match="cookie"):
        CustomerSessions(cookie=None).delete_cookie(Response())
