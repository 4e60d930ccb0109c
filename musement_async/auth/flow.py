"""The login flow of one request, as httpx drives it: send, look at a 401, log in, replay.

It yields the request. If the answer refuses the token, it yields a login request, and replays the request with the new
token. The login usually carries the ``refresh_token``; the answer is a new pair of access token and refresh token.

One login replaces the token, even if many tasks meet a refusal. The login belongs to a renewal, and the renewal's own
task takes the ``anyio.Lock``. This generator cannot take it: any task may close a generator, but only the task that
took an anyio lock may release it.

On an ``httpx.AsyncClient`` with another transport, httpx sends the login that is yielded here. With
``MusementTransport`` underneath, that login is never sent: it tells the renewal which transport to use, and the
renewal's task sends its own.
"""

import json
import re
import sys
from collections.abc import AsyncGenerator, Coroutine, Generator
from time import monotonic
from typing import Any, cast

import attrs
import httpx

from musement_async.auth.handover import read_login_response
from musement_async.auth.login import redact_response
from musement_async.auth.session import Session
from musement_async.auth.token import Token
from musement_async.errors import ArgumentError
from musement_async.transports.context import RequestContext, context_of
from musement_async.transports.reading import read_refusal

MAX_REPLAYED_BODY = 16 * 2**20
# The second replay is for a new token that is no longer valid when the first replay arrives.
_MOST_REPLAYS = 2
_INVALID_TOKEN = re.compile(r'\berror="?invalid_token\b')
_REFUSING_STATUSES = frozenset({400, 401, 403})
_REFUSAL_SECONDS = 10.0


class LoginFlow(httpx.Auth):
    """Logs in, sends the token with every request, and replaces it when the API refuses it."""

    def __init__(self, session: Session, application: str | None) -> None:
        self._session = session
        self._application = application

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The flow of one request; httpx calls this method."""
        closing = _Closing()
        return _Flow(self._steps(request, closing), closing)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:  # noqa: ARG002 - httpx's signature
        """Refuse a synchronous client."""
        raise TypeError("MusementAuth works with httpx.AsyncClient, not with the synchronous httpx.Client")

    async def _steps(
        self, request: httpx.Request, closing: "_Closing"
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        session = self._session
        if not session.config.owns(request.url):
            yield request
            return
        if not isinstance(request.stream, httpx.ByteStream):
            await _make_replayable(request)
        context = self._prepare(request)
        since = monotonic()
        refused: Token | None = None
        replays = 0
        while True:
            token = session.usable(refused)
            while token is None:
                context.waits_for_login = True
                renewal, is_new = session.renew(refused, request, since)
                if is_new:
                    context.has_priority = True
                    try:
                        while (login := await renewal.handover.next_request()) is not None:
                            response = yield login
                            renewal.handover.set_response(await read_login_response(response, login))
                            redact_response(response)
                    except BaseException as error:
                        renewal.handover.abort(closing.reason or error)
                        raise
                token = await session.wait(renewal, refused, request)
            session.sign(request, context, token)
            response = yield request
            if response.status_code not in _REFUSING_STATUSES or not await self._refuses_token(request, response):
                return
            if replays == _MOST_REPLAYS:
                session.excuse(request)
                return
            await read_refusal(response)
            refused = context.token if isinstance(context.token, Token) else token
            context.maybe_sent = False
            context.has_priority = True
            replays += 1

    def _prepare(self, request: httpx.Request) -> RequestContext:
        if self._application is not None:
            request.headers.setdefault("X-Musement-Application", self._application)
        context = context_of(request)
        context.session = self._session
        context.owns = self._session.config.owns
        context.check_token = self._session.check_token
        return context

    async def _refuses_token(self, request: httpx.Request, response: httpx.Response) -> bool:
        """Whether an answer refuses the token: a 401, or ``invalid_token`` (RFC 6750) with 400 or 403."""
        session = self._session
        if not session.is_renewable or session.is_excused(request) or not session.carries_token(response.request):
            return False
        if response.status_code == 401 or _INVALID_TOKEN.search(response.headers.get("www-authenticate", "")):
            return True
        if "json" not in response.headers.get("content-type", ""):
            return False
        try:
            body: Any = json.loads(await read_refusal(response, seconds=_REFUSAL_SECONDS))
        except (ValueError, RecursionError):
            return False
        return isinstance(body, dict) and cast("dict[str, object]", body).get("error") == "invalid_token"


@attrs.define
class _Closing:
    reason: BaseException | None = None


class _Flow(AsyncGenerator[httpx.Request, httpx.Response]):
    """The generator of a flow, which learns why httpx closes it.

    httpx closes a flow in the same way after a network error and after a cancellation of the caller. After a network
    error, every waiting call gets the error; after a cancellation, another call continues the login.
    """

    __slots__ = ("_closing", "_steps")

    def __init__(self, steps: AsyncGenerator[httpx.Request, httpx.Response], closing: _Closing) -> None:
        self._steps = steps
        self._closing = closing

    def __anext__(self) -> Coroutine[Any, Any, httpx.Request]:
        return anext(self._steps)

    def asend(self, value: httpx.Response) -> Coroutine[Any, Any, httpx.Request]:
        return self._steps.asend(value)

    async def athrow(self, *error: Any) -> httpx.Request:  # noqa: ANN401 - both signatures of the protocol
        return await self._steps.athrow(*error)

    async def aclose(self) -> None:
        self._closing.reason = sys.exception()
        await self._steps.aclose()


async def _make_replayable(request: httpx.Request) -> None:
    """Read a body that can be sent only once into memory, before anything is sent."""
    if not isinstance(request.stream, httpx.AsyncByteStream):
        return  # a synchronous stream: httpx refuses it with an error of its own
    body = bytearray()
    chunks = aiter(request.stream)
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) > MAX_REPLAYED_BODY:
                limit = f"{MAX_REPLAYED_BODY // 2**20} MiB"
                problem = f"is a stream of more than {limit}, too much to keep for a replay after a 401"
                raise ArgumentError("content", problem)
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
    request.stream = httpx.ByteStream(bytes(body))
