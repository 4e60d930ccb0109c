"""Reviews of activities, and their statistics."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil
from typing import Any, TypeAlias, cast
from uuid import uuid4

from starlette.responses import Response

from musement_async.testing.catalogue.generated_reviews import (
    RATING_PER_STAR,
    TRAVELER_TYPES,
    GeneratedReview,
    generated_reviews,
)
from musement_async.testing.catalogue.review_store import WrittenReview
from musement_async.testing.operations.handlers import Operations, ServerState, activity_of, has_permission
from musement_async.testing.rendering.activities import Json
from musement_async.testing.server.bodies import (
    BOOLEAN,
    IDENTIFIER,
    MOMENT,
    NAME,
    TEXT,
    ValueType,
    each,
    read_object,
    whole,
    word,
)
from musement_async.testing.server.errors import Refusal, constraint, forbidden, no_token
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import Request
from musement_async.testing.server.responses import json_response

_Review: TypeAlias = GeneratedReview | WrittenReview

_DEFAULT_LIMIT, _MAX_LIMIT = 6, 500
_BEST_RATING = 5 * RATING_PER_STAR
_RANGES, _COMPANY = "rating[between][]", "traveler_type_in[]"
_RANGE = re.compile(r"(\d{1,3})\.\.(\d{1,3})", re.ASCII)
_SCALE = re.compile(r"(\d{1,3})\.\.(\d{1,3})", re.ASCII)
_SCALE_TEXT = ValueType(
    "two numbers such as 1..5", lambda value: isinstance(value, str) and bool(_SCALE.fullmatch(value))
)


def _is_aspect(value: object) -> bool:
    parts = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    return "category_code" in parts and all(name in _PARTS and _PARTS[name].holds(part) for name, part in parts.items())


_PARTS = {"category_code": NAME, "category_rating": whole(0), "rating_scale": _SCALE_TEXT}
_ASPECT = ValueType("an aspect with its category_code", _is_aspect)
_FIELDS = {
    "order_item_uuid": IDENTIFIER,
    "provider": NAME,
    "provider_id": NAME,
    "rating_value": whole(0),
    "rating_scale": _SCALE_TEXT,
    "date": MOMENT,
    "age": whole(0),
    "comment": TEXT,
    "is_public": BOOLEAN,
    "locale": TEXT,
    "public_username": TEXT,
    "traveler_type": word(*TRAVELER_TYPES),
    "rating_categories": each(_ASPECT),
}
_REQUIRED = ("order_item_uuid", "provider", "provider_id", "rating_value", "rating_scale", "date")
_SHOWN = ("comment", "locale", "traveler_type", "age", "public_username", "rating_categories")
_SORTS = ("NEWEST", "HIGHEST-RATED", "LOWEST-RATED", "PREFERRED-LANGUAGE")


def list_reviews(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/reviews``; the total is in the headers."""
    activity, query, language = activity_of(state, request), request.query, request.locale.language
    limit, page = _limit(query), query.integer("page", 1, minimum=1)
    sort, test = query.choice("sort_by", _SORTS), _filter(query)
    known: list[_Review] = [review for review in state.reviews.reviews_of(activity) if review.is_public]
    known += generated_reviews(activity, state.catalogue.today)
    found = [review for review in known if test(review)]
    # Sorted by date, the newest first; equals in another order stay so.
    found.sort(key=lambda review: review.written, reverse=True)
    found.sort(key=_sort_key(sort, language))
    shown = found[query.cut(limit, (page - 1) * limit)]
    response = json_response([_review(review, language) for review in shown])
    response.headers["X-Total-Count"] = str(len(found))
    response.headers["X-Total-Pages"] = str(ceil(len(found) / limit))
    response.headers["X-Number-Of-Elements"] = str(len(shown))
    return response


