"""The customer who is logged in, and how somebody becomes one."""

from starlette.responses import Response

from musement_async.testing.booking.accounts import COMPANIONS, FREQUENCIES, GENDERS, INTERESTS, Account
from musement_async.testing.booking.order_views import order_item_json, order_json
from musement_async.testing.operations.bookings import view_of
from musement_async.testing.operations.comments import comment_json
from musement_async.testing.operations.handling import Operations, World, answer, booked, for_customers
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
from musement_async.testing.server.request import Asked

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


def get_me(world: World, asked: Asked) -> Response:
    """``GET /customers/me``."""
    return answer(_me(world, asked).profile_json(asked.locale.language))


def replace_me(world: World, asked: Asked) -> Response:
    """``PUT /customers/me``."""
    given = read_object(asked.body, _PROFILE, sorted(_WHOLE_PROFILE))
    account = world.accounts.replace_profile(_me(world, asked).email, given)
    return answer(account.profile_json(asked.locale.language))


def update_me(world: World, asked: Asked) -> Response:
    """``PATCH /customers/me``."""
    account = world.accounts.update_profile(_me(world, asked).email, read_object(asked.body, _PROFILE))
    return answer(account.profile_json(asked.locale.language))


def get_preferences(world: World, asked: Asked) -> Response:
    """``GET /customers/me/preferences``."""
    return answer(_me(world, asked).preferences_json(asked.locale.language))


def update_preferences(world: World, asked: Asked) -> Response:
    """``PATCH /customers/me/preferences``."""
    account = world.accounts.update_preferences(_me(world, asked).email, read_object(asked.body, _PREFERENCES))
    return answer(account.preferences_json(asked.locale.language))


def list_orders(world: World, asked: Asked) -> Response:
    """``GET /customers/me/orders``: the newest first."""
    page, view = asked.query.page(_MOST_ORDERS), view_of(world, asked)
    own = world.booking.orders_of(asked.customer)[::-1]
    return answer([order_json(order, view, asked.origin) for order in own[page]])


def get_order_item(world: World, asked: Asked) -> Response:
    """``GET /customers/me/orders/{orderUuid}/items/{orderItemUuid}``."""
    order = world.booking.order(asked.path["orderUuid"])
    item = order.item(asked.path["orderItemUuid"].lower())
    if item is None or order.owner != asked.customer:
        raise not_found("such item of an order of yours")
    return answer(order_item_json(order, item, view_of(world, asked), asked.origin))


def list_comments(world: World, asked: Asked) -> Response:
    """``GET /customers/me/comments``."""
    return answer([comment_json(world, comment, asked) for comment in world.writings.comments_of(asked.customer)])


def reset_password(_world: World, asked: Asked) -> Response:
    """``POST /reset_password``: the same whether or not there is such a customer."""
    try:
        read_object(asked.body, {"email": EMAIL}, ("email",))
    except Refusal as refusal:
        raise Refusal(406, refusal.code, refusal.message) from refusal
    return Response(status_code=204)


def sign_up(world: World, asked: Asked) -> Response:
    """``POST /signup``; the customer's password is the one that the first customer has."""
    _sign_up(world, read_object(asked.body, {"email": EMAIL}, ("email",)))
    return answer({})


def sign_up_softly(world: World, asked: Asked) -> Response:
    """``POST /signup/soft``; the API does not tell which fields there are, so any may come beside the usual ones."""
    _sign_up(world, read_any_object(asked.body))
    return answer({})


def sign_up_from_elsewhere(world: World, asked: Asked) -> Response:
    """``POST /signup/external_provider``; the same."""
    return answer(_sign_up(world, read_any_object(asked.body)).profile_json(asked.locale.language))


def _me(world: World, asked: Asked) -> Account:
    return world.accounts.get(str(asked.customer))


def _sign_up(world: World, given: dict[str, str]) -> Account:
    known = {name: given[name] for name in _SIGN_UP if name in given}
    check_fields({"email": None, **known}, {name: EMAIL if name == "email" else NAME for name in _SIGN_UP})
    email, password = known.pop("email"), known.pop("password", None)
    account = world.accounts.sign_up(email, known, password)
    if account is None:
        raise Refusal(400, "0", "There is a customer with this e-mail address.")
    return account


OPERATIONS: Operations = {
    "/customers/me": {
        "GET": for_customers(get_me),
        "PUT": for_customers(replace_me),
        "PATCH": for_customers(update_me),
    },
    "/customers/me/comments": {"GET": for_customers(list_comments)},
    "/customers/me/orders": {"GET": for_customers(booked(list_orders))},
    "/customers/me/orders/{orderUuid}/items/{orderItemUuid}": {"GET": for_customers(booked(get_order_item))},
    "/customers/me/preferences": {"GET": for_customers(get_preferences), "PATCH": for_customers(update_preferences)},
    "/reset_password": {"POST": reset_password},
    "/signup": {"POST": sign_up},
    "/signup/external_provider": {"POST": sign_up_from_elsewhere},
    "/signup/soft": {"POST": sign_up_softly},
}
