"""Curated lists as the API's JSON."""

from collections import Counter
from itertools import count

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import City
from musement_async.testing.catalogue.curated_lists import CuratedList
from musement_async.testing.catalogue.venues import VENUES, Venue
from musement_async.testing.catalogue.vocabulary import CATEGORIES, VERTICALS, Term
from musement_async.testing.rendering.activities import (
    Json,
    activity_item,
    city_json,
    image_url,
    page_url,
    vertical_json,
)
from musement_async.testing.rendering.generic_events import generic_events
from musement_async.testing.rendering.places import category_item, verticals_of
from musement_async.testing.server.headers import Locale

_SIGHTS_VERTICAL = VERTICALS["arts-culture"]
_WHY = {"en": "Our editors like it.", "it": "Piace alla redazione."}


def type_json(kind: Term, language: str) -> Json:
    """A type of lists."""
    return {"id": kind.id, "name": kind.names[language]}


def page_names(listed: CuratedList, language: str) -> tuple[str, str]:
    """The names in the URL of a list's page."""
    city = listed.city.names[language]
    return city, listed.theme.titles[language].format(city=city)


def list_json(listed: CuratedList, catalogue: Catalogue, locale: Locale) -> Json:
    """The list of ``GET /lists/{listId}``."""
    language, theme, city = locale.language, listed.theme, listed.city
    activities = listed.activities(catalogue)
    subtitle = theme.subtitles[language].format(city=city.names[language])
    items = _items(listed, activities, catalogue, locale)
    counts = Counter(item["public_type"] for item in items)
    category = CATEGORIES[theme.category] if theme.category else None
    _, title = page_names(listed, language)
    return {
        "id": listed.id,
        "title": title,
        "subtitle": subtitle,
        "description": subtitle,
        "seo_title": title,
        "seo_description": subtitle,
        "temporary": theme.temporary,
        "url": page_url(language, *page_names(listed, language)),
        "authors": [{"id": 1, "firstname": "Ada", "lastname": "Editor", "avatar": image_url("people", "ada")}],
        "views": city.share * 1000,
        "scroll": 0,
        "saves": city.share * 10,
        "list_type": type_json(theme.type, language),
        "items": items,
        "items_count": {kind: counts[kind] for kind in ("musement", "thirdparty", "generic")},
        "city": city_json(city, language),
        **({"category": category_item(category, activities, language, city=city)} if category else {}),
        "cover_image_url": image_url("list", f"{city.code} {theme.number}"),
        "verticals": verticals_of(activities, locale),
    }


def _items(listed: CuratedList, activities: list[Activity], catalogue: Catalogue, locale: Locale) -> list[Json]:
    language, numbers = locale.language, count(listed.id * 100 + 1)
    subjects: list[Json] = [
        {
            "public_type": "musement",
            "title": activity.texts[language].title,
            "event": activity_item(activity, catalogue, locale),
        }
        for activity in activities
    ]
    if listed.theme.has_sights:
        subjects += [_sight(venue, listed.city, language) for venue in VENUES if venue.city_id == listed.city.id]
    if listed.theme.temporary:
        events = generic_events(catalogue.seed, catalogue.today)
        subjects += [
            {
                "public_type": "generic",
                "title": event.json(language)["where_is"],
                "description": _WHY[language],
                "generic_event": event.json(language),
            }
            for event in events
            if event.city is listed.city and event.ends is not None
        ]
    return [{"id": number, **subject} for number, subject in zip(numbers, subjects, strict=False)]


def _sight(venue: Venue, city: City, language: str) -> Json:
    name = venue.names[language]
    page = page_url(language, city.names[language], name)
    return {
        "public_type": "thirdparty",
        "title": name,
        "description": _WHY[language],
        "destination": {
            "id": venue.id,
            "verticals": [vertical_json(_SIGHTS_VERTICAL, language)],
            "city": city_json(city, language),
            "saves": city.share,
            "name": name,
            "canonical_url": page,
            "phone": f"{city.country.prefix}555{venue.id:06}",
            "website": page,
            "price_range": 2,
            "latitude": venue.latitude,
            "longitude": venue.longitude,
            "address": f"{name}, {city.names[language]}",
            "photos": [{"url": image_url("venue", venue.names["en"]), "title": name}],
            "comments": [
                {
                    "author": {"name": "Ada", "avatar": image_url("people", "ada")},
                    "title": name,
                    "text": _WHY[language],
                    "date": "2026-01-15T10:00:00+00:00",
                }
            ],
            "opening_hours": ["09:00-18:00"],
            "specialities": [],
            "rating": 4.5,
        },
    }
