"""Orders: the requests and refusals of each method, and the waits."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from musement_async import (
    ArgumentError,
    DecodeError,
    MusementClient,
    NetworkError,
    NotFoundError,
    OrderPendingError,
    ServerError,
    Token,
)
from musement_async.models import CancellationReason

ORDER = "b36ba13e-cd53-44dc-8741-b200ada5549a"
ITEM = "d83d4e0a-e62b-4c81-b403-4206914cd697"
CART = "0d9f8c6e-5b1a-4c2d-8e3f-a1b2c3d4e5f6"
PDF = b"%PDF-1.4 and so on %%EOF"
COMPANY = {
    "legal_name": "Acme",
    "address": "1 Road",
    "city": "Rome",
    "zip_code": "00100",
    "country_code": "IT",
    "vat": "1",
}
PERSON = {"first_name": "Ada", "last_name": "Byron", "fiscal_code": "X"}

# For each method: its arguments, and the method, path and perhaps body of its request.
CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any], str, str, Any]] = {
    "get": ((ORDER,), {}, "GET", f"/orders/{ORDER}", None),
    "update": ((ORDER,), {"extra_data": {"trip": 7}}, "PATCH", f"/orders/{ORDER}", {"extra_data": '{"trip":7}'}),
    "update_item": (
        (ORDER, ITEM),
        {"status": "BOOKING-CONFIRMED", "voucher_urls": ["https://example.com/1.pdf"]},
        "PATCH",
        f"/orders/{ORDER}/items/{ITEM}",
        {"status": "BOOKING-CONFIRMED", "voucher_urls": ["https://example.com/1.pdf"]},
    ),
    "reschedule_item": (
        (ORDER, ITEM, datetime(2026, 12, 1, 9, 30)),  # noqa: DTZ001 (local time of the activity)
        {},
        "PATCH",
        f"/orders/{ORDER}/items/{ITEM}/product",
        {"date": "2026-12-01 09:30:00"},
    ),
    "set_b2b_price": (
        (ORDER, ITEM, Decimal("35.90"), "EUR"),
        {},
        "PATCH",
        f"/orders/{ORDER}/items/{ITEM}/b2b-price",
        {"currency": "EUR", "b2b_price": 35.9},
    ),
    "set_invoice_receiver": (
        (ORDER,),
        {"type": "COMPANY", **COMPANY},
        "PUT",
        f"/orders/{ORDER}/invoice-receiver",
        {"type": "COMPANY", **COMPANY},
    ),
    "refund_policies": ((ORDER, ITEM), {}, "GET", f"/orders/{ORDER}/items/{ITEM}/refund-policies", None),
    "refunds": ((ORDER,), {}, "GET", f"/orders/{ORDER}/refunds", None),
    "cancel_item": (
        (ORDER, ITEM),
        {"reason": CancellationReason.GRACE_PERIOD, "additional_info": "late", "integration_data": {"id": 1}},
        "DELETE",
        f"/orders/{ORDER}/items/{ITEM}",
        {
            "cancellation_reason": "GRACE-PERIOD",
            "cancellation_additional_info": "late",
            "cancellation_integration_data": {"id": 1},
        },
    ),
    "notify": ((ORDER, ITEM), {}, "POST", f"/orders/{ORDER}/items/{ITEM}/notifications", None),
    "tickets": ((ORDER, ITEM), {}, "GET", f"/orders/{ORDER}/activities/{ITEM}/tickets", None),
    "booking_voucher": ((ORDER, ITEM), {}, "GET", f"/orders/{ORDER}/items/{ITEM}/voucher/booking", None),
}
LISTS = {"refund_policies", "refunds", "tickets"}
DOCUMENTS = {
    "ticket": ((ORDER, ITEM, "YQ=="), f"/orders/{ORDER}/activities/{ITEM}/tickets/YQ=="),
    "voucher": ((ORDER, ITEM), f"/orders/{ORDER}/activities/{ITEM}/voucher"),
    "external_vouchers": ((ORDER, ITEM), f"/orders/{ORDER}/items/{ITEM}/vouchers-external"),
}
WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("create", ("cart",), {}, "cart_uuid"),
    ("create", (CART,), {"email_notification": "SOME"}, "email_notification"),
    ("create", (CART,), {"extra_data": "text"}, "extra_data"),
    ("create", (CART,), {"extra_data": {"when": datetime.now}}, "extra_data"),
    ("create", (CART,), {"extra_data": {"nan": float("nan")}}, "extra_data"),
    ("create", (CART,), {"affiliate_channel": "c"}, "affiliate"),
    ("get", ("MUS0000001",), {}, "order_uuid"),
    ("get", (ORDER,), {"secure_code": 5}, "secure_code"),
    ("get", (0,), {}, "order_uuid"),
    ("update_item", (ORDER, ITEM), {"status": "OK"}, "status"),
    ("update_item", (ORDER, ITEM), {"voucher_urls": [""]}, "voucher_urls"),
    ("reschedule_item", (ORDER, ITEM, "2026-12-01 09:30"), {}, "start"),
    ("reschedule_item", (ORDER, ITEM, datetime(2026, 12, 1, tzinfo=UTC)), {}, "start"),
    ("set_b2b_price", (ORDER, ITEM, -1, "EUR"), {}, "price"),
    ("set_b2b_price", (ORDER, ITEM, float("nan"), "EUR"), {}, "price"),
    ("set_b2b_price", (ORDER, ITEM, "5", "EUR"), {}, "price"),
    ("set_b2b_price", (ORDER, ITEM, Decimal("sNaN"), "EUR"), {}, "price"),
    ("update_item", (ORDER, ITEM), {"voucher_urls": {"https://x": 1}}, "voucher_urls"),
    ("set_b2b_price", (ORDER, ITEM, 5, ""), {}, "currency"),
    ("set_invoice_receiver", (ORDER,), {"type": "SOMEBODY"}, "type"),
    ("set_invoice_receiver", (ORDER,), {"type": "CUSTOMER", **PERSON, "city": 5}, "city"),
    ("refund_policies", (ORDER, "item"), {}, "order_item_uuid"),
    ("tickets", (ORDER, "activity"), {}, "activity_uuid"),
    ("ticket", (ORDER, ITEM, ""), {}, "ticket_id"),
    ("cancel_item", (ORDER, ITEM), {"reason": "BORED"}, "reason"),
    ("cancel_item", (ORDER, ITEM), {"reason": "GRACE-PERIOD", "additional_info": "x" * 256}, "additional_info"),
    ("cancel_item", (ORDER, ITEM), {"reason": "GRACE-PERIOD", "integration_data": 5}, "integration_data"),
    ("wait", (ORDER,), {"timeout": -1}, "timeout"),
    ("wait", (ORDER,), {"initial_backoff": float("inf")}, "initial_backoff"),
    ("wait", (ORDER,), {"max_backoff": "5"}, "max_backoff"),
]


@pytest.mark.anyio
@pytest.mark.parametrize("method", CALLS)
async def test_a_method_sends_what_the_api_wants(answering: Any, method: str) -> None:
    client, requests = answering(json=[] if method in LISTS else {})
    arguments, options, verb, path, body = CALLS[method]
    await getattr(client.orders, method)(*arguments, **options)
    (request,) = requests
    assert (request.method, request.url.path, request.url.query) == (verb, path, b"")
    assert (json.loads(request.content) if request.content else None) == body


@pytest.mark.anyio
@pytest.mark.parametrize("method", DOCUMENTS)
async def test_a_document_is_a_pdf(answering: Any, method: str) -> None:
    client, requests = answering(content=PDF)
    arguments, path = DOCUMENTS[method]
    assert await getattr(client.orders, method)(*arguments) == PDF
    assert httpx.URL(requests[0].url).path == path
    assert requests[0].headers["accept"].startswith("application/pdf")


@pytest.mark.anyio
@pytest.mark.parametrize("method", DOCUMENTS)
async def test_a_document_goes_into_a_file(answering: Any, method: str, tmp_path: Path) -> None:
    client, _ = answering(content=PDF, headers={"Content-Type": "application/pdf"})
    assert await getattr(client.orders, method)(*DOCUMENTS[method][0], to=tmp_path / "document.pdf") is None
    assert (tmp_path / "document.pdf").read_bytes() == PDF


@pytest.mark.anyio
@pytest.mark.parametrize("method", DOCUMENTS)
async def test_a_document_has_to_be_called_a_pdf(answering: Any, method: str) -> None:
    client, _ = answering(content=PDF, headers={"Content-Type": "text/html"})
    with pytest.raises(DecodeError, match="text/html"):
        await getattr(client.orders, method)(*DOCUMENTS[method][0])


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "arguments", "options", "wrong"), WRONG)
async def test_what_the_api_could_not_read_is_refused_by_name(
    answering: Any, method: str, arguments: tuple[Any, ...], options: dict[str, Any], wrong: str
) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.orders, method)(*arguments, **options)
    assert (raised.value.argument, requests) == (wrong, [])


@pytest.mark.anyio
async def test_an_order_says_what_is_wanted(answering: Any) -> None:
    client, requests = answering(json={"uuid": ORDER})
    options = {"email_notification": "NONE", "affiliate": "acme", "affiliate_channel": "web", "source": "shop"}
    await client.orders.create(CART, extra_data={"trip": "città"}, sms_notification_to="+39333", cid="c", **options)
    (request,) = requests
    assert (request.method, request.url.path, dict(request.url.params)) == ("POST", "/orders", {"cid": "c"})
    extra = {"cart_uuid": CART, "extra_data": '{"trip":"città"}', "sms_notification_to": "+39333"}
    assert json.loads(request.content) == {**options, **extra}


@pytest.mark.anyio
async def test_an_old_order_takes_a_secure_code(answering: Any) -> None:
    client, requests = answering(json={})
    await client.orders.get(1234, secure_code="s3")
    assert (requests[0].url.path, dict(requests[0].url.params)) == ("/orders/1234", {"secure_code": "s3"})


@pytest.mark.anyio
async def test_a_reason_newer_than_this_library_can_be_given(answering: Any) -> None:
    client, requests = answering(204)
    await client.orders.cancel_item(ORDER, ITEM, reason=CancellationReason("ACT-OF-GOD"))
    assert json.loads(requests[0].content) == {"cancellation_reason": "ACT-OF-GOD"}


@pytest.mark.anyio
async def test_nothing_that_comes_back_is_no_error(answering: Any) -> None:
    client, _ = answering(404, json={"code": "1400", "message": "Nothing"})
    assert await client.orders.refund_policies(ORDER, ITEM) == ()
    with pytest.raises(NotFoundError):
        await client.orders.refunds(ORDER)


def order(*statuses: str) -> dict[str, Any]:
    items = [{"uuid": f"00000000-0000-4000-8000-{n:012}", "status": status} for n, status in enumerate(statuses)]
    return {"uuid": ORDER, "items": items}


def seen(*answers: dict[str, Any] | int | Exception) -> tuple[MusementClient, list[float]]:
    """A client that reads an order in these states, one after the other, and repeats the last; and its read times."""
    left: Iterator[dict[str, Any] | int | Exception] = iter(answers)
    looks: list[float] = []

    def handle(_: httpx.Request) -> httpx.Response:
        looks.append(anyio.current_time())
        answer = next(left, answers[-1])
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer) if isinstance(answer, int) else httpx.Response(200, json=answer)

    transport = httpx.MockTransport(handle)
    return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport), looks


@pytest.mark.anyio
@pytest.mark.parametrize("passing", [503, 429, httpx.ReadTimeout("slow"), httpx.ConnectError("away")])
async def test_waiting_goes_on_until_every_item_is_settled(passing: Any) -> None:
    client, looks = seen(order("PENDING", "PENDING"), passing, order("OK", "PENDING"), order("OK", "KO"))
    found = await client.orders.wait(ORDER, initial_backoff=0.001, max_backoff=0.001)
    assert [item.status for item in found.items] == ["OK", "KO"]
    assert (found.is_settled, found.items[1].failed, len(looks)) == (True, True, 4)


@pytest.mark.anyio
async def test_pauses_grow_up_to_the_longest() -> None:
    client, looks = seen(*[order("PENDING")] * 5, order("OK"))
    await client.orders.wait(ORDER, initial_backoff=0.02, max_backoff=0.04)
    pauses = [later - sooner for sooner, later in pairwise(looks)]
    assert all(pause >= least for pause, least in zip(pauses, [0.02, 0.03, 0.04, 0.04, 0.04], strict=True))


@pytest.mark.anyio
async def test_too_long_a_wait_says_what_is_pending() -> None:
    client, looks = seen(order("OK", "PENDING"))
    with pytest.raises(OrderPendingError) as raised:
        await client.orders.wait(ORDER, timeout=0.5, initial_backoff=0.001)
    (pending,) = raised.value.pending
    assert (str(pending.uuid)[-1], raised.value.order.items[0].is_settled) == ("1", True)
    assert str(pending.uuid) in str(raised.value)
    assert len(looks) > 1


@pytest.mark.anyio
async def test_a_last_look_that_fails_does_not_hide_what_is_pending() -> None:
    client, _ = seen(order("PENDING"), 503)
    with pytest.raises(OrderPendingError):
        await client.orders.wait(ORDER, timeout=0.01, initial_backoff=0.001)


@pytest.mark.anyio
async def test_an_order_without_items_is_not_settled() -> None:
    client, _ = seen(order())
    with pytest.raises(OrderPendingError, match="without items"):
        await client.orders.wait(ORDER, timeout=0)


@pytest.mark.anyio
@pytest.mark.parametrize(("passing", "error"), [(503, ServerError), (httpx.ConnectError("away"), NetworkError)])
async def test_an_api_that_is_away_for_the_whole_wait_is_an_error(passing: Any, error: type[Exception]) -> None:
    client, _ = seen(passing)
    with pytest.raises(error):
        await client.orders.wait(ORDER, timeout=0)


@pytest.mark.anyio
async def test_an_order_that_does_not_exist_is_not_waited_for() -> None:
    client, looks = seen(404)
    with pytest.raises(NotFoundError):
        await client.orders.wait(ORDER)
    assert len(looks) == 1
