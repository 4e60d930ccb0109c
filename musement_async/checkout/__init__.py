"""The guided way from a choice of tickets to vouchers."""

from musement_async.checkout.errors import PaymentPendingError, PriceChangedError
from musement_async.checkout.flow import Checkout
from musement_async.checkout.money import Money
from musement_async.checkout.payment import Invoice
from musement_async.checkout.results import Booking, CheckoutForms, SavedVoucher

__all__ = [
    "Booking",
    "Checkout",
    "CheckoutForms",
    "Invoice",
    "Money",
    "PaymentPendingError",
    "PriceChangedError",
    "SavedVoucher",
]
