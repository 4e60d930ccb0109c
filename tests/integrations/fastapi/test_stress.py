"""Two workers, 300 customers, and all that goes wrong with them."""

import json
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import attrs
import httpx
import pytest
import pytest_asyncio
import redis.asyncio

from musement_async.testing import LocalMusement

pytestmark = pytest.mark.stress

FOLDER = Path(__file__).parent
CUSTOMERS = 300


class Worker:
    """A uvicorn process, and a visitor of it."""

    def __init__(self, folder: Path, number: int, environment: dict[str, str]) -> None:
        self.log = folder / f"worker-{number}.log"
        self._place = str(folder / f"{number}.sock")
        self._environment = environment
        transport = httpx.AsyncHTTPTransport(uds=self._place)
        self.visitor = httpx.AsyncClient(transport=transport, base_url="http://app", timeout=60)

    async def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "--app-dir", str(FOLDER), "--uds", self._place, "stress_app:app"]
        started = self.starts
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: ASYNC220
                command, env=self._environment, stdout=output, stderr=output
            )
        with anyio.fail_after(60):
            while self.starts == started:  # noqa: ASYNC110 - another process
                await anyio.sleep(0.05)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def stop(self) -> None:
        self.process.terminate()
        await anyio.to_thread.run_sync(self.process.wait)

    @property
    def starts(self) -> int:
        return self.log.read_bytes().count(b"startup complete") if self.log.exists() else 0

    @property
    def memory(self) -> int:
        """Resident memory in KiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.split("VmRSS:")[1].split()[0])


@attrs.define
class Crowd:
    """The customers who visit both workers. Whoever finds one of them away goes to the other."""

    local: LocalMusement
    workers: list[Worker]
    sessions: dict[str, str] = attrs.field(factory=dict[str, str])
    crossed: list[str] = attrs.field(factory=list[str])
    statuses: set[int] = attrs.field(factory=set[int])
    chance: random.Random = attrs.field(factory=lambda: random.Random(20260101))

    async def ask(self, method: str, path: str, name: str | None = None, **options: Any) -> httpx.Response:
        headers = {} if name is None else {"Authorization": f"Bearer {self.sessions[name]}"}
        while True:
            try:
                visitor = self.chance.choice(self.workers).visitor
                return await visitor.request(method, path, headers=headers, **options)
            except httpx.TransportError:
                await anyio.sleep(0.05)

    async def log_in(self, name: str) -> None:
        while name not in self.sessions:
            answer = await self.ask("POST", "/login", json={"username": name, "password": self.local.password})
            self.statuses.add(answer.status_code)
            if answer.status_code == 200:
                self.sessions[name] = answer.json()

    async def visit(self, name: str) -> None:
        with anyio.move_on_after(self.chance.choice([0.01, 60, 60])):
            answer = await self.ask("GET", "/me", name)
            self.statuses.add(answer.status_code)
            if answer.status_code == 200 and answer.json()["email"] != name:
                self.crossed.append(name)

    async def guess(self, name: str) -> None:
        answer = await self.ask("POST", "/login", json={"username": name, "password": "wrong-secret"})
        assert answer.status_code in {401, 429, 502}

    async def leave(self, name: str) -> None:
        assert (await self.ask("POST", "/logout", name)).status_code == 200
        assert (await self.ask("GET", "/me", name)).status_code == 401

    async def return_to(self, name: str) -> None:
        answer = await self.ask("GET", "/me", name)
        assert answer.json()["email"] == name


async def all_of(names: list[str], action: Callable[[str], Awaitable[None]]) -> None:
    limiter = anyio.CapacityLimiter(50)

    async def one(name: str) -> None:
        async with limiter:
            await action(name)

    async with anyio.create_task_group() as tasks:
        for name in names:
            tasks.start_soon(one, name)


@attrs.define
class Pair:
    """A Redis, its replica, and the Sentinel that watches both."""

    master: Any
    replica: Any
    sentinel: Any

    async def fail_over(self) -> None:
        await anyio.to_thread.run_sync(self.master.kill)
        await self.is_told("role", "master")

    async def is_told(self, member: str, value: str) -> None:
        """Wait until the replica says something of its replication."""
        with anyio.fail_after(60):
            async with self.reader() as admin:
                while (await admin.info("replication")).get(member) != value:  # noqa: ASYNC110 - another process
                    await anyio.sleep(0.05)

    def reader(self) -> Any:
        return redis.asyncio.Redis(port=self.replica.port, decode_responses=True)

    async def secrets(self) -> list[str]:
        """Both halves of all tokens."""
        async with self.reader() as reader:
            places = [place async for place in reader.scan_iter(match="musement:*:token")]
            tokens = [json.loads(await reader.hget(place, "token")) for place in places]
        return [token[half] for token in tokens for half in ("access_token", "refresh_token")]

    async def sessions(self) -> int:
        async with self.reader() as reader:
            return len([place async for place in reader.scan_iter(match="musement-app:{session:*")])


@pytest_asyncio.fixture
async def pair(start_redis: Any) -> Pair:
    master = start_redis()
    replica = start_redis("--replicaof", f"127.0.0.1 {master.port}")
    pair = Pair(master, replica, start_redis(sentinel_of=master.port))
    await pair.is_told("master_link_status", "up")
    with anyio.fail_after(60):
        async with redis.asyncio.Redis(port=pair.sentinel.port) as admin:
            while not await admin.sentinel_slaves("tokens"):  # noqa: ASYNC110 - the same
                await anyio.sleep(0.05)
    return pair


@pytest_asyncio.fixture
async def crowd(pair: Pair, tmp_path: Path) -> AsyncIterator[Crowd]:
    local = LocalMusement()
    with local.running() as base_url:
        environment = {
            **os.environ,
            "MUSEMENT_BASE_URL": base_url,
            "MUSEMENT_CLIENT_ID": local.client_id,
            "MUSEMENT_CLIENT_SECRET": local.client_secret,
            "MUSEMENT_APPLICATION": local.application,
            "STRESS_SENTINEL": str(pair.sentinel.port),
        }
        workers = [Worker(tmp_path, number, environment) for number in range(2)]
        try:
            async with anyio.create_task_group() as tasks:
                for worker in workers:
                    tasks.start_soon(worker.start)
            yield Crowd(local, workers)
        finally:
            for worker in workers:
                await worker.visitor.aclose()
                await worker.stop()


@pytest.mark.asyncio
async def test_no_session_is_crossed_or_lost_and_no_secret_is_logged(crowd: Crowd, pair: Pair) -> None:
    names = [f"customer-{number}@example.com" for number in range(CUSTOMERS)]
    async with crowd.local.client() as client:
        for name in names:
            await client.signup.begin(name)
    await all_of(names, crowd.log_in)
    memory: list[int] = []
    lasting, restarted = crowd.workers
    troubles = (pair.fail_over, restarted.restart, anyio.lowlevel.checkpoint)
    for trouble in troubles:
        crowd.local.expire_tokens()
        crowd.local.fail_next(20, status=503)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(all_of, names * 2, crowd.visit)
            tasks.start_soon(all_of, names[:60], crowd.guess)
            tasks.start_soon(trouble)
        memory.append(lasting.memory)
    assert crowd.local.count(status=503) >= len(troubles)
    assert crowd.local.logins("refresh_token") >= CUSTOMERS
    assert crowd.crossed == []
    assert crowd.statuses <= {200, 502}
    await all_of(names[::2], crowd.leave)
    crowd.local.expire_tokens()
    await all_of(names[1::2], crowd.return_to)
    assert crowd.local.reused_refresh_tokens == 0
    assert (lasting.starts, restarted.starts) == (1, 2)
    tokens = await pair.secrets()
    assert len(tokens) // 2 == await pair.sessions() == CUSTOMERS // 2
    assert memory[-1] - memory[0] < 20_000
    logs = "".join(worker.log.read_text("utf-8") for worker in crowd.workers)
    secrets = [crowd.local.password, crowd.local.client_secret, "wrong-secret", *crowd.sessions.values(), *tokens]
    assert [secret for secret in secrets if secret in logs] == []
    assert "Traceback" not in logs
