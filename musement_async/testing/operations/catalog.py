"""The record of what changed in the catalogue."""

from collections.abc import Callable
from datetime import date

from starlette.responses import Response

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.updates import archived_on, changed_on
from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.server.errors import constraint
from musement_async.testing.server.query import read_day
from musement_async.testing.server.request import Asked


def list_updates(world: World, asked: Asked) -> Response:
    """``GET /catalog/updates/{day}``."""
    return _recorded(world, asked, changed_on)


def list_archived(world: World, asked: Asked) -> Response:
    """``GET /activities/archived/{day}``."""
    return _recorded(world, asked, archived_on)


def _recorded(world: World, asked: Asked, record: Callable[[Catalogue, date], list[Activity]]) -> Response:
    catalogue, given = world.views().catalogue, asked.path["day"]
    day = read_day("day", given)
    if day > catalogue.today:
        raise constraint("day", given, "it must not be in the future")
    return answer([{"uuid": activity.uuid} for activity in record(catalogue, day)])


OPERATIONS: Operations = {
    "/catalog/updates/{day}": {"GET": list_updates},
    "/activities/archived/{day}": {"GET": list_archived},
}
