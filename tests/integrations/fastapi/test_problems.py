import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import Depends, FastAPI
from openapi_spec_validator import validate

from musement_async import (
    ArgumentError,
    BadRequestError,
    CheckoutError,
    ClientClosedError,
    ConflictError,
    DecodeError,
    FormError,
    LockedError,
    Money,
    MusementClient,
    MusementError,
    NetworkError,
    NotFoundError,
    OrderPendingError,
    OutcomeUnknownError,
    PermissionDeniedError,
    PriceChangedError,
    RequestTimeoutError,
    TokenStoreError,
    UnprocessableError,
    WebhookError,
    WrongLoopError,
    errors,
)
from musement_async.integrations.fastapi import Client, CustomerSession, customer_client, install_error_handlers
from musement_async.models import City, Customer, Order
from musement_async.testing import LocalMusement

Visit = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]

ORDER = "Do not repeat it before you have looked."


def api_error(kind: type[errors.APIError], status: int) -> errors.APIError:
    return kind(
        "GET /cities/2: Ada's card",
        status=status,
        method="GET",
        path="/cities/2",
        code="17",
        api_message="Ada's card",
        field_errors={"email": "ada@example.com is taken"},
        request_id="id-1",
    )


async def raised(error: MusementError, **options: Any) -> httpx.Response:
    app = FastAPI()
    install_error_handlers(app, **options)

    @app.get("/things/{thing}")
    async def fail(thing: str) -> None:
        raise error

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as visitor:
        return await visitor.get("/things/ada@example.com")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("actual", "told"),
    [(Money(Decimal("60.80"), "EUR"), {"actual": {"value": "60.80", "currency": "EUR"}}), (None, {})],
)
async def test_a_changed_price_tells_the_new_one_if_it_is_known(actual: Money | None, told: dict[str, object]) -> None:
    error = PriceChangedError(Money(Decimal(50), "EUR"), actual)
    for shown in (error, CheckoutError("order", error)):
        answer = await raised(shown)
        assert answer.status_code == 409
        assert {name: value for name, value in answer.json().items() if name == "actual"} == told


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ArgumentError("limit", "must be a whole number"), 422),
        (FormError("answers", {"email": "is missing"}), 422),
        (ClientClosedError("closed"), 503),
        (WrongLoopError("another loop"), 500),
        (TokenStoreError("redis://secret"), 503),
        (NetworkError("no route", method="GET", path="/cities/2"), 502),
        (RequestTimeoutError("late", method="GET", path="/cities/2"), 504),
        (OutcomeUnknownError("unknown", method="GET", path="/cities/2"), 502),
        (OrderPendingError("pending", order=Order(uuid=UUID(int=1)), pending=()), 504),
        (WebhookError("no update"), 400),
        (DecodeError("odd", method="GET", path="/cities/2", status=200, request_id="id-1"), 502),
        (api_error(errors.APIError, 418), 502),
        (api_error(BadRequestError, 400), 400),
        (api_error(errors.AuthenticationError, 401), 502),
        (api_error(PermissionDeniedError, 403), 502),
        (api_error(NotFoundError, 404), 404),
        (api_error(ConflictError, 409), 409),
        (api_error(UnprocessableError, 422), 422),
        (api_error(LockedError, 423), 423),
        (api_error(errors.RateLimitError, 429), 503),
        (api_error(errors.ServerError, 500), 502),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
async def test_every_error_has_a_status_and_a_body_that_tells_nothing_of_anybody(
    error: MusementError, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "musement_async.fastapi")
    answer = await raised(error)
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert (body["type"], body["error"]) == ("about:blank", type(error).__name__)
    assert body["detail"].endswith(".")
    (record,) = [record for record in caplog.records if record.name == "musement_async.fastapi"]
    assert (record.levelno >= logging.WARNING) == (status >= 500 or isinstance(error, errors.APIError))
    request_id = getattr(error, "request_id", None)
    assert (f"request id {request_id}" in record.getMessage()) == (request_id is not None)
    assert body.get("request_id") == request_id
    assert [text for text in ("Ada", "ada@", "redis", "musement") if text in answer.text] == []
    assert "ada@example.com is answered" not in record.getMessage()


@pytest.mark.asyncio
async def test_no_member_of_the_family_is_without_an_answer() -> None:
    family = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MusementError)]
    for kind in family:
        error = kind.__new__(kind)
        error.__dict__ = (
            {"cause": MusementError(), "step": "order"}
            | dict.fromkeys(("argument", "problems", "code", "request_id", "retry_after"), None)
            | {"field_errors": {}, "of_customer": False, "status": 418}
        )
        assert (await raised(error)).headers["content-type"] == "application/problem+json"


