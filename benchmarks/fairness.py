"""The delay of one customer's calls while another customer's login hangs."""

from statistics import quantiles
from time import perf_counter

import anyio
import httpx

from benchmarks.report import Findings
from benchmarks.serving import server_process
from benchmarks.timing import Ratio, interleave
from musement_async import ClientCredentials, MusementClient, Token
from musement_async.transports.setup import Network

PATH = "/api/v3/cities/2"
BODY = b'{"id": 2, "name": "Rome"}'
TARGET = 1.5
CONNECTIONS = 20
NETWORKS: tuple[Network, ...] = ("httpcore", "aiohttp")
WAITING = 40

_GOOD = Token(access_token="a" * 86, refresh_token="r" * 86, expires_in=3600)


async def measure(*, quick: bool) -> list[Findings]:
    """The 99th percentile of a call while forty calls of another customer wait for a login, against quiet."""
    calls, rounds = (100, 2) if quick else (1000, 7)
    rows: list[tuple[object, ...]] = []
    with server_process({PATH: BODY}) as origin:
        for network in NETWORKS:

            async def quiet(network: Network = network) -> float:
                return await _percentile(origin, network, calls, waiting=0)

            async def disturbed(network: Network = network) -> float:
                return await _percentile(origin, network, calls, waiting=WAITING)

            taken = await interleave({"quiet": quiet, "disturbed": disturbed}, rounds=rounds)
            ratio = Ratio.of(taken["disturbed"], taken["quiet"])
            rows.append((f"another customer's login hangs, {network}", ratio, ratio.verdict(TARGET)))
    return [Findings("99th percentile of a call, against quiet", ("", "times", "target"), rows)]


async def _percentile(origin: str, network: Network, calls: int, *, waiting: int) -> float:
    seconds: list[float] = []
    async with MusementClient(
        ClientCredentials("id", "secret"),
        token=_GOOD,
        base_url=f"{origin}/api/v3",
        application="app",
        limits=httpx.Limits(max_connections=CONNECTIONS),
        login_timeout=2,  # how long closing waits for the login that hangs
        network=network,
    ) as client:
        customer = client.as_customer("ann@example.com", "password")

        async def call(number: int) -> None:
            for _ in range(number):
                started = perf_counter()
                await client.cities.get(2)
                seconds.append(perf_counter() - started)

        await client.cities.get(2)
        async with anyio.create_task_group() as others:
            for _ in range(waiting):
                others.start_soon(customer.cities.get, 2)
            async with anyio.create_task_group() as group:
                for _ in range(4):
                    group.start_soon(call, calls // 4)
            others.cancel_scope.cancel()
    return quantiles(seconds, n=100)[98]
