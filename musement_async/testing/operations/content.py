"""Editorial and commercial data of activities."""

from collections.abc import Callable

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.price_tags import HOLDERS, PRICE_FEATURES
from musement_async.testing.operations.handlers import Handler, Operations, ServerState, activity_of, for_managers
from musement_async.testing.rendering.activities import activity_detail
from musement_async.testing.rendering.activity_content import (
    FINANCES,
    financial_json,
    itineraries_json,
    markets_json,
    merchant_tags_json,
    needs_json,
    relevance_json,
    ticket_codes_json,
)
from musement_async.testing.rendering.activity_details import is_parent
from musement_async.testing.server.errors import constraint, not_found, or_not_found
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.request import Request

_STATUSES = ("DRAFT", "REVIEW", "ONLINE", "UNAVAILABLE", "ARCHIVED", "INACTIVE")
_FEATURES = frozenset(feature.code for feature in PRICE_FEATURES)
_HOLDERS = frozenset(holder.code for holder in HOLDERS)


def list_finances(_state: ServerState, _request: Request) -> object:
    """``GET /activity-finances``."""
    return FINANCES


def get_manager(state: ServerState, _request: Request) -> object:
    """``GET /content-managers/me``."""
    return {"username": state.oauth.manager, "email": state.oauth.manager, "firstname": "Local"}


def list_parents(state: ServerState, request: Request) -> object:
    """``GET /activities-parent``."""
    query, catalogue = request.query, state.catalogue
    page, statuses = query.page(), query.choices("status", _STATUSES)
    ids = {_number(given) for given in query.parameters.getlist("id_in")}
    uuids = set(query.parameters.getlist("uuid_in"))
    found = [
        activity
        for activity in catalogue.activities
        if is_parent(activity)
        and (not statuses or activity.status in statuses)
        and (not ids or activity.number in ids)
        and (not uuids or activity.uuid in uuids)
    ]
    shown = [activity_detail(activity, catalogue, request.locale) for activity in found[page]]
    return {"activities": shown, "meta": {"count": len(found)}}


def _number(given: str) -> int:
    if not given.isdecimal():
        raise constraint("id_in", given, "it must be an integer")
    return int(given)


def list_ticket_codes(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/ticket-codes/{priceTagFeature}/{priceTagHolder}``."""
    activity = activity_of(state, request)
    feature, holder = request.path["priceTagFeature"], request.path["priceTagHolder"]
    if feature not in _FEATURES or holder not in _HOLDERS:
        raise not_found("such price tag")
    return ticket_codes_json(activity, feature, holder)


def list_merchant_tags(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/merchant-tags``."""
    return merchant_tags_json(activity_of(state, request), request.locale)


def _of_any_activity(make: Callable[[Activity, Locale], object]) -> Handler:
    """The activity in the path; content managers see drafts too."""

    def handle(state: ServerState, request: Request) -> object:
        activity = state.catalogue.by_uuid.get(request.path["activityUuid"])
        return or_not_found(
            None if activity is None else make(activity, request.locale), "such activity, or it has none of this"
        )

    return for_managers(handle)


OPERATIONS: Operations = {
    "/activities-parent": {"GET": for_managers(list_parents)},
    "/activities/{activityUuid}/financial-info": {"GET": _of_any_activity(financial_json)},
    "/activities/{activityUuid}/itineraries": {"GET": _of_any_activity(itineraries_json)},
    "/activities/{activityUuid}/markets": {"GET": _of_any_activity(markets_json)},
    "/activities/{activityUuid}/merchant-tags": {"GET": list_merchant_tags},
    "/activities/{activityUuid}/participants-info-requirements": {"GET": _of_any_activity(needs_json)},
    "/activities/{activityUuid}/relevance": {"GET": _of_any_activity(relevance_json)},
    "/activities/{activityUuid}/ticket-codes/{priceTagFeature}/{priceTagHolder}": {"GET": list_ticket_codes},
    "/activity-finances": {"GET": for_managers(list_finances)},
    "/content-managers/me": {"GET": for_managers(get_manager)},
}
