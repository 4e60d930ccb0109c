"""What the customer and the participants of a cart are asked, and their answers."""

from starlette.responses import Response

from musement_async.testing.booking.booking_forms import (
    check_customer,
    check_participants,
    customer_schema,
    participants_schema,
)
from musement_async.testing.booking.cart_views import customer_json, form_json
from musement_async.testing.operations.bookings import all_booked, cart_item_of, cart_of, open_cart_of, read_list
from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.server.bodies import read_any_object
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.request import Asked


def get_form(world: World, asked: Asked) -> Response:
    """``GET /carts/{cartUuid}/form``."""
    return answer(form_json(cart_of(world, asked), asked.locale.language))


def get_customer_schema(world: World, asked: Asked) -> Response:
    """``GET /carts/{cartUuid}/customer/schema``."""
    return answer(customer_schema(cart_of(world, asked), asked.locale.language))


def set_customer(world: World, asked: Asked) -> Response:
    """``PUT /carts/{cartUuid}/customer``."""
    cart = open_cart_of(world, asked)
    given = read_any_object(asked.body)
    check_customer(cart, given)
    cart.answer(given)
    return answer(customer_json(cart, asked.locale.language))


def get_participants_schema(world: World, asked: Asked) -> Response:
    """``GET /carts/{cartUuid}/items/{cartItemUuid}/participants/schema``."""
    _, item = cart_item_of(world, asked)
    schema = participants_schema(item, asked.locale.language)
    if schema is None:
        raise not_found("question to the participants of this item")
    return answer(schema)


def list_participants(world: World, asked: Asked) -> Response:
    """``GET /carts/{cartUuid}/items/{cartItemUuid}/participants``."""
    _, item = cart_item_of(world, asked)
    return answer(item.participants)


def set_participants(world: World, asked: Asked) -> Response:
    """``PUT /carts/{cartUuid}/items/{cartItemUuid}/participants``."""
    open_cart_of(world, asked)
    _, item = cart_item_of(world, asked)
    given = read_list(asked.body)
    check_participants(item, given)
    item.participants = given
    return answer(item.participants)


_CART_PATH = "/carts/{cartUuid}"
_PARTICIPANTS_PATH = f"{_CART_PATH}/items/{{cartItemUuid}}/participants"

OPERATIONS: Operations = all_booked(
    {
        f"{_CART_PATH}/customer": {"PUT": set_customer},
        f"{_CART_PATH}/customer/schema": {"GET": get_customer_schema},
        f"{_CART_PATH}/form": {"GET": get_form},
        _PARTICIPANTS_PATH: {"GET": list_participants, "PUT": set_participants},
        f"{_PARTICIPANTS_PATH}/schema": {"GET": get_participants_schema},
    }
)
