"""Tables of the check: its exceptions, apart from the known differences."""

from datetime import date
from typing import Any
from uuid import UUID

from musement_async.models._base import Time
from tests.contract.known import Bare, Composed

# Documented parameters without an argument in a method, with the reason.
HIDDEN_PARAMETERS = {"page": "the same as offset in another unit; lists count from offset"}

# Documented properties of bodies without an argument in a method, with the reason.
NOT_SENT = {
    "POST /orders $.cart_id": "deprecated, superseded by cart_uuid",
    "POST /payments/no/payment $.id": "deprecated, superseded by uuid",
    "POST /payments/stripe/payment $.id": "deprecated, superseded by order_uuid",
}

# Lists that a method turns into one thing, with the reason.
ONE_OF_A_LIST = {
    "GET /activities/{activityUuid}/dates/{day}": "holds one schedule; the groups of more would be chained",
    "GET /events/{eventId}/schedule/{day}/{giftCode}": "the same",
    "GET /verticals/{verticalId}": "an id leads to one thing",
}

# Methods that call more than one operation.
COMPOSED = {
    "carts.add_items": Composed(
        "GET /carts/{cartUuid}", "items", "product_identifier", "POST .../items answers with the first item only"
    ),
}

# Methods without an operation of their own, with the reason.
NO_OPERATION = {
    "orders.download": "fetches what an order has the address of",
    "orders.wait": "calls GET /orders/{orderUuid} again and again, which orders.get does once",
}

# Methods that the local Musement does not support, with the reason.
NOTHING_LOCAL: dict[str, str] = {}

_PDF = b"%PDF-1.7 %%EOF"

# Results of success answers without a schema, with the reason.
WITHOUT_SCHEMA = {
    "GET /activities/{activityUuid}/ticket-codes/{priceTagFeature}/{priceTagHolder}": Bare(
        "TicketCode", "the description has a ticket code that no other operation answers with"
    ),
    "GET /comments/{commentUuid}": Bare("Comment", "one of those that /activities/{activityUuid}/comments lists"),
    "GET /feedback-requests/{feedbackRequestNonce}": Bare(
        "FeedbackRequest", "the description has such a thing that no other operation answers with"
    ),
    "GET /giftboxes/{giftboxCode}/render": Bare("bytes", "a document, PDF or HTML", _PDF, "application/pdf"),
    "GET /gifts/{code}": Bare("GiftProduct", "success is the whole answer; a gift is read if one comes along", b""),
    "GET /gifts/{code}/render": Bare("bytes", "a document, PDF or HTML", _PDF, "application/pdf"),
    "GET /orders/{orderUuid}/activities/{activityUuid}/tickets": Bare(
        "OrderActivityAvailableTicket", "the description has such tickets that no other operation answers with"
    ),
    "GET /orders/{orderUuid}/activities/{activityUuid}/tickets/{ticketId}": Bare(
        "bytes", "a document, by newer documentation a PDF", _PDF, "application/pdf"
    ),
    "GET /orders/{orderUuid}/activities/{activityUuid}/voucher": Bare("bytes", "the same", _PDF, "application/pdf"),
    "GET /orders/{orderUuid}/items/{orderItemUuid}/vouchers-external": Bare(
        "bytes", "the same", _PDF, "application/pdf"
    ),
    "GET /payments/stripe/stored_source_info": Bare(
        "StoredSource", "what Stripe tells of a card; fields are guesses, and all optional", b"{}"
    ),
    "POST /affiliates/me/widgets": Bare("None", "that it is not an error is the answer", b""),
    "POST /affiliates/{supplierUuid}/widgets": Bare("None", "that it is not an error is the answer", b""),
    "PATCH /comments/{commentUuid}": Bare("Comment", "the comment, if one comes along", b""),
    "POST /activities/{activityUuid}/contact-requests": Bare("None", "success is the whole answer", b""),
    "POST /carts/{cartUuid}/promo-intent": Bare("None", "success is the whole answer", b""),
    "POST /signup": Bare("None", "success is the whole answer", b""),
    "POST /signup/soft": Bare("None", "success is the whole answer", b""),
}

_UUID = "0b5c8f4e-6f0a-4c58-9d0e-3a4f6d1f2a11"
# Properties that are plain strings in the description, with the type that its texts or examples give, and an example.
NARROWED: dict[str, tuple[Any, str]] = {
    "activity_uuid": (UUID, _UUID),
    "cart_item_uuid": (UUID, _UUID),
    "day": (date, "2026-12-01"),
    "fiscal_identity_uuid": (UUID, _UUID),
    "level": (int, "2"),
    "order_uuid": (UUID, _UUID),
    "time": (Time, "09:30"),
    "uuid": (UUID, _UUID),
}
