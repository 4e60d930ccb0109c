"""Background tasks: work that outlives the task that started it."""

import sys
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakValueDictionary

import anyio
import anyio.lowlevel

from musement_async.transports.loop import in_trio

if TYPE_CHECKING:
    import asyncio  # asyncio code has imported it already; trio code and a plain import do not need it

T = TypeVar("T")

_running: "set[asyncio.Task[None]]" = set()


def spawn(work: Callable[[], Coroutine[Any, Any, None]], *, name: str) -> None:
    """Run ``work`` in a task that outlives its starter, on asyncio or trio.

    ``work`` must not raise anything except a cancellation: no task would receive it.
    """
    if in_trio():
        sys.modules["trio"].lowlevel.spawn_system_task(work, name=name, context=copy_context())
        return

    import asyncio

    task = asyncio.get_running_loop().create_task(work(), name=name)
    _running.add(task)  # the loop keeps only weak references
    task.add_done_callback(_running.discard)


def call_soon() -> Callable[[Callable[[], object]], object]:
    """A function that any thread may call to run another function in this event loop.

    It raises a RuntimeError once the loop has ended.
    """
    if in_trio():
        return sys.modules["trio"].lowlevel.current_trio_token().run_sync_soon  # type: ignore[no-any-return]

    import asyncio

    return asyncio.get_running_loop().call_soon_threadsafe


class BackgroundTask(Generic[T]):
    """Work in a task of its own; the result may be read later, or never."""

    def __init__(self, work: Callable[[], Awaitable[T]], *, name: str) -> None:
        self._done = anyio.Event()
        self._scope = anyio.CancelScope()
        self._results: list[T] = []
        self._failures: list[BaseException] = []

        async def run() -> None:
            try:
                with self._scope:
                    self._results.append(await work())
            except Exception as failure:  # noqa: BLE001 - raised again when the result is read
                self._failures.append(failure)
            except BaseException as cancellation:
                self._failures.append(cancellation)
                raise
            finally:
                self._done.set()

        spawn(run, name=name)

    async def result(self) -> T:
        """Wait for the end of the work; a cancelled wait cancels the work. Raises the error of the work."""
        try:
            return await self.join()
        except BaseException:
            self.cancel()  # without effect if the work has ended
            raise

    async def join(self) -> T:
        """Wait for the end of the work; the work goes on if the wait is cancelled. Raises the error of the work."""
        await self.ended()
        if self._failures:
            raise self._failures[0]
        return self._results[0]

    async def ended(self) -> None:
        """Wait for the end of the work, without its result or error."""
        await self._done.wait()

    def cancel(self) -> None:
        """Cancel the work."""
        self._scope.cancel()


class TaskRegistry:
    """The background tasks that must end before the connections that they need are closed.

    Attributes:
        locks: The lock of each thing that is being worked on; an entry lives as long as its lock is in use.
    """

    def __init__(self) -> None:
        self._tasks: set[BackgroundTask[Any]] = set()
        self.locks: WeakValueDictionary[Hashable, anyio.Lock] = WeakValueDictionary()

    def start(self, work: Callable[[], Awaitable[T]], *, name: str) -> BackgroundTask[T]:
        """Run ``work`` in a task that outlives its starter."""

        async def run() -> T:
            try:
                await anyio.lowlevel.checkpoint()  # a loop may run a new task at once, before `task` is assigned
                return await work()
            finally:
                self._tasks.discard(task)

        task = BackgroundTask(run, name=name)
        self._tasks.add(task)
        return task

    async def drain(self) -> None:
        """Wait until all tasks have ended, even if the wait is cancelled."""
        if self._tasks:
            await join_shielded(BackgroundTask(self._all_ended, name="musement_async.drain"))

    async def _all_ended(self) -> None:
        while self._tasks:
            await next(iter(self._tasks)).ended()


async def join_shielded(task: BackgroundTask[None]) -> None:
    """Wait for work that is finished even if the wait is cancelled.

    The shield protects the wait from an anyio scope that is cancelled; only the separate task protects the work from
    ``Task.cancel()``.
    """
    with anyio.CancelScope(shield=True):
        await task.join()
