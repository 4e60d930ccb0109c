"""The details of an activity, such as media and policies, as the API's JSON, computed from the activity."""

import uuid
from collections.abc import Callable, Mapping

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import CITIES
from musement_async.testing.catalogue.search import kilometres
from musement_async.testing.catalogue.taxonomies import PHRASES
from musement_async.testing.catalogue.vocabulary import FLAVOURS, LANGUAGES
from musement_async.testing.rendering.activities import (
    Json,
    activity_item,
    category_json,
    city_detail,
    country_json,
    flavour_json,
    image_url,
    labels_json,
)
from musement_async.testing.rendering.forms import extra_schema, participant_schema
from musement_async.testing.rendering.pickups import pickups_of
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import amounts, price

# None means that the activity has no such detail.
Part = Callable[[Activity, Catalogue, Locale], Json | list[Json] | None]

_NEARBY_KM = 150
_BUNDLE_SIZE = 2
_BUNDLE_PERCENT = 10


def _bundles(activity: Activity, catalogue: Catalogue, locale: Locale) -> list[Json]:
    others = [other for other in catalogue.online if other.city is activity.city and other is not activity]
    if not others:
        return []
    bundle = {
        "discount": _BUNDLE_PERCENT,
        "discount_type": "PERCENTAGE",
        "bundle_type": "from_second",
        "rule_id": f"same-city-{activity.city.id}",
        "activities": [bundled(other, catalogue, locale, percent=_BUNDLE_PERCENT) for other in others[:_BUNDLE_SIZE]],
    }
    return [bundle]


def bundled(activity: Activity, catalogue: Catalogue, locale: Locale, *, percent: float = 0, off: float = 0) -> Json:
    """An activity whose price is reduced by a percentage, or by an amount in the currency of the request."""
    currency = locale.currency
    retail = amounts(activity.euro_cents, activity.discount, activity.fee_euro_cents, currency).retail
    reduced = max(0, int(retail * (100 - percent) // 100) - round(off * 10**currency.places))
    return {**activity_item(activity, catalogue, locale), "bundled_price": price(reduced, currency, locale.language)}


def _children(activity: Activity, catalogue: Catalogue, locale: Locale) -> list[Json]:
    if not is_parent(activity):
        return []
    return [
        activity_item(other, catalogue, locale)
        for other in catalogue.online
        if (other.city, other.venue, other.kind) == (activity.city, activity.venue, activity.kind)
        and not is_parent(other)
    ]


def is_parent(activity: Activity) -> bool:
    """Whether an activity is a parent, which is sold as its variants."""
    return activity.seller == "parent_event_seller"


def _country(activity: Activity, _catalogue: Catalogue, locale: Locale) -> Json:
    country = activity.city.country
    return {
        **country_json(country, locale.language),
        "iso3char": country.iso3char,
        "country_prefix": country.prefix,
        "currency_code": country.currency,
    }


def _destinations(activity: Activity, catalogue: Catalogue, locale: Locale) -> list[Json]:
    home = activity.city
    place = (home.latitude, home.longitude)
    near = [city for city in CITIES if kilometres(place, (city.latitude, city.longitude)) <= _NEARBY_KM]
    near.sort(key=lambda city: city is not home)
    return [{**city_detail(city, catalogue, locale.language), "default": city is home} for city in near]


def _media(activity: Activity, _catalogue: Catalogue, locale: Locale) -> list[Json]:
    title, number = activity.texts[locale.language].title, activity.number
    # The cover comes first; it is the picture in the activity itself.
    names = [str(number), *(f"{number} {extra}" for extra in range(2, 4 + number % 3))]
    pictures: list[Json] = [
        {
            "id": number * 10 + place,
            "title": title,
            "url": image_url("activity", name),
            "type": "image",
            "is_cover": place == 0,
        }
        for place, name in enumerate(names)
    ]
    if number % 4:
        return pictures
    video = f"local-{number}"
    url = f"https://videos.example.com/{video}"
    more = {"id": number * 10 + 9, "title": title, "url": url, "type": "video", "is_cover": False}
    return [*pictures, {**more, "external_identifier": video}]


# The time before the start, and the refund: in per cent, or an amount in euros.
_POLICIES: tuple[tuple[tuple[str, str, float], ...], ...] = (
    (("P1D", "PERCENTAGE", 100),),
    (("P2W", "PERCENTAGE", 100), ("P2D", "PERCENTAGE", 50)),
    (("P3D", "PERCENTAGE", 100), ("PT12H", "ABSOLUTE", 7.5)),
)


def refund_policies(activity: Activity) -> list[Json] | None:
    """The refunds, by the time between the cancellation and the start; None if nothing is refunded."""
    if not activity.flags["free_cancellation"]:
        return None
    return [
        {
            "uuid": str(uuid.uuid5(uuid.UUID(activity.uuid), f"refund/{period}")),
            "period": period,
            "type": kind,
            "value": value,
            **({"currency_code": "EUR"} if kind == "ABSOLUTE" else {}),
        }
        for period, kind, value in _POLICIES[activity.number % len(_POLICIES)]
    ]


def _taxonomies(activity: Activity, _catalogue: Catalogue, locale: Locale) -> list[Json]:
    return [{**phrase.json(locale.language), "type": phrase.type} for phrase in PHRASES if phrase.fits(activity)]


def _regions(activity: Activity, _catalogue: Catalogue, _locale: Locale) -> list[Json]:
    def names(language: str) -> tuple[str, ...]:
        return activity.city.names[language], f"{activity.texts[language].title} {activity.number}"

    return regions_json(names)


PARTS: Mapping[str, Part] = {
    "/activities/{activityUuid}/bundles": _bundles,
    "/activities/{activityUuid}/child-activities": _children,
    "/activities/{activityUuid}/contact-form": lambda activity, _, locale: [
        category_json(category, activity, locale.language) for category in activity.categories
    ],
    "/activities/{activityUuid}/country": _country,
    "/activities/{activityUuid}/destinations": _destinations,
    "/activities/{activityUuid}/extra-customer-data/schema": lambda activity, _, locale: extra_schema(
        activity, locale.language
    ),
    "/activities/{activityUuid}/flavours": lambda activity, _, locale: [
        flavour_json(FLAVOURS[activity.kind.flavour], locale.language)
    ],
    "/activities/{activityUuid}/languages": lambda activity, _, locale: labels_json(
        activity.languages, LANGUAGES, locale.language
    ),
    "/activities/{activityUuid}/media": _media,
    "/activities/{activityUuid}/participants-info/schema": lambda activity, _, locale: participant_schema(
        activity, locale.language
    ),
    "/activities/{activityUuid}/pickups": lambda activity, _, locale: [
        pickup.json(locale.language) for pickup in pickups_of(activity)
    ],
    "/activities/{activityUuid}/refund-policies": lambda activity, _catalogue, _locale: refund_policies(activity),
    "/activities/{activityUuid}/regions": _regions,
    "/activities/{activityUuid}/taxonomies": _taxonomies,
}
