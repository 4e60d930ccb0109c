"""Tasks that belong to no caller."""

import sys
from collections.abc import Awaitable, Callable, Hashable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakValueDictionary

import anyio
import anyio.lowlevel

from musement_async.transports.loops import in_trio

if TYPE_CHECKING:
    import asyncio  # where it is needed, it is there already; trio does without, and so does an import

T = TypeVar("T")

_running: "set[asyncio.Task[None]]" = set()


def spawn(work: Callable[[], Awaitable[None]], *, name: str) -> None:
    """Run ``work`` in a task that outlives whoever starts it, on asyncio or trio.

    ``work`` must let no exception but cancellation out: nobody is there to receive it.
    """
    if in_trio():
        sys.modules["trio"].lowlevel.spawn_system_task(work, name=name, context=copy_context())
        return

    import asyncio

    async def run() -> None:
        await work()

    task = asyncio.get_running_loop().create_task(run(), name=name)
    _running.add(task)  # the loop keeps weak references only
    task.add_done_callback(_running.discard)


def call_soon() -> Callable[[Callable[[], object]], object]:
    """A function that has others called in this event loop, from whatever thread.

    It raises a RuntimeError once the loop has ended.
    """
    if in_trio():
        in_this_loop: Callable[[Callable[[], object]], object]
        in_this_loop = sys.modules["trio"].lowlevel.current_trio_token().run_sync_soon
        return in_this_loop

    import asyncio

    return asyncio.get_running_loop().call_soon_threadsafe


class Detached(Generic[T]):
    """Work that has been begun, and whose result may be asked for later, or never."""

    def __init__(self, work: Callable[[], Awaitable[T]], *, name: str) -> None:
        self._done = anyio.Event()
        self._scope = anyio.CancelScope()
        self._results: list[T] = []
        self._failures: list[BaseException] = []

        async def run() -> None:
            try:
                with self._scope:
                    self._results.append(await work())
            except Exception as failure:  # noqa: BLE001 - carried over to whoever asks for the result
                self._failures.append(failure)
            except BaseException as cancellation:
                self._failures.append(cancellation)
                raise
            finally:
                self._done.set()

        spawn(run, name=name)

    async def result(self) -> T:
        """Wait for the end of the work, and give it up if the wait is cut; what it raised is raised here."""
        try:
            await self._done.wait()
        except BaseException:
            self.cancel()
            raise
        return self._outcome()

    async def join(self) -> T:
        """Wait for the end of the work, which goes on if the wait is cut; what it raised is raised here."""
        await self._done.wait()
        return self._outcome()

    async def ended(self) -> None:
        """Wait for the end of the work, whatever became of it."""
        await self._done.wait()

    def _outcome(self) -> T:
        if self._failures:
            raise self._failures[0]
        return self._results[0]

    def cancel(self) -> None:
        """Give the work up."""
        self._scope.cancel()


class Turn:
    """For work that must not overlap, whoever begins it."""

    def __init__(self) -> None:
        self.lock: anyio.Lock = anyio.Lock()


class Underway:
    """The work that has to end before the connections that it needs are closed.

    Attributes:
        turns: What takes turns, by what it is about; kept for as long as somebody else keeps it.
    """

    def __init__(self) -> None:
        self._works: set[Detached[Any]] = set()
        self.turns: WeakValueDictionary[Hashable, Turn] = WeakValueDictionary()

    def begin(self, work: Callable[[], Awaitable[T]], *, name: str) -> Detached[T]:
        """Run ``work`` in a task that outlives whoever starts it."""

        async def run() -> T:
            try:
                await anyio.lowlevel.checkpoint()  # a loop may run new tasks at once, before there is a `begun`
                return await work()
            finally:
                self._works.discard(begun)

        begun = Detached(run, name=name)
        self._works.add(begun)
        return begun

    async def settle(self) -> None:
        """Wait until all of it has ended, even if the wait is cut."""
        if self._works:
            await outlive(self._all_ended, name="musement_async.settle")

    async def _all_ended(self) -> None:
        while self._works:
            await next(iter(self._works)).ended()


async def outlive(work: Callable[[], Awaitable[None]], *, name: str) -> None:
    """Wait for ``work``, which is finished even if the wait is not.

    The shield holds against an anyio scope that is cancelled already; against ``Task.cancel()`` only the
    separate task helps.
    """
    done = anyio.Event()
    failures: list[Exception] = []

    async def run() -> None:
        try:
            await work()
        except Exception as failure:  # noqa: BLE001 - carried over to the waiting task below
            failures.append(failure)
        finally:
            done.set()

    spawn(run, name=name)
    with anyio.CancelScope(shield=True):
        await done.wait()
    if failures:
        raise failures[0]
