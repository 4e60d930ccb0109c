"""A renewal that fails: who hears of it, and how often it is tried."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
import pytest

from musement_async import (
    APIError,
    AuthenticationError,
    ClientCredentials,
    DecodeError,
    MusementError,
    NotFoundError,
    PasswordCredentials,
    RateLimitError,
    ServerError,
    Token,
    TokenStoreError,
)
from musement_async.auth import MemoryTokenStore

TASKS = 200
WRONG = PasswordCredentials("local-client", "local-secret", "customer@example.com", "wrong-password")


async def failures(client: httpx.AsyncClient, tasks: int = TASKS) -> list[Exception]:
    """The errors of that many calls started at once, none of which may succeed."""
    errors: list[Exception] = []

    async def call() -> None:
        try:
            await client.get("/cities/1")
        except Exception as error:  # noqa: BLE001 - what they are is asserted by each test
            errors.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(tasks):
            group.start_soon(call)
    assert len(errors) == tasks
    return errors


@pytest.mark.anyio
async def test_a_wrong_password_is_one_clear_error_for_every_task_after_one_login(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url, credentials=WRONG) as client:
        errors = await failures(client)
    assert {type(error) for error in errors} == {AuthenticationError}
    assert len({id(error) for error in errors}) == TASKS
    error = errors[0]
    assert isinstance(error, AuthenticationError)
    assert (error.status, error.method, error.path) == (400, "GET", "/login")
    assert "check the credentials" in str(error)
    assert live.musement.count(path="/login") == 1


@pytest.mark.anyio
async def test_tasks_whose_401_comes_late_share_the_refusal_too(open_client: Any, live: Any) -> None:
    stale = Token(access_token="never-issued")
    limits = httpx.Limits(max_connections=3)
    async with open_client(base_url=live.base_url, credentials=WRONG, token=stale, limits=limits) as client:
        errors = await failures(client)
    assert {type(error) for error in errors} == {AuthenticationError}
    assert live.musement.count(path="/login") <= 3


@pytest.mark.anyio
async def test_a_refused_refresh_token_leads_to_one_fresh_login_for_all(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        live.musement.revoke_tokens()
        async with anyio.create_task_group() as group:
            for _ in range(TASKS):
                group.start_soon(client.get, "/cities/1")
        assert (await client.get("/cities/1")).status_code == 200
    assert live.musement.logins("refresh_token", status=400) == 1
    assert live.musement.logins("password") == 2


@pytest.mark.anyio
async def test_a_missing_application_says_what_to_pass_and_is_not_tried_by_another_grant(
    open_client: Any, live: Any
) -> None:
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        good = client.auth.token
    live.musement.expire_tokens()
    live.musement.reset()
    async with open_client(base_url=live.base_url, application=None, token=good) as client:
        live.musement.fail_next(1, status=401, path="/cities/{cityId}")
        with pytest.raises(AuthenticationError, match=r"pass application=.*code 2271") as raised:
            await client.get("/cities/1")
    assert raised.value.code == "2271"
    assert live.musement.count(path="/login") == 1


@pytest.mark.anyio
async def test_an_outage_reaches_every_task_and_the_next_call_recovers_with_the_refresh_token(
    open_client: Any, live: Any
) -> None:
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        live.musement.expire_tokens()
        live.musement.fail_next(1, status=503, path="/login")
        errors = await failures(client)
        assert {type(error) for error in errors} == {ServerError}
        assert (await client.get("/cities/1")).status_code == 200
    assert live.musement.count(path="/login", status=503) == 1
    assert live.musement.logins("refresh_token") == 1
    assert live.musement.logins("password") == 1


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.PoolTimeout])
async def test_a_broken_network_reaches_every_task_as_the_error_it_is(
    open_client: Any, scripted: Any, kind: type[httpx.TransportError]
) -> None:
    broken = True

    def answer(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/login"):
            return httpx.Response(200 if request.headers["Authorization"] == "Bearer A2" else 401)
        if broken:
            raise kind("no luck", request=request)
        return httpx.Response(200, json={"access_token": "A2", "refresh_token": "R2"})

    transport = scripted(answer)
    token = Token(access_token="A1", refresh_token="R1")
    async with open_client(transport, token=token) as client:
        errors = await failures(client)
        assert {type(error) for error in errors} == {kind}
        assert len(transport.logins) == 1
        broken = False
        assert (await client.get("/cities")).status_code == 200
    assert dict(transport.logins[1].url.params)["refresh_token"] == "R1"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthenticationError), (403, AuthenticationError), (404, NotFoundError), (418, APIError)]
)
async def test_each_answer_to_a_login_has_its_error(
    open_client: Any, scripted: Any, status: int, kind: type[APIError]
) -> None:
    transport = scripted(lambda _: httpx.Response(status, json={"error": "invalid_client"}))
    async with open_client(transport) as client:
        with pytest.raises(APIError) as raised:
            await client.get("/cities")
    assert type(raised.value) is kind
    assert (raised.value.status, raised.value.code) == (status, "invalid_client")


@pytest.mark.anyio
async def test_too_many_logins_are_an_outage_and_keep_the_refresh_token(open_client: Any, scripted: Any) -> None:
    transport = scripted(lambda request: httpx.Response(429 if request.url.path.endswith("/login") else 401))
    token = Token(access_token="A1", refresh_token="R1")
    async with open_client(transport, token=token) as client:
        with pytest.raises(RateLimitError):
            await client.get("/cities")
        assert client.auth.token == token


@pytest.mark.anyio
@pytest.mark.parametrize(
    "answer",
    [
        {"json": {"token_type": "bearer", "expires_in": 3600}},
        {"json": {"access_token": "", "expires_in": 3600}},
        {"json": {"access_token": "line\r\nbreak"}},
        {"json": {"access_token": "A", "expires_in": -1}},
        {"json": {"access_token": "A", "expires_in": 0}},
        {"json": ["access_token"]},
        {"html": "<h1>Welcome to the hotel's network</h1>"},
        {"content": b""},
        {"content": b'{"access_token": "A'},
    ],
    ids=repr,
)
async def test_an_answer_without_a_usable_token_is_one_clear_error(
    open_client: Any, scripted: Any, answer: dict[str, Any]
) -> None:
    transport = scripted(lambda _: httpx.Response(200, **answer))
    async with open_client(transport) as client:
        with pytest.raises(DecodeError, match="the login's answer cannot be used") as raised:
            await client.get("/cities")
    assert (raised.value.method, raised.value.path, raised.value.status) == ("GET", "/login", 200)
    assert raised.value.__cause__ is None


@pytest.mark.anyio
async def test_a_hook_that_breaks_a_login_fails_every_waiting_call(open_bare: Any, scripted: Any) -> None:
    async def refuse(response: httpx.Response) -> None:
        if response.request.url.path.endswith("/login"):
            raise RuntimeError("from a hook")

    transport = scripted(lambda _: httpx.Response(200, json={"access_token": "A"}))
    async with open_bare(transport) as client:
        client.event_hooks = {"response": [refuse]}
        errors = await failures(client, 5)
    assert [type(error).__name__ for error in errors] == ["RuntimeError", *["NetworkError"] * 4]
    assert len(transport.logins) == 1


class BrokenStore(MemoryTokenStore):
    """Fails in one of its methods."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.broken = method

    async def load(self, key: str) -> Token | None:
        if self.broken == "load":
            raise OSError("the disk is gone")
        return await super().load(key)

    async def save(self, key: str, token: Token) -> None:
        if self.broken == "save":
            raise OSError(f"the disk is gone with {token.access_token}")
        await super().save(key, token)

    def exclusive(self, key: str) -> Any:
        if self.broken == "exclusive":
            raise OSError("the disk is gone")
        return super().exclusive(key)


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["load", "exclusive"])
async def test_a_store_that_cannot_be_read_is_an_error_of_its_own_and_no_login_is_tried(
    open_client: Any, scripted: Any, method: str
) -> None:
    store = BrokenStore(method)
    transport = scripted(lambda _: httpx.Response(200, json={"access_token": "A"}))
    async with open_client(transport, token_store=store) as client:
        errors = await failures(client, 3)
        assert {(type(error), str(error)) for error in errors} == {
            (TokenStoreError, "the token store failed: OSError: the disk is gone")
        }
        assert not transport.logins
        store.broken = ""
        assert (await client.get("/cities")).status_code == 200


