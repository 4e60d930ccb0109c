"""Orders.

What the API's sources leave open: a cart that was ordered before (423), one with answers missing (400) and one with
items that there are no places left for (409) are refused before anything is ordered. An item can be cancelled from its
payment on until it takes place; without a refund policy that still applies, nothing comes back.
"""

import json
import re
from datetime import datetime

from attrs import evolve
from starlette.responses import Response

from musement_async.testing.booking.booking_forms import unanswered
from musement_async.testing.booking.cart_products import Ticket
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
from musement_async.testing.operations.bookings import all_booked, view_of
from musement_async.testing.operations.handling import Operations, World, answer, permitted
from musement_async.testing.server.bodies import IDENTIFIER, NAME, NUMBER, TEXT, Kind, each, read_object, word
from musement_async.testing.server.errors import (
    Refusal,
    conflict,
    forbidden,
    invalid,
    locked,
    no_token,
    not_found,
    unprocessable,
    wrong_answers,
)
from musement_async.testing.server.request import Asked

_PHONE = re.compile(r"\+?[1-9]\d{6,14}", re.ASCII)
_MOST_INFO = 255


def _is_object_text(value: object) -> bool:
    try:
        return isinstance(value, str) and isinstance(json.loads(value), dict)
    except ValueError:
        return False


_EXTRA_DATA = Kind("a JSON object, as text", _is_object_text)
_ORDER = {
    "cart_uuid": IDENTIFIER,
    "email_notification": word("ALL", "TO-CUSTOMER", "NONE"),
    "extra_data": _EXTRA_DATA,
    "affiliate": NAME,
    "affiliate_channel": NAME,
    "channel": NAME,
    "sms_notification_to": Kind("a telephone number in the form of E.164", lambda v: bool(_PHONE.fullmatch(str(v)))),
    "source": NAME,
}
_ITEM_STATUSES = {
    "BOOKING-CONFIRMED": "OK",
    "CONFIRM-REFUSED": "KO",
    "NEEDS-CONFIRM": "PENDING",
    "WAITING-CONFIRM": "PENDING",
}
_ITEM = {"status": word(*_ITEM_STATUSES), "voucher_urls": each(NAME)}
_RECEIVER: dict[str, Kind] = {
    "type": word("COMPANY", "CUSTOMER"),
    **dict.fromkeys(("first_name", "last_name", "legal_name", "address", "city", "zip_code"), TEXT),
    "country_code": Kind("two letters such as IT", lambda v: bool(re.fullmatch("[A-Z]{2}", str(v)))),
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
    "cancellation_additional_info": Kind(
        f"a text of {_MOST_INFO} characters at most", lambda v: isinstance(v, str) and len(v) <= _MOST_INFO
    ),
    "cancellation_integration_data": Kind("an object", lambda v: isinstance(v, dict)),
}
_CANCELLABLE = frozenset({"OK", "PENDING"})
_PDF = "application/pdf"


def create_order(world: World, asked: Asked) -> Response:
    """``POST /orders``: one for each cart."""
    given = read_object(asked.body, _ORDER, ["cart_uuid"])
    if "affiliate" not in given and {"affiliate_channel", "channel"} & given.keys():
        raise invalid("A channel needs its affiliate beside it.")
    cart = world.booking.cart(given["cart_uuid"])
    if cart.order is not None:
        raise locked("The cart has an order.")
    if not cart.items:
        raise invalid("The cart is empty.")
    problems = unanswered(cart)
    if problems:
        raise wrong_answers(problems)
    if cart.missing_places(world.booking.stock):
        raise conflict("There are no places left for some of the items.")
    return _shown(world, asked, world.booking.create_order(cart, asked.locale, given))


def get_order(world: World, asked: Asked) -> Response:
    """``GET /orders/{orderUuid}``."""
    return _shown(world, asked, _order(world, asked))


def update_order(world: World, asked: Asked) -> Response:
    """``PATCH /orders/{orderUuid}``."""
    order = _order(world, asked)
    given = read_object(asked.body, {"extra_data": _EXTRA_DATA})
    if order.paid:
        raise locked("The order is paid.")
    order.given = {**order.given, **given}
    return _shown(world, asked, order)


