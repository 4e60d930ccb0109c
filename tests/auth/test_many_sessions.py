"""Many customers on one pool: a fault of one neither delays nor fails the others."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import anyio.to_thread
import httpx
import pytest

from musement_async import (
    AuthenticationError,
    ClientClosedError,
    ClientCredentials,
    MemoryTokenStore,
    MusementAuth,
    MusementClient,
    MusementTransport,
    NetworkError,
    RequestTimeoutError,
    Token,
)

APPLICATION = ClientCredentials("local-client", "local-secret")
CITY = b'{"id": 2, "name": "Rome"}'
PAIR = b'{"access_token": "A2", "refresh_token": "R2", "expires_in": 3600}'
GOOD, DEAD = Token(access_token="good", refresh_token="R0"), Token(access_token="dead", refresh_token="R1")


@pytest.fixture(scope="module", params=["asyncio-httpcore", "asyncio-aiohttp", "trio-httpcore"])
def stack(request: pytest.FixtureRequest) -> str:
    """An event loop, and the library under the client."""
    stack: str = request.param
    return stack


@pytest.fixture(scope="module")
def anyio_backend(stack: str) -> str:
    return stack.partition("-")[0]


class Api:
    """Answers calls by their token. Logins wait until they are released; logins of strangers do not wait."""

    def __init__(self, raw_server: Any) -> None:
        self._arrived = threading.Semaphore(0)
        self._let_go = threading.Event()
        self._edge = raw_server
        self.login = PAIR
        self.server = raw_server(self._answer)

    def _answer(self, request: Any, handler: Any) -> None:
        if "/login" in request.path:
            self._arrived.release()
            self._let_go.wait(60)
            self._edge.reply(handler, 200, self.login)
        elif request.headers["authorization"] == "Bearer dead":
            self._edge.reply(handler, 401, b"{}")
        else:
            self._edge.reply(handler, 200, CITY)

    async def logins(self, number: int) -> None:
        """Wait until so many further logins have arrived."""
        for _ in range(number):
            assert await anyio.to_thread.run_sync(lambda: self._arrived.acquire(timeout=30))

    def let_logins_go(self) -> None:
        self._let_go.set()


@pytest.fixture
def api(raw_server: Any) -> Iterator[Api]:
    api = Api(raw_server)
    yield api
    api.let_logins_go()


@pytest.fixture
def open_musement(api: Api, stack: str) -> Callable[..., MusementClient]:
    """Opens a client of the API, whose own session is valid."""

    def open_musement(**options: Any) -> MusementClient:
        settings = {
            "credentials": APPLICATION,
            "token": GOOD,
            "base_url": api.server.base_url,
            "application": "local-application",
            "network": stack.partition("-")[2],
            "timeout": httpx.Timeout(30, pool=5),
            "retries": None,
        }
        return MusementClient(**{**settings, **options})

    return open_musement


@pytest.mark.anyio
async def test_calls_of_a_customer_whose_login_hangs_take_no_place_from_others(api: Api, open_musement: Any) -> None:
    async with open_musement(limits=httpx.Limits(max_connections=2)) as client:
        customer = client.with_token(DEAD)
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(customer.cities.get, 2)
            await api.logins(1)
            await anyio.wait_all_tasks_blocked()
            with anyio.fail_after(20):
                for _ in range(3):
                    assert (await client.cities.get(2)).name == "Rome"
            api.let_logins_go()
    assert len(api.server.logins) == 1


@pytest.mark.anyio
async def test_logins_that_hang_take_no_connection_from_calls(api: Api, open_musement: Any) -> None:
    async with open_musement(limits=httpx.Limits(max_connections=2)) as client, anyio.create_task_group() as group:
        for number in range(12):
            group.start_soon(client.as_customer(f"{number}@example.com", "password").cities.get, 2)
        await api.logins(4)  # the most at a time
        with anyio.fail_after(20):
            for _ in range(3):
                assert (await client.cities.get(2)).name == "Rome"
        assert len(api.server.logins) == 4
        api.let_logins_go()
    assert len(api.server.logins) == 12


@pytest.mark.anyio
async def test_a_login_goes_before_those_of_sessions_whose_last_one_failed(api: Api, open_musement: Any) -> None:
    api.login = b""
    async with open_musement() as client:
        failed = [client.as_customer(f"{number}@example.com", "password") for number in range(8)]
        api.let_logins_go()
        for customer in failed:
            with pytest.raises(Exception, match="the login's answer cannot be used"):
                await customer.cities.get(2)
        await api.logins(8)
        api._let_go.clear()
        api.login = PAIR
        async with anyio.create_task_group() as group:
            for customer in failed:
                group.start_soon(customer.cities.get, 2)
            await api.logins(4)
            await anyio.wait_all_tasks_blocked()
            group.start_soon(client.as_customer("new@example.com", "password").cities.get, 2)
            await anyio.wait_all_tasks_blocked()
            api.let_logins_go()
        # Requests that are admitted at the same time may arrive in any order.
        assert "new%40example.com" in " ".join(login.path for login in api.server.logins[12:16])


@pytest.mark.anyio
async def test_an_error_that_a_hanging_login_causes_names_the_login(api: Api, open_musement: Any) -> None:
    async with open_musement(login_timeout=1) as client:
        with pytest.raises(RequestTimeoutError) as caught:
            await client.as_customer("slow@example.com", "password").cities.get(2)
    message = "GET /cities/2: the login it waited for was not answered within login_timeout=1 s"
    assert str(caught.value) == message
    assert not caught.value.maybe_sent


@pytest.mark.anyio
async def test_a_deadline_that_ends_the_wait_for_a_login_says_so(api: Api, open_musement: Any) -> None:
    async with open_musement(login_timeout=30) as client:
        customer = client.as_customer("slow@example.com", "password").with_options(deadline=0.2)
        with pytest.raises(RequestTimeoutError, match=r"deadline of 0\.2 s; it was waiting for a login"):
            await customer.cities.get(2)
        api.let_logins_go()


@pytest.mark.anyio
async def test_a_login_that_cannot_connect_says_so(open_musement: Any) -> None:
    async with open_musement(token=None, base_url="http://127.0.0.1:9/api/v3") as client:
        with pytest.raises(NetworkError, match=r"^GET /cities/2: the login it waited for failed: "):
            await client.cities.get(2)


@pytest.mark.anyio
async def test_closing_ends_the_calls_that_wait_for_a_stores_lock(api: Api, open_musement: Any) -> None:
    store = MemoryTokenStore()
    client = open_musement(token_store=store)
    customer = client.as_customer("ann@example.com", "password")
    session = customer._auth._session
    ended: list[Exception] = []

    async def call() -> None:
        with pytest.raises(ClientClosedError) as caught:
            await customer.cities.get(2)
        ended.append(caught.value)

    async with session.exclusive():
        with anyio.fail_after(20):
            async with anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(call)
                await anyio.wait_all_tasks_blocked()
                await client.aclose()
    assert len(ended) == 3
    assert api.server.logins == []


@pytest.mark.anyio
async def test_a_second_closing_ends_with_the_first(api: Api, open_musement: Any) -> None:
    client = open_musement()
    customer = client.as_customer("ann@example.com", "password")
    order: list[str] = []

    async def call() -> None:
        with pytest.raises(ClientClosedError):
            await customer.cities.get(2)

    async def close(name: str) -> None:
        await client.aclose()
        order.append(name)

    async with anyio.create_task_group() as group:
        group.start_soon(call)
        await api.logins(1)
        group.start_soon(close, "closed")
        group.start_soon(close, "closed")
        await anyio.wait_all_tasks_blocked()
        order.append("answered")
        api.let_logins_go()
    assert order == ["answered", "closed", "closed"]
    assert customer.token is not None


@pytest.mark.anyio
async def test_after_closing_nothing_is_sent_and_nothing_is_open(api: Api, open_musement: Any) -> None:
    client = open_musement(limits=httpx.Limits(max_connections=20))
    ended = 0

    async def call() -> None:
        nonlocal ended
        with contextlib.suppress(ClientClosedError, NetworkError):
            for _ in range(10_000):
                await client.cities.get(2)
            pytest.fail("no call has failed")
        ended += 1

    async with anyio.create_task_group() as group:
        for _ in range(40):
            group.start_soon(call)
        for _ in range(20):  # some connections are being opened by then
            await anyio.lowlevel.checkpoint()
        await client.aclose()
        received = len(api.server.received)
        with anyio.fail_after(20):
            while ended < 40:  # noqa: ASYNC110 - the calls give no signal of their end
                await anyio.sleep(0.001)
    assert len(api.server.received) <= received + 20  # sent before, and read by the server afterwards


@pytest.mark.anyio
async def test_a_closed_client_of_a_customer_answers_no_more_by_any_way(open_musement: Any) -> None:
    async with open_musement() as client:
        customer = client.with_token(GOOD)
        http = customer.http
        view = customer.with_options(language="it")
        assert (await http.get("/cities/2")).status_code == 200
        await customer.aclose()
        for closed in (http, customer.http):
            with pytest.raises((ClientClosedError, RuntimeError), match="closed"):
                await closed.get("/cities/2")
        with pytest.raises(ClientClosedError):
            await view.cities.get(2)
        other = client.with_token(GOOD)
        await other.aclose()
        with pytest.raises(ClientClosedError):
            await other.http.get("/cities/2")
        assert (await client.cities.get(2)).name == "Rome"


@pytest.mark.anyio
async def test_one_session_on_two_clients_goes_on_when_one_is_closed(api: Api, stack: str) -> None:
    network: Any = stack.partition("-")[2]
    auth = MusementAuth(APPLICATION, base_url=api.server.base_url, application="local-application")

    def open_http() -> httpx.AsyncClient:
        transport = MusementTransport(network=network)
        return httpx.AsyncClient(base_url=api.server.base_url, auth=auth, transport=transport, timeout=30)

    async with open_http() as one, open_http() as other:
        statuses: list[int] = []

        async def call(http: httpx.AsyncClient) -> None:
            try:
                statuses.append((await http.get("/cities/2")).status_code)
            except ClientClosedError:
                statuses.append(0)

        async with anyio.create_task_group() as group:
            group.start_soon(call, one)
            await api.logins(1)
            group.start_soon(call, other)
            await anyio.wait_all_tasks_blocked()
            group.start_soon(one.aclose)
            await anyio.wait_all_tasks_blocked()
            api.let_logins_go()
        assert sorted(statuses) == [0, 200]
        assert (await other.get("/cities/2")).status_code == 200
    assert len(api.server.logins) == 1


@pytest.mark.anyio
async def test_a_refused_login_fails_only_its_own_customer(raw_server: Any, stack: str) -> None:
    def answer(request: Any, handler: Any) -> None:
        if "/login" in request.path:
            raw_server.reply(handler, 400, b'{"code": "0", "error": "invalid_grant"}')
        else:
            raw_server.reply(handler, 200, CITY)

    server = raw_server(answer)
    network: Any = stack.partition("-")[2]
    async with MusementClient(
        APPLICATION, token=GOOD, base_url=server.base_url, application="an-app", network=network
    ) as client:
        with pytest.raises(AuthenticationError, match="the login was refused"):
            await client.as_customer("ann@example.com", "wrong").cities.get(2)
        assert (await client.cities.get(2)).name == "Rome"
