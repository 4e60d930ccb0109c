"""The client: options, headers, errors, captures, opening and closing."""

import contextvars
import inspect
import json
import pickle
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import attrs
import httpx
import pytest

from musement_async import (
    APIError,
    ArgumentError,
    AuthenticationError,
    ClientClosedError,
    ClientCredentials,
    ConflictError,
    DecodeError,
    LockedError,
    MusementClient,
    NetworkError,
    NotFoundError,
    PasswordCredentials,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    Token,
    UnprocessableError,
    __version__,
)
from musement_async.models import City
from musement_async.testing import LocalMusement

TOKEN = Token(access_token="A1")
BASE_URL = "http://127.0.0.1/api/v3"
ENVIRONMENT = {"MUSEMENT_CLIENT_ID": "id", "MUSEMENT_CLIENT_SECRET": "secret"}


@attrs.define
class Recorder(httpx.AsyncBaseTransport):
    """A transport that answers from a function and keeps the requests."""

    answer: Callable[[httpx.Request], httpx.Response]
    requests: list[httpx.Request] = attrs.field(factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer(request)


def client_of(answer: Callable[[httpx.Request], httpx.Response], **options: Any) -> tuple[MusementClient, Recorder]:
    recorder = Recorder(answer)
    return MusementClient(token=TOKEN, base_url=BASE_URL, transport=recorder, **options), recorder


def fine(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"id": 2, "name": "Rome"})


@pytest.mark.anyio
async def test_every_request_carries_the_headers_of_the_options() -> None:
    client, recorder = client_of(fine, application="an-app", language="it-IT", currency="EUR", market="it")
    await client.cities.get(2)
    headers = recorder.requests[0].headers
    assert headers["X-Musement-Application"] == "an-app"
    assert headers["X-Musement-Version"] == "3.4.0"
    assert headers["X-Musement-Market"] == "it"
    assert headers["X-Musement-Currency"] == "EUR"
    assert headers["Accept-Language"] == "it-IT"
    assert headers["Accept"] == "application/json"
    assert headers["User-Agent"] == f"musement-async/{__version__}"
    assert headers["Authorization"] == "Bearer A1"


@pytest.mark.anyio
async def test_headers_that_are_not_set_are_not_sent() -> None:
    client, recorder = client_of(fine)
    await client.cities.get(2)
    headers = recorder.requests[0].headers
    assert not {"x-musement-application", "x-musement-market", "x-musement-currency", "accept-language"} & set(headers)


@pytest.mark.anyio
async def test_the_httpx_client_underneath_is_logged_in_the_same_way() -> None:
    client, recorder = client_of(fine, language="it-IT")
    response = await client.http.get("/some/new/thing")
    assert response.json()["name"] == "Rome"
    assert str(recorder.requests[0].url) == f"{BASE_URL}/some/new/thing"
    assert recorder.requests[0].headers["Authorization"] == "Bearer A1"
    assert recorder.requests[0].headers["Accept-Language"] == "it-IT"


@pytest.mark.anyio
async def test_a_view_changes_what_it_is_given_and_leaves_the_client_alone() -> None:
    client, recorder = client_of(fine, language="it-IT", currency="EUR")
    view = client.with_options(currency="USD", market="us", version="3.5.0", timeout=5)
    await view.cities.get(2)
    await client.cities.get(2)
    changed, original = (request.headers for request in recorder.requests)
    assert (changed["Accept-Language"], changed["X-Musement-Currency"]) == ("it-IT", "USD")
    assert (changed["X-Musement-Market"], changed["X-Musement-Version"]) == ("us", "3.5.0")
    assert (original["X-Musement-Currency"], original["X-Musement-Version"]) == ("EUR", "3.4.0")
    assert "X-Musement-Market" not in original
    assert [request.extensions["timeout"]["read"] for request in recorder.requests] == [5, 60]


@pytest.mark.anyio
async def test_a_view_can_take_an_option_away() -> None:
    client, recorder = client_of(fine, language="it-IT")
    await client.with_options(language=None, currency=None, timeout=None).cities.get(2)
    assert "Accept-Language" not in recorder.requests[0].headers
    assert recorder.requests[0].extensions["timeout"]["read"] is None


@pytest.mark.anyio
async def test_a_view_of_a_view_keeps_what_the_first_one_set() -> None:
    client, recorder = client_of(fine)
    timeout = httpx.Timeout(7)
    view = client.with_options(language="de-DE", timeout=timeout, strict=True).with_options(currency="EUR")
    await view.cities.get(2)
    request = recorder.requests[0]
    assert (request.headers["Accept-Language"], request.headers["X-Musement-Currency"]) == ("de-DE", "EUR")
    assert request.extensions["timeout"] == timeout.as_dict()
    assert view._core.options.strict


