"""Carts.

Where the API's documents say nothing, the server is strict. An unknown product is 404. A quantity outside of the
product's limits, and a missing language, are 400. An item without places left stays in the cart; its status says so.
"""

from attrs import evolve
from starlette.responses import Response

from musement_async.testing.booking.cart_products import ActivityTicket
from musement_async.testing.booking.cart_views import cart_item_json, cart_json, details_json
from musement_async.testing.booking.carts import PROMO_CODE, Cart, CartItem, PromoIntent, new_uuid
from musement_async.testing.catalogue.schedules import Product, find_product
from musement_async.testing.operations.bookings import (
    add_to_cart,
    all_locked,
    cart_item_of,
    cart_of,
    check_entry,
    check_language,
    open_cart_of,
    read_list,
    render_context,
)
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.activities import Json
from musement_async.testing.rendering.activity_details import PARTS
from musement_async.testing.server.bodies import IDENTIFIER, NAME, TEXT, ValueType, read_object, whole, word
from musement_async.testing.server.errors import Refusal, invalid, no_pickup, not_found, or_not_found
from musement_async.testing.server.request import Request

_ITEM = {
    "type": word("musement", "musement-realtime", "musement-gift", "musement-giftbox"),
    "product_identifier": NAME,
    "quantity": whole(1),
    "language": TEXT,
    "pickup": IDENTIFIER,
}
_CART = {
    "customer": ValueType("an object", lambda value: isinstance(value, dict)),
    "tickets": ValueType("a list of objects", lambda value: isinstance(value, list)),
    "discount_code": TEXT,
}
_TICKET = {"product": ValueType("an object with an id", lambda value: isinstance(value, dict)), "quantity": whole(1)}
_PRODUCT = {"id": NAME, "type": word("musement", "musement-realtime")}
_INTENT = {"promo": NAME, "triggering_product": TEXT, "target_product": TEXT}


def create_cart(state: ServerState, request: Request) -> object:
    """``POST /carts``."""
    given = read_object(request.body, _CART)
    promo_code = _promo_code(given)
    tickets = [_read_ticket(state, ticket) for ticket in given.get("tickets", ())]
    cart = state.booking.new_cart(request.customer)
    cart.promo_code = promo_code
    cart.items += tickets
    cart.answer(given.get("customer", {}))
    return _shown(state, request, cart)


def get_cart(state: ServerState, request: Request) -> object:
    """``GET /carts/{cartUuid}``."""
    return _shown(state, request, cart_of(state, request))


def replace_cart(state: ServerState, request: Request) -> object:
    """``PUT /carts/{cartUuid}``: all former items are removed."""
    cart = open_cart_of(state, request)
    given = read_object(request.body, _CART)
    promo_code = _promo_code(given)
    items = [_read_ticket(state, ticket) for ticket in given.get("tickets", ())]
    cart.promo_code, cart.items = promo_code, items
    cart.customer, cart.extra = {}, {}
    cart.answer(given.get("customer", {}))
    return _shown(state, request, cart)


def update_cart(state: ServerState, request: Request) -> object:
    """``PATCH /carts/{cartUuid}``: new tickets are added, known ones get the new quantity."""
    cart = open_cart_of(state, request)
    given = read_object(request.body, _CART)
    promo_code = _promo_code(given)
    for item in [_read_ticket(state, ticket) for ticket in given.get("tickets", ())]:
        known = next((other for other in cart.items if other.ticket.identifier == item.ticket.identifier), None)
        if known is None:
            cart.items.append(item)
        else:
            known.quantity, known.participants = item.quantity, []
    cart.promo_code = promo_code or cart.promo_code
    cart.answer(given.get("customer", {}))
    return _shown(state, request, cart)


def delete_cart(state: ServerState, request: Request) -> object:
    """``DELETE /carts/{cartUuid}``."""
    state.booking.carts.remove(open_cart_of(state, request).uuid)
    return True


def add_tickets(state: ServerState, request: Request) -> object:
    """``POST /carts/{cartUuid}/tickets``."""
    cart = open_cart_of(state, request)
    given = read_object(request.body, {"tickets": _CART["tickets"]}, ["tickets"])
    add_to_cart(cart, [_read_ticket(state, ticket) for ticket in given["tickets"]])
    return _shown(state, request, cart)


def add_items(state: ServerState, request: Request) -> object:
    """``POST /carts/{cartUuid}/items``: the answer describes only the first item."""
    cart = open_cart_of(state, request)
    given = read_list(request.body)
    if not given:
        raise invalid("The list is empty.")
    items = [_read_item(state, item) for item in given]
    add_to_cart(cart, items)
    return cart_item_json(items[0], render_context(state, request), cart.missing_places(state.booking.stock))


def remove_item(state: ServerState, request: Request) -> object:
    """``DELETE /carts/{cartUuid}/items/{cartItemUuid}``."""
    cart, item = cart_item_of(state, request)
    if cart.order is not None:
        raise Refusal(403, "0", "The item belongs to an order.")
    cart.items.remove(item)
    return Response(status_code=204)


