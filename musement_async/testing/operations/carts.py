"""Carts.

What the API's sources leave open is answered strictly: a product that is not known is 404, a quantity outside of the
limits of a product, or a language that is missing, 400. An item that there are no places left for is kept, and says
so.
"""

from attrs import evolve
from starlette.responses import Response

from musement_async.testing.booking.cart_products import Ticket
from musement_async.testing.booking.cart_views import (
    cart_item_json,
    cart_json,
    details_json,
)
from musement_async.testing.booking.carts import PROMO_CODE, Cart, CartItem, PromoIntent, new_uuid
from musement_async.testing.catalogue.schedules import Product, find_product
from musement_async.testing.operations.bookings import (
    add_to_cart,
    all_booked,
    cart_item_of,
    cart_of,
    check_entry,
    check_language,
    open_cart_of,
    read_list,
    view_of,
)
from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.rendering.activities import Json
from musement_async.testing.rendering.activity_details import PARTS
from musement_async.testing.server.bodies import (
    IDENTIFIER,
    NAME,
    TEXT,
    Kind,
    read_object,
    whole,
    word,
)
from musement_async.testing.server.errors import Refusal, invalid, no_pickup, not_found
from musement_async.testing.server.request import Asked

_ITEM = {
    "type": word("musement", "musement-realtime", "musement-gift", "musement-giftbox"),
    "product_identifier": NAME,
    "quantity": whole(1),
    "language": TEXT,
    "pickup": IDENTIFIER,
}
_CART = {
    "customer": Kind("an object", lambda value: isinstance(value, dict)),
    "tickets": Kind("a list of objects", lambda value: isinstance(value, list)),
    "discount_code": TEXT,
}
_TICKET = {"product": Kind("an object with an id", lambda value: isinstance(value, dict)), "quantity": whole(1)}
_PRODUCT = {"id": NAME, "type": word("musement", "musement-realtime")}
_INTENT = {"promo": NAME, "triggering_product": TEXT, "target_product": TEXT}


def create_cart(world: World, asked: Asked) -> Response:
    """``POST /carts``."""
    given = read_object(asked.body, _CART)
    promo_code = _promo_code(given)
    tickets = [_read_ticket(world, ticket) for ticket in given.get("tickets", ())]
    cart = world.booking.new_cart(asked.customer)
    cart.promo_code = promo_code
    cart.items += tickets
    cart.answer(given.get("customer", {}))
    return _shown(world, asked, cart)


def get_cart(world: World, asked: Asked) -> Response:
    """``GET /carts/{cartUuid}``."""
    return _shown(world, asked, cart_of(world, asked))


def replace_cart(world: World, asked: Asked) -> Response:
    """``PUT /carts/{cartUuid}``: nothing stays of what was in it."""
    cart = open_cart_of(world, asked)
    given = read_object(asked.body, _CART)
    promo_code = _promo_code(given)
    items = [_read_ticket(world, ticket) for ticket in given.get("tickets", ())]
    cart.promo_code, cart.items = promo_code, items
    cart.customer, cart.extra = {}, {}
    cart.answer(given.get("customer", {}))
    return _shown(world, asked, cart)


def update_cart(world: World, asked: Asked) -> Response:
    """``PATCH /carts/{cartUuid}``: new tickets are added, those that are there get the new quantity."""
    cart = open_cart_of(world, asked)
    given = read_object(asked.body, _CART)
    promo_code = _promo_code(given)
    for item in [_read_ticket(world, ticket) for ticket in given.get("tickets", ())]:
        known = next((other for other in cart.items if other.goods.identifier == item.goods.identifier), None)
        if known is None:
            cart.items.append(item)
        else:
            known.quantity, known.participants = item.quantity, []
    cart.promo_code = promo_code or cart.promo_code
    cart.answer(given.get("customer", {}))
    return _shown(world, asked, cart)


def delete_cart(world: World, asked: Asked) -> Response:
    """``DELETE /carts/{cartUuid}``."""
    del world.booking.carts[open_cart_of(world, asked).uuid]
    return answer(True)  # noqa: FBT003 - the body of the answer


def add_tickets(world: World, asked: Asked) -> Response:
    """``POST /carts/{cartUuid}/tickets``."""
    cart = open_cart_of(world, asked)
    given = read_object(asked.body, {"tickets": _CART["tickets"]}, ["tickets"])
    add_to_cart(cart, [_read_ticket(world, ticket) for ticket in given["tickets"]])
    return _shown(world, asked, cart)


def add_items(world: World, asked: Asked) -> Response:
    """``POST /carts/{cartUuid}/items``: the answer tells of the first item alone."""
    cart = open_cart_of(world, asked)
    given = read_list(asked.body)
    if not given:
        raise invalid("The list is empty.")
    items = [_read_item(world, item) for item in given]
    add_to_cart(cart, items)
    return answer(cart_item_json(items[0], view_of(world, asked), cart.missing_places(world.booking.stock)))


