"""What customers thought of activities."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from musement_async.core import Core
from musement_async.errors import ArgumentError
from musement_async.models.reviews import RatingCategory, Review, ReviewStatistics
from musement_async.pagination import ListCall, Paging
from musement_async.resources import bodies, parameters
from musement_async.resources.of_activity import activity_path

ReviewSort = Literal["NEWEST", "HIGHEST-RATED", "LOWEST-RATED", "PREFERRED-LANGUAGE"]
Company = Literal["ALONE", "AS-A-COUPLE", "WITH-FAMILY", "WITH-FRIENDS"]

_PAGING = Paging(max_limit=500, default_limit=6, numbered=True)
_SCALE = re.compile(r"(\d{1,3})\.\.(\d{1,3})", re.ASCII)


class Reviews:
    """Ratings of activities, mostly with a text."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        activity_uuid: UUID | str,
        *,
        locale: str | None = None,
        rating: Iterable[tuple[int, int]] | None = None,
        sort_by: ReviewSort | None = None,
        traveler_type_in: Iterable[Company] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Review]:
        """The reviews of an activity: ``GET /activities/{activityUuid}/reviews``.

        Args:
            activity_uuid: The activity's UUID.
            locale: Only those written in this language, such as ``en-US``.
            rating: Only ratings within one of these ranges, both ends included, such as ``[(1, 4), (9, 10)]``.
            sort_by: The API's default is the newest first.
            traveler_type_in: Only those of customers in such company; who told nothing about it is left out.
            limit: Reviews on a page, from 1 to 500; the API's default is 6.
            offset: How many reviews to skip, a multiple of the page's size.

        Returns:
            A call to await for one page, with the total, or to iterate for all. Both raise NotFoundError if there is no
            such activity.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        path = activity_path("/activities/{activityUuid}/reviews", activity_uuid)
        company = parameters.comma_list("traveler_type_in", traveler_type_in, Company)
        params = {
            "locale": parameters.text("locale", locale),
            "rating[between][]": [_range(span) for span in parameters.listed("rating", rating)] or None,
            "sort_by": parameters.one_of("sort_by", sort_by, ReviewSort),
            "traveler_type_in[]": company and company.split(","),
        }
        return ListCall(self._core, path, Review, params, limit=limit, offset=offset, paging=_PAGING)

    async def create(
        self,
        activity_uuid: UUID | str,
        *,
        order_item_uuid: UUID | str,
        provider: str,
        provider_id: str,
        rating_value: int,
        rating_scale: str,
        date: datetime,
        age: int | None = None,
        comment: str | None = None,
        is_public: bool | None = None,
        locale: str | None = None,
        public_username: str | None = None,
        traveler_type: Company | None = None,
        rating_categories: Iterable[RatingCategory] | None = None,
    ) -> None:
        """Hand on what a customer thought of an activity: ``POST /activities/{activityUuid}/reviews``.

        Args:
            activity_uuid: The activity's UUID.
            order_item_uuid: The item of an order that the customer took part with.
            provider: The service that asked the customer, such as ``QUALTRICS``.
            provider_id: What that service knows the review by.
            rating_value: The rating, on its scale.
            rating_scale: The lowest and the highest rating, such as ``1..5``.
            date: When the review was written, without an offset.
            age: The customer's age.
            comment: The text.
            is_public: Whether it may be shown; otherwise it counts in the statistics only.
            locale: The language of the text, such as ``en-GB``.
            public_username: How the customer wants to be called.
            traveler_type: In whose company the customer was.
            rating_categories: Ratings of single aspects; each needs its ``category_code``.

        Raises:
            ArgumentError: An argument the API could not read.
            BadRequestError: The API does not accept a value.
            AuthenticationError: The token is not valid.
            PermissionDeniedError: The activity is still a draft or under review, or these credentials are without the
                scope ``comment``.
            NotFoundError: There is no such activity.
            ConflictError: There is a review for that order item.
        """
        path = activity_path("/activities/{activityUuid}/reviews", activity_uuid)
        texts = {"comment": comment, "locale": locale, "public_username": public_username}
        body = bodies.filled(
            order_item_uuid=parameters.uuid("order_item_uuid", order_item_uuid),
            provider=parameters.code("provider", provider),
            provider_id=parameters.code("provider_id", provider_id),
            rating_value=_rating(rating_value, rating_scale),
            rating_scale=rating_scale,
            date=_local_time(date),
            age=parameters.count("age", age),
            is_public=parameters.truth("is_public", is_public),
            traveler_type=parameters.one_of("traveler_type", traveler_type, Company),
            rating_categories=None
            if rating_categories is None
            else [_aspect(each) for each in parameters.listed("rating_categories", rating_categories)],
            **{name: parameters.text(name, value) for name, value in texts.items()},
        )
        await self._core.send("POST", path, json=body)

    async def statistics(self, activity_uuid: UUID | str) -> ReviewStatistics:
        """The reviews of an activity in numbers: ``GET /activities/{activityUuid}/reviews/statistics``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            ArgumentError: It is not a UUID.
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        path = activity_path("/activities/{activityUuid}/reviews/statistics", activity_uuid)
        return await self._core.fetch(ReviewStatistics, path)


def _rating(value: int, scale: object) -> int:
    found = _SCALE.fullmatch(scale) if isinstance(scale, str) else None
    if found is None or int(found[1]) >= int(found[2]):
        raise ArgumentError("rating_scale", "must be two whole numbers, the smaller one first, such as '1..5'")
    if type(value) is not int or not int(found[1]) <= value <= int(found[2]):
        raise ArgumentError("rating_value", f"must be a whole number on the scale {scale}")
    return value


def _local_time(date: object) -> str:
    if not isinstance(date, datetime) or date.tzinfo is not None:
        raise ArgumentError("date", "must be a datetime.datetime without an offset")
    return date.isoformat(timespec="seconds")


def _aspect(category: object) -> dict[str, object]:
    if not isinstance(category, RatingCategory) or not category.category_code:
        raise ArgumentError("rating_categories", "must hold instances of RatingCategory with a category_code")
    return bodies.filled(**msgspec.structs.asdict(category))


def _range(span: tuple[int, int]) -> str:
    if type(span) is not tuple or [type(end) for end in span] != [int, int] or not 0 <= span[0] <= span[1]:
        raise ArgumentError("rating", "must hold pairs of whole numbers, 0 or more, the smaller one first")
    return f"{span[0]}..{span[1]}"
