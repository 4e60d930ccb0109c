from datetime import UTC, date, datetime
from typing import Any, NoReturn

import pytest

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.review_store import ReviewStore, WrittenComment, WrittenReview
from musement_async.testing.server.errors import Refusal

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Closed(dict[str, Any]):
    """Entries that can be looked up, but not iterated."""

    def values(self) -> NoReturn:
        raise AssertionError("all entries were gone through")


@pytest.fixture(scope="module")
def activities() -> tuple[Activity, ...]:
    return Catalogue(seed=1, size=3, today=date(2026, 6, 1)).activities


def comment(uuid: str, activity: Activity, customer: str) -> WrittenComment:
    return WrittenComment(uuid, activity, customer, NOW, {"rating": 4})


def review(item: str, activity: Activity) -> WrittenReview:
    return WrittenReview(item, activity, 8, NOW, {"order_item_uuid": item})


def test_comments_of_a_customer_are_the_newest_first(activities: tuple[Activity, ...]) -> None:
    store = ReviewStore()
    one, two = comment("1", activities[0], "a"), comment("2", activities[1], "a")
    for each in (one, comment("3", activities[0], "b"), two):
        store.add_comment(each)
    store._comments = Closed(store._comments)
    assert store.comments_of("a") == [two, one]
    assert store.comments_of("nobody") == []


def test_a_second_comment_is_refused_without_going_through_all(activities: tuple[Activity, ...]) -> None:
    store = ReviewStore()
    store.add_comment(comment("1", activities[0], "a"))
    store._comments = Closed(store._comments)
    with pytest.raises(Refusal, match="have commented"):
        store.add_comment(comment("2", activities[0], "a"))
    store.add_comment(comment("3", activities[0], "b"))


def test_a_changed_comment_stays_where_it_was(activities: tuple[Activity, ...]) -> None:
    store = ReviewStore()
    for number, activity in enumerate(activities[:2]):
        store.add_comment(comment(str(number), activity, "a"))
    changed = store.change_comment("0", "a", {"rating": 1})
    assert [each.given["rating"] for each in store.comments_of("a")] == [4, 1]
    assert store.comment("0") is changed
    for uuid, customer in (("0", "b"), ("9", "a")):
        with pytest.raises(Refusal, match="such comment of yours"):
            store.change_comment(uuid, customer, {"rating": 1})


def test_reviews_are_those_of_an_activity_in_order(activities: tuple[Activity, ...]) -> None:
    store = ReviewStore()
    kept = [review("A", activities[0]), review("b", activities[1]), review("c", activities[0])]
    for each in kept:
        store.add_review(each)
    with pytest.raises(Refusal, match="order item"):
        store.add_review(review("a", activities[2]))
    assert store.reviews_of(activities[0]) == [kept[0], kept[2]]
    assert store.reviews_of(activities[2]) == []
