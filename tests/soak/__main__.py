"""A soak test of the client with faults and cancellations: ``python tests/soak [--calls N] [--seconds S]``.

It prints the results of the calls, and leaks of sockets, tasks and memory. The exit status is 1 if there is a leak.
For comparison, the same load runs on a plain ``httpx.AsyncClient``, which may hang; its result is only printed.
"""

import argparse
import asyncio
import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import anyio
import attrs
import httpx

# At the end, so that the installed library is measured, not the checkout's.
sys.path.append(str(Path(__file__).parents[2]))

from musement_async.transports.setup import Network
from tests.soak.load import CONNECTIONS, Call, Contender, Outcome, bare, ours, put_on

NETWORKS: tuple[Network, ...] = ("httpcore", "aiohttp")
SHARE = 0.1
WARM_UP, TRACED = 0.1, 0.1  # of all calls
PAGE = 4096
# Tolerances for the allocator, caches and free lists. A leak of one object for each call exceeds them.
RSS_SLACK, TRACED_SLACK, TRACED_SLACK_PER_CALL = 16 * 2**20, 256 * 2**10, 40


@attrs.frozen
class Held:
    """The resources that the process holds."""

    sockets: int
    tasks: int
    rss: int

    @classmethod
    def now(cls) -> "Held":
        """The resources at this moment, after a garbage collection."""
        gc.collect()
        links = list(Path("/proc/self/fd").glob("*"))
        sockets = sum(1 for link in links if "socket:" in _target(link))
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        return cls(sockets, len(asyncio.all_tasks()), pages * PAGE)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""  # the descriptor of the folder itself, which is closed by now


@attrs.define
class Findings:
    """The results of a contender, and its leaks."""

    name: str
    outcome: Outcome
    before: Held
    warm: Held
    after: Held
    traced: int
    usable: bool

    @property
    def leaks(self) -> list[str]:
        """The resources that did not return to their level."""
        left: list[str] = []
        if not self.outcome.finished:
            left.append("it did not end in time")
        if not self.usable:
            left.append("connections: the client cannot go on")
        if self.after.sockets > self.before.sockets:
            left.append("sockets")
        if self.after.tasks > self.before.tasks:
            left.append("tasks")
        if self.after.rss > self.warm.rss + RSS_SLACK or self.traced > self._slack:
            left.append("memory")
        return left

    @property
    def _slack(self) -> float:
        return TRACED_SLACK + TRACED_SLACK_PER_CALL * TRACED * self.outcome.calls

    def __str__(self) -> str:
        """The summary for readers."""
        outcome, before, warm, after = self.outcome, self.before, self.warm, self.after
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in outcome.failures.most_common())
        end = "" if outcome.finished else "; it did not end by itself"
        return "\n".join(
            [
                self.name,
                f"  calls       {outcome.calls:,} in {outcome.seconds:.1f} s, {outcome.cut:,} of them cut off{end}",
                f"  failed      {outcome.failures.total():,}: {kinds}",
                f"  sockets     {before.sockets} before, {after.sockets} after",
                f"  tasks       {before.tasks} before, {after.tasks} after",
                f"  memory      {warm.rss / 2**20:.1f} MiB once warm, {after.rss / 2**20:.1f} MiB after",
                f"  allocated   {self.traced / 1024:+.1f} KiB by the last tenth of the calls, still held",
                f"  left behind {', '.join(self.leaks) or 'nothing'}",
            ]
        )


@contextmanager
def running_server() -> Iterator[str]:
    """The misbehaving server in a process of its own; gives its origin."""
    command = [sys.executable, str(Path(__file__).with_name("server.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


async def set_faults(origin: str, share: float) -> None:
    """Set the share of the server's answers that are faults."""
    async with httpx.AsyncClient() as control:
        (await control.get(f"{origin}/control", params={"share": share})).raise_for_status()


async def goes_on(call: Call) -> bool:
    """Whether more calls than there are connections succeed without faults."""
    try:
        with anyio.fail_after(20):
            await asyncio.gather(*[call(number) for number in range(3 * CONNECTIONS)])
    except Exception:  # noqa: BLE001 - any error means that the client does not work any more
        return False
    return True


async def soak(name: str, contender: Contender, origin: str, calls: int, seconds: float) -> Findings:
    """Put the load on a contender, and measure its leaks."""
    await set_faults(origin, SHARE)
    before = Held.now()
    outcome = Outcome()
    warm_up, traced_calls = int(calls * WARM_UP), int(calls * TRACED)
    async with contender(origin) as call:
        await put_on(call, warm_up, outcome, seconds=seconds)
        warm = Held.now()
        await put_on(call, calls - warm_up - traced_calls, outcome, seconds=max(1.0, seconds - outcome.seconds))
        tracemalloc.start()
        gc.collect()
        start = tracemalloc.get_traced_memory()[0]
        await put_on(call, traced_calls, outcome, seconds=max(1.0, seconds - outcome.seconds))
        gc.collect()
        traced = tracemalloc.get_traced_memory()[0] - start
        tracemalloc.stop()
        await set_faults(origin, 0)
        usable = await goes_on(call)
    return Findings(name, outcome, before, warm, Held.now(), traced, usable)


async def main() -> int:
    """Run the test, print the results, and return 1 if this library leaks."""
    parser = argparse.ArgumentParser(prog="soak", description="Look for leaks under faults and cancellations.")
    parser.add_argument("--calls", type=int, default=100_000, help="how many calls; %(default)s by default")
    parser.add_argument("--seconds", type=float, default=1800, help="how long at the most; %(default)s by default")
    arguments = parser.parse_args()
    calls, seconds = arguments.calls, arguments.seconds
    with running_server() as origin:
        leaks: list[str] = []
        bound = 10.0
        for network in NETWORKS:
            findings = await soak(
                f"MusementClient on {network}", partial(ours, network=network), origin, calls, seconds
            )
            print(findings, flush=True)  # noqa: T201 - what it is for
            leaks += findings.leaks
            bound = min(seconds, max(bound, 2 * findings.outcome.seconds))
        alone = await soak(f"httpx.AsyncClient, {bound:.0f} s at the most", bare, origin, calls, bound)
        print(alone)  # noqa: T201 - the same
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
