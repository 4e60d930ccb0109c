"""The search for activities: which ones match, and in which order.

If the API's documents disagree about sorting, the search follows the reference: ``relevance``, its relatives and
``rating`` put the best first, ``price`` and ``distance`` the smallest; a ``-`` reverses the order.
"""

import math
from collections.abc import Callable, Collection
from functools import partial

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.schedules import opens_between
from musement_async.testing.catalogue.text_search import read_text_query
from musement_async.testing.server.errors import incomplete
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import amounts
from musement_async.testing.server.query import Query

_EARTH_RADIUS_KM = 6371.0
KM_PER_UNIT = {"KM": 1.0, "M": 1.609344}
_FLAGS = {"YES": True, "NO": False, "true": True, "false": False}

# parameter: a function from an activity to its values; a match has one of the requested values
_LISTS: dict[str, Callable[[Activity], Collection[str]]] = {
    "available_language_in": lambda activity: activity.languages,
    "category_in": lambda activity: [category.code for category in activity.categories],
    "country_in": lambda activity: (activity.city.country.iso_code,),
    "feature_in": lambda activity: activity.features,
    "pickup_in": lambda activity: activity.pickups,
    "service_in": lambda activity: activity.services,
    "vertical_in": lambda activity: (activity.kind.vertical,),
}
_ID_LISTS: dict[str, Callable[[Activity], Collection[int]]] = {
    "city_in": lambda activity: (activity.city.id,),
    "venue_in": lambda activity: (activity.venue.id,) if activity.venue else (),
}
_ORDERS = (
    "relevance",
    "distance",
    "price",
    "rating",
    "relevance-venue",
    "relevance-city",
    "relevance-category",
    "relevance-external",
)
SORT_CHOICES = (*_ORDERS, *(f"-{name}" for name in _ORDERS))


def search(catalogue: Catalogue, query: Query, locale: Locale) -> list[Activity]:
    """All activities that a query matches, in its order; limit and offset are not applied.

    Raises:
        Refusal: A parameter that the operation does not take.
    """
    orders = query.choices("sort_by", SORT_CHOICES)
    tests = [test for read in _FILTERS if (test := read(query, locale)) is not None]
    period = query.period("available_from", "available_to")
    if period is not None:
        tests.append(partial(opens_between, period=period, today=catalogue.today))
    wording = read_text_query(query)
    point = query.point()
    by_distance = any(order.endswith("distance") for order in orders)
    if by_distance and point is None:
        raise incomplete("sort_by", "coordinates")
    if point is not None and "distance" not in query.parameters and not by_distance:
        raise incomplete("coordinates", "distance")
    seller = query.text("preferred_seller_code")

    matching = [activity for activity in catalogue.online if all(test(activity) for test in tests)]
    found = wording.find(matching, locale.language)
    if seller is not None:
        found.sort(key=lambda activity: activity.seller != seller)
    ranks = {activity.uuid: rank for rank, activity in enumerate(found)}
    for order in reversed(orders):
        name = order.removeprefix("-")
        found.sort(key=_sort_key(name, ranks, locale, point), reverse=order.startswith("-"))
    return found


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points on the globe, in kilometres."""
    (north, east), (other_north, other_east) = (tuple(map(math.radians, point)) for point in (one, other))
    angle = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(angle))


_Test = Callable[[Activity], bool]


def _in_lists(query: Query, _locale: Locale) -> _Test | None:
    wanted = [(of, frozenset(words)) for name, of in _LISTS.items() if (words := query.words(name))]
    ids = [(of, frozenset(numbers)) for name, of in _ID_LISTS.items() if (numbers := query.integers(name))]
    if not wanted and not ids:
        return None
    return lambda activity: (
        all(not words.isdisjoint(of(activity)) for of, words in wanted)
        and all(not numbers.isdisjoint(of(activity)) for of, numbers in ids)
    )


def _near(query: Query, _locale: Locale) -> _Test | None:
    within = query.distance(r"(\d{1,5})(KM|M)", "20KM or 12M")
    point = query.point()
    if within is None or point is None:
        return None
    radius = int(within[0]) * KM_PER_UNIT[within[1]]
    return lambda activity: kilometres(point, (activity.latitude, activity.longitude)) <= radius


def _priced(query: Query, locale: Locale) -> _Test | None:
    wanted = query.price_range("default_price_range")
    if wanted is None:
        return None
    low, high = (amount.scaleb(locale.currency.places) for amount in wanted)
    return lambda activity: low <= retail(activity, locale) <= high


def _temporary(query: Query, _locale: Locale) -> _Test | None:
    if "temporary" not in query.parameters:
        return None
    wanted = _FLAGS[query.choice("temporary", tuple(_FLAGS))]
    return lambda activity: activity.flags["temporary"] is wanted


_FILTERS = (_in_lists, _near, _priced, _temporary)


def retail(activity: Activity, locale: Locale) -> int:
    """The price that a customer pays, in the smallest unit of the currency."""
    return amounts(activity.euro_cents, activity.discount, activity.fee_euro_cents, locale.currency).retail


def _sort_key(
    name: str, ranks: dict[str, int], locale: Locale, point: tuple[float, float] | None
) -> Callable[[Activity], float]:
    keys: dict[str, Callable[[Activity], float]] = {
        "relevance": lambda activity: ranks[activity.uuid],
        "distance": lambda activity: kilometres(point or (0, 0), (activity.latitude, activity.longitude)),
        "price": lambda activity: retail(activity, locale),
        "rating": lambda activity: -activity.rating,
    }
    relative = name.removeprefix("relevance-")
    return keys[name] if name in keys else lambda activity: -activity.relevances[relative]
