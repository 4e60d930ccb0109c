"""Handlers: their type, their state, and decorators."""

from collections.abc import Callable, Mapping

from attrs import field, frozen

from musement_async.testing.booking.customers import Customers
from musement_async.testing.booking.service import BookingService
from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.review_store import ReviewStore
from musement_async.testing.rendering.json_cache import JsonCache
from musement_async.testing.rendering.widgets import Widget, widget_collection
from musement_async.testing.server.collection import Collection
from musement_async.testing.server.errors import forbidden, hidden, no_token, or_not_found
from musement_async.testing.server.oauth import MANAGER_SCOPE, Identity, OAuth
from musement_async.testing.server.request import Request

_HIDDEN_STATUSES = ("DRAFT", "REVIEW")


@frozen
class ServerState:
    """The state that handlers answer from; ``cache`` generates the catalogue on its first call."""

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


# A handler returns a value for the JSON body of a response, or a response.
Handler = Callable[[ServerState, Request], object]
Operations = Mapping[str, Mapping[str, Handler]]


def locked(handler: Handler) -> Handler:
    """Wrap a handler that reads or changes bookings: due changes are made first, and it holds the lock."""

    def handle(state: ServerState, request: Request) -> object:
        with state.booking.lock:
            state.booking.tick()
            return handler(state, request)

    return handle


def has_permission(state: ServerState, request: Request, permission: str) -> bool:
    """Whether the token of a request belongs to client credentials with a permission."""
    return request.identity == Identity() and permission in state.booking.permissions


def for_managers(handler: Handler) -> Handler:
    """Wrap a handler that is for content managers only."""

    def handle(state: ServerState, request: Request) -> object:
        if request.scope != MANAGER_SCOPE:
            raise forbidden()
        return handler(state, request)

    return handle


def for_customers(handler: Handler) -> Handler:
    """Wrap a handler that is for customers only."""

    def handle(state: ServerState, request: Request) -> object:
        if request.identity is None:
            raise no_token()
        if request.customer is None:
            raise forbidden()
        return handler(state, request)

    return handle


def activity_of(state: ServerState, request: Request) -> Activity:
    """The activity in the path, if partners may see it."""
    activity = or_not_found(state.catalogue.by_uuid.get(request.path["activityUuid"]), "such activity")
    return visible(activity)


def visible(activity: Activity) -> Activity:
    """An activity, if partners may see it."""
    if activity.status in _HIDDEN_STATUSES:
        raise hidden()
    return activity
