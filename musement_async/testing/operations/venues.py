"""Operations of venues."""

from musement_async.testing.catalogue.cities import CITIES_BY_ID
from musement_async.testing.catalogue.venues import VENUES
from musement_async.testing.catalogue.vocabulary import FLAVOURS
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.operations.lookups import venue_of
from musement_async.testing.operations.offers import offers
from musement_async.testing.rendering.activities import flavour_json
from musement_async.testing.rendering.places import activities_at, full_venue_json, venue_item
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.errors import not_permitted, or_not_found
from musement_async.testing.server.request import Request

_ORDERS = ("venue-relevance", "relevance", "category-relevance", "price", "rating")
_MOST = 100


def list_venues(state: ServerState, request: Request) -> object:
    """``GET /venues``, without venues that have no activities."""
    query, catalogue = request.query, state.catalogue
    status = query.choice("status", ("ACTIVE", "NOT-ACTIVE", "ALL"))
    if status != "ACTIVE":
        raise not_permitted("status", status)
    countries, page = query.integers("country_in"), query.page(default=_MOST)
    found = [
        (venue, activities)
        for venue in VENUES
        if (not countries or CITIES_BY_ID[venue.city_id].country.id in countries)
        and (activities := activities_at(venue, catalogue))
    ]
    query.sort(found, {"relevance": lambda pair: len(pair[1])})
    # All venues of the local Musement are visible.
    found = [] if query.boolean("visible") is False else found[page]
    return [
        venue_item(venue, activities, request.locale)
        for venue, activities in or_not_found(found or None, "venue that matches")
    ]


def get_venue(state: ServerState, request: Request) -> object:
    """``GET /venues/{venueId}``."""
    return full_venue_json(venue_of(request), state.catalogue, request.locale)


def list_activities(state: ServerState, request: Request) -> object:
    """``GET /venues/{venueId}/activities``."""
    venue = venue_of(request)
    return offers(
        state,
        request,
        lambda activity: activity.venue is venue,
        filters=("vertical", "city", "category", "flavour"),
        period=("date_from", "date_to"),
        orders=_ORDERS,
    )


def list_flavours(state: ServerState, request: Request) -> object:
    """``GET /venues/{venueId}/flavours``."""
    activities = activities_at(venue_of(request), state.catalogue)
    there = {activity.kind.flavour for activity in activities}
    language = request.locale.language
    return [flavour_json(flavour, language) for code, flavour in FLAVOURS.items() if code in there]


def list_regions(_state: ServerState, request: Request) -> object:
    """``GET /venues/{venueId}/regions``."""
    venue = venue_of(request)
    city = CITIES_BY_ID[venue.city_id]
    return regions_json(lambda language: (city.names[language], venue.names[language]))


OPERATIONS: Operations = {
    "/venues": {"GET": list_venues},
    "/venues/{venueId}": {"GET": get_venue},
    "/venues/{venueId}/activities": {"GET": list_activities},
    "/venues/{venueId}/flavours": {"GET": list_flavours},
    "/venues/{venueId}/regions": {"GET": list_regions},
}
