"""Payments and orders, which are sent at most once."""

import gzip
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from rich.pretty import pretty_repr

from musement_async import (
    APIError,
    ArgumentError,
    DecodeError,
    MusementClient,
    MusementError,
    NetworkError,
    OutcomeUnknownError,
    PasswordCredentials,
    RateLimitError,
    RequestTimeoutError,
    Token,
)
from musement_async.models import Payment3dSecure, Payment3dSecureType, StripeSuccessfulPayment

ORDER = "b36ba13e-cd53-44dc-8741-b200ada5549a"
CART = "0d9f8c6e-5b1a-4c2d-8e3f-a1b2c3d4e5f6"
CARD = {"client_ip": "192.0.2.1", "is_apple_pay": True}
URLS = {"return_url": "https://example.com/ok", "cancel_url": "https://example.com/no"}
ADYEN = {"client_ip": "192.0.2.1", "accept_header": "*/*", "user_agent_header": "Mozilla"}
SPLIT = {
    "adyen_token": "a",
    "stripe_token": "s",
    "card_brand": "visa",
    "card_country": "IT",
    **CARD,
    "redirect_url_success_3d_secure": "https://example.com",
}
BACK = {"payment_intent": "pi_1"}

# For each method: its arguments, the path below /payments, the body.
CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any], str, Any]] = {
    "no_payment": ((ORDER,), {}, "no/payment", {"uuid": ORDER}),
    "stripe": (
        (ORDER,),
        {"stripe_token": "s", "stripe_source_id": "src", **CARD},
        "stripe/payment",
        {"order_uuid": ORDER, "stripe_token": "s", "stripe_source_id": "src", **CARD},
    ),
    "complete_stripe_3d_secure": ((BACK,), {}, "stripe/complete_3d_secure", BACK),
    "adyen": ((ORDER, "data"), ADYEN, "adyen/payment", {"order_uuid": ORDER, "adyen_encrypted_data": "data", **ADYEN}),
    "complete_adyen_3d_secure": ((BACK,), {}, "adyen/complete_3d_secure", BACK),
    "paypal": (
        (ORDER, "PAY-1"),
        {"client_ip": "192.0.2.1"},
        "paypal/payment",
        {"order_id": ORDER, "paypal_payment_id": "PAY-1", "client_ip": "192.0.2.1"},
    ),
    "complete_paypal_express": (
        (ORDER, "EC-1", "P1"),
        {},
        "paypal-express/payment",
        {"order_uuid": ORDER, "token": "EC-1", "payer_id": "P1"},
    ),
    "split": ((ORDER,), SPLIT, "split/payment", {"order_uuid": ORDER, **SPLIT}),
    "complete_split_3d_secure": ((BACK,), {}, "split/complete_3d_secure", BACK),
}
WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("no_payment", ("MUS1",), {}, "order_uuid"),
    ("stripe", (ORDER,), {}, "stripe_token"),
    ("stripe", (ORDER,), {"stripe_token": "s", "is_apple_pay": "no"}, "is_apple_pay"),
    ("complete_stripe_3d_secure", ("pi_1",), {}, "fields"),
    ("adyen", (ORDER, ""), {}, "adyen_encrypted_data"),
    ("adyen_3d_secure_proxy", (5,), {}, "fields"),
    ("paypal", (ORDER, ""), {}, "paypal_payment_id"),
    ("begin_paypal_express", (ORDER, "/ok", "https://example.com"), {}, "return_url"),
    ("begin_paypal_express", (ORDER, "http://[a", "https://example.com"), {}, "return_url"),
    ("complete_stripe_3d_secure", ({"x": object()},), {}, "fields"),
    ("stripe", (ORDER,), {"stripe_token": "\ud800"}, "stripe_token"),
    ("begin_paypal_express", (ORDER, "https://example.com", "ftp://example.com"), {}, "cancel_url"),
    ("complete_paypal_express", (ORDER, "", "P1"), {}, "token"),
    ("split", (ORDER,), {}, "stripe_token"),
    ("split", (ORDER,), {"adyen_token": "a", "client_ip": 5}, "client_ip"),
]

