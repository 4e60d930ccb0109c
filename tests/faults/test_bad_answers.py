"""Bad answers: each raises an error of this library, and the next call works."""

import gzip
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
import anyio.to_thread
import pytest

from musement_async import (
    APIError,
    DecodeError,
    MusementError,
    NetworkError,
    OutcomeUnknownError,
    ServerError,
)

SPACE = b" " * 2**22
HTML = b"<html><body><h1>Bad gateway</h1></body></html>"
CITY = b'{"id": 2, "name": "Rome"}'
GOOD_HEAD = b"HTTP/1.1 200 OK\r\n"
VISIBLE = set(map(chr, range(32, 127)))
ZIPPED = {"Content-Encoding": "gzip"}


def whole(body: bytes, *headers: bytes) -> bytes:
    return (
        GOOD_HEAD + b"".join(header + b"\r\n" for header in headers) + b"Content-Length: %d\r\n\r\n" % len(body) + body
    )


# Answers with status 200 whose body fits no operation.
UNREADABLE: dict[str, tuple[Any, ...]] = {
    "a proxy's page": ("answer", 200, HTML, {"Content-Type": "text/html"}),
    "nothing": ("answer", 200, b""),
    "white space": ("answer", 200, b" \r\n\t "),
    "half of a document": ("answer", 200, b'{"id": 2, "name": "Ro'),
    "a document and a half": ("answer", 200, CITY + b'{"id"'),
    "utf-16": ("answer", 200, CITY.decode().encode("utf-16")),
    "bytes of no meaning": ("answer", 200, bytes(range(256))),
    "a number": ("answer", 200, b"1e400"),
    "a word": ("answer", 200, b"NaN"),
    "text": ("answer", 200, b'"\\ud800"'),
    "null": ("answer", 200, b"null"),
    "a deep nest of lists": ("answer", 200, b"[" * 200_000 + b"]" * 200_000),
    "a deep nest of objects": ("answer", 200, b'{"a":' * 200_000),
    "gzip that is none": ("answer", 200, HTML, ZIPPED),
    "gzip that breaks off": ("answer", 200, gzip.compress(CITY * 100)[:-20], ZIPPED),
    "gzip with a wrong sum": ("answer", 200, gzip.compress(CITY)[:-8] + b"\0" * 8, ZIPPED),
    "deflate that is none": ("answer", 200, HTML, {"Content-Encoding": "deflate"}),
}
# Answers that break HTTP.
BROKEN_HTTP: dict[str, bytes] = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "status 0": b"HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n",
    "status 1000": b"HTTP/1.1 1000 Much\r\nContent-Length: 0\r\n\r\n",
    "a status below 0": b"HTTP/1.1 -20 Less\r\nContent-Length: 0\r\n\r\n",
    "only 100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n",
    "only 199": b"HTTP/1.1 199 Nearly\r\n\r\n",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: else\r\nConnection: upgrade\r\n\r\n",
    "no length that a number could be": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
    "a length below 0": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a chunk without a size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n{}\r\n",
    "an unknown transfer encoding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: else\r\n\r\n<",
    "a header without a colon": b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}",
    "a header with a null byte": b"HTTP/1.1 200 OK\r\nX-Zero: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "a space before a colon": b"HTTP/1.1 200 OK\r\nX-Space : a\r\nContent-Length: 2\r\n\r\n{}",
    "a huge header": b"HTTP/1.1 200 OK\r\nX-Huge: " + b"h" * 2**20 + b"\r\nContent-Length: 2\r\n\r\n{}",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X-Many: m\r\n" * 50_000 + b"\r\n",
    "a length that is too long": b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n{}",
}
# Good answers with a harmless fault.
TOLERATED: dict[str, bytes] = {
    "a byte order mark": whole(b"\xef\xbb\xbf" + CITY),
    "latin-1 in a text": whole('{"id": 2, "name": "Rome", "content": "Città"}'.encode("latin-1")),
    "another charset announced": whole(CITY, b"Content-Type: application/json; charset=utf-16"),
    "a charset nobody knows": whole(CITY, b"Content-Type: application/json; charset=nonsense"),
    "a charset with a null byte": whole(CITY, b"Content-Type: text/html; charset=%00"),
    "an encoding nobody knows": whole(CITY, b"Content-Encoding: nonsense"),
    "a header that is not ASCII": whole(CITY, "X-City: Città".encode()),
    "an empty reason": b"HTTP/1.1 200 \r\nContent-Length: %d\r\n\r\n" % len(CITY) + CITY,
    "a reason that is not ASCII": b"HTTP/1.1 200 \xff\xfe\r\nContent-Length: %d\r\n\r\n" % len(CITY) + CITY,
    "100 Continue before the answer": b"HTTP/1.1 100 Continue\r\n\r\n" + whole(CITY),
    "early hints before the answer": b"HTTP/1.1 103 Early Hints\r\nLink: </s>\r\n\r\n" + whole(CITY),
    "a cookie that is none": whole(CITY, b"Set-Cookie: =;;=\xff; Expires=never; Domain=..; Max-Age=1e400"),
    "a date far off": whole(CITY, b"Date: Never", b"Retry-After: 1e400"),
    "numbers beyond any type": whole(
        b'{"id": 2, "name": "Rome", "activities_count": 1e400, "weight": 1%s, "x": -0, "y": -1e-400}' % (b"0" * 400)
    ),
    "NaN in a field": whole(b'{"id": 2, "name": "Rome", "latitude": NaN, "longitude": -Infinity, "weight": -0}'),
    "HTTP 1.0": b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(CITY) + CITY,
}


