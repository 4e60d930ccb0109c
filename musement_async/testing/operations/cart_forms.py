"""Operations of a cart's forms and of the answers to them."""

from musement_async.testing.booking.booking_forms import (
    check_customer,
    check_participants,
    customer_schema,
    participants_schema,
)
from musement_async.testing.booking.cart_views import customer_json, form_json
from musement_async.testing.operations.bookings import all_locked, cart_item_of, cart_of, open_cart_of, read_list
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.server.bodies import read_any_object
from musement_async.testing.server.errors import or_not_found
from musement_async.testing.server.request import Request


def get_form(state: ServerState, request: Request) -> object:
    """``GET /carts/{cartUuid}/form``."""
    return form_json(cart_of(state, request), request.locale.language)


def get_customer_schema(state: ServerState, request: Request) -> object:
    """``GET /carts/{cartUuid}/customer/schema``."""
    return customer_schema(cart_of(state, request), request.locale.language)


def set_customer(state: ServerState, request: Request) -> object:
    """``PUT /carts/{cartUuid}/customer``."""
    cart = open_cart_of(state, request)
    given = read_any_object(request.body)
    check_customer(cart, given)
    cart.answer(given)
    return customer_json(cart, request.locale.language)


def get_participants_schema(state: ServerState, request: Request) -> object:
    """``GET /carts/{cartUuid}/items/{cartItemUuid}/participants/schema``."""
    _, item = cart_item_of(state, request)
    return or_not_found(participants_schema(item, request.locale.language), "question to the participants of this item")


def list_participants(state: ServerState, request: Request) -> object:
    """``GET /carts/{cartUuid}/items/{cartItemUuid}/participants``."""
    _, item = cart_item_of(state, request)
    return item.participants


def set_participants(state: ServerState, request: Request) -> object:
    """``PUT /carts/{cartUuid}/items/{cartItemUuid}/participants``."""
    open_cart_of(state, request)
    _, item = cart_item_of(state, request)
    given = read_list(request.body)
    check_participants(item, given)
    item.participants = given
    return item.participants


_CART_PATH = "/carts/{cartUuid}"
_PARTICIPANTS_PATH = f"{_CART_PATH}/items/{{cartItemUuid}}/participants"

OPERATIONS: Operations = all_locked(
    {
        f"{_CART_PATH}/customer": {"PUT": set_customer},
        f"{_CART_PATH}/customer/schema": {"GET": get_customer_schema},
        f"{_CART_PATH}/form": {"GET": get_form},
        _PARTICIPANTS_PATH: {"GET": list_participants, "PUT": set_participants},
        f"{_PARTICIPANTS_PATH}/schema": {"GET": get_participants_schema},
    }
)
