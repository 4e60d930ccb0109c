import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import anyio
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from openapi_spec_validator import validate
from starlette.requests import Request

from musement_async import ArgumentError, WebhookCredentials
from musement_async.integrations.fastapi import MemoryDeliveryStore, install_error_handlers, webhook_router
from musement_async.integrations.fastapi.redis import RedisDeliveryStore
from musement_async.models import OrderItemStatus, OrderItemUpdate

URL = "/webhooks/musement"
CREDENTIALS = WebhookCredentials("musement", "secret-password")
SHOWN = ("musement", "secret-password")


class Desk:
    """Handles updates, and fails or waits where it is told to."""

    def __init__(self) -> None:
        self.handled: list[int | None] = []
        self.failures: list[BaseException] = []
        self.go = anyio.Event()
        self.go.set()
        self.begun = anyio.Event()

    async def __call__(self, update: OrderItemUpdate, _request: Request) -> None:
        self.begun.set()
        await self.go.wait()
        if self.failures:
            raise self.failures.pop()
        self.handled.append(update.order_item_version)


@pytest_asyncio.fixture
async def desk() -> Desk:
    return Desk()


@pytest_asyncio.fixture(params=["memory", "redis"])
async def deliveries(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    if request.param == "memory":
        yield MemoryDeliveryStore()
        return
    prefix = f"test-{secrets.token_hex(8)}:"
    async with RedisDeliveryStore(request.getfixturevalue("redis_url"), prefix=prefix) as store:
        yield store


@pytest_asyncio.fixture
async def musement(desk: Desk, deliveries: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor in Musement's place, who shows its credentials."""
    app = FastAPI()
    app.include_router(webhook_router(CREDENTIALS, desk, deliveries=deliveries))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app", auth=SHOWN) as client:
        yield client


@pytest.fixture
def update() -> Callable[[int], dict[str, Any]]:
    item = str(uuid4())

    def update(version: int) -> dict[str, Any]:
        return {
            "order_uuid": str(uuid4()),
            "order_item_uuid": item,
            "order_item_version": version,
            "order_item_status": "OK",
        }

    return update


@pytest.mark.asyncio
async def test_news_are_handled_and_what_came_before_is_dropped(
    musement: httpx.AsyncClient, desk: Desk, update: Callable[[int], dict[str, Any]]
) -> None:
    statuses = [(await musement.post(URL, json=update(version))).status_code for version in (1, 1, 3, 2, 3)]
    assert statuses == [200] * 5
    assert desk.handled == [1, 3]


@pytest.mark.asyncio
async def test_the_handler_gets_the_update_and_the_request(update: Callable[[int], dict[str, Any]]) -> None:
    seen: list[tuple[object, ...]] = []

    async def handle(update: OrderItemUpdate, request: Request) -> None:
        seen.append((update.order_item_status, request.url.path))

    app = FastAPI()
    app.include_router(webhook_router(CREDENTIALS, handle, path="/told"), prefix="/inner")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app", auth=SHOWN) as musement:
        assert (await musement.post("/inner/told", json=update(1))).status_code == 200
    assert seen == [(OrderItemStatus.OK, "/inner/told")]


@pytest.mark.asyncio
@pytest.mark.parametrize("shown", [None, ("musement", "guessed"), ("somebody", "secret-password")])
async def test_who_does_not_show_the_credentials_is_refused_before_anything_is_read(
    musement: httpx.AsyncClient, desk: Desk, shown: tuple[str, str] | None
) -> None:
    musement.auth = None if shown is None else httpx.BasicAuth(*shown)  # type: ignore[assignment]
    answer = await musement.post(URL, content=b"nonsense")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Basic realm="webhook", charset="UTF-8"')
    assert answer.headers["content-type"] == "application/problem+json"
    assert desk.handled == []


@pytest.mark.asyncio
async def test_credentials_beyond_ascii_are_accepted(desk: Desk, update: Callable[[int], dict[str, Any]]) -> None:
    credentials = WebhookCredentials("señor", "пароль-€")
    app = FastAPI()
    app.include_router(webhook_router(credentials, desk))
    shown = base64.b64encode("señor:пароль-€".encode()).decode()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as musement:
        answer = await musement.post(URL, json=update(1), headers={"Authorization": f"Basic {shown}"})
    assert (answer.status_code, desk.handled) == (200, [1])


@pytest.mark.asyncio
async def test_an_authorization_of_another_kind_is_refused(musement: httpx.AsyncClient) -> None:
    musement.auth = None  # type: ignore[assignment]
    for header in ("Bearer token", "Basic not-base64"):
        assert (await musement.post(URL, headers={"Authorization": header})).status_code == 401


@pytest.mark.asyncio
@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b'{"order_uuid": "no uuid"}'])
async def test_a_body_that_is_not_an_update_is_refused(musement: httpx.AsyncClient, desk: Desk, body: bytes) -> None:
    answer = await musement.post(URL, content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "WebhookError")
    assert desk.handled == []