async def fail(client: Any, operation: Any, *expected: type[MusementError]) -> Any:
    """The error that a call raises; for an at-most-once call, its cause."""
    kinds = (*expected, *([OutcomeUnknownError] if operation.at_most_once else []))
    with anyio.fail_after(100), pytest.raises(kinds) as caught:
        await operation.call(client)
    error = caught.value
    if isinstance(error, OutcomeUnknownError):
        assert isinstance(error.__cause__, MusementError)
        error = error.__cause__
    assert isinstance(error, expected)
    return error


@pytest.mark.anyio
@pytest.mark.each_choice
@pytest.mark.parametrize("answer", UNREADABLE)
async def test_an_answer_that_cannot_be_read_is_a_decode_error(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, answer: str
) -> None:
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            faulty_server.play(operation.target, UNREADABLE[answer])
            if (operation.name, answer) == ("list", "null"):  # some servers write an empty list so
                assert len(await client.cities.list()) == 0
                continue
            error = await fail(client, operation, DecodeError)
            assert (error.method, error.status in {200, 204, None}) == (operation.method, True)
            assert error.path in str(error)
            assert set(str(error)) <= VISIBLE
        await all_is_well(client)


@pytest.mark.anyio
async def test_no_content_is_a_decode_error_where_there_should_be_some(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any
) -> None:
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            faulty_server.play(operation.target, ("send", b"HTTP/1.1 204 No Content\r\n\r\n"))
            if operation.name == "list":
                assert len(await client.cities.list()) == 0
            else:
                assert (await fail(client, operation, DecodeError)).status == 204
        await all_is_well(client)


@pytest.mark.anyio
@pytest.mark.each_choice
@pytest.mark.parametrize("answer", BROKEN_HTTP)
async def test_an_answer_that_is_not_http_is_a_network_error(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, answer: str
) -> None:
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            faulty_server.play(operation.target, ("send", BROKEN_HTTP[answer]), ("close",))
            # aiohttp accepts some statuses that HTTP does not have.
            error = await fail(client, operation, NetworkError, DecodeError, APIError)
            assert not isinstance(error, APIError) or error.status in {0, 101}
            await anyio.to_thread.run_sync(faulty_server.wait_for_lines, 0)
            assert error.path in str(error)
        await all_is_well(client)


@pytest.mark.anyio
@pytest.mark.parametrize("answer", TOLERATED)
async def test_harmless_faults_are_tolerated(
    faulty_server: Any, open_client: Any, all_is_well: Any, answer: str
) -> None:
    async with open_client() as client:
        for _ in range(3):
            faulty_server.play("call", ("send", TOLERATED[answer]))
            assert (await client.cities.get(2)).name == "Rome"
        await all_is_well(client)