@pytest.mark.anyio
async def test_a_store_that_cannot_be_written_costs_a_warning_and_not_the_session(
    open_client: Any, scripted: Any, caplog: pytest.LogCaptureFixture
) -> None:
    transport = scripted(lambda _: httpx.Response(200, json={"access_token": "very-secret"}))
    async with open_client(transport, token_store=BrokenStore("save")) as client:
        assert (await client.get("/cities")).status_code == 200
        assert (await client.get("/cities")).status_code == 200
    assert len(transport.logins) == 1
    assert "the token could not be saved in the token store: OSError" in caplog.text
    assert "very-secret" not in caplog.text


class BusyStore(MemoryTokenStore):
    """Its lock is held by somebody who does not let go."""

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncIterator[None]:  # type: ignore[override]
        await anyio.sleep_forever()
        yield


@pytest.mark.anyio
async def test_a_store_whose_lock_never_comes_free_is_an_error_in_the_end(open_client: Any, scripted: Any) -> None:
    transport = scripted(lambda _: httpx.Response(200))
    async with open_client(transport, token_store=BusyStore(), login_timeout=0.01) as client:
        with pytest.raises(TokenStoreError, match="lock was not free"):
            await client.get("/cities")


@pytest.mark.anyio
async def test_a_sibling_that_heeds_no_lock_is_believed_when_our_refresh_token_is_refused(
    open_client: Any, scripted: Any
) -> None:
    store = MemoryTokenStore()
    siblings = Token(access_token="A2", refresh_token="R2")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            store._tokens[client.auth._session.key] = siblings
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer A2" else 401)

    transport = scripted(answer)
    token = Token(access_token="A1", refresh_token="R1")
    async with open_client(transport, token=token, token_store=store) as client:
        assert (await client.get("/cities")).status_code == 200
    assert len(transport.logins) == 1


