from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from musement_async.models.durations import parse_duration
from musement_async.testing import LocalMusement

Buyer = Any
Json = dict[str, Any]
REASON = {"cancellation_reason": "CANCELLED-BY-CUSTOMER"}
SECONDS_OF_A_DAY = 86_400


@pytest.fixture
def paid(buyer: Buyer) -> Json:
    """A paid order of two places, confirmed at once, with free cancellation."""
    order: Json = buyer.paid(buyer.plain().times(2))
    return order


@pytest.fixture
def path(paid: Json) -> str:
    """The path of the order's item."""
    return f"/orders/{paid['uuid']}/items/{paid['items'][0]['uuid']}"


def test_refund_policies_are_dated(buyer: Buyer, path: str) -> None:
    (policy,) = buyer.get(f"{path}/refund-policies")
    assert (policy["type"], policy["value"], policy["period"]) == ("PERCENTAGE", 100, "P1D")
    start = datetime.fromisoformat(buyer.get(path.partition("/items")[0])["items"][0]["product"]["date"])
    assert policy["applicable_until"] == f"{start - timedelta(days=1):%Y-%m-%d %H:%M}"
    left = start - timedelta(days=1) - datetime(2026, 6, 1)  # noqa: DTZ001 - local time
    assert parse_duration(policy["remaining_time"]) == left


def test_without_free_cancellation_there_are_no_policies(buyer: Buyer) -> None:
    strict = buyer.offer(lambda activity: not activity.flags["free_cancellation"])
    order = buyer.paid(strict.entry)
    answer = buyer.ask(f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}/refund-policies")
    assert answer.json()["code"] == "1400"


def test_a_cancelled_item_is_refunded_after_a_while(buyer: Buyer, paid: Json, path: str, clock: Any) -> None:
    more = {"cancellation_additional_info": "Rain.", "cancellation_integration_data": {"id": 7}}
    assert buyer.ask(path, "DELETE", json={**REASON, **more}).status_code == 204
    order = buyer.get(f"/orders/{paid['uuid']}")
    (item,) = order["items"]
    assert (order["status"], item["status"]) == ("REFUND_STARTED", "REFUND_STARTED")
    assert (item["cancellation_reason"], item["cancellation_additional_info"]) == ("CANCELLED-BY-CUSTOMER", "Rain.")
    assert buyer.get(f"/orders/{paid['uuid']}/refunds") == []
    clock.now += 2
    assert buyer.get(f"/orders/{paid['uuid']}")["status"] == "REFUNDED"
    (refund,) = buyer.get(f"/orders/{paid['uuid']}/refunds")
    assert refund["amount"] == paid["total_price"]


@pytest.mark.parametrize(
    ("number", "expected"), [(1, lambda total: total * 50 // 100), (2, lambda total: min(total, 750))]
)
def test_what_comes_back_follows_the_policies(buyer: Buyer, clock: Any, number: int, expected: Any) -> None:
    offer = buyer.offer(
        lambda activity: (
            activity.number % 3 == number
            and activity.flags["free_cancellation"]
            and activity.confirmation == "P0D"
            and not activity.flags["open"]
        )
    )
    order = buyer.paid(offer.entry)
    path = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}"
    first, second = buyer.get(f"{path}/refund-policies")
    until = datetime.fromisoformat(first["applicable_until"]) - datetime(2026, 6, 1)  # noqa: DTZ001 - local time
    clock.now += until.total_seconds()
    assert len(buyer.get(f"{path}/refund-policies")) == 2
    clock.now += 1
    (left,) = buyer.get(f"{path}/refund-policies")
    assert left["uuid"] == second["uuid"]
    assert buyer.ask(path, "DELETE", json=REASON).status_code == 204
    clock.now += 2
    (refund,) = buyer.get(f"/orders/{order['uuid']}/refunds")
    total = round(order["total_price"]["value"] * 100)
    assert round(refund["amount"]["value"] * 100) == expected(total)


def test_nothing_comes_back_of_what_is_not_refundable(buyer: Buyer, clock: Any) -> None:
    strict = buyer.offer(lambda activity: not activity.flags["free_cancellation"])
    order = buyer.paid(strict.entry)
    path = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}"
    assert buyer.ask(path, "DELETE", json=REASON).status_code == 204
    clock.now += 2
    assert buyer.get(f"/orders/{order['uuid']}")["items"][0]["status"] == "REFUNDED"
    assert buyer.get(f"/orders/{order['uuid']}/refunds") == []


