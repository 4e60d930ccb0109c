"""Events that Musement does not sell."""

import re
from collections.abc import Callable

from musement_async.testing.catalogue.cities import CITIES_BY_ID
from musement_async.testing.catalogue.search import KM_PER_UNIT, kilometres
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.generic_events import GenericEvent, generic_events
from musement_async.testing.server.errors import constraint, or_not_found
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import Request

_Test = Callable[[GenericEvent], bool]

_FROM_POINT = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\|(-?\d{1,3}(?:\.\d+)?)\|(\d{1,5})(KM|M)", re.ASCII)
_FROM_CITY = re.compile(r"(\d{1,9})\|(\d{1,5})(KM|M)", re.ASCII)


def list_events(state: ServerState, request: Request) -> object:
    """``GET /generic-events``."""
    query, catalogue = request.query, state.catalogue
    cities, verticals = query.integers("city_in"), query.integers("vertical_in")
    temporary, now_open = _only(query, "temporary"), _only(query, "now_open")
    near, page = _near_point(query) + _near_city(query), query.page()
    events = or_not_found(
        [
            event
            for event in generic_events(catalogue.seed, catalogue.today)
            if (not cities or event.city.id in cities)
            and (not verticals or event.vertical.id in verticals)
            and (not temporary or event.ends is not None)
            and (not now_open or event.open_on(catalogue.today))
            and all(test(event) for test in near)
        ][page]
        or None,
        "event that matches",
    )
    return [event.json(request.locale.language) for event in events]


def _only(query: Query, name: str) -> bool:
    return name in query.parameters and query.choice(name, ("YES",)) == "YES"


def _near_point(query: Query) -> list[_Test]:
    found = _read(query, "max_distance", _FROM_POINT, "44.12|12.23|100KM")
    if found is None:
        return []
    latitude, longitude, distance, unit = found
    return [_within((float(latitude), float(longitude)), distance, unit)]


def _near_city(query: Query) -> list[_Test]:
    found = _read(query, "max_distance_from_city", _FROM_CITY, "2|100KM")
    if found is None:
        return []
    city = CITIES_BY_ID.get(int(found[0]))
    # No event is near an unknown city.
    return [_within((city.latitude, city.longitude), *found[1:]) if city else lambda _: False]


def _read(query: Query, name: str, pattern: re.Pattern[str], example: str) -> tuple[str, ...] | None:
    given = query.text(name)
    if given is None:
        return None
    found = pattern.fullmatch(given)
    if found is None:
        raise constraint(name, given, f"it must look like {example}")
    return found.groups()


def _within(point: tuple[float, float], distance: str, unit: str) -> _Test:
    radius = int(distance) * KM_PER_UNIT[unit]
    return lambda event: kilometres(point, (event.latitude, event.longitude)) <= radius


OPERATIONS: Operations = {"/generic-events": {"GET": list_events}}
