"""Bodies that are too long, too slow, broken, or extremely compressed."""

import gc
import gzip
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext, suppress
from functools import cache
from typing import Any, Self

import anyio
import brotli  # type: ignore[import-untyped]
import httpx
import pytest
import zstandard

from musement_async.transports.reading import (
    DecodedBody,
    IncompleteError,
    TooLongError,
    check_complete,
    read_at_most,
    read_refusal,
)

MEGABYTE = 2**20


@pytest.fixture(autouse=True)
def _nothing_is_left_to_the_garbage_collector() -> Iterator[None]:
    yield
    gc.collect()  # trio warns of generators that are not run to their end, and warnings are errors


class Chunks(httpx.AsyncByteStream):
    def __init__(self, *chunks: bytes) -> None:
        self.chunks = list(chunks)
        self.closed = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.chunks:
            yield self.chunks.pop(0)

    async def aclose(self) -> None:
        self.closed += 1
        self.chunks.clear()


def response_of(*chunks: bytes, coding: str = "", **headers: str) -> httpx.Response:
    known = {"Content-Encoding": coding} if coding else {}
    return httpx.Response(200, headers=known | headers, stream=Chunks(*chunks))


@cache
def bomb_of(megabytes: int) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(MEGABYTE)
    return b"".join(compressor.compress(zeros) for _ in range(megabytes)) + compressor.flush()


class TestSlices:
    @pytest.mark.anyio
    @pytest.mark.parametrize("coding", ["gzip", "GZIP", " gzip, identity", "deflate"])
    async def test_a_small_answer_that_grows_is_read_in_small_pieces(self, coding: str) -> None:
        body = bomb_of(16)
        if coding == "deflate":
            body = zlib.compress(bytes(16 * MEGABYTE), 9)
        lengths = [len(piece) async for piece in DecodedBody(response_of(body, coding=coding))]
        assert sum(lengths) == 16 * MEGABYTE
        assert max(lengths) <= 2.1 * MEGABYTE

    @pytest.mark.anyio
    async def test_of_one_that_is_compressed_twice_too(self) -> None:
        response = response_of(gzip.compress(bomb_of(64), 9), coding="gzip, gzip")
        lengths = [len(piece) async for piece in DecodedBody(response)]
        assert sum(lengths) == 64 * MEGABYTE
        assert max(lengths) <= 17 * MEGABYTE

    @pytest.mark.anyio
    @pytest.mark.parametrize("coding", ["", "identity", "unknown"])
    async def test_an_uncompressed_body_arrives_unchanged(self, coding: str) -> None:
        body = bytes(range(256)) * 10
        pieces = [piece async for piece in DecodedBody(response_of(body, b"", body, coding=coding))]
        assert b"".join(pieces) == body * 2

    @pytest.mark.anyio
    async def test_the_limit_is_met_long_before_the_end(self) -> None:
        response = response_of(bomb_of(64), coding="gzip")
        with pytest.raises(TooLongError):
            await read_at_most(response, MEGABYTE)
        assert response.is_closed
        assert response.num_bytes_downloaded <= 4096


class TestReading:
    @pytest.mark.anyio
    @pytest.mark.parametrize("limit", [None, 4, 100])
    async def test_a_body_within_the_limit_is_read(self, limit: int | None) -> None:
        assert await read_at_most(response_of(b"bo", b"dy"), limit) == b"body"
        assert await read_at_most(response_of(gzip.compress(b"body"), coding="gzip"), limit) == b"body"
        assert await read_at_most(httpx.Response(200, content=b"body"), limit) == b"body"

    @pytest.mark.anyio
    async def test_a_body_beyond_the_limit_is_left_and_closed(self) -> None:
        response = response_of(*[b"body"] * 9)
        stream: Any = response.stream
        with pytest.raises(TooLongError):
            await read_at_most(response, 10)
        assert stream.closed == 1

    @pytest.mark.anyio
    async def test_a_body_whose_announced_length_is_beyond_the_limit_is_not_begun(self) -> None:
        response = response_of(b"body", **{"Content-Length": "4"})
        with pytest.raises(TooLongError):
            await read_at_most(response, 3)
        assert not response.is_stream_consumed

    @pytest.mark.anyio
    async def test_a_body_that_cannot_be_decompressed_is_an_error_and_closed(self) -> None:
        response = response_of(b"nonsense", b"more", coding="gzip")
        with pytest.raises(httpx.DecodingError):
            await read_at_most(response, 100)
        assert response.is_closed

    @pytest.mark.anyio
    async def test_an_endless_stream_that_does_not_end_when_it_is_closed_is_left_at_some_point(self) -> None:
        class Endless(httpx.AsyncByteStream, AsyncIterator[bytes]):
            def __aiter__(self) -> Self:
                return self

            async def __anext__(self) -> bytes:
                return b"0"

        with pytest.raises(TooLongError):
            await read_at_most(httpx.Response(200, stream=Endless()), 10)

    @pytest.mark.anyio
    async def test_a_body_is_closed_in_the_middle_or_before(self) -> None:
        for begun in (False, True):
            response = response_of(gzip.compress(b"body" * 9999), b"more", coding="gzip")
            body = DecodedBody(response)
            if begun:
                await anext(aiter(body))
            await body.aclose()
            await body.aclose()
            assert response.is_closed


