"""The cost of decoding JSON into models, in time and in memory."""

import json
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import chain
from time import perf_counter
from typing import Any

import attrs
import orjson

from benchmarks.report import Findings
from benchmarks.timing import Case, Ratio, compare, interleave
from benchmarks.twins import attrs_reader, pydantic_reader
from musement_async.codec import decode
from musement_async.models import (
    Activity,
    ActivityDate,
    ActivitySearchResult,
    Category,
    City,
    Country,
    Currency,
    GenericEvent,
    GiftboxType,
    Model,
    MusementList,
    Schedule,
    Venue,
    Vertical,
)
from musement_async.testing import LocalMusement

SIZE = 1_000_000
DAMAGED_ITEMS = 5_000
TARGET = 1.3
DAMAGE_TARGET = 5
TIME_NOTE = "Dates and schedules are little else than prices, whose exact amounts take their time."
MEMORY_NOTE = "The most that was allocated at one time, as tracemalloc sees it."

_LISTS: dict[str, type[Model]] = {
    "/cities": City,
    "/countries": Country,
    "/venues": Venue,
    "/categories": Category,
    "/verticals": Vertical,
    "/lists": MusementList,
    "/generic-events": GenericEvent,
    "/giftbox-types": GiftboxType,
    "/currencies": Currency,
}

_MOSTLY_MONEY = {ActivityDate, Schedule}

Read = Callable[[bytes], object]


@attrs.frozen
class Sample:
    """A body, and what it is read as."""

    label: str
    kind: Any
    body: bytes
    target: float | None = TARGET

    def read(self, body: bytes) -> object:
        """Make models of a body of the same kind."""
        return decode(body, self.kind)


async def measure(*, quick: bool) -> list[Findings]:
    """One megabyte of each kind of answer, against ``orjson.loads`` to dicts; then other libraries, memory, damage."""
    size = SIZE // 50 if quick else SIZE
    rounds = 3 if quick else 60
    samples = await _samples(size)
    activities = samples[0]
    readers: dict[str, Read] = {
        "orjson.loads": orjson.loads,
        "musement_async": activities.read,
        "json.loads": json.loads,
        "pydantic": pydantic_reader(Activity),
        "cattrs": attrs_reader(Activity),
    }
    return [
        await _times(samples, rounds),
        await _libraries(readers, activities.body, 3 if quick else 15),
        _memory(readers, activities.body),
        await _damage(activities, 100 if quick else DAMAGED_ITEMS, rounds=3 if quick else 9),
    ]


async def _times(samples: Sequence[Sample], rounds: int) -> Findings:
    works: dict[str, Callable[[], Any]] = {}
    for sample in samples:
        works[f"{sample.label}, orjson"] = _timed(orjson.loads, sample.body)
        works[sample.label] = _timed(sample.read, sample.body)
    taken = await interleave(works, rounds=rounds)
    rows = []
    for sample in samples:
        ratio = Ratio.of(taken[sample.label], taken[f"{sample.label}, orjson"])
        rows.append((sample.label, ratio, ratio.verdict(sample.target)))
    title = f"Decoding {len(samples[0].body) / 1e6:.1f} MB into models, against orjson.loads to dicts"
    return Findings(title, ("", "times", "target"), rows, TIME_NOTE)


async def _libraries(readers: dict[str, Read], body: bytes, rounds: int) -> Findings:
    baseline = next(iter(readers))
    cases = [
        Case(label, _timed(read, body), None if label == baseline else baseline) for label, read in readers.items()
    ]
    return await compare("Decoding activities, other libraries on classes of the same fields", cases, rounds=rounds)


def _memory(readers: dict[str, Read], body: bytes) -> Findings:
    peaks = {label: _peak(read, body) for label, read in readers.items()}
    base = next(iter(peaks.values()))
    rows = [(label, f"{peak / base:.2f}", f"{peak / len(body):.1f}") for label, peak in peaks.items()]
    return Findings("Peak memory of the same", ("", "times", "of the body"), rows, MEMORY_NOTE)


async def _damage(sample: Sample, items: int, *, rounds: int) -> Findings:
    found = orjson.loads(sample.body)
    whole = [{**found[number % len(found)], "discount": 1_000_000} for number in range(items)]
    damaged = [{**item, "discount": "unknown"} for item in whole]
    cases = [
        Case("as they are", _timed(sample.read, orjson.dumps(whole))),
        Case("with one bad value each", _timed(sample.read, orjson.dumps(damaged)), "as they are", DAMAGE_TARGET),
    ]
    return await compare(f"{items} activities", cases, rounds=rounds)


def _timed(read: Read, body: bytes) -> Callable[[], Any]:
    async def measured() -> float:
        started = perf_counter()
        kept = read(body)
        taken = perf_counter() - started
        del kept
        return taken

    return measured


def _peak(read: Read, body: bytes) -> int:
    read(body)
    tracemalloc.start()
    try:
        kept = read(body)
        return tracemalloc.get_traced_memory()[1] if kept else 0
    finally:
        tracemalloc.stop()


async def _samples(size: int) -> list[Sample]:
    """Answers of a local Musement, each repeated to one size."""
    local = LocalMusement()
    async with local.client(currency="EUR") as client:

        async def get(path: str, params: dict[str, int] | None = None) -> Any:  # noqa: ANN401 (whatever JSON it is)
            return (await client.http.get(path, params=params)).json()

        search = await get("/activities", {"limit": 100})
        uuids = [item["uuid"] for item in search["data"] if "pick-up" not in str(item["services"])][:20]
        details = [await get(f"/activities/{uuid}") for uuid in uuids]
        dates = [await get(f"/activities/{uuid}/dates") for uuid in uuids]
        schedules = [
            await get(f"/activities/{uuid}/dates/{days[0]['day']}") for uuid, days in zip(uuids, dates, strict=True)
        ]
        lists: dict[type[Model], Any] = {model: await get(path, {"limit": 100}) for path, model in _LISTS.items()}
    found: list[tuple[str, type[Model], list[Any]]] = [
        ("activities of a search", Activity, search["data"]),
        ("activities in detail", Activity, details),
        ("dates", ActivityDate, list(chain.from_iterable(dates))),
        ("schedules", Schedule, list(chain.from_iterable(schedules))),
        *((path[1:], model, lists[model]) for path, model in _LISTS.items()),
    ]
    samples = [
        Sample(label, tuple[model, ...], _array(items, size), None if model in _MOSTLY_MONEY else TARGET)  # type: ignore[valid-type]
        for label, model, items in found
    ]
    envelope = orjson.dumps({"meta": search["meta"], "data": orjson.loads(_array(search["data"], size))})
    return [*samples, Sample("activities in an envelope", ActivitySearchResult, envelope)]


def _array(items: Sequence[Any], size: int) -> bytes:
    repeated: list[Any] = []
    written = 0
    while written < size:
        repeated.append(items[len(repeated) % len(items)])
        written += len(orjson.dumps(repeated[-1]))
    return orjson.dumps(repeated)
