from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import anyio
import httpx
import pytest
from fastapi import Depends, FastAPI, Header
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from musement_async import ArgumentError, MemoryTokenStore, MusementClient, Token, TokenStoreError
from musement_async.integrations.fastapi import (
    CustomerSession,
    customer_client,
    get_client,
    install_error_handlers,
    musement_lifespan,
)
from musement_async.models import Customer
from musement_async.testing import LocalMusement

Visit = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]


async def by_password(shown: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> CustomerSession:
    return CustomerSession(shown.username, password=shown.password)


def by_name(x_session: Annotated[str, Header()]) -> CustomerSession:
    return CustomerSession(x_session)


def with_profile(app: FastAPI, find: Callable[..., object], capacity: int = 10_000) -> FastAPI:
    current = customer_client(find, capacity=capacity)  # type: ignore[arg-type]

    @app.get("/me")
    async def me(client: Annotated[MusementClient, Depends(current)]) -> Customer:
        return await client.account.get()

    return app


def shared(local: LocalMusement, store: MemoryTokenStore) -> FastAPI:
    """An application whose customers' sessions are kept in a store."""
    app = FastAPI(lifespan=musement_lifespan(lambda: local.client(token_store=store)))
    install_error_handlers(app)
    return with_profile(app, by_name)


async def log_in_as(client: MusementClient, local: LocalMusement, name: str) -> None:
    """Log a customer in, and put the session into the store under that name."""
    entrance = client.as_customer(local.username, local.password, stored=False)
    await entrance.account.get()
    assert entrance.token is not None
    await client.with_token(entrance.token, name=name).save_token(replace=False)


async def sign_up(local: LocalMusement, number: int) -> tuple[str, str]:
    async with local.client() as client:
        email = f"customer-{number}@example.com"
        await client.signup.begin(email)
    return email, local.password


@pytest.mark.asyncio
async def test_many_requests_of_a_customer_are_one_login(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    me = (local_musement.username, local_musement.password)
    async with visit(with_profile(app, by_password)) as visitor, anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(lambda: visitor.get("/me", auth=me))
    assert local_musement.count(path="/customers/me", status=200) == 21  # the login looks at the profile too
    assert local_musement.logins("password") == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("capacity", [3, 10_000])
async def test_no_customer_ever_gets_what_is_anothers(
    app: FastAPI, visit: Visit, local_musement: LocalMusement, capacity: int
) -> None:
    customers = [await sign_up(local_musement, number) for number in range(12)]
    seen: list[tuple[str, str]] = []

    async with visit(with_profile(app, by_password, capacity)) as visitor:

        async def look(customer: tuple[str, str]) -> None:
            seen.append((customer[0], (await visitor.get("/me", auth=customer)).json()["email"]))

        async with anyio.create_task_group() as tasks:
            for _ in range(6):
                for customer in customers:
                    tasks.start_soon(look, customer)
    assert len(seen) == 72
    assert [pair for pair in seen if pair[0] != pair[1]] == []


@pytest.mark.asyncio
async def test_a_wrong_password_gets_nothing_though_the_customer_is_logged_in(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    async with visit(with_profile(app, by_password)) as visitor:
        assert (await visitor.get("/me", auth=(local_musement.username, local_musement.password))).status_code == 200
        answer = await visitor.get("/me", auth=(local_musement.username, "guessed"))
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "guessed" not in answer.text
        assert (await visitor.get("/me", auth=(local_musement.username, local_musement.password))).status_code == 200
    assert local_musement.logins("password") == 1


@pytest.mark.asyncio
async def test_who_logged_in_once_goes_on_by_name_in_every_process(visit: Visit, local_musement: LocalMusement) -> None:
    store = MemoryTokenStore()  # stands for one that processes share
    async with local_musement.client(token_store=store) as client:
        await log_in_as(client, local_musement, "session-1")
    for _ in range(2):
        async with visit(shared(local_musement, store)) as visitor:
            answer = await visitor.get("/me", headers={"X-Session": "session-1"})
            assert answer.json()["email"] == local_musement.username
            local_musement.expire_tokens()
            answer = await visitor.get("/me", headers={"X-Session": "session-1"})
            assert answer.json()["email"] == local_musement.username
    assert (local_musement.logins("password"), local_musement.logins("refresh_token")) == (1, 2)
    assert local_musement.reused_refresh_tokens == 0


@pytest.mark.asyncio
async def test_a_name_that_nobody_logged_in_under_is_told_to_log_in(
    visit: Visit, local_musement: LocalMusement
) -> None:
    async with visit(shared(local_musement, MemoryTokenStore())) as visitor:
        answer = await visitor.get("/me", headers={"X-Session": "made-up"})
    assert (answer.status_code, answer.json()["error"]) == (401, "AuthenticationError")
    assert local_musement.count(path="/customers/me") == 0


@pytest.mark.asyncio
async def test_a_session_that_began_elsewhere_goes_on(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    async with local_musement.client(local_musement.customer) as elsewhere:
        await elsewhere.account.get()
        token = elsewhere.token
    assert token is not None

    async with visit(with_profile(app, lambda: CustomerSession("session-1", token=token))) as visitor:
        assert (await visitor.get("/me")).json()["email"] == local_musement.username
    assert local_musement.logins("password") == 1


@pytest.mark.asyncio
async def test_sessions_that_were_not_used_for_long_make_room(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    first, second, third = [await sign_up(local_musement, number) for number in range(3)]
    async with visit(with_profile(app, by_password, capacity=2)) as visitor:
        for customer in (first, second, first, third, first):
            assert (await visitor.get("/me", auth=customer)).status_code == 200
        assert local_musement.logins("password") == 3
        await visitor.get("/me", auth=second)
        assert local_musement.logins("password") == 4


class CountingStore(MemoryTokenStore):
    """Counts how often a token is looked for."""

    loads = 0

    async def load(self, key: str) -> Token | None:
        self.loads += 1
        return await super().load(key)


@pytest.mark.asyncio
async def test_made_up_names_of_sessions_push_no_customer_out(visit: Visit, local_musement: LocalMusement) -> None:
    store = CountingStore()
    async with local_musement.client(token_store=store) as client:
        await log_in_as(client, local_musement, "session-1")
    app = FastAPI(lifespan=musement_lifespan(lambda: local_musement.client(token_store=store)))
    install_error_handlers(app)
    async with visit(with_profile(app, by_name, capacity=1)) as visitor:
        await visitor.get("/me", headers={"X-Session": "session-1"})
        for number in range(3):
            assert (await visitor.get("/me", headers={"X-Session": f"made-up-{number}"})).status_code == 401
        loads = store.loads
        assert (await visitor.get("/me", headers={"X-Session": "session-1"})).status_code == 200
    assert store.loads == loads


@pytest.mark.parametrize("capacity", [0, -1, 1.5, True])
def test_a_capacity_that_is_none_is_refused(capacity: int) -> None:
    with pytest.raises(ArgumentError, match="capacity"):
        customer_client(by_name, capacity=capacity)


def test_a_session_shows_no_secret_and_needs_a_name() -> None:
    token = Token(access_token="secret-token")
    shown = f"{CustomerSession('name', token=token)} {CustomerSession('name', password='secret-password')}"
    assert "secret" not in shown
    with pytest.raises(ArgumentError, match="name"):
        CustomerSession("")
    with pytest.raises(ArgumentError, match="password"):
        CustomerSession("name", token=token, password="secret-password")


class BrokenStore(MemoryTokenStore):
    async def save(self, key: str, token: Token) -> None:
        raise OSError("no space left")


@pytest.mark.asyncio
async def test_a_login_that_cannot_be_kept_is_an_error(local_musement: LocalMusement) -> None:
    async with local_musement.client(token_store=BrokenStore()) as client:
        with pytest.raises(TokenStoreError, match="no space left"):
            await log_in_as(client, local_musement, "session-1")


@pytest.mark.asyncio
async def test_a_client_without_a_token_has_nothing_to_save(local_musement: LocalMusement) -> None:
    async with local_musement.client(token_store=BrokenStore()) as client:
        await client.save_token()
        assert client.token is None


@pytest.mark.asyncio
async def test_a_session_with_only_a_name_needs_a_token_store(local_musement: LocalMusement) -> None:
    app = with_profile(FastAPI(), by_name)
    async with local_musement.client() as client:
        app.dependency_overrides[get_client] = lambda: client
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as visitor:
            with pytest.raises(RuntimeError, match=r"token store, and the client has none: make it with token_store="):
                await visitor.get("/me", headers={"X-Session": "ada"})
    assert local_musement.calls == []
