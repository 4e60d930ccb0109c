"""Documents that are fetched piece by piece."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from os import PathLike, fspath
from pathlib import PurePath
from typing import Protocol, TypeAlias, cast
from uuid import uuid4

import anyio
import anyio.to_thread
import httpx

from musement_async.core import PDF, PDF_MARK_WITHIN, Core, is_pdf, too_long, undecodable
from musement_async.errors import ArgumentError
from musement_async.paths import Path
from musement_async.transports.reading import DecodedBody, TooLongError, check_announced

# What PDFs are served as; some servers do not know better.
_KINDS = frozenset({PDF, "application/octet-stream", "binary/octet-stream", ""})


class BinaryFile(Protocol):
    """Whatever takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take some more."""


Target: TypeAlias = str | PathLike[str] | BinaryFile


async def download(core: Core, url: str, to: Target | None) -> bytes | None:
    """Fetch a PDF from anywhere, into a file or as bytes."""
    address = _address(url)
    path = Path("download", f"{address.scheme}://{address.host}{address.path}")
    return await fetch_pdf(core, path, to, url=address)


async def fetch_pdf(core: Core, path: Path, to: Target | None, *, url: httpx.URL | None = None) -> bytes | None:
    """Fetch a PDF of the API, or of the URL, into a file or as bytes."""
    if to is not None and not callable(getattr(to, "write", None)) and not _is_path(to):
        raise ArgumentError("to", "must be the path of a file, or have a method to write bytes")
    with core.within_deadline("GET", path):
        return await _fetch_pdf(core, path, to, url)


async def _fetch_pdf(core: Core, path: Path, to: Target | None, url: httpx.URL | None) -> bytes | None:
    async with core.stream(path, PDF, url=url) as response, aclosing(_pieces(response, path)) as pieces:
        if to is None:
            return await _collect(core, response, pieces, path)
        if isinstance(to, str | PathLike):
            await _save(pieces, anyio.Path(fspath(to)))
        else:
            async for piece in pieces:
                await anyio.to_thread.run_sync(to.write, piece)
        return None


async def _collect(core: Core, response: httpx.Response, pieces: AsyncIterator[bytes], path: Path) -> bytes:
    limit, body = core.options.max_body, bytearray()
    try:
        check_announced(response, limit)
    except TooLongError:
        raise too_long(response, "GET", path, limit) from None
    async for piece in pieces:
        body += piece
        if limit is not None and len(body) > limit:
            raise too_long(response, "GET", path, limit)
    return bytes(body)


async def _save(pieces: AsyncIterator[bytes], path: anyio.Path) -> None:
    """Write a file that is there only when all of it is."""
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}.part")
    try:
        async with await unfinished.open("wb") as file:
            async for piece in pieces:
                await file.write(piece)
        await unfinished.replace(path)
    except BaseException:
        with anyio.CancelScope(shield=True):
            await unfinished.unlink(missing_ok=True)
        raise


async def _pieces(response: httpx.Response, path: Path) -> AsyncGenerator[bytes]:
    """What arrives, once the beginning has shown that it is a PDF."""
    beginning = b""
    checked = False
    body = DecodedBody(response)
    try:
        async for piece in body:
            if checked:
                yield piece
                continue
            beginning += piece
            if len(beginning) >= PDF_MARK_WITHIN:
                _check(response, path, beginning)
                checked = True
                yield beginning
        if not checked:
            _check(response, path, beginning)
            yield beginning
    finally:
        await body.aclose()


def _check(response: httpx.Response, path: Path, beginning: bytes) -> None:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _KINDS or not is_pdf(beginning):
        raise undecodable(response, "GET", path, f"it is not a PDF, but {kind or 'something else'}")


def _is_path(to: object) -> bool:
    if not isinstance(to, str | PathLike):
        return False
    path = fspath(cast("str | PathLike[str]", to))
    return bool(PurePath(path).name) and "\0" not in path


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, UnicodeError) as problem:
        raise ArgumentError("url", "must be a URL") from problem
    if address.scheme not in {"http", "https"} or not address.host or address.port not in {None, *range(1, 65536)}:
        raise ArgumentError("url", "must be a URL of http or https")
    return address