@pytest.mark.asyncio
async def test_an_answer_without_an_id_has_none_in_the_body() -> None:
    odd = DecodeError("odd", method="GET", path="/cities/2", status=200)
    assert "request_id" not in (await raised(odd)).json()


@pytest.mark.asyncio
async def test_arguments_and_fields_are_named() -> None:
    argument = (await raised(ArgumentError("limit", "must be a whole number"))).json()
    assert (argument["argument"], argument["fields"]) == ("limit", {"limit": "must be a whole number"})
    form = (await raised(FormError("answers", {"[0].email": "is missing"}))).json()
    assert form["fields"] == {"[0].email": "is missing"}
    refused = (await raised(api_error(UnprocessableError, 422))).json()
    assert (refused["code"], refused["fields"]) == ("17", {"email": "was refused"})


@pytest.mark.asyncio
async def test_what_may_have_been_done_says_not_to_repeat_it() -> None:
    assert ORDER in (await raised(OutcomeUnknownError("unknown", method="GET", path="/cities/2"))).json()["detail"]
    unknown = OutcomeUnknownError("unknown", method="GET", path="/cities/2")
    of_checkout = (await raised(CheckoutError("order", unknown, cart_uuid=uuid4()))).json()
    assert (of_checkout["step"], of_checkout["error"]) == ("order", "OutcomeUnknownError")
    assert ORDER in of_checkout["detail"]


@pytest.mark.asyncio
async def test_a_refused_payment_says_that_it_is_the_payment() -> None:
    refused = CheckoutError("pay", api_error(UnprocessableError, 422), cart_uuid=uuid4())
    body = (await raised(refused)).json()
    assert (body["status"], body["step"]) == (422, "pay")
    assert body["detail"] == "The payment was refused. The order stays, and can be paid in another way."
    elsewhere = CheckoutError("order", api_error(UnprocessableError, 422), cart_uuid=uuid4())
    assert "payment" not in (await raised(elsewhere)).json()["detail"]


@pytest.mark.asyncio
async def test_the_time_to_come_back_is_handed_on() -> None:
    limited = api_error(errors.RateLimitError, 429)
    assert (await raised(limited)).headers["retry-after"] == "5"
    limited.retry_after = 1.2
    assert (await raised(limited)).headers["retry-after"] == "2"
    failed = api_error(errors.ServerError, 503)
    assert (await raised(failed)).headers["retry-after"] == "5"
    failed.retry_after = 30
    assert (await raised(failed)).headers["retry-after"] == "30"
    assert "retry-after" not in (await raised(api_error(errors.NotFoundError, 404))).headers


@pytest.mark.asyncio
async def test_an_outage_is_logged_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    await raised(errors.TokenStoreError("the token store failed: no space left"))
    assert "TokenStoreError, reason the token store failed: no space left" in caplog.text
    refused = "GET /cities: the connection failed: Connect call failed ('127.0.0.1', 9)"
    await raised(errors.NetworkError(refused, method="GET", path="/cities", maybe_sent=False))
    assert f"NetworkError, reason {refused}" in caplog.text


def test_a_description_of_ones_own_may_say_more_of_a_path() -> None:
    app = FastAPI()
    own: dict[str, Any] = {"paths": {"/a": {"summary": "A", "get": {"responses": {}}}}}
    app.openapi = lambda: own  # type: ignore[method-assign]
    install_error_handlers(app)
    assert "default" in app.openapi()["paths"]["/a"]["get"]["responses"]


@pytest.mark.asyncio
async def test_statuses_and_the_challenge_can_be_others() -> None:
    denied = api_error(PermissionDeniedError, 403)
    assert (await raised(denied, statuses={PermissionDeniedError: 404})).status_code == 404
    over = api_error(errors.AuthenticationError, 401)
    over.of_customer = True
    assert (await raised(over, challenge="Cookie")).headers["www-authenticate"] == "Cookie"


@pytest.mark.asyncio
async def test_a_refusal_is_the_applications_fault_or_the_customers_by_whose_session_it_was(
    app: FastAPI, visit: Visit, local_musement: LocalMusement
) -> None:
    current = customer_client(lambda: CustomerSession("customer@example.com", password=local_musement.password))

    @app.get("/application")
    async def application(client: Client) -> City:
        return await client.cities.get(2)

    @app.get("/customer")
    async def customer(client: Annotated[MusementClient, Depends(current)], other: Client) -> Customer:
        await other.countries.list()
        return await client.account.get()

    async with visit(app) as visitor:
        for status, seen in ((401, 401), (403, 403)):
            local_musement.fail_next(3, status=status, path="/customers/me")
            answer = await visitor.get("/customer")
            assert answer.status_code == seen
            assert ("www-authenticate" in answer.headers) == (seen == 401)
            local_musement.reset()
            local_musement.fail_next(3, status=status, path="/cities/{cityId}")
            assert (await visitor.get("/application")).status_code == 502
            local_musement.reset()


