"""The router for probes."""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
from fastapi import FastAPI

from musement_async import ArgumentError
from musement_async.integrations.fastapi import Client, Health, install_error_handlers, musement_lifespan
from musement_async.models import City
from musement_async.testing import LocalMusement

Visit = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]


def with_health(local: LocalMusement, health: Health) -> FastAPI:
    app = FastAPI(lifespan=musement_lifespan(lambda: local.client(retries=0), health=health))
    install_error_handlers(app)
    app.include_router(health.router)

    @app.get("/city")
    async def city(client: Client) -> City:
        return await client.cities.get(2)

    return app


@pytest.mark.asyncio
async def test_a_process_is_alive_and_ready_before_musement_was_asked(
    visit: Visit, local_musement: LocalMusement
) -> None:
    async with visit(with_health(local_musement, Health())) as visitor:
        assert (await visitor.get("/health/live")).json() == {"status": "alive"}
        answer = await visitor.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "last_good_answer_age": None})
    assert local_musement.count() == 0


@pytest.mark.asyncio
async def test_readiness_tells_the_age_of_the_last_good_answer(visit: Visit, local_musement: LocalMusement) -> None:
    async with visit(with_health(local_musement, Health())) as visitor:
        await visitor.get("/city")
        assert (await visitor.get("/health/ready")).json()["last_good_answer_age"] >= 0


@pytest.mark.asyncio
async def test_failures_alone_for_too_long_make_a_process_not_ready_until_an_answer_comes(
    visit: Visit, local_musement: LocalMusement
) -> None:
    async with visit(with_health(local_musement, Health(failing_for=1e-6))) as visitor:
        local_musement.fail_next(2, status=503, path="/cities/{cityId}")
        for _ in range(2):
            assert (await visitor.get("/city")).status_code == 502
        failed_at = time.monotonic()
        while time.monotonic() == failed_at:
            pass
        assert (await visitor.get("/health/ready")).status_code == 503
        assert (await visitor.get("/health/live")).status_code == 200
        await visitor.get("/city")
        assert (await visitor.get("/health/ready")).status_code == 200


@pytest.mark.asyncio
async def test_an_outage_of_musement_alone_takes_no_process_away(visit: Visit, local_musement: LocalMusement) -> None:
    async with visit(with_health(local_musement, Health())) as visitor:
        local_musement.fail_next(1, status=503, path="/cities/{cityId}")
        await visitor.get("/city")
        assert (await visitor.get("/health/ready")).status_code == 200


@pytest.mark.asyncio
async def test_a_process_that_stops_is_not_ready(visit: Visit, local_musement: LocalMusement) -> None:
    app = with_health(local_musement, Health())
    async with visit(app):
        pass
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as visitor:
        assert (await visitor.get("/health/ready")).json()["status"] == "not ready"


@pytest.mark.parametrize("seconds", [0, True, float("inf")])
def test_a_time_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ArgumentError, match="failing_for"):
        Health(failing_for=seconds)