def get_statistics(state: ServerState, request: Request) -> object:
    """``GET /activities/{activityUuid}/reviews/statistics``."""
    activity = activity_of(state, request)
    counts = Counter({stars * RATING_PER_STAR: count for stars, count in enumerate(activity.reviews, start=1)})
    counts.update(review.rating for review in state.reviews.reviews_of(activity))
    total = counts.total()
    mean = round(sum(rating * count for rating, count in counts.items()) / total, 2) if total else 0
    return {
        "reviews_number": total,
        "overall_rating": mean,
        "reviews_per_rating": [
            {"rating": rating, "reviews_count": counts[rating]} for rating in range(1, _BEST_RATING + 1)
        ],
        "rating_categories": [{"category_code": "SERVICE", "category_rating": mean}] if total else [],
    }


def create_review(state: ServerState, request: Request) -> object:
    """``POST /activities/{activityUuid}/reviews``."""
    if request.identity is None:
        raise no_token()
    if not has_permission(state, request, "comment"):
        raise forbidden()
    activity, given = activity_of(state, request), read_object(request.body, _FIELDS, _REQUIRED)
    review = WrittenReview(
        str(uuid4()), activity, _up_to_ten(given), datetime.fromisoformat(given["date"]).replace(tzinfo=UTC), given
    )
    state.reviews.add_review(review)
    return Response(status_code=201)


def _up_to_ten(given: dict[str, Any]) -> int:
    least, best = map(int, given["rating_scale"].split(".."))
    value: int = given["rating_value"]
    if not least <= value <= best or best < 1:
        raise Refusal(400, "0", 'The field "rating_value" must be on the scale of "rating_scale".')
    return max(1, round(value * _BEST_RATING / best))


def _limit(query: Query) -> int:
    limit = query.integer("limit", _DEFAULT_LIMIT, minimum=1)
    if limit > _MAX_LIMIT:
        raise constraint("limit", str(limit), f"it must be at most {_MAX_LIMIT}")
    return limit


def _filter(query: Query) -> Callable[[_Review], bool]:
    locale = (query.text("locale") or "").lower()
    ratings = [_range(given) for given in query.parameters.getlist(_RANGES)]
    company = query.parameters.getlist(_COMPANY)
    for given in company:
        if given not in TRAVELER_TYPES:
            raise constraint(_COMPANY, given, f"each must be one of {', '.join(TRAVELER_TYPES)}")
    return lambda review: (
        locale in {"", review.locale.lower()}
        and (not ratings or any(review.rating in span for span in ratings))
        and (not company or review.traveler_type in company)
    )


def _range(given: str) -> range:
    found = _RANGE.fullmatch(given)
    if found is None:
        raise constraint(_RANGES, given, "each must be two whole numbers such as 1..7")
    return range(int(found[1]), int(found[2]) + 1)


def _sort_key(sort: str, language: str) -> Callable[[_Review], int]:
    keys: dict[str, Callable[[_Review], int]] = {
        "NEWEST": lambda _: 0,
        "HIGHEST-RATED": lambda review: -review.rating,
        "LOWEST-RATED": lambda review: review.rating,
        "PREFERRED-LANGUAGE": lambda review: not review.locale.startswith(language),
    }
    return keys[sort]


def _review(review: _Review, language: str) -> Json:
    told = _of_partner(review) if isinstance(review, WrittenReview) else _of_catalogue(review, language)
    return {
        "uuid": review.uuid,
        "rating_value": review.rating,
        "date": review.written.date().isoformat(),
        **told,
    }


def _of_partner(review: WrittenReview) -> Json:
    return {name: review.given[name] for name in _SHOWN if name in review.given}


def _of_catalogue(review: GeneratedReview, language: str) -> Json:
    company = {"traveler_type": review.traveler_type} if review.traveler_type else {}
    return {
        "comment": review.text,
        "customer_country": review.country.names[language],
        "locale": review.locale,
        "public_username": " ".join(review.author),
        **company,
    }


OPERATIONS: Operations = {
    "/activities/{activityUuid}/reviews": {"GET": list_reviews, "POST": create_review},
    "/activities/{activityUuid}/reviews/statistics": {"GET": get_statistics},
}
