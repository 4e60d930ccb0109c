"""Calls whose answers are kept: one call to the API for all that ask at once."""

import copy
import time
from collections.abc import Awaitable, Callable
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

import attrs
import httpx

from musement_async.cache import Cache, CacheKey, KeptAnswer
from musement_async.cache.answers import kept_headers
from musement_async.cache.cache import is_too_old
from musement_async.core.observing import observed
from musement_async.core.requests import ApiCall
from musement_async.core.responses import CODE_OF_NOTHING, Response, api_error
from musement_async.errors import (
    APIError,
    ArgumentError,
    MusementError,
    NotCachedError,
    NotFoundError,
    ServerError,
    TransportError,
)
from musement_async.exchanges import Served
from musement_async.options import CacheMode, Options
from musement_async.transports.tasks import BackgroundTask, TaskRegistry

if TYPE_CHECKING:
    from musement_async.core.calls import SessionContext, SharedResources

Load = Callable[[ApiCall], Awaitable[Response]]
Watch = Callable[[], observed]
# What an answer depends on besides its URL and the session.
_KEYED_HEADERS = ("X-Musement-Version", "Accept-Language", "X-Musement-Currency", "X-Musement-Market")


class CachedCalls:
    """The calls of one pool of connections whose answers are kept.

    A call to the API belongs to a background task, which all that ask for the same answer wait for. So whoever is
    cancelled takes nothing from the others.

    Args:
        cache: Keeps the answers.

    Attributes:
        tasks: The calls to the API under way.
    """

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.tasks: TaskRegistry = TaskRegistry()
        self._under_way: dict[CacheKey, BackgroundTask[KeptAnswer]] = {}

    def takes(self, call: ApiCall) -> bool:
        """Whether the answer to a call may be kept."""
        is_plain = (call.method, call.content, call.accept) == ("GET", None, None)
        return is_plain and self.cache.max_age(call.path.template) is not None

    async def answer(
        self, call: ApiCall, shared: "SharedResources", session: "SessionContext", options: Options, load: Load
    ) -> Response:
        """The answer to a call, kept or new.

        Args:
            call: The call.
            shared: What sends the call, and the hook that is told about exchanges.
            session: Whose call it is; captures are made for it.
            options: The options of the call.
            load: Makes a call to the API.

        Raises:
            NotCachedError: No answer is kept, and the API may not be asked.
            MusementError: What the call failed with.
        """
        key = _key(call, shared.http, options, session.scope)
        watch = partial(observed, call, session, shared.hook)
        response = await self._serve_or_ask(call, key, options.cache, load, watch)
        if response.status == httpx.codes.NOT_FOUND:
            raise api_error(response, call.method, call.path)
        return response

    async def _serve_or_ask(self, call: ApiCall, key: CacheKey, mode: CacheMode, load: Load, watch: Watch) -> Response:
        cache, template = self.cache, call.path.template
        kept = None if mode == "fresh" else await cache.load(key)
        max_age = cache.max_age(template, kept) or 0
        if kept is not None and not is_too_old(kept, max_age):
            return self._serve(call, kept, "hit", watch)
        if kept is not None and (mode == "only" or not is_too_old(kept, max_age + cache.stale)):
            if mode == "on":
                self._start(key, call, load)
            return self._serve(call, kept, "stale", watch)
        if mode == "only":
            raise NotCachedError(f"{call.method} {call.path}: no answer is kept, and cache='only' asks for no other")
        task, is_new = self._start(key, call, load)
        try:
            fresh = await task.join()
        except MusementError as error:
            if kept is not None and _is_outage(error) and not is_too_old(kept, max_age + cache.stale_on_error):
                return self._serve(call, kept, "stale", watch)
            raise copy.copy(error) from error.__cause__  # the original would collect the tracebacks of all who wait
        if not is_new:
            return self._serve(call, fresh, "shared", watch)
        cache.count("misses")
        return _as_response(fresh)

    def _start(self, key: CacheKey, call: ApiCall, load: Load) -> tuple[BackgroundTask[KeptAnswer], bool]:
        """The call under way for a key, or a new one; and whether it is new."""
        task = self._under_way.get(key)
        if task is not None:
            return task, False

        async def run() -> KeptAnswer:
            try:
                response = await _load(load, attrs.evolve(call))
                answer = KeptAnswer(
                    response.status,
                    response.reason,
                    kept_headers(list(response.headers.multi_items())),
                    response.content,
                    time.time(),
                )
                await self.cache.save(key, call.path.template, answer)
                return answer
            finally:
                del self._under_way[key]

        task = self._under_way[key] = self.tasks.start(run, name="musement_async.cache")
        return task, True

    def _serve(self, call: ApiCall, answer: KeptAnswer, served: Served, watch: Watch) -> Response:
        self.cache.count({"hit": "hits", "stale": "stale", "shared": "shared"}[served])
        call.served = served
        with watch():
            response = call.response = _as_response(answer)
        return response


async def _load(load: Load, call: ApiCall) -> Response:
    """The answer to a call, a 404 that says that there is nothing included."""
    try:
        return await load(call)
    except NotFoundError as error:
        if error.code != CODE_OF_NOTHING or call.response is None:
            raise
        return call.response


def _key(call: ApiCall, http: httpx.AsyncClient, options: Options, scope: str) -> CacheKey:
    headers = [options.headers.get(name, http.headers.get(name)) for name in _KEYED_HEADERS]
    query = sorted((call.params or {}).items(), key=itemgetter(0))
    return CacheKey.of(call.path.text, str(http.base_url), query, headers, scope)


def open_cache(cache: Cache | bool) -> CachedCalls:  # noqa: FBT001 - the client's argument
    """The calls of a client whose answers are kept.

    Raises:
        ArgumentError: It is not a cache.
    """
    if cache is True:
        cache = Cache()
    if not isinstance(cache, Cache):
        raise ArgumentError("cache", "must be True, False or a Cache")
    return CachedCalls(cache)


def _as_response(answer: KeptAnswer) -> Response:
    return Response(answer.status, httpx.Headers(list(answer.headers)), answer.content, answer.reason)


def _is_outage(error: MusementError) -> bool:
    return isinstance(error, TransportError | ServerError) or (
        isinstance(error, APIError) and error.status == httpx.codes.TOO_MANY_REQUESTS
    )
