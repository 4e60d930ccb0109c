"""The guided way from a choice of tickets to vouchers."""

from musement_async.checkout.flow import Checkout
from musement_async.checkout.results import Booking, CheckoutForms, SavedVoucher

__all__ = ["Booking", "Checkout", "CheckoutForms", "SavedVoucher"]
