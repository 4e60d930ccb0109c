"""Events that Musement does not sell."""

from collections.abc import Iterable
from typing import Any, cast

from musement_async.core import Core
from musement_async.errors import ArgumentError
from musement_async.models.generic_events import GenericEvent
from musement_async.pagination import ListCall
from musement_async.paths import build_path
from musement_async.resources import parameters
from musement_async.values import Coordinates


class GenericEvents:
    """What goes on in cities apart from the activities that Musement sells."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        *,
        city_in: Iterable[int] | None = None,
        max_distance: tuple[Coordinates, int] | None = None,
        max_distance_from_city: tuple[int, int] | None = None,
        distance_unit: parameters.DistanceUnit = "KM",
        now_open: bool = False,
        temporary: bool = False,
        vertical_in: Iterable[int] | None = None,
        sort_by: str | Iterable[str] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[GenericEvent]:
        """All events, or those near a place: ``GET /generic-events``.

        Args:
            city_in: Ids of cities.
            max_distance: A place, and how far from it, in ``distance_unit``.
            max_distance_from_city: The id of a city, and how far from it, in ``distance_unit``.
            distance_unit: ``"KM"`` for kilometres, ``"M"`` for miles.
            now_open: Only what is open now.
            temporary: Only what exists for a limited time.
            vertical_in: Ids of verticals.
            sort_by: One order or several; a minus turns it round. The API lists none.
            limit: Events on a page, from 1 to 100; the API's default is 10.
            offset: How many events to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        unit = parameters.one_of(
            "distance_unit", parameters.given("distance_unit", distance_unit), parameters.DistanceUnit
        )
        params = {
            "city_in": parameters.comma_list("city_in", city_in),
            "max_distance": _from_point(max_distance, unit),
            "max_distance_from_city": _from_city(max_distance_from_city, unit),
            "now_open": "YES" if parameters.truth("now_open", parameters.given("now_open", now_open)) else None,
            "temporary": "YES" if parameters.truth("temporary", parameters.given("temporary", temporary)) else None,
            "vertical_in": parameters.comma_list("vertical_in", vertical_in),
            "sort_by": parameters.orders("sort_by", sort_by, None),
        }
        return ListCall(self._core, build_path("/generic-events"), GenericEvent, params, limit=limit, offset=offset)


def _from_point(value: object, unit: str | None) -> str | None:
    if value is None:
        return None
    centre, distance = _pair("max_distance", value)
    if not isinstance(centre, Coordinates):
        raise ArgumentError("max_distance", "must begin with Coordinates")
    return f"{centre}|{parameters.number('max_distance', distance)}{unit}".replace(",", "|")


def _from_city(value: object, unit: str | None) -> str | None:
    if value is None:
        return None
    city_id, distance = (
        parameters.number("max_distance_from_city", part) for part in _pair("max_distance_from_city", value)
    )
    return f"{city_id}|{distance}{unit}"


def _pair(argument: str, value: object) -> tuple[Any, Any]:
    pair: tuple[Any, ...] = cast("Any", value) if isinstance(value, tuple) else ()
    if len(pair) != 2:
        raise ArgumentError(argument, "must be a tuple of two: from where, and how far")
    return pair[0], pair[1]
