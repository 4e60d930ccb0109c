"""Bursts: many tasks whose token the API refuses at the same moment, and the logins that follow."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from time import perf_counter

import anyio
import attrs
import httpx

from benchmarks import contestants
from benchmarks.contestants import Open, Server
from benchmarks.report import Findings
from benchmarks.timing import Ratio, interleave
from musement_async import MusementError
from musement_async.testing import LocalMusement

PATH = "/cities/2"
_PLAIN = "httpx.AsyncClient, valid token"


@attrs.frozen
class Outcome:
    """What became of many tasks, by the clock, by their own account and by the server's."""

    seconds: float
    failed: int
    refused: int
    logins: int
    reused: int


@attrs.frozen
class Burst:
    """Many tasks at once, each with one request, through one client.

    Args:
        open: Opens the client.
        spared: Whether its token stays valid; if not, the server refuses it before the first request.
    """

    open: Open
    spared: bool = False

    async def run(self, server: Server, tasks: int, time_limit: float) -> Outcome:
        """Run the burst. Tasks that still wait after ``time_limit`` seconds have failed."""
        local, answers = server.local, list[httpx.Response]()

        async def ask() -> None:
            # Whoever fails is missing among the answers.
            with suppress(httpx.HTTPError, MusementError):
                answers.append(await client.get(PATH))

        async with self.open(server, await server.log_in(), httpx.Timeout(0.8 * time_limit)).client as client:
            await client.get(PATH)
            local.reset()
            if not self.spared:
                local.expire_tokens()
            started = perf_counter()
            with anyio.move_on_after(time_limit):
                async with anyio.create_task_group() as group:
                    for _ in range(tasks):
                        group.start_soon(ask)
            seconds = perf_counter() - started
        failed = tasks - sum(answer.is_success for answer in answers)
        return Outcome(seconds, failed, local.count(status=401), local.logins(status=None), local.reused_refresh_tokens)


_GROWING = {
    _PLAIN: Burst(contestants.static, spared=True),
    "MusementClient, valid token": Burst(contestants.ours, spared=True),
    "MusementClient": Burst(contestants.ours),
}
_RECIPES = {
    _PLAIN: Burst(contestants.static, spared=True),
    "httpx's documentation: refresh on 401": Burst(contestants.documented),
    "usual recipe: a lock and a look inside": Burst(contestants.locked),
    "the same, reading the 401 before the lock": Burst(partial(contestants.locked, read_first=True)),
    "MusementAuth on httpx.AsyncClient": Burst(contestants.bare),
    "MusementClient": Burst(contestants.ours),
}


async def measure(*, quick: bool) -> list[Findings]:
    """Bursts of growing size through MusementClient, and one through the recipes as well."""
    local = LocalMusement()
    with local.running() as base_url:
        server = Server(local, base_url)
        growing = {10: 2} if quick else {10: 12, 100: 6, 1000: 2}
        findings = [
            await _compare(server, f"{tasks} tasks, token refused", _GROWING, tasks=tasks, rounds=rounds, time_limit=30)
            for tasks, rounds in growing.items()
        ]
        time_limit = 0.5 if quick else 3
        title = f"200 tasks, token refused, {time_limit:g} s to get through"
        recipes = await _compare(server, title, _RECIPES, tasks=200, rounds=2, time_limit=time_limit)
    return [*findings, recipes]


async def _compare(
    server: Server, title: str, bursts: Mapping[str, Burst], *, tasks: int, rounds: int, time_limit: float
) -> Findings:
    works = {label: partial(burst.run, server, tasks, time_limit) for label, burst in bursts.items()}
    outcomes = await interleave(works, rounds=rounds, warm_up=False)
    plain = [outcome.seconds for outcome in outcomes[_PLAIN]]
    rows = [(label, _times(outcomes[label], plain, time_limit), *_counts(outcomes[label])) for label in bursts]
    return Findings(title, ("", "times", "401s", "logins", "reused", "failed"), rows)


def _times(outcomes: Sequence[Outcome], plain: Sequence[float], time_limit: float) -> str:
    seconds = [outcome.seconds for outcome in outcomes]
    if min(seconds) >= time_limit:
        return "given up"
    return str(Ratio.of(seconds, plain))


def _counts(outcomes: Sequence[Outcome]) -> list[str]:
    """What was counted in all rounds: one number each, or the least and the greatest."""
    columns = zip(*((each.refused, each.logins, each.reused, each.failed) for each in outcomes), strict=True)
    return [f"{min(counts)}" if len(set(counts)) == 1 else f"{min(counts)} to {max(counts)}" for counts in columns]
