"""Replays after a 401, and bodies that are not kept for a replay."""

import tracemalloc
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from io import BytesIO
from typing import Any

import httpx
import pytest

from musement_async import ArgumentError, MemoryTokenStore, MusementAuth, Token
from musement_async.auth.flow import MAX_REPLAYED_BODY

STALE = Token(access_token="A1", refresh_token="R1")
PAIR = b'{"access_token": "A2", "refresh_token": "R2", "expires_in": 3600}'


@pytest.fixture
def server(raw_server: Any) -> Any:
    """A transport that refuses A1 and accepts A2."""

    def answer(request: Any, handler: Any) -> None:
        if request.path.startswith("/api/v3/login"):
            raw_server.reply(handler, 200, PAIR)
        else:
            raw_server.reply(handler, 200 if request.headers["authorization"] == "Bearer A2" else 401, b"{}")

    return raw_server(answer)


async def once() -> AsyncIterator[bytes]:
    yield b"first,"
    yield b"second"


def bodies() -> list[dict[str, Any]]:
    return [
        {"content": b"\x00bytes\xff"},
        {"json": {"quantity": 2}},
        {"data": {"a": "b c"}},
        {"files": {"photo": ("photo.jpg", BytesIO(b"\xff\xd8" * 1000), "image/jpeg")}},
        {"content": once()},
        {"content": once(), "headers": {"Content-Length": "12"}},
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("number", range(len(bodies())))
async def test_a_body_is_sent_again_byte_for_byte(open_client: Any, server: Any, number: int) -> None:
    async with open_client(base_url=server.base_url, token=STALE) as client:
        response = await client.post("/carts", **bodies()[number])
    assert response.status_code == 200
    refused, replayed = [request for request in server.received if request.method == "POST"]
    assert refused.body == replayed.body
    assert refused.body
    assert refused.headers.get("content-type") == replayed.headers.get("content-type")


@pytest.mark.anyio
async def test_a_stream_too_long_to_keep_is_refused_before_anything_is_sent(open_client: Any, server: Any) -> None:
    async def endless() -> AsyncGenerator[bytes, None]:
        while True:
            yield bytes(2**20)

    async with open_client(base_url=server.base_url, token=STALE) as client, aclosing(endless()) as body:
        with pytest.raises(ArgumentError, match=r"content: is a stream of more than 16 MiB"):
            await client.post("/media", content=body)
    assert not server.received


@pytest.mark.anyio
async def test_a_stream_of_just_the_allowed_length_is_sent(open_client: Any, server: Any) -> None:
    async def long() -> AsyncIterator[bytes]:
        yield bytes(MAX_REPLAYED_BODY)

    async with open_client(base_url=server.base_url, token=STALE) as client:
        assert (await client.post("/media", content=long())).status_code == 200


class Letters(httpx.AsyncByteStream):
    """A stream that is not a generator."""

    def __init__(self) -> None:
        self._letters = iter("abc")

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return next(self._letters).encode()
        except StopIteration:
            raise StopAsyncIteration from None


@pytest.mark.anyio
async def test_any_other_asynchronous_stream_is_sent_again_too(open_client: Any, server: Any) -> None:
    async with open_client(base_url=server.base_url, token=STALE) as client:
        request = client.build_request("POST", "/media", headers={"Content-Length": "3"})
        request.stream = Letters()
        assert (await client.send(request)).status_code == 200
    assert [request.body for request in server.received if request.path.endswith("/media")] == [b"abc"] * 2


@pytest.mark.anyio
async def test_a_synchronous_stream_is_left_to_httpx_to_refuse(open_client: Any, server: Any) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"chunk"

    async with open_client(base_url=server.base_url, token=STALE) as client:
        with pytest.raises(RuntimeError, match="sync"):
            await client.post("/media", content=chunks())


@pytest.mark.anyio
async def test_a_401_to_two_new_tokens_is_an_answer(open_client: Any, raw_server: Any) -> None:
    def answer(request: Any, handler: Any) -> None:
        raw_server.reply(handler, *((200, PAIR) if "/login" in request.path else (401, b'{"code": "401"}')))

    server = raw_server(answer)
    async with open_client(base_url=server.base_url, token=STALE) as client:
        response = await client.get("/customers/me")
    assert response.status_code == 401
    assert response.json() == {"code": "401"}
    assert len(server.logins) == 2
    assert len(server.received) == 5


@pytest.mark.anyio
async def test_a_replayed_answer_can_be_streamed(open_client: Any, server: Any) -> None:
    async with (
        open_client(base_url=server.base_url, token=STALE) as client,
        client.stream("GET", "/cities") as response,
    ):
        assert response.status_code == 200
        assert not response.is_stream_consumed
        assert await response.aread() == b"{}"


@pytest.mark.anyio
@pytest.mark.parametrize("megabytes", [32, pytest.param(200, marks=pytest.mark.stress)])
async def test_a_download_of_any_length_takes_less_than_20_mb_of_memory(
    open_client: Any, raw_server: Any, megabytes: int
) -> None:
    chunk = bytes(2**20)

    def answer(request: Any, handler: Any) -> None:
        if "/login" in request.path:
            raw_server.reply(handler, 200, PAIR)
        elif request.headers["authorization"] != "Bearer A2":
            raw_server.reply(handler, 401)
        else:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(chunk) * megabytes))
            handler.end_headers()
            for _ in range(megabytes):
                handler.wfile.write(chunk)

    server = raw_server(answer)
    size = 0
    tracemalloc.start()
    try:
        async with (
            open_client(base_url=server.base_url, token=STALE) as client,
            client.stream("GET", "/vouchers") as response,
        ):
            async for part in response.aiter_bytes():
                size += len(part)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size == megabytes * 2**20
    assert peak < 20 * 2**20


