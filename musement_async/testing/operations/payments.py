"""Operations of payments by each gateway; :mod:`musement_async.testing.booking.cards` lists the cards."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from attrs import frozen
from starlette.responses import Response

from musement_async.testing.booking.cards import ACCEPTED_CARD, SECURED_CARD
from musement_async.testing.booking.order_views import order_json
from musement_async.testing.booking.orders import Order
from musement_async.testing.operations.bookings import all_locked, render_context
from musement_async.testing.operations.handlers import Handler, Operations, ServerState, has_permission
from musement_async.testing.rendering.activities import Json
from musement_async.testing.server.bodies import (
    BOOLEAN,
    IDENTIFIER,
    NAME,
    TEXT,
    ValueType,
    read_any_object,
    read_object,
)
from musement_async.testing.server.errors import (
    Refusal,
    invalid,
    not_found,
    or_not_found,
    resource_locked,
    unprocessable,
)
from musement_async.testing.server.request import Request

_BANK = "https://bank.example.com/3d-secure"
_PAYPAL = "https://paypal.example.com/checkout"
_STORED = {"id": "local-source", "brand": "Visa", "last4": "4242", "exp_month": 12, "exp_year": 2030}


@frozen
class Gateway:
    """A payment gateway: the fields of a request, which name the order and the card, and the answer for 3-D Secure.

    A request needs at least one of the fields ``cards``.
    """

    name: str
    fields: Mapping[str, ValueType]
    cards: tuple[str, ...]
    secured: Callable[[Order], Json] | None = None
    order: str = "order_uuid"
    paid: Callable[[Json], Json] = lambda _: {}


def _stripe_secured(order: Order) -> Json:
    secret = f"pi_{order.uuid[:8]}_secret_{order.cart.uuid[:8]}"
    return {"payment3d_secure": {"type": "USE_STRIPE_SDK", "payment_intent_client_secret": secret}}


def _adyen_secured(order: Order) -> Json:
    return {"3d_secure": {"type": "FORM", "url": _BANK, "payload": [f"MD={order.uuid}", "PaReq=local"]}}


def _split_gateway(given: Json) -> Json:
    name = "ADYEN" if "adyen_token" in given and "stripe_token" not in given else "STRIPE"
    both = {"adyen_token", "stripe_token"} <= given.keys()
    return {"gateway": name, "reason": "BUSINESS_STRATEGY" if both else "CLIENT_SELECTED"}


_IP = {"client_ip": TEXT}
_GATEWAYS = {
    gateway.name: gateway
    for gateway in (
        Gateway(
            "stripe",
            {"order_uuid": IDENTIFIER, "stripe_token": NAME, "stripe_source_id": NAME, "is_apple_pay": BOOLEAN, **_IP},
            ("stripe_token", "stripe_source_id"),
            _stripe_secured,
        ),
        Gateway(
            "adyen",
            {
                "order_uuid": IDENTIFIER,
                "adyen_encrypted_data": NAME,
                "accept_header": TEXT,
                "user_agent_header": TEXT,
                **_IP,
            },
            ("adyen_encrypted_data",),
            _adyen_secured,
        ),
        Gateway(
            "split",
            {
                "order_uuid": IDENTIFIER,
                "adyen_token": NAME,
                "stripe_token": NAME,
                "card_brand": TEXT,
                "card_country": TEXT,
                "redirect_url_success_3d_secure": TEXT,
                "is_apple_pay": BOOLEAN,
                **_IP,
            },
            ("stripe_token", "adyen_token"),
            lambda order: {"payment3d_secure": {"type": "REDIRECT", "url": f"{_BANK}?{urlencode({'id': order.uuid})}"}},
            paid=_split_gateway,
        ),
        Gateway(
            "paypal",
            {"order_id": IDENTIFIER, "paypal_payment_id": NAME, **_IP},
            ("paypal_payment_id",),
            order="order_id",
        ),
    )
}


def pay_nothing(state: ServerState, request: Request) -> object:
    """``POST /payments/no/payment``: for partners with the permission, and for anybody if the price is zero."""
    given = read_object(request.body, {"uuid": IDENTIFIER}, ["uuid"])
    order = _unpaid(state, request, given["uuid"])
    if order.totals.retail and not has_permission(state, request, "no-payment"):
        raise unprocessable("These credentials may not order without a payment.")
    state.booking.check_payment(order)
    state.booking.pay(order)
    return order_json(order, render_context(state, request), request.origin)


def _payment(gateway: Gateway) -> Handler:
    def pay(state: ServerState, request: Request) -> object:
        given = read_object(request.body, gateway.fields, [gateway.order])
        card = next((given[name] for name in gateway.cards if name in given), None)
        if card is None:
            raise invalid(f"One of these fields is needed: {', '.join(gateway.cards)}.")
        order = _unpaid(state, request, given[gateway.order])
        shown = gateway.paid(given)
        if card == SECURED_CARD and gateway.secured is not None:
            order.awaits = gateway.name
            return {**shown, **gateway.secured(order)}
        _charge(state, order, card)
        _store(state, request, gateway)
        return shown

    pay.__doc__ = f"``POST /payments/{gateway.name}/payment``."
    return pay


def _completion(gateway: Gateway) -> Handler:
    def complete(state: ServerState, request: Request) -> object:
        given = read_any_object(request.body)
        order = _unpaid(state, request, _order_uuid(given))
        if order.awaits != gateway.name:
            raise unprocessable("The payment does not wait for 3-D Secure.")
        _charge(state, order, ACCEPTED_CARD)
        _store(state, request, gateway)
        return {}

    complete.__doc__ = f"``POST /payments/{gateway.name}/complete_3d_secure``: the API does not describe its body."
    return complete


def proxy_3d_secure(_state: ServerState, request: Request) -> object:
    """``POST /payments/adyen/3d_secure_proxy``: a bank sends the customer's browser here."""
    return Response(
        status_code=302, headers={"Location": f"https://www.example.com/payment?{request.query.parameters}"}
    )


