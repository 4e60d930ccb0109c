"""Reviews of activities by customers."""

from datetime import date as day
from uuid import UUID

from musement_async.models._base import DateTime, Model, OpenEnum, Real


class TravelerType(OpenEnum):
    """The company in which a customer travelled."""

    ALONE = "ALONE"
    AS_A_COUPLE = "AS-A-COUPLE"
    WITH_FAMILY = "WITH-FAMILY"
    WITH_FRIENDS = "WITH-FRIENDS"


class RatingCategory(Model, frozen=True, kw_only=True):
    """A rating of one aspect, such as the service.

    Attributes:
        category_code: The aspect.
        category_rating: The rating, on its own scale.
        rating_scale: The scale of the rating, such as ``1..5``.
    """

    category_code: str | None = None
    category_rating: Real | None = None
    rating_scale: str | None = None


class Review(Model, frozen=True, kw_only=True):
    """A customer's rating of an activity, mostly with a text.

    Attributes:
        uuid: The review's UUID.
        rating_value: The rating; documented examples go up to 10, not to 5 as an activity's ``reviews_avg`` does.
        comment: The text.
        date: When it was written.
        customer_country: The name of the country the customer is from.
        locale: The language of the text, such as ``en-GB``.
        traveler_type: The company in which the customer travelled, if they stated it.
        age: The customer's age, if they stated it.
        public_username: The name to show for the customer.
        rating_categories: Ratings of single aspects.
        rating: The rating in the description of 2020.
        picture: The URL of a picture.
        title: A title, in the description of 2020.
        body: The text, in the description of 2020.
        sent_at: When it was written, in the description of 2020.
        approved_at: When it was published, in the description of 2020.
    """

    uuid: UUID
    rating_value: Real | None = None
    comment: str | None = None
    date: day | None = None
    customer_country: str | None = None
    locale: str | None = None
    traveler_type: TravelerType | None = None
    age: int | None = None
    public_username: str | None = None
    rating_categories: tuple[RatingCategory, ...] = ()
    rating: int | None = None
    picture: str | None = None
    title: str | None = None
    body: str | None = None
    sent_at: DateTime | None = None
    approved_at: DateTime | None = None


class ReviewsPerRating(Model, frozen=True, kw_only=True):
    """The number of reviews with one rating.

    Attributes:
        rating: The rating.
        reviews_count: How many reviews gave it.
    """

    rating: int | None = None
    reviews_count: int | None = None


class ReviewStatistics(Model, frozen=True, kw_only=True):
    """The reviews of an activity in numbers; those that are not public count as well.

    Attributes:
        reviews_number: The number of reviews.
        overall_rating: The mean rating, on the scale of ``reviews_per_rating``.
        reviews_per_rating: The number of reviews for each rating.
        rating_categories: The means of single aspects.
    """

    reviews_number: int | None = None
    overall_rating: Real | None = None
    reviews_per_rating: tuple[ReviewsPerRating, ...] = ()
    rating_categories: tuple[RatingCategory, ...] = ()


_STARS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


class ReviewsAggregatedInfo(Model, frozen=True, kw_only=True, rename=_STARS):
    """The number of reviews with one star, two stars and so on; the API's keys are the digits.

    Attributes:
        one: The number of reviews with one star.
        two: The number of reviews with two stars.
        three: The number of reviews with three stars.
        four: The number of reviews with four stars.
        five: The number of reviews with five stars.
    """

    one: int | None = None
    two: int | None = None
    three: int | None = None
    four: int | None = None
    five: int | None = None