def remove_item(world: World, asked: Asked) -> Response:
    """``DELETE /carts/{cartUuid}/items/{cartItemUuid}``."""
    cart, item = cart_item_of(world, asked)
    if cart.order is not None:
        raise Refusal(403, "0", "The item belongs to an order.")
    cart.items.remove(item)
    return Response(status_code=204)


def list_bundles(world: World, asked: Asked) -> Response:
    """``GET /carts/{cartUuid}/bundles``: what is recommended beside the first item."""
    cart = cart_of(world, asked)
    bundles = PARTS["/activities/{activityUuid}/bundles"]
    activities = [item.goods.activity for item in cart.items[:1]]
    found = [bundles(activity, world.views().catalogue, asked.locale) for activity in activities]
    return answer(found[0] if found else [])


def get_order_info(world: World, asked: Asked) -> Response:
    """``GET /carts/{cartUuid}/order-info``."""
    order = cart_of(world, asked).order
    if order is None:
        raise not_found("order of this cart")
    return answer({"order_uuid": order.uuid, "payment": {"paid": order.paid, "status": order.progress}})


def get_details(world: World, asked: Asked) -> Response:
    """``GET /carts/{cartUuid}/items/{cartItemUuid}/product-general-details``."""
    _, item = cart_item_of(world, asked)
    return answer(details_json(item, view_of(world, asked)))


def apply_promo(world: World, asked: Asked) -> Response:
    """``POST /carts/{cartUuid}/promo-intent``: the promo code, or the rule of a bundle with both its activities."""
    cart = open_cart_of(world, asked)
    given = read_object(asked.body, _INTENT, ["promo"])
    promo = given["promo"]
    intent = PromoIntent(new_uuid(), promo, given.get("triggering_product"), given.get("target_product"))
    if promo == PROMO_CODE:
        cart.promo_code = promo
    elif promo in _rules(world, asked, intent):
        cart.intents.append(intent)
    else:
        raise not_found("such promotion")
    return Response(status_code=201)


def _rules(world: World, asked: Asked, intent: PromoIntent) -> set[str]:
    """The rules of the bundles that have both activities of an intent."""
    triggering = world.views().catalogue.by_uuid.get(intent.triggering or "")
    if triggering is None:
        return set()
    bundles = PARTS["/activities/{activityUuid}/bundles"](triggering, world.views().catalogue, asked.locale)
    return {
        bundle["rule_id"]
        for bundle in bundles or ()
        if isinstance(bundle, dict) and any(each["uuid"] == intent.target for each in bundle["activities"])
    }


def _shown(world: World, asked: Asked, cart: Cart) -> Response:
    return answer(cart_json(cart, view_of(world, asked)))


def _promo_code(given: Json) -> str | None:
    code: str | None = given.get("discount_code")
    if code not in (None, PROMO_CODE):
        raise invalid(f'There is no discount code "{code}".')
    return code


def _read_item(world: World, given: Json) -> CartItem:
    check_entry(given, _ITEM, ("type", "product_identifier", "quantity"))
    product = _product(world, given["product_identifier"], given["type"])
    activity, pickup = product.activity, given.get("pickup")
    if activity.pickups or pickup is not None:
        pickup = str(pickup).lower()
        if pickup not in activity.pickups:
            raise no_pickup()
    check_language(activity, given.get("language"))
    _check_quantity(product, given["quantity"])
    return CartItem(Ticket(product, given.get("language"), pickup), given["quantity"])


def _read_ticket(world: World, given: Json) -> CartItem:
    """An item as older operations have it: with neither a language nor a pickup point."""
    check_entry(given, _TICKET, _TICKET)
    check_entry(given["product"], _PRODUCT, ["id"])
    product = _product(world, given["product"]["id"], given["product"].get("type"))
    if product.activity.pickups:
        raise no_pickup()
    _check_quantity(product, given["quantity"])
    return CartItem(Ticket(product), given["quantity"])


def _product(world: World, identifier: str, kind: str | None) -> Product:
    product = find_product(world.views().catalogue, identifier)
    if product is None or kind not in (None, product.type):
        raise not_found("such product")
    return product


def _check_quantity(product: Product, quantity: int) -> None:
    """Refuse what no number of free places would allow."""
    cap = evolve(product, slot=evolve(product.slot, places=-1)).max_buy
    if quantity < product.min_buy or quantity > cap >= 0:
        most = f" and {cap} at most" if cap >= 0 else ""
        raise invalid(f"The quantity must be {product.min_buy} at least{most}.")


_CART_PATH = "/carts/{cartUuid}"
_ITEM_PATH = f"{_CART_PATH}/items/{{cartItemUuid}}"

OPERATIONS: Operations = all_booked(
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
