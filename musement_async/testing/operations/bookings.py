"""Helpers of the operations on carts, orders and payments."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from musement_async.testing.booking.cart_views import RenderContext
from musement_async.testing.booking.carts import MOST_ITEMS, Cart, CartItem
from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.operations.handlers import Operations, ServerState, locked
from musement_async.testing.rendering.tickets import choosable_languages
from musement_async.testing.server.bodies import ValueType, check_fields
from musement_async.testing.server.errors import invalid, or_not_found, resource_locked
from musement_async.testing.server.request import PREFIX, Request


def all_locked(operations: Operations) -> Operations:
    """A table of operations, each wrapped by :func:`locked`."""
    return {
        template: {method: locked(handler) for method, handler in handlers.items()}
        for template, handlers in operations.items()
    }


def render_context(state: ServerState, request: Request) -> RenderContext:
    """The settings for rendering carts and orders, from a request."""
    return RenderContext(state.catalogue, state.booking.stock, request.locale, PREFIX)


def cart_of(state: ServerState, request: Request) -> Cart:
    """The cart in the path."""
    return state.booking.carts.get(request.path["cartUuid"].lower())


def open_cart_of(state: ServerState, request: Request) -> Cart:
    """The cart in the path, which can still be changed."""
    cart = cart_of(state, request)
    if cart.order is not None:
        raise resource_locked("The cart has an order.")
    return cart


def cart_item_of(state: ServerState, request: Request) -> tuple[Cart, CartItem]:
    """The cart and the item in the path."""
    cart = cart_of(state, request)
    item = or_not_found(cart.item(request.path["cartItemUuid"].lower()), "such item in the cart")
    return cart, item


def add_to_cart(cart: Cart, items: list[CartItem]) -> None:
    """Put items into a cart.

    Raises:
        Refusal: 400, the cart would hold too many.
    """
    if len(cart.items) + len(items) > MOST_ITEMS:
        raise invalid(f"A cart takes {MOST_ITEMS} items.")
    cart.items += items


def check_language(activity: Activity, language: str | None) -> None:
    """Refuse a language that an activity does not have, and a missing language if there is a choice."""
    choosable = choosable_languages(activity)
    if language is None:
        if choosable:
            raise invalid(f'The field "language" is needed: one of {", ".join(choosable)}.')
    elif language not in activity.languages:
        raise invalid(f'The field "language" must be one of {", ".join(activity.languages)}.')


def read_list(body: bytes) -> list[Any]:
    """A body that is a list.

    Raises:
        Refusal: 400, the body is something else.
    """
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    if not isinstance(given, list):
        raise invalid("The body must be a JSON array.")
    entries: list[Any] = cast("Any", given)
    return entries


def check_entry(given: object, kinds: Mapping[str, ValueType], required: Iterable[str]) -> None:
    """Refuse an entry of a list that is not an object with the given fields."""
    if not isinstance(given, dict):
        raise invalid("Each entry of the list must be an object.")
    entry: dict[str, Any] = cast("Any", given)
    for name in required:
        if name not in entry:
            raise invalid(f'The field "{name}" is needed.')
    check_fields(entry, kinds)
