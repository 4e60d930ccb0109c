"""Interleaved rounds, and ratios of what was measured in the same round."""

import gc
import statistics
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

import anyio
import attrs

from benchmarks.report import Findings

T = TypeVar("T")

Call = Callable[[], Coroutine[object, object, object]]
Measured = Callable[[], Awaitable[float]]


@attrs.frozen
class Ratio:
    """How many times as much something took: the median of all rounds, and the quartiles around it."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, measured: Sequence[float], baseline: Sequence[float]) -> "Ratio":
        """The ratio of what was measured in the same rounds."""
        ratios = [one / base for one, base in zip(measured, baseline, strict=True)]
        low, median, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return cls(median, low, high)

    def verdict(self, target: float | None) -> str:
        """Whether it is what was aimed at, if anything was."""
        if target is None:
            return ""
        return f"{'met' if self.median <= target else 'missed'}: at most {target:g}"

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


@attrs.frozen
class Case:
    """Something to measure; the case it is measured against, itself if there is none; and what is aimed at."""

    label: str
    measured: Measured
    against: str | None = None
    target: float | None = None


def in_a_row(call: Call, times: int) -> Measured:
    """The seconds that so many calls take one after the other."""

    async def measured() -> float:
        started = perf_counter()
        for _ in range(times):
            await call()
        return perf_counter() - started

    return measured


def at_once(call: Call, times: int) -> Measured:
    """The seconds that so many calls take in as many tasks."""

    async def measured() -> float:
        started = perf_counter()
        async with anyio.create_task_group() as tasks:
            for _ in range(times):
                tasks.start_soon(call)
        return perf_counter() - started

    return measured


async def interleave(
    works: Mapping[str, Callable[[], Awaitable[T]]], *, rounds: int, warm_up: bool = True
) -> dict[str, list[T]]:
    """What the works return in each round; a round for warming up comes before and does not count.

    Every other round goes backwards, so that none always follows the same neighbour.
    """
    returned: dict[str, list[T]] = {label: [] for label in works}
    with _collections_only_between():
        for turn in range(rounds + warm_up):
            for label in reversed(returned) if turn % 2 else returned:
                gc.collect()
                returned[label].append(await works[label]())
    return {label: values[warm_up:] for label, values in returned.items()}


async def compare(title: str, cases: Sequence[Case], *, rounds: int) -> Findings:
    """A table of what the cases take, as ratios."""
    taken = await interleave({case.label: case.measured for case in cases}, rounds=rounds)
    return Findings(title, ("", "times", "target"), [_row(case, taken) for case in cases])


def _row(case: Case, taken: Mapping[str, Sequence[float]]) -> tuple[object, ...]:
    if case.against is None:
        return case.label, "1", ""
    ratio = Ratio.of(taken[case.label], taken[case.against])
    return case.label, ratio, ratio.verdict(case.target)


@contextmanager
def _collections_only_between() -> Generator[None, None, None]:
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
