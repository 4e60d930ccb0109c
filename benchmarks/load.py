"""Throughput, and the cost of many requests that start at once; all against one server process."""

import json
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import aiohttp
import anyio
import attrs
import httpx

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parents[1]))

from benchmarks.report import Findings
from benchmarks.serving import server_process
from benchmarks.timing import Call, Ratio, interleave
from musement_async import ClientCredentials, MusementClient, MusementError, Token
from musement_async.testing import LocalMusement
from musement_async.transports.setup import Network

PREFIX = "/api/v3"
CITY = 2
PATH = f"{PREFIX}/cities/{CITY}"
CONNECTIONS = 20
MANY = 10_000
START = 5.0  # seconds that a process may take to come up
# Of 1,000 calls started at once, against httpx without timeouts.
FASTER_TARGETS = {"MusementClient.http, httpcore": 15.0, "MusementClient.http, aiohttp": 30.0}

_BARE = "httpx.AsyncClient, its defaults"
_ALONE = "aiohttp.ClientSession"
_PATIENT = "httpx.AsyncClient, no timeouts"
_SLOW = (_BARE, _PATIENT)
_HTTPCORE, _AIOHTTP = FASTER_TARGETS
_TYPED_HTTPCORE, _TYPED_AIOHTTP = "client.cities.get, httpcore", "client.cities.get, aiohttp"
# Requests per second with so many under way, against httpx.
_RATE_TARGETS = {
    (_TYPED_HTTPCORE, 1): 1.5,
    (_TYPED_HTTPCORE, CONNECTIONS): 2.5,
    (_TYPED_HTTPCORE, 100): 3.0,
    (_AIOHTTP, CONNECTIONS): 3.5,
}
# The same on aiohttp with CONNECTIONS under way, against aiohttp alone.
_SHARE_TARGET = 0.3
_TOKEN = Token(access_token="a" * 86, refresh_token="r" * 86, expires_in=3600)
_HEADERS = {
    "Accept": "application/json",
    "Authorization": f"Bearer {_TOKEN.access_token}",
    "X-Musement-Application": "app",
    "X-Musement-Version": "3.4.0",
}

Open = Callable[[str, int], AbstractAsyncContextManager[Call]]


@attrs.frozen(order=True)
class Outcome:
    """What became of many calls."""

    seconds: float
    calls: int
    answered: int
    given_up: bool = False

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answered / self.seconds

    @property
    def each(self) -> float:
        """Microseconds per call."""
        return self.seconds / self.calls * 1e6


async def measure(*, quick: bool) -> list[Findings]:
    """Requests per second over a few connections, and the time of calls started at once."""
    local = LocalMusement()
    async with local.client() as client:
        body = (await client.http.get(f"/cities/{CITY}")).content
    with server_process({PATH: body}) as origin:
        rates = {1: 20, 2: 20} if quick else {1: 300, CONNECTIONS: 1000, 100: 500}
        findings = [await _rates(origin, connections, calls, quick=quick) for connections, calls in rates.items()]
        sizes = {10: 5.0, 20: 5.0} if quick else {100: 60.0, 1000: 60.0, MANY: 60.0}
        each: dict[int, dict[str, Outcome]] = {}
        for calls, time_limit in sizes.items():
            each[calls] = await _at_once(origin, calls, time_limit)
            findings.append(_started(calls, time_limit, each[calls]))
    smallest, *_, largest = each
    columns = ("", f"{smallest:,}, us", f"{largest:,}, us", "times")
    rows = [
        (label, *_growth(each[smallest][label], each[largest][label]))
        for label in _CLIENTS
        if label not in {_BARE, _PATIENT}
    ]
    return [*findings, Findings("What one of so many calls started at once costs", columns, rows)]


async def _rates(origin: str, connections: int, calls: int, *, quick: bool) -> Findings:
    clients = {label: client for label, client in _CLIENTS.items() if label != _PATIENT}
    works = {label: partial(_flow, client, origin, connections, calls) for label, client in clients.items()}
    outcomes = await interleave(works, rounds=2 if quick else 5, warm_up=False)
    bare = [outcome.rate for outcome in outcomes[_BARE]]

    alone = [outcome.rate for outcome in outcomes[_ALONE]]

    def row(label: str) -> tuple[object, ...]:
        rates = [outcome.rate for outcome in outcomes[label]]
        ratio = Ratio.of(rates, bare)
        target = _verdict(ratio.median, _RATE_TARGETS.get((label, connections)))
        failed = sum(outcome.calls - outcome.answered for outcome in outcomes[label])
        return label, f"{median(rates):,.0f}", ratio, target, failed

    share = Ratio.of([outcome.rate for outcome in outcomes[_TYPED_AIOHTTP]], alone)
    verdict = _verdict(share.median, _SHARE_TARGET if connections == CONNECTIONS else None)
    note = f"{_TYPED_AIOHTTP}: {share} of aiohttp alone. {verdict}"
    title = f"Requests per second, {connections} under way at a time"
    return Findings(title, ("", "per second", "times", "target", "failed"), [row(label) for label in clients], note)


