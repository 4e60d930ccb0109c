"""Venues."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from musement_async.core import Core
from musement_async.models.activities import Activity, Venue
from musement_async.models.flavours import Flavour
from musement_async.models.regions import Region
from musement_async.pagination import ListCall, Paging, fetch_all, fetch_one_or_more
from musement_async.paths import Path, build_path
from musement_async.resources import parameters

VenueSort = Literal["relevance", "-relevance"]
VenueStatus = Literal["ACTIVE", "NOT-ACTIVE", "ALL"]

_PAGING = Paging(explicit=True)


class Venues:
    """Places to visit."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        *,
        status: VenueStatus | None = None,
        visible: bool | None = None,
        country_in: Iterable[int] | None = None,
        sort_by: VenueSort | Iterable[VenueSort] | None = None,
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
            ArgumentError: An argument the API could not read.
            PermissionDeniedError: The status is for content managers.
        """
        params = {
            "status": parameters.one_of("status", status, VenueStatus),
            "visible": parameters.truth("visible", visible),
            "country_in": parameters.comma_list("country_in", country_in),
            "sort_by": parameters.orders("sort_by", sort_by, VenueSort),
        }
        return ListCall(self._core, build_path("/venues"), Venue, params, limit=limit, offset=offset, paging=_PAGING)

    async def get(self, venue_id: int) -> Venue:
        """One venue: ``GET /venues/{venueId}``.

        Args:
            venue_id: The venue's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such venue.
        """
        return await self._core.fetch(Venue, _path("/venues/{venueId}", venue_id))

    def activities(
        self,
        venue_id: int,
        *,
        vertical: int | None = None,
        city: int | None = None,
        category: int | None = None,
        flavour: int | None = None,
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
            date_from: First day of a range, within which they take place. The API's default is the year to come.
            date_to: Last day of the range.
            sort_by: One order; ``"venue-relevance"`` is the API's default.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such venue.
        """
        parameters.in_order(date_from=date_from, date_to=date_to)
        params = {
            "vertical": parameters.positive("vertical", vertical),
            "city": parameters.positive("city", city),
            "category": parameters.positive("category", category),
            "flavour": parameters.positive("flavour", flavour),
            "date_from": parameters.day("date_from", date_from),
            "date_to": parameters.day("date_to", date_to),
            "sort_by": parameters.one_of("sort_by", sort_by, parameters.ActivityOrder),
        }
        path = _path("/venues/{venueId}/activities", venue_id)
        return ListCall(self._core, path, Activity, params, limit=limit, offset=offset)

    async def flavours(self, venue_id: int) -> tuple[Flavour, ...]:
        """The flavours that a venue has activities of: ``GET /venues/{venueId}/flavours``.

        Args:
            venue_id: The venue's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such venue.
        """
        return await fetch_one_or_more(self._core, _path("/venues/{venueId}/flavours", venue_id), Flavour)

    async def regions(self, venue_id: int) -> tuple[Region, ...]:
        """The regions of a venue: ``GET /venues/{venueId}/regions``.

        Args:
            venue_id: The venue's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such venue.
        """
        return await fetch_all(self._core, _path("/venues/{venueId}/regions", venue_id), Region)


def _path(template: str, venue_id: int) -> Path:
    return build_path(template, venueId=parameters.number("venue_id", venue_id))
