"""Verticals, and what there is in one."""

from collections import Counter

from starlette.responses import Response

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.vocabulary import CATEGORIES, VERTICALS, Term
from musement_async.testing.operations.categories import usable_as_filter
from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.operations.lookups import some, vertical_of
from musement_async.testing.operations.offers import offers
from musement_async.testing.rendering.places import category_item, counted_vertical, full_vertical_json
from musement_async.testing.rendering.regions import regions_json
from musement_async.testing.server.request import Asked


def list_verticals(world: World, asked: Asked) -> Response:
    """``GET /verticals``."""
    catalogue, categories = world.views().catalogue, frozenset(asked.query.integers("category_in"))
    counts = Counter(activity.kind.vertical for activity in catalogue.online)
    wanted = {
        activity.kind.vertical
        for activity in catalogue.online
        if not categories.isdisjoint(category.id for category in activity.categories)
    }
    found = [vertical for code, vertical in VERTICALS.items() if not categories or code in wanted]
    verticals = some(found[asked.query.page()], "vertical")
    return answer([counted_vertical(vertical, counts, asked.locale) for vertical in verticals])


def get_vertical(world: World, asked: Asked) -> Response:
    """``GET /verticals/{verticalId}``, a list of one as the API's description has it."""
    return answer([full_vertical_json(vertical_of(asked), world.views().catalogue, asked.locale)])


def list_activities(world: World, asked: Asked) -> Response:
    """``GET /verticals/{verticalId}/activities``."""
    vertical = vertical_of(asked)
    return offers(world, asked, lambda activity: activity.kind.vertical == vertical.code)


def list_categories(world: World, asked: Asked) -> Response:
    """``GET /verticals/{verticalId}/categories``."""
    query, activities = asked.query, _activities(world, vertical_of(asked))
    wanted, page = query.truth("filtering_aware"), query.page()
    there = {category.code for activity in activities for category in activity.categories}
    found = [
        category
        for code, category in CATEGORIES.items()
        if code in there and wanted in {None, usable_as_filter(category)}
    ]
    return answer([category_item(category, activities, asked.locale.language) for category in found[page]])


def _activities(world: World, vertical: Term) -> list[Activity]:
    return [activity for activity in world.views().catalogue.online if activity.kind.vertical == vertical.code]


def list_regions(_world: World, asked: Asked) -> Response:
    """``GET /verticals/{verticalId}/regions``."""
    vertical = vertical_of(asked)
    return answer(regions_json(lambda language: (vertical.names[language],)))


OPERATIONS: Operations = {
    "/verticals": {"GET": list_verticals},
    "/verticals/{verticalId}": {"GET": get_vertical},
    "/verticals/{verticalId}/activities": {"GET": list_activities},
    "/verticals/{verticalId}/categories": {"GET": list_categories},
    "/verticals/{verticalId}/regions": {"GET": list_regions},
}
