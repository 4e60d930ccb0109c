"""The renewal of a token that several processes share."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import anyio.to_thread
import attrs

from benchmarks.report import Findings
from benchmarks.timing import Ratio
from musement_async.testing import LocalMusement

_WORKER = Path(__file__).with_name("worker.py")


@attrs.frozen
class Worker:
    """A process that calls when it is told to."""

    process: "subprocess.Popen[str]"

    def begin(self, tasks: int) -> None:
        """Tell it how many calls to make at once."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{tasks}\n")
        self.process.stdin.flush()

    def said(self) -> str:
        """What it says next."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()


async def measure(*, quick: bool) -> list[Findings]:
    """Processes on one session, in every store there is."""
    return [await anyio.to_thread.run_sync(partial(_measure, *((2, 5, 2) if quick else (8, 50, 6))))]


def _measure(processes: int, tasks: int, rounds: int) -> Findings:
    local = LocalMusement(activities=1)
    with local.running() as base_url, TemporaryDirectory() as folder, redis_process(folder) as redis:
        api = {
            "base_url": base_url,
            "application": local.application,
            "credentials": [local.client_id, local.client_secret, local.username, local.password],
        }
        places: dict[str, Mapping[str, object]] = {
            "memory: a session each": {},
            "FileTokenStore": {"directory": folder},
        }
        if redis:
            places["RedisTokenStore"] = {"redis": redis, "prefix": "bench:", "lease": 10}
        rows = [
            (label, *_outlast(local, {**api, **place}, processes, tasks, rounds)) for label, place in places.items()
        ]
    return Findings(
        f"{processes} processes with {tasks} tasks each, token expired",
        ("", "times a valid one", "logins per expiry", "reused", "failed"),
        rows,
        "" if redis else "Without RedisTokenStore: redis-server is not installed.",
    )


def _outlast(
    local: LocalMusement, options: Mapping[str, object], processes: int, tasks: int, rounds: int
) -> tuple[object, ...]:
    with ExitStack() as stack:
        workers = [Worker(stack.enter_context(_process(options))) for _ in range(processes)]
        assert {worker.said() for worker in workers} == {"ready\n"}
        failed, valid, expired = _call(workers, tasks)[1], list[float](), list[float]()
        local.reset()
        for _ in range(rounds):
            for seconds in (valid, expired):
                if seconds is expired:
                    local.expire_tokens()
                taken, failures = _call(workers, tasks)
                seconds.append(taken)
                failed += failures
        logins = f"{local.logins(status=None) / rounds:g}"
        return Ratio.of(expired, valid), logins, local.reused_refresh_tokens, failed


def _call(workers: list[Worker], tasks: int) -> tuple[float, int]:
    """How long it took until the last call was answered, and how many failed."""
    started = perf_counter()
    for worker in workers:
        worker.begin(tasks)
    failed = sum(sum(json.loads(worker.said())["failed"].values()) for worker in workers)
    return perf_counter() - started, failed


@contextmanager
def _process(options: Mapping[str, object]) -> Generator["subprocess.Popen[str]", None, None]:
    command = [sys.executable, str(_WORKER), json.dumps(options)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            yield process
        except BaseException:
            process.kill()
            raise


@contextmanager
def redis_process(folder: str) -> Generator[str | None, None, None]:
    """A Redis that remembers nothing; gives its URL, or None without redis-server."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - found on PATH
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if "eady to accept connections" in line:
                    break
            yield f"redis://127.0.0.1:{port}"
        finally:
            process.kill()
