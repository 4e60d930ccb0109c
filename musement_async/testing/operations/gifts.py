"""Operations of gifts."""

from itertools import groupby

from musement_async.testing.catalogue.schedules import Product, slots
from musement_async.testing.operations.dates import schedule_group_json, schedule_product_json
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.activities import Json
from musement_async.testing.rendering.documents import render_document
from musement_async.testing.rendering.giftboxes import GIFTBOX_CODE
from musement_async.testing.rendering.gifts import GIFT_HASH, chosen_gift, find_gift, gift_json, gift_products
from musement_async.testing.server.bodies import TEXT, read_object, whole, word
from musement_async.testing.server.errors import Refusal, constraint, not_found, or_not_found
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import price
from musement_async.testing.server.query import read_day
from musement_async.testing.server.request import PREFIX, Request

_FIELDS = {"strategy": word("FROM-GIFTBOX"), "giftbox_code": TEXT, "giftbox_type_item_id": whole(1)}


def get_gift(state: ServerState, request: Request) -> object:
    """``GET /gifts/{code}``."""
    given_hash = request.query.text("giftHash")
    if given_hash is None:
        raise constraint("giftHash", "", "it is needed")
    gift = find_gift(state.catalogue, request.path["code"])
    if given_hash != GIFT_HASH:
        raise Refusal(423, "0", "The gift cannot be redeemed with this hash.")
    return gift_json(gift, request.locale, PREFIX)


def render_gift(state: ServerState, request: Request) -> object:
    """``GET /gifts/{code}/render``."""
    pdf = request.query.choice("pdf", ("0", "1")) == "1"
    item = request.query.number("item_id")
    if item is None:
        raise constraint("item_id", "", "it is needed")
    gift = find_gift(state.catalogue, request.path["code"])
    if item != gift.item_id:
        raise not_found("such gift among the items")
    language = request.locale.language
    return render_document(gift.product.activity.texts[language].title, gift.code, language=language, pdf=pdf)


def create_gift(state: ServerState, request: Request) -> object:
    """``POST /gifts``."""
    given = read_object(request.body, _FIELDS, _FIELDS)
    if given["giftbox_code"] != GIFTBOX_CODE:
        raise not_found("such gift box")
    gift = chosen_gift(state.catalogue, given["giftbox_type_item_id"])
    return gift_json(gift, request.locale, PREFIX)


def list_gift_products(state: ServerState, request: Request) -> object:
    """``GET /events/{eventId}/gift-schedule``."""
    catalogue, number = state.catalogue, request.path["eventId"]
    activities = [activity for activity in catalogue.online if str(activity.number) == number]
    found = or_not_found(
        [product for activity in activities for product in gift_products(activity, catalogue)] or None,
        "such activity that can be given",
    )
    by_feature = groupby(found, key=lambda product: product.price_tag.feature.code)
    return {"features": [_feature([*products], request.locale) for _, products in by_feature]}


def list_gift_schedule(state: ServerState, request: Request) -> object:
    """``GET /events/{eventId}/schedule/{day}/{giftCode}``: a list of one schedule."""
    catalogue, day = state.catalogue, read_day("day", request.path["day"])
    product = find_gift(catalogue, request.path["giftCode"]).product
    activity = product.activity
    on_sale = state.booking.stock.left(activity, day, slots(activity, day, catalogue.today))
    found = [slot for slot in on_sale if slot.has(1)]
    if request.path["eventId"] != str(activity.number) or not found:
        raise not_found("such day for this gift")
    group = schedule_group_json(activity, day, found, [product.price_tag], request.locale)
    return [{"groups": [{**group, "slots": [_paid(slot, request.locale) for slot in group["slots"]]}]}]


def _feature(products: list[Product], locale: Locale) -> Json:
    tag = products[0].price_tag
    return {
        "feature_code": tag.feature.code,
        "name": tag.feature.names[locale.language],
        "default": tag.default_feature,
        "products": [_without_day(schedule_product_json(product, locale)) for product in products],
    }


def _without_day(product: Json) -> Json:
    """A ticket to give away, without the id and the places left of a day."""
    kept = {name: value for name, value in product.items() if name not in {"product_id", "availability"}}
    return {**kept, "type": "musement-gift", "max_buy": -1}


def _paid(slot: Json, locale: Locale) -> Json:
    """A slot with the gift's ticket, which costs nothing."""
    nothing = price(0, locale.currency, locale.language)
    (ticket,) = slot["products"]
    paid = {name: nothing if isinstance(value, dict) else value for name, value in ticket.items()}
    return {**slot, "products": [{**paid, "max_buy": 1}]}


OPERATIONS: Operations = {
    "/gifts": {"POST": create_gift},
    "/gifts/{code}": {"GET": get_gift},
    "/gifts/{code}/render": {"GET": render_gift},
    "/events/{eventId}/gift-schedule": {"GET": list_gift_products},
    "/events/{eventId}/schedule/{day}/{giftCode}": {"GET": list_gift_schedule},
}
