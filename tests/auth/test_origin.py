"""The origins that a token is sent to, and those whose 401 starts a login."""

from typing import Any

import httpx
import pytest

from musement_async import APIError, ArgumentError, MusementAuth, MusementTransport, Token

TOKEN = Token(access_token="very-secret", refresh_token="R1")
LOGIN_ANSWER = b'{"access_token": "A2", "refresh_token": "R2"}'


def authorizations(server: Any) -> list[str | None]:
    return [request.headers.get("authorization") for request in server.received]


@pytest.mark.anyio
async def test_the_token_goes_to_the_base_url_and_not_to_another_port(open_client: Any, raw_server: Any) -> None:
    home = raw_server(lambda _, handler: raw_server.reply(handler, 200))
    away = raw_server(lambda _, handler: raw_server.reply(handler, 200))
    async with open_client(base_url=home.base_url, token=TOKEN) as client:
        await client.get("/cities")
        await client.get(f"{away.base_url}/cities")
    assert authorizations(home) == ["Bearer very-secret"]
    assert authorizations(away) == [None]
    assert "x-musement-application" not in away.received[0].headers


@pytest.mark.anyio
async def test_the_token_does_not_go_to_another_name_of_the_same_machine(open_client: Any, raw_server: Any) -> None:
    home = raw_server(lambda _, handler: raw_server.reply(handler, 200))
    async with open_client(base_url=home.base_url, token=TOKEN) as client:
        await client.get(f"http://localhost:{home.port}/api/v3/cities")
    assert authorizations(home) == [None]


@pytest.mark.anyio
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_token_does_not_follow_a_redirect_to_another_origin(
    open_client: Any, raw_server: Any, status: int
) -> None:
    away = raw_server(lambda _, handler: raw_server.reply(handler, 200))
    home = raw_server(lambda _, handler: raw_server.reply(handler, status, Location=f"{away.base_url}/cities"))
    async with open_client(base_url=home.base_url, token=TOKEN) as client:
        response = await client.get("/cities", follow_redirects=True)
    assert response.status_code == 200
    assert authorizations(away) == [None]


@pytest.mark.anyio
async def test_the_token_does_not_follow_an_upgrade_to_https(open_protected: Any, scripted: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "http":
            return httpx.Response(302, headers={"Location": "https://127.0.0.1/api/v3/cities"})
        return httpx.Response(200)

    transport = scripted(answer)
    async with open_protected(transport, token=TOKEN) as client:
        await client.get("/cities", follow_redirects=True)
    assert [request.headers.get("Authorization") for request in transport.requests] == ["Bearer very-secret", None]


@pytest.mark.anyio
async def test_a_redirect_within_the_origin_keeps_the_token(open_client: Any, raw_server: Any) -> None:
    def answer(request: Any, handler: Any) -> None:
        if request.path.endswith("/old"):
            raw_server.reply(handler, 302, Location="/api/v3/new")
        else:
            raw_server.reply(handler, 200)

    home = raw_server(answer)
    async with open_client(base_url=home.base_url, token=TOKEN) as client:
        await client.get("/old", follow_redirects=True)
    assert authorizations(home) == ["Bearer very-secret"] * 2


@pytest.mark.anyio
async def test_another_origin_saying_401_causes_no_login(open_client: Any, raw_server: Any) -> None:
    away = raw_server(lambda _, handler: raw_server.reply(handler, 401))
    home = raw_server(lambda _, handler: raw_server.reply(handler, 302, Location=f"{away.base_url}/cities"))
    async with open_client(base_url=home.base_url, token=TOKEN) as client:
        assert (await client.get(f"{away.base_url}/cities")).status_code == 401
        assert (await client.get("/cities", follow_redirects=True)).status_code == 401
    assert not home.logins
    assert not away.logins
    assert client.auth.token == TOKEN


@pytest.mark.anyio
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_login_carries_nothing_through_a_redirect_and_believes_nothing_from_there(
    open_client: Any, raw_server: Any, method: str, status: int
) -> None:
    away = raw_server(lambda _, handler: raw_server.reply(handler, 200, LOGIN_ANSWER))
    home = raw_server(lambda _, handler: raw_server.reply(handler, status, Location=f"{away.base_url}/login"))
    async with open_client(base_url=home.base_url, login_method=method) as client:
        client.follow_redirects = True
        with pytest.raises(APIError, match="redirect"):
            await client.get("/cities")
        assert client.auth.token is None
    for request in away.received:
        assert "local-secret" not in f"{request.path}{request.headers}{request.body!r}"
        assert "local-password" not in f"{request.path}{request.headers}{request.body!r}"


@pytest.mark.anyio
async def test_under_our_transport_a_login_is_not_even_asked_for_at_the_redirects_target(
    open_protected: Any, raw_server: Any
) -> None:
    away = raw_server(lambda _, handler: raw_server.reply(handler, 200, LOGIN_ANSWER))
    home = raw_server(lambda _, handler: raw_server.reply(handler, 307, Location=f"{away.base_url}/login"))
    async with open_protected(base_url=home.base_url) as client:
        client.follow_redirects = True
        with pytest.raises(APIError, match="redirect") as raised:
            await client.get("/cities")
    assert raised.value.status == 307
    assert not away.received


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.musement.com/api/v3",
        "http://192.0.2.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
    ],
)
def test_plain_http_to_another_machine_is_refused(base_url: str) -> None:
    with pytest.raises(ArgumentError, match="base_url: is plain http"):
        MusementAuth(token=TOKEN, base_url=base_url)
    MusementAuth(token=TOKEN, base_url=base_url, allow_insecure_http=True)


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:8000", "http://127.1.2.3/api", "http://localhost", "http://[::1]:80"]
)
def test_plain_http_to_this_machine_is_allowed(base_url: str) -> None:
    MusementAuth(token=TOKEN, base_url=base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "/api/v3",
        "api.musement.com",
        "ftp://127.0.0.1",
        "https://",
        "https://u:p@host",
        "https://host?a=b",
        "https://h:x",
        "https://h:65536",
        "https://a..b",
        f"https://{'h' * 64}.b",
        3,
    ],
)
def test_a_base_url_that_cannot_be_one_is_refused_by_name(base_url: Any) -> None:
    with pytest.raises(ArgumentError) as raised:
        MusementAuth(token=TOKEN, base_url=base_url)
    assert raised.value.argument == "base_url"


@pytest.mark.anyio
async def test_a_transport_that_was_closed_sends_nothing(scripted: Any) -> None:
    transport = scripted(lambda _: httpx.Response(200))
    ours = MusementTransport(transport)
    await ours.aclose()
    await ours.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await ours.handle_async_request(httpx.Request("GET", "http://127.0.0.1"))
    assert not transport.requests
