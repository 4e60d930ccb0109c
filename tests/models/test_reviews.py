"""Reviews, their statistics, and comments."""

from datetime import UTC, date, datetime

from musement_async.codec import decode
from musement_async.models import Comment, CommentStatus, Review, ReviewStatistics, TravelerType


def test_a_review_is_read_with_a_rating_that_is_not_a_whole_number() -> None:
    review = decode(
        b"""{"uuid": "d3edd1ff-91d5-4d56-ba93-47b49b921dcd", "rating_value": 9.9, "comment": "Lovely.",
        "date": "2020-04-13", "customer_country": "Germany", "locale": "de-DE", "traveler_type": "AS-A-COUPLE",
        "rating_categories": [{"category_code": "SERVICE", "category_rating": 4, "rating_scale": "1..5"}]}""",
        Review,
        strict=True,
    )
    assert (review.rating_value, review.date) == (9.9, date(2020, 4, 13))
    assert review.traveler_type is TravelerType.AS_A_COUPLE
    assert review.rating_categories[0].rating_scale == "1..5"


def test_statistics_count_the_reviews_by_rating() -> None:
    statistics = decode(
        b"""{"reviews_number": 3, "overall_rating": 7.65, "reviews_per_rating": [{"rating": 1, "reviews_count": 0},
        {"rating": 8, "reviews_count": 3}], "rating_categories": []}""",
        ReviewStatistics,
        strict=True,
    )
    assert statistics.overall_rating == 7.65
    assert {each.rating: each.reviews_count for each in statistics.reviews_per_rating} == {1: 0, 8: 3}


def test_a_comment_has_an_author_and_an_activity() -> None:
    comment = decode(
        b"""{"uuid": "c1", "status": "APPROVED", "author": {"firstname": "Emma"}, "rating": 5, "title": "Go",
        "body": "", "pictures": ["https://images.example.com/1.jpg"], "sent_at": "2019-05-01T10:00:00+0000",
        "event": {"uuid": "00000000000000000000000000000001", "title": "A tour"}}""",
        Comment,
        strict=True,
    )
    assert comment.status is CommentStatus.APPROVED
    assert comment.author is not None
    assert comment.event is not None
    assert (comment.author.firstname, comment.event.title) == ("Emma", "A tour")
    assert comment.sent_at == datetime(2019, 5, 1, 10, tzinfo=UTC)