def test_a_view_shares_the_pool_and_the_session() -> None:
    client, _ = client_of(fine)
    assert client.with_options(language="it-IT").http is client.http


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("version", "3.4"),
        ("version", "3.4.0\n"),
        ("language", ""),
        ("language", "it-IT\r\nX-Other: 1"),
        ("language", 3),
        ("currency", "euro"),
        ("currency", "eur"),
        ("market", ""),
        ("market", "u s"),
        ("timeout", 0),
        ("timeout", -1),
        ("timeout", float("nan")),
    ],
)
def test_an_option_that_cannot_work_is_refused_by_name(argument: str, value: Any) -> None:
    with pytest.raises(ArgumentError) as raised:
        MusementClient(token=TOKEN, **{argument: value})
    assert raised.value.argument == argument
    client, _ = client_of(fine)
    with pytest.raises(ArgumentError, match=rf"^{argument}: "):
        client.with_options(**{argument: value})


@pytest.mark.parametrize("language", ["it", "it-IT", "de-CH,de;q=0.9, en;q=0.8", "*"])
def test_languages_may_be_a_list_with_weights(language: str) -> None:
    MusementClient(token=TOKEN, language=language)


@pytest.mark.parametrize("option", [{"proxy": "http://127.0.0.1:1"}, {"limits": httpx.Limits()}, {"verify": False}])
def test_options_of_the_network_do_not_go_with_a_transport_of_ones_own(option: Any) -> None:
    with pytest.raises(ArgumentError, match=rf"^{next(iter(option))}: "):
        MusementClient(token=TOKEN, transport=httpx.MockTransport(fine), **option)


def test_certificates_and_limits_can_be_set() -> None:
    context = ssl.create_default_context()
    MusementClient(token=TOKEN, verify=context, limits=httpx.Limits(max_connections=1), trust_env=False)


def test_the_environment_gives_client_credentials_and_options() -> None:
    variables = {
        "MUSEMENT_APPLICATION": "an-app",
        "MUSEMENT_BASE_URL": "https://sandbox.musement.com/api/v3",
        "MUSEMENT_LANGUAGE": "it-IT",
        "MUSEMENT_CURRENCY": "EUR",
        "MUSEMENT_MARKET": "",
    }
    client = MusementClient.from_env({**ENVIRONMENT, **variables}, currency="USD")
    assert client.http.base_url.host == "sandbox.musement.com"
    assert client.http.headers["Accept-Language"] == "it-IT"
    assert client.http.headers["X-Musement-Currency"] == "USD"
    assert "X-Musement-Market" not in client.http.headers
    auth: Any = client.http.auth
    assert auth._session.credentials == ClientCredentials("id", "secret")
    assert auth._application == "an-app"


def test_the_signature_does_not_show_the_environment() -> None:
    assert inspect.signature(MusementClient.from_env).parameters["environ"].default is None


def test_the_environment_gives_a_customers_credentials() -> None:
    variables = {**ENVIRONMENT, "MUSEMENT_USERNAME": "anna", "MUSEMENT_PASSWORD": "pass"}
    auth: Any = MusementClient.from_env(variables).http.auth
    assert auth._session.credentials == PasswordCredentials("id", "secret", "anna", "pass")


@pytest.mark.parametrize("missing", ["MUSEMENT_CLIENT_ID", "MUSEMENT_CLIENT_SECRET", "MUSEMENT_USERNAME"])
def test_a_missing_variable_is_named(missing: str) -> None:
    variables = {**ENVIRONMENT, "MUSEMENT_PASSWORD": "pass", "MUSEMENT_USERNAME": "anna"}
    del variables[missing]
    with pytest.raises(ArgumentError, match=rf"^{missing}: is not set in the environment"):
        MusementClient.from_env(variables)


@pytest.mark.anyio
async def test_request_gives_plain_data_without_a_model_and_models_with_one() -> None:
    client, recorder = client_of(fine)
    assert await client.request("GET", "/cities/2") == {"id": 2, "name": "Rome"}
    assert await client.request("GET", "/cities/2", model=City) == City(id=2, name="Rome")
    assert (await client.request("GET", "/cities/2", model=dict[str, Any]))["name"] == "Rome"
    assert len(recorder.requests) == 3


@pytest.mark.anyio
async def test_text_that_no_url_can_carry_is_refused_by_name() -> None:
    client, recorder = client_of(fine)
    with pytest.raises(ArgumentError, match=r"^text: holds a lone surrogate"):
        await client.activities.search(text="\ud83d")
    with pytest.raises(ArgumentError, match=r"^q: "):
        await client.request("GET", "/cities", params={"q": ["fine", "\ud83d"]})
    assert not recorder.requests


