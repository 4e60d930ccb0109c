"""Requests for feedback."""

from musement_async.models._base import Model
from musement_async.models.activities import Activity
from musement_async.models.customers import Customer
from musement_async.models.orders import Order


class FeedbackRequest(Model, frozen=True, kw_only=True):
    """A customer who took part in an activity is asked about it.

    Attributes:
        nonce: What names the request, in the link that the customer was sent.
        type: What is asked for; the API lists no values.
        event: The activity.
        customer: Who is asked.
        order: What they booked it with.
    """

    nonce: str | None = None
    type: str | None = None
    event: Activity | None = None
    customer: Customer | None = None
    order: Order | None = None
