"""Redis with a failover, with a Sentinel, or as a cluster."""

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis.asyncio
from redis.asyncio.sentinel import Sentinel

from musement_async import Token, TokenStoreError
from musement_async.stores import redis as module
from musement_async.stores.redis import RedisTokenStore

pytestmark = pytest.mark.asyncio

KEYS = ["a" * 64, "b" * 64, "c" * 64, "d" * 64]
TOKEN = Token(access_token="A1", refresh_token="R1", expires_in=3600)
NEWER = Token(access_token="A2", refresh_token="R2", expires_in=3600)
MANY_SECONDS = 60.0


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when a store has used a server that is no longer the master."""
    event, disconnect = asyncio.Event(), module._disconnect

    async def tell(client: Any) -> None:
        event.set()
        await disconnect(client)

    monkeypatch.setattr(module, "_disconnect", tell)
    return event


def connect(port: int) -> Any:
    """A client for commands without types."""
    return redis.asyncio.Redis(port=port, decode_responses=True)


async def use(store: RedisTokenStore, key: str) -> None:
    async with store.exclusive(key):
        await store.save(key, TOKEN)
    assert await store.load(key) == TOKEN
    await store.delete(key)
    assert await store.load(key) is None


async def test_a_rotated_token_is_saved_although_the_server_is_read_only_for_a_while(
    start_redis: Any, refused: asyncio.Event
) -> None:
    server = start_redis()
    async with RedisTokenStore(server.url, timeout=MANY_SECONDS) as store, connect(server.port) as admin:
        async with store.exclusive(KEYS[0]):
            await admin.execute_command("REPLICAOF", "127.0.0.1", "1")
            saving = asyncio.create_task(store.save(KEYS[0], NEWER))
            await refused.wait()
            await admin.execute_command("REPLICAOF", "NO", "ONE")
            await saving
        assert await store.load(KEYS[0]) == NEWER


async def test_a_server_that_stays_read_only_is_an_error_in_bounded_time(start_redis: Any) -> None:
    server = start_redis()
    async with RedisTokenStore(server.url, timeout=2) as store, connect(server.port) as admin:
        await admin.execute_command("REPLICAOF", "127.0.0.1", "1")
        with pytest.raises(TokenStoreError, match=r"did not answer within 2 s: ReadOnlyError"):
            await store.save(KEYS[0], TOKEN)


async def test_a_timeout_that_a_command_has_swallowed_ends_the_next_one(
    start_redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    swallowed = 0

    async def swallow(*_: object) -> None:
        nonlocal swallowed
        try:
            await asyncio.sleep(MANY_SECONDS)
        except asyncio.CancelledError:
            if swallowed == 1:
                raise
            swallowed += 1
            raise redis.exceptions.ReadOnlyError("too late") from None

    async with RedisTokenStore(start_redis().url, timeout=0.1) as store:
        monkeypatch.setattr(store._in_loop().redis, "eval", swallow)
        with pytest.raises(TokenStoreError, match=r"did not answer within 0\.1 s: ReadOnlyError"):
            await store.save(KEYS[0], TOKEN)
    assert swallowed == 1


REFUSALS = {
    "Redis 5": "-ERR Error running script (call to f_0): @user_script:12: @user_script: 12: "
    "-READONLY You can't write against a read only replica.",
    "Redis 7": "-READONLY You can't write against a read only replica. script: 0, on @user_script:12.",
    "cluster": "-CLUSTERDOWN The cluster is down",
    "replica": "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
}


@asynccontextmanager
async def scripted_server(answer: Callable[[int], str]) -> AsyncIterator[str]:
    """A server that answers the scripts of each connection, by its number, and other commands with OK."""
    visits: list[asyncio.Task[None] | None] = []

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(asyncio.current_task())
        number = len(visits)
        while (head := await reader.readline()).startswith(b"*"):
            words = []
            for _ in range(int(head[1:])):
                length = int((await reader.readline())[1:])
                words.append((await reader.readexactly(length + 2))[:-2])
            said = {b"EVAL": answer(number), b"HELLO": "-ERR unknown command"}.get(words[0].upper(), "+OK")
            writer.write(f"{said}\r\n".encode())
        writer.close()

    server = await asyncio.start_server(visit, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}?protocol=2"
        for task in visits:
            if task is not None:
                await task


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_the_store_continues_once_there_is_a_master_whatever_the_error_text(refusal: str) -> None:
    answers = iter([refusal])
    async with (
        scripted_server(lambda _: next(answers, ":1")) as url,
        RedisTokenStore(url, timeout=MANY_SECONDS) as store,
    ):
        await store.save(KEYS[0], TOKEN)


@pytest.mark.parametrize("version", ["Redis 5", "Redis 7"])
async def test_connections_to_a_server_that_is_not_the_master_any_more_are_dropped(version: str) -> None:
    async with (
        scripted_server(lambda number: REFUSALS[version] if number == 1 else ":1") as url,
        RedisTokenStore(url, timeout=MANY_SECONDS) as store,
    ):
        await store.save(KEYS[0], TOKEN)


@asynccontextmanager
async def master_of(sentinel: Any) -> AsyncIterator[redis.asyncio.Redis]:
    make: Any = Sentinel
    found = make([("127.0.0.1", sentinel.port)])
    async with found.master_for("tokens") as client:
        yield client
    for each in found.sentinels:
        await each.aclose()


async def test_the_client_of_a_sentinel_can_be_given(start_redis: Any) -> None:
    server = start_redis()
    async with master_of(start_redis(sentinel_of=server.port)) as client, RedisTokenStore(client) as store:
        await use(store, KEYS[0])


@pytest.mark.stress
async def test_a_sentinel_that_fails_over_in_the_middle_of_a_renewal_costs_no_rotated_token(start_redis: Any) -> None:
    master = start_redis()
    replica = start_redis("--replicaof", f"127.0.0.1 {master.port}")
    await until(lambda: is_replica(replica.port))
    sentinel = start_redis(sentinel_of=master.port)
    async with (
        connect(sentinel.port) as admin,
        master_of(sentinel) as client,
        RedisTokenStore(client, timeout=MANY_SECONDS, lease=MANY_SECONDS) as store,
    ):
        await until(lambda: knows_replica(admin))
        await use(store, KEYS[0])
        async with store.exclusive(KEYS[0]):
            await asyncio.to_thread(master.kill)
            await store.save(KEYS[0], NEWER)
        assert await store.load(KEYS[0]) == NEWER


async def is_replica(port: int) -> bool:
    async with connect(port) as admin:
        info = await admin.info("replication")
    return bool(info["master_link_status"] == "up")


async def knows_replica(admin: Any) -> bool:
    return bool(await admin.sentinel_slaves("tokens"))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(MANY_SECONDS):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


def start_node(start_redis: Any) -> Any:
    return start_redis("--cluster-enabled", "yes", "--cluster-port", str(free_port()))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


async def is_cluster(port: int) -> bool:
    async with connect(port) as admin:
        info: Any = await admin.execute_command("CLUSTER", "INFO")
    return "cluster_state:ok" in str(info)


async def test_the_client_of_a_cluster_can_be_given(start_redis: Any) -> None:
    node = start_node(start_redis)
    async with connect(node.port) as admin:
        await admin.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    await until(lambda: is_cluster(node.port))
    async with (
        redis.asyncio.RedisCluster(host="127.0.0.1", port=node.port) as client,
        RedisTokenStore(client, timeout=MANY_SECONDS) as store,
    ):
        for key in KEYS:
            await use(store, key)


@pytest.mark.stress
async def test_sessions_are_spread_over_a_cluster_of_three_and_wait_for_a_node_that_restarts(start_redis: Any) -> None:
    nodes = [start_node(start_redis) for _ in range(3)]
    addresses = [f"127.0.0.1:{node.port}" for node in nodes]
    command = ["redis-cli", "--cluster", "create", *addresses, "--cluster-yes"]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
    for node in nodes:
        await until(lambda port=node.port: is_cluster(port))  # type: ignore[misc]
    async with (
        redis.asyncio.RedisCluster(host="127.0.0.1", port=nodes[0].port) as client,
        RedisTokenStore(client, timeout=MANY_SECONDS) as store,
    ):
        for key in KEYS:
            await use(store, key)
            await store.save(key, TOKEN)
        await asyncio.to_thread(nodes[0].kill)
        async with asyncio.TaskGroup() as group:
            for key in KEYS:
                group.create_task(store.save(key, NEWER))
            await asyncio.to_thread(nodes[0].start)
        for key in KEYS:
            assert await store.load(key) == NEWER


@pytest.mark.asyncio
async def test_a_client_without_its_own_pool_finds_the_master_itself() -> None:
    await module._disconnect(object())
