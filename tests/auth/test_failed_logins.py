"""Failed renewals: the callers that get the error, and the number of attempts."""

import contextlib
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
import pytest

from musement_async import (
    APIError,
    AuthenticationError,
    ClientClosedError,
    ClientCredentials,
    DecodeError,
    MusementError,
    NetworkError,
    NotFoundError,
    PasswordCredentials,
    RateLimitError,
    ServerError,
    Token,
    TokenStoreError,
)
from musement_async.stores.memory import MemoryTokenStore

WRONG = PasswordCredentials("local-client", "local-secret", "customer@example.com", "wrong-password")


@pytest.fixture(params=[30, pytest.param(200, marks=pytest.mark.stress)])
def tasks(request: pytest.FixtureRequest) -> int:
    """The number of tasks that call at once."""
    number: int = request.param
    return number


async def failures(client: httpx.AsyncClient, tasks: int, *, expected: int | None = None) -> list[Exception]:
    """The errors of so many calls, started at once; all of them must fail, unless a number is given."""
    errors: list[Exception] = []

    async def call() -> None:
        try:
            await client.get("/cities/1")
        except Exception as error:  # noqa: BLE001 - each test asserts the classes
            errors.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(tasks):
            group.start_soon(call)
    assert len(errors) == (tasks if expected is None else expected)
    return errors


@pytest.mark.anyio
async def test_a_wrong_password_is_one_clear_error_for_every_task_after_one_login(
    open_client: Any, live: Any, tasks: int
) -> None:
    async with open_client(base_url=live.base_url, credentials=WRONG) as client:
        errors = await failures(client, tasks)
    assert {type(error) for error in errors} == {AuthenticationError}
    assert len({id(error) for error in errors}) == tasks
    error = errors[0]
    assert isinstance(error, AuthenticationError)
    assert (error.status, error.method, error.path) == (400, "GET", "/login")
    assert "check the credentials" in str(error)
    assert live.musement.count(path="/login") == 1


@pytest.mark.anyio
async def test_tasks_whose_401_comes_late_share_the_refusal_too(open_client: Any, live: Any, tasks: int) -> None:
    stale = Token(access_token="never-issued")
    limits = httpx.Limits(max_connections=3)
    async with open_client(base_url=live.base_url, credentials=WRONG, token=stale, limits=limits) as client:
        errors = await failures(client, tasks)
    assert {type(error) for error in errors} == {AuthenticationError}
    assert live.musement.count(path="/login") <= 3


@pytest.mark.anyio
async def test_a_refused_refresh_token_leads_to_one_fresh_login_for_all(
    open_client: Any, live: Any, tasks: int
) -> None:
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        live.musement.revoke_tokens()
        async with anyio.create_task_group() as group:
            for _ in range(tasks):
                group.start_soon(client.get, "/cities/1")
        assert (await client.get("/cities/1")).status_code == 200
    assert live.musement.logins("refresh_token", status=400) == 1
    assert live.musement.logins("password") == 2


@pytest.mark.anyio
@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_refusal_that_is_not_the_apis_keeps_the_refresh_token(
    open_client: Any, scripted: Any, status: int
) -> None:
    pages = iter([httpx.Response(status, html="<h1>Blocked</h1>")])
    good = {"access_token": "A2", "refresh_token": "R2", "expires_in": 3600}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return next(pages, None) or httpx.Response(200, json=good)
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer A2" else 401)

    transport = scripted(answer)
    async with open_client(transport, token=Token(access_token="A1", refresh_token="R1")) as client:
        with pytest.raises(AuthenticationError):
            await client.get("/cities")
        assert (await client.get("/cities")).status_code == 200
    assert [login.url.params["refresh_token"] for login in transport.logins] == ["R1", "R1"]


@pytest.mark.anyio
@pytest.mark.parametrize("answered", [{}, {"refresh_token": None}, {"refresh_token": ""}])
async def test_a_refresh_answer_without_a_refresh_token_keeps_the_old_one(
    open_client: Any, scripted: Any, answered: dict[str, Any]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": f"A{len(transport.logins)}", **answered})
        return httpx.Response(200 if request.headers["Authorization"] != "Bearer A0" else 401)

    store = MemoryTokenStore()
    transport = scripted(answer)
    first = Token(access_token="A0", refresh_token="R1")
    async with open_client(transport, token=first, token_store=store) as client:
        assert (await client.get("/cities")).status_code == 200
        assert client.auth.token.refresh_token == "R1"
        assert [token.refresh_token for token, _ in store._tokens.values()] == ["R1"]


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
    open_client: Any, live: Any, tasks: int
) -> None:
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        live.musement.expire_tokens()
        live.musement.fail_next(1, status=503, path="/login")
        errors = await failures(client, tasks)
        assert {type(error) for error in errors} == {ServerError}
        assert (await client.get("/cities/1")).status_code == 200
    assert live.musement.count(path="/login", status=503) == 1
    assert live.musement.logins("refresh_token") == 1
    assert live.musement.logins("password") == 1


