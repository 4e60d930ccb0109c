"""Cancellations of callers at every moment, which sessions survive."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

import anyio
import httpx
import pytest

from musement_async import MusementClient, Token
from musement_async.transports.setup import Network

SLOW = 0.005
WINDOW = 0.010

Call = Callable[[], Coroutine[Any, Any, object]]
Moment = Callable[[], Awaitable[object]]
Cut = Callable[[Call, Moment], Coroutine[Any, Any, None]]


async def cut_by_scope(call: Call, moment: Moment) -> None:
    """Cancel with an anyio scope."""
    async with anyio.create_task_group() as group:
        group.start_soon(call)
        await moment()
        group.cancel_scope.cancel()


async def cut_by_task(call: Call, moment: Moment) -> None:
    """Cancel with ``Task.cancel()``."""
    task = asyncio.ensure_future(call())
    await moment()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled() or task.exception() is None


async def cut_often(client: Any, live: Any, cut: Cut, cuts: int) -> None:
    """Cancel renewals: one in three between the rotation and its answer, the others at random moments."""
    chance = random.Random(20260101)
    musement = live.musement
    await client.get("/cities/1")
    musement.respond_slowly(SLOW, path="/login", after=True)
    for number in range(cuts):
        musement.expire_tokens()
        others = chance.choice((0, 0, 2))
        if number % 3:
            await cut_all(client, cut, [partial(anyio.sleep, chance.uniform(0, WINDOW)) for _ in range(1 + others)])
        else:
            known, rotations = client.auth.token, musement.rotations
            with live.hold_login() as login:
                await cut_all(client, cut, [login.wait] * (1 + others))
                assert musement.rotations == rotations + 1
                assert client.auth.token is known
        assert (await client.get("/cities/1")).status_code == 200


async def cut_all(client: Any, cut: Cut, moments: list[Moment]) -> None:
    async with anyio.create_task_group() as group:
        for moment in moments:
            group.start_soon(cut, lambda: client.get("/cities/1"), moment)


@pytest.mark.anyio
@pytest.mark.parametrize("cuts", [30, pytest.param(1000, marks=pytest.mark.stress)])
async def test_no_cancellation_by_a_scope_loses_the_session(live: Any, anyio_backend_name: str, cuts: int) -> None:
    assert anyio_backend_name == ("asyncio" if _in_asyncio() else "trio")
    async with _client(live) as client:
        await cut_often(client.http, live, cut_by_scope, cuts)
    assert live.musement.logins("password") == 1
    assert live.musement.reused_refresh_tokens == 0


@pytest.mark.asyncio
@pytest.mark.parametrize("network", ["httpcore", "aiohttp"])
@pytest.mark.parametrize("cuts", [30, pytest.param(1000, marks=pytest.mark.stress)])
async def test_no_cancellation_of_a_task_loses_the_session(live: Any, network: Network, cuts: int) -> None:
    async with _client(live, network) as client:
        await cut_often(client.http, live, cut_by_task, cuts)
    assert live.musement.logins("password") == 1
    assert live.musement.reused_refresh_tokens == 0


@pytest.mark.anyio
@pytest.mark.parametrize("cuts", [12, pytest.param(100, marks=pytest.mark.stress)])
async def test_our_transport_alone_protects_the_session_as_well(open_protected: Any, live: Any, cuts: int) -> None:
    async with open_protected(base_url=live.base_url) as client:
        await cut_often(client, live, cut_by_scope, cuts)
    assert live.musement.logins("password") == 1
    assert live.musement.reused_refresh_tokens == 0


@pytest.mark.anyio
@pytest.mark.parametrize("cuts", [12, pytest.param(100, marks=pytest.mark.stress)])
async def test_without_our_transport_a_cut_refresh_token_is_never_used_again(
    open_bare: Any, live: Any, cuts: int
) -> None:
    async with open_bare(base_url=live.base_url) as client:
        await cut_often(client, live, cut_by_scope, cuts)
    assert live.musement.logins("password") > 1
    assert live.musement.reused_refresh_tokens == 0


class Gate(httpx.AsyncBaseTransport):
    """A transport that reports a login, and answers it when told to."""

    def __init__(self) -> None:
        self.login = anyio.Event()
        self.answer = anyio.Event()
        self.closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert not self.closed
        if not request.url.path.endswith("/login"):
            return httpx.Response(200)
        self.login.set()
        await self.answer.wait()
        return httpx.Response(200, json={"access_token": "A", "refresh_token": "R", "expires_in": 3600})

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.anyio
async def test_waiting_tasks_get_the_token_although_the_one_that_asked_first_is_cancelled(open_client: Any) -> None:
    gate = Gate()
    statuses: list[int] = []

    async def call() -> None:
        statuses.append((await client.get("/cities/1")).status_code)

    async def call_first() -> None:
        with first:
            await client.get("/cities/1")

    first = anyio.CancelScope()
    async with open_client(gate) as client, anyio.create_task_group() as group:
        group.start_soon(call_first)
        await gate.login.wait()
        group.start_soon(call)
        group.start_soon(call)
        await anyio.wait_all_tasks_blocked()
        first.cancel()
        gate.answer.set()
    assert first.cancelled_caught
    assert statuses == [200, 200]


@pytest.mark.anyio
async def test_a_call_cancelled_while_it_waits_for_the_lock_leaves_it_free(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url) as client:
        session = client.auth._session
        async with session.exclusive():
            with anyio.move_on_after(0.01) as scope:
                await client.get("/cities/1")
            assert scope.cancelled_caught
        with anyio.fail_after(100):
            assert (await client.get("/cities/1")).status_code == 200


@pytest.mark.anyio
async def test_closing_the_client_waits_for_the_login_in_flight_and_leaves_nothing_running(open_protected: Any) -> None:
    before = _running_tasks()
    gate = Gate()
    client = open_protected(gate)
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as group:
            group.start_soon(client.get, "/cities/1")
            await gate.login.wait()
            scope.cancel()
    async with anyio.create_task_group() as group:
        group.start_soon(client.aclose)
        await anyio.wait_all_tasks_blocked()
        assert not gate.closed
        gate.answer.set()
    assert client.auth.token is not None
    assert gate.closed
    assert _running_tasks() == before


@pytest.mark.anyio
async def test_closing_waits_for_the_login_even_inside_a_cancelled_scope(open_protected: Any) -> None:
    gate = Gate()
    client = open_protected(gate)

    async def use_and_close() -> None:
        with scope:
            async with client:
                await client.get("/cities/1")

    scope = anyio.CancelScope()
    async with anyio.create_task_group() as group:
        group.start_soon(use_and_close)
        await gate.login.wait()
        scope.cancel()
        await anyio.wait_all_tasks_blocked()
        assert not gate.closed
        gate.answer.set()
    assert client.auth.token is not None
    assert gate.closed


@pytest.mark.asyncio
async def test_closing_is_finished_although_the_task_that_closes_is_cancelled(open_protected: Any) -> None:
    gate = Gate()
    client = open_protected(gate)
    call = asyncio.ensure_future(client.get("/cities/1"))
    await gate.login.wait()
    call.cancel()
    await asyncio.wait([call])
    closing = asyncio.ensure_future(client.aclose())
    await anyio.wait_all_tasks_blocked()
    closing.cancel()
    await asyncio.wait([closing])
    assert closing.cancelled()
    assert not gate.closed
    gate.answer.set()
    with anyio.fail_after(100):
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
    assert client.auth.token is not None
    assert gate.closed


@pytest.mark.anyio
async def test_a_flow_closed_by_another_task_does_not_hold_up_the_next_request(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url) as client:
        flow = client.auth.async_auth_flow(client.build_request("GET", "/cities/1"))
        login = await anext(flow)
        assert login.url.path == "/api/v3/login"
        async with anyio.create_task_group() as group:
            group.start_soon(flow.aclose)
        with anyio.fail_after(100):
            assert (await client.get("/cities/1")).status_code == 200


@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore:Async generator .* was garbage collected:ResourceWarning")
async def test_a_flow_dropped_unfinished_does_not_hold_up_the_next_request(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url) as client:
        flow = client.auth.async_auth_flow(client.build_request("GET", "/cities/1"))
        await anext(flow)
        del flow
        with anyio.fail_after(100):
            assert (await client.get("/cities/1")).status_code == 200


@pytest.mark.anyio
async def test_a_flow_that_is_never_resumed_holds_others_up_for_a_bounded_time(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url, login_timeout=0.2) as client:
        flow = client.auth.async_auth_flow(client.build_request("GET", "/cities/1"))
        await anext(flow)
        client.auth._session.config.login_timeout = 30  # for the login that follows
        with anyio.fail_after(100):
            assert (await client.get("/cities/1")).status_code == 200
        await flow.aclose()


@pytest.mark.anyio
async def test_an_error_thrown_into_a_flow_comes_out_of_it(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url) as client:
        flow = client.auth.async_auth_flow(client.build_request("GET", "/cities/1"))
        await anext(flow)
        with pytest.raises(LookupError):
            await flow.athrow(LookupError())


@pytest.mark.anyio
@pytest.mark.parametrize("lost", ["noticed", "waited for"])
async def test_a_renewal_whose_event_loop_is_gone_is_replaced(open_client: Any, live: Any, lost: str) -> None:
    async with open_client(base_url=live.base_url) as client:
        session = client.auth._session
        session._renewal = _Dead(is_lost=lost == "noticed")
        with anyio.fail_after(100):
            assert (await client.get("/cities/1")).status_code == 200


class _Dead:
    token = error = None

    def __init__(self, *, is_lost: bool = False) -> None:
        self._is_lost = is_lost

    def is_lost(self) -> bool:
        return self._is_lost

    def replaces_refused(self, token: Token) -> bool:
        return True

    async def wait(self) -> bool:
        return False

    def check(self, request: httpx.Request) -> None:
        pass


class Silent(httpx.AsyncBaseTransport):
    """A transport that never answers, and ignores timeouts."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError(request)


@pytest.mark.anyio
async def test_a_login_that_is_never_answered_is_given_up_in_time(open_protected: Any) -> None:
    async with open_protected(Silent(), login_timeout=0.01) as client:
        with pytest.raises(
            httpx.ReadTimeout, match=r"the login it waited for was not answered within login_timeout=0\.01 s"
        ):
            await client.get("/cities/1")


@pytest.mark.anyio
async def test_a_renewal_given_up_does_not_disturb_the_one_that_replaced_it(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url) as client:
        session = client.auth._session
        session._renewal = current = _Dead()
        session.finish(_Dead())
        assert session._renewal is current


def _client(live: Any, network: Network = "httpcore") -> MusementClient:
    return MusementClient(
        live.musement.customer, base_url=live.base_url, application="local-application", network=network
    )


def _in_asyncio() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _running_tasks() -> int:
    if _in_asyncio():
        return len(asyncio.all_tasks())
    import trio

    return trio.lowlevel.current_statistics().tasks_living
