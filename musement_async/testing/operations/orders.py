"""Orders.

Decisions where the API's documents say nothing: a cart that was ordered before (423), a cart with missing answers (400)
and a cart with items without places left (409) are refused. An item can be cancelled from its payment until it takes
place; without a refund policy that still applies, nothing is refunded.
"""

import json
import re
from datetime import datetime

from attrs import evolve
from starlette.responses import Response

from musement_async.testing.booking.booking_forms import unanswered
from musement_async.testing.booking.cart_products import ActivityTicket
from musement_async.testing.booking.order_views import (
    booking_voucher_json,
    document,
    order_item_json,
    order_json,
    policies_json,
    product_of_order_json,
    refunds_json,
    ticket_id,
    tickets_json,
)
from musement_async.testing.booking.orders import Order, OrderItem
from musement_async.testing.catalogue.schedules import is_realtime, slots
from musement_async.testing.operations.bookings import all_locked, render_context
from musement_async.testing.operations.handlers import Operations, ServerState, has_permission
from musement_async.testing.server.bodies import IDENTIFIER, NAME, NUMBER, TEXT, ValueType, each, read_object, word
from musement_async.testing.server.errors import (
    Refusal,
    conflict,
    forbidden,
    invalid,
    no_token,
    not_found,
    or_not_found,
    resource_locked,
    unprocessable,
    wrong_answers,
)
from musement_async.testing.server.request import Request

_PHONE = re.compile(r"\+?[1-9]\d{6,14}", re.ASCII)
_MOST_INFO = 255


def _is_object_text(value: object) -> bool:
    try:
        return isinstance(value, str) and isinstance(json.loads(value), dict)
    except ValueError:
        return False


_EXTRA_DATA = ValueType("a JSON object, as text", _is_object_text)
_ORDER = {
    "cart_uuid": IDENTIFIER,
    "email_notification": word("ALL", "TO-CUSTOMER", "NONE"),
    "extra_data": _EXTRA_DATA,
    "affiliate": NAME,
    "affiliate_channel": NAME,
    "channel": NAME,
    "sms_notification_to": ValueType(
        "a telephone number in the form of E.164", lambda v: bool(_PHONE.fullmatch(str(v)))
    ),
    "source": NAME,
}
_ITEM_STATUSES = {
    "BOOKING-CONFIRMED": "OK",
    "CONFIRM-REFUSED": "KO",
    "NEEDS-CONFIRM": "PENDING",
    "WAITING-CONFIRM": "PENDING",
}
_ITEM = {"status": word(*_ITEM_STATUSES), "voucher_urls": each(NAME)}
_RECEIVER: dict[str, ValueType] = {
    "type": word("COMPANY", "CUSTOMER"),
    **dict.fromkeys(("first_name", "last_name", "legal_name", "address", "city", "zip_code"), TEXT),
    "country_code": ValueType("two letters such as IT", lambda v: bool(re.fullmatch("[A-Z]{2}", str(v)))),
    **dict.fromkeys(("fiscal_code", "vat"), TEXT),
}
_RECEIVER_NAMES = {"COMPANY": ("legal_name",), "CUSTOMER": ("first_name", "last_name")}
_CANCELLATION = {
    "cancellation_reason": word(
        "API-ISSUE",
        "CANCELLED-BY-CUSTOMER",
        "GRACE-PERIOD",
        "MISSING-MEETING-POINT-DETAILS",
        "MISSING-PASSENGER-INFO",
        "REJECTED-ORDER",
        "REJECTED-SCHEDULE-CHANGE",
        "TECHNICAL-ISSUE",
        "VENUE-CLOSED",
    ),
    "cancellation_additional_info": ValueType(
        f"a text of {_MOST_INFO} characters at most", lambda v: isinstance(v, str) and len(v) <= _MOST_INFO
    ),
    "cancellation_integration_data": ValueType("an object", lambda v: isinstance(v, dict)),
}
_CANCELLABLE = frozenset({"OK", "PENDING"})
_PDF = "application/pdf"


def create_order(state: ServerState, request: Request) -> object:
    """``POST /orders``: one order for each cart."""
    given = read_object(request.body, _ORDER, ["cart_uuid"])
    if "affiliate" not in given and {"affiliate_channel", "channel"} & given.keys():
        raise invalid("A channel needs its affiliate as well.")
    cart = state.booking.carts.get(given["cart_uuid"].lower())
    if cart.order is not None:
        raise resource_locked("The cart has an order.")
    if not cart.items:
        raise invalid("The cart is empty.")
    problems = unanswered(cart)
    if problems:
        raise wrong_answers(problems)
    if cart.missing_places(state.booking.stock):
        raise conflict("There are no places left for some of the items.")
    return _shown(state, request, state.booking.create_order(cart, request.locale, given))


def get_order(state: ServerState, request: Request) -> object:
    """``GET /orders/{orderUuid}``."""
    return _shown(state, request, _order(state, request))


