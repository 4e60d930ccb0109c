"""The cost of one call."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import attrs
import httpx

from benchmarks.network import MemoryTransport, loopback_server
from benchmarks.report import Findings
from benchmarks.timing import Call, Case, Measured, at_once, compare, in_a_row
from musement_async import ClientCredentials, MusementAuth, MusementClient, Token
from musement_async.testing import LocalMusement

PREFIX = "/api/v3"
CITY = 2
CONNECTIONS = 20
AUTH_TARGET = 1.05
TYPED_TARGET = 1.3

_STATIC = "httpx.AsyncClient, static header"
_CREDENTIALS = ClientCredentials("benchmark", "secret")
_TOKEN = Token(access_token="a" * 86, refresh_token="r" * 86, expires_in=3600)

Repeat = Callable[[Call], Measured]


@attrs.frozen
class Clients:
    """Three clients that send the same headers over networks of one kind."""

    static: httpx.AsyncClient
    auth: httpx.AsyncClient
    ours: MusementClient


async def measure(*, quick: bool) -> list[Findings]:
    """Calls of a city and of an activity in memory, and of the city over sockets."""
    local = LocalMusement()
    activity = local.activity_uuids()[0]
    city_path, activity_path = f"/cities/{CITY}", f"/activities/{activity}"
    async with local.client() as client:
        city_body = (await client.http.get(city_path)).content
        activity_body = (await client.http.get(activity_path)).content
    bodies = {PREFIX + city_path: city_body, PREFIX + activity_path: activity_body}
    in_a_row_, all_at_once = partial(in_a_row, times=25), partial(at_once, times=CONNECTIONS)

    def rounds(number: int) -> int:
        return 4 if quick else number

    async with _clients(f"http://127.0.0.1{PREFIX}", partial(MemoryTransport, bodies)) as clients:
        cases = _city_cases(clients, city_path, in_a_row_, AUTH_TARGET, TYPED_TARGET)
        city = await compare(f"A city of {len(city_body)} bytes, in memory", cases, rounds=rounds(200))
        cases = _activity_cases(clients, activity_path, activity, in_a_row_)
        larger = await compare(f"An activity of {len(activity_body)} bytes, in memory", cases, rounds=rounds(150))
    async with loopback_server(bodies) as origin, _clients(origin + PREFIX, _sockets) as clients:
        cases = _city_cases(clients, city_path, in_a_row_)
        single = await compare("The city over a loopback socket", cases, rounds=rounds(200))
        cases = _city_cases(clients, city_path, all_at_once)
        many = await compare(f"The same, {CONNECTIONS} calls at once", cases, rounds=rounds(50))
    return [city, larger, single, many]


def _city_cases(
    clients: Clients, path: str, repeat: Repeat, auth_target: float | None = None, typed_target: float | None = None
) -> list[Case]:
    return [
        Case(_STATIC, repeat(lambda: clients.static.get(path))),
        Case("httpx.AsyncClient, MusementAuth", repeat(lambda: clients.auth.get(path)), _STATIC, auth_target),
        Case("MusementClient.http", repeat(lambda: clients.ours.http.get(path)), _STATIC, auth_target),
        Case("client.cities.get", repeat(lambda: clients.ours.cities.get(CITY)), _STATIC, typed_target),
    ]


def _activity_cases(clients: Clients, path: str, activity: str, repeat: Repeat) -> list[Case]:
    async def get_json() -> object:
        return (await clients.static.get(path)).json()

    as_json = f"{_STATIC}, response.json()"
    typed = repeat(lambda: clients.ours.activities.get(activity))
    return [
        Case(_STATIC, repeat(lambda: clients.static.get(path))),
        Case(as_json, repeat(get_json), _STATIC),
        Case("client.activities.get", typed, _STATIC, TYPED_TARGET),
        Case("client.activities.get, against response.json()", typed, as_json),
    ]


def _sockets() -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    return httpx.AsyncHTTPTransport(limits=limits)


@asynccontextmanager
async def _clients(base_url: str, network: Callable[[], httpx.AsyncBaseTransport]) -> AsyncGenerator[Clients, None]:
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(
            MusementClient(_CREDENTIALS, token=_TOKEN, base_url=base_url, application="app", transport=network())
        )
        headers = {**ours.http.headers, "X-Musement-Application": "app"}
        auth = MusementAuth(_CREDENTIALS, token=_TOKEN, base_url=base_url)
        bearer = {"Authorization": f"Bearer {_TOKEN.access_token}"}

        async def plain(auth: httpx.Auth | None, headers: dict[str, str]) -> httpx.AsyncClient:
            client = httpx.AsyncClient(
                base_url=base_url, auth=auth, headers=headers, timeout=ours.http.timeout, transport=network()
            )
            return await stack.enter_async_context(client)

        yield Clients(static=await plain(None, headers | bearer), auth=await plain(auth, headers), ours=ours)