@pytest.mark.asyncio
async def test_a_body_that_is_far_too_long_is_not_read_to_its_end(musement: httpx.AsyncClient, desk: Desk) -> None:
    assert (await musement.post(URL, content=b" " * 70_000)).status_code == 413


@pytest.mark.asyncio
async def test_what_could_not_be_handled_is_sent_again_and_is_news_again(
    musement: httpx.AsyncClient,
    desk: Desk,
    update: Callable[[int], dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk.failures = [RuntimeError("the database is away")]
    answer = await musement.post(URL, json=update(2))
    assert answer.status_code == 500
    assert "database" not in answer.text
    assert "the database is away" in caplog.text
    assert (await musement.post(URL, json=update(2))).status_code == 200
    assert (await musement.post(URL, json=update(1))).status_code == 200
    assert desk.handled == [2]


@pytest.mark.asyncio
async def test_two_deliveries_at_once_are_one_run_and_none_is_accepted_before_it_ends(
    musement: httpx.AsyncClient, desk: Desk, update: Callable[[int], dict[str, Any]]
) -> None:
    desk.go = anyio.Event()
    body = update(1)
    with anyio.fail_after(100):
        posts = [asyncio.create_task(musement.post(URL, json=body)) for _ in range(3)]
        await desk.begun.wait()
        await anyio.wait_all_tasks_blocked()
        assert [post.done() for post in posts] == [False] * 3
        desk.go.set()
        assert [(await post).status_code for post in posts] == [200] * 3
    assert desk.handled == [1]


@pytest.mark.asyncio
async def test_the_second_of_two_deliveries_takes_over_where_the_first_one_failed(
    musement: httpx.AsyncClient, desk: Desk, update: Callable[[int], dict[str, Any]]
) -> None:
    desk.go = anyio.Event()
    desk.failures = [RuntimeError("once")]
    body = update(1)
    with anyio.fail_after(100):
        posts = [asyncio.create_task(musement.post(URL, json=body)) for _ in range(2)]
        await desk.begun.wait()
        desk.go.set()
        assert [(await post).status_code for post in posts] == [500, 200]
    assert desk.handled == [1]


@pytest.mark.asyncio
async def test_updates_of_other_items_do_not_wait(desk: Desk, musement: httpx.AsyncClient) -> None:
    desk.go = anyio.Event()
    begun: list[object] = []

    async def handle(update: OrderItemUpdate, _request: Request) -> None:
        begun.append(update.order_item_uuid)
        if len(begun) == 3:
            desk.go.set()
        await desk.go.wait()

    app = FastAPI()
    app.include_router(webhook_router(CREDENTIALS, handle))
    told = {"order_uuid": str(uuid4()), "order_item_version": 1, "order_item_status": "OK"}
    bodies = [{**told, "order_item_uuid": str(uuid4())} for _ in range(3)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app", auth=SHOWN) as sender:
        with anyio.fail_after(100):
            async with anyio.create_task_group() as tasks:
                for body in bodies:
                    tasks.start_soon(lambda body=body: sender.post(URL, json=body))  # type: ignore[misc]
    assert len(begun) == 3


@pytest.mark.asyncio
async def test_a_handler_that_is_cut_off_has_not_handled_it(
    musement: httpx.AsyncClient, desk: Desk, deliveries: Any, update: Callable[[int], dict[str, Any]]
) -> None:
    desk.go = anyio.Event()
    body = update(1)
    with anyio.fail_after(100):
        post = asyncio.create_task(musement.post(URL, json=body))
        await desk.begun.wait()
        post.cancel()
        with pytest.raises(asyncio.CancelledError):
            await post
        desk.go.set()
        assert (await musement.post(URL, json=body)).status_code == 200
    assert desk.handled == [1]


def test_the_webhook_is_described() -> None:
    async def handle(update: OrderItemUpdate, _request: Request) -> None:
        raise NotImplementedError

    app = FastAPI()
    install_error_handlers(app)
    app.include_router(webhook_router(CREDENTIALS, handle))
    description = app.openapi()
    validate(description)
    operation = description["paths"][URL]["post"]
    assert {"200", "400", "401", "500"} <= set(operation["responses"])
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert "OK" in json.dumps(schema["properties"]["order_item_status"])
    assert operation["security"] == [{"MusementWebhook": []}]


@pytest.mark.asyncio
async def test_workers_that_share_a_redis_handle_an_update_once(
    redis_url: str, desk: Desk, update: Callable[[int], dict[str, Any]]
) -> None:
    prefix, body = f"test-{secrets.token_hex(8)}:", update(1)
    desk.go = anyio.Event()
    stores = [RedisDeliveryStore(redis_url, prefix=prefix) for _ in range(2)]
    posts: list[asyncio.Task[httpx.Response]] = []
    with anyio.fail_after(100):
        async with stores[0], stores[1]:
            for store in stores:
                app = FastAPI()
                app.include_router(webhook_router(CREDENTIALS, desk, deliveries=store, timeout=60))
                musement = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app", auth=SHOWN)
                posts += [asyncio.create_task(musement.post(URL, json=body)) for _ in range(2)]
            await desk.begun.wait()
            desk.go.set()
            assert [(await post).status_code for post in posts] == [200] * 4
    assert desk.handled == [1]


@pytest.mark.asyncio
async def test_a_handler_that_hangs_has_failed(desk: Desk, update: Callable[[int], dict[str, Any]]) -> None:
    app = FastAPI()
    app.include_router(webhook_router(CREDENTIALS, desk, timeout=0.05))
    desk.go, body = anyio.Event(), update(1)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app", auth=SHOWN) as musement:
        with anyio.fail_after(100):
            assert (await musement.post(URL, json=body)).status_code == 500
        desk.go.set()
        assert (await musement.post(URL, json=body)).status_code == 200
    assert desk.handled == [1]


@pytest.mark.asyncio
async def test_a_failed_handler_is_logged_once_with_the_facts_of_the_update(
    musement: httpx.AsyncClient, desk: Desk, update: Callable[[int], dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    desk.failures = [RuntimeError("the database is away")]
    body = update(3)
    assert (await musement.post(URL, json=body)).status_code == 500
    (message,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert f"order item {body['order_item_uuid']} was not handled" in message
    assert message.endswith(f": order {body['order_uuid']}, version 3, status OK")


@pytest.mark.asyncio
async def test_an_absurd_version_does_not_silence_an_item(
    musement: httpx.AsyncClient, desk: Desk, update: Callable[[int], dict[str, Any]]
) -> None:
    for version in (1, 2**62, 2**62, 2, 2, 3):
        assert (await musement.post(URL, json=update(version))).status_code == 200
    assert desk.handled == [1, 2**62, 2, 3]


@pytest.mark.asyncio
async def test_memory_remembers_the_latest_items_only() -> None:
    store, items = MemoryDeliveryStore(2), [uuid4() for _ in range(3)]
    for item in items:
        await store.save(item, 1)
    assert (len(store), await store.load(items[0])) == (2, None)


@pytest.mark.parametrize("timeout", [0, -1, True, float("inf")])
def test_a_timeout_that_is_none_is_refused(timeout: float) -> None:
    async def desk(update: OrderItemUpdate, _request: Request) -> None:
        raise NotImplementedError

    with pytest.raises(ArgumentError, match="timeout"):
        webhook_router(CREDENTIALS, desk, timeout=timeout)


def test_a_memory_of_nothing_is_refused(redis_url: str) -> None:
    with pytest.raises(ArgumentError, match="capacity"):
        MemoryDeliveryStore(0)
    with pytest.raises(ArgumentError, match="keep"):
        RedisDeliveryStore(redis_url, keep=timedelta())
