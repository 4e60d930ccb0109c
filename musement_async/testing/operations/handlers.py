"""What the handlers of operations share."""

from collections.abc import Callable, Mapping

from attrs import field, frozen
from starlette.responses import Response

from musement_async.testing.booking.customers import Customers
from musement_async.testing.booking.service import BookingService
from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.review_store import ReviewStore
from musement_async.testing.rendering.json_cache import JsonCache, encoded
from musement_async.testing.rendering.widgets import Widget, widget_collection
from musement_async.testing.server.collection import Collection
from musement_async.testing.server.errors import forbidden, hidden, no_token, not_found
from musement_async.testing.server.oauth import MANAGER_SCOPE, Identity, OAuth
from musement_async.testing.server.request import Request

_HIDDEN_STATUSES = ("DRAFT", "REVIEW")


@frozen
class ServerState:
    """What handlers answer from; ``cache`` generates the catalogue on its first call."""

    oauth: OAuth
    cache: Callable[[], JsonCache]
    customers: Customers
    booking: BookingService
    reviews: ReviewStore = field(factory=ReviewStore)
    widgets: Collection[Widget] = field(factory=widget_collection)

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the day."""
        return self.cache().catalogue


Handler = Callable[[ServerState, Request], Response]
Operations = Mapping[str, Mapping[str, Handler]]


def json_response(value: object) -> Response:
    """A value as the JSON body of an answer."""
    return Response(encoded(value), media_type="application/json")


def locked(handler: Handler) -> Handler:
    """A handler that looks at what is booked, or changes it: what is due has happened, and nothing else happens now."""

    def handle(state: ServerState, request: Request) -> Response:
        with state.booking.lock:
            state.booking.tick()
            return handler(state, request)

    return handle


def has_permission(state: ServerState, request: Request, permission: str) -> bool:
    """Whether a request shows the token of client credentials that have a permission."""
    return request.identity == Identity() and permission in state.booking.permissions


def for_managers(handler: Handler) -> Handler:
    """A handler for content managers only."""

    def handle(state: ServerState, request: Request) -> Response:
        if request.scope != MANAGER_SCOPE:
            raise forbidden()
        return handler(state, request)

    return handle


def for_customers(handler: Handler) -> Handler:
    """A handler for customers only."""

    def handle(state: ServerState, request: Request) -> Response:
        if request.identity is None:
            raise no_token()
        if request.customer is None:
            raise forbidden()
        return handler(state, request)

    return handle


def activity_of(state: ServerState, request: Request) -> Activity:
    """The activity in the path, which partners must be able to see."""
    activity = state.catalogue.by_uuid.get(request.path["activityUuid"])
    if activity is None:
        raise not_found("such activity")
    return visible(activity)


def visible(activity: Activity) -> Activity:
    """An activity that partners must be able to see."""
    if activity.status in _HIDDEN_STATUSES:
        raise hidden()
    return activity
