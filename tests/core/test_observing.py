"""Captures, the hook and the log of a client's exchanges."""

import logging
from collections.abc import Callable
from typing import Any

import anyio
import attrs
import httpx
import pytest

from musement_async import ArgumentError, Exchange, MusementClient, NetworkError, NotFoundError, Token
from musement_async.testing import LocalMusement

Scripted = Callable[..., tuple[Any, Any]]


@pytest.mark.anyio
async def test_a_hook_is_told_of_each_exchange_once(scripted: Scripted) -> None:
    told: list[Exchange] = []
    client, _ = scripted(503, httpx.ReadError("broke off"), (200, {"X-Request-Id": "r1"}), on_exchange=told.append)
    await client.cities.get(2)
    assert [(one.attempt, one.status, one.error) for one in told] == [
        (1, 503, None),
        (2, None, "NetworkError"),
        (3, 200, None),
    ]
    last = told[-1]
    assert (last.method, last.path, last.template) == ("GET", "/cities/2", "/cities/{cityId}")
    assert (last.request_id, last.headers["content-type"]) == ("r1", "application/json")
    assert told[0].started_at <= last.started_at
    assert last.elapsed > 0
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        last.status = 1  # type: ignore[misc]


@pytest.mark.anyio
async def test_a_cancelled_exchange_is_told_of_too(scripted: Scripted, hanging: Any) -> None:
    told: list[Exchange] = []
    client, _ = scripted(hanging, on_exchange=told.append)
    with anyio.move_on_after(0.02):
        await client.cities.get(2)
    assert [(one.status, one.error) for one in told] == [(None, "cancelled")]


@pytest.mark.anyio
async def test_a_hook_that_fails_costs_the_call_nothing(scripted: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    def hook(exchange: Exchange) -> None:
        raise KeyError("broken")

    client, _ = scripted(200, on_exchange=hook)
    assert (await client.cities.get(2)).name == "Rome"
    assert "the hook for exchanges failed" in caplog.text


@pytest.mark.anyio
async def test_what_is_captured_is_what_a_hook_is_told(scripted: Scripted) -> None:
    told: list[Exchange] = []
    client, _ = scripted(404, on_exchange=told.append)
    with client.capture() as exchanges, pytest.raises(NotFoundError):
        await client.cities.get(2)
    assert exchanges == told
    assert exchanges[0].status == 404


@pytest.mark.anyio
async def test_a_call_without_an_answer_is_captured(scripted: Scripted) -> None:
    client, _ = scripted(httpx.ReadError("broke off"), retries=0)
    with client.capture() as exchanges, pytest.raises(NetworkError):
        await client.cities.get(2)
    assert [(one.status, one.error, dict(one.headers), one.request_id) for one in exchanges] == [
        (None, "NetworkError", {}, None)
    ]


@pytest.mark.anyio
async def test_captures_keep_customers_apart() -> None:
    local = LocalMusement()
    async with local.client() as client:
        customer = client.as_customer(local.username, local.password)
        with client.capture() as ours, customer.capture() as theirs:
            await client.cities.get(2)
            await customer.with_options(language="it-IT").cities.get(3)
    assert [one.path for one in ours] == ["/cities/2"]
    assert [one.path for one in theirs] == ["/cities/3"]


@pytest.mark.anyio
async def test_the_log_has_the_template_and_no_values(scripted: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    client, _ = scripted((200, {"X-Request-Id": "r1"}))
    with caplog.at_level(logging.DEBUG, "musement_async.core"):
        await client.request("GET", "/cities", params={"q": "private"})
        await client.cities.get(987654321)
    record = [one for one in caplog.records if one.name == "musement_async.core"][-1]
    assert record.getMessage() == "GET /cities/{cityId}: 200"
    extras = ("method", "path_template", "status", "attempt", "request_id")
    assert [getattr(record, name) for name in extras] == ["GET", "/cities/{cityId}", 200, 1, "r1"]
    assert record.__dict__["duration"] > 0
    everything = "".join(str(vars(one)) for one in caplog.records if one.name.startswith("musement_async"))
    assert "private" not in everything
    assert "987654321" not in everything


async def awaited(_: Exchange) -> None:
    pass


@pytest.mark.parametrize("hook", ["print", awaited], ids=["a name", "a coroutine function"])
def test_a_hook_must_be_a_function_that_is_not_asynchronous(scripted: Scripted, hook: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^on_exchange: must be a function that"):
        scripted(200, on_exchange=hook)


@pytest.mark.anyio
async def test_a_capture_is_over_when_its_block_is_wherever_that_ends(scripted: Scripted) -> None:
    client, _ = scripted(200)
    manager = client.capture()
    begun, over = anyio.Event(), anyio.Event()
    exchanges: list[Exchange] = []

    async def begin() -> None:
        exchanges.append(manager.__enter__())
        begun.set()
        await client.cities.get(2)
        await over.wait()
        await client.cities.get(2)

    async with anyio.create_task_group() as group:
        group.start_soon(begin)
        await begun.wait()
        await anyio.wait_all_tasks_blocked()
        manager.__exit__(None, None, None)
        over.set()
    assert len(exchanges[0]) == 1  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_a_client_without_a_hook_tells_nobody(musement_client: MusementClient) -> None:
    with musement_client.capture() as exchanges:
        pass
    await musement_client.cities.get(2)
    assert exchanges == []


@pytest.mark.anyio
async def test_a_request_id_steers_neither_the_log_nor_a_hook(caplog: pytest.LogCaptureFixture) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": 2}, headers=httpx.Headers({b"x-request-id": "id\x1b[2J\u202e".encode()}))

    heard: list[Exchange] = []
    caplog.set_level(logging.DEBUG, "musement_async.core")
    async with MusementClient(
        token=Token(access_token="A"),
        base_url="http://127.0.0.1",
        transport=httpx.MockTransport(answer),
        on_exchange=heard.append,
    ) as client:
        await client.cities.get(2)
    ids = {getattr(record, "request_id", None) for record in caplog.records if record.name == "musement_async.core"}
    assert ids == {exchange.request_id for exchange in heard} == {r"id\x1b[2J\u202e"}
