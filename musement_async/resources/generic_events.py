"""Operations of events that Musement does not sell."""

from typing import Any, cast

from musement_async.models.activities import Vertical
from musement_async.models.cities import City
from musement_async.models.generic_events import GenericEvent
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query, require
from musement_async.resources.parameters import Id, Invalid, OneOrMore, required
from musement_async.values import Coordinates


class GenericEvents(Resource):
    """Events in cities that Musement does not sell tickets for."""

    def list(
        self,
        *,
        city_in: OneOrMore[Id[City]] | None = None,
        max_distance: tuple[Coordinates, int] | None = None,
        max_distance_from_city: tuple[int, int] | None = None,
        distance_unit: parameters.DistanceUnit = "KM",
        now_open: bool = False,
        temporary: bool = False,
        vertical_in: OneOrMore[Id[Vertical]] | None = None,
        sort_by: OneOrMore[str] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[GenericEvent]:
        """All events, or those near a place: ``GET /generic-events``.

        Args:
            city_in: Ids of cities.
            max_distance: A place and the distance from it, in ``distance_unit``.
            max_distance_from_city: The id of a city and the distance from it, in ``distance_unit``.
            distance_unit: ``"KM"`` for kilometres, ``"M"`` for miles.
            now_open: Only events that are open now.
            temporary: Only events that exist for a limited time.
            vertical_in: Ids of verticals.
            sort_by: One order or several; a minus reverses an order. The API does not list the orders.
            limit: Events on a page, from 1 to 100; the API's default is 10.
            offset: How many events to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.
        """
        unit = require(distance_unit=parameters.one_of(distance_unit, parameters.DistanceUnit))
        params = query(
            city_in=parameters.ids(city_in, of="City"),
            max_distance=_from_point(max_distance, unit),
            max_distance_from_city=_from_city(max_distance_from_city, unit),
            now_open=_only(parameters.boolean(now_open)),
            temporary=_only(parameters.boolean(temporary)),
            vertical_in=parameters.ids(vertical_in, of="Vertical"),
            sort_by=parameters.codes(sort_by),
        )
        return ListCall(
            self._core, path("/generic-events"), GenericEvent, params, limit=limit, offset=offset, missing_is_empty=True
        )


def _only(wanted: bool | Invalid | None) -> str | Invalid | None:  # noqa: FBT001 (its values are what this is about)
    found = required(wanted)
    return found if isinstance(found, Invalid) else ("YES" if found else None)


def _from_point(value: tuple[Coordinates, int] | None, unit: str) -> str | Invalid | None:
    if value is None:
        return None
    centre, distance = _pair(value)
    if not isinstance(centre, Coordinates):
        return Invalid("must be a tuple of Coordinates and a distance")
    far = required(parameters.positive(distance))
    return far if isinstance(far, Invalid) else f"{centre}|{far}{unit}".replace(",", "|")


def _from_city(value: tuple[Id[City], int] | None, unit: str) -> str | Invalid | None:
    if value is None:
        return None
    city, distance = _pair(value)
    city_id, far = required(parameters.number(city, of="City")), required(parameters.positive(distance))
    if isinstance(city_id, Invalid) or isinstance(far, Invalid):
        return Invalid("must be a tuple of a city's id and a distance, a whole number above 0")
    return f"{city_id}|{far}{unit}"


def _pair(value: object) -> tuple[Any, Any]:
    pair: tuple[Any, ...] = cast("Any", value) if isinstance(value, tuple) else ()
    return (pair[0], pair[1]) if len(pair) == 2 else (None, None)