def update_order(state: ServerState, request: Request) -> object:
    """``PATCH /orders/{orderUuid}``."""
    order = _order(state, request)
    given = read_object(request.body, {"extra_data": _EXTRA_DATA})
    if order.paid:
        raise resource_locked("The order is paid.")
    order.given = {**order.given, **given}
    return _shown(state, request, order)


def update_item(state: ServerState, request: Request) -> object:
    """``PATCH /orders/{orderUuid}/items/{orderItemUuid}``: a supplier reports the status of a booking."""
    order, item = _item(state, request)
    given = read_object(request.body, _ITEM)
    if not order.paid or item.status != "PENDING":
        raise conflict("The item is not paid for, or settled.")
    item.voucher_urls = given.get("voucher_urls", item.voucher_urls)
    if "status" in given:
        state.booking.change(order, item, _ITEM_STATUSES[given["status"]])
    return order_item_json(order, item, render_context(state, request), request.origin)


def cancel_item(state: ServerState, request: Request) -> object:
    """``DELETE /orders/{orderUuid}/items/{orderItemUuid}``."""
    if request.identity is None:
        raise no_token()
    if not has_permission(state, request, "order-item-cancellation"):
        raise forbidden()
    order, item = _item(state, request)
    given = read_object(request.body, _CANCELLATION, ["cancellation_reason"])
    over = item.start is not None and item.start < state.booking.local_now
    if not order.paid or item.status not in _CANCELLABLE or over:
        raise conflict("The item cannot be cancelled: it is not paid for, settled otherwise, or over.")
    kept = {name: value for name, value in given.items() if name != "cancellation_integration_data"}
    state.booking.cancel(order, item, kept)
    return Response(status_code=204)


def reschedule_item(state: ServerState, request: Request) -> object:
    """``PATCH /orders/{orderUuid}/items/{orderItemUuid}/product``: another day or time."""
    order, item = _item(state, request)
    given = read_object(request.body, {"date": NAME}, ["date"])
    try:
        start = datetime.fromisoformat(given["date"])
    except ValueError:
        raise invalid('The field "date" must be a date and a time such as 2026-12-01 14:30:00.') from None
    sold, stock = item.cart_item, state.booking.stock
    if not isinstance(sold.ticket, ActivityTicket) or not item.holds_places:
        raise not_found("ticket to change the day of")
    product = sold.ticket.product
    found = slots(product.activity, start.date(), state.catalogue.today)
    for slot in stock.left(product.activity, start.date(), found):
        if slot.time == start.time() and slot.has(sold.quantity):
            state.booking.move(sold, sold.ticket, evolve(product, day=start.date(), slot=slot))
            return product_of_order_json(order, item, render_context(state, request))
    raise not_found("such day or time with places left")


def set_b2b_price(state: ServerState, request: Request) -> object:
    """``PATCH /orders/{orderUuid}/items/{orderItemUuid}/b2b-price``."""
    order, item = _item(state, request)
    given = read_object(request.body, {"currency": NAME, "b2b_price": NUMBER}, ["currency", "b2b_price"])
    if given["currency"] != order.currency.code:
        raise invalid(f"The currency of the order is {order.currency.code}.")
    if item.b2b_minor is not None:
        raise conflict("The price is set.")
    if given["b2b_price"] < 0:
        raise unprocessable("The price must not be negative.")
    item.b2b_minor = round(given["b2b_price"] * 10**order.currency.places)
    return order_item_json(order, item, render_context(state, request), request.origin)["b2b_price"]


def set_invoice_receiver(state: ServerState, request: Request) -> object:
    """``PUT /orders/{orderUuid}/invoice-receiver``: once, and only for orders that cost something."""
    order = _order(state, request)
    given = read_object(request.body, _RECEIVER, ["type"])
    for name in _RECEIVER_NAMES[given["type"]]:
        if not given.get(name):
            raise invalid(f'The field "{name}" is needed.')
    if not order.paid:
        raise Refusal(405, "0", "There is no invoice for this order.")
    if order.receiver is not None:
        raise resource_locked("The receiver of the invoice is known.")
    order.receiver = {name: value for name, value in given.items() if name != "type"}
    return order.receiver


def list_refund_policies(state: ServerState, request: Request) -> object:
    """``GET /orders/{orderUuid}/items/{orderItemUuid}/refund-policies``."""
    _, item = _item(state, request)
    return or_not_found(policies_json(item, state.booking.local_now) or None, "refund policy that applies")


def list_refunds(state: ServerState, request: Request) -> object:
    """``GET /orders/{orderUuid}/refunds``."""
    return [*refunds_json(_order(state, request), request.locale.language)]


def notify(state: ServerState, request: Request) -> object:
    """``POST /orders/{orderUuid}/items/{orderItemUuid}/notifications``."""
    order, item = _item(state, request)
    if state.booking.outbox.receiver is None:
        raise invalid("No webhook is set up.")
    state.booking.outbox.add(order, item)
    return Response(status_code=204)


