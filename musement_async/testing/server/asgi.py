"""The ASGI application, which routes, delays, fails, checks, answers and logs requests."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, cast

import anyio
from attrs import frozen
from starlette import requests
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from musement_async.testing.server.bodies import json_object
from musement_async.testing.server.errors import Refusal, not_found, wrong_method
from musement_async.testing.server.faults import Faults
from musement_async.testing.server.headers import NO_LOCALE, read_locale
from musement_async.testing.server.list_faults import reshape
from musement_async.testing.server.oauth import OAuth
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import LOGIN, PREFIX, Request
from musement_async.testing.server.request_log import Call, RequestLog, headers_of, query_of
from musement_async.testing.server.responses import json_response

# A key of a request's scope: an anyio or asyncio event that ends delays when the server stops.
CLOSING = "musement_async.testing.closing"

# A key of a request's scope: the server that answers it.
_SERVER = "musement_async.testing.server"

# A handler gets the server's state, whose type only the operations know, and returns JSON or a response.
Handlers = Mapping[str, Callable[[Any, Request], object]]


@frozen
class Server:
    """The settings of one local Musement; handlers get ``state``."""

    state: object
    oauth: OAuth
    faults: Faults
    request_log: RequestLog
    require_token: bool

    def application(self, router: Router) -> ASGIApp:
        """The application that answers with the handlers of a router."""

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            scope[_SERVER] = self
            await router(scope, receive, send)

        return application


def build_router(operations: Mapping[str, Handlers], documents: Mapping[str, Handlers]) -> Router:
    """The routes to handlers, by path template.

    Args:
        operations: The operations of the API, below its prefix.
        documents: The public paths, which need neither the API's headers nor a token.
    """
    routes = [Route(PREFIX + template, _Exchange(template, handlers)) for template, handlers in operations.items()]
    routes += [Route(template, _Exchange(template, handlers, public=True)) for template, handlers in documents.items()]
    return Router(routes, redirect_slashes=False, default=_Exchange(None, {}))


@frozen
class _Exchange:
    """The ASGI application of one path template; no template stands for unknown paths."""

    template: str | None
    handlers: Handlers
    public: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, server = requests.Request(scope, receive), cast("Server", scope[_SERVER])
        path = scope["path"].removeprefix(PREFIX)
        paths = (path, self.template or path)
        await _pause(scope, server.faults, paths, after=False)
        try:
            body = await request.body() if request.method in self.handlers else b""
        except requests.ClientDisconnect:
            # The client has disconnected before the handler ran.
            return
        try:
            response = self._answer(server, request, body, paths)
        except Refusal as refusal:
            response = refusal.response()
        request_id = str(uuid.uuid4())
        response.headers["X-Request-Id"] = request_id
        server.request_log.add(
            Call(
                method=request.method,
                template=self.template or path,
                path=path,
                query=query_of(request),
                status=response.status_code,
                headers=headers_of(request.headers),
                request_id=request_id,
                grant=_grant_of(request, body) if self.template == LOGIN else None,
            )
        )
        await _pause(scope, server.faults, paths, after=True)
        await response(scope, receive, send)

    def _answer(self, server: Server, request: requests.Request, body: bytes, paths: tuple[str, ...]) -> Response:
        server.faults.check(paths, after=False)
        locale = NO_LOCALE if self.public else read_locale(request.headers)
        identity = None
        if self.template != LOGIN and not self.public:
            identity = server.oauth.check(request.headers.get("authorization"), required=server.require_token)
        if self.template is None:
            raise not_found("such resource")
        if request.method not in self.handlers:
            raise wrong_method(self.handlers)
        origin = f"{request.url.scheme}://{request.url.netloc}"
        fault = server.faults.list_fault(paths)
        read = Request(Query(request.query_params, fault), request.path_params, body, locale, identity, origin)
        value = self.handlers[request.method](server.state, read)
        server.faults.check(paths, after=True)
        return reshape(value if isinstance(value, Response) else json_response(value), fault)


async def _pause(scope: Scope, faults: Faults, paths: tuple[str, ...], *, after: bool) -> None:
    seconds = faults.delay(paths, after=after)
    if seconds:
        with anyio.move_on_after(seconds):
            await (scope[CLOSING].wait() if CLOSING in scope else anyio.sleep_forever())


def _grant_of(request: requests.Request, body: bytes) -> str | None:
    grant = {**request.query_params, **(json_object(body) or {})}.get("grant_type")
    return grant if isinstance(grant, str) else None
