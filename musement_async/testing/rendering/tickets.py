"""Tickets of the local catalogue as the API's JSON: what schedules, carts and orders share."""

from datetime import date, datetime

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.schedules import Product, Slot
from musement_async.testing.rendering.activities import Json, activity_item
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import Amounts, amounts, price, prices


def moment(day: date, slot: Slot) -> str:
    """A start in local time, without an offset, in the format of orders."""
    return f"{datetime.combine(day, slot.time):%Y-%m-%d %H:%M}"


def choosable_languages(activity: Activity) -> tuple[str, ...]:
    """The languages to choose from; none if the activity has only one."""
    return activity.languages if len(activity.languages) > 1 else ()


def amounts_json(parts: Amounts, locale: Locale) -> Json:
    """The prices of a ticket."""
    discount = price(parts.discount, locale.currency, locale.language)
    return {**prices(parts, locale.currency, locale.language), "discount_amount": discount}


def prices_json(activity: Activity, euro_cents: int, locale: Locale) -> Json:
    """The prices of a ticket to an activity, from its price before discount and fee."""
    return amounts_json(amounts(euro_cents, activity.discount, activity.fee_euro_cents, locale.currency), locale)


def product_json(product: Product, catalogue: Catalogue, locale: Locale, api: str) -> Json:
    """A ticket by itself; ``api`` is the API's path prefix."""
    activity = product.activity
    shown = activity_item(activity, catalogue, locale)
    return {
        "id": product.id,
        "type": product.type,
        "title": shown["title"],
        "max_confirmation_time": activity.confirmation,
        "price_tag": product.price_tag.json(locale.language),
        "min_buy": product.min_buy,
        "max_buy": product.max_buy,
        "date": moment(product.day, product.slot),
        "activity_uuid": activity.uuid,
        "api_url": f"{api}/activities/{activity.uuid}",
        "url": shown["url"],
        "cover_image_url": shown["cover_image_url"],
        "meeting_point": shown["meeting_point"],
        "meeting_point_markdown": shown["meeting_point"],
        "meeting_point_html": f"<p>{shown['meeting_point']}</p>",
        **prices_json(activity, product.euro_cents, locale),
    }
