"""The call: from a method and a path to a model or an error."""

import secrets
from collections.abc import AsyncGenerator, Collection, Generator
from contextlib import aclosing, asynccontextmanager, contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

import anyio
import attrs
import httpx

from musement_async.auth import MusementAuth
from musement_async.core.documents import check_document
from musement_async.core.exceptions import is_worth_a_retry, map_exceptions, overdue
from musement_async.core.observing import observed
from musement_async.core.requests import ApiCall, Parameters, as_call, build_request
from musement_async.core.responses import CODE_OF_NOTHING, Response, api_error, read_body, read_error, undecodable
from musement_async.errors import APIError, ArgumentError, ClientClosedError, MusementError, NotFoundError
from musement_async.exchanges import Exchange, Hook
from musement_async.options import Options
from musement_async.paths import Path
from musement_async.transports.musement import MusementTransport
from musement_async.transports.setup import CookielessClient, SharedTransport
from musement_async.transports.tasks import TaskRegistry

if TYPE_CHECKING:
    from musement_async.core.caching import CachedCalls

T = TypeVar("T")


@attrs.define(eq=False)
class SharedResources:
    """The parts that all sessions on one pool of connections share.

    Attributes:
        http: The ``httpx.AsyncClient``.
        network: The transport under it.
        hook: The function that is called after each exchange; None without one.
        kept: The calls whose answers are kept; None without a cache.
        tasks: The background tasks that must end before the connections are closed.
    """

    http: httpx.AsyncClient
    network: MusementTransport
    hook: Hook | None = None
    kept: "CachedCalls | None" = None
    tasks: TaskRegistry = attrs.field(factory=TaskRegistry)

    def add_hook(self, hook: Hook) -> None:
        """Have another function called after each exchange."""
        first = self.hook

        def both(exchange: Exchange) -> None:
            try:
                if first is not None:
                    first(exchange)
            finally:
                hook(exchange)

        self.hook = both


@attrs.define(eq=False)
class SessionContext:
    """The session that a client and its views share.

    Attributes:
        auth: The login flow that puts the token on requests.
        owns_pool: Whether closing the client closes the connections. A client of ``as_customer`` or ``with_token``
            leaves them open.
        is_closed: Whether a client that does not own the pool is closed.
        http: The ``httpx.AsyncClient`` of a client that does not own the pool; None before its first use.
        scope: Tells whose answers a cache keeps. Those of the application's own session are the same in every process;
            those of any other session are kept for this object alone.
    """

    auth: MusementAuth
    owns_pool: bool = True
    is_closed: bool = False
    http: httpx.AsyncClient | None = None
    scope: str = attrs.field(init=False, factory=lambda: secrets.token_hex(16), repr=False)

    def __attrs_post_init__(self) -> None:
        """Know the application's own session by its key."""
        self.scope = self.auth.application_key or self.scope


