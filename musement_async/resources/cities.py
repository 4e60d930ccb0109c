"""Operations of cities."""

from datetime import date
from typing import Literal

from musement_async.models.activities import Activity, Venue, Vertical
from musement_async.models.categories import Category
from musement_async.models.cities import City
from musement_async.models.countries import Country
from musement_async.models.lists import MusementList
from musement_async.models.regions import Region
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query, require
from musement_async.resources.parameters import Id, Invalid, OneOrMore
from musement_async.resources.readers import WholeListCall, fetch_all
from musement_async.values import Coordinates

CitySort = Literal["none", "weight"]
CityActivitySort = Literal[
    "relevance", "city-relevance", "relevance-city", "external-relevance", "relevance-external", "price", "rating"
]
Happening = Literal["today", "tomorrow"]


class Cities(Resource):
    """Destinations with activities."""

    def list(
        self,
        *,
        coordinates: Coordinates | None = None,
        distance: int | None = None,
        prioritized_country: Id[Country] | None = None,
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
        """
        parameters.together(coordinates=coordinates, distance=distance)
        params = query(
            coordinates=parameters.coordinates(coordinates),
            distance=parameters.positive(distance),
            prioritized_country=parameters.number(prioritized_country, of="Country"),
            prioritized_country_cities_limit=parameters.positive(prioritized_country_cities_limit),
            sort_by=parameters.one_of(sort_by, CitySort),
            without_events=_in_lower_case(parameters.yes_or_no(without_events)),
        )
        return ListCall(self._core, path("/cities"), City, params, limit=limit, offset=offset, missing_is_empty=True)

    async def get(self, city_id: Id[City]) -> City:
        """One city: ``GET /cities/{cityId}``.

        Args:
            city_id: The city's id; production and sandbox number them differently.

        Raises:
            NotFoundError: There is no such city.
        """
        return await self._core.fetch(City, path("/cities/{cityId}", city_id=city_id))

    def activities(
        self,
        city_id: Id[City],
        *,
        vertical: Id[Vertical] | None = None,
        category: Id[Category] | None = None,
        venue: Id[Venue] | None = None,
        available_from: date | None = None,
        available_to: date | None = None,
        sort_by: CityActivitySort | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Activity]:
        """The activities of a city: ``GET /cities/{cityId}/activities``.

        Args:
            city_id: The city's id.
            vertical: The id of a vertical.
            category: The id of a category.
            venue: The id of a venue.
            available_from: First day of a range in which activities take place; needs ``available_to``. The API's
                default is the year to come.
            available_to: Last day of the range; needs ``available_from``.
            sort_by: One order.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            ArgumentError: One of two arguments that belong together is missing.
            NotFoundError: There is no such city.
        """
        parameters.together(available_from=available_from, available_to=available_to)
        parameters.in_order(available_from=available_from, available_to=available_to)
        params = query(
            vertical=parameters.number(vertical, of="Vertical"),
            category=parameters.number(category, of="Category"),
            venue=parameters.number(venue, of="Venue"),
            available_from=parameters.day(available_from),
            available_to=parameters.day(available_to),
            sort_by=parameters.one_of(sort_by, CityActivitySort),
        )
        where = path("/cities/{cityId}/activities", city_id=city_id)
        return ListCall(self._core, where, Activity, params, limit=limit, offset=offset)

    def activities_on(
        self, city_id: Id[City], happening: Happening, *, limit: int | None = None, offset: int = 0
    ) -> ListCall[Activity]:
        """The activities of a city today or tomorrow: ``GET /cities/{cityId}/activities/{happening}``.

        Args:
            city_id: The city's id.
            happening: ``"today"`` or ``"tomorrow"``.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such city.
        """
        require(happening=parameters.one_of(happening, Happening))
        where = path("/cities/{cityId}/activities/{happening}", city_id=city_id, happening=happening)
        return ListCall(self._core, where, Activity, {}, limit=limit, offset=offset)

    def categories(self, city_id: Id[City]) -> WholeListCall[Category]:
        """The categories that a city has activities in, the fullest first: ``GET /cities/{cityId}/categories``.

        Args:
            city_id: The city's id.

        Raises:
            NotFoundError: There is no such city.
        """
        return WholeListCall(fetch_all, self._core, path("/cities/{cityId}/categories", city_id=city_id), Category)

    async def category(self, city_id: Id[City], category_id: Id[Category]) -> Category:
        """One category, with its activities in a city counted: ``GET /cities/{cityId}/categories/{categoryId}``.

        Args:
            city_id: The city's id.
            category_id: The category's id.

        Raises:
            NotFoundError: There is no such city or category, or the city has no activities in the category.
        """
        where = path("/cities/{cityId}/categories/{categoryId}", city_id=city_id, category_id=category_id)
        return await self._core.fetch(Category, where)

    def category_regions(self, city_id: Id[City], category_id: Id[Category]) -> WholeListCall[Region]:
        """The regions of a category in a city: ``GET /cities/{cityId}/categories/{categoryId}/regions``.

        Args:
            city_id: The city's id.
            category_id: The category's id.

        Raises:
            NotFoundError: There is no such city or category, or the city has no activities in the category.
        """
        where = path("/cities/{cityId}/categories/{categoryId}/regions", city_id=city_id, category_id=category_id)
        return WholeListCall(fetch_all, self._core, where, Region)

    def lists(
        self,
        city_id: Id[City],
        *,
        vertical: Id[Vertical] | None = None,
        exclude_not_tagged: bool | None = None,
        listtypes: OneOrMore[str] | None = None,
        listtags: OneOrMore[str] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[MusementList]:
        """The curated lists about a city: ``GET /cities/{cityId}/lists``.

        Args:
            city_id: The city's id.
            vertical: The id of a vertical.
            exclude_not_tagged: Whether to leave out lists without tags.
            listtypes: Types of lists.
            listtags: Tags of lists.
            limit: Lists on a page, from 1 to 100; the API's default is 10.
            offset: How many lists to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such city.
        """
        params = query(
            vertical=parameters.number(vertical, of="Vertical"),
            exclude_not_tagged=parameters.yes_or_no(exclude_not_tagged),
            listtypes=parameters.codes(listtypes),
            listtags=parameters.codes(listtags),
        )
        where = path("/cities/{cityId}/lists", city_id=city_id)
        return ListCall(self._core, where, MusementList, params, limit=limit, offset=offset)

    def regions(self, city_id: Id[City]) -> WholeListCall[Region]:
        """The regions of a city: ``GET /cities/{cityId}/regions``.

        Args:
            city_id: The city's id.

        Raises:
            NotFoundError: There is no such city.
        """
        return WholeListCall(fetch_all, self._core, path("/cities/{cityId}/regions", city_id=city_id), Region)

    def venues(
        self,
        city_id: Id[City],
        *,
        vertical: Id[Vertical] | None = None,
        must_be_visible: bool | None = None,
        must_have_activities: bool | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Venue]:
        """The venues of a city: ``GET /cities/{cityId}/venues``.

        Args:
            city_id: The city's id.
            vertical: The id of a vertical.
            must_be_visible: Whether to leave out hidden venues.
            must_have_activities: Whether to leave out venues without activities.
            limit: Venues on a page, from 1 to 100; the API's default is 10.
            offset: How many venues to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such city.
        """
        params = query(
            vertical=parameters.number(vertical, of="Vertical"),
            must_be_visible=parameters.boolean(must_be_visible),
            must_have_activities=parameters.boolean(must_have_activities),
        )
        where = path("/cities/{cityId}/venues", city_id=city_id)
        return ListCall(self._core, where, Venue, params, limit=limit, offset=offset)

    def vertical_categories(self, city_id: Id[City], vertical_id: Id[Vertical]) -> WholeListCall[Category]:
        """Categories of a vertical in a city: ``GET /cities/{cityId}/verticals/{verticalId}/categories``.

        The categories with the most activities in the city come first; ``event_count`` is the number.

        Args:
            city_id: The city's id.
            vertical_id: The vertical's id.

        Raises:
            NotFoundError: There is no such city or vertical.
        """
        where = path("/cities/{cityId}/verticals/{verticalId}/categories", city_id=city_id, vertical_id=vertical_id)
        return WholeListCall(fetch_all, self._core, where, Category)

    def verticals(self, city_id: Id[City]) -> WholeListCall[Vertical]:
        """The verticals that a city has activities in: ``GET /cities/{cityId}/verticals``.

        Args:
            city_id: The city's id.

        Raises:
            NotFoundError: There is no such city.
        """
        return WholeListCall(fetch_all, self._core, path("/cities/{cityId}/verticals", city_id=city_id), Vertical)


def _in_lower_case(word: str | Invalid | None) -> str | Invalid | None:
    return word.lower() if isinstance(word, str) else word
