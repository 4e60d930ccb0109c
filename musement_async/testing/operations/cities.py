"""Operations of cities."""

from collections.abc import Callable

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.cities import CITIES, City
from musement_async.testing.catalogue.schedules import slots
from musement_async.testing.catalogue.search import kilometres
from musement_async.testing.catalogue.venues import VENUES
from musement_async.testing.catalogue.vocabulary import Category
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.operations.lists import answer_lists
from musement_async.testing.operations.lookups import category_of, city_of, vertical_of
from musement_async.testing.operations.offers import in_filters, offers
from musement_async.testing.rendering.activities import city_detail, city_item
from musement_async.testing.rendering.places import (
    activities_at,
    category_item,
    fullest_categories,
    is_in_category,
    venue_item,
    verticals_of,
)
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.errors import incomplete, or_not_found
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import Request

_ORDERS = (
    "relevance",
    "city-relevance",
    "relevance-city",
    "external-relevance",
    "relevance-external",
    "price",
    "rating",
)


def list_cities(state: ServerState, request: Request) -> object:
    """``GET /cities``."""
    query, catalogue = request.query, state.catalogue
    by_weight = query.choice("sort_by", ("weight", "none")) == "weight"
    with_empty = query.choice("without_events", ("no", "yes")) == "yes"
    country = query.integer("prioritized_country", 0, minimum=1)
    most = query.integer("prioritized_country_cities_limit", len(CITIES), minimum=0)
    page, test = query.page(), _near(query)
    cities = [city for city in CITIES if (with_empty or catalogue.counts[city.id]) and test(city)]
    cities.sort(key=lambda city: -city.share if by_weight else city.id)
    first = [city for city in cities if city.country.id == country][:most]
    cities = or_not_found((first + [city for city in cities if city not in first])[page] or None, "city that matches")
    return [city_item(city, catalogue, request.locale.language) for city in cities]


def _near(query: Query) -> Callable[[City], bool]:
    within, point = query.distance(r"(\d{1,5})", "20, in kilometres"), query.point()
    if point is None:
        return lambda _: True
    if within is None:
        raise incomplete("coordinates", "distance")
    return lambda city: kilometres(point, (city.latitude, city.longitude)) <= int(within[0])


def get_city(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}``."""
    return city_detail(city_of(request), state.catalogue, request.locale.language)


def list_activities(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/activities``."""
    city, period = city_of(request), ("available_from", "available_to")
    request.query.period(*period)
    return offers(
        state,
        request,
        lambda activity: activity.city is city,
        filters=("vertical", "category", "venue"),
        period=period,
        orders=_ORDERS,
    )


def list_activities_on(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/activities/{happening}``."""
    city, catalogue = city_of(request), state.catalogue
    day = or_not_found(
        {"today": catalogue.today, "tomorrow": catalogue.tomorrow}.get(request.path["happening"]), "such day"
    )
    return offers(
        state, request, lambda activity: activity.city is city and bool(slots(activity, day, catalogue.today))
    )


def list_categories(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/categories``."""
    city = city_of(request)
    activities = _activities(state, city)
    language = request.locale.language
    fullest = fullest_categories(activities)
    return [category_item(category, activities, language, city=city) for category, _ in fullest]


def get_category(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/categories/{categoryId}`` and ``GET /categories/{categoryId}/cities/{cityId}``."""
    city, category, activities = _category(state, request)
    return category_item(category, activities, request.locale.language, city=city)


def list_category_regions(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/categories/{categoryId}/regions``."""
    city, category, _ = _category(state, request)
    return regions_json(lambda language: (city.names[language], category.names[language]))


def _category(state: ServerState, request: Request) -> tuple[City, Category, list[Activity]]:
    city, category = city_of(request), category_of(request)
    activities = or_not_found(
        [activity for activity in _activities(state, city) if is_in_category(activity, category)] or None,
        "such category in that city",
    )
    return city, category, activities


def _activities(state: ServerState, city: City) -> list[Activity]:
    return [activity for activity in state.catalogue.online if activity.city is city]


def list_lists(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/lists``."""
    city = city_of(request)
    return answer_lists(state, request, lambda listed: listed.city is city)


def list_regions(_state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/regions``."""
    city = city_of(request)
    return regions_json(lambda language: (city.names[language],))


def list_venues(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/venues``."""
    query, city, catalogue = request.query, city_of(request), state.catalogue
    passes, page = in_filters(query, ("vertical",)), query.page()
    has_filter = "vertical" in query.parameters or query.boolean("must_have_activities")
    query.boolean("must_be_visible")  # all venues of the local Musement are visible
    there = [(venue, activities_at(venue, catalogue)) for venue in VENUES if venue.city_id == city.id]
    there = [pair for pair in there if not has_filter or any(map(passes, pair[1]))]
    return [venue_item(venue, activities, request.locale) for venue, activities in there[page]]


def list_vertical_categories(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/verticals/{verticalId}/categories``."""
    city, vertical = city_of(request), vertical_of(request)
    activities = [activity for activity in _activities(state, city) if activity.kind.vertical == vertical.code]
    language = request.locale.language
    return [
        {**category_item(category, activities, language, city=city), "event_count": count}
        for category, count in fullest_categories(activities)
    ]


def list_verticals(state: ServerState, request: Request) -> object:
    """``GET /cities/{cityId}/verticals``."""
    return verticals_of(_activities(state, city_of(request)), request.locale)


OPERATIONS: Operations = {
    "/categories/{categoryId}/cities/{cityId}": {"GET": get_category},
    "/cities": {"GET": list_cities},
    "/cities/{cityId}": {"GET": get_city},
    "/cities/{cityId}/activities": {"GET": list_activities},
    "/cities/{cityId}/activities/{happening}": {"GET": list_activities_on},
    "/cities/{cityId}/categories": {"GET": list_categories},
    "/cities/{cityId}/categories/{categoryId}": {"GET": get_category},
    "/cities/{cityId}/categories/{categoryId}/regions": {"GET": list_category_regions},
    "/cities/{cityId}/lists": {"GET": list_lists},
    "/cities/{cityId}/regions": {"GET": list_regions},
    "/cities/{cityId}/venues": {"GET": list_venues},
    "/cities/{cityId}/verticals": {"GET": list_verticals},
    "/cities/{cityId}/verticals/{verticalId}/categories": {"GET": list_vertical_categories},
}
