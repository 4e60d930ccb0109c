"""Operations of reviews."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, cast

import msgspec

from musement_async.errors import ArgumentError
from musement_async.models.activities import Activity
from musement_async.models.orders import OrderItem
from musement_async.models.reviews import RatingCategory, Review, ReviewStatistics
from musement_async.pagination import ListCall, Paging
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, check, drop_none, path, query
from musement_async.resources.parameters import Invalid, OneOrMore, Uuid, required

ReviewSort = Literal["NEWEST", "HIGHEST-RATED", "LOWEST-RATED", "PREFERRED-LANGUAGE"]
Company = Literal["ALONE", "AS-A-COUPLE", "WITH-FAMILY", "WITH-FRIENDS"]

_PAGING = Paging(max_limit=500, default_limit=6, numbered=True)
_SCALE = re.compile(r"(\d{1,3})\.\.(\d{1,3})", re.ASCII)


class Reviews(Resource):
    """Customers' ratings of activities, mostly with a text."""

    def list(
        self,
        activity_uuid: Uuid[Activity],
        *,
        locale: str | None = None,
        rating: Iterable[tuple[int, int]] | None = None,
        sort_by: ReviewSort | None = None,
        traveler_type_in: OneOrMore[Company] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Review]:
        """The reviews of an activity: ``GET /activities/{activityUuid}/reviews``.

        Args:
            activity_uuid: The activity's UUID.
            locale: Only reviews written in this language, such as ``en-US``.
            rating: Only ratings within one of these ranges, both ends included, such as ``[(1, 4), (9, 10)]``.
            sort_by: The API's default is the newest first.
            traveler_type_in: Only reviews of customers in such company. Customers who did not state it are left out.
            limit: Reviews on a page, from 1 to 500; the API's default is 6.
            offset: How many reviews to skip, a multiple of the page's size.

        Returns:
            A call to await for one page, with the total, or to iterate for all. Both raise NotFoundError if there is no
            such activity.
        """
        where = path("/activities/{activityUuid}/reviews", activity_uuid=activity_uuid)
        params = query(locale=parameters.text(locale), sort_by=parameters.one_of(sort_by, ReviewSort))
        params["rating[between][]"] = check(rating=parameters.each(rating, _range)) or None
        params["traveler_type_in[]"] = check(traveler_type_in=parameters.words(traveler_type_in, Company)) or None
        return ListCall(self._core, where, Review, params, limit=limit, offset=offset, paging=_PAGING)

    async def create(
        self,
        activity_uuid: Uuid[Activity],
        *,
        order_item_uuid: Uuid[OrderItem],
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
        rating_categories: OneOrMore[RatingCategory] | None = None,
    ) -> None:
        """Send the review of a customer who took part: ``POST /activities/{activityUuid}/reviews``.

        Args:
            activity_uuid: The activity's UUID.
            order_item_uuid: The UUID of the order item that the customer took part with.
            provider: The service that asked the customer, such as ``QUALTRICS``.
            provider_id: The id of the review at that service.
            rating_value: The rating, on its scale.
            rating_scale: The lowest and the highest rating, such as ``1..5``.
            date: When the review was written, without an offset.
            age: The customer's age.
            comment: The text.
            is_public: Whether the review may be shown; otherwise it counts only in the statistics.
            locale: The language of the text, such as ``en-GB``.
            public_username: The name to show for the customer.
            traveler_type: In whose company the customer was.
            rating_categories: Ratings of single aspects; each needs its ``category_code``.

        Raises:
            BadRequestError: The API does not accept a value.
            AuthenticationError: The token is not valid.
            PermissionDeniedError: The activity is still a draft or under review, or the credentials lack the scope
                ``comment``.
            NotFoundError: There is no such activity.
            ConflictError: There is a review for that order item.
        """
        where = path("/activities/{activityUuid}/reviews", activity_uuid=activity_uuid)
        texts = {"comment": comment, "locale": locale, "public_username": public_username}
        body = drop_none(
            order_item_uuid=required(parameters.uuid(order_item_uuid, of="OrderItem")),
            provider=required(parameters.code(provider)),
            provider_id=required(parameters.code(provider_id)),
            rating_value=_rating(rating_value, rating_scale),
            rating_scale=rating_scale,
            date=_local_time(date),
            age=parameters.count(age),
            is_public=parameters.boolean(is_public),
            traveler_type=parameters.one_of(traveler_type, Company),
            rating_categories=parameters.each(rating_categories, _aspect),
            **{name: parameters.text(value) for name, value in texts.items()},
        )
        await self._core.send("POST", where, json=body)

    async def statistics(self, activity_uuid: Uuid[Activity]) -> ReviewStatistics:
        """The reviews of an activity in numbers: ``GET /activities/{activityUuid}/reviews/statistics``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        where = path("/activities/{activityUuid}/reviews/statistics", activity_uuid=activity_uuid)
        return await self._core.fetch(ReviewStatistics, where)


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


def _aspect(category: object) -> dict[str, object] | Invalid:
    if not isinstance(category, RatingCategory) or not category.category_code:
        return Invalid("must hold instances of RatingCategory with a category_code")
    return drop_none(**msgspec.structs.asdict(category))


def _range(span: object) -> str | Invalid:
    ends = cast("tuple[object, ...]", span) if type(span) is tuple else ()
    least, most = ends if len(ends) == 2 else (None, None)
    if type(least) is not int or type(most) is not int or not 0 <= least <= most:
        return Invalid("must hold pairs of whole numbers, 0 or more, the smaller one first")
    return f"{least}..{most}"
