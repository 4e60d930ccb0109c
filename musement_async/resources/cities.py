"""Cities."""

from typing import Literal

from musement_async.core import Core, build_path
from musement_async.models.cities import City
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.values import Coordinates

CitySort = Literal["none", "weight"]


class Cities:
    """Destinations with activities."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        *,
        coordinates: Coordinates | None = None,
        distance: int | None = None,
        prioritized_country: int | None = None,
        prioritized_country_cities_limit: int | None = None,
        sort_by: CitySort | None = None,
        without_events: bool | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[City]:
        """All cities, or those around a point: ``GET /cities``.

        Args:
            coordinates: Latitude and longitude in degrees; needs ``distance``.
            distance: Kilometres around the coordinates.
            prioritized_country: The id of a country whose cities come first.
            prioritized_country_cities_limit: How many of its cities come first; all of them by default.
            sort_by: ``"weight"``, the API's default, or ``"none"``.
            without_events: Whether cities without activities are included.
            limit: Cities on a page, from 1 to 100; the API's default is 10.
            offset: How many cities to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        parameters.together(coordinates=coordinates, distance=distance)
        with_empty = parameters.yes_or_no("without_events", without_events)
        params = {
            "coordinates": parameters.coordinates("coordinates", coordinates),
            "distance": parameters.positive("distance", distance),
            "prioritized_country": parameters.positive("prioritized_country", prioritized_country),
            "prioritized_country_cities_limit": parameters.positive(
                "prioritized_country_cities_limit", prioritized_country_cities_limit
            ),
            "sort_by": parameters.one_of("sort_by", sort_by, CitySort),
            "without_events": with_empty and with_empty.lower(),
        }
        return ListCall(self._core, build_path("/cities"), City, params, limit=limit, offset=offset)

    async def get(self, city_id: int) -> City:
        """One city: ``GET /cities/{cityId}``.

        Args:
            city_id: The city's id; production and sandbox number them differently.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such city.
        """
        path = build_path("/cities/{cityId}", cityId=parameters.number("city_id", city_id))
        return await self._core.fetch(City, path)
