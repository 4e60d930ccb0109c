"""Operations of venues."""

from datetime import date
from typing import Literal

from musement_async.models.activities import Activity, Venue, Vertical
from musement_async.models.categories import Category
from musement_async.models.cities import City
from musement_async.models.countries import Country
from musement_async.models.flavours import Flavour
from musement_async.models.regions import Region
from musement_async.pagination import ListCall, Paging
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import Id, OneOrMore
from musement_async.resources.readers import WholeListCall, fetch_all, fetch_one_or_more

VenueSort = Literal["relevance", "-relevance"]
VenueStatus = Literal["ACTIVE", "NOT-ACTIVE", "ALL"]

_PAGING = Paging(explicit=True)


class Venues(Resource):
    """Places to visit."""

    def list(
        self,
        *,
        status: VenueStatus | None = None,
        visible: bool | None = None,
        country_in: OneOrMore[Id[Country]] | None = None,
        sort_by: OneOrMore[VenueSort] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Venue]:
        """The venues that have activities: ``GET /venues``.

        Args:
            status: ``"ACTIVE"`` is the API's default; only content managers may ask for the others.
            visible: Whether the venues are shown to customers.
            country_in: Ids of countries.
            sort_by: ``"-relevance"`` puts the most relevant first.
            limit: Venues on a page, from 1 to 100.
            offset: How many venues to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.

        Raises:
            PermissionDeniedError: The status is for content managers.
        """
        params = query(
            status=parameters.one_of(status, VenueStatus),
            visible=parameters.boolean(visible),
            country_in=parameters.ids(country_in, of="Country"),
            sort_by=parameters.codes(sort_by, VenueSort),
        )
        return ListCall(
            self._core,
            path("/venues"),
            Venue,
            params,
            limit=limit,
            offset=offset,
            missing_is_empty=True,
            paging=_PAGING,
        )

    async def get(self, venue_id: Id[Venue]) -> Venue:
        """One venue: ``GET /venues/{venueId}``.

        Args:
            venue_id: The venue's id.

        Raises:
            NotFoundError: There is no such venue.
        """
        return await self._core.fetch(Venue, path("/venues/{venueId}", venue_id=venue_id))

    def activities(
        self,
        venue_id: Id[Venue],
        *,
        vertical: Id[Vertical] | None = None,
        city: Id[City] | None = None,
        category: Id[Category] | None = None,
        flavour: Id[Flavour] | None = None,
        date_from: date | None = None,
        date_to: date | None = None,
        sort_by: parameters.ActivityOrder | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Activity]:
        """The activities of a venue: ``GET /venues/{venueId}/activities``.

        Args:
            venue_id: The venue's id.
            vertical: The id of a vertical.
            city: The id of a city.
            category: The id of a category.
            flavour: The id of a flavour.
            date_from: First day of a range in which activities take place. The API's default is the year to come.
            date_to: Last day of the range.
            sort_by: One order; ``"venue-relevance"`` is the API's default.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such venue.
        """
        parameters.in_order(date_from=date_from, date_to=date_to)
        params = query(
            vertical=parameters.number(vertical, of="Vertical"),
            city=parameters.number(city, of="City"),
            category=parameters.number(category, of="Category"),
            flavour=parameters.number(flavour, of="Flavour"),
            date_from=parameters.day(date_from),
            date_to=parameters.day(date_to),
            sort_by=parameters.one_of(sort_by, parameters.ActivityOrder),
        )
        where = path("/venues/{venueId}/activities", venue_id=venue_id)
        return ListCall(self._core, where, Activity, params, limit=limit, offset=offset)

    def flavours(self, venue_id: Id[Venue]) -> WholeListCall[Flavour]:
        """The flavours of the activities of a venue: ``GET /venues/{venueId}/flavours``.

        Args:
            venue_id: The venue's id.

        Raises:
            NotFoundError: There is no such venue.
        """
        return WholeListCall(
            fetch_one_or_more, self._core, path("/venues/{venueId}/flavours", venue_id=venue_id), Flavour
        )

    def regions(self, venue_id: Id[Venue]) -> WholeListCall[Region]:
        """The regions of a venue: ``GET /venues/{venueId}/regions``.

        Args:
            venue_id: The venue's id.

        Raises:
            NotFoundError: There is no such venue.
        """
        return WholeListCall(fetch_all, self._core, path("/venues/{venueId}/regions", venue_id=venue_id), Region)
