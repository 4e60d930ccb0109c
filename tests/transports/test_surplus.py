"""Surplus responses, on both networks: no caller gets one, and its connection is closed."""

import socket
import ssl
import sys
import threading
import time
from array import array
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

if sys.platform == "linux":
    import fcntl
    import termios

Certified = tuple[ssl.SSLContext, ssl.SSLContext]
SURPLUS = {
    "a response": b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsurplus",
    "half a response": b"HTTP/1.1 200 OK\r\nContent-Le",
    "a hint": b"HTTP/1.1 103 Hints\r\n\r\n",
    "rubbish": b"\0",
}
CALLS = 6


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def secured(request: pytest.FixtureRequest, certified: Certified) -> Certified | None:
    return certified if request.param else None


def response_to(head: bytes) -> bytes:
    path = head.split(b" ")[1]
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(path) + path


@pytest.mark.anyio
@pytest.mark.parametrize("kind", SURPLUS)
async def test_in_the_same_packet(
    over_network: Any, threaded_server: Any, secured: Certified | None, kind: str
) -> None:
    def answer(head: bytes, stream: Any) -> None:
        stream.sendall(response_to(head) + SURPLUS[kind])

    await check(over_network, threaded_server, secured, answer)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", SURPLUS)
@pytest.mark.skipif(not hasattr(socket, "TCP_CORK"), reason="the system cannot be told what a segment is")
async def test_in_a_record_of_its_own_in_the_same_segment(
    over_network: Any, threaded_server: Any, secured: Certified | None, kind: str
) -> None:
    def answer(head: bytes, stream: Any) -> None:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        stream.sendall(response_to(head))
        stream.sendall(SURPLUS[kind])
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)

    await check(over_network, threaded_server, secured, answer)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", SURPLUS)
async def test_in_the_last_packet_of_a_body(
    over_network: Any, threaded_server: Any, secured: Certified | None, kind: str
) -> None:
    go = threading.Event()

    def answer(_head: bytes, stream: Any) -> None:
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbo")
        go.wait(10)
        go.clear()
        stream.sendall(b"dy" + SURPLUS[kind])

    with threaded_server(answer, tls=None if secured is None else secured[0]) as server:
        async with over_network(secured) as client:
            for _ in range(CALLS):
                try:
                    async with client.stream("GET", server.origin) as response:
                        go.set()
                        assert await response.aread() == b"body"
                except httpx.RemoteProtocolError:
                    assert type(client._transport).__name__ == "AiohttpTransport"
        assert server.connections == CALLS


def wait_for_arrival(stream: Any) -> None:
    """Wait until the other side's system has what was sent: on a busy machine that is later than here."""
    unacknowledged = array("i", [1])
    while sys.platform == "linux" and unacknowledged[0]:
        fcntl.ioctl(stream.fileno(), termios.TIOCOUTQ, unacknowledged)
        time.sleep(0.0001)


async def check(over_network: Any, threaded_server: Any, secured: Certified | None, answer: Any) -> None:
    with threaded_server(answer, tls=None if secured is None else secured[0]) as server:
        async with over_network(secured) as client:
            for number in range(CALLS):
                try:
                    text = (await client.get(f"{server.origin}/{number}")).text
                except httpx.RemoteProtocolError:
                    # aiohttp's parser reads a whole packet; h11 reads only the response in it.
                    assert type(client._transport).__name__ == "AiohttpTransport"
                    continue
                assert text == f"/{number}"
        assert server.connections == CALLS


@pytest.mark.anyio
@pytest.mark.parametrize("kind", SURPLUS)
@pytest.mark.parametrize("noticed", [False, True], ids=["unnoticed", "noticed"])
async def test_while_the_connection_is_idle(
    over_network: Any, threaded_server: Any, secured: Certified | None, kind: str, *, noticed: bool
) -> None:
    """The bytes are still in the system, or the event loop has read them into a buffer."""
    idle, sent = threading.Event(), threading.Event()

    def answer(head: bytes, stream: Any) -> None:
        stream.sendall(response_to(head))
        idle.wait(10)
        idle.clear()
        stream.sendall(SURPLUS[kind])
        wait_for_arrival(stream)
        sent.set()

    with threaded_server(answer, tls=None if secured is None else secured[0]) as server:
        async with over_network(secured) as client:
            for number in range(CALLS):
                assert (await client.get(f"{server.origin}/{number}")).text == f"/{number}"
                idle.set()
                if noticed:
                    with anyio.fail_after(10):
                        while not sent.is_set():  # noqa: ASYNC110 - the server is in a thread
                            await anyio.sleep(0.001)
                    for _ in range(10):
                        await anyio.lowlevel.checkpoint()
                else:
                    sent.wait(10)  # the event loop does not run meanwhile
                sent.clear()
        assert server.connections == CALLS
