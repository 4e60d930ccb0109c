"""Readers of response bodies that may be too long, too slow, incomplete or extremely compressed."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Self

import anyio
import httpx

# More pieces than can have arrived before the connection was closed.
_MOST_LEFT = 1000
# How many compressed bytes are decompressed at a time. 2 KiB of gzip make 2 MiB at most. The codings that httpx knows
# besides pack more tightly (128 bytes of Brotli make 144 MiB, where httpx sets no limit), and several codings multiply.
_SLICES = {"": None, "gzip": 2048, "deflate": 2048}
_OTHER_CODING, _SEVERAL_CODINGS = 128, 16
_LONGEST_REFUSAL = 64 * 1024


class TooLongError(Exception):
    """A body is longer than allowed."""


class IncompleteError(httpx.DecodingError):
    """A body was read to its end, but its content is incomplete, or may be."""


def check_complete(response: httpx.Response) -> None:
    """Refuse a body that may be incomplete although it was read without an error.

    httpx's decoders do not check the end of the compressed data, drop the rest after the first part of a gzip body, and
    leave unknown codings as they are. A body of HTTP/1 without a length ends wherever its connection ends.

    Raises:
        IncompleteError: The body may be incomplete.
    """
    decoder = response._get_content_decoder()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - only this attribute tells
    decompressors = [
        part.decompressor for part in getattr(decoder, "children", [decoder]) if hasattr(part, "decompressor")
    ]
    if len(decompressors) != len(_codings(response)):
        raise IncompleteError("the coding of the body is unknown")
    if not all(map(_is_at_end, decompressors)):
        raise IncompleteError("the compressed body is not complete, or something follows it")
    if not decompressors and _ends_with_connection(response):
        raise IncompleteError("nothing tells where the body ends, so it may be incomplete")


def _is_at_end(decompressor: Any) -> bool:  # noqa: ANN401 - an object of zlib, or of an optional package
    decompressor = getattr(decompressor, "decompressor", decompressor)  # httpx2 wraps zlib's
    if hasattr(decompressor, "is_finished"):  # Brotli
        return bool(decompressor.is_finished())
    return getattr(decompressor, "eof", True) and not getattr(decompressor, "unused_data", b"")


def _ends_with_connection(response: httpx.Response) -> bool:
    is_http1 = response.extensions.get("http_version", b"").startswith(b"HTTP/1")
    if not is_http1 or response.status_code == httpx.codes.NO_CONTENT:
        return False
    is_chunked = "chunked" in response.headers.get("transfer-encoding", "").lower()
    return not is_chunked and "content-length" not in response.headers


def check_announced(response: httpx.Response, limit: int | None) -> None:
    """Refuse a response whose ``Content-Length`` is above the limit, by a ``TooLongError``."""
    announced = response.headers.get("content-length", "")
    if limit is not None and announced.isdecimal() and int(announced[:20]) > limit:
        raise TooLongError


class DecodedBody:
    """The body of a response, decompressed piece by piece, so that no piece is much larger than the bytes that arrived.

    httpx iterates through several generators. If a body cannot be decompressed, or its reader stops early, httpx leaves
    some of them to the garbage collector, and trio warns of that. This class closes all of them.

    Args:
        response: A response that has not been read.
        complete: Whether a body that may be incomplete raises an ``IncompleteError`` at its end.
    """

    def __init__(self, response: httpx.Response, *, complete: bool = False) -> None:
        self._response = response
        self._generators: list[Any] = []
        self._stream: _SlicedStream | None = None
        if not response.is_stream_consumed:  # httpx returns a body in memory as one piece
            self._stream = response.stream = _SlicedStream(response.stream, _slice_size(response))
            raw = response.aiter_raw()
            # `aiter_bytes` calls this method first; the replacement keeps the generator that it returns.
            response.aiter_raw = lambda chunk_size=None: raw  # type: ignore[method-assign] # noqa: ARG005 - httpx's signature
            self._generators.append(raw)
        self._decoded = response.aiter_bytes()
        self._generators.append(self._decoded)
        if complete:
            self._decoded = self._checked(self._decoded)
            self._generators.append(self._decoded)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._decoded

    async def _checked(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            yield piece
        check_complete(self._response)

    async def aclose(self) -> None:
        """Close the response, at its end or before."""
        try:
            await self._response.aclose()
            if self._stream is not None:
                await self._stream.drain()
        finally:
            for generator in reversed(self._generators):
                await generator.aclose()


class _SlicedStream(httpx.AsyncByteStream, AsyncIterator[bytes]):
    def __init__(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream, size: int | None) -> None:
        assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - httpx asserts the same
        self._stream = stream
        self._size = size
        self._chunks: AsyncIterator[bytes] | None = None
        self._chunk = b""
        self._position = 0

    def __aiter__(self) -> Self:
        self._chunks = aiter(self._stream)
        return self

    async def __anext__(self) -> bytes:
        if self._position >= len(self._chunk):
            assert self._chunks is not None  # noqa: S101 - `aiter` was called before
            chunk = await anext(self._chunks)
            if self._size is None:
                return chunk
            self._chunk, self._position = chunk, 0
        start = self._position
        self._position += self._size or 0
        return self._chunk[start : self._position]

    async def aclose(self) -> None:
        self._chunk = b""
        await self._stream.aclose()

    async def drain(self) -> None:
        """Run the generators underneath to their end, after their connection was closed."""
        if self._chunks is not None:
            with suppress(httpx.HTTPError, httpx.StreamError):
                left = _MOST_LEFT
                while left and await anext(self._chunks, None) is not None:
                    left -= 1


def _codings(response: httpx.Response) -> list[str]:
    named = response.headers.get("content-encoding", "").lower().split(",")
    return [coding.strip() for coding in named if coding.strip() not in {"", "identity"}]


def _slice_size(response: httpx.Response) -> int | None:
    codings = _codings(response)
    if len(codings) > 1:
        return _SEVERAL_CODINGS
    return _SLICES.get("".join(codings), _OTHER_CODING)


async def read_at_most(response: httpx.Response, limit: int | None, *, complete: bool = False) -> bytes:
    """The body of a response, decompressed.

    Raises:
        IncompleteError: With ``complete``: the body may be incomplete.
        TooLongError: The body is longer than ``limit`` bytes. No more than that was kept, and the response is closed.
    """
    check_announced(response, limit)
    length = 0
    pieces: list[bytes] = []
    body = DecodedBody(response, complete=complete)
    try:
        async for piece in body:
            length += len(piece)
            if limit is not None and length > limit:
                raise TooLongError  # noqa: TRY301 - as if it had been announced
            pieces.append(piece)
    except (TooLongError, httpx.DecodingError):
        await body.aclose()
        raise
    return b"".join(pieces)


async def read_refusal(response: httpx.Response, limit: int = _LONGEST_REFUSAL, seconds: float = 1.0) -> bytes:
    """Read the body of a 401 to keep its connection, or close the response if the body is too long or too slow.

    The response keeps the body as well, because httpx reads each response of an auth flow to its end.

    Args:
        response: A response that has not been read.
        limit: The most bytes that are read, decompressed.
        seconds: The most time for reading.

    Returns:
        The body, or its beginning if it is too long, too slow, cut short or contradicts its headers.
    """
    content = bytearray()
    is_whole = False
    body = DecodedBody(response)
    with suppress(TooLongError, httpx.HTTPError, httpx.StreamError), anyio.move_on_after(seconds):
        check_announced(response, limit)
        async for piece in body:
            content += piece[: limit + 1 - len(content)]
            if len(content) > limit:
                raise TooLongError
        is_whole = True
    if not is_whole:
        with suppress(httpx.HTTPError):
            await body.aclose()
    del content[limit:]
    response._content = bytes(content)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as httpx's `aread` does
    return response.content
