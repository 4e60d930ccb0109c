"""Reading bodies that may be too long."""

from collections.abc import AsyncIterator
from contextlib import suppress

import httpx

# Pieces that may have arrived before the connection was closed, and more.
_MOST_LEFT = 1000


class TooLongError(Exception):
    """A body that is longer than allowed."""


def check_announced(response: httpx.Response, limit: int | None) -> None:
    """Do not even begin with an answer that says itself that it is too long.

    Raises:
        TooLongError: It does.
    """
    announced = response.headers.get("content-length", "")
    if limit is not None and announced.isdecimal() and int(announced[:20]) > limit:
        raise TooLongError


async def read_at_most(response: httpx.Response, limit: int | None) -> bytes:
    """The body of an answer, decompressed.

    Raises:
        TooLongError: It is longer than ``limit`` bytes. No more than that was kept, and the answer is closed.
    """
    check_announced(response, limit)
    length = 0
    pieces: list[bytes] = []
    body = response.aiter_bytes()
    async for piece in body:
        length += len(piece)
        if limit is not None and length > limit:
            await abandon(response, body)
            raise TooLongError
        pieces.append(piece)
    return b"".join(pieces)


async def abandon(response: httpx.Response, body: AsyncIterator[bytes]) -> None:
    """Close an answer, at its end or before.

    Generators of several layers stand half way through it. Closing the outermost leaves the others to the garbage
    collector, which trio warns of; what ends them all is an error of the innermost, which has lost its connection.
    """
    await response.aclose()
    with suppress(httpx.HTTPError, httpx.StreamError):
        left = _MOST_LEFT
        while left and await anext(body, None) is not None:
            left -= 1


async def read_refusal(response: httpx.Response) -> bytes:
    """STUB."""
    return await response.aread()