def update_item(world: World, asked: Asked) -> Response:
    """``PATCH /orders/{orderUuid}/items/{orderItemUuid}``: what a supplier says about a booking."""
    order, item = _item(world, asked)
    given = read_object(asked.body, _ITEM)
    if not order.paid or item.status != "PENDING":
        raise conflict("The item is not paid for, or settled.")
    item.voucher_urls = given.get("voucher_urls", item.voucher_urls)
    if "status" in given:
        world.booking.change(order, item, _ITEM_STATUSES[given["status"]])
    return answer(order_item_json(order, item, view_of(world, asked), asked.origin))


def cancel_item(world: World, asked: Asked) -> Response:
    """``DELETE /orders/{orderUuid}/items/{orderItemUuid}``."""
    if asked.identity is None:
        raise no_token()
    if not permitted(world, asked, "order-item-cancellation"):
        raise forbidden()
    order, item = _item(world, asked)
    given = read_object(asked.body, _CANCELLATION, ["cancellation_reason"])
    over = item.start is not None and item.start < world.booking.local_now
    if not order.paid or item.status not in _CANCELLABLE or over:
        raise conflict("The item cannot be cancelled: it is not paid for, settled otherwise, or over.")
    kept = {name: value for name, value in given.items() if name != "cancellation_integration_data"}
    world.booking.cancel(order, item, kept)
    return Response(status_code=204)


def reschedule_item(world: World, asked: Asked) -> Response:
    """``PATCH /orders/{orderUuid}/items/{orderItemUuid}/product``: another day or time."""
    order, item = _item(world, asked)
    given = read_object(asked.body, {"date": NAME}, ["date"])
    try:
        start = datetime.fromisoformat(given["date"])
    except ValueError:
        raise invalid('The field "date" must be a date and a time such as 2026-12-01 14:30:00.') from None
    sold, stock = item.cart_item, world.booking.stock
    if not isinstance(sold.goods, Ticket) or not item.holds_places:
        raise not_found("ticket to change the day of")
    product = sold.goods.product
    found = slots(product.activity, start.date(), world.views().catalogue.today)
    for slot in stock.left(product.activity, start.date(), found):
        if slot.time == start.time() and slot.has(sold.quantity):
            world.booking.move(sold, sold.goods, evolve(product, day=start.date(), slot=slot))
            return answer(product_of_order_json(order, item, view_of(world, asked)))
    raise not_found("such day or time with places left")


def set_b2b_price(world: World, asked: Asked) -> Response:
    """``PATCH /orders/{orderUuid}/items/{orderItemUuid}/b2b-price``."""
    order, item = _item(world, asked)
    given = read_object(asked.body, {"currency": NAME, "b2b_price": NUMBER}, ["currency", "b2b_price"])
    if given["currency"] != order.currency.code:
        raise invalid(f"The currency of the order is {order.currency.code}.")
    if item.b2b_minor is not None:
        raise conflict("The price is set.")
    if given["b2b_price"] < 0:
        raise unprocessable("The price must not be negative.")
    item.b2b_minor = round(given["b2b_price"] * 10**order.currency.places)
    return answer(order_item_json(order, item, view_of(world, asked), asked.origin)["b2b_price"])


def set_invoice_receiver(world: World, asked: Asked) -> Response:
    """``PUT /orders/{orderUuid}/invoice-receiver``: once, when there is something to invoice."""
    order = _order(world, asked)
    given = read_object(asked.body, _RECEIVER, ["type"])
    for name in _RECEIVER_NAMES[given["type"]]:
        if not given.get(name):
            raise invalid(f'The field "{name}" is needed.')
    if not order.paid:
        raise Refusal(405, "0", "There is no invoice for this order.")
    if order.receiver is not None:
        raise locked("The receiver of the invoice is known.")
    order.receiver = {name: value for name, value in given.items() if name != "type"}
    return answer(order.receiver)


def list_refund_policies(world: World, asked: Asked) -> Response:
    """``GET /orders/{orderUuid}/items/{orderItemUuid}/refund-policies``."""
    _, item = _item(world, asked)
    policies = policies_json(item, world.booking.local_now)
    if not policies:
        raise not_found("refund policy that applies")
    return answer(policies)


