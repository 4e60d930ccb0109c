"""Requests of a call: body, query and headers."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from musement_async import ArgumentError, MusementClient, Token

BODY = {"a": [1, {"b": 2.5}, ("c", None)], "d": Decimal("35.90")}


@pytest.fixture
def sent() -> list[httpx.Request]:
    """The requests that the client sent."""
    return []


@pytest.fixture
def client(sent: list[httpx.Request]) -> MusementClient:
    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, content=b"%PDF-1.4 %%EOF" if request.url.path.endswith(".pdf") else b"{}")

    return MusementClient(
        token=Token(access_token="A"),
        base_url="http://127.0.0.1/api/v3",
        application="app",
        transport=httpx.MockTransport(answer),
    )


@pytest.mark.anyio
async def test_a_body_is_sent_as_json(client: MusementClient, sent: list[httpx.Request]) -> None:
    await client.request("POST", "/carts", json=BODY)
    assert json.loads(sent[0].content)["a"] == [1, {"b": 2.5}, ["c", None]]
    assert b"35.90" in sent[0].content
    assert sent[0].headers["Content-Type"] == "application/json"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), Decimal("NaN"), "\ud800", object()],
    ids=["nan", "infinity", "Decimal", "surrogate", "object"],
)
@pytest.mark.parametrize(
    "place",
    [lambda value: value, lambda value: {"a": [value]}, lambda value: ({"b": value},)],
    ids=["itself", "in a list", "in a tuple"],
)
async def test_a_body_without_a_form_in_json_is_refused(
    client: MusementClient, sent: list[httpx.Request], value: Any, place: Any
) -> None:
    with pytest.raises(ArgumentError, match=r"^json: cannot be sent as JSON"):
        await client.request("POST", "/carts", json=place(value))
    assert sent == []


@pytest.mark.anyio
async def test_a_query_leaves_out_what_is_none(client: MusementClient, sent: list[httpx.Request]) -> None:
    await client.request("GET", "/cities", params={"limit": 5, "ids": [1, 2], "sort": None})
    assert sent[0].url.query == b"limit=5&ids=1&ids=2"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("params", "argument"),
    [
        ([("limit", 5)], "params"),
        ({5: "limit"}, "params"),
        ({"limit": float("nan")}, "limit"),
        ({"limit": [1, float("inf")]}, "limit"),
        ({"limit": {"a": 1}}, "limit"),
        ({"text": "a" * 70_000, "limit": 1}, "text"),
    ],
    ids=["list", "number", "nan", "infinity", "mapping", "too long"],
)
async def test_a_query_that_cannot_be_sent_is_refused_by_name(
    client: MusementClient, sent: list[httpx.Request], params: Any, argument: str
) -> None:
    with pytest.raises(ArgumentError) as raised:
        await client.request("GET", "/cities", params=params)
    assert raised.value.argument == argument
    assert sent == []


@pytest.mark.anyio
async def test_a_path_that_is_too_long_is_refused(client: MusementClient) -> None:
    with pytest.raises(ArgumentError, match=r"^path: cannot be sent"):
        await client.request("GET", "/cities/" + "a" * 70_000)


@pytest.mark.anyio
async def test_a_header_can_be_left_out(client: MusementClient, sent: list[httpx.Request]) -> None:
    await client.with_options(language="it-IT").request("GET", "/cities")
    await client.with_options(language=None).request("GET", "/cities")
    assert [request.headers.get("accept-language") for request in sent] == ["it-IT", None]


@pytest.mark.anyio
@pytest.mark.parametrize(("host", "application"), [("127.0.0.1", "app"), ("files.example.com", None)])
async def test_only_the_api_is_told_the_application(
    client: MusementClient, sent: list[httpx.Request], host: str, application: str | None
) -> None:
    await client.orders.download(f"http://{host}/voucher.pdf")
    assert sent[0].headers.get("x-musement-application") == application
    assert sent[0].headers["accept"].startswith("application/pdf")