@pytest.mark.asyncio
async def test_an_outage_of_the_api_is_a_bad_gateway(app: FastAPI, visit: Visit, local_musement: LocalMusement) -> None:
    @app.get("/")
    async def read(client: Client) -> City:
        return await client.with_options(retries=0).cities.get(2)

    local_musement.fail_next(1, status=503, path="/cities/{cityId}", headers={"Retry-After": "7"})
    async with visit(app) as visitor:
        answer = await visitor.get("/")
        assert (answer.status_code, answer.headers["retry-after"]) == (502, "7")
        assert (await visitor.get("/")).json()["name"] == "Rome"


@pytest.mark.asyncio
async def test_other_errors_of_the_application_stay_its_own() -> None:
    app = FastAPI()
    install_error_handlers(app)

    @app.get("/")
    async def fail() -> None:
        raise ZeroDivisionError

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as visitor:
        with pytest.raises(ZeroDivisionError):
            await visitor.get("/")


def test_every_operation_is_described_as_one_that_may_have_a_problem() -> None:
    app = FastAPI()

    @app.get("/early")
    async def early() -> City:
        raise NotImplementedError

    install_error_handlers(app)

    @app.get("/late")
    async def late() -> None:
        raise NotImplementedError

    description = app.openapi()
    validate(description)
    assert description["components"]["schemas"]["MusementProblem"]["required"][0] == "type"
    for path in ("/early", "/late"):
        content = description["paths"][path]["get"]["responses"]["default"]["content"]
        schema = content["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/MusementProblem"}
    assert app.openapi() == description


HOSTILE, ESCAPED = "\x1b[2J\r\n\u202e", r"\x1b[2J\r\n\u202e"


def hostile_error() -> MusementError:
    return BadRequestError(
        "no",
        status=400,
        method="GET",
        path="/cities/2",
        code=HOSTILE,
        field_errors={HOSTILE: "wrong"},
        request_id=HOSTILE,
    )


@pytest.mark.asyncio
async def test_a_problem_holds_no_control_characters_of_the_api() -> None:
    body = (await raised(hostile_error())).json()
    assert (body["code"], body["fields"], body["request_id"]) == (ESCAPED, {ESCAPED: "was refused"}, ESCAPED)


@pytest.mark.asyncio
async def test_the_log_of_a_problem_holds_no_control_characters_of_the_api(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "musement_async.fastapi")
    await raised(hostile_error())
    (line,) = [record.getMessage() for record in caplog.records if record.name == "musement_async.fastapi"]
    assert line.endswith(f"code {ESCAPED}, field errors {ESCAPED} = wrong, request id {ESCAPED}")


@pytest.mark.asyncio
async def test_the_log_tells_the_developer_what_musement_said(caplog: pytest.LogCaptureFixture) -> None:
    await raised(api_error(UnprocessableError, 422))
    (record,) = [record for record in caplog.records if record.name == "musement_async.fastapi"]
    assert record.getMessage() == (
        "GET /things/{thing} is answered with 422: UnprocessableError, method GET, path /cities/2, status 422, "
        "code 17, message Ada's card, field errors email = ada@example.com is taken, request id id-1"
    )


@pytest.mark.asyncio
async def test_development_has_what_musement_said_in_the_body_too() -> None:
    body = (await raised(api_error(UnprocessableError, 422), debug=True)).json()
    assert body["musement"] == {
        "method": "GET",
        "path": "/cities/2",
        "status": 422,
        "code": "17",
        "message": "Ada's card",
        "field_errors": {"email": "ada@example.com is taken"},
        "request_id": "id-1",
    }


@pytest.mark.asyncio
async def test_an_error_in_which_musement_has_no_part_has_nothing_of_it_in_development() -> None:
    assert "musement" not in (await raised(ArgumentError("limit", "must be a whole number"), debug=True)).json()


@pytest.mark.asyncio
async def test_what_musement_said_is_cut_where_it_is_far_too_long() -> None:
    error = api_error(UnprocessableError, 422)
    error.api_message = "x" * 10_000
    assert len((await raised(error, debug=True)).json()["musement"]["message"]) == 501