def list_bundles(state: ServerState, request: Request) -> object:
    """``GET /carts/{cartUuid}/bundles``: the bundles of the first item's activity."""
    cart = cart_of(state, request)
    bundles = PARTS["/activities/{activityUuid}/bundles"]
    activities = [item.ticket.activity for item in cart.items[:1]]
    found = [bundles(activity, state.catalogue, request.locale) for activity in activities]
    return found[0] if found else []


def get_order_info(state: ServerState, request: Request) -> object:
    """``GET /carts/{cartUuid}/order-info``."""
    order = or_not_found(cart_of(state, request).order, "order of this cart")
    return {"order_uuid": order.uuid, "payment": {"paid": order.paid, "status": order.progress}}


def get_details(state: ServerState, request: Request) -> object:
    """``GET /carts/{cartUuid}/items/{cartItemUuid}/product-general-details``."""
    _, item = cart_item_of(state, request)
    return details_json(item, render_context(state, request))


def apply_promo(state: ServerState, request: Request) -> object:
    """``POST /carts/{cartUuid}/promo-intent``: the promo code, or the rule of a bundle with both its activities."""
    cart = open_cart_of(state, request)
    given = read_object(request.body, _INTENT, ["promo"])
    promo = given["promo"]
    intent = PromoIntent(new_uuid(), promo, given.get("triggering_product"), given.get("target_product"))
    if promo == PROMO_CODE:
        cart.promo_code = promo
    elif promo in _rules(state, request, intent):
        cart.intents.append(intent)
    else:
        raise not_found("such promotion")
    return Response(status_code=201)


def _rules(state: ServerState, request: Request, intent: PromoIntent) -> set[str]:
    """The rules of the bundles that have both activities of an intent."""
    triggering = state.catalogue.by_uuid.get(intent.triggering or "")
    if triggering is None:
        return set()
    bundles = PARTS["/activities/{activityUuid}/bundles"](triggering, state.catalogue, request.locale)
    return {
        bundle["rule_id"]
        for bundle in bundles or ()
        if isinstance(bundle, dict) and any(each["uuid"] == intent.target for each in bundle["activities"])
    }


def _shown(state: ServerState, request: Request, cart: Cart) -> object:
    return cart_json(cart, render_context(state, request))


def _promo_code(given: Json) -> str | None:
    code: str | None = given.get("discount_code")
    if code not in (None, PROMO_CODE):
        raise invalid(f'There is no discount code "{code}".')
    return code


def _read_item(state: ServerState, given: Json) -> CartItem:
    check_entry(given, _ITEM, ("type", "product_identifier", "quantity"))
    product = _product(state, given["product_identifier"], given["type"])
    activity, pickup = product.activity, given.get("pickup")
    if activity.pickups or pickup is not None:
        pickup = str(pickup).lower()
        if pickup not in activity.pickups:
            raise no_pickup()
    check_language(activity, given.get("language"))
    _check_quantity(product, given["quantity"])
    return CartItem(ActivityTicket(product, given.get("language"), pickup), given["quantity"])


def _read_ticket(state: ServerState, given: Json) -> CartItem:
    """Read an item in the form of older operations, without a language and a pickup point."""
    check_entry(given, _TICKET, _TICKET)
    check_entry(given["product"], _PRODUCT, ["id"])
    product = _product(state, given["product"]["id"], given["product"].get("type"))
    if product.activity.pickups:
        raise no_pickup()
    _check_quantity(product, given["quantity"])
    return CartItem(ActivityTicket(product), given["quantity"])


def _product(state: ServerState, identifier: str, kind: str | None) -> Product:
    product = find_product(state.catalogue, identifier)
    if product is None or kind not in (None, product.type):
        raise not_found("such product")
    return product


def _check_quantity(product: Product, quantity: int) -> None:
    """Refuse a quantity outside of the limits of a product, without regard to the places left."""
    cap = evolve(product, slot=evolve(product.slot, places=-1)).max_buy
    if quantity < product.min_buy or quantity > cap >= 0:
        most = f" and {cap} at most" if cap >= 0 else ""
        raise invalid(f"The quantity must be {product.min_buy} at least{most}.")


_CART_PATH = "/carts/{cartUuid}"
_ITEM_PATH = f"{_CART_PATH}/items/{{cartItemUuid}}"

OPERATIONS: Operations = all_locked(
    {
        "/carts": {"POST": create_cart},
        _CART_PATH: {"GET": get_cart, "PUT": replace_cart, "PATCH": update_cart, "DELETE": delete_cart},
        f"{_CART_PATH}/bundles": {"GET": list_bundles},
        f"{_CART_PATH}/items": {"POST": add_items},
        _ITEM_PATH: {"DELETE": remove_item},
        f"{_ITEM_PATH}/product-general-details": {"GET": get_details},
        f"{_CART_PATH}/order-info": {"GET": get_order_info},
        f"{_CART_PATH}/promo-intent": {"POST": apply_promo},
        f"{_CART_PATH}/tickets": {"POST": add_tickets},
    }
)
