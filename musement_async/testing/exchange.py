"""What happens to every request: routing, delays and failures, header checks, its answer, its entry in the journal."""

import uuid
from collections.abc import Mapping
from typing import cast

import anyio
from attrs import frozen
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from musement_async.testing.errors import Refusal, not_found, wrong_method
from musement_async.testing.faults import Faults
from musement_async.testing.headers import NO_LOCALE, read_locale
from musement_async.testing.journal import Call, Journal, headers_of, query_of
from musement_async.testing.operations import DOCUMENTS, OPERATIONS
from musement_async.testing.operations.handling import PREFIX, Asked, Handler, World
from musement_async.testing.operations.login import LOGIN, json_object
from musement_async.testing.query import Query

# In the scope of a request: an anyio or asyncio event that ends delays early, because the server is about to stop.
CLOSING = "musement_async.testing.closing"


# In the scope of a request: what is to answer it.
_SERVER = "musement_async.testing.server"


@frozen
class _Server:
    """What one local Musement answers from."""

    world: World
    faults: Faults
    journal: Journal
    require_token: bool


def asgi_application(world: World, faults: Faults, journal: Journal, *, require_token: bool) -> ASGIApp:
    """Everything that the table of operations holds, and a proper refusal of everything else."""
    server = _Server(world, faults, journal, require_token)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        scope[_SERVER] = server
        await _ROUTER(scope, receive, send)

    return application


@frozen
class _Exchange:
    """The exchanges of one path template, as an ASGI application; no template stands for unknown paths.

    What is public belongs to no API: no header is needed, and no token.
    """

    template: str | None
    handlers: Mapping[str, Handler]
    public: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, server = Request(scope, receive), cast("_Server", scope[_SERVER])
        path = scope["path"].removeprefix(PREFIX)
        paths = (path, self.template or path)
        await _pause(scope, server.faults, paths, after=False)
        try:
            body = await request.body() if request.method in self.handlers else b""
        except ClientDisconnect:
            # Nothing was done, and nobody is left to answer.
            return
        try:
            response = self._answer(server, request, body, paths)
        except Refusal as refusal:
            response = refusal.response()
        request_id = str(uuid.uuid4())
        response.headers["X-Request-Id"] = request_id
        server.journal.add(
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

    def _answer(self, server: _Server, request: Request, body: bytes, paths: tuple[str, ...]) -> Response:
        server.faults.check(paths, after=False)
        locale = NO_LOCALE if self.public else read_locale(request.headers)
        identity = None
        if self.template != LOGIN and not self.public:
            identity = server.world.oauth.check(request.headers.get("authorization"), required=server.require_token)
        if self.template is None:
            raise not_found("such resource")
        if request.method not in self.handlers:
            raise wrong_method(self.handlers)
        origin = f"{request.url.scheme}://{request.url.netloc}"
        asked = Asked(Query(request.query_params), request.path_params, body, locale, identity, origin)
        response = self.handlers[request.method](server.world, asked)
        server.faults.check(paths, after=True)
        return response


async def _pause(scope: Scope, faults: Faults, paths: tuple[str, ...], *, after: bool) -> None:
    seconds = faults.delay(paths, after=after)
    if seconds:
        with anyio.move_on_after(seconds):
            await (scope[CLOSING].wait() if CLOSING in scope else anyio.sleep_forever())


def _grant_of(request: Request, body: bytes) -> str | None:
    grant = {**request.query_params, **(json_object(body) or {})}.get("grant_type")
    return grant if isinstance(grant, str) else None


def _router() -> Router:
    routes = [Route(PREFIX + template, _Exchange(template, handlers)) for template, handlers in OPERATIONS.items()]
    routes += [Route(template, _Exchange(template, handlers, public=True)) for template, handlers in DOCUMENTS.items()]
    return Router(routes, redirect_slashes=False, default=_Exchange(None, {}))


# One for all: it takes longer to make than the rest of a local Musement.
_ROUTER = _router()
