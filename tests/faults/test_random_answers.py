"""Random answers: each call ends with a model or an error of this library, and the next call works."""

import gzip
from typing import Any

import anyio
import anyio.to_thread
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings

from musement_async import MusementError
from musement_async.models import City

BODY = b'{"id": 2, "name": "Rome", "country": {"id": 82, "iso_code": "IT"}, "weight": 20, "latitude": 41.9}'
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: 1\r\nContent-Length: %d\r\n\r\n" % len(BODY)
    + BODY
)
LOGIN = b'{"access_token": "good-token", "token_type": "Bearer", "expires_in": 3600, "scope": null}'
# Fewer examples: each makes two calls over sockets.
some = settings(
    max_examples=settings().max_examples // 5,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes of which some are replaced, inserted or left out."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data)))
        data[place : place + draw(st.integers(0, 20))] = draw(st.binary(max_size=20))
    return bytes(data)


async def city_or_error(client: Any) -> Any:
    try:
        return await client.cities.get(2)
    except MusementError as error:
        return error


async def survives(faulty_server: Any, client: Any, *steps: Any, target: str = "call") -> None:
    """Make a call with this answer, and another call."""
    faulty_server.forget()
    faulty_server.play(target, *steps)
    with anyio.fail_after(100):
        outcome = await city_or_error(client)
        assert isinstance(outcome, City) or outcome.path in str(outcome)
        faulty_server.forget()
        if steps[-1] != steps[0]:  # it ends the connection, so that the next call has a fresh one
            await anyio.to_thread.run_sync(faulty_server.wait_for_plays)
        assert (await client.cities.get(2)).name == "Rome"


@pytest.mark.anyio
@some
@given(
    body=st.binary(max_size=300) | damaged(BODY),
    status=st.integers(200, 599),
    kind=st.sampled_from(["gzip", "identity"]),
)
@example(body=gzip.compress(BODY), status=200, kind="gzip")
async def test_any_body(faulty_server: Any, open_client: Any, body: bytes, status: int, kind: str) -> None:
    async with open_client() as client:
        await survives(faulty_server, client, ("answer", status, body, {"Content-Encoding": kind}))


@pytest.mark.anyio
@some
@given(answer=st.binary(max_size=300) | damaged(ANSWER) | st.binary(max_size=100).map(b"HTTP/1.1 ".__add__))
async def test_any_bytes_in_the_place_of_an_answer(faulty_server: Any, open_client: Any, answer: bytes) -> None:
    async with open_client() as client:
        await survives(faulty_server, client, ("send", answer), ("close",))


HEADERS = st.lists(
    st.tuples(
        st.sampled_from([b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Location", b"Retry-After"])
        | st.sampled_from(
            [b"Content-Type", b"Set-Cookie", b"Connection", b"Date", b"WWW-Authenticate", b"X-Request-Id"]
        ),
        st.binary(max_size=20) | st.sampled_from([b"0", b"10", b"chunked", b"gzip", b"deflate, gzip", b"close", b"/"]),
    ),
    max_size=5,
)


@pytest.mark.anyio
@some
@given(status=st.integers(0, 999), headers=HEADERS)
@example(status=401, headers=[])
async def test_any_head(faulty_server: Any, open_client: Any, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    lines = [b"HTTP/1.1 %03d Said" % status, *(name + b": " + value for name, value in headers), b"", BODY]
    async with open_client() as client:
        await survives(faulty_server, client, ("send", b"\r\n".join(lines)), ("close",))


@pytest.mark.anyio
@some
@given(cut=st.integers(0, len(ANSWER) - 1), end=st.sampled_from(["reset", "close", "half_close"]))
async def test_any_cut(faulty_server: Any, open_client: Any, cut: int, end: str) -> None:
    async with open_client() as client:
        await survives(faulty_server, client, ("send", ANSWER[:cut]), (end,))


@pytest.mark.anyio
@some
@given(login=st.binary(max_size=100) | damaged(LOGIN), status=st.integers(200, 599))
async def test_any_login(faulty_server: Any, open_client: Any, login: bytes, status: int) -> None:
    async with open_client() as client:
        await survives(faulty_server, client, ("answer", status, login), target="login")
