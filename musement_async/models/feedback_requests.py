"""Requests for feedback."""

from musement_async.models._base import Model
from musement_async.models.activities import Activity
from musement_async.models.customers import Customer
from musement_async.models.orders import Order


class FeedbackRequest(Model, frozen=True, kw_only=True):
    """A request for feedback to a customer who took part in an activity.

    Attributes:
        nonce: The nonce of the request, in the link that the customer was sent.
        type: The kind of the request; the API lists no values.
        event: The activity.
        customer: The customer who is asked.
        order: The order of the booking.
    """

    nonce: str | None = None
    type: str | None = None
    event: Activity | None = None
    customer: Customer | None = None
    order: Order | None = None