@attrs.define(eq=False)
class Core:
    """Sends requests over an ``httpx.AsyncClient`` and reads the answers."""

    shared: SharedResources
    session: SessionContext
    options: Options

    async def fetch(
        self, model: type[T], path: Path, *, params: Parameters | None = None, method: str = "GET", json: object = None
    ) -> T:
        """The answer of one call as a model.

        Raises:
            APIError: The API answered with an error status.
            DecodeError: The answer cannot be read as that model.
            TransportError: No answer arrived.
        """
        response = await self._call(as_call(method, path, params, json))
        return self.decode(response, model, method, path)

    async def fetch_bytes(self, path: Path, media_type: str, *, params: Parameters | None = None) -> bytes:
        """A document of a GET: PDF or HTML, complete.

        Raises:
            APIError: The API answered with an error status.
            DecodeError: The body is not such a document, or may be incomplete.
            TransportError: No answer arrived.
        """
        response = await self._call(as_call("GET", path, params, media_type=media_type))
        return check_document(response, path, media_type)

    async def read(
        self, path: Path, *, params: Parameters | None = None, missing_is_none: bool = False
    ) -> Response | None:
        """The successful answer of a GET; None where it has no content.

        Args:
            path: The path.
            params: The query.
            missing_is_none: Whether a 404 with code 1400 says "nothing there" on this operation, which is None too. On
                most operations it says "no such thing", which is an error.

        Raises:
            APIError: The API answered with an error status that means something else.
            TransportError: No answer arrived.
        """
        try:
            response = await self._call(as_call("GET", path, params))
        except NotFoundError as error:
            if missing_is_none and (error.path, error.code) == (path.text, CODE_OF_NOTHING):
                return None
            raise
        return None if response.status == httpx.codes.NO_CONTENT else response

    async def send(
        self,
        method: str,
        path: Path,
        *,
        params: Parameters | None = None,
        json: object = None,
        expected: Collection[int] = (),
        at_most_once: bool = False,
    ) -> Response:
        """The successful answer of one call, read to its end; with ``expected``, one of these statuses as well.

        With ``at_most_once`` it is not even retried after a 429.

        Raises:
            APIError: The API answered with an error status.
            TransportError: No answer arrived.
        """
        return await self._call(as_call(method, path, params, json, expected=expected, at_most_once=at_most_once))

    @asynccontextmanager
    async def stream(
        self, path: Path, media_type: str, *, url: httpx.URL | None = None
    ) -> AsyncGenerator[httpx.Response]:
        """The successful answer of a GET, its body still to be read; of any URL, on whatever host, if one is given.

        Redirects are followed. Headers of the API go to its host only. The deadline counts until the body begins.

        Args:
            path: The path. Errors name it, not the URL: the query of a URL may be a secret.
            media_type: The media type to accept.
            url: The URL to fetch instead of the path.

        Raises:
            APIError: The answer has an error status.
            TransportError: No answer arrived, or not all of it.
        """
        call = as_call("GET", path, media_type=media_type, url=url)
        call.redirects = True
        opened: list[httpx.Response] = []
        try:
            await self._call(call, opened)
            response = opened[-1]
            with map_exceptions(response.request, call.method, path):
                yield response
        finally:
            for response in opened:
                await response.aclose()

    def decode(self, response: Response, model: type[T], method: str, path: Path) -> T:
        """The body of an answer as a model.

        Raises:
            DecodeError: It cannot be read as that model.
        """
        from musement_async import codec

        try:
            return codec.decode(response.content, model, strict=self.options.strict)
        except codec.Undecodable as problem:
            said = problem if response.content.strip() else "it is empty"
            raise undecodable(response, method, path, said) from problem

    @staticmethod
    def check_model(model: object) -> None:
        """Refuse a type that JSON cannot be read as.

        Raises:
            ArgumentError: JSON cannot be read as this type.
        """
        from musement_async.codec import can_read

        if not can_read(model):
            raise ArgumentError("model", "must be a model, or a type that JSON can be read as, such as list[City]")

    @contextmanager
    def within_deadline(self, method: str, path: Path) -> Generator[None]:
        """Cancel the block at the deadline.

        Raises:
            RequestTimeoutError: The deadline passed before the block ended.
        """
        deadline = self.options.deadline
        if deadline is None:
            yield
            return
        with anyio.move_on_after(deadline):
            yield
            return
        raise overdue(None, method, path, deadline, 1)

    def check_open(self) -> None:
        """Refuse a call on a closed client, and a call from another event loop.

        Raises:
            ClientClosedError: The client is closed.
            WrongLoopError: The client belongs to another event loop, or to another process.
        """
        if self.is_closed:
            raise ClientClosedError("the client is closed; open a new one")
        self.shared.network.check_open()

    @property
    def is_closed(self) -> bool:
        """Whether the client is closed."""
        return self.session.is_closed or self.shared.http.is_closed or self.shared.network.is_closed

    async def close(self) -> None:
        """Close the connections after the background tasks that need them.

        A client that does not own the pool leaves them open.

        Raises:
            WrongLoopError: The connections belong to another event loop, or to another process.
        """
        if not self.session.owns_pool:
            self.session.is_closed = True
            if self.session.http is not None:
                await self.session.http.aclose()
        elif self.shared.network.is_closed:
            await self.shared.network.aclose()  # returns when the first call of aclose() does
        else:
            self.shared.network.loop.check()
            try:
                await self.shared.tasks.drain()
            finally:
                await self.shared.http.aclose()
                if self.shared.kept is not None:
                    await self.shared.kept.tasks.drain()

    @property
    def http(self) -> httpx.AsyncClient:
        """An ``httpx.AsyncClient`` that is logged in as the client is."""
        session, http = self.session, self.shared.http
        if session.owns_pool:
            return http
        if session.http is None:
            session.http = CookielessClient(
                base_url=http.base_url,
                auth=session.auth,
                headers=http.headers,
                timeout=http.timeout,
                transport=SharedTransport(self.shared.network, lambda: session.is_closed),
            )
        return session.http

    async def _call(self, call: ApiCall, opened: list[httpx.Response] | None = None) -> Response:
        """Make a call with its retries, before its deadline.

        Args:
            call: The call.
            opened: Where to put the open ``httpx.Response``; without this list, the body is read.
        """
        deadline = self.options.deadline
        try:
            if deadline is None:
                return await self._answer(call, opened)
            with anyio.move_on_after(deadline):
                return await self._answer(call, opened)
        except APIError as error:
            error.of_customer = not self.session.owns_pool
            raise
        raise overdue(call.request, call.method, call.path, deadline, call.attempt)

    async def _answer(self, call: ApiCall, opened: list[httpx.Response] | None) -> Response:
        kept = self.shared.kept
        if kept is None or opened is not None or self.options.cache == "off" or not kept.takes(call):
            return await self._with_retries(call, opened)
        self.check_open()
        uncached = attrs.evolve(self, options=attrs.evolve(self.options, cache="off"))
        load = uncached._call  # noqa: SLF001 - of the same class
        return await kept.answer(call, self.shared, self.session, self.options, load)

    async def _with_retries(self, call: ApiCall, opened: list[httpx.Response] | None) -> Response:
        started = monotonic()
        try:
            return await self._send_once(call, opened)
        except MusementError as failure:
            retries, deadline = self.options.retries, self.options.deadline
            if not retries.times or self.is_closed or not is_worth_a_retry(call, failure):
                raise
            first = failure
        from musement_async.core.retrying import retry

        until = started + (retries.budget if deadline is None else min(retries.budget, deadline))
        return await retry(call, partial(self._send_once, call, opened), first, retries=retries, until=until)

    async def _send_once(self, call: ApiCall, opened: list[httpx.Response] | None) -> Response:
        self.check_open()
        http, options = self.shared.http, self.options
        call.attempt += 1
        call.response = None
        request = call.request = build_request(http, options, call)
        with observed(call, self.session, self.shared.hook), map_exceptions(request, call.method, call.path):
            received = await http.send(request, stream=True, auth=self.session.auth, follow_redirects=call.redirects)
            is_fine = received.is_success or received.status_code in call.expected
            content = b""
            if is_fine and opened is not None:
                opened.append(received)
            else:
                # Of the media types, only documents are named.
                read = partial(read_body, complete=call.accept is not None) if is_fine else read_error
                async with aclosing(received):
                    content = await read(received, call.method, call.path, options.max_body)
            response = Response(received.status_code, received.headers, content, received.reason_phrase)
            call.response = response
        if is_fine:
            return response
        raise api_error(response, call.method, call.path)
