"""Reports of each exchange with the API: to captures, to the hook, to the log."""

import logging
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter

import attrs

from musement_async.core.requests import ApiCall
from musement_async.core.responses import request_id
from musement_async.exchanges import Exchange, Hook

log: logging.Logger = logging.getLogger("musement_async.core")


@attrs.define(eq=False)
class _Recording:
    owner: object
    exchanges: list[Exchange] = attrs.field(factory=list[Exchange])
    is_over: bool = False


_Recordings = tuple[_Recording, ...]
_recordings: ContextVar[_Recordings] = ContextVar("musement_async.recordings", default=())


@contextmanager
def capture(owner: object) -> Generator[list[Exchange]]:
    """Record the exchanges that a client makes inside the block, in tasks started there too."""
    recording = _Recording(owner)
    _recordings.set((*_recordings.get(), recording))
    try:
        yield recording.exchanges
    finally:
        # Not by the token of set(): a fixture or a dependency may be closed in another context than it was opened in.
        # In that context, and in tasks started inside the block, only `is_over` ends the recording.
        recording.is_over = True
        _recordings.set(tuple(known for known in _recordings.get() if not known.is_over))


class observed:  # noqa: N801 - used as a function is
    """Reports the attempt that is made inside the block to captures, the hook and the log.

    A class: a generator would take four times as long on every call.

    Args:
        call: The call.
        owner: The session. Captures of other sessions do not hear of the attempt.
        hook: The function to call; None without one.
    """

    __slots__ = ("_call", "_hook", "_is_watched", "_owner", "_recordings", "_started", "_started_at")

    def __init__(self, call: ApiCall, owner: object, hook: Hook | None) -> None:
        self._call = call
        self._owner = owner
        self._hook = hook
        self._recordings = _recordings.get()
        self._is_watched = bool(self._recordings) or hook is not None or log.isEnabledFor(logging.DEBUG)

    def __enter__(self) -> None:
        """Start the clock."""
        if self._is_watched:
            self._started_at, self._started = time.time(), perf_counter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _traceback: object) -> None:
        """Report the result of the attempt."""
        if not self._is_watched:
            return
        problem = None if kind is None else kind.__name__ if isinstance(error, Exception) else "cancelled"
        call = self._call
        exchange = _exchange(call, problem, self._started_at, perf_counter() - self._started)
        log.debug("%s %s: %s", call.method, call.path.template, exchange.status or problem, extra=fields(exchange))
        for recording in self._recordings:
            if recording.owner is self._owner and not recording.is_over:
                recording.exchanges.append(exchange)
        if self._hook is not None:
            _tell(self._hook, exchange)


def _exchange(call: ApiCall, error: str | None, started_at: float, elapsed: float) -> Exchange:
    response = call.response
    headers = {} if response is None else dict(response.headers)
    return Exchange(
        method=call.method,
        path=call.path.text,
        template=call.path.template,
        status=None if response is None else response.status,
        headers=headers,
        request_id=request_id(headers),
        elapsed=elapsed,
        attempt=call.attempt,
        error=error,
        started_at=started_at,
        served=call.served,
    )


def _tell(hook: Hook, exchange: Exchange) -> None:
    try:
        hook(exchange)
    except Exception:
        log.exception("the hook for exchanges failed; the call continues")


def fields(exchange: Exchange) -> dict[str, object]:
    """The extra fields of a log record about an exchange. They hold no value of a parameter."""
    return {
        "method": exchange.method,
        "path_template": exchange.template,
        "status": exchange.status,
        "attempt": exchange.attempt,
        "duration": exchange.elapsed,
        "request_id": exchange.request_id,
        "served": exchange.served,
    }
