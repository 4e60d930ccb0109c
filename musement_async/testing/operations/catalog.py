"""Operations of the catalogue's record of changes."""

from collections.abc import Callable
from datetime import date

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.updates import archived_on, changed_on
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.server.errors import constraint
from musement_async.testing.server.query import read_day
from musement_async.testing.server.request import Request


def list_updates(state: ServerState, request: Request) -> object:
    """``GET /catalog/updates/{day}``."""
    return _recorded(state, request, changed_on)


def list_archived(state: ServerState, request: Request) -> object:
    """``GET /activities/archived/{day}``."""
    return _recorded(state, request, archived_on)


def _recorded(state: ServerState, request: Request, record: Callable[[Catalogue, date], list[Activity]]) -> object:
    catalogue, given = state.catalogue, request.path["day"]
    day = read_day("day", given)
    if day > catalogue.today:
        raise constraint("day", given, "it must not be in the future")
    return [{"uuid": activity.uuid} for activity in record(catalogue, day)]


OPERATIONS: Operations = {
    "/catalog/updates/{day}": {"GET": list_updates},
    "/activities/archived/{day}": {"GET": list_archived},
}
