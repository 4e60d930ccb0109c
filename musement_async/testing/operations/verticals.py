"""Operations of verticals."""

from collections import Counter

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.vocabulary import CATEGORIES, VERTICALS, Term
from musement_async.testing.operations.categories import usable_as_filter
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.operations.lookups import vertical_of
from musement_async.testing.operations.offers import offers
from musement_async.testing.rendering.places import category_item, counted_vertical, full_vertical_json
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.errors import or_not_found
from musement_async.testing.server.request import Request


def list_verticals(state: ServerState, request: Request) -> object:
    """``GET /verticals``."""
    catalogue, categories = state.catalogue, frozenset(request.query.integers("category_in"))
    counts = Counter(activity.kind.vertical for activity in catalogue.online)
    wanted = {
        activity.kind.vertical
        for activity in catalogue.online
        if not categories.isdisjoint(category.id for category in activity.categories)
    }
    found = [vertical for code, vertical in VERTICALS.items() if not categories or code in wanted]
    verticals = or_not_found(found[request.query.page()] or None, "vertical that matches")
    return [counted_vertical(vertical, counts, request.locale) for vertical in verticals]


def get_vertical(state: ServerState, request: Request) -> object:
    """``GET /verticals/{verticalId}``: a list of one, as in the API's description."""
    return [full_vertical_json(vertical_of(request), state.catalogue, request.locale)]


def list_activities(state: ServerState, request: Request) -> object:
    """``GET /verticals/{verticalId}/activities``."""
    vertical = vertical_of(request)
    return offers(state, request, lambda activity: activity.kind.vertical == vertical.code)


def list_categories(state: ServerState, request: Request) -> object:
    """``GET /verticals/{verticalId}/categories``."""
    query, activities = request.query, _activities(state, vertical_of(request))
    wanted, page = query.boolean("filtering_aware"), query.page()
    there = {category.code for activity in activities for category in activity.categories}
    found = [
        category
        for code, category in CATEGORIES.items()
        if code in there and wanted in {None, usable_as_filter(category)}
    ]
    return [category_item(category, activities, request.locale.language) for category in found[page]]


def _activities(state: ServerState, vertical: Term) -> list[Activity]:
    return [activity for activity in state.catalogue.online if activity.kind.vertical == vertical.code]


def list_regions(_state: ServerState, request: Request) -> object:
    """``GET /verticals/{verticalId}/regions``."""
    vertical = vertical_of(request)
    return regions_json(lambda language: (vertical.names[language],))


OPERATIONS: Operations = {
    "/verticals": {"GET": list_verticals},
    "/verticals/{verticalId}": {"GET": get_vertical},
    "/verticals/{verticalId}/activities": {"GET": list_activities},
    "/verticals/{verticalId}/categories": {"GET": list_categories},
    "/verticals/{verticalId}/regions": {"GET": list_regions},
}