@pytest.mark.anyio
@pytest.mark.parametrize(
    "kind",
    [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.PoolTimeout],
)
async def test_a_broken_network_reaches_every_task_as_the_error_it_is(
    open_client: Any, scripted: Any, kind: type[httpx.TransportError], tasks: int
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
        errors = await failures(client, tasks)
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


@pytest.mark.anyio
async def test_an_error_without_a_text_is_shown_by_its_name(open_protected: Any, scripted: Any) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("")

    async with open_protected(scripted(answer)) as client:
        with pytest.raises(httpx.ReadError, match=r"^the login it waited for failed: ReadError$"):
            await client.get("/cities")


@pytest.mark.anyio
async def test_a_login_that_a_closed_client_refused_is_carried_by_another_call(open_bare: Any, scripted: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request in transport.logins[:1]:
            raise ClientClosedError("the client is closed")
        return httpx.Response(200, json={"access_token": "A"})

    transport = scripted(answer)
    async with open_bare(transport) as client:
        errors = await failures(client, 5, expected=1)
    assert [type(error) for error in errors] == [ClientClosedError]
    assert len(transport.logins) == 2


class BrokenStore(MemoryTokenStore):
    """A store that fails in one of its methods."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.broken = method

    async def load(self, key: str) -> Token | None:
        if self.broken == "load":
            raise OSError("the disk is gone") from LookupError("its driver")
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
        assert {type(error.__cause__) for error in errors} == {OSError}
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
    """A store whose lock another holder never releases."""

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncIterator[None]:
        await anyio.sleep_forever()
        yield


@pytest.mark.anyio
async def test_a_store_whose_lock_never_comes_free_is_an_error_in_the_end(open_client: Any, scripted: Any) -> None:
    transport = scripted(lambda _: httpx.Response(200))
    async with open_client(transport, token_store=BusyStore(), login_timeout=0.01) as client:
        with pytest.raises(TokenStoreError, match="lock was not free"):
            await client.get("/cities")


class GroupedStore(MemoryTokenStore):
    """A store whose lock is a task group, as a lock with a lease may be."""

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncIterator[None]:
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep_forever)
            yield
            group.cancel_scope.cancel()


@pytest.mark.anyio
async def test_a_lock_made_of_a_task_group_changes_no_error(open_client: Any, scripted: Any) -> None:
    transport = scripted(lambda _: httpx.Response(400))
    async with open_client(transport, token_store=GroupedStore()) as client:
        with pytest.raises(AuthenticationError):
            await client.get("/cities")


class StuckStore(MemoryTokenStore):
    """A store whose lock's release hangs or fails."""

    def __init__(self, error: Exception | None) -> None:
        super().__init__()
        self.error = error

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncIterator[None]:
        yield
        if self.error is not None:
            raise self.error
        await anyio.sleep_forever()


@pytest.mark.anyio
@pytest.mark.parametrize("error", [None, OSError("the lock is gone")])
async def test_a_lock_that_is_not_given_back_costs_neither_the_login_nor_much_time(
    open_client: Any, scripted: Any, caplog: pytest.LogCaptureFixture, error: Exception | None
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        client.auth._session.config.login_timeout = 0.05  # from now on, it limits only the lock
        return httpx.Response(200, json={"access_token": "A"})

    async with open_client(scripted(answer), token_store=StuckStore(error)) as client:
        with anyio.fail_after(100):
            assert (await client.get("/cities")).status_code == 200
    assert "the token store failed after the login" in caplog.text


@pytest.mark.anyio
@pytest.mark.parametrize("error", [None, OSError("the lock is gone")])
async def test_a_lock_that_is_not_given_back_hides_no_refusal(
    open_client: Any, scripted: Any, error: Exception | None
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        client.auth._session.config.login_timeout = 0.05  # from now on, it limits only the lock
        return httpx.Response(400)

    async with open_client(scripted(answer), token_store=StuckStore(error)) as client:
        with pytest.raises(AuthenticationError):
            await client.get("/cities")


@pytest.mark.anyio
async def test_after_a_failed_save_what_the_store_holds_is_not_taken_for_newer(open_client: Any, live: Any) -> None:
    store = BrokenStore("")
    async with open_client(base_url=live.base_url, token_store=store) as client:
        await client.get("/cities/1")
        live.musement.expire_tokens()
        store.broken = "save"
        assert (await client.get("/cities/1")).status_code == 200
        store.broken = ""
        live.musement.expire_tokens()
        assert (await client.get("/cities/1")).status_code == 200
        live.musement.expire_tokens()
        assert (await client.get("/cities/1")).status_code == 200
    assert live.musement.reused_refresh_tokens == 0
    assert live.musement.logins("password") == 1


class SlowStore(MemoryTokenStore):
    """A store that saves when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.saving, self.go = anyio.Event(), anyio.Event()

    async def save(self, key: str, token: Token) -> None:
        self.saving.set()
        await self.go.wait()
        await super().save(key, token)


@pytest.mark.anyio
async def test_a_token_refused_while_it_is_still_being_saved_is_renewed(open_client: Any, scripted: Any) -> None:
    good = ["A1"]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"access_token": good[0], "expires_in": 3600})
        return httpx.Response(200 if request.headers["Authorization"] == f"Bearer {good[0]}" else 401)

    store, transport, statuses = SlowStore(), scripted(answer), []

    async def call() -> None:
        statuses.append((await client.get("/cities")).status_code)

    async with open_client(transport, token_store=store) as client, anyio.create_task_group() as group:
        group.start_soon(call)
        await store.saving.wait()
        good[0] = "A2"
        group.start_soon(call)
        await anyio.wait_all_tasks_blocked()
        store.go.set()
    assert statuses == [200, 200]
    assert len(transport.logins) == 2


@pytest.mark.anyio
async def test_a_hook_that_raises_for_status_does_not_keep_a_refused_session_for_ever(
    open_client: Any, live: Any
) -> None:
    async def raise_for_status(response: httpx.Response) -> None:
        if response.request.url.path.endswith("/login"):
            response.raise_for_status()

    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        live.musement.revoke_tokens()
        client.event_hooks = {"response": [raise_for_status]}
        with contextlib.suppress(httpx.HTTPStatusError):
            await client.get("/cities/1")
        assert (await client.get("/cities/1")).status_code == 200


@pytest.mark.asyncio  # under trio, httpx leaves the decoder's generators to the garbage collector, which warns
async def test_a_login_that_cannot_be_decompressed_is_a_decode_error(open_protected: Any, raw_server: Any) -> None:
    server = raw_server(lambda _, handler: raw_server.reply(handler, 200, b"no gzip", **{"Content-Encoding": "gzip"}))
    async with open_protected(base_url=server.base_url) as client:
        with pytest.raises(DecodeError, match="could not be decompressed"):
            await client.get("/cities")


@pytest.mark.anyio
async def test_a_lifetime_beyond_the_calendar_is_a_long_one(open_client: Any, scripted: Any) -> None:
    transport = scripted(lambda _: httpx.Response(200, json={"access_token": "A", "expires_in": 1e308}))
    async with open_client(transport) as client:
        await client.get("/cities")
        await client.get("/cities")
    assert len(transport.logins) == 1


@pytest.mark.anyio
async def test_a_transport_that_fails_in_its_own_way_is_a_network_error(open_protected: Any, scripted: Any) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise LookupError("from a transport")

    async with open_protected(scripted(answer)) as client:
        with pytest.raises(NetworkError, match="the login failed: LookupError"):
            await client.get("/cities")


@pytest.mark.anyio
async def test_tokens_of_a_sibling_that_ignores_the_lock_are_used_when_our_refresh_token_is_refused(
    open_client: Any, scripted: Any
) -> None:
    store = MemoryTokenStore()
    siblings = Token(access_token="A2", refresh_token="R2")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            store._tokens[client.auth._session.store.key] = siblings, math.inf
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
async def test_without_credentials_the_tokens_of_others_are_used_and_their_absence_is_an_error(
    open_client: Any, scripted: Any
) -> None:
    store = MemoryTokenStore()
    transport = scripted(
        lambda request: httpx.Response(200 if request.headers["Authorization"] == "Bearer A2" else 401)
    )
    async with open_client(transport, credentials=None, token_store=store) as client:
        key = client.auth._session.store.key
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
