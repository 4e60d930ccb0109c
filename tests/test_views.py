"""Derived clients: other options and other sessions on one pool."""

import random
import re
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from musement_async import (
    ArgumentError,
    AuthenticationError,
    ClientClosedError,
    ClientCredentials,
    MemoryTokenStore,
    MusementClient,
    PermissionDeniedError,
    Token,
)
from musement_async.testing import LocalMusement


class Echo(httpx.AsyncBaseTransport):
    """A transport that accepts every login, answers with the token of the request, and sets cookies."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.closed = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await anyio.lowlevel.checkpoint()
        headers = {"Set-Cookie": f"session={len(self.requests)}; Path=/"}
        if request.url.path.endswith("/login"):
            who = request.url.params.get("username", "the application")
            return httpx.Response(200, headers=headers, json={"access_token": f"token-of-{who}".replace(" ", "-")})
        return httpx.Response(200, headers=headers, json={"id": 2, "name": request.headers["Authorization"]})

    async def aclose(self) -> None:
        self.closed += 1


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def client(echo: Echo) -> MusementClient:
    credentials = ClientCredentials("id", "secret")
    return MusementClient(credentials, base_url="http://127.0.0.1/api/v3", application="app", transport=echo)


@pytest.mark.anyio
async def test_a_customer_s_client_has_a_session_of_its_own_on_the_same_pool() -> None:
    local = LocalMusement()
    async with local.client() as client, client.as_customer(local.username, local.password) as customer:
        assert (await customer.account.get()).email == local.username
        with pytest.raises(PermissionDeniedError):
            await client.account.get()
        assert local.logins("password") == 1
        assert customer.token != client.token


@pytest.mark.anyio
async def test_no_session_ever_sends_another_s_token_or_cookie(client: MusementClient, echo: Echo) -> None:
    chance = random.Random(7)
    customers = {name: client.as_customer(name, "password") for name in (f"c{number}" for number in range(200))}
    wrong: list[Any] = []

    async def ask(name: str, customer: MusementClient) -> None:
        for _ in range(3):
            view = customer.with_options(language=chance.choice(["it-IT", "de-DE"]))
            if (said := (await view.cities.get(2)).name) != f"Bearer token-of-{name}":
                wrong.append((name, said))

    async with anyio.create_task_group() as group:
        for name, customer in customers.items():
            group.start_soon(ask, name, customer)
        group.start_soon(ask, "the-application", client)
    assert wrong == []
    assert [request.headers.get("Cookie") for request in echo.requests if "Cookie" in request.headers] == []


@pytest.mark.anyio
async def test_closing_a_guest_leaves_the_pool_open(client: MusementClient, echo: Echo) -> None:
    async with client.as_customer("ann", "password") as customer:
        view = customer.with_options(language="it-IT")
        await view.cities.get(2)
        await customer.http.get("/cities/2")
    for closed in (customer, view):
        with pytest.raises(ClientClosedError):
            await closed.cities.get(2)
    with pytest.raises(RuntimeError, match="closed"):
        await customer.http.get("/cities/2")
    await customer.aclose()
    assert repr(customer).endswith("(closed)>")
    assert (await client.cities.get(2)).name == "Bearer token-of-the-application"
    assert echo.closed == 0
    await client.aclose()
    assert echo.closed == 1


@pytest.mark.anyio
async def test_a_guest_ends_with_its_host(client: MusementClient) -> None:
    customer = client.as_customer("ann", "password")
    await client.aclose()
    with pytest.raises(ClientClosedError):
        await customer.cities.get(2)


@pytest.mark.anyio
async def test_the_httpx_client_of_a_guest_is_logged_in_as_the_guest(client: MusementClient) -> None:
    customer = client.as_customer("ann", "password")
    assert customer.http is customer.with_options(language="it-IT").http
    assert customer.http is not client.http
    response = await customer.http.get("/cities/2")
    assert response.json()["name"] == "Bearer token-of-ann"
    assert response.request.headers["X-Musement-Application"] == "app"


@pytest.mark.anyio
async def test_a_guest_of_a_guest_is_a_guest(client: MusementClient) -> None:
    other = client.as_customer("ann", "password").as_customer("bob", "password")
    assert (await other.cities.get(2)).name == "Bearer token-of-bob"


@pytest.mark.anyio
async def test_customers_are_kept_in_the_client_s_store_each_under_a_key_of_its_own() -> None:
    local, store = LocalMusement(), MemoryTokenStore()
    async with local.client(token_store=store) as client:
        await client.cities.get(2)
        await client.as_customer(local.username, local.password).cities.get(2)
        assert len(store._tokens) == 2
        await client.as_customer(local.username, local.password, trusted=True).cities.get(2)
        assert local.logins("password") == 1


@pytest.mark.anyio
async def test_a_wrong_password_is_refused_although_the_store_has_a_token() -> None:
    local, store = LocalMusement(), MemoryTokenStore()
    async with local.client(token_store=store) as client:
        customer = client.as_customer(local.username, local.password)
        await customer.account.get()
        impostor = client.as_customer(local.username, "guessed")
        for _ in range(2):
            with pytest.raises(AuthenticationError):
                await impostor.account.get()
        await client.as_customer(local.username, local.password).account.get()
        local.expire_tokens()
        await customer.account.get()
    assert local.logins("password") == 2


@pytest.mark.anyio
async def test_a_session_may_be_kept_out_of_the_store() -> None:
    local, store = LocalMusement(), MemoryTokenStore()
    async with local.client(token_store=store) as client:
        await client.as_customer(local.username, local.password, stored=False).account.get()
    assert store._tokens == {}


@pytest.mark.anyio
async def test_without_a_store_a_customer_s_token_ends_with_the_guest(client: MusementClient, echo: Echo) -> None:
    for _ in range(2):
        await client.as_customer("ann", "password").cities.get(2)
    assert len([request for request in echo.requests if request.url.path.endswith("/login")]) == 2


async def session_of(local: LocalMusement) -> Token:
    async with local.client(local.customer) as client:
        await client.cities.get(2)
        assert client.token is not None
        return client.token


@pytest.mark.anyio
async def test_a_token_from_elsewhere_is_refreshed_in_the_application_s_name() -> None:
    local = LocalMusement()
    token = await session_of(local)
    async with local.client() as client:
        customer = client.with_token(token)
        assert (await customer.account.get()).email == local.username
        local.expire_tokens()
        assert (await customer.account.get()).email == local.username
    assert (local.rotations, local.logins("password"), local.logins("client_credentials")) == (1, 1, 0)


@pytest.mark.anyio
async def test_when_its_refresh_token_is_refused_the_session_is_over_and_nobody_else_s_takes_its_place() -> None:
    local = LocalMusement()
    token = await session_of(local)
    async with local.client() as client:
        customer = client.with_token(token)
        local.revoke_tokens()
        for _ in range(2):
            with pytest.raises(AuthenticationError, match="the session is over"):
                await customer.cities.get(2)
    assert local.logins("client_credentials") == 0
    assert local.logins("refresh_token", status=None) == 1


@pytest.mark.anyio
async def test_a_session_with_a_name_is_found_again_under_it() -> None:
    local, store = LocalMusement(), MemoryTokenStore()
    token = await session_of(local)
    async with local.client(token_store=store) as client:
        local.expire_tokens()
        await client.with_token(token, name="customer-7").account.get()
        assert (local.rotations, len(store._tokens)) == (1, 1)
        # Another process still has the old tokens.
        await client.with_token(token, name="customer-7").account.get()
        assert (local.rotations, local.reused_refresh_tokens) == (1, 0)
        other = client.with_token(token)
        with pytest.raises(AuthenticationError):
            await other.account.get()
        assert len(store._tokens) == 1


@pytest.mark.anyio
async def test_a_token_may_come_without_any_credentials() -> None:
    transport = httpx.MockTransport(
        lambda request: httpx.Response(401 if "B" in request.headers["Authorization"] else 200)
    )
    async with MusementClient(
        token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport
    ) as client:
        with pytest.raises(AuthenticationError):
            await client.with_token(Token(access_token="B")).cities.get(2)
        with pytest.raises(ArgumentError, match=r"^name: is for sessions that can be renewed"):
            client.with_token(Token(access_token="B"), name="bob")
        with pytest.raises(ArgumentError, match=r"^credentials: are needed"):
            client.as_customer("ann", "password")


@pytest.mark.anyio
async def test_a_token_without_credentials_stays_out_of_the_store_of_its_host() -> None:
    store = MemoryTokenStore()
    client = MusementClient(token=Token(access_token="A"), token_store=store, base_url="http://127.0.0.1")
    await client.save_token()
    with pytest.raises(ArgumentError, match=r"^token_store: "):
        await client.with_token(Token(access_token="B")).save_token()
    assert client.token_store is store
    assert [token.access_token for token, _ in store._tokens.values()] == ["A"]


@pytest.mark.parametrize(
    ("argument", "make"),
    [
        ("username", lambda client: client.as_customer("", "password")),
        ("password", lambda client: client.as_customer("ann", "")),
        ("token", lambda client: client.with_token("A")),
        ("name", lambda client: client.with_token(Token(access_token="A"), name="")),
        ("name", lambda client: client.with_token(Token(access_token="A"), name=7)),
    ],
    ids=["no username", "no password", "no token", "no name", "a number for a name"],
)
def test_what_makes_no_session_is_refused_by_name(client: MusementClient, argument: str, make: Any) -> None:
    with pytest.raises(ArgumentError, match=rf"^{argument}: "):
        make(client)


def test_thousands_of_customers_cost_about_a_kilobyte_each(client: MusementClient) -> None:
    import gc
    import tracemalloc

    names = [(f"customer-{number}", "password") for number in range(2000)]
    client.as_customer(*names[0])
    gc.collect()
    tracemalloc.start()
    try:
        customers = [client.as_customer(*name) for name in names]
        gc.collect()
        size = tracemalloc.get_traced_memory()[0] / len(customers)
    finally:
        tracemalloc.stop()
    assert size < 1500


@pytest.mark.parametrize(
    ("call", "given", "message"),
    [
        (lambda _: MusementClient, "curency", "MusementClient() got an unexpected keyword argument 'curency'; did you"),
        (lambda client: client.with_options, "curency", "'curency'; did you mean 'currency'?"),
        (lambda client: client.with_options, "zzz", "with_options() got an unexpected keyword argument 'zzz'"),
        (
            lambda client: client.as_customer,
            "pasword",
            "as_customer() got an unexpected keyword argument 'pasword'; did",
        ),
        (
            lambda client: client.with_token,
            "nam",
            "with_token() got an unexpected keyword argument 'nam'; did you mean",
        ),
    ],
)
def test_a_misspelt_option_is_told_by_the_methods_own_name(
    call: Callable[[MusementClient], Callable[..., object]], given: str, message: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        call(MusementClient(token=Token(access_token="A")))(**{given: "x"})