@pytest.mark.anyio
async def test_request_sends_parameters_and_a_body() -> None:
    client, recorder = client_of(lambda _: httpx.Response(204))
    params = {"a": 1, "b": None, "c": ["x", "y"], "d": True}
    assert await client.request("POST", "/carts", params=params, json=City(id=2, name="Roma")) is None
    request = recorder.requests[0]
    assert request.url.query == b"a=1&c=x&c=y&d=true"
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(await request.aread())["name"] == "Roma"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "path",
    [
        "cities",
        "",
        "//evil.example/cities",
        "https://evil.example",
        "/../login",
        "/cities/./2",
        "/cities/%2E%2e/login",
        "/cities?a=b",
        "/cities#a",
    ],
)
async def test_request_does_not_leave_the_base_url(path: str) -> None:
    client, recorder = client_of(fine)
    with pytest.raises(ArgumentError, match=r"^path: "):
        await client.request("GET", path)
    assert not recorder.requests


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, APIError),
        (400, APIError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, APIError),
        (422, UnprocessableError),
        (423, LockedError),
        (429, RateLimitError),
        (500, ServerError),
        (503, ServerError),
    ],
)
async def test_each_status_has_its_error_with_all_that_the_api_said(status: int, kind: type[APIError]) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, json={"code": "77", "message": "Not today."}, headers={"X-Request-Id": "r-1"})

    client, _ = client_of(answer)
    with pytest.raises(kind) as raised:
        await client.cities.get(2)
    error = raised.value
    assert (error.status, error.code, error.api_message, error.request_id) == (status, "77", "Not today.", "r-1")
    assert (error.method, error.path) == ("GET", "/cities/2")
    assert f"GET /cities/2: {status} Not today. (code 77)" in str(error)
    assert pickle.loads(pickle.dumps(error)).__dict__ == error.__dict__  # noqa: S301 - our own
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own


@pytest.mark.anyio
async def test_an_error_without_a_body_of_the_api_is_told_by_its_status() -> None:
    client, _ = client_of(lambda _: httpx.Response(502, html="<h1>Bad gateway</h1>"))
    with pytest.raises(ServerError, match=r"GET /cities/2: 502 Bad Gateway") as raised:
        await client.cities.get(2)
    assert (raised.value.code, raised.value.api_message, raised.value.request_id) == (None, None, None)


@pytest.mark.anyio
async def test_a_missing_application_says_what_to_pass() -> None:
    client, _ = client_of(lambda _: httpx.Response(400, json={"code": "2271", "message": "mandatory"}))
    with pytest.raises(APIError, match=r"pass application=\.\.\. to the client"):
        await client.cities.get(2)


