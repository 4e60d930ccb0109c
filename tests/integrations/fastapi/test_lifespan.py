import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from musement_async import ClientClosedError, MusementClient
from musement_async.integrations.fastapi import Client, get_client, musement_lifespan
from musement_async.models import City
from musement_async.testing import LocalMusement

Visit = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]


def with_city(app: FastAPI) -> FastAPI:
    @app.get("/cities/{city_id}")
    async def read(client: Client, city_id: int) -> City:
        return await client.cities.get(city_id)

    return app


@pytest.mark.asyncio
async def test_one_client_serves_all_requests_and_is_closed_at_the_end(
    visit: Visit, local_musement: LocalMusement
) -> None:
    made: list[MusementClient] = []

    def make_client() -> MusementClient:
        made.append(local_musement.client())
        return made[-1]

    async with visit(with_city(FastAPI(lifespan=musement_lifespan(make_client)))) as visitor:
        assert [(await visitor.get("/cities/2")).json()["name"] for _ in range(3)] == ["Rome"] * 3
    assert len(made) == 1
    assert local_musement.logins() == 1
    with pytest.raises(ClientClosedError):
        await made[0].cities.get(2)


@pytest.mark.asyncio
async def test_it_goes_together_with_a_lifespan_of_the_applications_own(
    visit: Visit, local_musement: LocalMusement
) -> None:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[dict[str, Any]]:
        async with musement_lifespan(local_musement.client)(app) as state:
            yield {**state, "greeting": "ciao"}

    app = with_city(FastAPI(lifespan=lifespan))

    @app.get("/greeting")
    async def greet(connection: HTTPConnection) -> str:
        return str(connection.state.greeting)

    async with visit(app) as visitor:
        assert (await visitor.get("/greeting")).json() == "ciao"
        assert (await visitor.get("/cities/2")).json()["name"] == "Rome"


@pytest.mark.asyncio
async def test_a_mounted_application_has_the_same_client(visit: Visit, local_musement: LocalMusement) -> None:
    app = FastAPI(lifespan=musement_lifespan(local_musement.client))
    app.mount("/inner", with_city(FastAPI()))
    async with visit(app) as visitor:
        assert (await visitor.get("/inner/cities/2")).json()["name"] == "Rome"


@pytest.mark.asyncio
async def test_a_test_can_put_another_client_in_its_place(musement_client: MusementClient) -> None:
    app = with_city(FastAPI(lifespan=musement_lifespan(MusementClient.from_env)))
    app.dependency_overrides[get_client] = lambda: musement_client
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as visitor:
        assert (await visitor.get("/cities/2")).json()["name"] == "Rome"


@pytest.mark.asyncio
async def test_without_the_lifespan_there_is_a_clear_error() -> None:
    app = with_city(FastAPI())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as visitor:
        with pytest.raises(RuntimeError, match="musement_lifespan"):
            await visitor.get("/cities/2")


@pytest.fixture
def _reimported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("musement_async.integrations.fastapi")]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.usefixtures("_reimported")
def test_without_fastapi_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    with pytest.raises(ImportError, match="the extra 'fastapi'"):
        __import__("musement_async.integrations.fastapi")


@pytest.mark.usefixtures("_reimported")
def test_another_module_that_is_missing_is_named_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "musement_async.webhooks", None)
    with pytest.raises(ModuleNotFoundError, match=r"musement_async\.webhooks"):
        __import__("musement_async.integrations.fastapi")
