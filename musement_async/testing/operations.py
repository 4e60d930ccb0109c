"""The operations of the local Musement: one table of path templates, and what answers them.

A handler is a plain function, so that nothing else of a client's happens between its beginning and its end.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

from attrs import frozen
from starlette.responses import JSONResponse, Response

from musement_async.testing.cities import CITIES, COUNTRIES, City
from musement_async.testing.errors import bad_login, hidden, incomplete, not_found
from musement_async.testing.facets import FACET_NAMES, facets
from musement_async.testing.headers import Locale
from musement_async.testing.oauth import OAuth
from musement_async.testing.query import Query
from musement_async.testing.render import city_detail, city_item
from musement_async.testing.search import kilometres, search
from musement_async.testing.texts import words_of
from musement_async.testing.venues import VENUES
from musement_async.testing.views import Views, encoded

_HIDDEN_STATUSES = ("DRAFT", "REVIEW")


@frozen
class Asked:
    """A request, as far as handlers need it."""

    query: Query
    path: Mapping[str, str]
    body: bytes
    locale: Locale


@frozen
class World:
    """What handlers answer from; ``views`` generates the catalogue on its first call."""

    oauth: OAuth
    views: Callable[[], Views]


Handler = Callable[[World, Asked], Response]


def login_by_query(world: World, asked: Asked) -> Response:
    """``GET /login``."""
    items = asked.query.parameters.multi_items()
    parameters = dict(items)
    if len(parameters) < len(items):
        raise bad_login("invalid_request", "A parameter is given twice.")
    return _token(world, parameters)


def login_by_json(world: World, asked: Asked) -> Response:
    """``POST /login``."""
    if asked.query.parameters:
        raise bad_login("invalid_request", "A POST login has its parameters in the body alone.")
    parameters = json_object(asked.body)
    if parameters is None or not all(isinstance(value, str) for value in parameters.values()):
        raise bad_login("invalid_request", "The body must be a JSON object of strings.")
    return _token(world, parameters)


def _token(world: World, parameters: Mapping[str, str]) -> Response:
    return JSONResponse(world.oauth.login(parameters), headers={"Cache-Control": "no-store"})


def json_object(body: bytes) -> dict[str, Any] | None:
    """A request body that is a JSON object; None if it is anything else."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else None


def list_cities(world: World, asked: Asked) -> Response:
    """``GET /cities``."""
    query, catalogue = asked.query, world.views().catalogue
    by_weight = query.choice("sort_by", ("weight", "none")) == "weight"
    with_empty = query.choice("without_events", ("no", "yes")) == "yes"
    country = query.integer("prioritized_country", 0, minimum=1)
    most = query.integer("prioritized_country_cities_limit", len(CITIES), minimum=0)
    page, test = query.page(), _near(query)
    cities = [city for city in CITIES if (with_empty or catalogue.counts[city.id]) and test(city)]
    cities.sort(key=lambda city: -city.share if by_weight else city.id)
    first = [city for city in cities if city.country.id == country][:most]
    cities = (first + [city for city in cities if city not in first])[page]
    if not cities:
        raise not_found("city that matches")
    return JSONResponse([city_item(city, catalogue, asked.locale.language) for city in cities])


def _near(query: Query) -> Callable[[City], bool]:
    within, point = query.distance(r"(\d{1,5})", "20, in kilometres"), query.point()
    if point is None:
        return lambda _: True
    if within is None:
        raise incomplete("coordinates", "distance")
    return lambda city: kilometres(point, (city.latitude, city.longitude)) <= int(within[0])


def get_city(world: World, asked: Asked) -> Response:
    """``GET /cities/{cityId}``."""
    for city in CITIES:
        if str(city.id) == asked.path["cityId"]:
            return JSONResponse(city_detail(city, world.views().catalogue, asked.locale.language))
    raise not_found("such city")


def list_activities(world: World, asked: Asked) -> Response:
    """``GET /activities``."""
    query, locale, views = asked.query, asked.locale, world.views()
    page, names = query.page(), query.choices("include_facets", FACET_NAMES)
    found = search(views.catalogue, query, locale)
    meta = {"count": len(found), **_exact_match(query.text("text"), locale.language)}
    return Response(
        b'{"meta":%b,"data":[%b],"facets":%b}'
        % (
            encoded(meta),
            b",".join(views.item(activity, locale) for activity in found[page]),
            encoded(facets(names, found, locale.language)),
        ),
        media_type="application/json",
    )


def get_activity(world: World, asked: Asked) -> Response:
    """``GET /activities/{activityUuid}``."""
    views = world.views()
    activity = views.catalogue.by_uuid.get(asked.path["activityUuid"])
    if activity is None:
        raise not_found("such activity")
    if activity.status in _HIDDEN_STATUSES:
        raise hidden()
    return Response(views.detail(activity, asked.locale), media_type="application/json")


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def names(self) -> dict[str, str]: ...


_NAMED: dict[str, Sequence[_Named]] = {
    "venues": VENUES,
    "countries": tuple(COUNTRIES.values()),
    # Last, so that a name which two things have (Singapore) is the city's.
    "cities": CITIES,
}
_BY_NAME = {
    tuple(words_of(name)): (kind, thing)
    for kind, things in _NAMED.items()
    for thing in things
    for name in thing.names.values()
}


def _exact_match(text: str | None, language: str) -> dict[str, Any]:
    """The city, country or sight that a search text names, if it does."""
    match = _BY_NAME.get(tuple(words_of(text or "")))
    if match is None:
        return {}
    kind, thing = match
    return {"match_type": kind, "match_names": [thing.names[language]], "match_ids": [str(thing.id)]}


LOGIN = "/login"
OPERATIONS: dict[str, dict[str, Handler]] = {
    LOGIN: {"GET": login_by_query, "POST": login_by_json},
    "/activities": {"GET": list_activities},
    "/activities/{activityUuid}": {"GET": get_activity},
    "/cities": {"GET": list_cities},
    "/cities/{cityId}": {"GET": get_city},
}
