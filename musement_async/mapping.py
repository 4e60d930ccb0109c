"""Bulk calls: one call for each of many arguments, a bounded number of them at once."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Generator, Iterable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast

import anyio
import attrs

from musement_async.defaults import DEFAULT_CONCURRENCY
from musement_async.errors import ArgumentError
from musement_async.transports.tasks import BackgroundTask, call_soon
from musement_async.unawaited import Unawaited

if TYPE_CHECKING:
    from anyio.abc import TaskGroup  # loaded late: it takes as long as the rest of the package

T = TypeVar("T")
R = TypeVar("R")
V = TypeVar("V")

# The most arguments whose results were not handed on, as a multiple of the concurrency. In order, a slow call delays
# the results after it; other calls continue meanwhile.
_AHEAD = 2


@attrs.frozen
class Outcome(Generic[T, R]):
    """The outcome of one call.

    Attributes:
        argument: The argument of the call.
        error: The error of the call; None if it returned a result.
    """

    argument: T
    error: Exception | None = None
    _result: R | None = attrs.field(default=None, repr=False)

    def result(self) -> R:
        """The result of the call. Raises the call's error if it failed."""
        if self.error is not None:
            raise self.error
        return cast("R", self._result)


class MapCall(Unawaited, Generic[T, R]):
    """A call for each of many arguments; no call is made yet. ``client.map()`` returns it.

    ``await call`` returns all results, in the order of the arguments. ``async for argument, result in call`` yields
    each result as soon as it arrives, :meth:`in_order` in the order of the arguments. In these three, the first error
    is raised unchanged: no more calls are made, and those under way are cancelled. :meth:`outcomes` yields errors as
    well, and continues.

    Each argument is taken when its call can be made. At most twice ``concurrency`` results wait for the loop, so a slow
    loop slows the calls. Each iteration makes all calls again.
    """

    _state = "no call is made yet"
    _way = "await it for all results, or iterate over them with async for"

    def __init__(
        self,
        function: Callable[[T], Awaitable[R]],
        arguments: Iterable[T] | AsyncIterable[T],
        *,
        concurrency: int = DEFAULT_CONCURRENCY,
    ) -> None:
        if not callable(function):
            raise ArgumentError("function", "must be a function to call with one argument, such as client.cities.get")
        if isinstance(arguments, str | bytes) or not isinstance(arguments, Iterable | AsyncIterable):
            raise ArgumentError("arguments", "must be an iterable or an asynchronous one, not a string")
        if type(concurrency) is not int or concurrency < 1:
            raise ArgumentError("concurrency", "must be a whole number above 0")
        self._function = function
        self._arguments = arguments
        self._concurrency = concurrency

    def __await__(self) -> Generator[object, None, tuple[R, ...]]:
        """All results, in the order of the arguments."""
        return self._all().__await__()

    def __aiter__(self) -> "MapResults[tuple[T, R]]":
        """Each argument with its result, as soon as the result arrives."""
        return self._begin(_pair, in_order=False, stop=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._way}>"

    def in_order(self) -> "MapResults[tuple[T, R]]":
        """Each argument with its result, in the order of the arguments.

        An error is raised after the results before it.
        """
        return self._begin(_pair, in_order=True, stop=True)

    def outcomes(self, *, in_order: bool = False) -> "MapResults[Outcome[T, R]]":
        """The outcome of each call, a result or an error; each argument has exactly one.

        Args:
            in_order: True for the order of the arguments; False for outcomes as soon as they arrive.
        """
        return self._begin(lambda _place, outcome: outcome, in_order=in_order, stop=False)

    async def _all(self) -> tuple[R, ...]:
        # Not in order: one slow call would soon delay all others.
        async with aclosing(self._begin(_place_and_result, in_order=False, stop=True)) as results:
            found = {place: result async for place, result in results}
        return tuple(found[place] for place in range(len(found)))

    def _begin(self, shape: "_Shape[T, R, V]", *, in_order: bool, stop: bool) -> "MapResults[V]":
        work = _Work(self._function, self._arguments, self._concurrency, in_order=in_order, stop=stop)
        return MapResults(work, shape)


_Shape = Callable[[int, Outcome[T, R]], V]


def _pair(_place: int, outcome: Outcome[T, R]) -> tuple[T, R]:
    return outcome.argument, outcome.result()


def _place_and_result(place: int, outcome: Outcome[T, R]) -> tuple[int, R]:
    return place, outcome.result()