def list_tickets(state: ServerState, request: Request) -> object:
    """``GET /orders/{orderUuid}/activities/{activityUuid}/tickets``."""
    _, items = _items_of_activity(state, request)
    return or_not_found([*tickets_json(items, request.locale.language)] or None, "ticket yet")


def get_ticket(state: ServerState, request: Request) -> object:
    """``GET /orders/{orderUuid}/activities/{activityUuid}/tickets/{ticketId}``."""
    order, items = _items_of_activity(state, request)
    found = or_not_found([item for item in items if ticket_id(item) == request.path["ticketId"]] or None, "such ticket")
    return _document(order, found, "Ticket", request)


def get_voucher(state: ServerState, request: Request) -> object:
    """``GET /orders/{orderUuid}/activities/{activityUuid}/voucher``."""
    order, items = _items_of_activity(state, request)
    return _document(order, items, "Voucher", request)


def get_external_vouchers(state: ServerState, request: Request) -> object:
    """``GET /orders/{orderUuid}/items/{orderItemUuid}/vouchers-external``: vouchers of a supplier's own system."""
    order, item = _item(state, request)
    if not is_realtime(item.cart_item.ticket.activity):
        raise not_found("external voucher")
    return _document(order, [item], "External voucher", request)


def get_booking_voucher(state: ServerState, request: Request) -> object:
    """``GET /orders/{orderUuid}/items/{orderItemUuid}/voucher/booking``."""
    order, item = _item(state, request)
    if item.status != "OK":
        raise not_found("voucher yet")
    return booking_voucher_json(order, item, render_context(state, request), request.origin)


def download_voucher(state: ServerState, request: Request) -> object:
    """The voucher at the URL that an order item has. Whoever knows the URL gets the voucher."""
    secret, _, ending = request.path["voucher"].partition(".")
    order, item = state.booking.vouchers.get(secret, (None, None))
    if order is None or item is None or ending != "pdf" or item.status != "OK":
        raise not_found("such voucher")
    return _document(order, [item], "Voucher", request)


def _document(order: Order, items: list[OrderItem], title: str, request: Request) -> object:
    booked_items = [item for item in items if item.status == "OK"]
    if not booked_items:
        raise conflict("There is no document: none of the items is booked.")
    return Response(document(order, booked_items, title, request.locale.language), media_type=_PDF)


def _shown(state: ServerState, request: Request, order: Order) -> object:
    return order_json(order, render_context(state, request), request.origin)


def _order(state: ServerState, request: Request) -> Order:
    return state.booking.orders.get(request.path["orderUuid"].lower())


def _item(state: ServerState, request: Request) -> tuple[Order, OrderItem]:
    order = _order(state, request)
    item = or_not_found(order.item(request.path["orderItemUuid"].lower()), "such item in the order")
    return order, item


def _items_of_activity(state: ServerState, request: Request) -> tuple[Order, list[OrderItem]]:
    order = _order(state, request)
    items = or_not_found(order.items_of(request.path["activityUuid"].lower()) or None, "such activity in the order")
    return order, items


_ORDER_PATH = "/orders/{orderUuid}"
_ITEM_PATH = f"{_ORDER_PATH}/items/{{orderItemUuid}}"
_ACTIVITY_PATH = f"{_ORDER_PATH}/activities/{{activityUuid}}"

OPERATIONS: Operations = all_locked(
    {
        "/orders": {"POST": create_order},
        _ORDER_PATH: {"GET": get_order, "PATCH": update_order},
        f"{_ORDER_PATH}/invoice-receiver": {"PUT": set_invoice_receiver},
        f"{_ORDER_PATH}/refunds": {"GET": list_refunds},
        _ITEM_PATH: {"PATCH": update_item, "DELETE": cancel_item},
        f"{_ITEM_PATH}/b2b-price": {"PATCH": set_b2b_price},
        f"{_ITEM_PATH}/notifications": {"POST": notify},
        f"{_ITEM_PATH}/product": {"PATCH": reschedule_item},
        f"{_ITEM_PATH}/refund-policies": {"GET": list_refund_policies},
        f"{_ITEM_PATH}/voucher/booking": {"GET": get_booking_voucher},
        f"{_ITEM_PATH}/vouchers-external": {"GET": get_external_vouchers},
        f"{_ACTIVITY_PATH}/tickets": {"GET": list_tickets},
        f"{_ACTIVITY_PATH}/tickets/{{ticketId}}": {"GET": get_ticket},
        f"{_ACTIVITY_PATH}/voucher": {"GET": get_voucher},
    }
)

# Public paths outside of the API: they need neither the API's headers nor a token.
DOCUMENTS: Operations = all_locked({"/vouchers/{voucher}": {"GET": download_voucher}})