@pytest.mark.parametrize(
    "body", [{}, {"cancellation_reason": "BORED"}, {**REASON, "cancellation_additional_info": "x" * 256}, []]
)
def test_a_cancellation_needs_a_reason(buyer: Buyer, path: str, body: object) -> None:
    assert buyer.ask(path, "DELETE", json=body).status_code == 400


def test_an_item_is_cancelled_once(buyer: Buyer, path: str) -> None:
    assert [buyer.ask(path, "DELETE", json=REASON).status_code for _ in range(2)] == [204, 409]


def test_an_item_that_is_not_paid_for_or_over_cannot_be_cancelled(
    buyer: Buyer, paid: Json, path: str, clock: Any
) -> None:
    order = buyer.order(buyer.plain().entry)
    unpaid = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}"
    assert buyer.ask(unpaid, "DELETE", json=REASON).status_code == 409
    clock.now += 800 * SECONDS_OF_A_DAY
    assert buyer.ask(path, "DELETE", json=REASON).status_code == 409


def test_customers_may_not_cancel(customer: Buyer, path: str) -> None:
    assert customer.ask(path, "DELETE", json=REASON).status_code == 403


def test_client_credentials_may_lack_the_permission(clock: Any, send_to: Any, buyer: Buyer) -> None:
    local = LocalMusement(clock=clock, permissions=(), require_token=False)
    path = f"/orders/{uuid4()}/items/{uuid4()}"
    assert send_to(local, path, "DELETE", json=REASON).status_code == 401
    login = {"client_id": "local-client", "client_secret": "local-secret", "grant_type": "client_credentials"}
    token = send_to(local, "/login", params=login).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert send_to(local, path, "DELETE", json=REASON, headers=headers).status_code == 403


def test_an_item_that_there_is_not_is_not_found(buyer: Buyer, paid: Json) -> None:
    path = f"/orders/{paid['uuid']}"
    assert buyer.ask(f"{path}/items/{uuid4()}/refund-policies").status_code == 404
    assert buyer.ask(f"{path}/activities/{uuid4()}/tickets").status_code == 404


def test_a_supplier_settles_a_booking(buyer: Buyer) -> None:
    slow = buyer.offer(lambda activity: activity.confirmation != "P0D")
    order = buyer.paid(slow.entry)
    path = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}"
    assert buyer.post(path, {"status": "NEEDS-CONFIRM"}, "PATCH")["status"] == "PENDING"
    urls = ["https://vouchers.example.com/1.pdf"]
    item = buyer.post(path, {"status": "BOOKING-CONFIRMED", "voucher_urls": urls}, "PATCH")
    assert (item["status"], item["vouchers"]) == ("OK", [{"url": urls[0]}])
    assert buyer.ask(path, "PATCH", json={"status": "CONFIRM-REFUSED"}).status_code == 409


def test_a_supplier_may_leave_a_booking_open(buyer: Buyer) -> None:
    order = buyer.paid(buyer.offer(lambda activity: activity.confirmation != "P0D").entry)
    path = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}"
    assert buyer.post(path, {"voucher_urls": ["https://vouchers.example.com/1.pdf"]}, "PATCH")["status"] == "PENDING"


def test_an_item_can_be_moved_to_another_time(buyer: Buyer, paid: Json, path: str) -> None:
    activity = paid["items"][0]["product"]["activity_uuid"]
    day = next(
        day["day"]
        for day in buyer.get(f"/activities/{activity}/dates")
        if not day["sold_out"] and day["day"] > paid["items"][0]["product"]["date"]
    )
    (schedule,) = buyer.get(f"/activities/{activity}/dates/{day}")
    slot = next(slot for slot in schedule["groups"][0]["slots"] if slot["availability"] >= 2)
    product = buyer.post(f"{path}/product", {"date": f"{day} {slot['time']}:00"}, "PATCH")
    assert product["datetime"] == f"{day}T{slot['time']}:00"
    order = buyer.get(f"/orders/{paid['uuid']}")
    assert order["items"][0]["product"]["date"] == f"{day} {slot['time']}"
    assert order["total_price"] == paid["total_price"]
    for date, status in (("2020-01-01 09:00:00", 404), (f"{day} 03:33:00", 404), ("soon", 400)):
        assert buyer.ask(f"{path}/product", "PATCH", json={"date": date}).status_code == status


