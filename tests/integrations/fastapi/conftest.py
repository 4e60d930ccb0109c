"""Fixtures of the FastAPI integration's tests."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from musement_async.integrations.fastapi import install_error_handlers, musement_lifespan
from musement_async.testing import LocalMusement

Visit = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def app(local_musement: LocalMusement) -> FastAPI:
    """An application without endpoints, on a client of the local Musement."""
    app = FastAPI(lifespan=musement_lifespan(local_musement.client))
    install_error_handlers(app)
    return app


@pytest.fixture
def visit() -> Visit:
    """Starts an application in process, lifespan included; gives a client of it."""

    @asynccontextmanager
    async def visit(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
        async with app.router.lifespan_context(app) as state:

            async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
                await app({**scope, "state": dict(state or {})}, receive, send)

            transport = httpx.ASGITransport(with_state)
            async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
                yield client

    return visit
