"""Comments on activities and venues."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import uuid4

from starlette.responses import Response

from musement_async.testing.catalogue.generated_reviews import Opinion, comments, find_comment
from musement_async.testing.catalogue.review_store import WrittenComment
from musement_async.testing.operations.handling import Operations, World, activity_of, answer, for_customers, visible
from musement_async.testing.operations.lookups import venue_of
from musement_async.testing.rendering.activities import Json, activity_item, country_json
from musement_async.testing.server.bodies import TEXT, read_object, whole
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.request import Asked

_FIELDS = {"locale": TEXT, "title": TEXT, "text": TEXT, "rating": whole(1, 5)}
_RATINGS = tuple("012345")
_ORDERS: dict[str, Callable[[Opinion], float]] = {
    "DATE": lambda opinion: opinion.written.timestamp(),
    "RATING": lambda opinion: opinion.stars,
}
_SORTS = (*_ORDERS, *(f"-{name}" for name in _ORDERS))


def list_of_activity(world: World, asked: Asked) -> Response:
    """``GET /activities/{activityUuid}/comments``."""
    return _listed(world, asked, comments(activity_of(world, asked), world.views().catalogue.today))


def list_of_venue(world: World, asked: Asked) -> Response:
    """``GET /venues/{venueId}/comments``."""
    catalogue, venue = world.views().catalogue, venue_of(asked)
    there = [activity for activity in catalogue.online if activity.venue is venue]
    return _listed(world, asked, (each for activity in there for each in comments(activity, catalogue.today)))


def get_comment(world: World, asked: Asked) -> Response:
    """``GET /comments/{commentUuid}``."""
    own = world.writings.comment(asked.path["commentUuid"])
    if own is not None:
        return answer(comment_json(world, own, asked))
    opinion = find_comment(world.views().catalogue, asked.path["commentUuid"])
    if opinion is None:
        raise not_found("such comment")
    visible(opinion.activity)
    return answer(_comment(world, opinion, asked))


def create_comment(world: World, asked: Asked) -> Response:
    """``POST /activities/{activityUuid}/comments``; it is shown to others when it is approved, which it never is."""
    activity, given = activity_of(world, asked), read_object(asked.body, _FIELDS, ("rating",))
    now = datetime.now(tz=UTC).replace(microsecond=0)
    comment = WrittenComment(str(uuid4()), activity, str(asked.customer), now, given)
    world.writings.add_comment(comment)
    return answer(comment_json(world, comment, asked))


def update_comment(world: World, asked: Asked) -> Response:
    """``PATCH /comments/{commentUuid}``."""
    changes = read_object(asked.body, _FIELDS)
    comment = world.writings.change_comment(asked.path["commentUuid"], asked.customer, changes)
    return answer(comment_json(world, comment, asked))


def comment_json(world: World, comment: WrittenComment, asked: Asked) -> Json:
    """A comment that a customer wrote here."""
    profile = world.accounts.get(comment.customer).profile
    return {
        "status": "PENDING",
        "uuid": comment.uuid,
        "author": {name: profile[name] for name in ("firstname", "lastname") if name in profile},
        "locale": comment.given.get("locale", asked.locale.language),
        "pictures": [],
        "title": comment.given.get("title", ""),
        "body": comment.given.get("text", ""),
        "rating": comment.given["rating"],
        "sent_at": comment.written.isoformat(),
        "event": activity_item(comment.activity, world.views().catalogue, asked.locale),
    }


def _listed(world: World, asked: Asked, known: Iterable[Opinion]) -> Response:
    query, locale = asked.query, (asked.query.text("locale") or "").lower()
    ratings, page = query.choices("rating_in", _RATINGS), query.page()
    with_empty = query.choice("include_empty", ("YES", "NO")) == "YES"
    found = [
        opinion for opinion in known if (with_empty or opinion.text) and (not ratings or str(opinion.stars) in ratings)
    ]
    for order in reversed(query.choices("sort_by", _SORTS) or ["-DATE"]):
        found.sort(key=_ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))
    if locale:
        found.sort(key=lambda opinion: not opinion.locale.lower().startswith(locale))
    return answer([_comment(world, opinion, asked) for opinion in found[page]])


def _comment(world: World, opinion: Opinion, asked: Asked) -> Json:
    firstname, lastname = opinion.author
    return {
        "status": "APPROVED",
        "uuid": opinion.uuid,
        "author": {
            "firstname": firstname,
            "lastname": lastname,
            "country": country_json(opinion.country, asked.locale.language),
        },
        "locale": opinion.locale,
        "pictures": [],
        "title": opinion.title,
        "body": opinion.text,
        "rating": opinion.stars,
        "sent_at": opinion.written.isoformat(),
        "event": activity_item(opinion.activity, world.views().catalogue, asked.locale),
    }


OPERATIONS: Operations = {
    "/activities/{activityUuid}/comments": {"GET": list_of_activity, "POST": for_customers(create_comment)},
    "/comments/{commentUuid}": {"GET": get_comment, "PATCH": for_customers(update_comment)},
    "/venues/{venueId}/comments": {"GET": list_of_venue},
}
