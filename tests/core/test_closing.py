"""Calls of a client that is closed."""

from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from musement_async import ClientClosedError, MusementError, NetworkError, Retries, ServerError

Scripted = Callable[..., tuple[Any, Any]]


async def outcome_of(call: Any, after: Callable[[], Any]) -> MusementError:
    """The result or the error of a call during which a function is called."""
    ended: list[MusementError] = []

    async def make() -> None:
        try:
            await call()
        except MusementError as error:
            ended.append(error)

    async with anyio.create_task_group() as group:
        group.start_soon(make)
        await anyio.wait_all_tasks_blocked()
        await after()
    return ended[0]


@pytest.mark.anyio
async def test_a_call_that_waits_for_its_retry_is_refused(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    go = anyio.Event()
    monkeypatch.setattr("musement_async.core.retrying.back_off", lambda _: go.wait())
    client, script = scripted(503, 200, retries=Retries(initial_backoff=1))

    async def close() -> None:
        await client.aclose()
        go.set()

    assert isinstance(await outcome_of(lambda: client.cities.get(2), close), ClientClosedError)
    assert len(script.requests) == 1


@pytest.mark.anyio
async def test_a_guest_that_is_closed_makes_no_further_attempt(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = anyio.Event()
    monkeypatch.setattr("musement_async.core.retrying.back_off", lambda _: go.wait())
    client, script = scripted(503, 200)
    derived = client.with_token(client.token)

    async def close() -> None:
        await derived.aclose()
        go.set()

    assert isinstance(await outcome_of(lambda: derived.cities.get(2), close), ClientClosedError)
    assert len(script.requests) == 1


@pytest.mark.anyio
async def test_a_call_whose_connection_ends_with_the_client_is_told_so(scripted: Scripted) -> None:
    broken = anyio.Event()

    async def answer(_: httpx.Request) -> httpx.ReadError:
        await broken.wait()
        return httpx.ReadError("closed")

    client, script = scripted(answer)

    async def close() -> None:
        await client.aclose()
        broken.set()

    assert isinstance(await outcome_of(lambda: client.cities.get(2), close), NetworkError)
    assert len(script.requests) == 1


@pytest.mark.anyio
async def test_nothing_is_sent_by_calls_that_a_rate_limit_held_back(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("musement_async.transports.admission.backoff_is_on", lambda: True)
    client, script = scripted(200, rate_limit=0.01)
    await client.cities.get(2)

    async def close() -> None:
        await client.aclose()

    assert isinstance(await outcome_of(lambda: client.request("POST", "/carts"), close), ClientClosedError)
    assert len(script.requests) == 1


@pytest.mark.asyncio  # on trio, httpx does not close all its generators
async def test_an_error_s_status_counts_where_its_body_is_of_no_use(scripted: Scripted) -> None:
    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield b"x"
            raise httpx.ReadError("broke off")

    for headers, stream, limit in (
        ({}, Broken(), None),
        ({"Content-Encoding": "gzip"}, httpx.ByteStream(b"no gzip"), None),
        ({"Content-Length": "100"}, httpx.ByteStream(b"x" * 100), 10),
    ):

        class Transport(httpx.AsyncBaseTransport):
            def __init__(self, headers: dict[str, str], stream: Any) -> None:
                self.answer = httpx.Response(503, headers=headers, stream=stream)

            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                return self.answer

        client, _ = scripted(200, retries=0, max_body=limit)
        client._core.shared.network._network = Transport(headers, stream)
        with pytest.raises(ServerError, match=r"^GET /cities/2: 503 Service Unavailable$"):
            await client.cities.get(2)
