"""Two workers, 300 customers, and all that goes wrong with them."""

import os
import random
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import attrs
import httpx
import pytest
import pytest_asyncio
import redis.asyncio

from musement_async.testing import LocalMusement

pytestmark = pytest.mark.stress

FOLDER = Path(__file__).parent
CUSTOMERS, ROUNDS = 300, 4


@attrs.define
class Worker:
    """A uvicorn process, and a visitor of it."""

    process: "subprocess.Popen[bytes]"
    visitor: httpx.AsyncClient
    log: Path

    @property
    def memory(self) -> int:
        """Resident memory in KiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.split("VmRSS:")[1].split()[0])


@attrs.define
class Crowd:
    """The customers who visit both workers."""

    local: LocalMusement
    workers: list[Worker]
    sessions: dict[str, str] = attrs.field(factory=dict[str, str])
    crossed: list[str] = attrs.field(factory=list[str])
    statuses: set[int] = attrs.field(factory=set[int])
    chance: random.Random = attrs.field(factory=lambda: random.Random(20260101))

    def anywhere(self) -> httpx.AsyncClient:
        return self.chance.choice(self.workers).visitor

    async def log_in(self, name: str) -> None:
        while name not in self.sessions:
            body = {"username": name, "password": self.local.password}
            answer = await self.anywhere().post("/login", json=body)
            self.statuses.add(answer.status_code)
            if answer.status_code == 200:
                self.sessions[name] = answer.json()

    async def visit(self, name: str) -> None:
        shown = {"Authorization": f"Bearer {self.sessions[name]}"}
        with anyio.move_on_after(self.chance.choice([0.01, 60, 60])):
            answer = await self.anywhere().get("/me", headers=shown)
            self.statuses.add(answer.status_code)
            if answer.status_code == 200 and answer.json()["email"] != name:
                self.crossed.append(name)

    async def guess(self, name: str) -> None:
        body = {"username": name, "password": "wrong-secret"}
        answer = await self.anywhere().post("/login", json=body)
        assert answer.status_code in {401, 429, 502}

    async def leave(self, name: str) -> None:
        shown = {"Authorization": f"Bearer {self.sessions[name]}"}
        assert (await self.anywhere().post("/logout", headers=shown)).status_code == 200
        assert (await self.anywhere().get("/me", headers=shown)).status_code == 401


async def all_of(names: list[str], action: Any) -> None:
    limiter = anyio.CapacityLimiter(50)

    async def one(name: str) -> None:
        async with limiter:
            await action(name)

    async with anyio.create_task_group() as tasks:
        for name in names:
            tasks.start_soon(one, name)


@pytest_asyncio.fixture
async def prefix() -> str:
    return f"stress-{secrets.token_hex(8)}:"


@pytest_asyncio.fixture
async def crowd(redis_url: str, prefix: str, tmp_path: Path) -> AsyncIterator[Crowd]:
    local = LocalMusement()
    workers: list[Worker] = []
    with local.running() as base_url:
        environment = {
            **os.environ,
            "MUSEMENT_BASE_URL": base_url,
            "MUSEMENT_CLIENT_ID": local.client_id,
            "MUSEMENT_CLIENT_SECRET": local.client_secret,
            "MUSEMENT_APPLICATION": local.application,
            "MUSEMENT_REDIS_URL": redis_url,
            "STRESS_PREFIX": prefix,
        }
        try:
            for number in range(2):
                log, place = tmp_path / f"worker-{number}.log", str(tmp_path / f"{number}.sock")
                command = [sys.executable, "-m", "uvicorn", "--app-dir", str(FOLDER), "--uds", place, "stress_app:app"]
                with log.open("wb") as output:
                    process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)  # noqa: ASYNC220
                transport = httpx.AsyncHTTPTransport(uds=place)
                visitor = httpx.AsyncClient(transport=transport, base_url="http://app", timeout=60)
                workers.append(Worker(process, visitor, log))
            for worker in workers:
                with anyio.fail_after(60):
                    while b"startup complete" not in worker.log.read_bytes():  # noqa: ASYNC110 - another process
                        await anyio.sleep(0.05)
            yield Crowd(local, workers)
        finally:
            for worker in workers:
                await worker.visitor.aclose()
                worker.process.terminate()
                worker.process.wait()


@pytest.mark.asyncio
async def test_no_session_is_crossed_or_lost_and_no_secret_is_logged(crowd: Crowd, redis_url: str, prefix: str) -> None:
    names = [f"customer-{number}@example.com" for number in range(CUSTOMERS)]
    async with crowd.local.client() as client:
        for name in names:
            await client.signup.begin(name)
    await all_of(names, crowd.log_in)
    memory: list[int] = []
    for _ in range(ROUNDS):
        crowd.local.expire_tokens()
        crowd.local.fail_next(20, status=503)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(all_of, names * 2, crowd.visit)
            tasks.start_soon(all_of, names[:60], crowd.guess)
        memory.append(sum(worker.memory for worker in crowd.workers))
    assert crowd.local.count(status=503) >= ROUNDS
    assert crowd.local.logins("refresh_token") >= CUSTOMERS
    assert crowd.local.reused_refresh_tokens == 0
    assert crowd.crossed == []
    assert crowd.statuses <= {200, 502}
    await all_of(names[::2], crowd.leave)
    for name in names[1::2]:
        shown = {"Authorization": f"Bearer {crowd.sessions[name]}"}
        assert (await crowd.anywhere().get("/me", headers=shown)).json()["email"] == name
    async with redis.asyncio.Redis.from_url(redis_url) as reader:
        tokens = [key async for key in reader.scan_iter(match=f"{prefix}tokens:*:token")]
    assert len(tokens) == CUSTOMERS // 2
    assert memory[-1] - memory[1] < 20_000
    logs = "".join(worker.log.read_text("utf-8") for worker in crowd.workers)
    secrets_of_ours = [crowd.local.password, crowd.local.client_secret, "wrong-secret", *crowd.sessions.values()]
    assert [secret for secret in secrets_of_ours if secret in logs] == []
    assert "Traceback" not in logs
