"""Login requests on the wire, parameter for parameter."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx

from musement_async import ClientCredentials, MusementAuth, PasswordCredentials, Token

BASE_URL = "https://api.musement.com/api/v3"
CLIENT = ClientCredentials("an-id", "a secret & more")
CUSTOMER = PasswordCredentials("an-id", "a-secret", "anna@example.com", "pass word")
PAIR = {"access_token": "A1", "refresh_token": "R1", "expires_in": 3600, "token_type": "bearer", "scope": None}
NEXT_PAIR = {**PAIR, "access_token": "A2", "refresh_token": "R2"}

CLIENT_LOGIN = {"client_id": "an-id", "client_secret": "a secret & more", "grant_type": "client_credentials"}
CUSTOMER_LOGIN = {
    "client_id": "an-id",
    "client_secret": "a-secret",
    "grant_type": "password",
    "username": "anna@example.com",
    "password": "pass word",
}
REFRESH = {"client_id": "an-id", "client_secret": "a-secret", "grant_type": "refresh_token", "refresh_token": "R1"}


@pytest.fixture
def api() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=BASE_URL, assert_all_called=False) as router:
        router.get("/cities", headers={"Authorization": "Bearer A1"}).respond(401, json={"code": "401"})
        router.get("/cities", headers={"Authorization": "Bearer A2"}).respond(200, json=[])
        yield router


def open_client(credentials: Any, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=BASE_URL, auth=MusementAuth(credentials, application="an-app", **options))


def login_of(route: respx.Route, number: int = 0) -> httpx.Request:
    request: httpx.Request = route.calls[number].request
    return request


@pytest.mark.asyncio
@pytest.mark.parametrize(("credentials", "expected"), [(CLIENT, CLIENT_LOGIN), (CUSTOMER, CUSTOMER_LOGIN)])
async def test_a_login_is_a_get_with_exactly_the_documented_parameters(
    api: respx.MockRouter, credentials: Any, expected: dict[str, str]
) -> None:
    login = api.get("/login").respond(json=NEXT_PAIR)
    async with open_client(credentials) as client:
        assert (await client.get("/cities")).status_code == 200
    assert sorted(login_of(login).url.params.multi_items()) == sorted(expected.items())
    assert login_of(login).method == "GET"
    assert login.call_count == 1


@pytest.mark.asyncio
async def test_a_refresh_is_a_get_with_exactly_the_documented_parameters(api: respx.MockRouter) -> None:
    login = api.get("/login").mock(side_effect=[httpx.Response(200, json=PAIR), httpx.Response(200, json=NEXT_PAIR)])
    async with open_client(CUSTOMER) as client:
        assert (await client.get("/cities")).status_code == 200
    assert sorted(login_of(login, 1).url.params.multi_items()) == sorted(REFRESH.items())


@pytest.mark.asyncio
@pytest.mark.parametrize(("credentials", "expected"), [(CLIENT, CLIENT_LOGIN), (CUSTOMER, CUSTOMER_LOGIN)])
async def test_a_login_by_post_carries_the_same_names_as_json_and_no_query(
    api: respx.MockRouter, credentials: Any, expected: dict[str, str]
) -> None:
    login = api.post("/login").respond(json=NEXT_PAIR)
    async with open_client(credentials, login_method="POST") as client:
        assert (await client.get("/cities")).status_code == 200
    request = login_of(login)
    assert json.loads(request.content) == expected
    assert request.headers["Content-Type"] == "application/json"
    assert not request.url.query


@pytest.mark.asyncio
async def test_a_refresh_by_post_carries_the_same_names_as_json(api: respx.MockRouter) -> None:
    login = api.post("/login").mock(side_effect=[httpx.Response(200, json=PAIR), httpx.Response(200, json=NEXT_PAIR)])
    async with open_client(CUSTOMER, login_method="POST") as client:
        await client.get("/cities")
    assert json.loads(login_of(login, 1).content) == REFRESH


@pytest.mark.asyncio
async def test_a_login_describes_its_caller_and_carries_neither_token_nor_anything_else(api: respx.MockRouter) -> None:
    login = api.get("/login").mock(side_effect=[httpx.Response(200, json=PAIR), httpx.Response(200, json=NEXT_PAIR)])
    headers = {
        "X-Musement-Version": "3.4.0",
        "X-Musement-Market": "it",
        "Accept-Language": "it-IT",
        "User-Agent": "shop/1.0",
        "Cookie": "session=1",
        "X-Other": "secret",
    }
    async with open_client(CUSTOMER) as client:
        await client.get("/cities", headers=headers)
    for number in (0, 1):
        sent = login_of(login, number).headers
        assert sent["X-Musement-Version"] == "3.4.0"
        assert sent["X-Musement-Market"] == "it"
        assert sent["X-Musement-Application"] == "an-app"
        assert sent["Accept-Language"] == "it-IT"
        assert sent["User-Agent"] == "shop/1.0"
        assert not {"authorization", "cookie", "x-other"} & set(sent)


@pytest.mark.asyncio
async def test_a_login_has_a_timeout_of_its_own(api: respx.MockRouter) -> None:
    login = api.get("/login").respond(json=NEXT_PAIR)
    async with open_client(CUSTOMER, login_timeout=7) as client:
        await client.get("/cities", timeout=None)
    assert login_of(login).extensions["timeout"] == {"connect": 7, "read": 7, "write": 7, "pool": 7}


@pytest.mark.asyncio
async def test_every_request_carries_the_application_unless_it_has_one(api: respx.MockRouter) -> None:
    api.get("/login").respond(json=NEXT_PAIR)
    route = api.get("/activities").respond(json=[])
    async with open_client(CLIENT) as client:
        await client.get("/activities")
        await client.get("/activities", headers={"X-Musement-Application": "another"})
    sent = [call.request.headers["X-Musement-Application"] for call in route.calls]
    assert sent == ["an-app", "another"]


@pytest.mark.asyncio
async def test_both_new_tokens_replace_both_old_ones(api: respx.MockRouter) -> None:
    api.get("/login").respond(json=NEXT_PAIR)
    auth = MusementAuth(CUSTOMER, token=Token(access_token="A1", refresh_token="R1"))
    async with httpx.AsyncClient(base_url=BASE_URL, auth=auth) as client:
        await client.get("/cities")
    assert auth.token is not None
    assert (auth.token.access_token, auth.token.refresh_token) == ("A2", "R2")


@pytest.mark.asyncio
async def test_without_a_refresh_token_the_next_renewal_is_a_login(api: respx.MockRouter) -> None:
    first = {key: value for key, value in PAIR.items() if key != "refresh_token"}
    login = api.get("/login").mock(side_effect=[httpx.Response(200, json=first), httpx.Response(200, json=NEXT_PAIR)])
    async with open_client(CLIENT) as client:
        assert (await client.get("/cities")).status_code == 200
    assert [call.request.url.params["grant_type"] for call in login.calls] == ["client_credentials"] * 2


@pytest.mark.asyncio
async def test_a_base_url_with_a_slash_at_its_end_logs_in_at_the_same_place(api: respx.MockRouter) -> None:
    login = api.get("/login").respond(json=NEXT_PAIR)
    auth = MusementAuth(CLIENT, base_url=BASE_URL + "/")
    async with httpx.AsyncClient(base_url=BASE_URL + "/", auth=auth) as client:
        await client.get("/cities")
    assert str(login_of(login).url.copy_with(query=None)) == BASE_URL + "/login"


@pytest.mark.parametrize("base_url", ["https://musement.example", "https://musement.example/"])
@pytest.mark.asyncio
async def test_a_base_url_without_a_path_logs_in_at_its_root(base_url: str) -> None:
    with respx.mock() as router:
        login = router.get("https://musement.example/login").respond(json=NEXT_PAIR)
        router.get("https://musement.example/cities").respond(json=[])
        async with httpx.AsyncClient(base_url=base_url, auth=MusementAuth(CLIENT, base_url=base_url)) as client:
            await client.get("/cities")
    assert login.call_count == 1
