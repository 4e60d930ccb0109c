"""Ways to pay for the order of a checkout."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import attrs

from musement_async.auth import MusementAuth
from musement_async.checkout.money import Money
from musement_async.errors import ArgumentError
from musement_async.models.carts import OrderPaymentStatus
from musement_async.models.orders import Order
from musement_async.models.payments import CardPayment, PaypalPaymentRedirect

# The money is on its way, or further: another payment would be a second one.
UNDER_WAY = frozenset(
    {
        OrderPaymentStatus.AUTHORIZED,
        OrderPaymentStatus.CAPTURE,
        OrderPaymentStatus.BOOKING_STARTED,
        OrderPaymentStatus.BOOKING_OK,
        OrderPaymentStatus.BOOKING_PARTIALLY_FAILED,
        OrderPaymentStatus.BOOKING_HANGED,
        OrderPaymentStatus.BOOKING_QUARANTINED,
    }
)


@attrs.frozen
class Invoice:
    """Payment by invoice: the order goes on the partner's account (``client.payments.no_payment``).

    It is for client credentials with the scope ``no-payment``.
    """


Payment: TypeAlias = Callable[[Order], Awaitable[object]] | Invoice


def check_payment(payment: object) -> None:
    """Check the ``payment`` argument.

    Raises:
        ArgumentError: It is neither ``Invoice()`` nor a function.
    """
    if payment is not None and (isinstance(payment, type) or not (isinstance(payment, Invoice) or callable(payment))):
        raise ArgumentError("payment", "must be Invoice(), or a function that pays for an order")


def is_free(total: Money | None) -> bool:
    """Whether a total is zero. One that the API does not tell may be anything."""
    return total is not None and total.amount == 0


def check_before_order(payment: Payment | None, total: Money | None, auth: MusementAuth) -> None:
    """Refuse a payment that cannot work, while there is no order yet.

    Raises:
        ArgumentError: There is something to pay, and no payment; or it is one by invoice, and the session may not.
    """
    if payment is None and not is_free(total):
        price = "an unknown total" if total is None else total
        raise ArgumentError("payment", f"is needed for {price}: pass payment=Invoice() or a function that pays")
    check_invoice(payment, total, auth)


def check_invoice(payment: Payment | None, total: Money | None, auth: MusementAuth) -> None:
    """Refuse a payment by invoice that the session may not make.

    Raises:
        ArgumentError: It may not, and there is something to pay.
    """
    if isinstance(payment, Invoice) and not is_free(total) and not auth.may_pay_by_invoice:
        raise ArgumentError(
            "payment", "cannot be Invoice() in a customer's session: pass payment=..., a function that pays by card"
        )


def is_unfinished(result: object) -> bool:
    """Whether the customer still has to confirm a payment, by the result of its call."""
    if isinstance(result, CardPayment):
        return not result.is_complete
    return isinstance(result, PaypalPaymentRedirect) and result.redirect_url is not None
