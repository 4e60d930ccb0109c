"""Faults on demand: slow answers, failing calls, wrong lists."""

import threading
from collections.abc import Callable

from attrs import define

from musement_async.testing.server.errors import Refusal
from musement_async.testing.server.list_faults import FAULTS, ListFault


@define(eq=False)
class _FailureRule:
    path: str | None
    after: bool
    left: int
    refusal: Callable[[], Refusal]


class Faults:
    """Delays, failures and wrong lists, each for one path or for all. Every method may be called from any thread.

    A path is a template (``/cities/{cityId}``) or the path of one resource (``/cities/2``).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._delays: dict[tuple[str | None, bool], float] = {}
        self._failures: list[_FailureRule] = []
        self._lists: dict[str | None, ListFault | None] = {}

    def slow(self, seconds: float, path: str | None, *, after: bool) -> None:
        """Delay the calls of a path by so many seconds, from now on."""
        if seconds < 0:
            raise ValueError("seconds: must not be negative")
        with self._lock:
            self._delays[_checked(path), after] = seconds

    def fail(self, times: int, path: str | None, refusal: Callable[[], Refusal], *, after: bool) -> None:
        """Refuse the next calls of a path, before or after the handler has run."""
        if times < 1:
            raise ValueError("times: must be at least 1")
        with self._lock:
            self._failures.append(_FailureRule(_checked(path), after, times, refusal))

    def distort_lists(self, fault: ListFault | None, path: str | None) -> None:
        """Send wrong lists from now on; None ends that."""
        if fault not in (*FAULTS, None):
            raise ValueError(f"fault: must be one of {', '.join(FAULTS)}, or None")
        with self._lock:
            self._lists[_checked(path)] = fault

    def list_fault(self, paths: tuple[str, ...]) -> ListFault | None:
        """What is wrong with the lists of a call that is known by these paths; the most specific rule counts."""
        with self._lock:
            return next((self._lists[path] for path in (*paths, None) if path in self._lists), None)

    def delay(self, paths: tuple[str, ...], *, after: bool) -> float:
        """The delay in seconds of a call with these paths; the most specific rule counts."""
        with self._lock:
            return next((self._delays[path, after] for path in (*paths, None) if (path, after) in self._delays), 0)

    def check(self, paths: tuple[str, ...], *, after: bool) -> None:
        """Check that a call may pass.

        Raises:
            Refusal: :meth:`fail` wants this call to fail.
        """
        with self._lock:
            for failure in self._failures:
                if failure.after == after and (failure.path is None or failure.path in paths):
                    failure.left -= 1
                    if not failure.left:
                        self._failures.remove(failure)
                    raise failure.refusal()

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._delays.clear()
            self._failures.clear()
            self._lists.clear()


def _checked(path: str | None) -> str | None:
    if path is not None and not path.startswith("/"):
        raise ValueError('path: must start with "/" and leave out the base URL, such as "/login"')
    return path