@pytest.mark.anyio
async def test_a_token_alone_is_sent_and_a_401_handed_on(open_client: Any, scripted: Any) -> None:
    transport = scripted(lambda _: httpx.Response(401))
    token = Token(access_token="A1", expires_in=0.001)
    async with open_client(transport, credentials=None, token=token) as client:
        assert (await client.get("/cities")).status_code == 401
    assert [request.headers["Authorization"] for request in transport.requests] == ["Bearer A1"]


@pytest.mark.anyio
async def test_a_store_alone_serves_what_others_save_and_says_when_it_cannot_go_on(
    open_client: Any, scripted: Any
) -> None:
    store = MemoryTokenStore()
    transport = scripted(
        lambda request: httpx.Response(200 if request.headers["Authorization"] == "Bearer A2" else 401)
    )
    async with open_client(transport, credentials=None, token_store=store) as client:
        key = client.auth._session.key
        with pytest.raises(AuthenticationError, match="no credentials"):
            await client.get("/cities")
        await store.save(key, Token(access_token="A1"))
        with pytest.raises(AuthenticationError, match="no credentials"):
            await client.get("/cities")
        await store.save(key, Token(access_token="A2"))
        assert (await client.get("/cities")).status_code == 200


@pytest.mark.anyio
async def test_every_error_of_the_flow_is_of_one_family(open_client: Any, scripted: Any) -> None:
    credentials = ClientCredentials("id", "secret")
    transport = scripted(lambda _: httpx.Response(500))
    async with open_client(transport, credentials=credentials) as client:
        with pytest.raises(MusementError):
            await client.get("/cities")
