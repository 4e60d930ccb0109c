"""Vocabularies."""

from musement_async.testing.booking.cart_views import details_json
from musement_async.testing.booking.order_views import order_item_json
from musement_async.testing.catalogue.activities import SELLERS
from musement_async.testing.catalogue.metadata import CURRENCY_NAMES, MARKET_NAMES, POI_TYPES
from musement_async.testing.catalogue.price_tags import PRICE_TAGS
from musement_async.testing.catalogue.vocabulary import FEATURES, FLAVOURS, LANGUAGES, SERVICES, Term
from musement_async.testing.operations.bookings import render_context
from musement_async.testing.operations.handlers import Handler, Operations, ServerState, for_managers, locked
from musement_async.testing.rendering.activities import Json, flavour_json, gateway_json, labels_json
from musement_async.testing.server.errors import not_found, or_not_found
from musement_async.testing.server.headers import LANGUAGES as CONTENT_LANGUAGES
from musement_async.testing.server.money import CURRENCIES
from musement_async.testing.server.request import Request


def list_currencies(_state: ServerState, request: Request) -> object:
    """``GET /currencies``."""
    language = request.locale.language
    return [
        {"code": currency.code, "name": CURRENCY_NAMES[currency.code][language], "symbol": currency.sign}
        for currency in CURRENCIES.values()
    ]


def list_flavours(_state: ServerState, request: Request) -> object:
    """``GET /flavours``."""
    return [flavour_json(flavour, request.locale.language) for flavour in FLAVOURS.values()]


def list_gateways(_state: ServerState, _request: Request) -> object:
    """``GET /seller-gateways``."""
    return [gateway_json(code) for code in SELLERS]


def list_markets(_state: ServerState, _request: Request) -> object:
    """``GET /markets``."""
    return [{"slug": slug, "name": name} for slug, name in MARKET_NAMES.items()]


def get_price_tag(_state: ServerState, request: Request) -> object:
    """``GET /pricetags/{id}``."""
    for number, tag in PRICE_TAGS.items():
        if str(number) == request.path["id"]:
            return tag.json(request.locale.language)
    raise not_found("such price tag")


def get_item_details(state: ServerState, request: Request) -> object:
    """``GET /item/{orderItemUuid}/general-details``."""
    found = or_not_found(state.booking.items.get(request.path["orderItemUuid"]), "such order item")
    order, item = found
    context = render_context(state, request)
    shown = order_item_json(order, item, context, request.origin)
    told: Json = {name: shown[name] for name in ("uuid", "b2b_price") if name in shown}
    return {**told, "product": details_json(item.cart_item, context)}


def _terms(terms: dict[str, Term]) -> Handler:
    def list_terms(_state: ServerState, request: Request) -> object:
        return labels_json(terms, terms, request.locale.language)

    return list_terms


OPERATIONS: Operations = {
    "/currencies": {"GET": list_currencies},
    "/languages": {"GET": _terms({code: LANGUAGES[code] for code in CONTENT_LANGUAGES})},
    "/activity-languages": {"GET": _terms(LANGUAGES)},
    "/features": {"GET": _terms(FEATURES)},
    "/services": {"GET": _terms(SERVICES)},
    "/poi-types": {"GET": _terms(POI_TYPES)},
    "/seller-gateways": {"GET": list_gateways},
    "/markets": {"GET": for_managers(list_markets)},
    "/flavours": {"GET": list_flavours},
    "/pricetags/{id}": {"GET": get_price_tag},
    "/item/{orderItemUuid}/general-details": {"GET": locked(get_item_details)},
}
