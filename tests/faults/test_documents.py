"""Incomplete documents: each raises an error and leaves no file."""

import gzip
import stat
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import brotli  # type: ignore[import-untyped]
import httpx
import pytest
import zstandard

from musement_async import DecodeError, MusementClient, MusementError
from musement_async.resources.downloads import Target

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 200 + b"\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
HTML = b"<html><body>" + bytes(range(33, 127)) * 200 + b"</body></html>"
UUID = "0c5a3f4e-4ba3-4f0a-8a3e-2b1f8d9d7a11"

Fetch = Callable[[MusementClient, "Target | None"], Awaitable["bytes | None"]]


async def _download(client: MusementClient, to: Target | None) -> bytes | None:
    return cast("bytes | None", await client.orders.download(f"{client.http.base_url}vouchers/1.pdf", cast("Any", to)))


async def _voucher(client: MusementClient, to: Target | None) -> bytes | None:
    return cast("bytes | None", await client.orders.voucher(UUID, UUID, cast("Any", to)))


async def _gift(client: MusementClient, to: Target | None) -> bytes | None:
    assert to is None
    return await client.gifts.render("A1", item_id=1)


async def _page(client: MusementClient, to: Target | None) -> bytes | None:
    assert to is None
    return await client.giftboxes.render("A1", pdf=False)


# Methods that fetch a document, with its media type.
WAYS: dict[str, tuple[Fetch, bool, str]] = {
    "download as bytes": (_download, False, "application/pdf"),
    "download to a file": (_download, True, "application/pdf"),
    "voucher as bytes": (_voucher, False, "application/pdf"),
    "voucher to a file": (_voucher, True, "application/pdf"),
    "gift as PDF": (_gift, False, "application/pdf"),
    "gift box as HTML": (_page, False, "text/html"),
}


def deflate(data: bytes, window: int) -> bytes:
    packer = zlib.compressobj(wbits=window)
    return packer.compress(data) + packer.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": lambda data: deflate(data, zlib.MAX_WBITS),
    "deflate without a head": lambda data: deflate(data, -zlib.MAX_WBITS),
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "deflate, gzip": lambda data: gzip.compress(deflate(data, zlib.MAX_WBITS)),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """A method that fetches a document."""
    return str(request.param)


def with_length(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body), b"", b""]
    return b"\r\n".join(lines) + body


async def fetched(client: MusementClient, way: str, folder: Path) -> bytes | None:
    fetch, to_file, _ = WAYS[way]
    to = folder / "document" if to_file else None
    content = await fetch(client, to)
    return content if to is None else to.read_bytes()


def document(way: str) -> tuple[bytes, bytes]:
    kind = WAYS[way][2]
    return (HTML if kind == "text/html" else PDF), b"Content-Type: " + kind.encode()


