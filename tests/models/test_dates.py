"""Dates, schedules and products, and the rules about quantities."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from musement_async.codec import decode
from musement_async.models import (
    ActivityDate,
    GroupType,
    MusementProduct,
    Price,
    ProductType,
    Quantities,
    Schedule,
    ScheduleGroup,
    ScheduleProduct,
    ScheduleSlot,
    Timeslot,
)

SCHEDULE = b"""
[{"groups": [{
  "feature_code": "entrance", "name": "Entrance", "description": "", "default": true, "type": "TIME-BASED",
  "slots": [{
    "id": 7, "active": true, "time": "09:30", "languages": [{"code": "it", "name": "Italian"}], "tags": [],
    "availability": 12, "max_buy": -1, "min_buy": 1,
    "products": [
      {"product_id": "123456789", "type": "musement", "holder_code": "adult", "holder_code_normalized": "ADULT",
       "name": "Adult", "description": null, "default": true, "min_buy": 1, "max_buy": 10, "availability": null,
       "language_codes": ["it"], "age_range": "18-99", "activity_uuid": "b36ba13e-cd53-44dc-8741-b200ada5549a",
       "retail_price": {"currency": "EUR", "value": 35.90}, "discount_amount": {"currency": "EUR", "value": 0}},
      {"product_id": "kN3-_xyz==", "type": "musement-realtime", "name": "Child", "max_buy": 0}
    ]
  }]
}, {"feature_code": "pass", "type": "DAY-BASED", "slots": [{"time": "00:00", "products": []}]}]}]
"""


def test_a_schedule_is_read_down_to_its_products() -> None:
    (schedule,) = decode(SCHEDULE, tuple[Schedule, ...], strict=True)
    (first, slot, adult), (_, _, child) = schedule.offers()
    assert (first.feature_code, slot.time, slot.languages[0].code) == ("entrance", time(9, 30), "it")
    assert adult.customer_price == Price(currency="EUR", value=Decimal("35.90"))
    assert (adult.type, child.type) == (ProductType.MUSEMENT, ProductType.MUSEMENT_REALTIME)
    assert (adult.places_left, adult.cap, slot.cap) == (None, 10, 12)
    assert [group.has_times for group in schedule.groups] == [True, False]


@pytest.mark.parametrize("sent", [b'"123456789"', b"123456789"])
def test_the_id_of_a_product_is_text_even_if_it_comes_as_a_number(sent: bytes) -> None:
    schedule = decode(SCHEDULE.replace(b'"123456789"', sent), tuple[Schedule, ...])[0]
    assert [product.product_id for _, _, product in schedule.offers()] == ["123456789", "kN3-_xyz=="]


def test_a_day_is_read_with_its_prices() -> None:
    day = decode(
        b"""{"day": "2026-12-01", "sold_out": false, "retail_price": {"value": 20.5, "currency": "EUR"},
        "retail_prices_with_custom_discount": [{"value": 18.45}, {"value": 17}]}""",
        ActivityDate,
        strict=True,
    )
    assert day.day == date(2026, 12, 1)
    assert day.customer_price == Price(value=Decimal("20.5"), currency="EUR")
    assert [price.value for price in day.retail_prices_with_custom_discount] == [Decimal("18.45"), Decimal(17)]


@pytest.mark.parametrize(
    ("limits", "least", "cap"),
    [
        ({}, 1, None),
        ({"min_buy": -1, "max_buy": -1, "availability": -1}, 1, None),
        ({"min_buy": 0, "max_buy": 0}, 1, 0),
        ({"min_buy": 2, "max_buy": 8, "availability": 5}, 2, 5),
        ({"max_buy": 4, "availability": 30}, 1, 4),
        ({"max_buy": -1, "availability": 3}, 1, 3),
        ({"max_buy": 9, "availability": 0}, 1, 0),
    ],
)
def test_a_quantity_is_bound_by_the_cap_and_by_the_places_left(
    limits: dict[str, int], least: int, cap: int | None
) -> None:
    quantities = Quantities(**limits)
    assert (quantities.least, quantities.cap) == (least, cap)
    assert quantities.is_open is (cap != 0)


@pytest.mark.parametrize(("quantity", "expected"), [(1, False), (2, True), (4, True), (5, False)])
def test_quantities_between_the_fewest_and_the_most_are_accepted(quantity: int, *, expected: bool) -> None:
    assert Quantities(min_buy=2, max_buy=4).accepts(quantity) is expected


def test_any_quantity_is_accepted_where_there_is_no_cap() -> None:
    assert Quantities(max_buy=-1).accepts(1000)


def test_fewer_places_than_have_to_be_booked_are_none() -> None:
    assert not Quantities(min_buy=3, availability=2).is_open


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        (ScheduleSlot(products=(ScheduleProduct(max_buy=0), ScheduleProduct())), True),
        (ScheduleSlot(products=(ScheduleProduct(max_buy=0),)), False),
        (ScheduleSlot(products=()), False),
        (ScheduleSlot(max_buy=0, products=(ScheduleProduct(),)), False),
        (ScheduleSlot(active=False, products=(ScheduleProduct(),)), False),
    ],
    ids=repr,
)
def test_a_slot_is_open_while_one_of_its_products_is(slot: ScheduleSlot, *, expected: bool) -> None:
    assert slot.is_open is expected


@pytest.mark.parametrize(("kind", "expected"), [("TIME-BASED", True), ("DAY-BASED", False), ("NEW", True)])
def test_times_of_day_based_groups_mean_nothing(kind: str, *, expected: bool) -> None:
    assert ScheduleGroup(type=GroupType(kind)).has_times is expected


@pytest.mark.parametrize(("availability", "left"), [(None, None), (-1, None), (0, 0), (7, 7)])
def test_a_timeslot_says_how_many_places_are_left(availability: int | None, left: int | None) -> None:
    assert Timeslot(availability=availability).places_left == left


def test_a_timeslot_may_have_an_offset() -> None:
    read = decode(b'{"datetime": "2026-12-01T09:30:00+0000", "availability": 3, "validity": 0}', Timeslot, strict=True)
    assert read.datetime == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_a_product_is_read_as_timeslots_and_orders_have_it() -> None:
    product = decode(
        b"""{"id": "123", "type": "musement", "max_confirmation_time": "P2D", "date": "2026-12-01 09:30",
        "price_tag": {"ticket_holder_code": "adult", "price_feature_code": "entrance"}, "min_buy": 1, "max_buy": -1,
        "language": {"code": "it"}, "pickup": {"uuid": "00000000000000000000000000000001"},
        "retail_price": {"value": 9.5}}""",
        MusementProduct,
        strict=True,
    )
    assert product.date == datetime(2026, 12, 1, 9, 30)  # noqa: DTZ001 - local time
    assert product.max_confirmation == timedelta(days=2)
    assert product.customer_price == Price(value=Decimal("9.5"))
    assert product.accepts(50)
