"""Servers that are absent, disappear, come back, or do not answer."""

import gc
import socket
from typing import Any

import anyio
import httpx
import pytest

from musement_async import NetworkError, OutcomeUnknownError, RequestTimeoutError, Retries

UUID = "0f5e1d4c-3b2a-4958-8776-655443322110"
LARGE = {"note": "n" * 2**24}  # more than the socket buffers of both sides take


@pytest.mark.anyio
@pytest.mark.parametrize("end", ["reset", "close"])
async def test_a_kept_connection_that_ended_between_two_calls_is_replaced(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, end: str
) -> None:
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            faulty_server.play("call", ("answer",), (end,))
            assert (await client.cities.get(2)).name == "Rome"
            faulty_server.wait_for_lines(0)
            await operation.call(client)
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_connection_that_is_reset_as_soon_as_it_is_made_is_a_network_error(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            faulty_server.play("connection", ("reset",))
            with pytest.raises((NetworkError, OutcomeUnknownError)):
                await operation.call(client)
        faulty_server.forget()
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_connection_that_is_accepted_and_never_answered_is_a_timeout(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    async with open_client(token=operation.token, login_timeout=1) as client:
        for _ in range(operation.hangs):
            faulty_server.play("connection", ("silent",))
            with pytest.raises((RequestTimeoutError, OutcomeUnknownError)):
                await operation.call(client.with_options(timeout=httpx.Timeout(20, read=0.1)))
        faulty_server.forget()
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_server_that_is_away_is_a_network_error_until_it_is_back(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    async with open_client(token=operation.token) as client:
        await operation.call(client)
        faulty_server.stop()
        for _ in range(3):
            with pytest.raises(NetworkError) as caught:
                await operation.call(client)
            assert not caught.value.maybe_sent
        faulty_server.start()
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_server_that_was_restarted_between_two_calls_goes_unnoticed(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            await operation.call(client)
            faulty_server.stop()
            faulty_server.start()
            await operation.call(client)
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_listener_whose_queue_is_full_is_a_timeout_before_anything_is_sent(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    faulty_server.stall()
    async with open_client(token=operation.token, login_timeout=1) as client:
        for _ in range(operation.hangs):
            with anyio.fail_after(100), pytest.raises(RequestTimeoutError) as caught:
                await operation.call(client.with_options(timeout=httpx.Timeout(20, connect=0.1)))
            assert not caught.value.maybe_sent
        faulty_server.start()
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_name_that_cannot_be_resolved_is_a_network_error_before_anything_is_sent(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo
    known = False

    def lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        if host not in {"nowhere.invalid", b"nowhere.invalid"}:
            return resolve(host, *arguments, **options)
        if not known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve("127.0.0.1", *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)  # otherwise a resolver outside of this machine would be used
    base_url = f"http://nowhere.invalid:{faulty_server.port}/api/v3"
    async with open_client(token=operation.token, base_url=base_url, allow_insecure_http=True) as client:
        for _ in range(3):
            with pytest.raises(NetworkError) as caught:
                await operation.call(client)
            assert not caught.value.maybe_sent
        known = True
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_server_that_stops_reading_a_large_body_is_a_timeout(
    faulty_server: Any, open_client: Any, all_is_well: Any
) -> None:
    async with open_client() as client:
        hasty = client.with_options(timeout=httpx.Timeout(20, write=0.1))
        for _ in range(3):
            faulty_server.play("call", ("deaf",))
            with anyio.fail_after(100), pytest.raises(OutcomeUnknownError) as caught:
                await hasty.orders.create(UUID, extra_data=LARGE)
            assert isinstance(caught.value.__cause__, RequestTimeoutError)
        await all_is_well(client)


@pytest.mark.anyio
async def test_an_answer_that_drips_arrives_while_each_byte_is_in_time(
    faulty_server: Any, open_client: Any, all_is_well: Any
) -> None:
    body = b'{"id": 2, "name": "Rome"}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    async with open_client() as client:
        faulty_server.play("call", ("drip", answer, 0.001))
        assert (await client.cities.get(2)).name == "Rome"
        await all_is_well(client)


@pytest.mark.anyio
async def test_a_login_that_drips_ends_although_each_byte_is_in_time(
    faulty_server: Any, open_client: Any, all_is_well: Any
) -> None:
    async with open_client(login_timeout=1) as client:
        faulty_server.play("login", ("drip", b"HTTP/1.1 200 OK\r\nX-Dripping: " + b"." * 10_000, 0.05))
        with anyio.fail_after(100), pytest.raises(RequestTimeoutError):
            await client.cities.get(2)
        await all_is_well(client)


@pytest.mark.anyio
async def test_an_answer_that_drips_for_ever_ends_with_the_deadline(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    async with open_client(token=operation.token, login_timeout=1) as client:
        for _ in range(operation.hangs):
            faulty_server.play(operation.target, ("drip", b"HTTP/1.1 200 OK\r\nX-Dripping: " + b"." * 10_000, 0.02))
            with anyio.fail_after(100), pytest.raises((RequestTimeoutError, OutcomeUnknownError)) as caught:
                await operation.call(client.with_options(deadline=0.2))
            assert "deadline" in str(caught.value)
        await all_is_well_after_a_login(client, operation)
        await all_is_well(client)


async def all_is_well_after_a_login(client: Any, operation: Any) -> None:
    """Checks the client; the next call may share the failure of the login that is under way."""
    if operation.target == "login":
        with pytest.raises(RequestTimeoutError):
            await client.cities.get(2)


@pytest.mark.anyio
async def test_the_deadline_holds_while_a_server_stops_reading(
    faulty_server: Any, open_client: Any, all_is_well: Any
) -> None:
    async with open_client() as client:
        await client.cities.get(2)
        faulty_server.play("call", ("deaf",))
        with anyio.fail_after(100), pytest.raises(OutcomeUnknownError):
            await client.with_options(deadline=0.2).orders.create(UUID, extra_data=LARGE)
        await all_is_well(client)
    gc.collect()  # an open socket causes a warning, which fails the test


@pytest.mark.anyio
async def test_the_deadline_holds_while_it_connects(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    faulty_server.stall()
    async with open_client(token=operation.token, login_timeout=1) as client:
        with anyio.fail_after(100), pytest.raises((RequestTimeoutError, OutcomeUnknownError)):
            await operation.call(client.with_options(deadline=0.1))
        await all_is_well_after_a_login(client, operation)
        faulty_server.start()
        await all_is_well(client)


@pytest.mark.anyio
async def test_with_retries_a_server_that_comes_back_goes_unnoticed(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    # Nothing was sent, so every call may be retried, also one that waited for a login.
    attempts = 0

    async def come_back(_: httpx.Request) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 3:
            faulty_server.start()

    async with open_client(token=operation.token, retries=Retries(times=2, initial_backoff=0.001)) as client:
        faulty_server.stop()
        client.http.event_hooks["request"].append(come_back)
        await operation.call(client)
        assert attempts == (4 if operation.target == "login" else 3)
        await all_is_well(client)
