"""Tasks that belong to no caller."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Generic, TypeVar

import anyio

T = TypeVar("T")

_running: set[asyncio.Task[None]] = set()


def in_trio() -> bool:
    """Whether the current task is one of trio's; trio itself is not needed to know."""
    trio = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_task())


def spawn(work: Callable[[], Awaitable[None]], *, name: str) -> None:
    """Run ``work`` in a task that outlives whoever starts it, on asyncio or trio.

    ``work`` must let no exception but cancellation out: nobody is there to receive it.
    """
    if in_trio():
        sys.modules["trio"].lowlevel.spawn_system_task(work, name=name, context=copy_context())
        return

    async def run() -> None:
        await work()

    task = asyncio.get_running_loop().create_task(run(), name=name)
    _running.add(task)  # the loop keeps weak references only
    task.add_done_callback(_running.discard)


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
        """Wait for the end of the work; what it raised is raised here."""
        try:
            await self._done.wait()
        except BaseException:
            self.cancel()
            raise
        if self._failures:
            raise self._failures[0]
        return self._results[0]

    def cancel(self) -> None:
        """Give the work up."""
        self._scope.cancel()


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
