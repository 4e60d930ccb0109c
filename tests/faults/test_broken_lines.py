"""Broken connections: each raises an error of this library, and the client continues to work."""

from typing import Any

import anyio
import httpx
import pytest

from musement_async import MusementError, NetworkError, OutcomeUnknownError, RequestTimeoutError, Retries

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
RESET, CLOSE, HALF_CLOSE, SILENT = ("reset",), ("close",), ("half_close",), ("silent",)

# The reactions of the server to a request that it has read.
BROKEN = {
    "reset before the head": (RESET,),
    "closed before the head": (CLOSE,),
    "half-closed before the head": (HALF_CLOSE, SILENT),
    "reset in the status line": (("send", b"HTTP/1."), RESET),
    "reset in the head": (("send", HEAD[:30]), RESET),
    "closed in the head": (("send", HEAD[:30]), CLOSE),
    "half-closed in the head": (("send", HEAD[:30]), HALF_CLOSE, SILENT),
    "reset after the head": (("send", HEAD), RESET),
    "closed after the head": (("send", HEAD), CLOSE),
    "reset in the body": (("send", HEAD + b'{"id": 2, "na'), RESET),
    "closed in the body": (("send", HEAD + b'{"id": 2, "na'), CLOSE),
    "half-closed in the body": (("send", HEAD + b'{"id": 2, "na'), HALF_CLOSE, SILENT),
    "reset between two chunks": (("send", CHUNKED + b"2\r\n{}\r\n"), RESET),
    "closed between two chunks": (("send", CHUNKED + b"2\r\n{}\r\n"), CLOSE),
}
HANGING = {
    "silent": (SILENT,),
    "silent in the head": (("send", HEAD[:30]), SILENT),
    "silent after the head": (("send", HEAD), SILENT),
    "silent in the body": (("send", HEAD + b'{"id": 2, "na'), SILENT),
}


async def fail(client: Any, operation: Any, expected: type[MusementError]) -> Any:
    """The error that a call raises; for an at-most-once call, its cause."""
    with anyio.fail_after(100):
        with pytest.raises(OutcomeUnknownError if operation.at_most_once else expected) as caught:
            await operation.call(client)
    error = caught.value
    assert isinstance(error, MusementError)
    if operation.at_most_once:
        assert isinstance(error.__cause__, expected)
        error = error.__cause__
    return error


@pytest.mark.anyio
@pytest.mark.each_choice
@pytest.mark.parametrize("fault", BROKEN)
async def test_a_line_that_breaks_is_a_network_error_and_the_next_call_works(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, fault: str
) -> None:
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            faulty_server.play(operation.target, *BROKEN[fault])
            error = await fail(client, operation, NetworkError)
            assert error.method in str(error)
            assert error.path in str(error)
            assert error.maybe_sent is (operation.target == "call")
        await all_is_well(client)


@pytest.mark.anyio
@pytest.mark.parametrize("fault", HANGING)
async def test_a_line_that_hangs_is_a_timeout_and_the_next_call_works(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, fault: str
) -> None:
    async with open_client(token=operation.token, login_timeout=1) as client:
        for _ in range(operation.hangs):
            faulty_server.play(operation.target, *HANGING[fault])
            error = await fail(client.with_options(timeout=httpx.Timeout(20, read=0.1)), operation, RequestTimeoutError)
            assert error.maybe_sent is (operation.target == "call")
        await all_is_well(client)


@pytest.mark.anyio
@pytest.mark.parametrize("fault", BROKEN)
async def test_with_retries_a_line_that_breaks_goes_unnoticed_by_calls_that_may_be_made_again_and_by_no_others(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, fault: str
) -> None:
    async with open_client(token=operation.token, retries=Retries(times=2, initial_backoff=0.001)) as client:
        faulty_server.play(operation.target, *BROKEN[fault])
        if operation.repeatable and not body_breaks(fault, operation):
            await operation.call(client)
            assert len(faulty_server.received) == 2
        else:
            await fail(client, operation, NetworkError)
            assert len(faulty_server.received) == 1
        await all_is_well(client)


def body_breaks(fault: str, operation: Any) -> bool:
    """Whether a part of a download arrives before the connection breaks."""
    return operation.name == "download" and any(where in fault for where in ("after the head", "body", "chunks"))


@pytest.mark.anyio
async def test_with_retries_a_call_fails_once_they_are_used_up(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    async with open_client(token=operation.token, retries=Retries(times=2, initial_backoff=0.001)) as client:
        faulty_server.play(operation.target, RESET, times=3)
        await fail(client, operation, NetworkError)
        assert len(faulty_server.received) == (3 if operation.repeatable else 1)
        faulty_server.forget()
        await all_is_well(client)
