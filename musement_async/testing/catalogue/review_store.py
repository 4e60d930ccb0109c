"""The store of reviews and comments that clients of the local Musement have written."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from attrs import evolve, frozen

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.server.errors import Refusal, not_found


@frozen
class WrittenReview:
    """A review that a partner sent; ``rating`` is up to ten."""

    uuid: str
    activity: Activity
    rating: int
    written: datetime
    given: Mapping[str, Any]

    @property
    def locale(self) -> str:
        """The language of the text; empty if the partner did not state it."""
        return str(self.given.get("locale", ""))

    @property
    def traveler_type(self) -> str | None:
        """In whose company the customer was."""
        return self.given.get("traveler_type")

    @property
    def is_public(self) -> bool:
        """Whether the review is shown; otherwise it counts only in the statistics."""
        return self.given.get("is_public") is not False


@frozen
class WrittenComment:
    """A comment of a customer; a customer has at most one for each activity."""

    uuid: str
    activity: Activity
    customer: str
    written: datetime
    given: Mapping[str, Any]


class ReviewStore:
    """Every review and comment that was written."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._reviewed: set[str] = set()
        self._reviews: defaultdict[str, list[WrittenReview]] = defaultdict(list)
        self._comments: dict[str, WrittenComment] = {}
        # The UUIDs of comments, by customer and activity UUID.
        self._comments_of: defaultdict[str | None, dict[str, str]] = defaultdict(dict)

    def reviews_of(self, activity: Activity) -> list[WrittenReview]:
        """The reviews of an activity."""
        with self._lock:
            return list(self._reviews.get(activity.uuid, ()))

    def comments_of(self, customer: str | None) -> list[WrittenComment]:
        """The comments of a customer, the newest first."""
        with self._lock:
            return [self._comments[uuid] for uuid in reversed(self._comments_of.get(customer, {}).values())]

    def comment(self, uuid: str) -> WrittenComment | None:
        """One comment; None where there is none."""
        with self._lock:
            return self._comments.get(uuid.lower())

    def add_review(self, review: WrittenReview) -> None:
        """Keep a review.

        Raises:
            Refusal: Its order item has a review already.
        """
        with self._lock:
            item = str(review.given["order_item_uuid"]).lower()
            if item in self._reviewed:
                raise Refusal(409, "0", "There is a review for this order item.")
            self._reviewed.add(item)
            self._reviews[review.activity.uuid].append(review)

    def add_comment(self, comment: WrittenComment) -> None:
        """Keep a comment.

        Raises:
            Refusal: The customer has commented on the activity already.
        """
        with self._lock:
            known = self._comments_of[comment.customer]
            if comment.activity.uuid in known:
                raise Refusal(409, "0", "You have commented on this activity.")
            known[comment.activity.uuid] = comment.uuid
            self._comments[comment.uuid] = comment

    def change_comment(self, uuid: str, customer: str | None, changes: Mapping[str, Any]) -> WrittenComment:
        """Change a comment of a customer, and return it.

        Raises:
            Refusal: The customer has no such comment.
        """
        with self._lock:
            known = self._comments.get(uuid.lower())
            if known is None or known.customer != customer:
                raise not_found("such comment of yours")
            changed = self._comments[known.uuid] = evolve(known, given={**known.given, **changes})
            return changed

    def clear(self) -> None:
        """Forget every review and comment."""
        with self._lock:
            self._reviewed.clear()
            self._reviews.clear()
            self._comments.clear()
            self._comments_of.clear()