def start_express(state: ServerState, request: Request) -> object:
    """``POST /payments/paypal-express/redirect``."""
    fields = {"order_id": IDENTIFIER, "return_url": NAME, "cancel_url": NAME}
    given = read_object(request.body, fields, fields)
    order = _unpaid(state, request, given["order_id"])
    order.awaits = "paypal-express"
    return {"redirect_url": f"{_PAYPAL}?{urlencode({'token': ACCEPTED_CARD})}"}


def pay_express(state: ServerState, request: Request) -> object:
    """``POST /payments/paypal-express/payment``: 406 sends the customer back to the gateway."""
    fields = {"order_uuid": IDENTIFIER, "token": NAME, "payer_id": NAME}
    given = read_object(request.body, fields, fields)
    order = _unpaid(state, request, given["order_uuid"])
    if order.awaits != "paypal-express":
        raise unprocessable("The customer was not sent to the gateway.")
    if given["token"] == SECURED_CARD:
        raise Refusal(406, "10486", "The customer must choose another way to pay.", headers={"Location": _PAYPAL})
    _charge(state, order, given["token"])
    return {"redirect_url": _PAYPAL}


def get_stored_source(state: ServerState, request: Request) -> object:
    """``GET /payments/stripe/stored_source_info``: the card of a customer who paid by Stripe before."""
    return or_not_found(state.booking.stored_cards.get(request.customer or ""), "stored source")


def _unpaid(state: ServerState, request: Request, uuid: str) -> Order:
    order = state.booking.orders.get(uuid.lower())
    if order.owner is not None and request.customer not in (None, order.owner):
        raise Refusal(401, "0", "The order belongs to another customer.")
    if order.paid:
        raise resource_locked("The order is paid.")
    return order


def _charge(state: ServerState, order: Order, card: str) -> None:
    state.booking.check_payment(order)
    if card not in (ACCEPTED_CARD, _STORED["id"]):
        order.payment_failed = True
        raise unprocessable("The payment was refused.")
    state.booking.pay(order)


def _store(state: ServerState, request: Request, gateway: Gateway) -> None:
    if request.customer is not None and gateway.name == "stripe":
        state.booking.stored_cards[request.customer] = _STORED


def _order_uuid(given: Json) -> str:
    for name in ("order_uuid", "order_id", "uuid"):
        if name in given:
            return str(given[name])
    raise not_found("such order")


OPERATIONS: Operations = all_locked(
    {
        "/payments/no/payment": {"POST": pay_nothing},
        **{f"/payments/{name}/payment": {"POST": _payment(gateway)} for name, gateway in _GATEWAYS.items()},
        **{
            f"/payments/{name}/complete_3d_secure": {"POST": _completion(gateway)}
            for name, gateway in _GATEWAYS.items()
            if gateway.secured is not None
        },
        "/payments/adyen/3d_secure_proxy": {"POST": proxy_3d_secure},
        "/payments/paypal-express/redirect": {"POST": start_express},
        "/payments/paypal-express/payment": {"POST": pay_express},
        "/payments/stripe/stored_source_info": {"GET": get_stored_source},
    }
)
