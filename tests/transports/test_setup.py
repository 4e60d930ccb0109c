"""The setup of everything between a client and the network."""

import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from musement_async import ArgumentError, ClientClosedError, MusementClient, MusementTransport, Token
from musement_async.transports.setup import CookielessClient, SharedTransport, is_loopback, open_network

PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Proxy:
    """A proxy that accepts one connection, keeps its first line and closes it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(10)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.line: bytes | None = None
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except OSError:
            return
        with connection:
            self.line = connection.recv(4096).partition(b"\r\n")[0]

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    server = Proxy()
    yield server
    server.close()


async def ask(base_url: str, *, proxy: str | None = None, trust_env: bool = True) -> None:
    token = Token(access_token="A1")
    options: Any = {"proxy": proxy, "trust_env": trust_env, "retries": 0, "allow_insecure_http": True}
    async with MusementClient(token=token, base_url=base_url, **options) as client:
        await client.http.get(base_url)


@pytest.mark.anyio
@pytest.mark.parametrize("scheme", ["", "http://"])
@pytest.mark.parametrize("variable", ["http_proxy", "ALL_PROXY"])
async def test_the_environments_proxy_is_used(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str
) -> None:
    monkeypatch.setenv(variable, scheme + proxy.address)
    with pytest.raises(httpx.TransportError):
        await ask("http://musement.invalid/api/v3")
    assert proxy.line == b"GET http://musement.invalid/api/v3 HTTP/1.1"


@pytest.mark.anyio
async def test_a_proxy_that_is_given_goes_before_the_environments(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(httpx.TransportError):
        await ask("http://musement.invalid", proxy=f"http://{proxy.address}")
    assert proxy.line is not None


@pytest.mark.anyio
async def test_the_environment_can_be_left_out(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy.address)
    with pytest.raises(httpx.ConnectError):
        await ask("http://musement.invalid", trust_env=False)
    assert proxy.line is None


@pytest.mark.anyio
async def test_the_environment_can_except_a_host(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy.address)
    monkeypatch.setenv("no_proxy", "musement.invalid")
    with pytest.raises(httpx.ConnectError):
        await ask("http://musement.invalid")
    assert proxy.line is None


@pytest.mark.anyio
async def test_requests_to_this_machine_use_no_proxy(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxy.address)
    with pytest.raises(httpx.ConnectError):
        await ask("http://127.0.0.1:1")
    assert proxy.line is None


@pytest.mark.anyio
async def test_the_client_uses_a_proxy_for_an_api_behind_tls(proxy: Proxy) -> None:
    token = Token(access_token="A1")
    client = MusementClient(token=token, proxy=f"http://{proxy.address}", verify=ssl.create_default_context())
    async with client:
        with pytest.raises(httpx.TransportError):
            await client.http.get("/cities")
    assert proxy.line == b"CONNECT api.musement.com:443 HTTP/1.1"


@pytest.mark.parametrize("proxy", ["foo://127.0.0.1", "http://h:x"])
def test_a_proxy_that_cannot_be_used_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(ArgumentError, match=r"^proxy: cannot be used"):
        MusementClient(token=Token(access_token="A1"))


def test_certificates_that_cannot_be_read_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "nowhere.pem")
    with pytest.raises(ArgumentError, match=r"^verify: the certificates to trust cannot be read"):
        MusementClient(token=Token(access_token="A1"))


LIMITS = httpx.Limits(max_connections=2, max_keepalive_connections=2)


def test_http2_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ArgumentError, match=r"^http2: needs the extra 'http2'"):
        open_network("httpcore", limits=LIMITS, verify=ssl.create_default_context(), http2=True)


def test_a_proxy_of_socks_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ArgumentError, match=r"^proxy: cannot be used: a SOCKS proxy needs the extra 'socks'"):
        open_network("httpcore", limits=LIMITS, verify=ssl.create_default_context(), proxy="socks5://127.0.0.1:1")


@pytest.mark.parametrize("options", [{"http2": True}, {"uds": "a-socket"}], ids=list)
def test_aiohttp_names_what_it_cannot_do(options: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=rf"^{next(iter(options))}: is not supported by the network 'aiohttp'"):
        open_network("aiohttp", limits=LIMITS, verify=ssl.create_default_context(), **options)


class Recorder(httpx.AsyncBaseTransport):
    def __init__(self) -> None:
        self.closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.anyio
async def test_a_shared_transport_outlives_those_who_share_it() -> None:
    owned = Recorder()
    for _ in range(2):
        async with httpx.AsyncClient(transport=SharedTransport(owned, lambda: False)) as client:
            assert (await client.get("http://musement.invalid")).status_code == 200
    assert not owned.closed


@pytest.mark.anyio
async def test_one_who_has_closed_its_client_is_refused() -> None:
    closed = False
    transport = SharedTransport(Recorder(), lambda: closed)
    request = httpx.Request("GET", "http://musement.invalid")
    assert (await transport.handle_async_request(request)).status_code == 200
    closed = True
    with pytest.raises(ClientClosedError, match="the client is closed"):
        await transport.handle_async_request(request)


@pytest.mark.anyio
async def test_no_cookie_of_an_answer_is_kept() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert "cookie" not in request.headers
        return httpx.Response(200, headers={"Set-Cookie": "a=b"})

    async with CookielessClient(transport=httpx.MockTransport(answer)) as client:
        for _ in range(2):
            await client.get("http://musement.invalid")


@pytest.mark.parametrize(
    "options",
    [
        *({"proxy": "http://127.0.0.1:1"}, {"limits": LIMITS}, {"verify": False}, {"network": "aiohttp"}),
        *({"http2": True}, {"local_address": "127.0.0.1"}, {"uds": "a-socket"}),
    ],
    ids=list,
)
def test_a_transport_has_its_own_settings(options: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=rf"^{next(iter(options))}: belongs to the transport that is given"):
        MusementTransport(Recorder(), **options)


def test_connections_without_limit_are_requests_without_limit() -> None:
    assert MusementTransport(limits=httpx.Limits(), verify=False).concurrency is None


@pytest.mark.parametrize(
    ("host", "known"), [("localhost", True), ("127.0.0.9", True), ("::1", True), ("10.0.0.1", False), ("a.test", False)]
)
def test_this_machine_is_known_by_its_names(host: str, *, known: bool) -> None:
    assert is_loopback(host) is known
