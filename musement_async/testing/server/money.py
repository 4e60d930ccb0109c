"""Prices: one euro amount, shown in every currency by a fixed table of rates."""

from decimal import Decimal
from typing import Any

from attrs import frozen

_NBSP = "\u00a0"


@frozen
class Currency:
    """A currency: its symbol, its value of one euro, and its decimal places."""

    code: str
    sign: str
    rate: Decimal
    places: int = 2

    def minor(self, euro_cents: int) -> int:
        """The amount in the smallest unit of this currency."""
        return round((euro_cents * self.rate).scaleb(self.places - 2))


CURRENCIES = {
    code: Currency(code, sign, Decimal(rate), places)
    for code, sign, rate, places in (
        ("EUR", "€", "1", 2),
        ("USD", "$", "1.08", 2),
        ("GBP", "£", "0.85", 2),
        ("CHF", "CHF", "0.95", 2),
        ("SEK", "SEK", "11.20", 2),
        ("NOK", "NOK", "11.50", 2),
        ("DKK", "DKK", "7.46", 2),
        ("PLN", "PLN", "4.30", 2),
        ("CZK", "CZK", "25.00", 2),
        ("AED", "AED", "3.97", 2),
        ("AUD", "A$", "1.65", 2),
        ("CAD", "CA$", "1.48", 2),
        ("BRL", "R$", "5.90", 2),
        ("JPY", "¥", "165", 0),
    )
}


@frozen
class Amounts:
    """The price of an activity, in the smallest unit of a currency."""

    base: int
    discount: int
    fee: int

    @property
    def retail(self) -> int:
        """The price that the customer pays."""
        return self.base - self.discount + self.fee


def amounts(euro_cents: int, discount_percent: Decimal | int, fee_euro_cents: int, currency: Currency) -> Amounts:
    """The parts of a price in a currency, each rounded once, so that their sums are exact."""
    base = currency.minor(euro_cents)
    return Amounts(base, round(Decimal(base) * discount_percent / 100), currency.minor(fee_euro_cents))


def price(minor: int, currency: Currency, language: str) -> dict[str, Any]:
    """The JSON of one price."""
    major = Decimal(minor).scaleb(-currency.places)
    whole = major == major.to_integral_value()
    plain = f"{major:,.{currency.places}f}"
    return {
        "currency": currency.code,
        "value": int(major) if whole else float(major),
        "formatted_value": f"{currency.sign} {plain.replace(',', '')}",
        "formatted_iso_value": _localised(plain, currency.sign, language),
    }


def _localised(plain: str, sign: str, language: str) -> str:
    if language == "it":
        return plain.translate(str.maketrans(",.", ".,")) + _NBSP + sign
    return f"{sign}{_NBSP if sign.isalpha() else ''}{plain}"


def prices(parts: Amounts, currency: Currency, language: str) -> dict[str, Any]:
    """The five price objects of an activity."""
    values = {
        "service_fee": parts.fee,
        "retail_price": parts.retail,
        "retail_price_without_service_fee": parts.base - parts.discount,
        "original_retail_price_without_service_fee": parts.base,
        "original_retail_price": parts.base + parts.fee,
    }
    return {name: price(minor, currency, language) for name, minor in values.items()}
