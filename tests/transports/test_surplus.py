"""A response that nobody asked for, on either network: it reaches nobody, and costs its connection."""

import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from musement_async.transports.setup import open_network

Certified = tuple[ssl.SSLContext, ssl.SSLContext]
SURPLUS = {
    "a response": b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsurplus",
    "half a response": b"HTTP/1.1 200 OK\r\nContent-Le",
    "a hint": b"HTTP/1.1 103 Hints\r\n\r\n",
    "rubbish": b"\0",
}
CALLS = 6


@pytest.fixture(params=["httpcore", "aiohttp"])
def open_client(request: pytest.FixtureRequest, anyio_backend_name: str) -> Callable[..., httpx.AsyncClient]:
    if (request.param, anyio_backend_name) == ("aiohttp", "trio"):
        pytest.skip("aiohttp works on asyncio only")

    def open_one(certified: Certified | None) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=5, max_keepalive_connections=5)
        verify = True if certified is None else certified[1]
        return httpx.AsyncClient(transport=open_network(request.param, limits=limits, verify=verify), timeout=10)

    return open_one


@pytest.fixture(params=[False, True], ids=["plain", "tls"])
def secured(request: pytest.FixtureRequest, certified: Certified) -> Certified | None:
    return certified if request.param else None


def response_to(head: bytes) -> bytes:
    path = head.split(b" ")[1]
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(path) + path


@pytest.mark.anyio
@pytest.mark.parametrize("kind", SURPLUS)
async def test_in_the_same_packet(open_client: Any, threaded_server: Any, secured: Certified | None, kind: str) -> None:
    def answer(head: bytes, stream: Any) -> None:
        stream.sendall(response_to(head) + SURPLUS[kind])

    await check(open_client, threaded_server, secured, answer)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", SURPLUS)
@pytest.mark.skipif(not hasattr(socket, "TCP_CORK"), reason="the system cannot be told what a segment is")
async def test_in_a_record_of_its_own_in_the_same_segment(
    open_client: Any, threaded_server: Any, secured: Certified | None, kind: str
) -> None:
    def answer(head: bytes, stream: Any) -> None:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        stream.sendall(response_to(head))
        stream.sendall(SURPLUS[kind])
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)

    await check(open_client, threaded_server, secured, answer)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", SURPLUS)
async def test_in_the_last_packet_of_a_body(
    open_client: Any, threaded_server: Any, secured: Certified | None, kind: str
) -> None:
    go = threading.Event()

    def answer(_head: bytes, stream: Any) -> None:
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbo")
        go.wait(10)
        go.clear()
        stream.sendall(b"dy" + SURPLUS[kind])

    with threaded_server(answer, tls=None if secured is None else secured[0]) as server:
        async with open_client(secured) as client:
            for _ in range(CALLS):
                try:
                    async with client.stream("GET", server.origin) as response:
                        go.set()
                        assert await response.aread() == b"body"
                except httpx.RemoteProtocolError:
                    assert type(client._transport).__name__ == "AiohttpTransport"
        assert server.connections == CALLS


async def check(open_client: Any, threaded_server: Any, secured: Certified | None, answer: Any) -> None:
    with threaded_server(answer, tls=None if secured is None else secured[0]) as server:
        async with open_client(secured) as client:
            for number in range(CALLS):
                try:
                    text = (await client.get(f"{server.origin}/{number}")).text
                except httpx.RemoteProtocolError:
                    # aiohttp's parser takes a packet as a whole; h11 finds the response in it.
                    assert type(client._transport).__name__ == "AiohttpTransport"
                    continue
                assert text == f"/{number}"
        assert server.connections == CALLS


@pytest.mark.anyio
@pytest.mark.parametrize("kind", SURPLUS)
@pytest.mark.parametrize("noticed", [False, True], ids=["unnoticed", "noticed"])
async def test_while_the_connection_is_idle(
    open_client: Any, threaded_server: Any, secured: Certified | None, kind: str, *, noticed: bool
) -> None:
    """What arrives is in the system still, or has been read by the event loop and waits in a buffer."""
    idle, sent = threading.Event(), threading.Event()

    def answer(head: bytes, stream: Any) -> None:
        stream.sendall(response_to(head))
        idle.wait(10)
        idle.clear()
        stream.sendall(SURPLUS[kind])
        sent.set()

    with threaded_server(answer, tls=None if secured is None else secured[0]) as server:
        async with open_client(secured) as client:
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
                    sent.wait(10)  # the event loop stands still meanwhile
                sent.clear()
        assert server.connections == CALLS
