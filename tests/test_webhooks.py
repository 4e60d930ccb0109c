"""The receiver of webhooks."""

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from musement_async import (
    ArgumentError,
    Deliveries,
    WebhookCredentials,
    WebhookError,
    parse_order_item_update,
)
from musement_async.models import OrderItemStatus, OrderItemUpdate
from musement_async.webhooks import is_newer

ITEM = UUID("0f5821c5-2046-11e7-9cc9-06a7e332783f")
BODY: dict[str, Any] = {
    "order_id": "1234567",
    "order_uuid": "5a002d99-781b-479b-9a9d-9efadfd34ec2",
    "order_created": "2026-06-01T10:00:00+0000",
    "order_updated": "2026-06-01T12:00:05+0200",
    "order_version": "3",
    "order_item_uuid": str(ITEM),
    "order_item_created": "2026-06-01T10:00:00+0000",
    "order_item_updated": "2026-06-01T10:00:05+0000",
    "order_item_version": "2",
    "order_item_status": "OK",
}
CREDENTIALS = WebhookCredentials("musement", "sécret:with a colon")


def update(version: int, item: UUID = ITEM) -> OrderItemUpdate:
    return OrderItemUpdate(
        order_uuid=UUID(int=1),
        order_item_uuid=item,
        order_item_version=version,
        order_item_status=OrderItemStatus.OK,
    )


def basic(text: str | bytes, scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(text.encode() if isinstance(text, str) else text).decode()}"


def test_the_texts_of_a_webhook_become_numbers_ids_and_times() -> None:
    read = parse_order_item_update(json.dumps(BODY).encode())
    assert (read.order_id, read.order_version, read.order_item_version) == (1234567, 3, 2)
    assert (read.order_item_uuid, read.order_item_status) == (ITEM, OrderItemStatus.OK)
    assert read.order_created == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert read.order_updated == datetime(2026, 6, 1, 10, 0, 5, tzinfo=UTC)


def test_a_status_that_is_not_known_yet_keeps_its_name() -> None:
    assert parse_order_item_update(json.dumps({**BODY, "order_item_status": "NEW"}).encode()).order_item_status == "NEW"


def test_optional_fields_may_be_missing_or_broken() -> None:
    body = {name: value for name, value in BODY.items() if name != "order_version"} | {"order_created": "yesterday"}
    read = parse_order_item_update(json.dumps(body).encode())
    assert (read.order_version, read.order_created, read.order_item_version) == (None, None, 2)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"order_id=3", b"\xff\xfe"])
def test_a_body_that_is_not_an_update_is_refused(body: bytes) -> None:
    with pytest.raises(WebhookError, match="not an update of an order item"):
        parse_order_item_update(body)


@pytest.mark.parametrize("name", ["order_uuid", "order_item_uuid", "order_item_version", "order_item_status"])
def test_an_update_of_nothing_in_particular_is_refused(name: str) -> None:
    without = {other: value for other, value in BODY.items() if other != name}
    for body in (without, {**BODY, name: [1]}):
        with pytest.raises(WebhookError, match=name):
            parse_order_item_update(json.dumps(body).encode())


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_the_agreed_credentials_are_accepted(scheme: str) -> None:
    assert CREDENTIALS.accepts(basic("musement:sécret:with a colon", scheme))


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic ???",
        "Basic é",
        basic(b"musement:\xff"),
        basic("musement:other"),
        basic("someone:sécret:with a colon"),
        basic("musement:sécret:with a colon", "Bearer"),
        "musement:sécret:with a colon",
    ],
)
def test_other_credentials_are_not_accepted(header: str | None) -> None:
    assert not CREDENTIALS.accepts(header)


def test_the_password_does_not_show() -> None:
    assert "colon" not in repr(CREDENTIALS)
    assert "musement" in repr(CREDENTIALS)


@pytest.mark.parametrize(
    ("username", "password", "argument"),
    [("", "secret", "username"), ("a:b", "secret", "username"), (None, "secret", "username"), ("a", "", "password")],
)
def test_credentials_that_cannot_be_shown_are_refused(username: Any, password: str, argument: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        WebhookCredentials(username, password)
    assert caught.value.argument == argument


def test_only_later_versions_of_an_item_are_news() -> None:
    deliveries = Deliveries()
    assert [deliveries.is_new(update(version)) for version in (1, 1, 3, 2, 3, 4)] == [
        True,
        False,
        True,
        False,
        False,
        True,
    ]


def test_each_item_has_versions_of_its_own() -> None:
    deliveries = Deliveries()
    assert [deliveries.is_new(update(5, item)) for item in (uuid4(), uuid4())] == [True, True]
    assert len(deliveries) == 2


def test_a_forgotten_update_is_new_again_and_earlier_ones_are_not() -> None:
    deliveries = Deliveries()
    deliveries.is_new(update(3))
    deliveries.forget(update(3))
    assert [deliveries.is_new(update(version)) for version in (2, 3, 3)] == [False, True, False]


def test_forgetting_an_old_update_leaves_the_later_one() -> None:
    deliveries = Deliveries()
    deliveries.is_new(update(3))
    deliveries.forget(update(2))
    deliveries.forget(update(1, uuid4()))
    assert not deliveries.is_new(update(3))


def test_the_items_heard_of_last_are_remembered() -> None:
    deliveries = Deliveries(capacity=2)
    first, second, third = uuid4(), uuid4(), uuid4()
    for version, item in enumerate((first, second, first, third), start=1):
        deliveries.is_new(update(version, item))
    assert len(deliveries) == 2
    assert [deliveries.is_new(update(1, item)) for item in (first, third, second)] == [False, False, True]


@pytest.mark.parametrize("capacity", [0, -1, True, 1.5])
def test_a_memory_for_nothing_is_refused(capacity: Any) -> None:
    with pytest.raises(ArgumentError, match="capacity"):
        Deliveries(capacity)


def test_an_absurd_version_does_not_silence_an_item() -> None:
    assert [is_newer(version, 2**62) for version in (2**62, 2**62 - 1, 3)] == [False, False, True]
