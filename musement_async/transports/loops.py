"""The event loop that something belongs to."""

import os
import sys
from typing import Any

from musement_async.errors import WrongLoopError


def in_trio() -> bool:
    """Whether the current task is one of trio's; trio itself is not needed to know."""
    trio = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_task())


def current_loop() -> object:
    """What stands for the running event loop, on asyncio or trio."""
    if in_trio():
        return sys.modules["trio"].lowlevel.current_trio_token()

    import asyncio

    return asyncio.get_running_loop()


class Home:
    """The event loop and the process that something was first used in, and cannot leave.

    Connections, locks and events belong to a loop. Used from another one, they fail with whatever they happen to
    meet first, or wait for what never comes.
    """

    __slots__ = ("_loop", "_process")

    def __init__(self) -> None:
        self._loop: Any = None
        self._process: int = 0

    def check(self) -> None:
        """Settle down with the first use; refuse later uses from elsewhere.

        Raises:
            WrongLoopError: The loop or the process is another one.
        """
        loop = current_loop()
        if self._loop is None:
            self._loop, self._process = loop, os.getpid()
        elif self._process != os.getpid():
            raise WrongLoopError("the client was used before a fork: open one in each process, after the fork")
        elif self._loop is not loop:
            raise WrongLoopError("the client belongs to another event loop: open one in each, and close it there")
