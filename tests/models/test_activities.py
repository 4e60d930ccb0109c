"""Activities, and the API's surprising conventions for them."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from musement_async.models import Activity, DurationRange, OrderBoxElement, Price, parse_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P0D", timedelta()),
        ("P3D", timedelta(days=3)),
        ("P2W", timedelta(days=14)),
        ("PT1H30M", timedelta(minutes=90)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
    ],
)
def test_a_duration_becomes_a_timedelta(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["P999999999W", "P1W1D", "P1M", "P1Y", "P", "", "90", "1:30", "P9999999999999D"])
def test_a_duration_without_a_fixed_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"not a duration in weeks, days, hours, minutes and seconds: '{text}'"):
        parse_duration(text)


def test_a_range_of_durations_has_two_ends() -> None:
    span = DurationRange(min="PT45M", max="PT2H")

    assert (span.shortest, span.longest) == (timedelta(minutes=45), timedelta(hours=2))


@pytest.mark.parametrize("text", [None, "P0D", "P2M"])
def test_an_end_that_says_nothing_is_none(text: str | None) -> None:
    span = DurationRange(min=text, max=text)

    assert (span.shortest, span.longest) == (None, None)


@pytest.mark.parametrize(
    ("text", "expected"), [("P0D", timedelta()), ("PT12H", timedelta(hours=12)), (None, None), ("soon", None)]
)
def test_times_before_the_start_are_timedeltas(text: str | None, expected: timedelta | None) -> None:
    activity = Activity(uuid=UUID(int=1), cutoff_time=text, max_confirmation_time=text)

    assert (activity.cutoff, activity.max_confirmation) == (expected, expected)


@pytest.mark.parametrize(("text", "expected"), [("P0D", True), ("PT0S", True), ("P2D", False), (None, False)])
def test_only_no_time_at_all_is_instant_confirmation(text: str | None, expected: bool) -> None:  # noqa: FBT001
    assert Activity(uuid=UUID(int=1), max_confirmation_time=text).confirms_instantly is expected


def test_the_customer_pays_the_retail_price() -> None:
    paid = Price(value=Decimal(45))
    activity = Activity(
        uuid=UUID(int=1),
        retail_price=paid,
        original_retail_price=Price(value=Decimal(50)),
        retail_price_without_service_fee=Price(value=Decimal(40)),
        merchant_price=Price(value=Decimal(30)),
    )

    assert activity.customer_price is paid


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ((), False),
        ((OrderBoxElement.TOURS_AND_ACTIVITIES,), False),
        ((OrderBoxElement.TOURS_AND_ACTIVITIES, OrderBoxElement.TOURS_AND_ACTIVITIES_WITH_PICKUP), True),
        ((OrderBoxElement("something-new"),), False),
    ],
)
def test_an_activity_tells_whether_it_needs_a_pickup(elements: tuple[OrderBoxElement, ...], expected: bool) -> None:  # noqa: FBT001
    assert Activity(uuid=UUID(int=1), order_box_elements=elements).needs_pickup is expected
