"""The options and the results of a checkout."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict
from uuid import UUID

import attrs

from musement_async.checkout.money import Money, owed
from musement_async.forms import Form
from musement_async.models.orders import Order, OrderItem
from musement_async.resources.orders import EmailNotification


class OrderOptions(TypedDict, total=False):
    """The options of an order, as ``client.orders.create`` explains them."""

    email_notification: EmailNotification | None
    extra_data: Mapping[str, object] | None
    affiliate: str | None
    affiliate_channel: str | None
    sms_notification_to: str | None
    source: str | None


class Polling(TypedDict, total=False):
    """The options of a wait for an order, as ``client.orders.wait`` explains them."""

    timeout: float
    initial_backoff: float
    max_backoff: float


@attrs.frozen
class CheckoutForms:
    """The forms to fill in before a cart can be ordered.

    Attributes:
        customer: The form for the customer; None if nothing is asked.
        participants: The forms for those who take part, by the id of the cart's item; items that ask nothing are
            left out. Answers are a list with one mapping per participant.
    """

    customer: Form | None
    participants: Mapping[UUID, Form]


@attrs.frozen
class SavedVoucher:
    """A voucher of an order.

    Attributes:
        item_uuid: The order's item that it is for.
        url: Where it is.
        path: The file it was saved to; None if it was not.
    """

    item_uuid: UUID | None
    url: str
    path: Path | None = None


@attrs.frozen
class Booking:
    """A checkout's result. Settled is not booked: look at :attr:`refused`.

    Attributes:
        order: The order; every item of it is confirmed or refused.
        vouchers: The vouchers so far.
    """

    order: Order
    vouchers: tuple[SavedVoucher, ...]

    @property
    def refused(self) -> tuple[OrderItem, ...]:
        """The items that the supplier refused. Nobody can use them, and nobody owes anything for them."""
        return tuple(item for item in self.order.items if item.failed)

    @property
    def owed(self) -> Money | None:
        """The total without the refused items; ``order.total_price`` is still the total of all that was ordered.

        None where the API does not say enough: a price is missing, or only some items of a discounted order were
        refused.
        """
        return owed(self.order)
