"""The event loop and the process of a client's first use, which the client is bound to."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import pytest
import trio

from musement_async import (
    ClientCredentials,
    MusementAuth,
    MusementClient,
    MusementTransport,
    Token,
    WrongLoopError,
)
from musement_async.testing import LocalMusement

RUNS: dict[str, Callable[[Callable[[], Awaitable[None]]], None]] = {
    "asyncio": lambda work: anyio.run(work, backend="asyncio"),
    "trio": lambda work: anyio.run(work, backend="trio"),
}
BASE_URL = "http://127.0.0.1/api/v3"


def city(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"id": 2})


@pytest.fixture
def client() -> MusementClient:
    return MusementClient(token=Token(access_token="A"), base_url=BASE_URL, transport=httpx.MockTransport(city))


@pytest.mark.parametrize("second", RUNS)
@pytest.mark.parametrize("first", RUNS)
def test_a_client_refuses_another_event_loop(client: MusementClient, first: str, second: str) -> None:
    async def use() -> None:
        await client.cities.get(2)

    async def use_again() -> None:
        with pytest.raises(WrongLoopError, match="belongs to another event loop"):
            await client.cities.get(2)
        with pytest.raises(WrongLoopError):
            await client.http.get("/cities/2")
        with pytest.raises(WrongLoopError):
            await client.with_options(language="it-IT").cities.get(2)
        with pytest.raises(WrongLoopError):
            await client.aclose()

    RUNS[first](use)
    RUNS[second](use_again)


def test_a_client_may_be_made_outside_its_event_loop(client: MusementClient) -> None:
    async def use() -> None:
        async with client:
            await client.cities.get(2)

    anyio.run(use)


def test_a_closed_client_may_be_closed_again_anywhere(client: MusementClient) -> None:
    anyio.run(client.aclose)
    anyio.run(client.aclose)


def test_the_transport_alone_refuses_another_event_loop_too() -> None:
    transport = MusementTransport(httpx.MockTransport(city))
    http = httpx.AsyncClient(transport=transport)

    async def use() -> None:
        await http.get("http://127.0.0.1")

    async def use_again() -> None:
        with pytest.raises(WrongLoopError):
            await http.get("http://127.0.0.1")
        with pytest.raises(WrongLoopError):
            await transport.aclose()

    anyio.run(use)
    anyio.run(use_again)


def test_a_login_at_work_in_another_event_loop_is_not_waited_for() -> None:
    auth = MusementAuth(ClientCredentials("id", "secret"), base_url=BASE_URL)

    def client_of(answer: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=BASE_URL, auth=auth, transport=httpx.MockTransport(answer))

    loop = asyncio.new_event_loop()

    async def hang(_: httpx.Request) -> httpx.Response:
        waiting.set()
        await anyio.sleep_forever()
        raise AssertionError

    async def begin() -> "asyncio.Task[httpx.Response]":
        task = asyncio.ensure_future(client_of(hang).get("/cities/2"))
        await waiting.wait()
        return task

    async def use() -> None:
        with anyio.fail_after(5), pytest.raises(WrongLoopError, match="in use in another event loop"):
            await client_of(city).get("/cities/2")

    waiting = asyncio.Event()
    try:
        task = loop.run_until_complete(begin())
        anyio.run(use, backend="trio")
        task.cancel()
        loop.run_until_complete(asyncio.wait([task]))
        for rest in asyncio.all_tasks(loop):
            rest.cancel()
            loop.run_until_complete(asyncio.wait([rest]))
    finally:
        loop.close()


FORKED = """
import asyncio, os, sys
from musement_async import WrongLoopError
from musement_async.testing import LocalMusement

client = LocalMusement().client()

async def use():
    await client.cities.get(2)

asyncio.run(use())
child = os.fork()
if child:
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status))
try:
    asyncio.run(use())
except WrongLoopError as error:
    os._exit(7 if "before a fork" in str(error) else 1)
os._exit(2)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_client_refuses_to_go_on_after_a_fork() -> None:
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=False, timeout=50)
    assert (done.returncode, done.stderr) == (7, "")


def test_each_event_loop_may_have_a_client_of_its_own() -> None:
    local = LocalMusement()

    async def use() -> None:
        async with local.client() as client:
            assert (await client.cities.get(2)).name == "Rome"

    for _ in range(2):
        asyncio.run(use())
        trio.run(use)


def test_a_fork_is_noticed_by_the_number_of_the_process(
    client: MusementClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use() -> None:
        await client.cities.get(2)
        monkeypatch.setattr("musement_async.transports.loop.os.getpid", lambda: -1)
        with pytest.raises(WrongLoopError, match="before a fork"):
            await client.cities.get(2)

    anyio.run(use)


def test_a_renewal_is_lost_when_its_event_loop_was_closed() -> None:
    auth = MusementAuth(ClientCredentials("id", "secret"), base_url=BASE_URL)

    async def begin() -> Any:
        return auth._session.renew(None, httpx.Request("GET", BASE_URL), 0)[0]

    renewal = asyncio.run(begin())

    async def look() -> None:
        assert renewal.is_lost()

    asyncio.run(look())
