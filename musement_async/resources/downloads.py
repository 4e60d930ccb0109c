"""Downloads of documents: PDFs in pieces, and documents that the API renders as PDF or HTML."""

import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from os import PathLike, fspath
from pathlib import PurePath
from typing import Protocol, TypeAlias, cast
from uuid import uuid4

import anyio
import anyio.to_thread
import httpx

from musement_async.core import (
    HTML,
    MARK_WITHIN,
    PDF,
    Core,
    Parameters,
    check_beginning,
    check_end,
    too_long,
    undecodable,
)
from musement_async.errors import ArgumentError
from musement_async.paths import Path
from musement_async.resources import parameters
from musement_async.resources.operation import require
from musement_async.transports.reading import DecodedBody, TooLongError, check_announced

# The mode of the files. Only their owner may read them: a voucher admits whoever shows it.
_MODE = 0o600


class BinaryFile(Protocol):
    """An object that bytes are written to."""

    def write(self, data: bytes, /) -> object:
        """Write bytes."""


Target: TypeAlias = str | PathLike[str] | BinaryFile


async def download(core: Core, url: str, to: Target | None) -> bytes | None:
    """Fetch a PDF from anywhere, into a file or as bytes."""
    address = _address(url)
    path = Path("download", f"{address.scheme}://{address.netloc.decode()}{address.path}")
    return await fetch_pdf(core, path, to, url=address)


async def fetch_pdf(core: Core, path: Path, to: Target | None, *, url: httpx.URL | None = None) -> bytes | None:
    """Fetch a PDF of the API, or of the URL, into a file or as bytes."""
    if to is not None and not callable(getattr(to, "write", None)) and not _is_path(to):
        raise ArgumentError("to", "must be the path of a file, or have a method to write bytes")
    with core.within_deadline("GET", path):
        return await _fetch_pdf(core, path, to, url)


async def fetch_rendered(core: Core, path: Path, *, pdf: bool, params: Parameters | None = None) -> bytes:
    """A document as PDF or as HTML.

    The form is always sent, because the operations have different defaults.
    """
    wanted = require(pdf=parameters.boolean(pdf))
    media_type = PDF if wanted else HTML
    return await core.fetch_bytes(path, media_type, params={**(params or {}), "pdf": int(wanted)})


async def _fetch_pdf(core: Core, path: Path, to: Target | None, url: httpx.URL | None) -> bytes | None:
    limit = core.options.max_body
    async with core.stream(path, PDF, url=url) as response, aclosing(_pieces(response, path, limit)) as pieces:
        if to is None:
            return b"".join([piece async for piece in pieces])
        if isinstance(to, str | PathLike):
            await _save(pieces, anyio.Path(fspath(to)))
        else:
            async for piece in pieces:
                await anyio.to_thread.run_sync(_write_all, to, piece)
        return None


def _write_all(file: BinaryFile, data: bytes) -> None:
    while data:
        written = file.write(data)
        # An unbuffered file may write only a part, and returns its length.
        data = data[written:] if type(written) is int and written >= 0 else b""


async def _save(pieces: AsyncIterator[bytes], path: anyio.Path) -> None:
    """Write a file that appears once it is complete."""
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}.part")
    try:
        async with await anyio.open_file(unfinished, "xb", opener=_open_private) as file:
            async for piece in pieces:
                await file.write(piece)
        await unfinished.replace(path)
    except BaseException as error:
        with anyio.CancelScope(shield=True):
            await unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is not None:
            error.filename = str(path)
        raise


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, _MODE)


async def _pieces(response: httpx.Response, path: Path, limit: int | None) -> AsyncGenerator[bytes]:
    """The pieces of a PDF, after a check of its beginning; an error if its end is missing."""
    beginning, end = b"", b""
    length = 0
    checked = False
    body = DecodedBody(response, complete=True)
    try:
        check_announced(response, limit)
        async for piece in body:
            length += len(piece)
            if limit is not None and length > limit:
                raise TooLongError  # noqa: TRY301 - as if it had been announced
            end = (end + piece)[-MARK_WITHIN:]
            if checked:
                yield piece
                continue
            beginning += piece
            if len(beginning) >= MARK_WITHIN:
                _refuse_if(check_beginning(response.status_code, response.headers, PDF, beginning), response, path)
                checked = True
                yield beginning
        if not checked:
            _refuse_if(check_beginning(response.status_code, response.headers, PDF, beginning), response, path)
            yield beginning
        _refuse_if(check_end(PDF, end), response, path)
    except TooLongError:
        raise too_long(response, "GET", path, limit) from None
    finally:
        await body.aclose()


def _refuse_if(problem: str | None, response: httpx.Response, path: Path) -> None:
    if problem is not None:
        raise undecodable(response, "GET", path, problem)


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
