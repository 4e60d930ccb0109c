"""Deadlines of calls, whatever happens during a call."""

from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from musement_async import ArgumentError, ClientCredentials, MusementClient, RequestTimeoutError, Retries
from musement_async.testing import LocalMusement

Scripted = Callable[..., tuple[Any, Any]]


@pytest.mark.anyio
async def test_a_call_that_takes_too_long_ends_with_an_error_that_says_so(scripted: Scripted, hanging: Any) -> None:
    client, _ = scripted(hanging, deadline=0.05)
    with pytest.raises(
        RequestTimeoutError, match=r"^GET /cities/2: not done within the deadline of 0\.05 s$"
    ) as raised:
        await client.cities.get(2)
    assert (raised.value.method, raised.value.path, raised.value.maybe_sent) == ("GET", "/cities/2", True)


@pytest.mark.anyio
async def test_the_deadline_is_an_option_of_a_view(scripted: Scripted, hanging: Any) -> None:
    client, _ = scripted(hanging, 200)
    with pytest.raises(RequestTimeoutError):
        await client.with_options(deadline=0.05).cities.get(2)
    assert (await client.with_options(deadline=None).cities.get(2)).name == "Rome"


@pytest.mark.anyio
async def test_the_deadline_holds_across_retries(scripted: Scripted, hanging: Any) -> None:
    client, script = scripted(503, hanging, deadline=1, retries=Retries(initial_backoff=0))
    with pytest.raises(RequestTimeoutError, match=r"within the deadline of 1 s, in 2 attempts$"):
        await client.cities.get(2)
    assert len(script.requests) == 2


@pytest.mark.anyio
async def test_the_deadline_holds_across_a_login_which_goes_on_and_is_kept(
    scripted: Scripted,
) -> None:
    asked, go = anyio.Event(), anyio.Event()

    async def log_in(request: httpx.Request) -> int:
        asked.set()
        await go.wait()
        return 200

    client, script = scripted(log_in, 200, token=None, credentials=ClientCredentials("id", "secret"), deadline=0.05)
    script.answers[0] = log_in
    with pytest.raises(RequestTimeoutError) as raised:
        await client.cities.get(2)
    assert asked.is_set()
    assert raised.value.maybe_sent is False
    assert [request.url.path for request in script.requests] == ["/api/v3/login"]


@pytest.mark.anyio
async def test_a_login_that_a_deadline_cut_off_serves_the_next_call() -> None:
    local = LocalMusement()
    async with local.client(local.customer) as client:
        await client.cities.get(2)
        local.expire_tokens()
        local.respond_slowly(0.1, path="/login", after=True)
        with pytest.raises(RequestTimeoutError):
            await client.with_options(deadline=0.02).cities.get(2)
        assert (await client.cities.get(2)).name == "Rome"
        assert (local.rotations, local.reused_refresh_tokens) == (1, 0)


@pytest.mark.anyio
async def test_the_deadline_counts_the_wait_in_the_queue(scripted: Scripted, hanging: Any) -> None:
    client, script = scripted(hanging)
    late: list[RequestTimeoutError] = []

    async def ask(deadline: float | None) -> None:
        try:
            await client.with_options(deadline=deadline).cities.get(2)
        except RequestTimeoutError as error:
            late.append(error)

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(ask, None)
        await anyio.wait_all_tasks_blocked()
        await ask(0.05)
        group.cancel_scope.cancel()
    assert len(script.requests) == 20
    assert [error.maybe_sent for error in late] == [False]


@pytest.mark.anyio
async def test_the_deadline_of_somebody_else_is_left_to_them(scripted: Scripted, hanging: Any) -> None:
    client, _ = scripted(hanging, deadline=30)
    with pytest.raises(TimeoutError):
        with anyio.fail_after(0.05):
            await client.cities.get(2)


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "5", True])
def test_a_deadline_that_cannot_be_is_refused_by_name(value: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^deadline: must be a positive number of seconds, or None"):
        MusementClient(ClientCredentials("id", "secret"), deadline=value)