async def _flow(client: Open, origin: str, connections: int, calls: int) -> Outcome:
    answered = 0

    async def keep_on() -> None:
        nonlocal answered
        for _ in range(calls // connections):
            if await _answered(call):
                answered += 1

    async with client(origin, connections) as call:
        async with anyio.create_task_group() as group:
            for _ in range(connections):
                group.start_soon(_answered, call)  # opens the connections
        started = perf_counter()
        async with anyio.create_task_group() as group:
            for _ in range(connections):
                group.start_soon(keep_on)
        return Outcome(perf_counter() - started, calls // connections * connections, answered)


async def _at_once(origin: str, calls: int, time_limit: float) -> dict[str, Outcome]:
    """What becomes of so many calls through a new client of each kind, the slow ones tried once."""
    slow = {label: [await _in_a_process(origin, label, calls, time_limit)] for label in _SLOW}
    works = {label: partial(_start, client, origin, calls) for label, client in _CLIENTS.items() if label not in _SLOW}
    quick = await interleave(works, rounds=3 if calls < MANY else 1, warm_up=False)
    outcomes = {**slow, **quick}
    return {label: sorted(outcomes[label])[len(outcomes[label]) // 2] for label in _CLIENTS}


async def _in_a_process(origin: str, label: str, calls: int, time_limit: float) -> Outcome:
    """One try in a process of its own, which can be ended: to cancel so many calls takes httpx ages as well."""
    with anyio.move_on_after(time_limit + START):
        result = await anyio.run_process([sys.executable, __file__, origin, label, str(calls)], stderr=None)
        answered, seconds = json.loads(result.stdout)
        return Outcome(seconds, calls, answered)
    return Outcome(time_limit, calls, 0, given_up=True)


async def _start(client: Open, origin: str, calls: int) -> Outcome:
    answered = 0

    async def ask() -> None:
        nonlocal answered
        if await _answered(call):
            answered += 1

    async with client(origin, CONNECTIONS) as call:
        started = perf_counter()
        async with anyio.create_task_group() as group:
            for _ in range(calls):
                group.start_soon(ask)
        return Outcome(perf_counter() - started, calls, answered)


async def _report(origin: str, label: str, calls: int) -> None:
    ((outcome,),) = (
        await interleave({label: partial(_start, _CLIENTS[label], origin, calls)}, rounds=1, warm_up=False)
    ).values()
    print(json.dumps([outcome.answered, outcome.seconds]))


async def _answered(call: Call) -> bool:
    try:
        await call()
    except (httpx.HTTPError, MusementError, aiohttp.ClientError, TimeoutError):
        return False
    return True


def _started(calls: int, time_limit: float, outcomes: Mapping[str, Outcome]) -> Findings:
    patient = outcomes[_PATIENT]

    def row(label: str, outcome: Outcome) -> tuple[object, ...]:
        faster = patient.seconds / outcome.seconds
        target = FASTER_TARGETS.get(label) if calls == 1000 else None
        at_least = "at least " if patient.given_up else ""
        comparable = label != _BARE and not outcome.given_up
        return (
            label,
            f"{outcome.seconds:.2f} s" if not outcome.given_up else "given up",
            f"{at_least}{faster:.1f}" if comparable else "",
            _verdict(faster, target),
            "" if outcome.given_up else outcome.calls - outcome.answered,
        )

    rows = [row(label, outcome) for label, outcome in outcomes.items()]
    note = f"Given up after {time_limit:g} s." if any(outcome.given_up for outcome in outcomes.values()) else ""
    return Findings(f"{calls:,} calls started at once", ("", "time", "times faster", "target", "failed"), rows, note)


def _growth(few: Outcome, many: Outcome) -> Sequence[str]:
    if few.given_up or many.given_up:
        return ("", "given up", "")
    return f"{few.each:,.0f}", f"{many.each:,.0f}", f"{many.each / few.each:.2f}"


def _verdict(ratio: float, target: float | None) -> str:
    return "" if target is None else f"{'met' if ratio >= target else 'missed'}: at least {target:g}"


@asynccontextmanager
async def _bare(origin: str, connections: int, *, patient: bool) -> AsyncGenerator[Call]:
    del connections  # httpx's default is left as it is
    timeout = httpx.Timeout(None if patient else 5.0)  # which is its default too
    # Not by the environment's proxy, which does not know the way to this machine.
    async with httpx.AsyncClient(base_url=origin, headers=_HEADERS, timeout=timeout, trust_env=False) as client:
        yield partial(client.get, PATH)


@asynccontextmanager
async def _ours(origin: str, connections: int, *, network: Network, typed: bool) -> AsyncGenerator[Call]:
    async with MusementClient(
        ClientCredentials("benchmark", "secret"),
        token=_TOKEN,
        base_url=origin + PREFIX,
        application="app",
        limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
        timeout=None,
        network=network,
        trust_env=False,
    ) as client:
        yield partial(client.cities.get, CITY) if typed else partial(client.http.get, f"/cities/{CITY}")


@asynccontextmanager
async def _aiohttp_alone(origin: str, connections: int) -> AsyncGenerator[Call]:
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(origin, connector=connector, headers=_HEADERS) as session:

        async def get() -> bytes:
            async with session.get(PATH) as response:
                return await response.read()

        yield get


_CLIENTS: Mapping[str, Open] = {
    _BARE: partial(_bare, patient=False),
    _PATIENT: partial(_bare, patient=True),
    _HTTPCORE: partial(_ours, network="httpcore", typed=False),
    _TYPED_HTTPCORE: partial(_ours, network="httpcore", typed=True),
    _AIOHTTP: partial(_ours, network="aiohttp", typed=False),
    _TYPED_AIOHTTP: partial(_ours, network="aiohttp", typed=True),
    _ALONE: _aiohttp_alone,
}

if __name__ == "__main__":
    anyio.run(_report, sys.argv[1], sys.argv[2], int(sys.argv[3]))
