"""Comments on activities and venues."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import uuid4

from musement_async.testing.catalogue.generated_reviews import GeneratedReview, comments, find_comment
from musement_async.testing.catalogue.review_store import WrittenComment
from musement_async.testing.operations.handlers import Operations, ServerState, activity_of, for_customers, visible
from musement_async.testing.operations.lookups import venue_of
from musement_async.testing.rendering.activities import Json, activity_item, country_json
from musement_async.testing.server.bodies import TEXT, read_object, whole
from musement_async.testing.server.errors import or_not_found
from musement_async.testing.server.request import Request

_FIELDS = {"locale": TEXT, "title": TEXT, "text": TEXT, "rating": whole(1, 5)}
_RATINGS = tuple("012345")
_ORDERS: dict[str, Callable[[GeneratedReview], float]] = {
    "DATE": lambda review: review.written.timestamp(),
    "RATING": lambda review: review.stars,
}


def list_of_activity(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/comments``."""
    return _listed(state, request, comments(activity_of(state, request), state.catalogue.today))


def list_of_venue(state: ServerState, request: Request) -> object:
    """``GET /venues/{venueId}/comments``."""
    catalogue, venue = state.catalogue, venue_of(request)
    there = [activity for activity in catalogue.online if activity.venue is venue]
    return _listed(state, request, (each for activity in there for each in comments(activity, catalogue.today)))


def get_comment(state: ServerState, request: Request) -> object:
    """``GET /comments/{commentUuid}``."""
    own = state.reviews.comment(request.path["commentUuid"])
    if own is not None:
        return comment_json(state, own, request)
    review = or_not_found(find_comment(state.catalogue, request.path["commentUuid"]), "such comment")
    visible(review.activity)
    return _comment(state, review, request)


def create_comment(state: ServerState, request: Request) -> object:
    """``POST /activities/{activityUuid}/comments``; nobody else sees the comment, since it is never approved."""
    activity, given = activity_of(state, request), read_object(request.body, _FIELDS, ("rating",))
    now = datetime.now(tz=UTC).replace(microsecond=0)
    comment = WrittenComment(str(uuid4()), activity, str(request.customer), now, given)
    state.reviews.add_comment(comment)
    return comment_json(state, comment, request)


def update_comment(state: ServerState, request: Request) -> object:
    """``PATCH /comments/{commentUuid}``."""
    changes = read_object(request.body, _FIELDS)
    comment = state.reviews.change_comment(request.path["commentUuid"], request.customer, changes)
    return comment_json(state, comment, request)


def comment_json(state: ServerState, comment: WrittenComment, request: Request) -> Json:
    """A comment that a customer of this server wrote."""
    profile = state.customers.get(comment.customer).profile
    return {
        "status": "PENDING",
        "uuid": comment.uuid,
        "author": {name: profile[name] for name in ("firstname", "lastname") if name in profile},
        "locale": comment.given.get("locale", request.locale.language),
        "pictures": [],
        "title": comment.given.get("title", ""),
        "body": comment.given.get("text", ""),
        "rating": comment.given["rating"],
        "sent_at": comment.written.isoformat(),
        "event": activity_item(comment.activity, state.catalogue, request.locale),
    }


def _listed(state: ServerState, request: Request, known: Iterable[GeneratedReview]) -> object:
    query, locale = request.query, (request.query.text("locale") or "").lower()
    ratings, page = query.choices("rating_in", _RATINGS), query.page()
    with_empty = query.choice("include_empty", ("YES", "NO")) == "YES"
    found = [
        review for review in known if (with_empty or review.text) and (not ratings or str(review.stars) in ratings)
    ]
    query.sort(found, _ORDERS, "-DATE")
    if locale:
        found.sort(key=lambda review: not review.locale.lower().startswith(locale))
    return [_comment(state, review, request) for review in found[page]]


def _comment(state: ServerState, review: GeneratedReview, request: Request) -> Json:
    firstname, lastname = review.author
    return {
        "status": "APPROVED",
        "uuid": review.uuid,
        "author": {
            "firstname": firstname,
            "lastname": lastname,
            "country": country_json(review.country, request.locale.language),
        },
        "locale": review.locale,
        "pictures": [],
        "title": review.title,
        "body": review.text,
        "rating": review.stars,
        "sent_at": review.written.isoformat(),
        "event": activity_item(review.activity, state.catalogue, request.locale),
    }


OPERATIONS: Operations = {
    "/activities/{activityUuid}/comments": {"GET": list_of_activity, "POST": for_customers(create_comment)},
    "/comments/{commentUuid}": {"GET": get_comment, "PATCH": for_customers(update_comment)},
    "/venues/{venueId}/comments": {"GET": list_of_venue},
}
