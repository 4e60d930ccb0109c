"""Countries, venues, categories and verticals as the API's JSON, with the numbers of their activities."""

from collections import Counter
from collections.abc import Iterable, Sequence

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import CITIES_BY_ID, City, Country
from musement_async.testing.catalogue.texts import slug_of
from musement_async.testing.catalogue.venues import Venue
from musement_async.testing.catalogue.vocabulary import CATEGORIES, VERTICALS, Category, Term
from musement_async.testing.rendering.activities import (
    Json,
    activity_item,
    bare_category_json,
    city_json,
    country_json,
    image_url,
    venue_json,
    vertical_json,
)
from musement_async.testing.server.headers import Locale

_TOP_EVENTS = 3

# The root of the tree of categories. Lists of categories leave it out.
ROOT = Category(1, "all", {"en": "All categories", "it": "Tutte le categorie"}, 0, None)

_TIPS = {"en": "Come early.", "it": "Arriva presto."}
_THEME = {"en": "The best of {name}", "it": "Il meglio di {name}"}


def full_country_json(country: Country, language: str) -> Json:
    """The country of ``GET /countries/{countryId}``."""
    return {
        **country_json(country, language),
        "iso3char": country.iso3char,
        "country_prefix": country.prefix,
        "currency_code": country.currency,
    }


def is_in_category(activity: Activity, category: Category) -> bool:
    """Whether an activity belongs to a category, or to one below it."""
    return category is ROOT or category in activity.categories


def category_item(
    category: Category, activities: Iterable[Activity], language: str, *, city: City | None = None
) -> Json:
    """A category of ``GET /categories``, or in a city; the first of ``activities`` provides the picture."""
    above = (city.names[language],) if city else ()
    name = ": ".join((*above, category.names[language]))
    example = next((activity for activity in activities if is_in_category(activity, category)), None)
    return {
        **bare_category_json(category, language, *above),
        "meta_title": name,
        "meta_description": _THEME[language].format(name=name),
        "headline": name,
        **({"event_image_url": image_url("activity", str(example.number))} if example else {}),
        **({"city": city_json(city, language)} if city else {}),
    }


def category_tree(category: Category, activities: Sequence[Activity], language: str) -> Json:
    """A category with all categories below it."""
    parent = None if category is ROOT else category.code
    below = [child for child in CATEGORIES.values() if child.parent == parent]
    return {
        **category_item(category, activities, language),
        "children": [category_tree(child, activities, language) for child in below],
    }


def fullest_categories(activities: Iterable[Activity]) -> list[tuple[Category, int]]:
    """The categories of some activities with the number of activities in each, the fullest first."""
    counts = Counter(category.code for activity in activities for category in activity.categories)
    found = [(CATEGORIES[code], count) for code, count in counts.items()]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))


def verticals_of(activities: Sequence[Activity], locale: Locale) -> list[Json]:
    """The verticals of some activities, each with its number of activities."""
    counts = Counter(activity.kind.vertical for activity in activities)
    return [counted_vertical(vertical, counts, locale) for vertical in VERTICALS.values() if counts[vertical.code]]


def counted_vertical(vertical: Term, counts: Counter[str], locale: Locale) -> Json:
    """A vertical of ``GET /verticals``, from the numbers of activities by vertical code."""
    return {**vertical_json(vertical, locale.language), "count": counts[vertical.code]}


def full_vertical_json(vertical: Term, catalogue: Catalogue, locale: Locale) -> Json:
    """The vertical of ``GET /verticals/{verticalId}``."""
    activities = [activity for activity in catalogue.online if activity.kind.vertical == vertical.code]
    return {
        **counted_vertical(vertical, Counter({vertical.code: len(activities)}), locale),
        "top_events": [activity_item(activity, catalogue, locale) for activity in activities[:_TOP_EVENTS]],
    }


def activities_at(venue: Venue, catalogue: Catalogue) -> list[Activity]:
    """The activities at a venue, the most relevant first."""
    return [activity for activity in catalogue.online if activity.venue is venue]


def venue_item(venue: Venue, activities: Sequence[Activity], locale: Locale) -> Json:
    """A venue of ``GET /venues``, from its activities."""
    language, city = locale.language, CITIES_BY_ID[venue.city_id]
    reviews = sum(activity.reviews_number for activity in activities)
    stars = sum(star * count for activity in activities for star, count in enumerate(activity.reviews, start=1))
    common = venue_json(venue, city, language)
    return {
        **common,
        "city": city_json(city, language),
        "country": country_json(city.country, language),
        "status": "ACTIVE",
        "tips": [{"text": _TIPS[language]}],
        "relevance": len(activities),
        "events_count": len(activities),
        "reviews_number": reviews,
        "reviews_avg": round(stars / reviews, 1) if reviews else 0,
        "abstract": common["description"],
        "description_html": f"<p>{common['description']}</p>",
        "verticals": verticals_of(activities, locale),
        "show_calendar": True,
        "show_flavours_filter": len({activity.kind.flavour for activity in activities}) > 1,
        "slug": slug_of(common["name"]),
    }


def full_venue_json(venue: Venue, catalogue: Catalogue, locale: Locale) -> Json:
    """The venue of ``GET /venues/{venueId}``."""
    activities = activities_at(venue, catalogue)
    return {
        **venue_item(venue, activities, locale),
        "events": [activity_item(activity, catalogue, locale) for activity in activities[:_TOP_EVENTS]],
    }
