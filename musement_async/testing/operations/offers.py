"""Lists of the activities of a city, country, venue, category or vertical: their common filters and orders."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from starlette.responses import Response

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.schedules import opens_between
from musement_async.testing.catalogue.search import retail
from musement_async.testing.catalogue.vocabulary import FLAVOURS, VERTICALS
from musement_async.testing.operations.handlers import ServerState
from musement_async.testing.rendering.places import ROOT
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import Request

Test = Callable[[Activity], bool]

_YEAR = timedelta(days=365)
_FILTERS: Mapping[str, Callable[[Activity, int], bool]] = {
    "category": lambda activity, number: number in {ROOT.id, *(category.id for category in activity.categories)},
    "city": lambda activity, number: activity.city.id == number,
    "flavour": lambda activity, number: FLAVOURS[activity.kind.flavour].id == number,
    "venue": lambda activity, number: activity.venue is not None and activity.venue.id == number,
    "vertical": lambda activity, number: VERTICALS[activity.kind.vertical].id == number,
}
_ORDERS: Mapping[str, Callable[[Activity, Locale], float]] = {
    "relevance": lambda activity, _: -activity.relevance,
    "category-relevance": lambda activity, _: -activity.relevances["category"],
    "city-relevance": lambda activity, _: -activity.relevances["city"],
    "external-relevance": lambda activity, _: -activity.relevances["external"],
    "relevance-city": lambda activity, _: -activity.relevances["city"],
    "relevance-external": lambda activity, _: -activity.relevances["external"],
    "venue-relevance": lambda activity, _: -activity.relevances["venue"],
    "price": retail,
    "rating": lambda activity, _: -activity.rating,
}


def in_filters(query: Query, names: Iterable[str]) -> Test:
    """Whether an activity passes the query's filters by id."""
    wanted = [(_FILTERS[name], number) for name in names if (number := query.number(name)) is not None]
    return lambda activity: all(test(activity, number) for test, number in wanted)


def offers(
    state: ServerState,
    request: Request,
    belongs: Test,
    *,
    filters: tuple[str, ...] = (),
    period: tuple[str, str] | None = None,
    orders: tuple[str, ...] = ("relevance",),
    first: Test = lambda _: False,
) -> object:
    """The activities of a place, a category or a vertical.

    Args:
        state: The state of the server.
        request: The request.
        belongs: Whether an activity belongs to the list.
        filters: The parameters that filter by an id.
        period: The parameters of the first and the last day.
        orders: The values of ``sort_by``, the default first.
        first: Whether an activity comes before the others.
    """
    query, views = request.query, state.cache()
    passes, order, page = in_filters(query, filters), query.choice("sort_by", orders), query.page()
    found = [activity for activity in views.catalogue.online if belongs(activity) and passes(activity)]
    if period is not None:
        days = query.open_period(*period, views.catalogue.today, _YEAR)
        found = [activity for activity in found if opens_between(activity, days, views.catalogue.today)]
    found.sort(key=lambda activity: (not first(activity), _ORDERS[order](activity, request.locale)))
    body = b",".join(views.item(activity, request.locale) for activity in found[page])
    return Response(b"[%b]" % body, media_type="application/json")
