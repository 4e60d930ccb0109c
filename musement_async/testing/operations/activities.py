"""Activities: search and detail."""

from collections.abc import Sequence
from typing import Any, Protocol

from starlette.responses import Response

from musement_async.testing.cities import CITIES, COUNTRIES
from musement_async.testing.facets import FACET_NAMES, facets
from musement_async.testing.operations.handling import Asked, Operations, World, activity_of
from musement_async.testing.search import search
from musement_async.testing.texts import words_of
from musement_async.testing.venues import VENUES
from musement_async.testing.views import encoded


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
    activity = activity_of(world, asked)
    return Response(world.views().detail(activity, asked.locale), media_type="application/json")


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


OPERATIONS: Operations = {
    "/activities": {"GET": list_activities},
    "/activities/{activityUuid}": {"GET": get_activity},
}
