"""Hosts that servers name: public ones, this machine, and private networks."""

import socket
from typing import Any

import anyio
import httpx
import pytest

from musement_async import MusementClient, PrivateHostError, Token
from musement_async.transports.hosts import check_public

PDF = b"%PDF-1.4 %%EOF"
PRIVATE = [
    "localhost",
    "LOCALHOST.",
    "api.localhost",
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]


@pytest.mark.anyio
@pytest.mark.parametrize("host", PRIVATE)
async def test_a_host_of_this_machine_or_a_private_network_is_refused(host: str) -> None:
    with pytest.raises(PrivateHostError, match="allow_private_hosts=True"):
        await check_public(httpx.URL(f"http://{host}/1.pdf"), look_up=False)


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["files.example.com", "8.8.8.8", "[2606:4700::1111]", "[::ffff:8.8.8.8]"])
async def test_a_public_host_is_accepted(host: str) -> None:
    await check_public(httpx.URL(f"http://{host}/1.pdf"), look_up=False)


@pytest.mark.anyio
@pytest.mark.parametrize("found", [["8.8.8.8", "10.0.0.1"], ["fe80::1%eth0"]])
async def test_a_name_with_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, found: list[str]) -> None:
    async def getaddrinfo(*_: Any, **__: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in found]

    monkeypatch.setattr(anyio, "getaddrinfo", getaddrinfo)
    with pytest.raises(PrivateHostError, match=r"^files\.example\.com is"):
        await check_public(httpx.URL("http://files.example.com/1.pdf"), look_up=True)


@pytest.mark.anyio
async def test_a_name_without_an_address_is_left_to_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def getaddrinfo(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(anyio, "getaddrinfo", getaddrinfo)
    await check_public(httpx.URL("http://files.example.com/1.pdf"), look_up=True)


def client_of(**options: Any) -> tuple[MusementClient, list[str]]:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        if request.url.path == "/moved":
            return httpx.Response(302, headers={"Location": "http://169.254.169.254/1.pdf"})
        return httpx.Response(200, content=PDF)

    transport = httpx.MockTransport(answer)
    client = MusementClient(
        token=Token(access_token="A"), base_url="https://api.example.com", transport=transport, **options
    )
    return client, hosts


@pytest.mark.anyio
async def test_a_private_url_of_a_document_is_not_fetched() -> None:
    client, hosts = client_of()
    with pytest.raises(PrivateHostError) as raised:
        await client.orders.download("http://169.254.169.254/1.pdf")
    assert (raised.value.host, hosts) == ("169.254.169.254", [])


@pytest.mark.anyio
async def test_a_redirect_to_a_private_host_is_not_followed() -> None:
    client, hosts = client_of()
    with pytest.raises(PrivateHostError):
        await client.orders.download("https://files.example.com/moved")
    assert hosts == ["files.example.com"]


@pytest.mark.anyio
async def test_a_private_host_is_fetched_where_that_is_allowed() -> None:
    client, _ = client_of(allow_private_hosts=True)
    assert await client.orders.download("https://files.example.com/moved") == PDF
    view = client_of()[0].with_options(allow_private_hosts=True)
    assert await view.orders.download("http://10.0.0.1/1.pdf") == PDF