@pytest.mark.anyio
async def test_an_error_never_shows_the_query() -> None:
    client, _ = client_of(lambda _: httpx.Response(400))
    with pytest.raises(APIError) as raised:
        await client.request("GET", "/cities", params={"q": "private"})
    assert "private" not in f"{raised.value!r}{vars(raised.value)}"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectTimeout, RequestTimeoutError),
        (httpx.ReadTimeout, RequestTimeoutError),
        (httpx.PoolTimeout, RequestTimeoutError),
        (httpx.ConnectError, NetworkError),
        (httpx.RemoteProtocolError, NetworkError),
        (httpx.DecodingError, DecodeError),
    ],
)
async def test_no_exception_of_httpx_comes_out_of_a_typed_call(failure: Any, kind: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise failure("", request=request)

    client, _ = client_of(answer)
    with pytest.raises(kind) as raised:
        await client.cities.get(2)
    assert (raised.value.method, raised.value.path) == ("GET", "/cities/2")
    assert raised.value.__cause__.__class__ is failure


@pytest.mark.anyio
@pytest.mark.parametrize(
    "answer",
    [
        {"html": "<h1>Welcome to the hotel's network</h1>"},
        {"content": b""},
        {"content": b'{"id": 2, "na'},
        {"json": ["a list"]},
    ],
    ids=repr,
)
async def test_a_body_that_does_not_fit_the_operation_is_a_decode_error(answer: Any) -> None:
    client, _ = client_of(lambda _: httpx.Response(200, headers={"X-Request-Id": "r-1"}, **answer))
    with pytest.raises(DecodeError, match=r"^GET /cities/2: 200, but the body") as raised:
        await client.cities.get(2)
    assert (raised.value.status, raised.value.request_id) == (200, "r-1")


@pytest.mark.anyio
async def test_a_strict_client_refuses_what_a_lenient_one_leaves_out() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": 2, "weight": "heavy"})

    client, _ = client_of(answer)
    assert await client.cities.get(2) == City(id=2)
    strict, _ = client_of(answer, strict=True)
    with pytest.raises(DecodeError, match=r"weight"):
        await strict.cities.get(2)


@pytest.mark.anyio
async def test_capture_records_the_calls_made_inside_it() -> None:
    client, _ = client_of(
        lambda request: httpx.Response(200, json={"id": 2}, headers={"X-Request-Id": request.url.path})
    )
    other, _ = client_of(fine)
    await client.cities.get(1)
    with client.capture() as exchanges:
        await client.cities.get(2)
        await other.cities.get(5)
        async with anyio.create_task_group() as group:
            group.start_soon(client.with_options(language="it-IT").cities.get, 3)
        with client.capture() as inner:
            await client.cities.get(4)
    await client.cities.get(6)
    assert [exchange.path for exchange in exchanges] == ["/cities/2", "/cities/3", "/cities/4"]
    assert [exchange.path for exchange in inner] == ["/cities/4"]
    exchange = exchanges[0]
    assert (exchange.method, exchange.status, exchange.request_id) == ("GET", 200, "/api/v3/cities/2")
    assert exchange.headers["content-type"] == "application/json"
    assert exchange.elapsed >= 0
    assert "content-type" not in repr(exchange)


def test_capture_may_end_in_another_context_than_it_began_in() -> None:
    client, _ = client_of(fine)
    recording = client.capture()
    contextvars.Context().run(recording.__enter__)
    contextvars.Context().run(recording.__exit__, None, None, None)


@pytest.mark.anyio
async def test_a_login_has_a_connection_of_its_own(local: str) -> None:
    credentials = PasswordCredentials("local-client", "local-secret", "customer@example.com", "local-password")
    limits = httpx.Limits(max_connections=2)
    options: Any = {"base_url": local, "application": "an-app", "limits": limits}
    async with MusementClient(credentials, token=TOKEN, **options) as client, anyio.create_task_group() as group:
        auth: Any = client.http.auth
        async with client.http.stream("GET", "/cities"), client.http.stream("GET", "/cities"):
            first, auth._session.state.usable_until = auth.token, 0.0
            group.start_soon(client.cities.get, 2)
            with anyio.fail_after(100):
                while auth.token is first:  # noqa: ASYNC110 - a token has no event of its own
                    await anyio.sleep(0.001)


@pytest.mark.anyio
async def test_capture_records_refused_calls_too() -> None:
    client, _ = client_of(lambda _: httpx.Response(404, json={"code": "1400"}))
    with client.capture() as exchanges, pytest.raises(NotFoundError):
        await client.cities.get(2)
    assert [exchange.status for exchange in exchanges] == [404]


@pytest.mark.anyio
async def test_a_closed_client_says_so_and_may_be_closed_again() -> None:
    client, recorder = client_of(fine)
    async with client as entered:
        assert entered is client
        await client.cities.get(2)
    await client.aclose()
    assert repr(client) == f"<MusementClient of {BASE_URL}/ (closed)>"
    for view in (client, client.with_options(language="it-IT")):
        with pytest.raises(ClientClosedError, match=r"closed"):
            await view.cities.get(2)
        with pytest.raises(ClientClosedError):
            await view.cities.list()
        with pytest.raises(ClientClosedError):
            await view.__aenter__()
    assert len(recorder.requests) == 1


def test_a_client_shows_where_it_goes() -> None:
    assert repr(MusementClient(token=TOKEN)) == "<MusementClient of https://api.musement.com/api/v3/>"


@pytest.fixture
def local() -> Iterator[str]:
    with LocalMusement().running() as base_url:
        yield base_url


@pytest.mark.anyio
async def test_the_whole_client_works_over_a_socket(local: str) -> None:
    credentials = ClientCredentials("local-client", "local-secret")
    async with MusementClient(credentials, base_url=local, application="local-application") as client:
        city = (await client.cities.list(limit=1))[0]
        assert await client.cities.get(city.id) != City(id=city.id)
        found = await client.activities.search(city_in=[city.id], limit=3)
        assert found.total is not None
        assert {activity.city.id for activity in found if activity.city} == {city.id}


@pytest.mark.anyio
@pytest.mark.parametrize("value", [b"a", {"a": 1}, [b"a"], float("nan")], ids=repr)
async def test_a_parameter_that_has_no_form_in_a_query_is_refused_by_name(value: Any) -> None:
    client, recorder = client_of(fine)
    with pytest.raises(ArgumentError, match=r"^x: must be a string, a finite number"):
        await client.request("GET", "/cities", params={"x": value})
    assert recorder.requests == []
