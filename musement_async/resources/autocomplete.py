"""Suggestions for a text that is being typed."""

from musement_async.models.autocomplete import AutocompleteResult
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import OneOrMore
from musement_async.resources.readers import WholeListCall, fetch_all
from musement_async.values import Coordinates


class Autocomplete(Resource):
    """Suggestions of activities, places and more while a text is being typed."""

    def search(
        self,
        *,
        text: str | None = None,
        coordinates: Coordinates | None = None,
        sort_by: OneOrMore[str] | None = None,
        activity_limit: int | None = None,
        activity_offset: int | None = None,
        category_limit: int | None = None,
        category_offset: int | None = None,
        city_limit: int | None = None,
        city_offset: int | None = None,
        list_limit: int | None = None,
        list_offset: int | None = None,
        venue_limit: int | None = None,
        venue_offset: int | None = None,
        country_limit: int | None = None,
        country_offset: int | None = None,
        hotel_limit: int | None = None,
        hotel_offset: int | None = None,
        pickup_limit: int | None = None,
        pickup_offset: int | None = None,
    ) -> WholeListCall[AutocompleteResult]:
        """Suggestions for a text, by kind: ``GET /autocomplete``.

        Each kind has a limit (the most suggestions) and an offset (how many suggestions to skip); both are 0 or more.

        Args:
            text: The text that was typed so far.
            coordinates: Latitude and longitude to look around, in degrees.
            sort_by: One order or several; a minus reverses an order. The API does not list the orders.
            activity_limit: For activities.
            activity_offset: For activities.
            category_limit: For categories.
            category_offset: For categories.
            city_limit: For cities.
            city_offset: For cities.
            list_limit: For curated lists.
            list_offset: For curated lists.
            venue_limit: For venues.
            venue_offset: For venues.
            country_limit: For countries.
            country_offset: For countries.
            hotel_limit: For hotels.
            hotel_offset: For hotels.
            pickup_limit: For pickup points.
            pickup_offset: For pickup points.
        """
        cuts = {
            "activity_limit": activity_limit,
            "activity_offset": activity_offset,
            "category_limit": category_limit,
            "category_offset": category_offset,
            "city_limit": city_limit,
            "city_offset": city_offset,
            "list_limit": list_limit,
            "list_offset": list_offset,
            "venue_limit": venue_limit,
            "venue_offset": venue_offset,
            "country_limit": country_limit,
            "country_offset": country_offset,
            "hotel_limit": hotel_limit,
            "hotel_offset": hotel_offset,
            "pickup_limit": pickup_limit,
            "pickup_offset": pickup_offset,
        }
        params = query(
            text=parameters.text(text),
            coordinates=parameters.coordinates(coordinates),
            sort_by=parameters.codes(sort_by),
            **{name: parameters.count(value) for name, value in cuts.items()},
        )
        return WholeListCall(fetch_all, self._core, path("/autocomplete"), AutocompleteResult, params)
