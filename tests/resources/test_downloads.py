"""Downloads of vouchers, piece by piece."""

import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from musement_async import (
    ArgumentError,
    ClientClosedError,
    DecodeError,
    MusementClient,
    NetworkError,
    NotFoundError,
    RequestTimeoutError,
    Token,
)

PDF = b"%PDF-1.4\n" + b"voucher " * 500 + b"\n%%EOF\n"
HERE = "http://127.0.0.1:8000/vouchers/1.pdf"
ELSEWHERE = "https://files.example.com/1.pdf?signature=secret"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Pieces(httpx.AsyncByteStream):
    """A body in pieces of 100 bytes, which may break off."""

    def __init__(self, body: bytes, *, breaks_after: int | None = None) -> None:
        self.body = body
        self.breaks_after = breaks_after
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.body), 100):
            if self.breaks_after is not None and start >= self.breaks_after:
                raise httpx.ReadError("reset")
            yield self.body[start : start + 100]

    async def aclose(self) -> None:
        self.closed = True


def client_of(answer: Callable[[httpx.Request], httpx.Response]) -> tuple[MusementClient, list[httpx.Request]]:
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request)

    token, transport = Token(access_token="A"), httpx.MockTransport(handle)
    client = MusementClient(
        token=token, base_url="http://127.0.0.1:8000/api/v3", application="app", transport=transport
    )
    return client, requests


def sending(body: bytes, **options: Any) -> tuple[MusementClient, Pieces]:
    stream = Pieces(body, **options)
    return client_of(lambda _: httpx.Response(200, stream=stream))[0], stream


@pytest.mark.anyio
@pytest.mark.parametrize("body", [PDF, b"%PDF-1.4 short %%EOF", b"\xef\xbb\xbf\n" + PDF])
async def test_a_voucher_comes_as_bytes(body: bytes) -> None:
    client, stream = sending(body)
    assert await client.orders.download(HERE) == body
    assert stream.closed


@pytest.mark.anyio
@pytest.mark.parametrize("far", [0, 1])
@pytest.mark.parametrize("end", ["beginning", "end"])
async def test_the_marks_of_a_pdf_are_within_1024_bytes_of_its_ends(end: str, far: int) -> None:
    before, after = (b" " * (1024 - len(mark) + far) for mark in (b"%PDF-", b"%%EOF"))
    body = before + b"%PDF-%%EOF" if end == "beginning" else b"%PDF-%%EOF" + after
    client, _ = sending(body)
    with pytest.raises(DecodeError, match="PDF") if far else nullcontext():
        await client.orders.download(HERE)


@pytest.mark.anyio
async def test_a_voucher_is_unpacked() -> None:
    packed = gzip.compress(PDF)
    client, _ = client_of(lambda _: httpx.Response(200, content=packed, headers={"Content-Encoding": "gzip"}))
    assert await client.orders.download(HERE) == PDF


@pytest.mark.anyio
@pytest.mark.parametrize("as_path", [str, Path])
async def test_a_voucher_goes_into_a_file(tmp_path: Path, as_path: Callable[[Path], Any]) -> None:
    client, _ = sending(PDF)
    assert await client.orders.download(HERE, to=as_path(tmp_path / "voucher.pdf")) is None
    assert contents(tmp_path) == {"voucher.pdf": PDF}


@pytest.mark.anyio
async def test_a_voucher_goes_into_whatever_takes_bytes() -> None:
    file = BytesIO()
    client, _ = sending(PDF)
    await client.orders.download(HERE, to=file)
    assert file.getvalue() == PDF


@pytest.mark.asyncio  # on trio, httpx does not close its generators if a body is not read to its end
@pytest.mark.parametrize(
    ("body", "options", "error"),
    [
        (PDF, {"breaks_after": 2000}, NetworkError),
        (b"<html>" + b"Please log in " * 500, {}, DecodeError),
        (b"<html>", {}, DecodeError),
        (b"", {}, DecodeError),
    ],
)
async def test_what_is_no_whole_pdf_leaves_no_file(
    tmp_path: Path, body: bytes, options: dict[str, Any], error: type[Exception]
) -> None:
    (tmp_path / "voucher.pdf").write_bytes(b"the one before")
    client, stream = sending(body, **options)
    with pytest.raises(error):
        await client.orders.download(HERE, to=tmp_path / "voucher.pdf")
    assert contents(tmp_path) == {"voucher.pdf": b"the one before"}
    assert stream.closed


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "taken"),
    [("application/pdf; charset=binary", True), ("application/octet-stream", True), ("text/html", False)],
)
async def test_a_pdf_has_to_be_called_one(kind: str, taken: bool) -> None:  # noqa: FBT001 (a parameter of a test)
    client, _ = client_of(lambda _: httpx.Response(200, content=b"%PDF-1.4 %%EOF", headers={"Content-Type": kind}))
    with nullcontext() if taken else pytest.raises(DecodeError, match="text/html"):
        await client.orders.download(HERE)


@pytest.mark.anyio
async def test_two_downloads_into_one_file_do_not_mix(tmp_path: Path) -> None:
    client, _ = client_of(lambda _: httpx.Response(200, stream=Pieces(PDF)))
    async with anyio.create_task_group() as tasks:
        for _ in range(2):
            tasks.start_soon(client.orders.download, HERE, tmp_path / "voucher.pdf")
    assert contents(tmp_path) == {"voucher.pdf": PDF}