Pay = Callable[[MusementClient], Awaitable[object]]


@pytest.mark.anyio
@pytest.mark.parametrize("method", CALLS)
async def test_a_payment_sends_what_the_api_wants(answering: Any, method: str) -> None:
    client, requests = answering(json={})
    arguments, options, path, body = CALLS[method]
    await getattr(client.payments, method)(*arguments, **options)
    (request,) = requests
    assert (request.method, request.url.path) == ("POST", f"/payments/{path}")
    assert json.loads(request.content) == body


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "arguments", "options", "wrong"), WRONG)
async def test_what_the_api_could_not_read_is_refused_by_name(
    answering: Any, method: str, arguments: tuple[Any, ...], options: dict[str, Any], wrong: str
) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.payments, method)(*arguments, **options)
    assert (raised.value.argument, requests) == (wrong, [])


@pytest.mark.anyio
async def test_a_customer_is_sent_to_paypal(answering: Any) -> None:
    client, requests = answering(json={"redirect_url": "https://paypal.example.com"})
    redirect = await client.payments.begin_paypal_express(ORDER, **URLS)
    assert redirect.redirect_url == "https://paypal.example.com"
    assert json.loads(requests[0].content) == {"order_id": ORDER, **URLS}


@pytest.mark.anyio
async def test_a_customer_whom_the_bank_sends_back_is_sent_on(answering: Any) -> None:
    client, requests = answering(302, headers={"Location": "https://example.com/payment"})
    assert await client.payments.adyen_3d_secure_proxy(BACK) == "https://example.com/payment"
    assert json.loads(requests[0].content) == BACK


@pytest.mark.anyio
async def test_an_answer_without_a_page_to_go_to_is_an_error(answering: Any) -> None:
    client, _ = answering(200, json={})
    with pytest.raises(DecodeError, match="no page"):
        await client.payments.adyen_3d_secure_proxy(BACK)


@pytest.mark.anyio
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}"])
@pytest.mark.parametrize("method", [method for method in CALLS if method != "no_payment"])
async def test_a_payment_that_is_answered_with_nothing_is_done(answering: Any, method: str, body: bytes) -> None:
    client, _ = answering(content=body)
    arguments, options, _, _ = CALLS[method]
    assert getattr(await getattr(client.payments, method)(*arguments, **options), "is_complete", True)


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["stripe", "adyen", "split", "complete_stripe_3d_secure"])
async def test_a_redirect_to_the_bank_is_what_the_customer_still_has_to_do(answering: Any, method: str) -> None:
    client, _ = answering(302, headers={"Location": "https://bank.example.com"})
    arguments, options, _, _ = CALLS[method]
    payment = await getattr(client.payments, method)(*arguments, **options)
    assert payment.confirmation == Payment3dSecure(type=Payment3dSecureType.REDIRECT, url="https://bank.example.com")


@pytest.mark.anyio
async def test_a_customer_who_has_to_pay_otherwise_is_sent_back_to_paypal(answering: Any) -> None:
    client, _ = answering(406, headers={"Location": "https://paypal.example.com"}, json={"code": "10486"})
    redirect = await client.payments.complete_paypal_express(ORDER, "EC-1", "P1")
    assert redirect.redirect_url == "https://paypal.example.com"


@pytest.mark.anyio
async def test_an_order_without_its_uuid_is_no_answer(answering: Any) -> None:
    client, _ = answering(json={})
    with pytest.raises(OutcomeUnknownError, match="order_info"):
        await client.orders.create(CART)


@pytest.mark.anyio
async def test_the_order_of_a_confirmed_payment_is_found_in_what_the_customer_came_back_with() -> None:
    wire = Wire(raising(httpx.ReadError("reset")))
    with pytest.raises(OutcomeUnknownError) as raised:
        await client_on(wire).payments.complete_split_3d_secure({"order_uuid": ORDER})
    assert raised.value.order_uuid == UUID(ORDER)


@pytest.mark.anyio
async def test_no_stored_source_is_none(answering: Any) -> None:
    client, _ = answering(404, json={"code": "1400", "message": "None"})
    assert await client.payments.stored_stripe_source() is None


