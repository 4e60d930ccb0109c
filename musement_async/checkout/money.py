"""Sums of money that a customer agrees to."""

from decimal import Decimal

import attrs

from musement_async.errors import ArgumentError
from musement_async.models.orders import Order
from musement_async.models.prices import Price
from musement_async.values import is_finite, is_number

_CODE_LENGTH = 3


def _exact(amount: Decimal | float) -> Decimal:
    number: object = amount
    if not is_number(number):
        raise ArgumentError("amount", f'must be a number, such as Decimal("12.50"), not {type(number).__name__}')
    if not is_finite(number):
        raise ArgumentError("amount", "must be a finite number")
    return Decimal(str(number))


def _is_code(_instance: object, attribute: "attrs.Attribute[str]", value: object) -> None:
    if not isinstance(value, str) or len(value) != _CODE_LENGTH or not (value.isascii() and value.isupper()):
        raise ArgumentError(attribute.name, 'must be an ISO 4217 code, such as "EUR"')


@attrs.frozen
class Money:
    """An amount in a currency, such as ``Money(Decimal("60.86"), "EUR")``. Two are equal if both parts are.

    Attributes:
        amount: In major units: euros, not cents.
        currency: ISO 4217 code.

    Raises:
        ArgumentError: One of them is not such a value.
    """

    amount: Decimal = attrs.field(converter=_exact)
    currency: str = attrs.field(validator=_is_code)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def as_money(argument: str, total: Money | Price | None) -> Money | None:
    """A total as a caller may give it.

    Raises:
        ArgumentError: It is neither, or a price without amount or currency.
    """
    given: object = total
    if not isinstance(given, Money | Price | None):
        raise ArgumentError(argument, "must be Money, or a Price of the API")
    if not isinstance(given, Price):
        return given
    if given.value is None or given.currency is None:
        raise ArgumentError(argument, "must have an amount and a currency")
    return Money(given.value, given.currency)


def money_of(price: Price | None) -> Money | None:
    """A price of the API; None where it lacks a part."""
    if price is None or price.value is None or price.currency is None:
        return None
    return Money(price.value, price.currency)


def owed(order: Order) -> Money | None:
    """The total of an order without its refused items; None where the API does not say enough."""
    total = money_of(order.total_price)
    refused = [item for item in order.items if item.failed]
    if total is None or not refused:
        return total
    if len(refused) == len(order.items):
        return Money(Decimal(0), total.currency)
    discount = money_of(order.discount_amount)
    parts = [money_of(item.total_retail_price_in_order_currency) for item in refused]
    if discount is not None and discount.amount:
        return None  # nobody says which items the discount was for
    amount = total.amount
    for part in parts:
        if part is None or part.currency != total.currency:
            return None
        amount -= part.amount
    return Money(amount, total.currency)
