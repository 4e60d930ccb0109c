"""The event loop that an object belongs to."""

import os
import sys
from typing import Any

from musement_async.errors import WrongLoopError


def in_trio() -> bool:
    """Whether the current task runs on trio; does not import trio."""
    trio = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_task())


def current_loop() -> object:
    """An object that stands for the running event loop, on asyncio or trio."""
    if in_trio():
        return sys.modules["trio"].lowlevel.current_trio_token()

    import asyncio

    return asyncio.get_running_loop()


def is_closed(loop: object) -> bool:
    """Whether an event loop of asyncio was closed; for trio, always False."""
    closed = getattr(loop, "is_closed", None)
    return closed is not None and bool(closed())


class LoopGuard:
    """Binds an object to the event loop and the process of its first use.

    Connections, locks and events belong to a loop. In another loop they fail with unclear errors, or wait for ever.
    """

    __slots__ = ("_loop", "_process")

    def __init__(self) -> None:
        self._loop: Any = None
        self._process: int = 0

    def check(self) -> None:
        """Bind the object to the running loop at its first use; refuse later uses in another one.

        Raises:
            WrongLoopError: The object belongs to another loop or another process.
        """
        loop = current_loop()
        if self._loop is loop and self._process == os.getpid():
            return
        if self._loop is None:
            self._loop, self._process = loop, os.getpid()
        elif self._process != os.getpid():
            raise WrongLoopError("the client was used before a fork: open one in each process, after the fork")
        else:
            raise WrongLoopError("the client belongs to another event loop: open one in each, and close it there")