class MapResults(AsyncIterator[V]):
    """The results of a :class:`MapCall`, one after the other. The first step starts the calls.

    The calls end with the loop. After a ``break``, they are cancelled as soon as this object is garbage-collected;
    ``contextlib.aclosing()`` also waits until they have ended.
    """

    def __init__(self, work: "_Work[Any, Any]", shape: Callable[[int, Outcome[Any, Any]], V]) -> None:
        self._work = work
        self._shape = shape

    def __aiter__(self) -> Self:
        """This object."""
        return self

    async def __anext__(self) -> V:
        """The next result."""
        try:
            found = await self._work.take()
            if found is not None:
                return self._shape(*found)
        except StopAsyncIteration as error:
            await self.aclose()
            message = "the function raised StopAsyncIteration"  # the loop would treat this error as its end
            raise RuntimeError(message) from error
        except BaseException:
            await self.aclose()
            raise
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Cancel the calls under way and wait until they have ended. Further calls do nothing."""
        await self._work.close()

    def __del__(self) -> None:
        # Not an asynchronous generator: the loop would close it later, in a task, and trio would warn.
        self._work.abandon()


class _Work(Generic[T, R]):
    """The calls of one iteration. Their task does not reference the iterator, which may be garbage-collected."""

    def __init__(
        self,
        function: Callable[[T], Awaitable[R]],
        arguments: Iterable[T] | AsyncIterable[T],
        concurrency: int,
        *,
        in_order: bool,
        stop: bool,
    ) -> None:
        self._function = function
        self._arguments = arguments
        self._concurrency = concurrency
        self._in_order = in_order
        self._stop = stop
        self._begun: BackgroundTask[None] | None = None
        self._call_soon: Callable[[Callable[[], object]], object] | None = None
        self._is_over = False
        self._closed = False
        self._failure: BaseException | None = None
        self._found: dict[int, Outcome[T, R]] = {}
        self._next = 0

    async def take(self) -> tuple[int, Outcome[T, R]] | None:
        """Wait for the next outcome, with the index of its argument; None at the end."""
        if self._begun is None and not self._closed:
            self._begin()
        while not self._closed:
            place = self._next if self._in_order else next(iter(self._found), None)
            if place in self._found:
                self._next += 1
                self._ahead.release()
                return place, self._found.pop(place)
            if self._failure is not None and self._is_over:
                raise self._failure
            if self._is_over:
                return None
            await self._news.wait()
        return None

    async def close(self) -> None:
        """Cancel the calls under way and wait for their end."""
        self._closed = True
        if self._begun is not None:
            self._begun.cancel()
            with anyio.CancelScope(shield=True):
                await self._begun.ended()

    def abandon(self) -> None:
        """Cancel the calls under way, from any thread."""
        if self._begun is not None and self._call_soon is not None and not self._is_over:
            with suppress(RuntimeError):  # the loop was closed, with all its tasks
                self._call_soon(self._begun.cancel)

    def _begin(self) -> None:
        self._running = anyio.Semaphore(self._concurrency, fast_acquire=True)
        self._ahead = anyio.Semaphore(_AHEAD * self._concurrency, fast_acquire=True)
        self._news = anyio.Event()
        self._feeding = anyio.CancelScope()
        self._call_soon = call_soon()
        self._begun = BackgroundTask(self._run, name="musement map")

    async def _run(self) -> None:
        try:
            async with anyio.create_task_group() as calls:
                await self._feed(calls)
        finally:
            self._is_over = True
            self._tell()

    async def _feed(self, calls: "TaskGroup") -> None:
        # One task takes all arguments and closes their source, because a generator may hold an open cancel scope.
        try:
            arguments = aiter(self._arguments) if isinstance(self._arguments, AsyncIterable) else _Each(self._arguments)
            try:
                with self._feeding:
                    await self._begin_each(arguments, calls)
            finally:
                close = getattr(arguments, "aclose", None)
                if close is not None:
                    await close()
        except Exception as problem:  # noqa: BLE001 - raised in the iterator, after the calls that had begun
            self._fail(problem)
            if self._stop:
                calls.cancel_scope.cancel()

    async def _begin_each(self, arguments: AsyncIterator[T], calls: "TaskGroup") -> None:
        place = 0
        while True:
            await self._ahead.acquire()
            await self._running.acquire()
            if self._feeding.cancel_called:  # a call failed while this task waited
                return
            try:
                argument = await anext(arguments)
            except StopAsyncIteration:
                return
            calls.start_soon(self._call, calls, place, argument)
            place += 1

    async def _call(self, calls: "TaskGroup", place: int, argument: T) -> None:
        try:
            pending = self._function(argument)
            _check_awaitable(pending)
            outcome = Outcome(argument, None, await pending)
        except Exception as error:  # noqa: BLE001 - raised in the iterator
            outcome = Outcome[T, R](argument, error)
            if self._stop:
                self._feeding.cancel()
                if not self._in_order:
                    calls.cancel_scope.cancel()
        except BaseException as cut:
            self._fail(cut)
            raise
        self._running.release()
        self._found[place] = outcome
        self._tell()

    def _fail(self, failure: BaseException) -> None:
        self._failure = self._failure or failure

    def _tell(self) -> None:
        self._news.set()
        self._news = anyio.Event()


def _check_awaitable(pending: object) -> None:
    if not isinstance(pending, Awaitable):
        raise ArgumentError("function", "must return something to await")


class _Each(AsyncIterator[T]):
    def __init__(self, arguments: Iterable[T]) -> None:
        self._arguments = iter(arguments)

    async def __anext__(self) -> T:
        for argument in self._arguments:
            return argument
        raise StopAsyncIteration