@pytest.mark.anyio
async def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    client, _ = sending(b"%PDF-1.4 short %%EOF")
    with pytest.raises(FileNotFoundError, match=r"nowhere/voucher\.pdf'$"):
        await client.orders.download(HERE, to=tmp_path / "nowhere" / "voucher.pdf")


@pytest.mark.anyio
async def test_the_api_itself_gets_the_token() -> None:
    client, requests = client_of(lambda _: httpx.Response(200, content=PDF))
    await client.orders.download(HERE)
    headers = requests[0].headers
    assert (headers["authorization"], headers["x-musement-application"]) == ("Bearer A", "app")


@pytest.mark.anyio
@pytest.mark.parametrize("redirected", [False, True])
async def test_nobody_else_gets_token_or_application(redirected: bool) -> None:  # noqa: FBT001 (a parameter of a test)
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "127.0.0.1":
            return httpx.Response(302, headers={"Location": ELSEWHERE})
        return httpx.Response(200, content=PDF)

    client, requests = client_of(answer)
    assert await client.orders.download(HERE if redirected else ELSEWHERE) == PDF
    assert requests[-1].url.host == "files.example.com"
    headers = set(requests[-1].headers)
    assert {name for name in headers if name == "authorization" or name.startswith("x-musement")} == set()


@pytest.mark.anyio
async def test_an_error_does_not_show_the_query_of_the_url() -> None:
    client, _ = client_of(lambda _: httpx.Response(404, json={"code": "1400", "message": "Gone"}))
    with pytest.raises(NotFoundError) as raised:
        await client.orders.download(ELSEWHERE)
    assert raised.value.path == "https://files.example.com/1.pdf"
    assert "secret" not in str(raised.value)


@pytest.mark.anyio
async def test_a_download_is_captured() -> None:
    client, _ = sending(PDF)
    with client.capture() as exchanges:
        await client.orders.download(HERE)
    assert [exchange.status for exchange in exchanges] == [200]


@pytest.mark.anyio
async def test_a_closed_client_downloads_nothing() -> None:
    client, _ = sending(PDF)
    await client.aclose()
    with pytest.raises(ClientClosedError):
        await client.orders.download(HERE)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "url",
    [
        "",
        "/vouchers/1.pdf",
        "ftp://example.com/1.pdf",
        "http://127.0.0.1:99999/x",
        "http://h/\ud800",
        "file:///etc/passwd",
        None,
        "http://",
    ],
)
async def test_what_is_no_url_of_http_is_refused(url: Any) -> None:
    client, requests = client_of(lambda _: httpx.Response(200, content=PDF))
    with pytest.raises(ArgumentError, match=r"^url: "):
        await client.orders.download(url)
    assert requests == []


@pytest.mark.anyio
@pytest.mark.parametrize("to", ["", "/", ".", "a\0b", 5, b"voucher.pdf"])
async def test_what_is_no_file_is_refused_before_anything_is_fetched(to: Any) -> None:
    client, requests = client_of(lambda _: httpx.Response(200, content=PDF))
    with pytest.raises(ArgumentError, match=r"^to: "):
        await client.orders.download(HERE, to=to)
    assert requests == []


@pytest.mark.anyio
async def test_a_cancelled_download_leaves_no_file(tmp_path: Path) -> None:
    begun = anyio.Event()

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield PDF
            begun.set()
            await anyio.sleep_forever()

    client, _ = client_of(lambda _: httpx.Response(200, stream=Endless()))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(client.orders.download, HERE, tmp_path / "voucher.pdf")
        await begun.wait()
        tasks.cancel_scope.cancel()
    assert contents(tmp_path) == {}


class Dripping(httpx.AsyncByteStream):
    """A PDF that never ends, unless it is closed."""

    closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"%PDF-1.4" + b" " * 2000
        while not self.closed:
            await anyio.sleep(0.01)
            yield b"." * 100
        raise httpx.ReadError("closed")

    async def aclose(self) -> None:
        self.closed = True


def dripping(**options: Any) -> MusementClient:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Dripping()))
    return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport, **options)


@pytest.mark.anyio
@pytest.mark.parametrize("to", ["file", None])
async def test_a_document_that_never_ends_meets_the_deadline(tmp_path: Path, to: str | None) -> None:
    client = dripping(deadline=0.2)
    with pytest.raises(RequestTimeoutError, match=r"not done within the deadline of 0\.2 s"):
        await client.orders.download("http://127.0.0.1/voucher.pdf", to=tmp_path / to if to else None)
    assert contents(tmp_path) == {}


@pytest.mark.anyio
async def test_no_more_of_a_document_is_kept_in_memory_than_allowed() -> None:
    with pytest.raises(DecodeError, match="a body longer than max_body=2500 bytes"):
        await dripping(max_body=2500).orders.download("http://127.0.0.1/voucher.pdf")


@pytest.mark.anyio
async def test_errors_name_the_port_of_a_document() -> None:
    client = dripping(max_body=2500, allow_private_hosts=True)
    with pytest.raises(DecodeError, match=r"^GET http://127\.0\.0\.1:8878/voucher\.pdf: ") as caught:
        await client.orders.download("http://127.0.0.1:8878/voucher.pdf?key=secret")
    assert "secret" not in str(caught.value)


@pytest.mark.anyio
async def test_a_document_may_take_as_long_as_it_takes() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=b"%PDF-1.4 %%EOF"))
    client = MusementClient(
        token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport, deadline=None
    )
    assert await client.orders.download("http://127.0.0.1/voucher.pdf") == b"%PDF-1.4 %%EOF"
