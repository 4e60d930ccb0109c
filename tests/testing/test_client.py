import httpx
import pytest
import sniffio

from musement_async import ClientCredentials, MusementClient, PasswordCredentials
from musement_async.testing import LocalMusement


def test_its_credentials_are_those_it_accepts(local: LocalMusement) -> None:
    assert local.credentials == ClientCredentials("local-client", "local-secret")
    assert local.customer == PasswordCredentials(
        "local-client", "local-secret", "customer@example.com", "local-password"
    )


@pytest.mark.anyio
async def test_a_client_of_it_is_ready_to_use(anyio_backend_name: str, local: LocalMusement) -> None:
    assert sniffio.current_async_library() == anyio_backend_name
    async with local.client() as client:
        assert (await client.cities.get(2)).name == "Rome"
    assert local.logins("client_credentials") == 1
    assert {call.headers["x-musement-application"] for call in local.calls} == {"local-application"}


@pytest.mark.anyio
async def test_a_client_can_be_the_customer(anyio_backend_name: str, local: LocalMusement) -> None:
    async with local.client(local.customer) as client:
        await client.cities.get(2)
    assert local.logins("password") == 1


@pytest.mark.anyio
async def test_a_client_takes_options(anyio_backend_name: str, local: LocalMusement) -> None:
    async with local.client(application="mine", language="it-IT") as client:
        assert (await client.cities.get(2)).name == "Roma"
    assert {call.headers["x-musement-application"] for call in local.calls} == {"mine"}


@pytest.mark.anyio
async def test_any_httpx_client_can_use_its_transport(anyio_backend_name: str, local: LocalMusement) -> None:
    async with httpx.AsyncClient(transport=local.transport(), base_url=local.base_url) as client:
        assert (await client.get("/cities")).json()["code"] == "2271"


@pytest.mark.asyncio
async def test_a_client_reaches_it_on_a_real_port(local: LocalMusement) -> None:
    with local.running() as base_url:
        async with MusementClient(local.credentials, base_url=base_url, application=local.application) as client:
            assert (await client.cities.get(2)).name == "Rome"
