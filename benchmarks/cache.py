"""Kept answers: a hit, many misses at once, the bound of the memory, and processes that share a store."""

import asyncio
import json
import resource
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import anyio
import anyio.to_thread

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[1]))

from benchmarks.network import loopback_server
from benchmarks.processes import redis_process
from benchmarks.report import Findings
from benchmarks.timing import Case, at_once, compare, in_a_row
from musement_async import (
    Cache,
    ClientCredentials,
    MemoryCacheStore,
    MusementClient,
    SQLiteCacheStore,
    Token,
    from_json,
)
from musement_async.cache import CacheKey, KeptAnswer
from musement_async.models import Activity
from musement_async.testing import LocalMusement

PREFIX = "/api/v3"
TASKS = 500
BOUND = 32 * 2**20
ANSWER = 4000

_CREDENTIALS = ClientCredentials("benchmark", "secret")
_TOKEN = Token(access_token="a" * 86, expires_in=3600)


async def measure(*, quick: bool) -> list[Findings]:
    """All four."""
    local = LocalMusement(activities=1)
    (uuid,) = local.activity_uuids()
    async with local.client() as client:
        body = (await client.http.get(f"/activities/{uuid}")).content
    path = f"{PREFIX}/activities/{uuid}"
    async with loopback_server({path: body}) as origin, AsyncExitStack() as stack:
        open_client = partial(MusementClient, _CREDENTIALS, token=_TOKEN, base_url=origin + PREFIX, application="a")
        plain = await stack.enter_async_context(open_client())
        keeping = await stack.enter_async_context(open_client(cache=True))
        hits = await _hits(plain, keeping, uuid, body, quick=quick)
        misses = await _misses(plain, keeping, uuid, quick=quick)
    bound = await _bound(20_000 if quick else 100_000)
    shared = await anyio.to_thread.run_sync(partial(_shared, *((2, 20) if quick else (8, 500))))
    return [hits, misses, bound, shared]


async def _hits(plain: MusementClient, keeping: MusementClient, uuid: str, body: bytes, *, quick: bool) -> Findings:
    async def decode() -> None:
        from_json(body, Activity)

    await keeping.activities.get(uuid)
    cases = [
        Case("decoding alone", in_a_row(decode, 20)),
        Case("a hit", in_a_row(lambda: keeping.activities.get(uuid), 20), "decoding alone"),
        Case("a call over a loopback socket", in_a_row(lambda: plain.activities.get(uuid), 20), "decoding alone"),
    ]
    found = await compare(f"An activity of {len(body)} bytes", cases, rounds=4 if quick else 200)
    assert keeping.cache.figures.misses == 1
    return found


async def _misses(plain: MusementClient, keeping: MusementClient, uuid: str, *, quick: bool) -> Findings:
    async def miss() -> float:
        await keeping.cache.purge()
        return await at_once(lambda: keeping.activities.get(uuid), TASKS)()

    before = keeping.cache.figures.misses
    cases = [
        Case("one call", in_a_row(lambda: plain.activities.get(uuid), 1)),
        Case(f"{TASKS} hits at once", at_once(lambda: keeping.activities.get(uuid), TASKS), "one call"),
        Case(f"{TASKS} misses of one answer at once", miss, "one call"),
        Case(f"{TASKS} calls at once", at_once(lambda: plain.activities.get(uuid), TASKS), "one call"),
    ]
    rounds = 2 if quick else 20
    found = await compare("Misses at once", cases, rounds=rounds)
    calls = (keeping.cache.figures.misses - before) / (rounds + 1)
    return Findings(found.title, found.columns, found.rows, f"{TASKS} misses at once made {calls:g} call to the API.")


async def _bound(answers: int) -> Findings:
    store, most = MemoryCacheStore(BOUND), 0
    started, before = perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(answers):
        await store.save(CacheKey.of("/activities", number), bytes(ANSWER), keep=60)
        most = max(most, await store.size())
    seconds, grown = perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert most <= BOUND
    return Findings(
        f"{answers} answers of {ANSWER} bytes in {BOUND / 2**20:.0f} MiB",
        ("", "most MiB kept", "MiB that the process grew by", "µs per answer"),
        [("MemoryCacheStore", f"{most / 2**20:.1f}", f"{grown / 1024:.1f}", f"{seconds / answers * 1e6:.0f}")],
    )


def _shared(processes: int, answers: int) -> Findings:
    rows: list[tuple[object, ...]] = []
    with TemporaryDirectory() as folder, redis_process(folder) as redis:
        stores = {"SQLiteCacheStore": {"path": str(Path(folder, "answers.sqlite"))}}
        if redis is not None:
            stores["RedisCacheStore"] = {"redis": redis}
        for name, store in stores.items():
            command = [sys.executable, __file__, json.dumps({**store, "answers": answers})]
            several = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]  # noqa: S603
            said = [json.loads(process.communicate()[0]) for process in several]
            failed = sum(one["failures"] for one in said)
            seconds = max(one["seconds"] for one in said)
            rows.append((name, processes * answers * 2, failed, f"{processes * answers * 2 / seconds:.0f}"))
    return Findings(
        f"{processes} processes on one store", ("", "saved and loaded", "errors", "operations per second"), rows
    )


async def _work(options: dict[str, Any]) -> None:
    """Save and load answers, the same as the other processes do."""
    async with AsyncExitStack() as stack:
        store: Any
        if "path" in options:
            store = await stack.enter_async_context(SQLiteCacheStore(options["path"]))
        else:
            from musement_async.cache.redis import RedisCacheStore

            store = await stack.enter_async_context(RedisCacheStore(options["redis"], timeout=20))
        cache, started = Cache(store), perf_counter()
        for number in range(options["answers"]):
            key = CacheKey.of(f"/activities/{number % 50}", number % 200)
            await cache.save(key, "/activities/{activityUuid}", KeptAnswer(200, "OK", (), bytes(ANSWER), time.time()))
            await cache.load(key)
            if number % 100 == 0:
                await cache.purge("/activities/7")
        print(json.dumps({"seconds": perf_counter() - started, "failures": cache.figures.failures}))


if __name__ == "__main__":
    asyncio.run(_work(json.loads(sys.argv[1])))
