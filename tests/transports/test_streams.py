"""The network streams under the pool, for cases that tests cannot cause through the pool."""

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import anyio
import httpcore2
import pytest

from musement_async.transports import streams, streams_asyncio
from musement_async.transports.sockets import is_socket_readable
from musement_async.transports.streams import Dialer, NetworkStream

MEGABYTE = 2**20


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[NetworkStream, socket.socket]]:
    """A stream and its far end."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stream = await Dialer().connect_tcp("127.0.0.1", listening.getsockname()[1], timeout=5)
        far, _ = listening.accept()
        far.settimeout(5)
        with far:
            yield stream, far
            await closed(stream)


async def closed(stream: NetworkStream) -> None:
    await stream.aclose()
    await stream.wait_closed()


async def write_until_it_fails(stream: Any) -> None:
    for _ in range(3):
        await stream.write(b"x", timeout=5)
        await stream.read(10, timeout=5)


@pytest.mark.anyio
async def test_a_large_amount_is_read_in_pieces_as_large_as_asked_for() -> None:
    async with connected() as (stream, far):
        sender = threading.Thread(target=far.sendall, args=(b"x" * 3 * MEGABYTE,))
        sender.start()
        received = 0
        while received < 3 * MEGABYTE:
            data = await stream.read(1000 if received < 10_000 else 2**16, timeout=5)
            assert 0 < len(data) <= (1000 if received < 10_000 else 2**16)
            received += len(data)
        sender.join()
        assert not stream.get_extra_info("is_readable")


@pytest.mark.asyncio
async def test_only_a_little_is_read_ahead() -> None:
    async with connected() as (stream, far):
        far.setblocking(False)  # noqa: FBT003 - socket's own signature
        sent = 0
        for _ in range(2000):
            try:
                sent += far.send(b"x" * 2**16)
            except BlockingIOError:
                await asyncio.sleep(0)
        buffered: Any = stream
        assert len(buffered._buffer) <= 2**19 < sent
        while sent:
            sent -= len(await stream.read(2**16, timeout=5))


@pytest.mark.anyio
async def test_a_large_amount_is_written_to_a_slow_reader() -> None:
    received = bytearray()

    def read() -> None:
        while data := far.recv(2**16):
            received.extend(data)

    async with connected() as (stream, far):
        reader = threading.Thread(target=read)
        reader.start()
        await stream.write(b"", timeout=5)
        await stream.write(b"x" * 5 * MEGABYTE, timeout=5)
        for _ in range(200):
            await stream.write(b"y" * 100, timeout=5)
        await closed(stream)
        reader.join()
    assert len(received) == 5 * MEGABYTE + 20_000


@pytest.mark.asyncio
async def test_many_small_writes_leave_the_event_loop_a_turn() -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with connected() as (stream, _):
        other = asyncio.ensure_future(count())
        for _ in range(1000):
            await stream.write(b"x")
        other.cancel()
    assert turns > 5


@pytest.mark.anyio
async def test_a_second_reader_is_told() -> None:
    async with connected() as (stream, far), anyio.create_task_group() as group:
        group.start_soon(stream.read, 10, 5)
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(httpcore2.ReadError):
            await stream.read(10, timeout=5)
        far.sendall(b"x")


@pytest.mark.anyio
async def test_after_a_reset_reading_and_writing_fail() -> None:
    async with connected() as (stream, far):
        far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        far.close()
        with pytest.raises(httpcore2.ReadError):
            await stream.read(10, timeout=5)
        assert stream.get_extra_info("is_readable")
        with pytest.raises((httpcore2.ReadError, httpcore2.WriteError)):
            await write_until_it_fails(stream)


@pytest.mark.anyio
async def test_after_the_end_there_is_nothing_to_read_but_writing_goes_on() -> None:
    async with connected() as (stream, far):
        far.shutdown(socket.SHUT_WR)
        for _ in range(2):
            assert await stream.read(10, timeout=5) == b""
        assert stream.get_extra_info("is_readable")
        await stream.write(b"x", timeout=5)
        assert far.recv(10) == b"x"


@pytest.mark.anyio
async def test_a_closed_stream_fails_at_once() -> None:
    async with connected() as (stream, _):
        await stream.aclose()
        with pytest.raises(httpcore2.ReadError, match="the transport was closed"):
            await stream.read(10, timeout=5)
        with pytest.raises(httpcore2.WriteError, match="the transport was closed"):
            await stream.write(b"x", timeout=5)


@pytest.mark.anyio
@pytest.mark.parametrize("way", ["abort", "cut"])
async def test_a_write_that_waits_ends_with_the_stream(way: str) -> None:
    async def write() -> None:
        try:
            await stream.write(b"x" * 50 * MEGABYTE, timeout=30)
        except httpcore2.WriteError:
            ended.append(True)

    ended: list[bool] = []
    async with connected() as (stream, _):
        with anyio.fail_after(5):
            async with anyio.create_task_group() as group:
                group.start_soon(write)
                await anyio.wait_all_tasks_blocked()
                if way == "abort":
                    stream.abort()
                else:
                    group.cancel_scope.cancel()
    assert ended == ([True] if way == "abort" else [])


@pytest.mark.anyio
async def test_a_stream_that_tls_cannot_be_spoken_on_is_closed() -> None:
    async with connected() as (stream, far):
        with pytest.raises(httpcore2.ConnectTimeout, match="no TLS handshake in time"):
            await stream.start_tls(ssl.create_default_context(), "localhost", timeout=0.01)
        await closed(stream)
        while far.recv(2**16):
            pass
    async with connected() as (stream, _):
        with pytest.raises(httpcore2.ConnectError):
            await stream.start_tls(ssl.create_default_context(), ".a", timeout=5)


class SlowContext(ssl.SSLContext):
    """A context of a class of its own, as truststore's, which reads the system's certificates for each connection."""

    threads: list[int]

    def wrap_bio(self, *arguments: Any) -> ssl.SSLObject:
        self.threads.append(threading.get_ident())
        return super().wrap_bio(*arguments)


@pytest.mark.anyio
async def test_a_context_that_may_read_files_does_so_outside_the_event_loop() -> None:
    context = SlowContext(ssl.PROTOCOL_TLS_CLIENT)
    context.threads = []
    async with connected() as (stream, _):
        with pytest.raises(httpcore2.ConnectTimeout):
            await stream.start_tls(context, "localhost", timeout=0.01)
    assert len(context.threads) == 1
    assert threading.get_ident() not in context.threads


@pytest.mark.anyio
async def test_rubbish_within_tls_is_an_error_of_reading(certified: Any) -> None:
    server_side, trusting = certified

    def serve(far: socket.socket) -> None:
        with server_side.wrap_socket(far, server_side=True) as secure:
            secure.recv(1)
            socket.socket.sendall(secure, b"\x17\x03\x03\x00\x20" + b"rubbish." * 4)
            secure.recv(1)

    async with connected() as (stream, far):
        server = threading.Thread(target=serve, args=(far,))
        server.start()
        secure = await stream.start_tls(trusting, "localhost", timeout=5)
        await secure.write(b"x", timeout=5)
        with pytest.raises(httpcore2.ReadError):
            await secure.read(10, timeout=5)
        with pytest.raises((httpcore2.ReadError, httpcore2.WriteError)):
            await write_until_it_fails(secure)
        await closed(stream)
        server.join()


@pytest.mark.parametrize("poll", [False, True])
def test_a_socket_tells_whether_there_is_something_to_read(monkeypatch: pytest.MonkeyPatch, *, poll: bool) -> None:
    if not poll:
        monkeypatch.delattr("select.poll", raising=False)
    near, far = socket.socketpair()
    with near, far:
        assert not is_socket_readable(near)
        far.sendall(b"x")
        assert is_socket_readable(near)
    assert is_socket_readable(near)
    assert is_socket_readable(None)


class TestAddresses:
    """Connects to hosts with several addresses, on asyncio; trio has its own implementation."""

    @pytest.fixture
    def resolve(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        def to(*addresses: str) -> None:
            async def look_up(self: object, host: str, port: int, **_: object) -> Any:
                return [
                    (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
                    for each in addresses
                ]

            monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", look_up)

        return to

    @pytest.mark.asyncio
    @pytest.mark.parametrize("addresses", [["127.0.0.1"], ["127.0.0.2", "::1", "127.0.0.1"], ["::1", "127.0.0.1"]])
    async def test_the_one_that_answers_is_used(self, resolve: Any, addresses: list[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            resolve(*addresses)
            stream = await streams_asyncio.open_tcp("musement.test", listening.getsockname()[1], None)
            assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
            await stream.aclose()
            await stream.wait_closed()

    @pytest.mark.asyncio
    async def test_where_none_answers_the_first_failure_counts(self, resolve: Any) -> None:
        resolve("127.0.0.1", "127.0.0.2")
        with pytest.raises(ConnectionRefusedError, match=r"127\.0\.0\.1"):
            await streams_asyncio.open_tcp("musement.test", 1, None)

    @pytest.mark.asyncio
    async def test_a_silent_one_is_not_waited_for(self, resolve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(streams_asyncio, "_NEXT_ADDRESS", 0.01)
        connect = streams_asyncio._connect
        started: list[str] = []

        async def slowly(address: str, port: int, local_address: str | None) -> Any:
            started.append(address)
            if address == "127.0.0.2":
                await asyncio.sleep(60)
            return await connect(address, port, local_address)

        monkeypatch.setattr(streams_asyncio, "_connect", slowly)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            resolve("127.0.0.2", "127.0.0.1")
            with anyio.fail_after(5):
                stream = await streams_asyncio.open_tcp("musement.test", listening.getsockname()[1], None)
            stream.abort()
            await stream.wait_closed()
        assert started == ["127.0.0.2", "127.0.0.1"]

    @pytest.mark.asyncio
    @pytest.mark.parametrize("cut", [False, True])
    async def test_of_several_that_answer_at_once_one_stays_open_or_none(
        self, resolve: Any, monkeypatch: pytest.MonkeyPatch, *, cut: bool
    ) -> None:
        monkeypatch.setattr(streams_asyncio, "_NEXT_ADDRESS", 0)
        connect = streams_asyncio._connect
        streams: list[Any] = []
        task = asyncio.current_task()
        assert task is not None

        async def together(address: str, port: int, local_address: str | None) -> Any:
            stream = await connect(address, port, local_address)
            streams.append(stream)
            with anyio.CancelScope(shield=True):
                while len(streams) < 2:  # noqa: ASYNC110 - the other side gives no signal
                    await asyncio.sleep(0)
            if cut:
                task.cancel()
            return stream

        monkeypatch.setattr(streams_asyncio, "_connect", together)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            resolve("127.0.0.1", "127.0.0.2")
            port = listening.getsockname()[1]
            with socket.create_server(("127.0.0.2", port)):
                if cut:
                    with pytest.raises(asyncio.CancelledError):
                        await streams_asyncio.open_tcp("musement.test", port, None)
                    task.uncancel()
                    kept = []
                else:
                    kept = [await streams_asyncio.open_tcp("musement.test", port, None)]
                for stream in streams:
                    assert stream._aborted == (stream not in kept)
                    stream.abort()
                    await stream.wait_closed()


@pytest.mark.anyio
async def test_an_aborted_dialer_opens_nothing() -> None:
    dialer = Dialer()
    dialer.abort()
    with pytest.raises(httpcore2.ConnectError, match="the transport was closed"):
        await dialer.connect_tcp("127.0.0.1", 1)
    await dialer.wait_closed()


@pytest.mark.anyio
async def test_a_stream_that_opens_while_its_dialer_is_aborted_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    dialer, network = Dialer(), streams._streams()

    async def open_tcp(*arguments: Any) -> NetworkStream:
        stream: NetworkStream = await network.open_tcp(*arguments)
        dialer.abort()
        return stream

    monkeypatch.setattr(streams, "_streams", lambda: SimpleNamespace(open_tcp=open_tcp))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with pytest.raises(httpcore2.ConnectError, match="the transport was closed"):
            await dialer.connect_tcp("127.0.0.1", listening.getsockname()[1], timeout=5)
        with anyio.fail_after(5):
            await dialer.wait_closed()
        far, _ = listening.accept()
        with far:
            far.settimeout(5)
            assert far.recv(1) == b""


@pytest.mark.asyncio
async def test_a_timer_that_is_late_itself_changes_nothing() -> None:
    arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    arrived.set_result(None)
    streams_asyncio._fail(arrived, httpcore2.ReadTimeout)
    await arrived
