from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from musement_async.testing.server.money import CURRENCIES, amounts, price

Browse = Callable[..., httpx.Response]
PRICES = (
    "service_fee",
    "retail_price",
    "retail_price_without_service_fee",
    "original_retail_price_without_service_fee",
    "original_retail_price",
)


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_prices_of_an_activity_add_up(browse: Browse, currency: str) -> None:
    for activity in browse("/activities", limit=100, currency=currency).json()["data"]:
        fee, retail, retail_without, base, original = (Decimal(str(activity[name]["value"])) for name in PRICES)
        assert original == base + fee
        assert retail == retail_without + fee
        places = Decimal(1).scaleb(-CURRENCIES[currency].places)
        assert (
            retail_without == (base * (100 - activity["discount"]) / 100).quantize(places)
            or abs(retail_without - base * (100 - activity["discount"]) / 100) <= places / 2
        )


@pytest.mark.parametrize(
    ("code", "language", "minor", "expected"),
    [
        ("EUR", "en", 123450, {"value": 1234.5, "formatted_value": "€ 1234.50", "formatted_iso_value": "€1,234.50"}),
        ("EUR", "it", 9500, {"value": 95, "formatted_value": "€ 95.00", "formatted_iso_value": "95,00\u00a0€"}),
        (
            "EUR",
            "it",
            123450,
            {"value": 1234.5, "formatted_value": "€ 1234.50", "formatted_iso_value": "1.234,50\u00a0€"},
        ),
        ("CHF", "en", 9990, {"value": 99.9, "formatted_value": "CHF 99.90", "formatted_iso_value": "CHF\u00a099.90"}),
        ("JPY", "en", 4200, {"value": 4200, "formatted_value": "¥ 4200", "formatted_iso_value": "¥4,200"}),
    ],
)
def test_a_price_is_written_as_its_language_and_currency_have_it(
    code: str, language: str, minor: int, expected: dict[str, Any]
) -> None:
    assert price(minor, CURRENCIES[code], language) == {"currency": code, **expected}


def test_a_whole_value_is_an_integer() -> None:
    assert isinstance(price(9500, CURRENCIES["EUR"], "en")["value"], int)


def test_one_euro_amount_is_shown_in_any_currency() -> None:
    shown = {code: amounts(10_000, 10, 200, CURRENCIES[code]).retail for code in ("EUR", "USD", "SEK", "JPY")}
    assert shown == {"EUR": 9200, "USD": 9936, "SEK": 103040, "JPY": 15180}


def test_values_mix_whole_and_broken_numbers(browse: Browse) -> None:
    values = [activity["retail_price"]["value"] for activity in browse("/activities", limit=100).json()["data"]]
    assert {type(value) for value in values} == {int, float}
