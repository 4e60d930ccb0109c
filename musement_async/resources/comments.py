"""Operations of comments on activities and venues."""

from typing import Literal

from musement_async.core import Parameters
from musement_async.errors import ArgumentError
from musement_async.models.activities import Activity, Venue
from musement_async.models.comments import Comment
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, drop_none, path, query
from musement_async.resources.parameters import Id, OneOrMore, Uuid
from musement_async.resources.readers import fetch_if_told

CommentSort = Literal["DATE", "-DATE", "RATING", "-RATING"]
Rating = Literal[0, 1, 2, 3, 4, 5]
_RatingText = Literal["0", "1", "2", "3", "4", "5"]
_BEST = 5


class Comments(Resource):
    """Comments of customers on activities and venues. ``client.reviews`` is the newer way."""

    def list(
        self,
        activity_uuid: Uuid[Activity],
        *,
        locale: str | None = None,
        include_empty: bool | None = None,
        rating_in: OneOrMore[Rating] | None = None,
        sort_by: OneOrMore[CommentSort] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Comment]:
        """The comments on an activity: ``GET /activities/{activityUuid}/comments``.

        Args:
            activity_uuid: The activity's UUID.
            locale: A language whose comments come first.
            include_empty: Whether ratings without a text are included; the default is True.
            rating_in: Only these ratings, from 0 to 5.
            sort_by: One order or several; a minus puts the newest or the best first. The API's default is ``-DATE``.
            limit: Comments on a page, from 1 to 100; the API's default is 10.
            offset: How many comments to skip.

        Returns:
            A call to await for one page, or to iterate for all. Both raise NotFoundError if there is no such activity.
        """
        where = path("/activities/{activityUuid}/comments", activity_uuid=activity_uuid)
        params = _filters(locale=locale, include_empty=include_empty, rating_in=rating_in, sort_by=sort_by)
        return ListCall(self._core, where, Comment, params, limit=limit, offset=offset)

    def of_venue(
        self,
        venue_id: Id[Venue],
        *,
        locale: str | None = None,
        include_empty: bool | None = None,
        rating_in: OneOrMore[Rating] | None = None,
        sort_by: OneOrMore[CommentSort] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Comment]:
        """The comments on the activities of a venue: ``GET /venues/{venueId}/comments``.

        Args:
            venue_id: The venue's id.
            locale: A language whose comments come first.
            include_empty: Whether ratings without a text are included.
            rating_in: Only these ratings.
            sort_by: One order or several.
            limit: Comments on a page, from 1 to 100; the API's default is 10.
            offset: How many comments to skip.

        Returns:
            A call to await for one page, or to iterate for all. Both raise NotFoundError if there is no such venue.
        """
        where = path("/venues/{venueId}/comments", venue_id=venue_id)
        params = _filters(locale=locale, include_empty=include_empty, rating_in=rating_in, sort_by=sort_by)
        return ListCall(self._core, where, Comment, params, limit=limit, offset=offset)

    async def get(self, comment_uuid: Uuid[Comment]) -> Comment:
        """One comment: ``GET /comments/{commentUuid}``.

        The API does not describe the answer. It is read as a comment in the form that the lists have.

        Args:
            comment_uuid: The comment's UUID.

        Raises:
            NotFoundError: There is no such comment.
        """
        where = path("/comments/{commentUuid}", comment_uuid=comment_uuid)
        return await self._core.fetch(Comment, where)

    async def create(
        self,
        activity_uuid: Uuid[Activity],
        *,
        rating: int,
        title: str | None = None,
        text: str | None = None,
        locale: str | None = None,
    ) -> Comment | None:
        """Comment on an activity as a customer: ``POST /activities/{activityUuid}/comments``.

        Partners use ``client.reviews.create``, which is newer.

        Args:
            activity_uuid: The activity's UUID.
            rating: From 1 to 5.
            title: A title.
            text: The text.
            locale: The language of title and text, such as ``en-GB``.

        Returns:
            The comment; None if the answer does not contain it.

        Raises:
            BadRequestError: The API does not accept a value.
            NotFoundError: There is no such activity.
            ConflictError: The customer has commented on the activity already.
        """
        where = path("/activities/{activityUuid}/comments", activity_uuid=activity_uuid)
        body = _content(rating=rating, title=title, text=text, locale=locale)
        if "rating" not in body:
            raise ArgumentError("rating", "is needed")
        return await fetch_if_told(self._core, where, Comment, method="POST", json=body)

    async def update(
        self,
        comment_uuid: Uuid[Comment],
        *,
        rating: int | None = None,
        title: str | None = None,
        text: str | None = None,
        locale: str | None = None,
    ) -> Comment | None:
        """Change a comment of the customer's own: ``PATCH /comments/{commentUuid}``.

        Args:
            comment_uuid: The comment's UUID.
            rating: From 1 to 5.
            title: A title.
            text: The text.
            locale: The language of title and text.

        Returns:
            The comment after the change; None if the answer, which the API does not describe, does not contain it.

        Raises:
            BadRequestError: The API does not accept a value.
            NotFoundError: There is no such comment.
        """
        where = path("/comments/{commentUuid}", comment_uuid=comment_uuid)
        body = _content(rating=rating, title=title, text=text, locale=locale)
        return await fetch_if_told(self._core, where, Comment, method="PATCH", json=body)


def _content(*, rating: int | None, title: str | None, text: str | None, locale: str | None) -> dict[str, object]:
    texts = {"locale": locale, "title": title, "text": text}
    return drop_none(
        **{name: parameters.text(value) for name, value in texts.items()},
        rating=parameters.between(rating, 1, _BEST),
    )


def _filters(
    *,
    locale: str | None,
    include_empty: bool | None,
    rating_in: OneOrMore[Rating] | None,
    sort_by: OneOrMore[CommentSort] | None,
) -> Parameters:
    return query(
        locale=parameters.text(locale),
        include_empty=parameters.yes_or_no(include_empty),
        rating_in=parameters.codes(rating_in, _RatingText),
        sort_by=parameters.codes(sort_by, CommentSort),
    )