def test_a_synchronous_client_is_told_so() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with (
        httpx.Client(auth=MusementAuth(token=STALE), transport=transport) as client,
        pytest.raises(TypeError, match=r"httpx\.AsyncClient"),
    ):
        client.get("https://api.musement.com/api/v3/cities")


@pytest.mark.anyio
async def test_a_token_found_in_the_store_that_is_refused_too_is_renewed(open_client: Any, scripted: Any) -> None:
    store = MemoryTokenStore()
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            assert request.url.params["refresh_token"] == "R2"
            return httpx.Response(200, json={"access_token": "A3", "refresh_token": "R3", "expires_in": 3600})
        sent.append(request.headers["Authorization"])
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer A3" else 401)

    transport = scripted(answer)
    token = Token(access_token="A1", refresh_token="R1")
    async with open_client(transport, token=token, token_store=store) as client:
        await store.save(client.auth._session.store.key, Token(access_token="A2", refresh_token="R2"))
        assert (await client.get("/cities")).status_code == 200
    assert sent == ["Bearer A1", "Bearer A2", "Bearer A3"]


@pytest.mark.anyio
async def test_when_even_the_token_of_a_login_is_refused_that_is_the_answer(open_client: Any, scripted: Any) -> None:
    store = MemoryTokenStore()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": "A3", "refresh_token": "R3", "expires_in": 3600})
        return httpx.Response(401)

    transport = scripted(answer)
    token = Token(access_token="A1", refresh_token="R1")
    async with open_client(transport, token=token, token_store=store) as client:
        await store.save(client.auth._session.store.key, Token(access_token="A2", refresh_token="R2"))
        assert (await client.get("/cities")).status_code == 401
        assert (await client.get("/cities")).status_code == 401
    assert len(transport.logins) == 1


@pytest.mark.anyio
async def test_a_token_that_died_on_its_way_is_replaced_once_more(open_client: Any, scripted: Any) -> None:
    issued = iter(["A2", "A3"])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": next(issued), "refresh_token": "R", "expires_in": 3600})
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer A3" else 401)

    transport = scripted(answer)
    async with open_client(transport, token=STALE) as client:
        assert (await client.get("/cities")).status_code == 200
        assert (await client.get("/cities")).status_code == 200
    assert len(transport.logins) == 2


