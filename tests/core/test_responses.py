"""Unusable responses, and the parts of them that errors show."""

import gzip
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies

from musement_async import APIError, ArgumentError, BadRequestError, DecodeError, MusementClient, ServerError, Token
from musement_async.core.responses import excerpt
from musement_async.transports.backoff import parse_retry_after

HTML = b"<html>\n<head><title>Sign in to the hotel's network</title></head></html>"


class Body(httpx.AsyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces
        self.read = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if self.closed:
                raise httpx.ReadError("closed")
            self.read += 1
            yield piece

    async def aclose(self) -> None:
        self.closed = True


def client_for(response: Callable[[], httpx.Response], **options: Any) -> MusementClient:
    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return response()

    return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=Transport(), **options)


@pytest.mark.anyio
async def test_an_error_shows_how_the_page_of_a_proxy_begins() -> None:
    with pytest.raises(
        DecodeError, match=r"^GET /cities/2: 200, but .*; it begins with <html>\\n<head><title>"
    ) as raised:
        await client_for(lambda: httpx.Response(200, content=HTML)).cities.get(2)
    assert raised.value.excerpt == r"<html>\n<head><title>Sign in to the hotel's network</title></head></html>"
    assert (raised.value.method, raised.value.path, raised.value.status) == ("GET", "/cities/2", 200)
    with pytest.raises(ServerError, match=r"the body begins with <html>") as refused:
        await client_for(lambda: httpx.Response(502, content=HTML)).cities.get(2)
    assert refused.value.excerpt == raised.value.excerpt


@pytest.mark.anyio
async def test_the_api_s_own_errors_have_no_excerpt() -> None:
    with pytest.raises(APIError) as raised:
        await client_for(lambda: httpx.Response(400, json={"code": "7", "message": "no"})).cities.get(2)
    assert raised.value.excerpt is None


@pytest.mark.anyio
@pytest.mark.parametrize("status", [200, 204])
async def test_an_empty_answer_is_told_as_such(status: int) -> None:
    with pytest.raises(DecodeError, match=r": it is empty$") as raised:
        await client_for(lambda: httpx.Response(status)).cities.get(2)
    assert (raised.value.status, raised.value.excerpt) == (status, None)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", None),
        (b"   \n", None),
        (
            b'{"id": 1, "email": "ann@example.com", "tags": ["a", "b"]',
            '{"id": 1, "email": "...", "tags": ["...", "..."]',
        ),
        (b'{"secret": "cut o', '{"secret": "..."'),
        (b'{"secret": "cut \\', '{"secret": "..."'),
        (b'["x\\"y", 3]', '["...", 3]'),
        (b"\xff\xfe\x00<", r"\xff\xfe\x00<"),
        (b"a\r\nX: 1\x1b[31m", r"a\r\nX: 1\x1b[31m"),
        (b"<" * 1000, "<" * 80),
    ],
)
def test_an_excerpt_is_one_line_of_visible_ascii_without_texts(body: bytes, shown: str | None) -> None:
    assert excerpt(body) == shown


@given(
    strategies.text(max_size=40) | strategies.from_regex(r"Wed, \d{1,20} Oct \d{1,20} \d{1,20}:\d\d:\d\d [+-]\d{1,20}")
)
def test_whatever_a_server_asks_for_is_a_length_of_time_or_nothing(text: str) -> None:
    seconds = parse_retry_after({"retry-after": text})
    assert seconds is None or 0 <= seconds <= 86400


@given(strategies.binary(max_size=400))
def test_whatever_comes_an_excerpt_can_be_logged(body: bytes) -> None:
    shown = excerpt(body) or ""
    assert shown.isascii()
    assert shown.isprintable() or shown == ""


@given(strategies.dictionaries(strategies.text(max_size=5), strategies.text(min_size=6, alphabet="secrt-"), max_size=5))
def test_no_text_of_json_is_part_of_an_excerpt(values: dict[str, str]) -> None:
    shown = excerpt(json.dumps(values).encode()) or ""
    names = [name for name in values if f'"{name}":' in shown]
    assert not [value for value in values.values() if f'"{value}"' in shown and value not in names]


@pytest.mark.anyio
async def test_a_body_that_is_announced_as_too_long_is_not_read() -> None:
    body = Body([b"x" * 100])
    client = client_for(lambda: httpx.Response(200, headers={"Content-Length": "100"}, stream=body), max_body=99)
    with pytest.raises(DecodeError, match=r"^GET /cities/2: 200, and a body longer than max_body=99 bytes") as raised:
        await client.cities.get(2)
    assert raised.value.status == 200
    assert (body.read, body.closed) == (0, True)


