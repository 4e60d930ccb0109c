"""Results of calls: a model, nothing, bytes, or a stream."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from musement_async import (
    APIError,
    ArgumentError,
    DecodeError,
    MusementClient,
    NotFoundError,
    RequestTimeoutError,
    Token,
)
from musement_async.models import City

CART = UUID(int=1)
VOUCHER = "http://127.0.0.1/voucher.pdf"
Scripted = Any


def client_of(response: httpx.Response, **options: Any) -> MusementClient:
    transport = httpx.MockTransport(lambda _: response)
    return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport, **options)


@pytest.mark.anyio
async def test_an_answer_becomes_the_model_that_is_asked_for(scripted: Scripted) -> None:
    client, _ = scripted(200)
    assert (await client.request("GET", "/cities/2", model=City)).name == "Rome"
    assert await client.request("GET", "/cities/2") == {"id": 2, "name": "Rome"}


@pytest.mark.anyio
async def test_a_model_that_json_cannot_be_read_as_is_refused(scripted: Scripted) -> None:
    client, script = scripted(200)
    with pytest.raises(ArgumentError, match=r"^model: must be a model"):
        await client.request("GET", "/cities/2", model=5)
    assert script.requests == []


@pytest.mark.anyio
@pytest.mark.parametrize(("status", "code"), [(204, None), (404, "1400")])
async def test_a_missing_thing_is_none_where_the_api_says_so(status: int, code: str | None) -> None:
    client = client_of(httpx.Response(status, json=code and {"code": code}))
    assert await client.carts.order_info(CART) is None


@pytest.mark.anyio
async def test_any_other_answer_is_an_error_or_the_thing() -> None:
    with pytest.raises(NotFoundError):
        await client_of(httpx.Response(404, json={"code": "7"})).carts.order_info(CART)
    with pytest.raises(APIError):
        await client_of(httpx.Response(403, json={"code": "1400"})).carts.order_info(CART)
    known = {"order_uuid": str(CART)}
    assert await client_of(httpx.Response(200, json=known)).carts.order_info(CART) is not None


@pytest.mark.anyio
async def test_a_document_is_its_bytes_and_a_pdf_has_to_be_one() -> None:
    page = b"<html></html>"
    assert await client_of(httpx.Response(200, content=page)).giftboxes.render("code", pdf=False) == page
    with pytest.raises(DecodeError, match="it is not a PDF"):
        await client_of(httpx.Response(200, content=page)).giftboxes.render("code", pdf=True)


@pytest.mark.anyio
async def test_a_download_is_streamed_within_the_deadline() -> None:
    document = b"%PDF-1.4" + bytes(2000) + b"%%EOF"
    for options in ({"deadline": None}, {"deadline": 60}):
        assert await client_of(httpx.Response(200, content=document), **options).orders.download(VOUCHER) == document


@pytest.mark.anyio
async def test_a_download_that_takes_too_long_ends_at_the_deadline(scripted: Scripted, hanging: Any) -> None:
    client, _ = scripted(hanging, deadline=0.02)
    with pytest.raises(RequestTimeoutError):
        await client.orders.download(VOUCHER)


@pytest.mark.anyio
async def test_a_download_that_is_refused_is_an_error() -> None:
    with pytest.raises(NotFoundError):
        await client_of(httpx.Response(404)).orders.download(VOUCHER)


@pytest.mark.anyio
async def test_an_error_status_that_an_operation_expects_is_an_answer() -> None:
    page = "https://paypal.example.com"
    client = client_of(httpx.Response(406, headers={"Location": page}, json={"code": "10486"}))
    paid = await client.payments.complete_paypal_express(CART, "EC-1", "P1")
    assert paid.redirect_url == page
    with pytest.raises(APIError):
        await client_of(httpx.Response(406)).request("POST", "/payments/paypal-express/payment", json={})
