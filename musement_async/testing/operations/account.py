"""Operations of the customer who is logged in, and of the registration."""

from collections.abc import Callable

from attrs import evolve
from starlette.responses import Response

from musement_async.testing.booking.customers import COMPANIONS, FREQUENCIES, GENDERS, INTERESTS, Customer
from musement_async.testing.booking.order_views import order_item_json, order_json
from musement_async.testing.operations.bookings import render_context
from musement_async.testing.operations.comments import comment_json
from musement_async.testing.operations.handlers import Operations, ServerState, for_customers, locked
from musement_async.testing.server.bodies import (
    DAY,
    EMAIL,
    NAME,
    TEXT,
    check_fields,
    each,
    read_any_object,
    read_object,
    word,
)
from musement_async.testing.server.errors import Refusal, not_found
from musement_async.testing.server.request import Request

_PROFILE = {
    "firstname": NAME,
    "lastname": NAME,
    "mobile": TEXT,
    "city": NAME,
    "address": NAME,
    "birthdate": DAY,
    "gender": word(*GENDERS),
}
_WHOLE_PROFILE = frozenset(_PROFILE) - {"mobile"}
_PREFERENCES = {
    "newsletter_frequency": word(*FREQUENCIES),
    "newsletter_from_thirdparty": word("YES", "NO"),
    "interests": each(word(*INTERESTS)),
    "travel_with": word(*COMPANIONS),
}
_MOST_ORDERS = 100
_SIGN_UP = ("email", "password", "firstname", "lastname")


def get_me(state: ServerState, request: Request) -> object:
    """``GET /customers/me``."""
    return _me(state, request).profile_json(request.locale.language)


def replace_me(state: ServerState, request: Request) -> object:
    """``PUT /customers/me``."""
    given = read_object(request.body, _PROFILE, sorted(_WHOLE_PROFILE))
    customer = _change(state, request, lambda known: evolve(known, profile=given))
    return customer.profile_json(request.locale.language)


def update_me(state: ServerState, request: Request) -> object:
    """``PATCH /customers/me``."""
    given = read_object(request.body, _PROFILE)
    customer = _change(state, request, lambda known: evolve(known, profile={**known.profile, **given}))
    return customer.profile_json(request.locale.language)


def get_preferences(state: ServerState, request: Request) -> object:
    """``GET /customers/me/preferences``."""
    return _me(state, request).preferences_json(request.locale.language)


def update_preferences(state: ServerState, request: Request) -> object:
    """``PATCH /customers/me/preferences``."""
    given = read_object(request.body, _PREFERENCES)
    customer = _change(state, request, lambda known: evolve(known, preferences={**known.preferences, **given}))
    return customer.preferences_json(request.locale.language)


def list_orders(state: ServerState, request: Request) -> object:
    """``GET /customers/me/orders``: the newest first."""
    page, context = request.query.page(_MOST_ORDERS), render_context(state, request)
    own = state.booking.orders_of(request.customer)[::-1]
    return [order_json(order, context, request.origin) for order in own[page]]


def get_order_item(state: ServerState, request: Request) -> object:
    """``GET /customers/me/orders/{orderUuid}/items/{orderItemUuid}``."""
    order = state.booking.orders.get(request.path["orderUuid"].lower())
    item = order.item(request.path["orderItemUuid"].lower())
    if item is None or order.owner != request.customer:
        raise not_found("such item in an order of this customer")
    return order_item_json(order, item, render_context(state, request), request.origin)


def list_comments(state: ServerState, request: Request) -> object:
    """``GET /customers/me/comments``."""
    return [comment_json(state, comment, request) for comment in state.reviews.comments_of(request.customer)]


def reset_password(_state: ServerState, request: Request) -> object:
    """``POST /reset_password``: the answer is the same for unknown customers."""
    try:
        read_object(request.body, {"email": EMAIL}, ("email",))
    except Refusal as refusal:
        raise Refusal(406, refusal.code, refusal.message) from refusal
    return Response(status_code=204)


def sign_up(state: ServerState, request: Request) -> object:
    """``POST /signup``; the new customer gets the first customer's password."""
    _sign_up(state, read_object(request.body, {"email": EMAIL}, ("email",)))
    return {}


def sign_up_softly(state: ServerState, request: Request) -> object:
    """``POST /signup/soft``; the API does not list the fields, so unknown ones are accepted."""
    _sign_up(state, read_any_object(request.body))
    return {}


def sign_up_from_elsewhere(state: ServerState, request: Request) -> object:
    """``POST /signup/external_provider``; unknown fields are accepted, as for :func:`sign_up_softly`."""
    return _sign_up(state, read_any_object(request.body)).profile_json(request.locale.language)


def _change(state: ServerState, request: Request, change: Callable[[Customer], Customer]) -> Customer:
    return state.customers.change(str(request.customer), change)


def _me(state: ServerState, request: Request) -> Customer:
    return state.customers.get(str(request.customer))


def _sign_up(state: ServerState, given: dict[str, str]) -> Customer:
    known = {name: given[name] for name in _SIGN_UP if name in given}
    check_fields({"email": None, **known}, {name: EMAIL if name == "email" else NAME for name in _SIGN_UP})
    email, password = known.pop("email"), known.pop("password", None)
    customer = state.customers.sign_up(email, known, password)
    if customer is None:
        raise Refusal(400, "0", "There is a customer with this e-mail address.")
    return customer


OPERATIONS: Operations = {
    "/customers/me": {
        "GET": for_customers(get_me),
        "PUT": for_customers(replace_me),
        "PATCH": for_customers(update_me),
    },
    "/customers/me/comments": {"GET": for_customers(list_comments)},
    "/customers/me/orders": {"GET": for_customers(locked(list_orders))},
    "/customers/me/orders/{orderUuid}/items/{orderItemUuid}": {"GET": for_customers(locked(get_order_item))},
    "/customers/me/preferences": {"GET": for_customers(get_preferences), "PATCH": for_customers(update_preferences)},
    "/reset_password": {"POST": reset_password},
    "/signup": {"POST": sign_up},
    "/signup/external_provider": {"POST": sign_up_from_elsewhere},
    "/signup/soft": {"POST": sign_up_softly},
}
