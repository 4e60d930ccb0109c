"""Details of an activity, and the API's surprising conventions for them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from musement_async.codec import decode
from musement_async.models import (
    Bundle,
    BundleType,
    Destination,
    FinancialInfo,
    ParticipantsRequirements,
    Pickup,
    PickupTag,
    PickupTagSource,
    PickupType,
    RefundPolicy,
    RefundType,
    Taxonomy,
    TaxonomyCategory,
    TaxonomyType,
    TicketCode,
)


def read(body: bytes, kind: Any) -> Any:
    return decode(body, kind, strict=True)


@pytest.mark.parametrize(
    ("period", "notice"),
    [("P2W", timedelta(14)), ("PT12H", timedelta(hours=12)), ("P0D", timedelta()), ("P1M", None), (None, None)],
)
def test_a_refund_policy_knows_how_early_to_cancel(period: str | None, notice: timedelta | None) -> None:
    assert RefundPolicy(period=period).notice == notice


@pytest.mark.parametrize(
    ("body", "is_full"),
    [
        (b'{"type": "PERCENTAGE", "value": 100}', True),
        (b'{"type": "PERCENTAGE", "value": 99.5}', False),
        (b'{"type": "ABSOLUTE", "value": 100, "currency_code": "EUR"}', False),
        (b"{}", False),
    ],
)
def test_only_a_hundred_per_cent_are_a_full_refund(body: bytes, is_full: object) -> None:
    assert read(body, RefundPolicy).is_full is is_full


def test_a_refund_is_exact_and_finite() -> None:
    policy = read(b'{"type": "ABSOLUTE", "value": 35.90}', RefundPolicy)
    assert (policy.type, str(policy.value)) == (RefundType.ABSOLUTE, "35.90")
    with pytest.raises(ValueError, match="finite"):
        RefundPolicy(value=Decimal("NaN"))


def test_a_pickup_point_has_tags() -> None:
    body = b'{"uuid": "%032x", "type": "HOTEL", "latitude": 41.9, "tags": [{"id": "12", "type": "GIATA-CODE"}]}' % 1
    tag = PickupTag(id="12", type=PickupTagSource.GIATA_CODE)
    assert read(body, Pickup) == Pickup(uuid=UUID(int=1), type=PickupType.HOTEL, latitude=41.9, tags=(tag,))


def test_a_destination_is_a_city_and_more() -> None:
    destination = read(b'{"id": 2, "name": "Rome", "default": true}', Destination)
    assert (destination.id, destination.name, destination.default) == (2, "Rome", True)


def test_a_phrase_of_an_unknown_kind_keeps_its_words() -> None:
    phrase = read(b'{"type": "INCLUSION", "category": "SPACE-TRAVEL"}', Taxonomy)
    assert (phrase.type, phrase.category) == (TaxonomyType.INCLUSION, "SPACE-TRAVEL")
    assert phrase.category not in TaxonomyCategory.__members__.values()


def test_a_bundle_holds_activities() -> None:
    bundle = read(
        b'{"bundle_type": "from_second", "activities": [{"uuid": "%032x", "title": "Walk"}]}' % 1,
        Bundle,
    )
    assert (bundle.bundle_type, bundle.activities[0].title) == (BundleType.FROM_SECOND, "Walk")


@pytest.mark.parametrize(("used", "most", "left"), [(1, 3, 2), (3, 2, 0), (None, 2, 2), (5, 0, None), (5, None, None)])
def test_a_ticket_code_without_a_limit_has_no_count_of_what_is_left(
    used: int | None, most: int | None, left: int | None
) -> None:
    assert TicketCode(used=used, max_usage=most).uses_left == left


def test_a_ticket_code_is_dated() -> None:
    code = read(b'{"type": "qrcode", "created_at": "2026-01-02T09:30:00+0000", "expires_at": null}', TicketCode)
    assert (code.created_at, code.expires_at) == (datetime(2026, 1, 2, 9, 30, tzinfo=UTC), None)


def test_commissions_are_finite() -> None:
    assert read(b'{"commission_percentage_deduct": 22.5}', FinancialInfo).commission_percentage_deduct == Decimal(
        "22.5"
    )
    with pytest.raises(ValueError, match="finite"):
        FinancialInfo(commission_fixed_nodeduct=Decimal("Infinity"))


def test_requirements_name_what_is_needed() -> None:
    needs = ParticipantsRequirements(needs_passport=True, needs_firstname=True, needs_email=False)
    assert needs.needed == ("firstname", "passport")
