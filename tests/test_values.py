"""Values that are checked when they are made."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

import pytest

from musement_async import ArgumentError, BundleConfiguration, Coordinates, Money, NewCartItem, PriceRange
from musement_async.models import Price


def test_coordinates_are_written_without_an_exponent() -> None:
    assert str(Coordinates(0.0000001, -179.5)) == "0.000000,-179.500000"


def test_a_price_range_is_written_with_two_decimals() -> None:
    assert str(PriceRange(0, Decimal("34.235"))) == "0.00,34.24"


@pytest.mark.parametrize(
    "value",
    [
        Coordinates(1, 2),
        Money(Decimal("12.50"), "EUR"),
        Price(value=Decimal("12.50"), currency="EUR"),
        PriceRange(0, 9),
    ],
)
def test_a_value_is_formatted_as_its_text_is(value: object) -> None:
    assert f"{value:>30}" == str(value).rjust(30)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Money(cast("Any", "12.50"), "EUR"),
            r'^amount: must be a number, such as Decimal\("12.50"\), not str$',
        ),
        (lambda: Coordinates(cast("Any", "41.9"), 12.5), "^latitude: must be a number from -90 to 90, not str$"),
        (lambda: PriceRange(0, cast("Any", "9")), "^greatest: must be a number from 0 to below 100000, not str$"),
        (lambda: NewCartItem("musement", "p", cast("Any", "2")), "^quantity: must be a whole number above 0, not str$"),
    ],
)
def test_a_number_as_text_is_refused_as_text(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        make()


def test_a_price_is_not_made_of_another_number() -> None:
    with pytest.raises(TypeError, match=r"^an amount of money must be a Decimal, not float$"):
        Price(value=cast("Any", 12.5))


@pytest.mark.parametrize("value", [-90.1, 91, float("nan"), float("inf"), "41.9", None, True])
def test_a_latitude_is_a_number_of_degrees(value: Any) -> None:
    with pytest.raises(ArgumentError) as raised:
        Coordinates(value, 12.5)
    assert raised.value.argument == "latitude"


@pytest.mark.parametrize("value", [-180.1, 181, float("nan"), "12", None])
def test_a_longitude_is_a_number_of_degrees(value: Any) -> None:
    with pytest.raises(ArgumentError) as raised:
        Coordinates(41.9, value)
    assert raised.value.argument == "longitude"


@pytest.mark.parametrize(
    ("least", "greatest", "argument"),
    [
        (-1, 1, "least"),
        ("0", 1, "least"),
        (Decimal("NaN"), 1, "least"),
        (Decimal("sNaN"), 1, "least"),
        (0, float("inf"), "greatest"),
        (0, 100_000, "greatest"),
        (0, Decimal("99999.995"), "greatest"),
        (5, 1, "greatest"),
    ],
)
def test_a_price_range_goes_from_a_price_to_a_greater_one(least: Any, greatest: Any, argument: str) -> None:
    with pytest.raises(ArgumentError) as raised:
        PriceRange(least, greatest)
    assert raised.value.argument == argument


def test_values_are_compared_by_their_parts() -> None:
    assert Coordinates(1, 2) == Coordinates(1, 2)
    assert PriceRange(1, 2) != PriceRange(1, 3)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("activity_uuid", "x"),
        ("activity_uuid", None),
        ("discount", -1),
        ("discount", 101),
        ("discount", "10"),
        ("apply_discount_percent", "YES"),
        ("apply_discount_percent", 1),
        ("dont_apply_on_first_product", 0),
    ],
)
def test_a_bundle_is_configured_by_a_uuid_a_number_and_truth_values(argument: str, value: Any) -> None:
    given: dict[str, Any] = {"activity_uuid": UUID(int=1), "discount": 100, "apply_discount_percent": True}
    with pytest.raises(ArgumentError) as raised:
        BundleConfiguration(**{**given, argument: value})
    assert raised.value.argument == argument


def test_a_discount_that_is_an_amount_may_be_more_than_a_hundred() -> None:
    assert BundleConfiguration(str(UUID(int=1)), 250) == BundleConfiguration(UUID(int=1), 250)


def test_a_price_range_goes_up_to_the_greatest_price_of_the_api() -> None:
    assert str(PriceRange(0.1, Decimal("0.1"))) == "0.10,0.10"
    assert str(PriceRange(0, 99999.99)) == "0.00,99999.99"