def refusal(body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    announced = b"Content-Length: %d" % (len(body) if length is None else length)
    return b"\r\n".join([b"HTTP/1.1 401 Unauthorized", announced, *headers, b"", body])


GZIP = b"Content-Encoding: gzip"
CHUNKED = b"HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk_of(data: bytes) -> bytes:
    return b"%x\r\n" % len(data) + data + b"\r\n0\r\n\r\n"


KEPT = {
    "short": (refusal(b'{"message": "expired"}'), b'{"message": "expired"}'),
    "empty": (refusal(b""), b""),
    "compressed": (refusal(gzip.compress(b"body" * 99), GZIP), b"body" * 99),
    "as long as allowed": (refusal(b"x" * 1000), b"x" * 1000),
    "chunked": (CHUNKED + b"4\r\nbody\r\n0\r\n\r\n", b"body"),
}
CLOSED = {
    "cut short": (refusal(b"bo", length=4), b"bo"),
    "cut short in a chunk": (CHUNKED + b"4\r\nbo", b"bo"),
    "broken compression": (refusal(b"nonsense", GZIP), b""),
    "a bomb": (CHUNKED[:-2] + GZIP + b"\r\n\r\n" + chunk_of(bomb_of(64)), b"\0" * 1000),
    "too long": (CHUNKED + b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n0\r\n\r\n", b"x" * 1000),
    "announced to be too long": (refusal(b"x" * 2000), b""),
}


@pytest.mark.anyio
@pytest.mark.parametrize("kind", KEPT)
async def test_a_refusal_is_read_and_its_connection_kept(over_network: Any, threaded_server: Any, kind: str) -> None:
    message, body = KEPT[kind]
    with threaded_server(lambda _, stream: stream.sendall(message)) as server:
        async with over_network(connections=1) as client:
            for _ in range(3):
                async with client.stream("GET", server.origin) as response:
                    assert await read_refusal(response, 1000, seconds=30) == body
                    assert await response.aread() == response.content == body
                    assert response.is_closed
        assert server.connections == 1


@pytest.mark.anyio
@pytest.mark.parametrize("kind", CLOSED)
async def test_one_that_would_take_too_much_is_closed(over_network: Any, threaded_server: Any, kind: str) -> None:
    message, body = CLOSED[kind]

    def answer(_head: bytes, stream: Any) -> bool:
        with suppress(OSError):
            stream.sendall(message)
        return "cut" not in kind

    limit = 2000 if kind == "cut short" else 1000
    with threaded_server(answer) as server:
        async with over_network(connections=1) as client:
            for _ in range(3):
                async with client.stream("GET", server.origin) as response:
                    read = await read_refusal(response, limit, seconds=30)
                    assert body.startswith(read) if "cut" in kind else read == body
                    assert await response.aread() == response.content == read
                    assert response.is_closed
        # aiohttp has released the connection of a body that has arrived completely.
        assert server.connections == 3 or type(client._transport).__name__ == "AiohttpTransport"


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["dripping", "endless", "silent"])
async def test_one_that_takes_too_long_is_closed(over_network: Any, threaded_server: Any, kind: str) -> None:
    over = threading.Event()

    def answer(_head: bytes, stream: Any) -> bool:
        stream.sendall(CHUNKED)
        with suppress(OSError):
            while kind != "silent" and not over.is_set():
                stream.sendall(b"1\r\nx\r\n" if kind == "dripping" else b"4\r\n\0\0\0\0\r\n" * 999)
                over.wait(0.001 if kind == "dripping" else 0)
        over.wait(10)
        return False

    with threaded_server(answer) as server:
        async with over_network(connections=1) as client:
            for _ in range(2):
                async with client.stream("GET", server.origin) as response:
                    with anyio.fail_after(10):
                        read = await read_refusal(response, seconds=0.05)
                    assert len(read) <= 64 * 1024
                    assert await response.aread() == read
                    assert response.is_closed
            over.set()
        assert server.connections == 2


@pytest.mark.anyio
async def test_one_that_is_in_memory_or_has_been_read_is_harmless() -> None:
    assert await read_refusal(httpx.Response(401, content=b"body")) == b"body"
    response = response_of(b"body")
    async for _ in response.aiter_raw():
        pass
    assert await read_refusal(response) == await response.aread() == b""
    response = response_of(b"body")
    await response.aclose()
    assert await read_refusal(response) == await response.aread() == b""


@pytest.mark.anyio
async def test_a_cancelled_reader_leaves_the_rest_to_httpx(over_network: Any, threaded_server: Any) -> None:
    with threaded_server(lambda _, stream: stream.sendall(refusal(b"bo", length=4))) as server:
        async with over_network(connections=1) as client:
            for _ in range(2):
                with anyio.move_on_after(0.05) as scope:
                    async with client.stream("GET", server.origin) as response:
                        await read_refusal(response, seconds=30)
                assert scope.cancelled_caught


@pytest.mark.anyio
@pytest.mark.parametrize("pack", [brotli.compress, zstandard.compress], ids=["br", "zstd"])
@pytest.mark.parametrize("change", ["none", "cut", "something behind", "nothing at all"])
async def test_the_end_of_other_codings_is_known(pack: Callable[[bytes], bytes], change: str) -> None:
    body = bytes(range(256)) * 50
    packed = pack(body)
    sent = {"none": packed, "cut": packed[:-1], "something behind": packed + b"more", "nothing at all": b""}[change]
    response = response_of(sent, coding="br" if pack is brotli.compress else "zstd")
    with nullcontext() if change == "none" else pytest.raises(httpx.DecodingError):
        assert await read_at_most(response, None, complete=True) == body


def test_an_unknown_coding_has_no_known_end() -> None:
    response = httpx.Response(200, headers={"Content-Encoding": "shorthand"}, content=b"text")
    with pytest.raises(IncompleteError, match="coding of the body is unknown"):
        check_complete(response)
