"""Activities and cities as the API's JSON. Absent values are left out, never null."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import City, Country
from musement_async.testing.catalogue.curated_lists import themes_of
from musement_async.testing.catalogue.schedules import slots
from musement_async.testing.catalogue.taxonomies import phrases_of
from musement_async.testing.catalogue.texts import slug_of
from musement_async.testing.catalogue.venues import VENUES, Venue
from musement_async.testing.catalogue.vocabulary import (
    FEATURES,
    FLAVOURS,
    FOOD,
    GROUP_SIZES,
    LANGUAGES,
    SERVICES,
    VERTICALS,
    Category,
    Term,
)
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import amounts, prices

Json = dict[str, Any]

# A domain reserved for examples, so that links lead to nobody's server.
_SITE = "https://www.example.com"
_IMAGES = "https://images.example.com"

_VENUE_COUNTS = Counter(venue.city_id for venue in VENUES)

_WORDS: dict[str, dict[str, str]] = {
    "every_day": {"en": "Every day", "it": "Tutti i giorni"},
    "some_days": {"en": "See the calendar", "it": "Vedi il calendario"},
    "summary": {"en": "Book ahead: {title}.", "it": "Prenota in anticipo: {title}."},
    "meeting": {
        "en": "Meet your host at the main entrance: {place}. Please come ten minutes early.",
        "it": "L'incontro è all'ingresso principale: {place}. Arriva con dieci minuti di anticipo.",
    },
    "meeting_city": {
        "en": "Your host waits in front of the town hall of {place}. Please come ten minutes early.",
        "it": "L'incontro è davanti al municipio: {place}. Arriva con dieci minuti di anticipo.",
    },
    "info": {"en": "Bring an identity card.", "it": "Porta un documento d'identità."},
    "reduced": {"en": "Children under six: free.", "it": "Bambini sotto i sei anni: gratis."},
    "city": {"en": "What to see and do in {city}, {country}.", "it": "Che cosa vedere e fare: {city}, {country}."},
    "city_title": {"en": "{city}: tickets, tours and activities", "it": "{city}: biglietti, tour e attività"},
    "city_headline": {"en": "Discover {city}", "it": "Alla scoperta di {city}"},
    "city_more": {"en": "Take two days for {city}.", "it": "Dedica due giorni a {city}."},
    "venue": {"en": "{place} in {city}", "it": "{place} a {city}"},
    "theme": {"en": "The best of {name}", "it": "Il meglio di {name}"},
}


def _say(what: str, language: str, **names: str) -> str:
    return _WORDS[what][language].format_map(names)


def _html(text: str) -> str:
    return f"<p>{text}</p>"


def page_url(language: str, *parts: str) -> str:
    """A page of the shop."""
    return "/".join((_SITE, "us" if language == "en" else language, *(slug_of(part) for part in parts), ""))


def image_url(kind: str, name: str) -> str:
    """A picture."""
    return f"{_IMAGES}/{kind}/{slug_of(name)}.jpg"


def activity_url(activity: Activity, language: str) -> str:
    """The page of an activity, which ends in its number."""
    title = activity.texts[language].title
    return page_url(language, activity.city.names[language], f"{title} {activity.number}")


def labels_json(codes: Iterable[str], terms: Mapping[str, Term], language: str) -> list[Json]:
    """Terms of a vocabulary."""
    return [{"code": code, "name": terms[code].names[language]} for code in codes]


def country_json(country: Country, language: str) -> Json:
    """A country as a part of a city."""
    return {"id": country.id, "name": country.names[language], "iso_code": country.iso_code}


def city_detail(city: City, catalogue: Catalogue, language: str) -> Json:
    """The city of ``GET /cities/{cityId}``."""
    return {
        **_city_texts(city, language),
        "country": {
            **country_json(city.country, language),
            "country_prefix": city.country.prefix,
            "currency_code": city.country.currency,
        },
        "activities_count": catalogue.counts[city.id],
        "list_count": len(themes_of(city, catalogue)),
        "venue_count": _VENUE_COUNTS[city.id],
    }


def city_item(city: City, catalogue: Catalogue, language: str) -> Json:
    """A city of ``GET /cities``."""
    return {
        **city_detail(city, catalogue, language),
        "country": country_json(city.country, language),
        "show_in_popular": city.top,
    }


def city_json(city: City, language: str) -> Json:
    """A city as a part of an activity."""
    return {**_city_texts(city, language), "slug": slug_of(city.names[language])}


def _city_texts(city: City, language: str) -> Json:
    names = {"city": city.names[language], "country": city.country.names[language]}
    texts: Json = {
        "id": city.id,
        "uuid": city.uuid,
        "top": city.top,
        "name": city.names[language],
        "code": city.code,
        "content": _say("city", language, **names),
        "meta_description": _say("city", language, **names),
        "meta_title": _say("city_title", language, **names),
        "headline": _say("city_headline", language, **names),
        "weight": city.share,
        "latitude": city.latitude,
        "longitude": city.longitude,
        "country": country_json(city.country, language),
        "cover_image_url": image_url("city", city.code),
        "url": page_url(language, names["city"]),
        "time_zone": city.time_zone,
    }
    # Small cities have fewer texts, and some of these are empty.
    if city.share < 4:
        del texts["meta_title"], texts["headline"]
    if city.share == 1:
        texts["more"] = ""
    elif city.top:
        texts["more"] = _say("city_more", language, **names)
    return texts


def activity_item(activity: Activity, catalogue: Catalogue, locale: Locale) -> Json:
    """An activity of ``GET /activities``."""
    language = locale.language
    city = activity.city
    return {
        **_activity(activity, catalogue, locale),
        "saves": activity.reviews_number // 10,
        "city": {
            "id": city.id,
            "name": city.names[language],
            "country": country_json(city.country, language),
            "cover_image_url": image_url("city", city.code),
            "url": page_url(language, city.names[language]),
            "time_zone": city.time_zone,
        },
        "duration": activity.duration[1] or "P0D",
        "has_passenger_info": activity.flags["has_passenger_info"],
        "has_extra_customer_data": activity.flags["has_extra_customer_data"],
    }


def activity_detail(activity: Activity, catalogue: Catalogue, locale: Locale) -> Json:
    """The activity of ``GET /activities/{activityUuid}``."""
    language = locale.language
    common = _activity(activity, catalogue, locale)
    return {
        **common,
        "seller_gateway": gateway_json(activity.seller),
        "city": city_json(activity.city, language),
        "about_markdown": common["about"],
        "about_html": _html(common["about"]),
        "meeting_point_markdown": common["meeting_point"],
        "meeting_point_html": _html(common["meeting_point"]),
        "numbered_seats": False,
        "translated": True,
        "automatically_translated": False,
        "has_multiple_options": activity.flags["has_multiple_options"],
        "order_box_elements": ["tours-and-activities-with-pickup" if activity.pickups else "tours-and-activities"],
        "sold_out": activity.status == "UNAVAILABLE",
        "giftcard": False,
        "where_text": _html(common["meeting_point"]),
        "when_text": _html(common["operational_days"]),
        "info": _html(_say("info", language)),
        "reduced": _html(_say("reduced", language)),
        "supplier": {},
        "venues": [venue_json(activity.venue, activity.city, language)] if activity.venue else [],
        "status": activity.status,
        "slug": slug_of(common["title"]),
        "meta_title": common["title"],
        "meta_description": common["description"],
        "no_index": False,
        "supplier_currency": "EUR",
        "needs_voucher": False,
        "voucher_always_include_ours": False,
    }


def _activity(activity: Activity, catalogue: Catalogue, locale: Locale) -> Json:
    """The fields that lists and single answers share."""
    language, flags, texts = locale.language, activity.flags, activity.texts[locale.language]
    season = activity.season
    parts = amounts(activity.euro_cents, activity.discount, activity.fee_euro_cents, locale.currency)
    place = (activity.venue or activity.city).names[language]
    optional: Json = {
        "duration_range": {
            bound: value for bound, value in zip(("min", "max"), activity.duration, strict=True) if value is not None
        }
        or None,
        "emergency_phone_number": activity.phone,
        "latitude": activity.latitude if activity.shows_coordinates else None,
        "longitude": activity.longitude if activity.shows_coordinates else None,
    }
    return {
        "operational_days": _say("every_day" if len(season.weekdays) == 7 else "some_days", language),
        "max_confirmation_time": activity.confirmation,
        "cutoff_time": activity.cutoff,
        "booking_type": activity.kind.booking_type,
        "uuid": activity.uuid,
        "title": texts.title,
        "relevance": activity.relevance,
        "relevance_venue": activity.relevances["venue"],
        **{name: flags[name] for name in ("must_see", "last_chance", "top_seller", "temporary", "likely_to_sell_out")},
        **{name: flags[name] for name in ("exclusive", "best_price", "daily", "giftable", "ticket", "open")},
        "free_cancellation": flags["free_cancellation"],
        "special_offer": activity.discount > 0,
        "voucher_access_usage": "PRINTED" if flags["printed"] else "MOBILE",
        "description": _say("summary", language, title=texts.title),
        "about": texts.about,
        "meeting_point": _say("meeting" if activity.venue else "meeting_city", language, place=place),
        **{name: value for name, value in optional.items() if value is not None},
        "validity": "P1Y" if flags["open"] else "P0D",
        "has_price_info_on_date": not flags["open"],
        "ticket_not_included": False,
        "languages": labels_json(activity.languages, LANGUAGES, language),
        "group_size": labels_json(activity.variant.group_size, GROUP_SIZES, language),
        "food": labels_json(activity.kind.food, FOOD, language),
        "services": labels_json(activity.services, SERVICES, language),
        "features": labels_json(activity.features, FEATURES, language),
        **phrases_of(activity, language),
        "is_available_today": bool(slots(activity, catalogue.today, catalogue.today)),
        "is_available_tomorrow": bool(slots(activity, catalogue.tomorrow, catalogue.today)),
        "cover_image_url": image_url("activity", str(activity.number)),
        **prices(parts, locale.currency, language),
        "discount": activity.discount,
        "categories": [category_json(category, activity, language) for category in activity.categories],
        "reviews_number": activity.reviews_number,
        "reviews_avg": activity.rating,
        "reviews_aggregated_info": {str(star): count for star, count in enumerate(activity.reviews, start=1)},
        "url": activity_url(activity, language),
        "flavours": [flavour_json(FLAVOURS[activity.kind.flavour], language)],
        "verticals": [vertical_json(VERTICALS[activity.kind.vertical], language)],
        "buy_multiplier": 1,
    }


def gateway_json(code: str) -> Json:
    """The gateway of a seller."""
    return {"code": code, "name": code.replace("_", " ").title()}


def category_json(category: Category, activity: Activity, language: str) -> Json:
    """A category as a part of an activity."""
    return {
        **bare_category_json(category, language, activity.city.names[language]),
        "event_image_url": image_url("activity", str(activity.number)),
    }


def bare_category_json(category: Category, language: str, *above: str) -> Json:
    """A category by itself; ``above`` are the names before its own in its page's URL."""
    parent: Json = {"parent_id": category.parent_id} if category.parent_id is not None else {}
    return {
        "id": category.id,
        "name": category.names[language],
        # The API sends it as a string.
        "level": str(category.level),
        "code": category.code,
        "cover_image_url": image_url("category", category.code),
        "url": page_url(language, *above, category.names[language]),
        **parent,
    }


def flavour_json(flavour: Term, language: str) -> Json:
    """A flavour."""
    name = flavour.names[language]
    return {"id": flavour.id, "name": name, "active": True, "slug": slug_of(name)}


def vertical_json(vertical: Term, language: str) -> Json:
    """A vertical."""
    name = vertical.names[language]
    return {
        "id": vertical.id,
        "name": name,
        "active": True,
        "code": vertical.code,
        "slug": slug_of(name),
        "url": page_url(language, name),
        "meta_title": name,
        "meta_description": _say("theme", language, name=name),
        "cover_image_url": image_url("vertical", vertical.code),
        "relevance": 100 - 10 * vertical.id,
    }


def venue_json(venue: Venue, city: City, language: str) -> Json:
    """A venue as a part of an activity."""
    names = {"place": venue.names[language], "city": city.names[language]}
    title = _say("venue", language, **names)
    return {
        "id": venue.id,
        "name": names["place"],
        "meta_title": title,
        "meta_description": title,
        "headline": title,
        "latitude": venue.latitude,
        "longitude": venue.longitude,
        "description": title,
        "address": f"{names['place']}, {names['city']}",
        "cover_image_url": image_url("venue", venue.names["en"]),
        "url": page_url(language, names["city"], names["place"]),
    }
