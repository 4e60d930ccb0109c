"""The example of docs/workers.md: real workers, a real Redis, and the local Musement on a real port."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import attrs
import pytest
import pytest_asyncio
import redis.asyncio

from musement_async import from_json
from musement_async.mirror.redis import RedisMirrorStore
from musement_async.models import Activity
from musement_async.testing import LocalMusement

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
LANGUAGES = ("en-GB", "it-IT")
RUN = "2030-01-01"
GROUP = "taskiq"
SECONDS = 100


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    with anyio.fail_after(SECONDS):
        while not await condition():  # noqa: ASYNC110 - it waits for other processes
            await anyio.sleep(0.02)


@attrs.define
class Night:
    """A local Musement, a Redis, and worker processes, which all end with the test."""

    local: LocalMusement
    redis: redis.asyncio.Redis
    store: RedisMirrorStore
    prefix: str
    environment: dict[str, str]
    folder: Path
    stack: ExitStack
    workers: list["subprocess.Popen[bytes]"] = attrs.field(factory=list)

    @property
    def queue(self) -> str:
        return f"{self.prefix}tasks"

    def start_worker(self, *, at_once: int) -> "subprocess.Popen[bytes]":
        one_each = ("--workers", "1", "--max-async-tasks", str(at_once))
        log = self.folder / f"worker-{len(self.workers)}.log"
        with log.open("wb") as output:
            worker = subprocess.Popen(
                [sys.executable, "-m", "taskiq", "worker", "workers.broker:broker", "workers.tasks", *one_each],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.stack.callback(self._end, worker, log)
        self.workers.append(worker)
        return worker

    def _end(self, worker: "subprocess.Popen[bytes]", log: Path) -> None:
        kill(worker)
        sys.stdout.write(log.read_text("utf-8"))  # which pytest shows if the test fails

    async def command(self, *arguments: str) -> tuple[int, list[str]]:
        with anyio.fail_after(SECONDS):
            ended = await anyio.run_process(
                [sys.executable, "-m", "workers", *arguments], env=self.environment, check=False, stderr=None
            )
        return ended.returncode, ended.stdout.decode().splitlines()

    async def start_run(self) -> None:
        assert await self.command("start", RUN) == (0, [f"{RUN}: queued"])

    async def held(self) -> dict[str, int]:
        """The number of tasks that each worker is running."""
        consumers: Any = await self.redis.xinfo_consumers(self.queue, GROUP)
        return {consumer["name"].decode(): consumer["pending"] for consumer in consumers if consumer["pending"]}

    async def over(self) -> None:
        """Wait until no task is queued or running; finished tasks are removed."""

        async def is_over() -> bool:
            return (await self.store.progress(RUN)).is_over and await self.redis.xlen(self.queue) == 0

        await until(is_over)

    async def far(self) -> tuple[int, int, list[str]]:
        """How many parts there are, how many are done, and which have failed."""
        progress = await self.store.progress(RUN)
        return progress.total, progress.done, list(progress.failed)

    async def copies(self) -> dict[str, dict[str, str | None]]:
        found: dict[str, dict[str, str | None]] = {}
        for language in LANGUAGES:
            texts = [text async for _, text in self.store.items("activities", language, "EUR")]
            activities = [from_json(text, Activity) for text in texts]
            found[language] = {str(activity.uuid): activity.title for activity in activities}
        return found

    async def truth(self) -> dict[str, dict[str, str | None]]:
        async with self.local.client() as client:
            return {
                language: {
                    str(each.uuid): each.title
                    async for each in client.with_options(language=language).activities.search()
                }
                for language in LANGUAGES
            }


def kill(worker: "subprocess.Popen[bytes]") -> None:
    """Kill a worker, and the process that would restart it."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


@pytest.fixture
def served() -> Iterator[tuple[LocalMusement, dict[str, str]]]:
    local = LocalMusement(activities=5)
    with local.running() as base_url:
        yield (
            local,
            {
                "MUSEMENT_BASE_URL": base_url,
                "MUSEMENT_CLIENT_ID": local.client_id,
                "MUSEMENT_CLIENT_SECRET": local.client_secret,
                "MUSEMENT_APPLICATION": local.application,
            },
        )


