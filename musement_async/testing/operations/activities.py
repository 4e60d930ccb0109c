"""Operations of activities: searches and single ones."""

from collections.abc import Sequence
from typing import Any, Protocol

from starlette.responses import Response

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import CITIES, COUNTRIES
from musement_async.testing.catalogue.facets import FACET_NAMES, facets
from musement_async.testing.catalogue.search import search
from musement_async.testing.catalogue.texts import words_of
from musement_async.testing.catalogue.venues import VENUES
from musement_async.testing.catalogue.vocabulary import LANGUAGES
from musement_async.testing.operations.handlers import Handler, Operations, ServerState, activity_of
from musement_async.testing.rendering.activities import Json, activity_detail, labels_json
from musement_async.testing.rendering.activity_content import content_json
from musement_async.testing.rendering.activity_details import PARTS, Part, bundled
from musement_async.testing.rendering.related import related_json
from musement_async.testing.server.bodies import (
    BOOLEAN,
    IDENTIFIER,
    NUMBER,
    check_fields,
    read_any_object,
    read_objects,
)
from musement_async.testing.server.errors import Refusal, not_found, or_not_found
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.request import Request
from musement_async.testing.server.responses import encoded

_CONFIGURATION = {
    "activity_uuid": IDENTIFIER,
    "discount": NUMBER,
    "apply_discount_percent": BOOLEAN,
    "dont_apply_on_first_product": BOOLEAN,
}


def list_activities(state: ServerState, request: Request) -> object:
    """``GET /activities``."""
    query, locale, views = request.query, request.locale, state.cache()
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


def get_activity(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}``."""
    activity = activity_of(state, request)
    return Response(state.cache().detail(activity, request.locale), media_type="application/json")


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def names(self) -> dict[str, str]: ...


_NAMED: dict[str, Sequence[_Named]] = {
    "venues": VENUES,
    "countries": tuple(COUNTRIES.values()),
    # The last entry wins: a name that a country and a city share (Singapore) means the city.
    "cities": CITIES,
}
_BY_NAME = {
    tuple(words_of(name)): (kind, thing)
    for kind, things in _NAMED.items()
    for thing in things
    for name in thing.names.values()
}


def _exact_match(text: str | None, language: str) -> dict[str, Any]:
    """The metadata of a search text that is the exact name of a city, country or sight; otherwise empty."""
    match = _BY_NAME.get(tuple(words_of(text or "")))
    if match is None:
        return {}
    kind, thing = match
    return {"match_type": kind, "match_names": [thing.names[language]], "match_ids": [str(thing.id)]}


def list_related(state: ServerState, request: Request) -> object:
    """``GET /activities-related``."""
    return related_json(state.catalogue, request.query, request.locale.language)


def list_offered_languages(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/metadata/languages``; tickets without a day have no languages."""
    activity = activity_of(state, request)
    if activity.flags["open"]:
        return Response(status_code=204)
    return labels_json(activity.languages, LANGUAGES, request.locale.language)


def get_content(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/contents/{localeCode}``."""
    activity, language = activity_of(state, request), request.path["localeCode"].partition("-")[0]
    if language not in activity.texts:
        raise not_found("content in that language")
    detail = activity_detail(activity, state.catalogue, Locale(language, request.locale.currency))
    return content_json(activity, detail, language)


def create_bundles(state: ServerState, request: Request) -> object:
    """``POST /activities/{activityUuid}/dynamic-bundles``; unknown activities are left out."""
    catalogue = state.catalogue
    activity_of(state, request)
    wanted = [(catalogue.by_uuid.get(given["activity_uuid"].lower()), given) for given in _configurations(request.body)]
    return [
        _bundle(activity, given, catalogue, request.locale)
        for activity, given in wanted
        if activity is not None and activity.status == "ONLINE"
    ]


def _configurations(body: bytes) -> list[Json]:
    given = read_objects(body)
    for each in given:
        if "activity_uuid" not in each:
            raise Refusal(400, "0", 'The field "activity_uuid" is needed.')
        check_fields(each, _CONFIGURATION)
    return given


def _bundle(activity: Activity, given: Json, catalogue: Catalogue, locale: Locale) -> Json:
    discount, in_percent = given.get("discount", 0), given.get("apply_discount_percent", False)
    reduction = {"percent" if in_percent else "off": discount}
    from_second = given.get("dont_apply_on_first_product", False)
    return {
        "discount": round(discount),
        "discount_type": "PERCENTAGE" if in_percent else "ABSOLUTE",
        "bundle_type": "no_discount" if not discount else "from_second" if from_second else "on_everything",
        "rule_id": "dynamic",
        "activities": [bundled(activity, catalogue, locale, **reduction)],
    }


def request_contact(state: ServerState, request: Request) -> object:
    """``POST /activities/{activityUuid}/contact-requests``; any fields, since the API does not list them."""
    activity_of(state, request)
    if not read_any_object(request.body):
        raise Refusal(400, "0", "The form is empty.")
    return {}


def _part(make: Part) -> Handler:
    def handle(state: ServerState, request: Request) -> object:
        return or_not_found(
            make(activity_of(state, request), state.catalogue, request.locale), "such thing for this activity"
        )

    return handle


OPERATIONS: Operations = {
    "/activities": {"GET": list_activities},
    "/activities-related": {"GET": list_related},
    "/activities/{activityUuid}": {"GET": get_activity},
    "/activities/{activityUuid}/contact-requests": {"POST": request_contact},
    "/activities/{activityUuid}/dynamic-bundles": {"POST": create_bundles},
    "/activities/{activityUuid}/contents/{localeCode}": {"GET": get_content},
    "/activities/{activityUuid}/metadata/languages": {"GET": list_offered_languages},
    **{template: {"GET": _part(make)} for template, make in PARTS.items()},
}
