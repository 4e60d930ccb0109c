"""Vocabularies."""

from starlette.responses import Response

from musement_async.testing.booking.cart_views import details_json
from musement_async.testing.booking.order_views import order_item_json
from musement_async.testing.catalogue.activities import SELLERS
from musement_async.testing.catalogue.metadata import CURRENCY_NAMES, MARKET_NAMES, POI_TYPES
from musement_async.testing.catalogue.price_tags import PRICE_TAGS
from musement_async.testing.catalogue.vocabulary import FEATURES, FLAVOURS, LANGUAGES, SERVICES, Term
from musement_async.testing.operations.bookings import view_of
from musement_async.testing.operations.handling import Handler, Operations, World, answer, booked, for_managers
from musement_async.testing.rendering.activities import Json, flavour_json, gateway_json, labels_json
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.headers import LANGUAGES as CONTENT_LANGUAGES
from musement_async.testing.server.money import CURRENCIES
from musement_async.testing.server.request import Asked


def list_currencies(_world: World, asked: Asked) -> Response:
    """``GET /currencies``."""
    language = asked.locale.language
    return answer(
        [
            {"code": currency.code, "name": CURRENCY_NAMES[currency.code][language], "symbol": currency.sign}
            for currency in CURRENCIES.values()
        ]
    )


def list_flavours(_world: World, asked: Asked) -> Response:
    """``GET /flavours``."""
    return answer([flavour_json(flavour, asked.locale.language) for flavour in FLAVOURS.values()])


def list_gateways(_world: World, _asked: Asked) -> Response:
    """``GET /seller-gateways``."""
    return answer([gateway_json(code) for code in SELLERS])


def list_markets(_world: World, _asked: Asked) -> Response:
    """``GET /markets``."""
    return answer([{"slug": slug, "name": name} for slug, name in MARKET_NAMES.items()])


def get_price_tag(_world: World, asked: Asked) -> Response:
    """``GET /pricetags/{id}``."""
    for number, tag in PRICE_TAGS.items():
        if str(number) == asked.path["id"]:
            return answer(tag.json(asked.locale.language))
    raise not_found("such price tag")


def get_item_details(world: World, asked: Asked) -> Response:
    """``GET /item/{orderItemUuid}/general-details``."""
    found = world.booking.items.get(asked.path["orderItemUuid"])
    if found is None:
        raise not_found("such order item")
    order, item = found
    view = view_of(world, asked)
    shown = order_item_json(order, item, view, asked.origin)
    told: Json = {name: shown[name] for name in ("uuid", "b2b_price") if name in shown}
    return answer({**told, "product": details_json(item.cart_item, view)})


def _terms(terms: dict[str, Term]) -> Handler:
    def list_terms(_world: World, asked: Asked) -> Response:
        return answer(labels_json(terms, terms, asked.locale.language))

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
    "/item/{orderItemUuid}/general-details": {"GET": booked(get_item_details)},
}
