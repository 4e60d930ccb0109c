import asyncio
import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

import anyio
import httpx
import pytest
import uvicorn

from musement_async.testing import LocalMusement
from musement_async.testing.server import port

HEADERS = {"X-Musement-Application": "a-test"}


def get(url: str, **parameters: str) -> tuple[int, bytes]:
    """A GET with the standard library, which does not log."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request("GET", f"{parts.path}?{urlencode(parameters)}", headers=HEADERS)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


_before: set[threading.Thread] = set()


@pytest.fixture(autouse=True)
def _servers_of_other_tests() -> None:
    _before.clear()
    _before.update(threading.enumerate())


def server_threads() -> list[threading.Thread]:
    """The threads of servers that this test has started and not stopped."""
    return [thread for thread in threading.enumerate() if thread.name == "local-musement" and thread not in _before]


@pytest.fixture
def served(shop: LocalMusement) -> Iterator[str]:
    with shop.running() as base_url:
        yield base_url


def test_it_answers_on_a_real_port(served: str) -> None:
    status, body = get(f"{served}/cities", limit="1")
    assert status == 200
    assert b'"Rome"' in body


def test_its_base_url_has_the_port_and_the_path(served: str) -> None:
    parts = urlsplit(served)
    assert (parts.scheme, parts.hostname, parts.path) == ("http", "127.0.0.1", "/api/v3")
    assert parts.port


@pytest.mark.anyio
async def test_it_serves_clients_on_any_loop(
    anyio_backend_name: str, served: str, client_login: dict[str, str]
) -> None:
    async with httpx.AsyncClient(base_url=served, headers=HEADERS) as http_client:
        response = await http_client.post("/login", json=client_login)
        assert response.status_code == 200
        again = await http_client.get("/cities", headers={"Authorization": f"Bearer {response.json()['access_token']}"})
    assert again.status_code == 200


def test_a_port_can_be_chosen(shop: LocalMusement) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with shop.running(port=port) as base_url:
        assert base_url == f"http://127.0.0.1:{port}/api/v3"


def test_an_ipv6_address_is_put_in_brackets(shop: LocalMusement, monkeypatch: pytest.MonkeyPatch) -> None:
    families: list[int] = []
    create = socket.create_server

    def on_ipv4(_address: object, *, family: int, backlog: int) -> socket.socket:
        families.append(family)
        return create(("127.0.0.1", 0), backlog=backlog)

    monkeypatch.setattr(socket, "create_server", on_ipv4)
    with shop.running(host="::1") as base_url:
        assert base_url.startswith("http://[::1]:")
    assert families == [socket.AF_INET6]


def test_nothing_is_left_when_it_stops(shop: LocalMusement) -> None:
    with shop.running() as base_url:
        assert len(server_threads()) == 1
    assert server_threads() == []
    with pytest.raises(ConnectionRefusedError):
        get(base_url)


def test_it_stops_when_the_block_fails(shop: LocalMusement) -> None:
    with pytest.raises(ZeroDivisionError), shop.running():
        raise ZeroDivisionError
    assert server_threads() == []


def test_it_waits_for_no_idle_connection_when_it_stops(shop: LocalMusement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "_GRACE_SECONDS", 3600)
    with shop.running() as base_url:
        parts = urlsplit(base_url)
        connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
        connection.request("GET", f"{parts.path}/cities", headers=HEADERS)
        connection.getresponse().read()
    assert server_threads() == []
    connection.close()


def test_it_stops_with_half_a_request_open(shop: LocalMusement) -> None:
    with socket.socket() as half, shop.running() as base_url:
        half.connect(("127.0.0.1", urlsplit(base_url).port))
        half.sendall(b"POST /api/v3/login HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        # A complete exchange after the incomplete one: by then the server has seen both.
        get(f"{base_url}/cities")
    assert server_threads() == []


def test_it_gives_a_slow_answer_at_once_when_it_stops(
    client_login: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port, "_GRACE_SECONDS", 3600)
    local = LocalMusement()
    local.respond_slowly(3600, after=True)
    with ThreadPoolExecutor(1) as pool, local.running() as base_url:
        answer = pool.submit(get, f"{base_url}/login", **client_login)
        while not local.count():
            assert not answer.done()
            time.sleep(0.001)
    assert answer.result(60)[0] == 200
    assert server_threads() == []


def test_it_sleeps_for_no_fixed_time_when_it_stops(shop: LocalMusement, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def watched(delay: float, result: object = None) -> object:
        slept.append(delay)
        return await sleep(delay, result)

    monkeypatch.setattr(asyncio, "sleep", watched)
    with shop.running() as base_url:
        assert get(f"{base_url}/cities")[0] == 200
    assert all(delay <= 0.001 for delay in slept)


def test_the_date_of_its_answers_goes_on(shop: LocalMusement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "_TICK_SECONDS", 0.001)
    ticks = threading.Semaphore(0)
    tick = uvicorn.Server.on_tick

    async def count(self: uvicorn.Server, counter: int) -> bool:
        ticks.release()
        return await tick(self, counter)

    monkeypatch.setattr(uvicorn.Server, "on_tick", count)
    with shop.running():
        assert all(ticks.acquire(timeout=10) for _ in range(5))


def test_it_can_be_stopped_when_its_loop_is_closed(shop: LocalMusement) -> None:
    stopped = port._Server(shop)
    stopped._loop = asyncio.new_event_loop()
    stopped._loop.close()
    stopped.stop()
    assert stopped.should_exit


def test_it_can_run_again(shop: LocalMusement) -> None:
    for _ in range(2):
        with shop.running() as base_url:
            assert get(f"{base_url}/cities")[0] == 200


def test_it_can_run_on_two_ports_at_once(client_login: dict[str, str]) -> None:
    local = LocalMusement()
    with local.running() as one, local.running() as other:
        assert one != other
        for base_url in (one, other):
            assert get(f"{base_url}/login", **client_login)[0] == 200
    assert local.logins() == 2


def test_a_port_that_is_taken_is_an_error(shop: LocalMusement) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match=r"(?i)in use"),
        shop.running(port=taken.getsockname()[1]),
    ):
        pass
    assert server_threads() == []


def test_a_start_that_fails_is_an_error(shop: LocalMusement, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise SystemExit(3)

    monkeypatch.setattr(uvicorn.Server, "startup", fail)
    with pytest.raises(RuntimeError, match="did not start") as caught, shop.running():
        pass
    assert isinstance(caught.value.__cause__, SystemExit)
    assert server_threads() == []


def test_a_start_that_takes_too_long_is_an_error(shop: LocalMusement, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(self: uvicorn.Server, *_: object) -> None:
        while not self.should_exit:  # noqa: ASYNC110 - uvicorn has no event for its end
            await asyncio.sleep(0.001)

    monkeypatch.setattr(uvicorn.Server, "startup", hang)
    monkeypatch.setattr(port, "_START_SECONDS", 0.05)
    with pytest.raises(RuntimeError, match="did not start"), shop.running():
        pass
    assert server_threads() == []


@pytest.mark.asyncio
async def test_five_hundred_requests_at_once_are_all_answered(served: str) -> None:
    port = urlsplit(served).port
    request = b"GET /api/v3/cities HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Musement-Application: a\r\n\r\n"

    async def exchange() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer[:15]

    answers = await asyncio.gather(*(exchange() for _ in range(500)))
    assert set(answers) == {b"HTTP/1.1 200 OK"}


def test_secrets_stay_out_of_every_log(
    caplog: pytest.LogCaptureFixture, client_login: dict[str, str], customer_login: dict[str, str]
) -> None:
    caplog.set_level(logging.NOTSET)
    with LocalMusement().running() as base_url:
        get(f"{base_url}/login", **client_login)
        status, body = get(f"{base_url}/login", **customer_login)
    assert status == 200
    assert "/api/v3/login" in caplog.text
    for secret in ("local-secret", "local-password", "access_token", body[17:60].decode()):
        assert secret not in caplog.text


def test_the_loggers_of_other_servers_are_left_alone(shop: LocalMusement) -> None:
    logger = logging.getLogger("uvicorn.access")
    handler = logging.NullHandler()
    logger.addHandler(handler)
    try:
        before = (logger.handlers[:], logger.propagate, logger.level)
        with shop.running():
            assert (logger.handlers, logger.propagate, logger.level) == before
    finally:
        logger.removeHandler(handler)


def asgi(local: LocalMusement, scope: dict[str, Any], messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []
    incoming = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(incoming)

    async def send(message: Any) -> None:
        sent.append(message)

    anyio.run(local, scope, receive, send)
    return sent


def test_a_client_that_leaves_in_the_middle_of_its_request_gets_no_answer(local: LocalMusement) -> None:
    scope = {"type": "http", "method": "POST", "path": "/api/v3/login", "query_string": b"", "headers": []}
    begun = {"type": "http.request", "body": b"{", "more_body": True}
    assert asgi(local, scope, [begun, {"type": "http.disconnect"}]) == []
    assert local.count() == 0


def test_other_servers_can_start_and_stop_it(local: LocalMusement) -> None:
    sent = asgi(local, {"type": "lifespan"}, [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