@pytest.mark.anyio
@pytest.mark.parametrize("status", [502, 999])
async def test_a_proxys_error_page_is_a_server_error_with_the_status(
    faulty_server: Any, open_client: Any, operation: Any, all_is_well: Any, status: int
) -> None:
    async with open_client(token=operation.token) as client:
        for _ in range(3):
            faulty_server.play(operation.target, ("answer", status, HTML, {"Content-Type": "text/html"}))
            error = await fail(client, operation, ServerError)
            assert (error.status, error.method) == (status, operation.method)
            assert error.path in str(error)
            assert operation.target == "login" or "Bad gateway" in str(error)
        await all_is_well(client)


# Each with a status.
TOO_LONG: dict[str, Callable[[int], tuple[Any, ...]]] = {
    "sent in full": lambda status: (("answer", status, SPACE),),
    "announced": lambda status: (("send", head(status, b"Content-Length: 1" + b"0" * 18)), ("silent",)),
    "compressed": lambda status: (("answer", status, gzip.compress(SPACE), ZIPPED),),
    "in chunks without end": lambda status: (
        ("send", head(status, b"Transfer-Encoding: chunked")),
        *[("send", b"10000\r\n" + b" " * 2**16 + b"\r\n")] * 64,
        ("silent",),
    ),
}


def head(status: int, header: bytes) -> bytes:
    return b"HTTP/1.1 %d Said\r\n%s\r\n\r\n" % (status, header)


@pytest.mark.anyio
@pytest.mark.parametrize("status", [200, 400, 502])
@pytest.mark.parametrize("answer", TOO_LONG)
async def test_a_body_that_is_longer_than_allowed_is_not_read_on(
    faulty_server: Any, open_client: Any, operation: Any, answer: str, status: int
) -> None:
    async with open_client(token=operation.token, max_body=2**20) as client:
        for _ in range(3):
            faulty_server.play(operation.target, *TOO_LONG[answer](status))
            error = await fail(client, operation, DecodeError, APIError)
            assert error.path in str(error)
        assert (await client.cities.get(2)).name == "Rome"


@pytest.mark.anyio
@pytest.mark.parametrize("more", [b"and more", whole(b'{"id": 3, "name": "Elsewhere", "access_token": "forged"}')])
async def test_bytes_after_an_answer_are_never_read_as_the_next_answer(
    faulty_server: Any, open_client: Any, all_is_well: Any, more: bytes
) -> None:
    async with open_client() as client:
        for _ in range(3):
            faulty_server.play("call", ("send", whole(CITY) + more))
            with suppress(NetworkError):  # some parsers notice at once that there is too much
                assert (await client.cities.get(2)).name == "Rome"
            assert (await client.cities.get(2)).name == "Rome"
        await all_is_well(client)


LOGINS: dict[str, bytes] = {
    "no access token": b'{"expires_in": 3600}',
    "an empty access token": b'{"access_token": ""}',
    "a null access token": b'{"access_token": null}',
    "a line break in the token": b'{"access_token": "good\\r\\nX-Injected: yes"}',
    "a token that is not a text": b'{"access_token": {"value": "good-token"}}',
    "a list": b'[{"access_token": "good-token"}]',
    "a page": HTML,
}


@pytest.mark.anyio
@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_login_without_a_token_that_could_be_used_is_a_decode_error(
    faulty_server: Any, open_client: Any, all_is_well: Any, login: str, method: str
) -> None:
    async with open_client(login_method=method) as client:
        for _ in range(3):
            faulty_server.play("login", ("answer", 200, LOGINS[login]))
            with pytest.raises(DecodeError) as caught:
                await client.cities.get(2)
            error = caught.value
            assert (error.method, error.path, error.status) == (method, "/login", 200)
            assert "good-token" not in repr(error)
        await all_is_well(client)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "lifetime",
    [
        *(b"0", b"-1", b"1e300", b"1e400", b"1" + b"0" * 400, b"3600.5", b"[]", b"true"),
        *(b'"3600"', b'"soon"', b'"NaN"', b'"Infinity"'),
    ],
)
async def test_a_lifetime_of_another_kind_does_not_cost_the_login(
    faulty_server: Any, open_client: Any, all_is_well: Any, lifetime: bytes
) -> None:
    async with open_client() as client:
        faulty_server.play("login", ("answer", 200, b'{"access_token": "good-token", "expires_in": %s}' % lifetime))
        await all_is_well(client)
        assert len(faulty_server.logins) == 1
