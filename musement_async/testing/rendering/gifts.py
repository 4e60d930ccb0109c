"""Gifts of the local Musement: gifts on sale, one that was bought, and gifts from a gift box."""

from urllib.parse import urlencode, urlsplit

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.schedules import Product, days, products
from musement_async.testing.rendering.activities import Json, activity_url, image_url
from musement_async.testing.rendering.giftboxes import BOUGHT_TYPE, GIFTBOX_CODE, items_of
from musement_async.testing.server.errors import not_found, or_not_found
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import amounts, price

GIFT_CODE = "LOCAL-GIFT"
GIFT_HASH = "5d41402abc4b2a76"
GIFT_ITEM_ID = 1


@frozen
class Gift:
    """A gift: ``quantity`` tickets to an activity."""

    code: str
    item_id: int
    product: Product
    quantity: int = 1


def gift_products(activity: Activity, catalogue: Catalogue) -> list[Product]:
    """The tickets to an activity that can be given, from its first day on sale; none if it cannot be given."""
    if not activity.flags["giftable"]:
        return []
    first = next(days(activity, activity.season.opens, activity.season.closes, catalogue.today), None)
    return [] if first is None else products(activity, first[0], first[1][0])


def find_gift(catalogue: Catalogue, code: str) -> Gift:
    """The gift with a code.

    Raises:
        Refusal: There is no gift with this code.
    """
    if code == GIFT_CODE:
        return Gift(GIFT_CODE, GIFT_ITEM_ID, bought_gift(catalogue))
    box, _, item_id = code.rpartition("-")
    if box == GIFTBOX_CODE and item_id.isdecimal():
        return chosen_gift(catalogue, int(item_id))
    raise not_found("such gift")


def chosen_gift(catalogue: Catalogue, item_id: int) -> Gift:
    """An item of the bought gift box as a gift. Its code names the item, so nothing is stored.

    Raises:
        Refusal: The box has no such item, or the item is no longer on sale.
    """
    item = next((item for item in items_of(BOUGHT_TYPE, catalogue) if item.id == item_id), None)
    if item is None or not (found := gift_products(item.activity, catalogue)):
        raise not_found("such item in the gift box")
    return Gift(f"{GIFTBOX_CODE}-{item.id}", item.id, found[0], item.people)


def bought_gift(catalogue: Catalogue) -> Product:
    """A bought gift: a ticket to the best activity that has days, no pickup point and tickets for one person."""
    activities = (each for each in catalogue.online if not each.pickups and not each.flags["open"])
    sold = (product for each in activities for product in gift_products(each, catalogue))
    return or_not_found(next((product for product in sold if product.min_buy == 1), None), "such gift")


def gift_json(gift: Gift, locale: Locale, api: str) -> Json:
    """The gift as a product; ``api`` is the API's path prefix."""
    product = gift.product
    activity, tag = product.activity, product.price_tag
    language, currency = locale.language, locale.currency
    parts = amounts(product.euro_cents, activity.discount, activity.fee_euro_cents, currency)
    page = activity_url(activity, language)
    values = {
        "original_retail_price": parts.base + parts.fee,
        "retail_price": parts.retail,
        "discount_amount": parts.discount,
        "service_fee": parts.fee,
    }
    return {
        "id": str(gift.item_id),
        "code": gift.code,
        "redeem_url": f"{urlsplit(page).path}?{urlencode({'gift_hash': GIFT_HASH, 'gift_code': gift.code})}",
        "title": activity.texts[language].title,
        "activity_uuid": activity.uuid,
        "api_url": f"{api}/activities/{activity.uuid}",
        "url": page,
        "cover_image_url": image_url("activity", str(activity.number)),
        **{name: price(minor * gift.quantity, currency, language) for name, minor in values.items()},
        "gift_price_tag": {
            "feature_code": tag.feature.code,
            "feature_label": tag.feature.names[language],
            "holders": [{"code": tag.holder.code, "label": tag.holder.names[language], "qty": gift.quantity}],
        },
        "type": "musement-gift",
    }
