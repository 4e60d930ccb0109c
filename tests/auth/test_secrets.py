"""Secrets, which objects, errors, warnings and logs must not show."""

import logging
import pickle
import traceback
import warnings
from typing import Any

import anyio
import httpx
import pytest

from musement_async import (
    ClientCredentials,
    MusementAuth,
    MusementClient,
    MusementTransport,
    PasswordCredentials,
    Token,
)
from musement_async.transports.pool import ConnectionPool

SECRETS = ["top-client-secret", "top-password", "top-access", "top-refresh", "next-access", "next-refresh"]
CUSTOMER = PasswordCredentials("an-id", "top-client-secret", "anna@example.com", "top-password")
TOKEN = Token(access_token="top-access", refresh_token="top-refresh", scope="user")
PAIR = b'{"access_token": "next-access", "refresh_token": "next-refresh", "expires_in": 3600, "scope": "user"}'
ECHO = b'{"code": "400", "message": "top-client-secret and top-password and top-refresh are wrong"}'


def shown(secrets_in: str) -> list[str]:
    return [secret for secret in SECRETS if secret in secrets_in]


def everything_about(error: BaseException) -> str:
    """Everything that a log may show of an error: its text, its attributes, and its chain of causes."""
    texts = traceback.format_exception(error)
    link: BaseException | None = error
    while link is not None:
        texts += [repr(link), str(link), repr(link.args), repr(vars(link))]
        link = link.__cause__ or link.__context__
    return "\n".join(texts)


@pytest.mark.parametrize(
    "thing",
    [
        CUSTOMER,
        ClientCredentials("an-id", "top-client-secret"),
        TOKEN,
        MusementAuth(CUSTOMER, token=TOKEN),
        MusementClient(CUSTOMER, token=TOKEN),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_no_object_shows_its_secrets(thing: object) -> None:
    assert not shown(f"{thing!r} {thing!s} {thing}")


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_neither_logs_nor_warnings_nor_the_history_show_a_secret(
    request: pytest.FixtureRequest, open_client: Any, raw_server: Any, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    def answer(received: Any, handler: Any) -> None:
        if "/login" in received.path:
            raw_server.reply(handler, 200, PAIR)
        else:
            raw_server.reply(handler, 200 if received.headers["authorization"] == "Bearer next-access" else 401)

    server = raw_server(answer)
    options = {"base_url": server.base_url, "credentials": CUSTOMER, "token": TOKEN, "login_method": method}
    speaks = "aiohttp" not in request.node.callspec.params.values()  # httpcore logs, aiohttp does not
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with open_client(**options) as client:
            response = await client.get("/cities")
    assert response.status_code == 200
    assert any(record.name.startswith("httpcore") for record in caplog.records) == speaks
    assert "HTTP Request" in caplog.text
    assert "logged in by refresh_token" in caplog.text
    assert not shown(caplog.text)
    assert not shown(repr([repr(record.args) for record in caplog.records]))
    assert not shown(repr([str(warning.message) for warning in caught]))
    for past in response.history:
        assert not shown(f"{past!r} {past.text} {past.request!r} {past.request.url} {past.request.url.query!r}")
        assert not shown(f"{past.request.content!r} {past.request.headers!r} {vars(past)!r} {past.headers!r}")
    assert len(response.history) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 302, 500, 200])
async def test_no_error_of_a_login_shows_a_secret_though_the_server_repeats_them(
    open_client: Any, raw_server: Any, method: str, status: int
) -> None:
    server = raw_server(lambda _, handler: raw_server.reply(handler, status, ECHO))
    options = {"base_url": server.base_url, "credentials": CUSTOMER, "login_method": method}
    async with open_client(**options) as client:
        with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is
            await client.get("/cities")
    assert not shown(everything_about(raised.value))
    assert not shown(everything_about(pickle.loads(pickle.dumps(raised.value))))  # noqa: S301 - our own


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_error_of_the_network_shows_a_secret(open_client: Any, method: str) -> None:
    options = {"base_url": "http://127.0.0.1:1/api/v3", "credentials": CUSTOMER, "login_method": method}
    errors: list[Exception] = []

    async def call() -> None:
        try:
            await client.get("/cities")
        except httpx.ConnectError as error:
            errors.append(error)

    async with open_client(**options) as client, anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(call)
    assert len(errors) == 5
    for error in errors:
        assert not shown(everything_about(error))
        frames = traceback.TracebackException.from_exception(error, capture_locals=True).stack
        ours = [frame for frame in frames if "musement_async" in frame.filename and "tests" not in frame.filename]
        assert not shown(repr([frame.locals for frame in ours]))


@pytest.mark.anyio
async def test_a_hook_that_raises_for_a_refused_login_shows_no_secret(open_bare: Any, scripted: Any) -> None:
    async def raise_for_status(response: httpx.Response) -> None:
        response.raise_for_status()

    transport = scripted(lambda _: httpx.Response(400, content=ECHO))
    async with open_bare(transport, credentials=CUSTOMER) as client:
        client.event_hooks = {"response": [raise_for_status]}
        with pytest.raises(httpx.HTTPStatusError) as raised:
            await client.get("/cities")
    assert not shown(everything_about(raised.value))


@pytest.mark.anyio
async def test_a_hook_sees_no_token_under_our_transport(open_protected: Any, scripted: Any) -> None:
    seen: list[str] = []

    async def look(response: httpx.Response) -> None:
        seen.append(f"{await response.aread()!r} {response.request.url} {response.headers!r}")

    transport = scripted(lambda _: httpx.Response(200, content=PAIR))
    async with open_protected(transport, credentials=CUSTOMER) as client:
        client.event_hooks = {"response": [look]}
        await client.get("/login")
    assert len(seen) == 2
    assert not shown(seen[0])


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("wrapped", [MusementTransport, httpx.AsyncHTTPTransport, ConnectionPool])
async def test_tools_that_wrap_a_transport_see_a_login_without_its_secrets(
    raw_server: Any, monkeypatch: pytest.MonkeyPatch, method: Any, wrapped: Any
) -> None:
    server = raw_server(lambda _received, handler: raw_server.reply(handler, 200, PAIR))
    seen: list[str] = []
    send = wrapped.handle_async_request

    async def trace(transport: Any, request: httpx.Request) -> httpx.Response:
        # As instrumentation does it: the URL as text, the URL parsed again, and the logged form of the request.
        seen.append(f"{request.url} {request.url!r} {httpx.URL(str(request.url))} {request!r} {vars(request)!r}")
        response: httpx.Response = await send(transport, request)
        return response

    monkeypatch.setattr(wrapped, "handle_async_request", trace)
    transport = MusementTransport(httpx.AsyncHTTPTransport() if wrapped is httpx.AsyncHTTPTransport else None)
    auth = MusementAuth(CUSTOMER, base_url=server.base_url, login_method=method)
    async with httpx.AsyncClient(base_url=server.base_url, auth=auth, transport=transport) as client:
        assert (await client.get("/cities")).status_code == 200
    assert any("/api/v3/login" in text for text in seen)
    assert not shown("\n".join(seen))


@pytest.mark.anyio
async def test_no_frame_of_ours_holds_a_secret_in_plain_text_when_a_call_fails(open_client: Any) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            return httpx.Response(200, content=PAIR)
        raise httpx.ReadError("broken")

    async with open_client(httpx.MockTransport(fail), credentials=CUSTOMER) as client:
        with pytest.raises(httpx.ReadError) as caught:
            await client.get("/cities")
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    ours = [frame for frame in frames if "musement_async" in frame.f_code.co_filename]
    assert not shown("\n".join(repr(frame.f_locals) for frame in ours))