def contents(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def is_refused(faulty_server: Any, open_client: Any, way: str, folder: Path, *steps: Any, **options: Any) -> None:
    async with open_client(**options) as client:
        faulty_server.play("call", *steps)
        with pytest.raises(MusementError):
            await fetched(client, way, folder)
    assert contents(folder) == []


@pytest.mark.anyio
@pytest.mark.parametrize("coding", CODINGS)
async def test_a_compressed_document_that_arrives_whole_is_returned(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str, coding: str
) -> None:
    body, kind = document(way)
    encoding = b"Content-Encoding: " + coding.partition(" without")[0].encode()
    async with open_client() as client:
        faulty_server.play("call", ("send", with_length(CODINGS[coding](body), kind, encoding)))
        assert await fetched(client, way, tmp_path) == body


@pytest.mark.anyio
@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("missing", [1, 4, 0.5])
async def test_a_compressed_document_that_was_cut_is_an_error(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str, *, coding: str, missing: float
) -> None:
    body, kind = document(way)
    packed = CODINGS[coding](body)
    cut = packed[: -int(missing)] if missing >= 1 else packed[: len(packed) // 2]
    encoding = b"Content-Encoding: " + coding.partition(" without")[0].encode()
    await is_refused(faulty_server, open_client, way, tmp_path, ("send", with_length(cut, kind, encoding)))


@pytest.mark.anyio
async def test_a_compressed_document_in_two_members_is_an_error(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str
) -> None:
    body, kind = document(way)
    packed = gzip.compress(body) + gzip.compress(body)
    answer = with_length(packed, kind, b"Content-Encoding: gzip")
    await is_refused(faulty_server, open_client, way, tmp_path, ("send", answer))


@pytest.mark.anyio
@pytest.mark.parametrize("coding", ["of-tomorrow", "gzip, of-tomorrow", "br", "zstd"])
async def test_a_document_in_a_coding_that_httpx_cannot_decode_is_an_error(
    faulty_server: Any, open_client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, *, coding: str
) -> None:
    monkeypatch.delitem(httpx._decoders.SUPPORTED_DECODERS, coding, raising=False)  # as where its package is missing
    body, kind = document(way)
    answer = with_length(body, kind, b"Content-Encoding: " + coding.encode())
    await is_refused(faulty_server, open_client, way, tmp_path, ("send", answer))


@pytest.mark.anyio
async def test_a_document_without_a_known_end_is_an_error(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str
) -> None:
    body, kind = document(way)
    answer = b"HTTP/1.1 200 OK\r\n" + kind + b"\r\nConnection: close\r\n\r\n" + body
    await is_refused(faulty_server, open_client, way, tmp_path, ("send", answer), ("close",))


@pytest.mark.anyio
async def test_a_document_in_chunks_is_returned(faulty_server: Any, open_client: Any, tmp_path: Path, way: str) -> None:
    body, kind = document(way)
    head = b"HTTP/1.1 200 OK\r\n" + kind + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with open_client() as client:
        faulty_server.play("call", ("send", head + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"))
        assert await fetched(client, way, tmp_path) == body


@pytest.mark.anyio
@pytest.mark.parametrize("status", [b"206 Partial Content", b"202 Accepted", b"204 No Content"])
async def test_a_document_with_a_status_of_another_thing_is_an_error(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str, status: bytes
) -> None:
    body, kind = document(way)
    answer = b"HTTP/1.1 " + status + b"\r\n\r\n" if status[:3] == b"204" else with_length(body, kind, status=status)
    await is_refused(faulty_server, open_client, way, tmp_path, ("send", answer))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", None),
        (b'{"error": "try later"}', b"application/json"),
        (PDF, b"image/png"),
    ],
    ids=["empty", "of another kind", "of another name"],
)
async def test_an_answer_that_is_not_the_document_is_an_error(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str, *, body: bytes, kind: bytes | None
) -> None:
    headers = document(way)[1] if kind is None else b"Content-Type: " + kind
    await is_refused(faulty_server, open_client, way, tmp_path, ("send", with_length(body, headers)))


@pytest.mark.anyio
@pytest.mark.parametrize("way", [way for way, (_, _, kind) in WAYS.items() if kind == "application/pdf"])
async def test_a_pdf_without_its_end_is_an_error(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str
) -> None:
    answer = with_length(PDF[:-20], b"Content-Type: application/pdf")
    await is_refused(faulty_server, open_client, way, tmp_path, ("send", answer))


@pytest.mark.anyio
@pytest.mark.parametrize("announced", [True, False])
async def test_a_document_longer_than_allowed_is_an_error(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str, *, announced: bool
) -> None:
    body, kind = document(way)
    answer = with_length(body, kind) if announced else with_length(gzip.compress(body), kind, b"Content-Encoding: gzip")
    await is_refused(faulty_server, open_client, way, tmp_path, ("send", answer), max_body=len(body) - 1)


@pytest.mark.anyio
@pytest.mark.parametrize("way", ["download to a file", "voucher to a file"])
async def test_a_document_in_a_file_is_for_its_owner_only(
    faulty_server: Any, open_client: Any, tmp_path: Path, way: str
) -> None:
    body, kind = document(way)
    async with open_client() as client:
        faulty_server.play("call", ("send", with_length(body, kind)))
        await fetched(client, way, tmp_path)
    assert stat.S_IMODE((tmp_path / "document").stat().st_mode) == 0o600


@pytest.mark.anyio
async def test_a_writer_that_takes_less_than_all_gets_the_rest(faulty_server: Any, open_client: Any) -> None:
    class Slow:
        taken = b""

        def write(self, data: bytes) -> int:
            self.taken += data[:1000]
            return len(data[:1000])

    async with open_client() as client:
        faulty_server.play("call", ("send", with_length(PDF, b"Content-Type: application/pdf")))
        writer = Slow()
        await _voucher(client, writer)
    assert writer.taken == PDF


@pytest.mark.anyio
async def test_the_error_of_a_cut_document_says_so(faulty_server: Any, open_client: Any) -> None:
    cut = with_length(gzip.compress(PDF)[:-9], b"Content-Type: application/pdf", b"Content-Encoding: gzip")
    async with open_client() as client:
        faulty_server.play("call", ("send", cut))
        with pytest.raises(DecodeError, match="the compressed body is not complete"):
            await _voucher(client, None)
