"""What the handlers of operations share."""

from collections.abc import Callable, Mapping

from attrs import field, frozen
from starlette.responses import Response

from musement_async.testing.booking.accounts import Accounts
from musement_async.testing.booking.service import Desk
from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.review_store import Writings
from musement_async.testing.rendering.json_cache import Views, encoded
from musement_async.testing.server.errors import forbidden, hidden, no_token, not_found
from musement_async.testing.server.oauth import MANAGER_SCOPE, Identity, OAuth
from musement_async.testing.server.request import Asked

_HIDDEN_STATUSES = ("DRAFT", "REVIEW")


@frozen
class World:
    """What handlers answer from; ``views`` generates the catalogue on its first call."""

    oauth: OAuth
    views: Callable[[], Views]
    accounts: Accounts
    booking: Desk
    writings: Writings = field(factory=Writings)


Handler = Callable[[World, Asked], Response]
Operations = Mapping[str, Mapping[str, Handler]]


def answer(value: object) -> Response:
    """A value as the JSON body of an answer."""
    return Response(encoded(value), media_type="application/json")


def booked(handler: Handler) -> Handler:
    """A handler that looks at what is booked, or changes it: what is due has happened, and nothing else happens now."""

    def handle(world: World, asked: Asked) -> Response:
        with world.booking.lock:
            world.booking.tick()
            return handler(world, asked)

    return handle


def permitted(world: World, asked: Asked, permission: str) -> bool:
    """Whether a request shows the token of client credentials that have a permission."""
    return asked.identity == Identity() and permission in world.booking.permissions


def for_managers(handler: Handler) -> Handler:
    """A handler for content managers only."""

    def handle(world: World, asked: Asked) -> Response:
        if asked.scope != MANAGER_SCOPE:
            raise forbidden()
        return handler(world, asked)

    return handle


def for_customers(handler: Handler) -> Handler:
    """A handler for customers only."""

    def handle(world: World, asked: Asked) -> Response:
        if asked.identity is None:
            raise no_token()
        if asked.customer is None:
            raise forbidden()
        return handler(world, asked)

    return handle


def activity_of(world: World, asked: Asked) -> Activity:
    """The activity in the path, which partners must be able to see."""
    activity = world.views().catalogue.by_uuid.get(asked.path["activityUuid"])
    if activity is None:
        raise not_found("such activity")
    return visible(activity)


def visible(activity: Activity) -> Activity:
    """An activity that partners must be able to see."""
    if activity.status in _HIDDEN_STATUSES:
        raise hidden()
    return activity
