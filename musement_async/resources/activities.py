"""Operations of activities: searches and single ones."""

from datetime import date
from typing import Literal

from musement_async.models.activities import Activity, Venue, Vertical
from musement_async.models.categories import Category
from musement_async.models.cities import City
from musement_async.models.related import RelatedGroup
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.activity_details import ActivityDetails
from musement_async.resources.operation import check, path, query, require
from musement_async.resources.parameters import Code, Id, OneOrMore, Uuid
from musement_async.resources.readers import WholeListCall, fetch_all
from musement_async.values import Coordinates, PriceRange

Automatic = Literal["AUTO", "YES", "NO"]
TextOperator = Literal["AUTO", "AND", "OR"]
Fuzziness = Literal["AUTO", "LEVEL-0", "LEVEL-1", "LEVEL-2"]
ZeroTerms = Literal["NONE", "ALL"]
ActivitySort = Literal[
    "relevance",
    "-relevance",
    "distance",
    "-distance",
    "price",
    "-price",
    "rating",
    "-rating",
    "relevance-venue",
    "-relevance-venue",
    "relevance-city",
    "-relevance-city",
    "relevance-category",
    "-relevance-category",
    "relevance-external",
    "-relevance-external",
]


class Activities(ActivityDetails):
    """Tours, tickets and experiences that can be booked."""

    def search(
        self,
        *,
        text: str | None = None,
        text_operator: TextOperator | None = None,
        extend_other_languages: Automatic | None = None,
        extend_content_fields: Automatic | None = None,
        fuzziness_level: Fuzziness | None = None,
        zero_terms_query: ZeroTerms | None = None,
        sort_by: OneOrMore[ActivitySort] | None = None,
        category_in: OneOrMore[Code[Category]] | None = None,
        city_in: OneOrMore[Id[City]] | None = None,
        country_in: OneOrMore[str] | None = None,
        venue_in: OneOrMore[Id[Venue]] | None = None,
        vertical_in: OneOrMore[Code[Vertical]] | None = None,
        feature_in: OneOrMore[str] | None = None,
        service_in: OneOrMore[str] | None = None,
        pickup_in: OneOrMore[str] | None = None,
        available_language_in: OneOrMore[str] | None = None,
        available_from: date | None = None,
        available_to: date | None = None,
        coordinates: Coordinates | None = None,
        distance: int | None = None,
        distance_unit: parameters.DistanceUnit = "KM",
        default_price_range: PriceRange | None = None,
        temporary: bool | None = None,
        preferred_seller_code: str | None = None,
        include_facets: OneOrMore[str] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Activity]:
        """Activities that match all arguments: ``GET /activities``.

        Args:
            text: Words to look for.
            text_operator: Whether all words must occur, or one is enough. By default the API looks for all, then for
                one if nothing was found.
            extend_other_languages: Whether to look at other languages too; by default when nothing was found.
            extend_content_fields: Whether to look beyond the title; by default when nothing was found.
            fuzziness_level: How many letters of a word may differ.
            zero_terms_query: ``"ALL"`` finds all activities if the text holds nothing but stop words.
            sort_by: One order or several; a minus reverses an order. ``distance`` needs ``coordinates``. The API does
                not document which end of ``price`` comes first.
            category_in: Codes of categories, such as ``new-museums``.
            city_in: Ids of cities.
            country_in: ISO codes of countries, two letters.
            venue_in: Ids of venues.
            vertical_in: Codes of verticals.
            feature_in: Codes of features.
            service_in: Codes of services.
            pickup_in: Ids of pickup points.
            available_language_in: Codes of languages the activity is offered in.
            available_from: First day of a range; needs ``available_to``.
            available_to: Last day of a range; needs ``available_from``.
            coordinates: Latitude and longitude in degrees; needs ``distance``.
            distance: How far from the coordinates, in ``distance_unit``.
            distance_unit: ``"KM"`` for kilometres, ``"M"`` for miles.
            default_price_range: Least and greatest price, in the client's currency.
            temporary: Whether the activity exists for a limited time only.
            preferred_seller_code: A seller whose activities come first.
            include_facets: Attributes to count the results by.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, with the total and the facets, or to iterate for all.

        Raises:
            ArgumentError: One of two arguments that belong together is missing.
        """
        parameters.together(available_from=available_from, available_to=available_to)
        parameters.together(coordinates=coordinates, distance=distance)
        parameters.in_order(available_from=available_from, available_to=available_to)
        check(distance=parameters.positive(distance))
        require(distance_unit=parameters.one_of(distance_unit, parameters.DistanceUnit))
        params = query(
            text=parameters.text(text),
            text_operator=parameters.one_of(text_operator, TextOperator),
            extend_other_languages=parameters.one_of(extend_other_languages, Automatic),
            extend_content_fields=parameters.one_of(extend_content_fields, Automatic),
            fuzziness_level=parameters.one_of(fuzziness_level, Fuzziness),
            zero_terms_query=parameters.one_of(zero_terms_query, ZeroTerms),
            sort_by=parameters.codes(sort_by, ActivitySort),
            category_in=parameters.codes(category_in, of="Category"),
            city_in=parameters.ids(city_in, of="City"),
            country_in=parameters.codes(country_in),
            venue_in=parameters.ids(venue_in, of="Venue"),
            vertical_in=parameters.codes(vertical_in, of="Vertical"),
            feature_in=parameters.codes(feature_in),
            service_in=parameters.codes(service_in),
            pickup_in=parameters.codes(pickup_in),
            available_language_in=parameters.codes(available_language_in),
            available_from=parameters.day(available_from),
            available_to=parameters.day(available_to),
            coordinates=parameters.coordinates(coordinates),
            distance=None if distance is None else f"{distance}{distance_unit}",
            default_price_range=parameters.price_range(default_price_range),
            temporary=parameters.yes_or_no(temporary),
            preferred_seller_code=parameters.text(preferred_seller_code),
            include_facets=parameters.codes(include_facets),
        )
        return ListCall(self._core, path("/activities"), Activity, params, limit=limit, offset=offset)

    async def get(self, activity_uuid: Uuid[Activity]) -> Activity:
        """One activity: ``GET /activities/{activityUuid}``.

        Activities that are sold out for now or archived can still be read; searches leave them out.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        return await self._core.fetch(Activity, path("/activities/{activityUuid}", activity_uuid=activity_uuid))

    def related(
        self,
        *,
        text: str | None = None,
        text_operator: TextOperator | None = None,
        extend_other_languages: Automatic | None = None,
        extend_content_fields: Automatic | None = None,
        fuzziness_level: Fuzziness | None = None,
        zero_terms_query: ZeroTerms | None = None,
        sort_by: OneOrMore[str] | None = None,
        coordinates: Coordinates | None = None,
        minimum_events: int | None = None,
        city_limit: int | None = None,
        city_offset: int | None = None,
        list_limit: int | None = None,
        list_offset: int | None = None,
        venue_limit: int | None = None,
        venue_offset: int | None = None,
    ) -> WholeListCall[RelatedGroup]:
        """Cities, lists and venues whose activities match: ``GET /activities-related``.

        Args:
            text: Words to look for.
            text_operator: Whether all words must occur, or one is enough. By default the API looks for all, then for
                one if nothing was found.
            extend_other_languages: Whether to look at other languages too; by default when nothing was found.
            extend_content_fields: Whether to look beyond the title; by default when nothing was found.
            fuzziness_level: How many letters of a word may differ.
            zero_terms_query: ``"ALL"`` finds all activities if the text holds nothing but stop words.
            sort_by: One order or several; a minus reverses an order. The API does not list the orders.
            coordinates: Latitude and longitude in degrees.
            minimum_events: How many activities each must have at least; the API's default is 1.
            city_limit: How many cities at most.
            city_offset: How many cities to skip.
            list_limit: How many lists at most.
            list_offset: How many lists to skip.
            venue_limit: How many venues at most.
            venue_offset: How many venues to skip.

        Returns:
            A group for each kind of thing.
        """
        params = query(
            text=parameters.text(text),
            text_operator=parameters.one_of(text_operator, TextOperator),
            extend_other_languages=parameters.one_of(extend_other_languages, Automatic),
            extend_content_fields=parameters.one_of(extend_content_fields, Automatic),
            fuzziness_level=parameters.one_of(fuzziness_level, Fuzziness),
            zero_terms_query=parameters.one_of(zero_terms_query, ZeroTerms),
            sort_by=parameters.codes(sort_by),
            coordinates=parameters.coordinates(coordinates),
            minimum_events=parameters.count(minimum_events),
            city_limit=parameters.count(city_limit),
            city_offset=parameters.count(city_offset),
            list_limit=parameters.count(list_limit),
            list_offset=parameters.count(list_offset),
            venue_limit=parameters.count(venue_limit),
            venue_offset=parameters.count(venue_offset),
        )
        return WholeListCall(fetch_all, self._core, path("/activities-related"), RelatedGroup, params)
