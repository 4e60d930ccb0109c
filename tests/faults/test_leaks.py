"""Leaks: faults and cancellations leave no socket, no task and no used connection."""

import asyncio
import gc
import random
import sys
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest

from musement_async import MusementError

WORKERS = 16
FAULTS: list[tuple[Any, ...]] = [
    (("reset",),),
    (("close",),),
    (("send", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), ("reset",)),
    (("send", b"HTTP/1.1 200 OK\r\nContent-Le"), ("close",)),
    (("send", b"no HTTP\r\n\r\n"), ("close",)),
    (("answer", 200, b"<html>"),),
    (("answer", 502, b"<html>"),),
    (("answer", 200, b"none", {"Content-Encoding": "gzip"}),),
    (("answer", 401, b""),),
]


class Load:
    """Calls, of which one in ten gets a bad answer and one in twenty is cancelled."""

    def __init__(self, faulty_server: Any, client: Any) -> None:
        self.failed = 0
        self.cancelled = 0
        self._server = faulty_server
        self._client = client
        self._chance = random.Random(20260101)

    async def work(self, calls: int) -> None:
        for _ in range(calls):
            if self._chance.random() < 0.1:
                self._server.play("call", *self._chance.choice(FAULTS))
            with anyio.CancelScope() as scope:
                if self._chance.random() < 0.05:
                    await self._cut_off(scope)
                else:
                    await self._call()
            self.cancelled += scope.cancelled_caught

    async def _cut_off(self, scope: anyio.CancelScope) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(self._call)
            for _ in range(self._chance.randrange(12)):
                await anyio.lowlevel.checkpoint()
            scope.cancel()

    async def _call(self) -> None:
        try:
            await self._client.cities.get(2)
        except MusementError:
            self.failed += 1


@pytest.mark.anyio
@pytest.mark.parametrize("calls", [240, pytest.param(2400, marks=pytest.mark.stress)])
async def test_thousands_of_calls_with_faults_and_cancellations_leave_nothing_behind(
    faulty_server: Any, open_client: Any, all_is_well: Any, anyio_backend: str, calls: int
) -> None:
    sockets, tasks = count_sockets(), count_tasks(anyio_backend)
    with anyio.fail_after(150):
        async with open_client(limits=httpx.Limits(max_connections=8)) as client:
            load = Load(faulty_server, client)
            async with anyio.create_task_group() as group:
                for _ in range(WORKERS):
                    group.start_soon(load.work, calls // WORKERS)
            faulty_server.forget()
            for _ in range(WORKERS):
                await all_is_well(client)
            assert count_sockets() <= sockets + 2 * 9  # both ends of each connection that the pool may keep
        await anyio.to_thread.run_sync(faulty_server.wait_for_lines, 0)
        while count_tasks(anyio_backend) > tasks:  # noqa: ASYNC110 - their end gives no signal
            await anyio.sleep(0.01)
    assert load.failed > calls // 50
    assert load.cancelled > calls // 100
    gc.collect()
    assert count_sockets() <= sockets


def count_tasks(backend: str) -> int:
    """The tasks of the event loop."""
    if backend == "asyncio":
        return len(asyncio.all_tasks())
    tasks: int = sys.modules["trio"].lowlevel.current_statistics().tasks_living
    return tasks


def count_sockets() -> int:
    """The number of this process's open sockets, including the server's; 0 if the system does not tell it."""
    links = Path("/proc/self/fd")
    return sum(1 for link in links.glob("*") if _target(link).startswith("socket:")) if links.is_dir() else 0


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""  # the descriptor of the folder itself, which is closed by now
