"""The line on a terminal that says what the command waits for."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from time import monotonic

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner

_TICK = 0.1
_PATIENCE = 1.0


class WaitingLine:
    """One line on standard error, shown after a second without output, and gone before the next output.

    Attributes:
        what: Tells what is waited for.
        progress: How far the command has come, such as ``300 of 5,000``.
    """

    def __init__(self) -> None:
        self.what: Callable[[], str] = str
        self.progress = ""
        self._live: Live | None = None
        self._spinner = Spinner("dots")
        self._waiting_since = self._silent_since = monotonic()

    @contextmanager
    def saying(self, what: Callable[[], str]) -> Generator[None]:
        """Wait for something else inside the block."""
        before, self.what = self.what, what
        self.hide()
        try:
            yield
        finally:
            self.what = before
            self.hide()

    def answered(self) -> None:
        """Count the seconds from now on: an answer has come."""
        self._waiting_since = monotonic()

    def hide(self) -> None:
        """Clear the line, for output that is about to come."""
        self._waiting_since = self._silent_since = monotonic()
        if self._live is not None:
            self._live.stop()
            self._live = None

    def tick(self) -> None:
        """Show or change the line, where it is time to."""
        now = monotonic()
        if now - self._silent_since < _PATIENCE:
            return
        if self._live is None:
            console = Console(stderr=True)
            self._live = Live(
                console=console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self._live.start()
        seconds = int(now - self._waiting_since)
        parts = [self.what() + (f", {seconds} s" if seconds else ""), self.progress]
        self._spinner.update(text="; ".join(part for part in parts if part))
        self._live.update(self._spinner, refresh=True)


#: The last line of the terminal: a process has one.
LINE = WaitingLine()


@asynccontextmanager
async def waiting_for(what: Callable[[], str], *, quiet: bool = False) -> AsyncGenerator[WaitingLine, None]:
    """Say on a terminal what the block waits for, whenever it has printed nothing for a second.

    Args:
        what: Tells what it waits for.
        quiet: Whether to say nothing.
    """
    LINE.progress = ""
    with LINE.saying(what):
        ticking = asyncio.create_task(_tick()) if sys.stderr.isatty() and not quiet else None
        try:
            yield LINE
        finally:
            if ticking is not None:
                ticking.cancel()


def working(what: str, *, quiet: bool) -> AbstractContextManager[object]:
    """Say on a terminal what the block does, which keeps the event loop or has none."""
    return Console(stderr=True).status(what) if sys.stderr.isatty() and not quiet else nullcontext()


async def _tick() -> None:
    while True:
        await asyncio.sleep(_TICK)
        LINE.tick()
