"""Errors of a checkout that hold models."""

from uuid import UUID

from musement_async.checkout.money import Money
from musement_async.errors import MusementError
from musement_async.models.carts import OrderPaymentStatus
from musement_async.models.orders import Order
from musement_async.models.payments import Payment3dSecure


class PriceChangedError(MusementError):
    """The total is not the one that the customer agreed to. Raised before anything is ordered or paid.

    Show ``actual``. If the customer agrees to it, repeat the step with ``expected_total=error.actual``.

    Attributes:
        expected: What the customer agreed to, or what the checkout last showed.
        actual: What it is now; None if the API does not say.
        cart_uuid: The cart.
        order_uuid: The order; None before it is made.
    """

    def __init__(
        self, expected: Money, actual: Money | None, *, cart_uuid: UUID | None = None, order_uuid: UUID | None = None
    ) -> None:
        super().__init__(
            f"the total is {'not told' if actual is None else actual}, not {expected}; nothing was sent: "
            "if the customer agrees, pass expected_total=... with the new total"
        )
        self.expected = expected
        self.actual = actual
        self.cart_uuid = cart_uuid
        self.order_uuid = order_uuid


class PaymentPendingError(MusementError):
    """An order that is not paid: the customer still has to confirm the payment, or no payment was passed.

    Attributes:
        order: The order, as it was last seen.
        confirmation: What the customer still has to do; None if that is not known here. It is known to the process
            that sent the payment alone: keep it if another process may have to go on.
        status: How far the API says that the payment has come; None if it was not asked.
    """

    def __init__(
        self,
        message: str,
        *,
        order: Order,
        confirmation: Payment3dSecure | None = None,
        status: OrderPaymentStatus | None = None,
    ) -> None:
        super().__init__(message)
        self.order = order
        self.confirmation = confirmation
        self.status = status