@pytest.mark.anyio
async def test_a_body_that_turns_out_to_be_too_long_is_not_read_to_its_end() -> None:
    body = Body([b"x" * 10] * 100)
    client = client_for(lambda: httpx.Response(200, stream=body), max_body=25)
    with pytest.raises(DecodeError, match="longer than max_body=25"):
        await client.cities.get(2)
    assert (body.read, body.closed) == (3, True)


@pytest.mark.anyio
async def test_what_counts_is_the_length_after_decompression() -> None:
    packed = gzip.compress(b" " * 100_000)
    client = client_for(
        lambda: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Body([packed])), max_body=50_000
    )
    with pytest.raises(DecodeError, match="longer than max_body=50000"):
        await client.cities.get(2)


@pytest.mark.anyio
async def test_any_length_is_read_where_that_is_wanted() -> None:
    body = json.dumps({"id": 2, "name": "x" * 100}).encode()
    client = client_for(lambda: httpx.Response(200, content=body), max_body=20)
    assert (await client.with_options(max_body=None).cities.get(2)).name == "x" * 100


@pytest.mark.parametrize("value", [0, -1, 1.5, "5", True])
def test_a_longest_body_that_cannot_be_is_refused_by_name(value: Any) -> None:
    with pytest.raises(ArgumentError, match=r"^max_body: must be a whole number of bytes"):
        client_for(lambda: httpx.Response(200), max_body=value)


@pytest.mark.anyio
async def test_a_login_s_answer_that_never_ends_is_no_token() -> None:
    from musement_async import ClientCredentials

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, stream=Body([b"x" * 2**16] * 20))

    client = MusementClient(ClientCredentials("id", "secret"), base_url="http://127.0.0.1", transport=Transport())
    with pytest.raises(DecodeError, match="the login's answer cannot be used: access_token is missing"):
        await client.cities.get(2)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("12", 12),
        (" 1.5 ", 1.5),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00", 0),
        ("", None),
        ("-1", None),
        ("soon", None),
        ("1e9", None),
        ("86401", 86400),
        ("1795852800", 86400),
        ("1795852800000.5", 86400),
        (5000 * "9", 86400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("Thu, 99 Jan 2026 00:00:00 GMT", None),
        ("Wed, 21 Oct 9999999999 07:28:00 GMT", None),
    ],
)
def test_what_a_server_asks_for_is_read_if_it_makes_sense_up_to_a_day(text: str, seconds: float | None) -> None:
    assert parse_retry_after({"retry-after": text}) == seconds


@pytest.mark.anyio
async def test_the_message_of_an_error_is_cut_where_it_gets_too_long() -> None:
    client = client_for(lambda: httpx.Response(400, json={"code": "0", "message": "~" * 400}))
    with pytest.raises(BadRequestError) as caught:
        await client.cities.get(2)
    assert str(caught.value).count("~") == 300


HOSTILE = "\x1b[2J\a\r\nfake line\u202e\x9b"
ESCAPED = r"\x1b[2J\x07\r\nfake line\u202e\x9b"


async def hostile_error(body: object, headers: dict[bytes, bytes] | None = None) -> APIError:
    with pytest.raises(APIError) as raised:
        await client_for(lambda: httpx.Response(400, json=body, headers=httpx.Headers(headers))).cities.get(2)
    return raised.value


@pytest.mark.anyio
@pytest.mark.parametrize(
    "body",
    [
        {"code": "7", "message": HOSTILE},
        {"code": "7", "global_error_message": HOSTILE},
        {"code": HOSTILE, "message": "no"},
        {"code": "7", "message": "no", "errors": [{"field_name": HOSTILE, "field_error_message": "wrong"}]},
        {"code": "7", "message": "no", "errors": [{"field_name": "email", "field_error_message": HOSTILE}]},
    ],
)
async def test_an_error_shows_control_characters_of_the_api_as_escapes(body: object) -> None:
    text = str(await hostile_error(body))
    assert ESCAPED in text
    assert text.isprintable()


@pytest.mark.anyio
async def test_the_facts_of_an_error_hold_no_control_characters() -> None:
    error = await hostile_error(
        {"code": HOSTILE, "message": HOSTILE, "errors": [{"field_name": HOSTILE, "field_error_message": HOSTILE}]}
    )
    assert (error.code, error.api_message, error.field_errors) == (ESCAPED, ESCAPED, {ESCAPED: ESCAPED})


@pytest.mark.anyio
async def test_a_request_id_holds_no_control_characters() -> None:
    error = await hostile_error({"code": "7"}, {b"x-request-id": "id\x1b[2J\u202e".encode()})
    assert error.request_id == r"id\x1b[2J\u202e"


def test_every_error_of_the_library_shows_control_characters_as_escapes() -> None:
    assert str(ArgumentError("url", f"is {HOSTILE}")) == f"url: is {ESCAPED}"
