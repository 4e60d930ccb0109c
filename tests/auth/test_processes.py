"""Processes that share a session, over real sockets."""

import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import attrs
import filelock
import pytest
import redis

from musement_async.testing import LocalMusement

WORKER = Path(__file__).parents[2] / "benchmarks" / "worker.py"
LEASE = 3.0
MANY_SECONDS = 100  # the longest wait for events that normally happen at once: the machine may be busy


@attrs.define
class Worker:
    """A process that makes a call when it is told to."""

    process: "subprocess.Popen[str]"

    def begin(self, tasks: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{tasks}\n")
        self.process.stdin.flush()

    def said(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the process ended"
        return line

    def failed(self) -> dict[str, int]:
        failed: dict[str, int] = json.loads(self.said())["failed"]
        return failed


@attrs.define
class Crew:
    """Processes on one session of one local Musement."""

    local: LocalMusement
    options: dict[str, Any]
    stack: ExitStack
    workers: list[Worker] = attrs.field(factory=list)

    def start(self, processes: int) -> None:
        command = [sys.executable, str(WORKER), json.dumps(self.options)]
        for _ in range(processes):
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.stack.callback(self._end, process)
            self.workers.append(Worker(process))
        assert {worker.said() for worker in self.workers[-processes:]} == {"ready\n"}

    def _end(self, process: "subprocess.Popen[str]") -> None:
        try:
            process.communicate(timeout=MANY_SECONDS)  # at the end of its input, a process closes its client and ends
        finally:
            process.kill()

    def begin(self, tasks: int) -> None:
        for worker in self.workers:
            worker.begin(tasks)

    def failures(self) -> list[dict[str, int]]:
        return [failed for worker in self.workers if (failed := worker.failed())]

    def call(self, tasks: int) -> list[dict[str, int]]:
        self.begin(tasks)
        return self.failures()

    def is_locked(self) -> bool:
        if "redis" in self.options:
            with redis.Redis.from_url(self.options["redis"]) as client:
                return bool(client.keys(f"{self.options['prefix']}*:lock"))
        (path,) = Path(self.options["directory"]).rglob("*.lock")
        lock = filelock.FileLock(path)
        try:
            lock.acquire(blocking=False)
        except filelock.Timeout:
            return True
        lock.release()
        return False


@pytest.fixture
def crew(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Crew]]:
    local = LocalMusement(activities=1)
    credentials = [local.client_id, local.client_secret, local.username, local.password]
    with local.running() as base_url, ExitStack() as stack:

        def make(place: str) -> Crew:
            if place == "file":
                options: dict[str, Any] = {"directory": str(tmp_path / "tokens")}
            else:
                url = request.getfixturevalue("redis_url") if place == "redis" else place
                options = {"redis": url, "prefix": f"test-{secrets.token_hex(8)}:", "lease": LEASE}
            api = {"base_url": base_url, "application": local.application, "credentials": credentials}
            return Crew(local, {**api, **options}, stack)

        yield make
        local.respond_slowly(0, path="/login", after=True)


def until(condition: Callable[[], bool]) -> None:
    end = monotonic() + MANY_SECONDS
    while not condition():
        assert monotonic() < end, "it did not come to pass"
        sleep(0.01)


@pytest.mark.parametrize("place", ["file", "redis"])
@pytest.mark.parametrize(("processes", "tasks"), [(3, 10), pytest.param(8, 50, marks=pytest.mark.stress)])
def test_each_expiry_costs_all_processes_one_refresh_and_no_call_fails(
    crew: Any, place: str, processes: int, tasks: int
) -> None:
    crew = crew(place)
    crew.start(processes)
    assert crew.call(tasks) == []
    for expiry in (1, 2):
        crew.local.expire_tokens()
        assert crew.call(tasks) == []
        assert crew.local.rotations == expiry
    assert crew.local.logins("password") == 1
    assert crew.local.reused_refresh_tokens == 0
    assert crew.local.logins(status=None) == 3


@pytest.mark.parametrize("place", ["file", "redis"])
@pytest.mark.parametrize("processes", [2, pytest.param(4, marks=pytest.mark.stress)])
def test_a_process_killed_under_the_lock_delays_the_others_by_its_lease_at_most(
    crew: Any, place: str, processes: int
) -> None:
    crew = crew(place)
    crew.start(processes)
    assert crew.call(1) == []
    victim = crew.workers.pop()
    crew.local.expire_tokens()
    crew.local.respond_slowly(600, path="/login", after=True)
    victim.begin(1)
    until(lambda: crew.local.rotations == 1)  # the login is carried out, but not answered yet
    assert crew.is_locked()
    crew.local.respond_slowly(0, path="/login", after=True)
    crew.begin(10)
    victim.process.kill()
    victim.process.wait()
    assert crew.failures() == []  # a store fails after 20 s, and the calls with it
    # The new tokens were lost with the process, so the old refresh token was tried, and then the password.
    assert crew.local.reused_refresh_tokens == 1
    assert crew.local.logins("password") == 2
    assert not crew.is_locked()


@pytest.mark.parametrize(("processes", "tasks"), [(2, 10), pytest.param(4, 50, marks=pytest.mark.stress)])
def test_a_redis_restarted_in_the_middle_of_an_expiry_costs_no_call(
    crew: Any, start_redis: Any, processes: int, tasks: int
) -> None:
    server = start_redis()
    crew = crew(server.url)
    crew.start(processes)
    assert crew.call(tasks) == []
    crew.local.expire_tokens()
    server.kill()
    crew.begin(tasks)
    until(lambda: crew.local.count(status=401) > 0)  # the first one needs the store
    server.start()
    assert crew.failures() == []
    # Redis lost the token, but the processes still had it.
    assert crew.local.rotations == 1
    assert crew.local.reused_refresh_tokens == 0
    assert crew.local.logins("password") == 1


def test_a_process_that_starts_later_uses_the_tokens_of_the_others(crew: Any) -> None:
    crew = crew("file")
    crew.start(1)
    assert crew.call(1) == []
    crew.start(1)
    assert crew.call(10) == []
    assert crew.local.logins(status=None) == 1