@pytest.mark.anyio
async def test_an_operation_that_refuses_new_tokens_does_not_keep_others_from_a_renewal(
    open_client: Any, scripted: Any
) -> None:
    issued = iter(["A2", "A3", "A4"])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": next(issued), "refresh_token": "R", "expires_in": 3600})
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer A4" else 401)

    transport = scripted(answer)
    async with open_client(transport, token=STALE) as client:
        assert (await client.get("/customers/me")).status_code == 401
        assert (await client.get("/customers/me")).status_code == 401
        assert len(transport.logins) == 2
        assert (await client.get("/cities")).status_code == 200
        assert (await client.get("/customers/me")).status_code == 200


@pytest.mark.anyio
async def test_an_api_that_refuses_every_token_everywhere_costs_few_logins(open_client: Any, scripted: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            token = {"access_token": f"A{len(transport.requests)}", "refresh_token": "R", "expires_in": 3600}
            return httpx.Response(200, json=token)
        return httpx.Response(401)

    transport = scripted(answer)
    async with open_client(transport, token=STALE) as client:
        for number in range(30):
            assert (await client.get(f"/orders/{number}")).status_code == 401
    assert len(transport.logins) <= 6


@pytest.mark.anyio
async def test_a_redirected_request_that_got_a_newer_token_on_its_way_blames_that_one(
    open_protected: Any, scripted: Any
) -> None:
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": "A3", "refresh_token": "R3", "expires_in": 3600})
        sent.append(request.headers["Authorization"])
        if request.url.path.endswith("/from"):
            if client.auth.token == STALE:
                client.auth._session.commit(Token(access_token="A2", refresh_token="R2"))
            return httpx.Response(307, headers={"Location": "/api/v3/to"})
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer A3" else 401)

    transport = scripted(answer)
    async with open_protected(transport, token=STALE) as client:
        client.follow_redirects = True
        assert (await client.get("/from")).status_code == 200
    assert sent == [f"Bearer {STALE.access_token}", "Bearer A2", "Bearer A3", "Bearer A3"]
    assert [login.url.params["refresh_token"] for login in transport.logins] == ["R2"]


CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token", error_description="expired"'}


@pytest.mark.anyio
@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize("said", [{"headers": CHALLENGE}, {"json": {"error": "invalid_token"}}], ids=["header", "json"])
async def test_an_invalid_token_with_another_status_counts_like_a_401(
    open_client: Any, scripted: Any, status: int, said: dict[str, Any]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, content=PAIR)
        return (
            httpx.Response(200) if request.headers["Authorization"] == "Bearer A2" else httpx.Response(status, **said)
        )

    transport = scripted(answer)
    async with open_client(transport, token=STALE) as client:
        assert (await client.get("/cities")).status_code == 200
    assert [login.url.params["grant_type"] for login in transport.logins] == ["refresh_token"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, {"json": {"error": "invalid_request"}}),
        (403, {"json": ["invalid_token"]}),
        (403, {"content": b'{"error": "invalid_token', "headers": {"Content-Type": "application/json"}}),
        (403, {"content": b"[" * 10_000, "headers": {"Content-Type": "application/json"}}),
        (403, {"html": '"error": "invalid_token"'}),
        (403, {"headers": {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}}),
        (404, {"json": {"error": "invalid_token"}}),
    ],
)
async def test_any_other_refusal_is_handed_on_with_its_body(
    open_client: Any, scripted: Any, status: int, said: dict[str, Any]
) -> None:
    transport = scripted(lambda _: httpx.Response(status, **said))
    async with open_client(transport, token=STALE) as client:
        response = await client.get("/cities")
    assert (response.status_code, response.content) == (status, httpx.Response(status, **said).content)
    assert len(transport.requests) == 1
