"""Facts about one request that the layers above and below httpx pass to each other."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Any, cast

import attrs
import httpx

_EXTENSION = "musement_async"


@attrs.define(eq=False)
class RequestContext:
    """The context of one request. httpx carries it along in ``request.extensions``, through redirects as well.

    The core and the login flow fill it in; the transport reads it, and records the progress of the request in it.

    Attributes:
        session: The session of the request, or None; the queue is fair among sessions.
        owns: Tells whether the session's token may be sent to a URL.
        check_token: Called with the request after it has a slot, before it is sent. It puts the newest token into the
            request, or returns a wait for the renewal that is replacing the token. The wait raises the renewal's error.
        login: Set only on a login. Called with the transport, it lets the renewal's task send its logins there, and
            waits for the end of the renewal.
        has_priority: Whether the request skips the queue of those that wait for their first slot. A request does so if
            it is a replay after a 401, has released its slot to wait for a login, or has carried a login.
        public_only: Whether the request may be sent only to its session's API and to public hosts.
        arrival: The request's number in order of arrival.
        token: The last token that the request carried; only the login flow knows its type.
        maybe_sent: Whether the request may have reached the server and may have been carried out there.
        waits_for_login: Whether the request is waiting for a login.
        login_failed: Whether the login that the request waited for failed.
    """

    session: Hashable = None
    owns: Callable[[httpx.URL], bool] | None = None
    check_token: Callable[[httpx.Request], Awaitable[None] | None] | None = None
    login: Callable[[Any], Awaitable[httpx.Response]] | None = None  # of a MusementTransport, which imports this
    has_priority: bool = False
    public_only: bool = False
    arrival: int = 0
    token: object = attrs.field(default=None, repr=False)
    maybe_sent: bool = False
    waits_for_login: bool = False
    login_failed: bool = False


def context_of(request: httpx.Request) -> RequestContext:
    """The context of a request; a new one if it has none yet."""
    context = request.extensions.get(_EXTENSION)
    if context is None:
        context = request.extensions[_EXTENSION] = RequestContext()
    return cast("RequestContext", context)


def with_context(context: RequestContext) -> dict[str, object]:
    """The extensions of a request with a context."""
    return {_EXTENSION: context}