def test_a_b2b_price_is_set_once(buyer: Buyer, paid: Json, path: str) -> None:
    statuses = [
        buyer.ask(f"{path}/b2b-price", "PATCH", json={"currency": currency, "b2b_price": value}).status_code
        for currency, value in (("USD", 9), ("EUR", -1), ("EUR", 9.5), ("EUR", 9.5))
    ]
    assert statuses == [400, 422, 200, 409]
    assert buyer.get(f"/orders/{paid['uuid']}")["items"][0]["b2b_price"]["value"] == 9.5


def test_vouchers_are_pdfs_that_need_no_token(buyer: Buyer, paid: Json, local: LocalMusement, send_to: Any) -> None:
    (voucher,) = paid["items"][0]["vouchers"]
    response = send_to(local, voucher["url"], headers={"X-Musement-Application": ""})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF-")
    assert paid["identifier"].encode() in response.content
    assert send_to(local, voucher["url"].replace(".pdf", "x.pdf")).status_code == 404


def test_tickets_are_listed_and_fetched(buyer: Buyer, paid: Json) -> None:
    activity = paid["items"][0]["product"]["activity_uuid"]
    path = f"/orders/{paid['uuid']}/activities/{activity}"
    (ticket,) = buyer.get(f"{path}/tickets")
    assert ticket["price_feature_code"] == "STANDARD"
    for document in (f"tickets/{ticket['id']}", "voucher"):
        assert buyer.ask(f"{path}/{document}").content.startswith(b"%PDF-")
    assert buyer.ask(f"{path}/tickets/none").status_code == 404


def test_before_it_is_booked_there_is_nothing_to_print(buyer: Buyer) -> None:
    offer = buyer.offer(lambda activity: activity.seller == "local-seller")
    order = buyer.order(offer.entry)
    path, item = f"/orders/{order['uuid']}", order["items"][0]["uuid"]
    activity = f"{path}/activities/{offer.activity.uuid}"
    statuses = [
        buyer.ask(where).status_code
        for where in (
            f"{activity}/tickets",
            f"{activity}/voucher",
            f"{path}/items/{item}/voucher/booking",
            f"{path}/items/{item}/vouchers-external",
        )
    ]
    assert statuses == [404, 409, 404, 409]


def test_external_vouchers_are_for_the_systems_of_suppliers(buyer: Buyer, path: str) -> None:
    offer = buyer.offer(lambda activity: activity.seller == "local-seller" and activity.confirmation == "P0D")
    order = buyer.paid(offer.entry)
    real = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}/vouchers-external"
    assert buyer.ask(real).content.startswith(b"%PDF-")
    own = buyer.offer(lambda activity: activity.seller == "musement" and activity.confirmation == "P0D")
    order = buyer.paid(own.entry)
    other = f"/orders/{order['uuid']}/items/{order['items'][0]['uuid']}/vouchers-external"
    assert buyer.ask(other).status_code == 404


def test_a_booking_voucher_has_everything_on_it(buyer: Buyer, paid: Json, path: str) -> None:
    voucher = buyer.get(f"{path}/voucher/booking")
    assert voucher["order"]["uuid"] == paid["uuid"]
    assert voucher["activity"]["uuid"] == voucher["product"]["activity_uuid"]
    assert voucher["barcodes"][0]["type"] == "QRCODE"


def test_an_item_has_details_with_the_partners_price_once_that_is_set(buyer: Buyer, paid: Json, path: str) -> None:
    (item,) = paid["items"]
    before = buyer.get(f"/item/{item['uuid']}/general-details")
    assert before.keys() == {"uuid", "product"}
    assert (before["uuid"], before["product"]["details"]["id"]) == (item["uuid"], item["product"]["id"])
    buyer.ask(f"{path}/b2b-price", "PATCH", json={"currency": "EUR", "b2b_price": 9.5})
    assert buyer.get(f"/item/{item['uuid']}/general-details")["b2b_price"]["value"] == 9.5
