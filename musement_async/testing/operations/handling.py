"""What the handlers of operations share."""

from collections.abc import Callable, Mapping

from attrs import frozen
from starlette.responses import Response

from musement_async.testing.catalogue import Activity
from musement_async.testing.errors import hidden, not_found
from musement_async.testing.headers import Locale
from musement_async.testing.oauth import OAuth
from musement_async.testing.query import Query
from musement_async.testing.views import Views, encoded

_HIDDEN_STATUSES = ("DRAFT", "REVIEW")


@frozen
class Asked:
    """A request, as far as handlers need it."""

    query: Query
    path: Mapping[str, str]
    body: bytes
    locale: Locale


@frozen
class World:
    """What handlers answer from; ``views`` generates the catalogue on its first call."""

    oauth: OAuth
    views: Callable[[], Views]


Handler = Callable[[World, Asked], Response]
Operations = Mapping[str, Mapping[str, Handler]]


def answer(value: object) -> Response:
    """A value as the JSON body of an answer."""
    return Response(encoded(value), media_type="application/json")


def activity_of(world: World, asked: Asked) -> Activity:
    """The activity in the path, which partners must be able to see."""
    activity = world.views().catalogue.by_uuid.get(asked.path["activityUuid"])
    if activity is None:
        raise not_found("such activity")
    if activity.status in _HIDDEN_STATUSES:
        raise hidden()
    return activity
