"""Pickup points."""

from musement_async.testing.operations.handlers import Operations, ServerState, visible
from musement_async.testing.rendering.pickups import PICKUP_TYPES, TAG_SOURCES, all_pickups, pickups_of
from musement_async.testing.server.errors import constraint, not_found, or_not_found
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import Request

_MAX_LIMIT = 50
_SHORTEST_TEXT = 3


def list_pickups(state: ServerState, request: Request) -> object:
    """``GET /pickups``."""
    query = request.query
    text, page = _text(query), query.page(_MAX_LIMIT)
    types = query.choices("type_in", PICKUP_TYPES) or PICKUP_TYPES
    source = next(iter(query.choices("source", TAG_SOURCES)), None)
    found = [
        pickup
        for pickup in all_pickups(state.catalogue)
        if pickup.type in types and (text is None or pickup.has(text, source))
    ]
    query.sort(found, {"type": lambda pickup: pickup.type})
    found = or_not_found(found[page][:_MAX_LIMIT] or None, "pickup point that matches")
    return [pickup.json(request.locale.language) for pickup in found]


def _text(query: Query) -> str | None:
    text = query.text("text")
    if text is not None and len(text) < _SHORTEST_TEXT:
        raise constraint("text", text, f"it must have {_SHORTEST_TEXT} characters at least")
    return text


def get_pickup(state: ServerState, request: Request) -> object:
    """``GET /pickups/{activityPickupUuid}``."""
    wanted = request.path["activityPickupUuid"]
    for activity in state.catalogue.activities:
        for pickup in pickups_of(activity) if wanted in activity.pickups else ():
            if pickup.uuid == wanted:
                visible(activity)
                return pickup.json(request.locale.language)
    raise not_found("such pickup point")


OPERATIONS: Operations = {
    "/pickups": {"GET": list_pickups},
    "/pickups/{activityPickupUuid}": {"GET": get_pickup},
}
