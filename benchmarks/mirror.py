"""A copy of the catalogue from a server with a latency of 20 ms, by the number of workers."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import anyio
import anyio.to_thread

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[1]))

from benchmarks.network import message
from benchmarks.processes import redis_process
from benchmarks.report import Findings
from musement_async import ClientCredentials, Mirror, MirrorPart, MusementClient, SQLiteMirrorStore
from musement_async.exchanges import Exchange
from musement_async.mapping import MapCall
from musement_async.testing import LocalMusement

PREFIX = "/api/v3"
LATENCY = 0.02
LANGUAGES = ("en-GB", "it-IT", "de-DE", "fr-FR", "es-ES")
RUN = "bench"
_COLUMNS = ("", "requests", "seconds", "requests/s", "activities/s", "MB received", "MiB of memory")

Options = dict[str, Any]


async def measure(*, quick: bool) -> list[Findings]:
    """One process on an SQLite file, and several on a Redis."""
    sizes = [(False, 60, 2), (True, 60, 2)] if quick else [(False, 5000, 5), (True, 500, 5)]
    return [await anyio.to_thread.run_sync(partial(_measure, *size, quick=quick)) for size in sizes]


def _measure(details: bool, activities: int, languages: int, *, quick: bool) -> Findings:  # noqa: FBT001 - of ours
    rows: list[tuple[object, ...]] = []
    with _process({"serve": activities}) as server, TemporaryDirectory() as folder, redis_process(folder) as redis:
        assert server.stdout is not None
        api = {**json.loads(server.stdout.readline()), "languages": LANGUAGES[:languages], "details": details}
        if not quick:
            _copy(
                [{**api, "path": str(Path(folder, "first.sqlite")), "at_once": 20}], 1
            )  # the server makes its answers
        for at_once in (8,) if quick else (1, 8, 20):
            options = {**api, "path": str(Path(folder, f"{at_once}.sqlite")), "at_once": at_once}
            rows.append((f"SQLite, {at_once} parts at once", *_copy([options], activities * languages)))
        for workers in () if redis is None else (2,) if quick else (1, 2, 4):
            store = {"redis": redis, "prefix": f"{workers}:", "at_once": 8}
            with _process({**api, **store, "parts": None}) as planner:
                assert planner.stdout is not None
                parts = json.loads(planner.stdout.readline())
            several = [{**api, **store, "parts": parts[worker::workers]} for worker in range(workers)]
            rows.append((f"Redis, {workers} workers", *_copy(several, activities * languages)))
    return Findings(
        f"{activities} activities in {languages} languages, {'each fetched' if details else 'from lists'}",
        _COLUMNS,
        rows,
        f"A server process waits {LATENCY * 1000:.0f} ms before each answer. The memory is the most of one process.",
    )


def _copy(several: list[Options], activities: int) -> tuple[object, ...]:
    workers = [subprocess.Popen(_command(options), stdout=subprocess.PIPE, text=True) for options in several]  # noqa: S603
    said = [json.loads(worker.communicate()[0]) for worker in workers]
    seconds = max(result["seconds"] for result in said)
    requests, received = sum(result["requests"] for result in said), sum(result["bytes"] for result in said)
    memory = max(result["memory"] for result in said) / 1024
    rates = f"{requests / seconds:.0f}", f"{activities / seconds:.0f}"
    return requests, f"{seconds:.1f}", *rates, f"{received / 1e6:.1f}", f"{memory:.0f}"


def _command(options: Mapping[str, object]) -> list[str]:
    return [sys.executable, __file__, json.dumps(options)]


@contextmanager
def _process(options: Mapping[str, object]) -> Generator["subprocess.Popen[str]", None, None]:
    with subprocess.Popen(  # noqa: S603 - this very file
        _command(options), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()  # which ends it


async def _serve(activities: int) -> None:
    """Answer as a local Musement does, which makes each answer once: it would be slower than what is measured."""
    local = LocalMusement(activities=activities)
    answers: dict[tuple[str, str], bytes] = {}
    async with local.client() as client:

        async def fetch(target: str, headers: Mapping[str, str]) -> bytes:
            own = {name: headers[name] for name in ("accept-language", "x-musement-currency") if name in headers}
            answer = await client.http.get(target.removeprefix(PREFIX), headers=own)
            return message(answer.content, answer.status_code)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.IncompleteReadError):
                while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                    first, *lines = head.splitlines()
                    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                    target, key = first.split(" ")[1], (first, headers.get("accept-language", ""))
                    if key not in answers:
                        answers[key] = await fetch(target, headers)
                    await asyncio.sleep(LATENCY)
                    writer.write(answers[key])
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{PREFIX}"
            api = {"base_url": base_url, "application": local.application}
            print(json.dumps({**api, "credentials": [local.client_id, local.client_secret]}), flush=True)
            await anyio.to_thread.run_sync(sys.stdin.read)


async def _work(options: Options) -> None:
    """Plan a run and print its parts; or copy parts and print what it took."""
    import resource

    figures = {"requests": 0, "bytes": 0}

    def count(exchange: Exchange) -> None:
        figures["requests"] += 1
        figures["bytes"] += int(exchange.headers.get("content-length", 0))

    async with AsyncExitStack() as stack:
        api = {name: options[name] for name in ("base_url", "application")}
        client = MusementClient(ClientCredentials(*options["credentials"]), **api, on_exchange=count)
        await stack.enter_async_context(client)
        mirror = await _open_mirror(client, options, stack)
        if options.get("parts", ()) is None:
            print(json.dumps([str(part) for part in await mirror.plan(RUN)]))
            return
        await client.countries.list(limit=1)  # the login does not count
        started = perf_counter()
        await _run(mirror, options)
        seconds = perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "memory": memory, **figures}))


async def _open_mirror(client: MusementClient, options: Options, stack: AsyncExitStack) -> Mirror:
    what = {"languages": options["languages"], "details": options["details"]}
    if "path" in options:
        return client.mirror(await stack.enter_async_context(SQLiteMirrorStore(options["path"])), **what)
    from redis.asyncio import Redis

    from musement_async.mirror.redis import RedisMirrorStore

    redis = await stack.enter_async_context(Redis.from_url(options["redis"]))
    return client.mirror(RedisMirrorStore(redis, prefix=options["prefix"]), **what)


async def _run(mirror: Mirror, options: Options) -> None:
    if "path" in options:
        report = await mirror.run(concurrency=options["at_once"])
        assert report.is_complete, report.progress
        return
    parts = map(MirrorPart.parse, options["parts"])
    await MapCall(partial(mirror.copy, RUN), parts, concurrency=options["at_once"])


if __name__ == "__main__":
    given: Options = json.loads(sys.argv[1])
    if "serve" in given:
        anyio.run(_serve, given["serve"])
    else:
        anyio.run(_work, given)
