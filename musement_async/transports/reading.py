"""Reading bodies that may be too long."""

import httpx


class TooLongError(Exception):
    """A body that is longer than allowed."""


async def read_at_most(response: httpx.Response, limit: int | None) -> bytes:
    """The body of an answer, decompressed; what it begins with is not kept when it turns out to be too long.

    Raises:
        TooLongError: It is longer than ``limit`` bytes.
    """
    announced = response.headers.get("content-length", "")
    if limit is not None and announced.isdecimal() and int(announced[:20]) > limit:
        raise TooLongError
    length = 0
    pieces: list[bytes] = []
    async for piece in response.aiter_bytes():
        length += len(piece)
        if limit is not None and length > limit:
            raise TooLongError
        pieces.append(piece)
    return b"".join(pieces)