@pytest.mark.anyio
async def test_a_stored_source_tells_its_card(answering: Any) -> None:
    client, _ = answering(json={"id": "src_1", "last4": "4242"})
    source = await client.payments.stored_stripe_source()
    assert source is not None
    assert (source.id, source.last4) == ("src_1", "4242")


@pytest.mark.parametrize("name", ["payment3d_secure", "three_d_secure"])
def test_a_payment_that_waits_for_the_bank_says_so(name: str) -> None:
    secure = Payment3dSecure(type=Payment3dSecureType.USE_STRIPE_SDK, payment_intent_client_secret="hidden")
    payment = StripeSuccessfulPayment(**{name: secure})
    assert (payment.is_complete, payment.confirmation) == (False, secure)
    assert StripeSuccessfulPayment().is_complete
    assert "hidden" not in repr(payment) + repr(secure) + pretty_repr(payment)


class Wire(httpx.AsyncBaseTransport):
    """A transport that counts the requests, and answers or fails on demand."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.answer = answer
        self.paths: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        return self.answer(request)


def raising(failure: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def answer(_: httpx.Request) -> httpx.Response:
        raise failure

    return answer


def client_on(wire: Wire, **options: Any) -> MusementClient:
    return MusementClient(base_url="http://127.0.0.1", transport=wire, **{"token": Token(access_token="A"), **options})


UNKNOWN = {
    "no answer in time": raising(httpx.ReadTimeout("slow")),
    "sent too slowly": raising(httpx.WriteTimeout("slow")),
    "broken while reading": raising(httpx.ReadError("reset")),
    "broken while writing": raising(httpx.WriteError("reset")),
    "closed without an answer": raising(httpx.RemoteProtocolError("closed")),
    "an error of the server": lambda _: httpx.Response(500),
    "a gateway that lost its server": lambda _: httpx.Response(502, html="<h1>Bad gateway</h1>"),
    "a gateway that gave up": lambda _: httpx.Response(504),
    "a gateway with words of its own": lambda _: httpx.Response(524),
    "a gateway that found its server gone": lambda _: httpx.Response(503),
    "a server that knows less than it did": lambda _: httpx.Response(501),
    "another version of HTTP": lambda _: httpx.Response(505),
    "a server that was asked too early": lambda _: httpx.Response(425),
    "a status of the gateway's own": lambda _: httpx.Response(499),
    "a way to nowhere": lambda _: httpx.Response(302),
    "a server that waited too long": lambda _: httpx.Response(408),
    "an answer that is no JSON": lambda _: httpx.Response(200, html="<h1>Done</h1>"),
    "a list where one thing belongs": lambda _: httpx.Response(200, json=[1]),
}
KNOWN: dict[str, tuple[Callable[[httpx.Request], httpx.Response], type[MusementError]]] = {
    "no connection": (raising(httpx.ConnectError("refused")), NetworkError),
    "no connection in time": (raising(httpx.ConnectTimeout("slow")), RequestTimeoutError),
    "no place in the pool": (raising(httpx.PoolTimeout("full")), RequestTimeoutError),
    "too many requests": (lambda _: httpx.Response(429), RateLimitError),
    "refused": (lambda _: httpx.Response(422, json={"code": "0", "message": "No"}), APIError),
}
DECISIONS: dict[str, tuple[Pay, UUID | None, UUID | None]] = {
    "/orders": (lambda client: client.orders.create(CART), UUID(CART), None),
    "/payments/no/payment": (lambda client: client.payments.no_payment(ORDER), None, UUID(ORDER)),
    "/payments/stripe/payment": (lambda client: client.payments.stripe(ORDER, stripe_token="s"), None, UUID(ORDER)),
    "/payments/adyen/complete_3d_secure": (lambda client: client.payments.complete_adyen_3d_secure(BACK), None, None),
}


@pytest.mark.anyio
@pytest.mark.parametrize("failure", UNKNOWN)
@pytest.mark.parametrize("path", DECISIONS)
async def test_what_may_have_been_done_is_unknown_and_not_sent_again(path: str, failure: str) -> None:
    wire = Wire(UNKNOWN[failure])
    decide, cart, order = DECISIONS[path]
    with pytest.raises(OutcomeUnknownError) as raised:
        await decide(client_on(wire))
    error = raised.value
    assert (error.method, error.path, error.cart_uuid, error.order_uuid) == ("POST", path, cart, order)
    assert isinstance(error.__cause__, MusementError)
    assert ("order_info" if cart else "client.orders.get") in str(error)
    assert wire.paths == [path]


@pytest.mark.anyio
@pytest.mark.parametrize("failure", KNOWN)
@pytest.mark.parametrize("path", DECISIONS)
async def test_what_was_not_done_is_an_error_of_the_usual_kind(path: str, failure: str) -> None:
    answer, kind = KNOWN[failure]
    wire = Wire(answer)
    with pytest.raises(kind) as raised:
        await DECISIONS[path][0](client_on(wire))
    assert not isinstance(raised.value, OutcomeUnknownError)
    assert set(wire.paths) == {path}


@pytest.mark.anyio
@pytest.mark.parametrize("path", DECISIONS)
async def test_after_a_429_nothing_is_sent_again(path: str) -> None:
    wire = Wire(lambda _: httpx.Response(429, headers={"Retry-After": "0"}))
    with pytest.raises(RateLimitError):
        await DECISIONS[path][0](client_on(wire, retries=2))
    assert wire.paths == [path]


@pytest.mark.anyio
async def test_an_order_whose_uuid_is_not_one_is_named_in_the_error(answering: Any) -> None:
    client, _ = answering(json={"uuid": "no-uuid\x1b", "identifier": "MUS0000007", "status": "PENDING", "number": 7})
    with pytest.raises(OutcomeUnknownError, match=r"identifier 'MUS0000007', uuid 'no-uuid\\x1b'") as raised:
        await client.orders.create(CART)
    assert json.loads(raised.value.answer or b"")["identifier"] == "MUS0000007"


@pytest.mark.anyio
@pytest.mark.parametrize("body", [[1], "paid"])
async def test_what_a_payment_was_answered_is_kept(answering: Any, body: object) -> None:
    client, _ = answering(json=body)
    with pytest.raises(OutcomeUnknownError) as raised:
        await client.payments.paypal(ORDER, "PAY-1")
    assert json.loads(raised.value.answer or b"") == body


@pytest.mark.anyio
@pytest.mark.parametrize("path", DECISIONS)
async def test_a_refused_token_is_renewed_and_the_order_sent_again(path: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/login":
            return httpx.Response(200, json={"access_token": "B", "expires_in": 3600})
        status = 200 if request.headers["Authorization"] == "Bearer B" else 401
        return httpx.Response(status, json={"uuid": ORDER})

    wire = Wire(answer)
    credentials = PasswordCredentials("id", "secret", "ada", "password")
    await DECISIONS[path][0](client_on(wire, credentials=credentials))
    assert wire.paths == [path, "/login", path]


@pytest.mark.anyio
@pytest.mark.parametrize("failure", [raising(httpx.ReadTimeout("slow")), lambda _: httpx.Response(502)])
@pytest.mark.parametrize("path", DECISIONS)
async def test_a_login_that_fails_on_the_way_leaves_nothing_unknown(
    path: str, failure: Callable[[httpx.Request], httpx.Response]
) -> None:
    wire = Wire(lambda request: failure(request) if request.url.path == "/login" else httpx.Response(401, json={}))
    credentials = PasswordCredentials("id", "secret", "ada", "password")
    with pytest.raises(MusementError) as raised:
        await DECISIONS[path][0](client_on(wire, credentials=credentials))
    assert not isinstance(raised.value, OutcomeUnknownError)
    assert wire.paths == [path, "/login"]


@pytest.mark.asyncio  # on trio, httpx does not close its generators if an answer cannot be decompressed
async def test_an_answer_that_does_not_unpack_leaves_it_unknown() -> None:
    body = gzip.compress(b"{}")[:-4] + b"oops"
    wire = Wire(lambda _: httpx.Response(200, stream=httpx.ByteStream(body), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(OutcomeUnknownError):
        await client_on(wire).payments.no_payment(ORDER)
