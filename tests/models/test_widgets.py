"""Widgets in the API's form."""

from datetime import UTC, datetime

from musement_async.codec import decode
from musement_async.models import Widget

BODY = b"""{
    "locale": "it-IT",
    "currency": "EUR",
    "code": "rome",
    "created_at": "2024-01-08T10:30:00+0100",
    "updated_at": "2024-01-09T09:30:00Z"
}"""


def test_every_value_of_a_widget_is_kept() -> None:
    assert decode(BODY, Widget, strict=True) == Widget(
        locale="it-IT",
        currency="EUR",
        code="rome",
        created_at=datetime(2024, 1, 8, 9, 30, tzinfo=UTC),
        updated_at=datetime(2024, 1, 9, 9, 30, tzinfo=UTC),
    )