@pytest_asyncio.fixture
async def night(served: tuple[LocalMusement, dict[str, str]], redis_url: str, tmp_path: Path) -> AsyncIterator[Night]:
    local, variables = served
    prefix = f"test-{secrets.token_hex(8)}:"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MUSEMENT_", "WORKERS_"))}
    ours = {
        "PYTHONPATH": str(EXAMPLES),
        "MUSEMENT_REDIS_URL": redis_url,
        "WORKERS_PREFIX": prefix,
        "WORKERS_LANGUAGES": ",".join(LANGUAGES),
    }
    environment = {**inherited, **variables, **ours}
    async with redis.asyncio.Redis.from_url(redis_url) as client:
        with ExitStack() as stack:
            yield Night(local, client, RedisMirrorStore(client, prefix=prefix), prefix, environment, tmp_path, stack)
        keys = [key async for key in client.scan_iter(f"{prefix}*")]
        await client.delete(*keys)


@pytest.mark.asyncio
@pytest.mark.stress
async def test_two_workers_share_the_tasks_and_one_login(night: Night) -> None:
    workers = [night.start_worker(at_once=1) for _ in range(2)]

    async def both_are_busy() -> bool:
        return list((await night.held()).values()) == [1, 1]

    night.local.respond_slowly(5, path="/activities")
    await night.start_run()
    await until(both_are_busy)
    night.local.respond_slowly(0, path="/activities")
    status, lines = await night.command("progress", RUN, "--follow")
    assert (status, lines[-1]) == (0, f"{RUN}: 10 of 10 done, 0 failed, 0 to go")
    assert night.local.logins(status=None) == 1
    await night.over()
    for worker in workers:
        worker.terminate()
    assert [worker.wait(SECONDS) for worker in workers] == [0, 0]
    assert await night.copies() == await night.truth()
    assert any(await night.copies())


@pytest.mark.asyncio
@pytest.mark.stress
async def test_the_task_of_a_killed_worker_is_done_by_the_other_and_no_other_task_again(night: Night) -> None:
    victim = night.start_worker(at_once=1)
    night.local.respond_slowly(600, path="/activities", after=True)
    await night.start_run()

    async def is_at_a_part() -> bool:
        return night.local.count("/activities") == 1  # which is not answered yet

    await until(is_at_a_part)
    night.local.respond_slowly(0, path="/activities", after=True)
    night.start_worker(at_once=1)

    async def the_other_has_done_the_rest() -> bool:
        return (await night.store.progress(RUN)).done == 9 and await night.redis.xlen(night.queue) == 1

    await until(the_other_has_done_the_rest)
    kill(victim)
    assert await night.far() == (10, 9, [])
    await pass_redelivery_time(night)
    await night.over()
    assert await night.far() == (10, 10, [])
    assert night.local.count("/activities") == 8 + 1
    assert night.local.logins(status=None) == 1
    assert await night.copies() == await night.truth()


async def pass_redelivery_time(night: Night) -> None:
    """Make all unacknowledged tasks look older than the time after which they are delivered again."""
    entry: Any
    (entry,) = await night.redis.xpending_range(night.queue, GROUP, "-", "+", 10)
    name, holder = entry["message_id"], entry["consumer"]
    await night.redis.xclaim(night.queue, GROUP, holder, 0, [name], idle=601_000, justid=True)


@pytest.mark.asyncio
async def test_a_run_started_again_repeats_only_failed_tasks(night: Night) -> None:
    night.start_worker(at_once=1)
    night.local.fail_next(1, status=403, path="/activities")
    await night.start_run()
    status, lines = await night.command("progress", RUN, "--follow")
    assert (status, lines[-2]) == (1, f"{RUN}: 9 of 10 done, 1 failed, 0 to go")
    assert "PermissionDeniedError" in lines[-1]
    await night.over()
    assert night.local.count("/activities") == 8
    await night.start_run()
    await night.over()
    assert await night.far() == (10, 10, [])
    assert night.local.count("/activities") == 9
    assert await night.copies() == await night.truth()


@pytest.mark.asyncio
@pytest.mark.stress
async def test_a_task_that_the_api_could_not_serve_is_tried_again_by_the_engine(night: Night) -> None:
    night.start_worker(at_once=1)
    night.local.fail_next(2, status=500, path="/cities")
    night.local.fail_next(3, status=500, path="/activities")
    await night.start_run()
    await night.over()
    assert await night.far() == (10, 10, [])
    assert night.local.count("/activities", status=500) == 3


@pytest.mark.asyncio
@pytest.mark.stress
async def test_a_plan_that_fails_is_seen_and_may_be_started_again(night: Night) -> None:
    night.start_worker(at_once=1)
    night.local.fail_next(3, status=500, path="/cities")
    await night.start_run()
    status, (line, reason) = await night.command("progress", RUN, "--follow")
    assert (status, line) == (1, f"{RUN}: 0 of 0 done, 1 failed, 0 to go")
    assert reason.startswith("plan: ServerError")
    await night.over()
    await night.start_run()

    async def is_done() -> bool:
        return await night.far() == (10, 10, [])

    await until(is_done)
