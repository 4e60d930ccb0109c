"""Retries: the calls that are retried, the pauses, and the number of attempts."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from musement_async import (
    APIError,
    ArgumentError,
    BadRequestError,
    ClientCredentials,
    DecodeError,
    MusementError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    RequestTimeoutError,
    Retries,
    ServerError,
)
from musement_async.testing import LocalMusement

Scripted = Callable[..., tuple[Any, Any]]
LOST = httpx.ReadError("broke off")
UNREACHABLE = httpx.ConnectError("nobody there")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "failure",
    [429, 502, 503, 504, UNREACHABLE, LOST, httpx.ReadTimeout("late"), httpx.RemoteProtocolError("nonsense")],
    ids=str,
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_what_may_be_done_twice_is_made_again(scripted: Scripted, method: str, failure: Any) -> None:
    client, script = scripted(failure, failure, 200)
    await client.request(method, "/cities/2")
    assert len(script.requests) == 3


@pytest.mark.anyio
@pytest.mark.parametrize("failure", [429, UNREACHABLE, httpx.ConnectTimeout("late")], ids=str)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_what_must_not_be_done_twice_is_made_again_if_it_was_not_done(
    scripted: Scripted, method: str, failure: Any
) -> None:
    client, script = scripted(failure, 200)
    await client.request(method, "/carts", json={"a": 1})
    assert [await request.aread() for request in script.requests] == [b'{"a":1}', b'{"a":1}']


@pytest.mark.anyio
@pytest.mark.parametrize("failure", [502, 503, 504, LOST, httpx.ReadTimeout("late")], ids=str)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_what_must_not_be_done_twice_and_may_have_been_done_is_left_alone(
    scripted: Scripted, method: str, failure: Any
) -> None:
    client, script = scripted(failure, 200)
    with pytest.raises(MusementError):
        await client.request(method, "/carts")
    assert len(script.requests) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 500, 501])
async def test_an_answer_that_will_not_change_is_not_asked_for_again(scripted: Scripted, status: int) -> None:
    client, script = scripted(status, 200)
    with pytest.raises(APIError):
        await client.cities.get(2)
    assert len(script.requests) == 1


@pytest.mark.anyio
async def test_an_answer_that_cannot_be_read_is_not_asked_for_again(scripted: Scripted) -> None:
    client, script = scripted(httpx.DecodingError("no gzip"), 200)
    with pytest.raises(DecodeError):
        await client.cities.get(2)
    assert len(script.requests) == 1


@pytest.mark.anyio
@pytest.mark.parametrize(("retries", "attempts"), [(None, 1), (0, 1), (1, 2), (4, 5), (Retries(times=3), 4)])
async def test_how_often_is_an_option_of_the_client_and_of_a_view(
    scripted: Scripted, retries: Any, attempts: int
) -> None:
    client, script = scripted(503, retries=retries)
    with pytest.raises(ServerError):
        await client.cities.get(2)
    assert len(script.requests) == attempts
    client, script = scripted(503)
    with pytest.raises(ServerError):
        await client.with_options(retries=retries).cities.get(2)
    assert len(script.requests) == attempts


@pytest.mark.anyio
async def test_the_error_is_the_last_one_and_tells_of_the_first(scripted: Scripted) -> None:
    client, _ = scripted(LOST, 503, (429, {"Retry-After": "7"}))
    with pytest.raises(RateLimitError) as raised:
        await client.cities.get(2)
    assert raised.value.retry_after == 7
    assert raised.value.__notes__ == [
        "attempt 3 of the call; the first one ended with: GET /cities/2: the connection failed: broke off"
    ]


@pytest.mark.anyio
async def test_a_retry_that_fails_for_good_ends_the_call(scripted: Scripted) -> None:
    client, script = scripted(503, 404, 200)
    with pytest.raises(NotFoundError):
        await client.cities.get(2)
    assert len(script.requests) == 2


@pytest.mark.anyio
async def test_pauses_grow_at_random_and_no_further_than_allowed(scripted: Scripted, pauses_on: list[float]) -> None:
    client, script = scripted(503, retries=Retries(times=30, initial_backoff=1, max_backoff=8, budget=1000))
    with pytest.raises(ServerError):
        await client.cities.get(2)
    assert len(script.requests) == 31
    assert all(pause <= limit for pause, limit in zip(pauses_on, [1, 2, 4, *[8] * 27], strict=True))
    assert max(pauses_on) > 2
    assert len(set(pauses_on)) == 30


@pytest.mark.anyio
@pytest.mark.parametrize("status", [429, 503])
async def test_a_pause_is_as_long_as_the_server_asks_for(
    scripted: Scripted, pauses_on: list[float], status: int
) -> None:
    client, _ = scripted((status, {"Retry-After": "3"}), 200, retries=Retries(initial_backoff=0.5))
    await client.cities.get(2)
    assert 3 <= pauses_on[0] <= 3.5


@pytest.mark.anyio
async def test_the_server_may_name_a_date(scripted: Scripted, pauses_on: list[float]) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=10), usegmt=True)
    client, _ = scripted((503, {"Retry-After": date}), 200, retries=Retries(initial_backoff=0))
    await client.cities.get(2)
    assert 5 < pauses_on[0] <= 10


@pytest.mark.anyio
@pytest.mark.parametrize(("asked", "kept"), [("3600", 3600), ("1795852800", 86400)], ids=["an hour", "an epoch"])
async def test_who_is_asked_to_wait_for_too_long_is_told_at_once(
    scripted: Scripted, pauses_on: list[float], asked: str, kept: float
) -> None:
    client, script = scripted((429, {"Retry-After": asked}), 200)
    with pytest.raises(RateLimitError) as raised:
        await client.cities.get(2)
    assert raised.value.retry_after == kept
    assert (len(script.requests), pauses_on) == (1, [])


@pytest.mark.anyio
async def test_a_budget_ends_the_retries(scripted: Scripted, pauses_on: list[float]) -> None:
    client, script = scripted((503, {"Retry-After": "2"}), retries=Retries(times=9, budget=1.5))
    with pytest.raises(ServerError):
        await client.cities.get(2)
    assert (len(script.requests), pauses_on) == (1, [])


@pytest.mark.anyio
async def test_no_pause_goes_beyond_the_deadline(scripted: Scripted, pauses_on: list[float]) -> None:
    client, script = scripted((503, {"Retry-After": "2"}), deadline=1.5)
    with pytest.raises(ServerError):
        await client.cities.get(2)
    assert (len(script.requests), pauses_on) == (1, [])


@pytest.mark.anyio
@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_login_is_never_made_again(method: Any, status: int) -> None:
    local = LocalMusement()
    local.fail_next(1, status=status, path="/login", headers={"Retry-After": "0"})
    async with local.client(login_method=method) as client:
        with pytest.raises(APIError, match="/login"):
            await client.cities.get(2)
        assert (local.logins(status=None), local.count("/cities/{cityId}")) == (1, 0)
        assert (await client.cities.get(2)).name == "Rome"


@pytest.mark.anyio
@pytest.mark.parametrize("failure", [LOST, httpx.ReadTimeout("late"), httpx.PoolTimeout("full")], ids=str)
async def test_neither_is_a_login_that_got_no_answer(scripted: Scripted, failure: httpx.TransportError) -> None:
    client, script = scripted(failure, 200, token=None, credentials=ClientCredentials("id", "secret"))
    with pytest.raises((NetworkError, RequestTimeoutError)):
        await client.cities.get(2)
    assert [request.url.path for request in script.requests] == ["/api/v3/login"]


async def logs_in(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"access_token": "A", "expires_in": 3600})


@pytest.mark.anyio
@pytest.mark.parametrize("failure", [UNREACHABLE, httpx.ConnectTimeout("late")], ids=str)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_call_whose_login_found_nobody_is_made_again(
    scripted: Scripted, method: str, failure: httpx.TransportError
) -> None:
    client, script = scripted(failure, failure, logs_in, 200, token=None, credentials=ClientCredentials("id", "secret"))
    await client.request(method, "/cities/2")
    paths = [request.url.path.removeprefix("/api/v3") for request in script.requests]
    assert paths == ["/login", "/login", "/login", "/cities/2"]


@pytest.mark.anyio
async def test_a_call_is_made_again_with_a_token_that_is_good_by_then() -> None:
    local = LocalMusement()
    async with local.client() as client:
        await client.cities.get(2)
        local.expire_tokens()
        local.fail_next(1, status=503, path="/cities/{cityId}")
        assert (await client.cities.get(2)).name == "Rome"
        assert local.logins() == 2


@pytest.mark.anyio
async def test_a_page_of_a_list_is_made_again() -> None:
    local = LocalMusement()
    async with local.client() as client:
        local.fail_next(2, status=502, path="/cities")
        assert len([city async for city in client.cities.list()]) > 30


@pytest.mark.anyio
async def test_each_retry_is_logged_with_its_reason_and_no_values(
    scripted: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    client, _ = scripted(503, LOST, 200)
    with caplog.at_level(logging.INFO, "musement_async.core"):
        await client.cities.get(987654321)
    first, second = [record for record in caplog.records if record.name == "musement_async.core"]
    assert first.getMessage().startswith("GET /cities/{cityId}: 503; attempt 2 follows in ")
    assert second.getMessage().startswith("GET /cities/{cityId}: NetworkError (broke off); attempt 3 follows in ")
    assert vars(first).items() >= {"method": "GET", "status": 503, "attempt": 1, "reason": "503"}.items()
    assert "987654321" not in f"{vars(first)}{vars(second)}"


@pytest.mark.parametrize("argument", ["times", "initial_backoff", "max_backoff", "budget"])
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "3", True, None])
def test_retries_that_cannot_be_are_refused_by_name(argument: str, value: Any) -> None:
    with pytest.raises(ArgumentError, match=rf"^{argument}: must be a (whole )?number"):
        Retries(**{argument: value})


@pytest.mark.parametrize("value", [-1, 1.5, "3", True, {}])
def test_what_is_no_retries_is_refused_by_name(scripted: Scripted, value: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^retries: must be Retries, a whole number"):
        scripted(200, retries=value)


@pytest.mark.anyio
async def test_a_client_that_is_told_how_to_fail_reports_how_often_it_tried(scripted: Scripted) -> None:
    client, _ = scripted(503, 400)
    with client.capture() as exchanges, pytest.raises(BadRequestError):
        await client.cities.get(2)
    assert [(exchange.status, exchange.attempt) for exchange in exchanges] == [(503, 1), (400, 2)]
