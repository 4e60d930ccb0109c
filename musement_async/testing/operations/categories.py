"""Operations of categories and their tree."""

from collections import Counter
from collections.abc import Callable, Mapping

from musement_async.testing.catalogue.activity_templates import TEMPLATES
from musement_async.testing.catalogue.vocabulary import CATEGORIES, Category
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.operations.lookups import category_of
from musement_async.testing.operations.offers import offers
from musement_async.testing.rendering.places import ROOT, category_item, category_tree, is_in_category
from musement_async.testing.server.errors import or_not_found
from musement_async.testing.server.request import Request

_ORDERS = ("venue-relevance", "relevance", "category-relevance", "price", "rating")

_FILTER_CODES = frozenset(code for kind in TEMPLATES for code in kind.categories)


def usable_as_filter(category: Category) -> bool:
    """Whether activities belong to a category itself, not only to categories below it."""
    return category.code in _FILTER_CODES


def list_categories(state: ServerState, request: Request) -> object:
    """``GET /categories``."""
    query, activities = request.query, state.catalogue.online
    aware, parent = query.boolean("filtering_aware"), query.number("parent_id")
    level, page = query.integer("level", 0, minimum=0), query.page()
    found = [
        category
        for category in CATEGORIES.values()
        if aware in {None, usable_as_filter(category)}
        and parent in {None, category.parent_id}
        and level in {0, category.level}
    ]
    query.sort(found, _ranks(state))
    language = request.locale.language
    return [
        category_item(category, activities, language)
        for category in or_not_found(found[page] or None, "category that matches")
    ]


def _ranks(state: ServerState) -> Mapping[str, Callable[[Category], int]]:
    """The sort key of categories: the numbers of their activities and cities, and the greatest discount."""
    activities = state.catalogue.online
    pairs = [(category.code, activity) for activity in activities for category in activity.categories]
    counts, cities = Counter(code for code, _ in pairs), Counter(code for code, _ in {(c, a.city.id) for c, a in pairs})
    discounts: Counter[str] = Counter()
    for code, activity in pairs:
        discounts[code] = max(discounts[code], activity.discount)
    return {
        "relevance": lambda category: counts[category.code],
        "city_relevance": lambda category: cities[category.code],
        "discount": lambda category: discounts[category.code],
    }


def get_category(state: ServerState, request: Request) -> object:
    """``GET /categories/{categoryId}``."""
    activities = state.catalogue.online
    return category_item(category_of(request), activities, request.locale.language)


def get_tree(state: ServerState, request: Request) -> object:
    """``GET /categories-tree``."""
    return category_tree(ROOT, state.catalogue.online, request.locale.language)


def list_activities(state: ServerState, request: Request) -> object:
    """``GET /categories/{categoryId}/activities``."""
    category = category_of(request)
    return offers(
        state,
        request,
        lambda activity: is_in_category(activity, category),
        filters=("vertical", "city", "venue"),
        period=("date_from", "date_to"),
        orders=_ORDERS,
    )


OPERATIONS: Operations = {
    "/categories": {"GET": list_categories},
    "/categories-tree": {"GET": get_tree},
    "/categories/{categoryId}": {"GET": get_category},
    "/categories/{categoryId}/activities": {"GET": list_activities},
}