def list_refunds(world: World, asked: Asked) -> Response:
    """``GET /orders/{orderUuid}/refunds``."""
    return answer([*refunds_json(_order(world, asked), asked.locale.language)])


def notify(world: World, asked: Asked) -> Response:
    """``POST /orders/{orderUuid}/items/{orderItemUuid}/notifications``."""
    order, item = _item(world, asked)
    if world.booking.outbox.receiver is None:
        raise invalid("Nobody is to be told.")
    world.booking.outbox.add(order, item)
    return Response(status_code=204)


def list_tickets(world: World, asked: Asked) -> Response:
    """``GET /orders/{orderUuid}/activities/{activityUuid}/tickets``."""
    _, items = _items_of_activity(world, asked)
    tickets = [*tickets_json(items, asked.locale.language)]
    if not tickets:
        raise not_found("ticket yet")
    return answer(tickets)


def get_ticket(world: World, asked: Asked) -> Response:
    """``GET /orders/{orderUuid}/activities/{activityUuid}/tickets/{ticketId}``."""
    order, items = _items_of_activity(world, asked)
    found = [item for item in items if ticket_id(item) == asked.path["ticketId"]]
    if not found:
        raise not_found("such ticket")
    return _document(order, found, "Ticket", asked)


def get_voucher(world: World, asked: Asked) -> Response:
    """``GET /orders/{orderUuid}/activities/{activityUuid}/voucher``."""
    order, items = _items_of_activity(world, asked)
    return _document(order, items, "Voucher", asked)


def get_external_vouchers(world: World, asked: Asked) -> Response:
    """``GET /orders/{orderUuid}/items/{orderItemUuid}/vouchers-external``: those of a supplier's own system."""
    order, item = _item(world, asked)
    if not is_realtime(item.cart_item.goods.activity):
        raise not_found("external voucher")
    return _document(order, [item], "External voucher", asked)


def get_booking_voucher(world: World, asked: Asked) -> Response:
    """``GET /orders/{orderUuid}/items/{orderItemUuid}/voucher/booking``."""
    order, item = _item(world, asked)
    if item.status != "OK":
        raise not_found("voucher yet")
    return answer(booking_voucher_json(order, item, view_of(world, asked), asked.origin))


def download_voucher(world: World, asked: Asked) -> Response:
    """What an order's items name as the URL of a voucher. Whoever knows the URL gets it, as customers do by mail."""
    secret, _, ending = asked.path["voucher"].partition(".")
    order, item = world.booking.vouchers.get(secret, (None, None))
    if order is None or item is None or ending != "pdf" or item.status != "OK":
        raise not_found("such voucher")
    return _document(order, [item], "Voucher", asked)


def _document(order: Order, items: list[OrderItem], title: str, asked: Asked) -> Response:
    booked_items = [item for item in items if item.status == "OK"]
    if not booked_items:
        raise conflict("The document cannot be made: nothing is booked.")
    return Response(document(order, booked_items, title, asked.locale.language), media_type=_PDF)


def _shown(world: World, asked: Asked, order: Order) -> Response:
    return answer(order_json(order, view_of(world, asked), asked.origin))


def _order(world: World, asked: Asked) -> Order:
    return world.booking.order(asked.path["orderUuid"])


def _item(world: World, asked: Asked) -> tuple[Order, OrderItem]:
    order = _order(world, asked)
    item = order.item(asked.path["orderItemUuid"].lower())
    if item is None:
        raise not_found("such item in the order")
    return order, item


def _items_of_activity(world: World, asked: Asked) -> tuple[Order, list[OrderItem]]:
    order = _order(world, asked)
    items = order.items_of(asked.path["activityUuid"].lower())
    if not items:
        raise not_found("such activity in the order")
    return order, items


_ORDER_PATH = "/orders/{orderUuid}"
_ITEM_PATH = f"{_ORDER_PATH}/items/{{orderItemUuid}}"
_ACTIVITY_PATH = f"{_ORDER_PATH}/activities/{{activityUuid}}"

OPERATIONS: Operations = all_booked(
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

# Outside of the API: no header is needed, and no token.
DOCUMENTS: Operations = all_booked({"/vouchers/{voucher}": {"GET": download_voucher}})
