"""The application of docs/fastapi.md, at a local Musement."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from starlette.requests import Request

from musement_async import MemoryTokenStore, MusementClient, Token
from musement_async.integrations.fastapi import get_client, musement_lifespan
from musement_async.models import OrderItemStatus, OrderItemUpdate
from musement_async.testing import LocalMusement

pytestmark = pytest.mark.asyncio


@pytest.fixture
def page(names_of_page: Callable[[str], Any]) -> Any:
    return names_of_page("fastapi.md")


@pytest_asyncio.fixture
async def guest(page: Any, local_musement: LocalMusement) -> AsyncIterator[httpx.AsyncClient]:
    musement = local_musement.client(token_store=MemoryTokenStore())
    page.app.dependency_overrides[get_client] = lambda: musement
    async with musement, httpx.AsyncClient(transport=httpx.ASGITransport(page.app), base_url="https://app") as visitor:
        yield visitor


async def test_the_test_on_the_page_passes(page: Any, musement_client: MusementClient) -> None:
    await page.test_a_city_has_a_name(musement_client)


async def test_answers_are_models(guest: httpx.AsyncClient) -> None:
    assert (await guest.get("/activities", params={"text": "museum"})).json()["items"]
    assert (await guest.get("/all-activities", params={"text": "skip-the-line"})).json()
    assert (await guest.post("/cities", json={"id": 2})).json()["id"] == 2


async def test_a_customer_logs_in_and_out(guest: httpx.AsyncClient, local_musement: LocalMusement) -> None:
    login = {"username": local_musement.username, "password": local_musement.password}
    statuses = [
        (await guest.get("/me")).status_code,
        (await guest.post("/login", json=login)).status_code,
        (await guest.get("/me")).status_code,
        (await guest.post("/logout")).status_code,
        (await guest.get("/me")).status_code,
    ]
    assert statuses == [401, 200, 200, 200, 401]


async def test_a_cart_is_for_its_owner_alone(
    page: Any, guest: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    await guest.post("/login", json={"username": local_musement.username, "password": local_musement.password})
    cart = (await guest.post("/carts")).json()["uuid"]
    assert (await guest.get(f"/carts/{cart}")).json()["uuid"] == cart
    page.owners.clear()
    assert (await guest.get(f"/carts/{cart}")).status_code == 404


async def test_a_handler_of_webhooks_reads_the_order(page: Any) -> None:
    order, item = UUID(int=1), UUID(int=2)

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path.endswith(f"/orders/{order}")
        return httpx.Response(200, json={"uuid": str(order), "identifier": "MUS1", "status": "OK"})

    def open_client() -> MusementClient:
        return MusementClient(token=Token(access_token="A"), transport=httpx.MockTransport(answer))

    app = FastAPI(lifespan=musement_lifespan(open_client))
    update = OrderItemUpdate(
        order_uuid=order, order_item_uuid=item, order_item_version=7, order_item_status=OrderItemStatus.OK
    )
    async with app.router.lifespan_context(app) as state:
        await page.handle_with_order(update, Request({"type": "http", "state": state}))
    assert page.heard[-1] == "MUS1 version 7: OK"


async def test_a_webhook_reaches_the_handler(
    page: Any, guest: httpx.AsyncClient, local_musement: LocalMusement
) -> None:
    order_uuid, item_uuid = local_musement.activity_uuids()[:2]
    update = {"order_uuid": order_uuid, "order_item_uuid": item_uuid}
    body = {**update, "order_item_version": 1, "order_item_status": "OK"}
    answer = await guest.post("/webhooks/musement", json=body, auth=("musement", "a password of your own"))
    assert (answer.status_code, page.heard) == (200, ["OK"])


async def test_two_lifespans_share_a_state(
    page: Any, shared_musement: LocalMusement, shared_musement_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEMENT_BASE_URL", shared_musement_url)
    monkeypatch.setenv("MUSEMENT_CLIENT_ID", shared_musement.client_id)
    monkeypatch.setenv("MUSEMENT_CLIENT_SECRET", shared_musement.client_secret)
    app = page.app_with_both
    async with app.router.lifespan_context(app) as state:
        assert state["greeting"] == "ciao"
