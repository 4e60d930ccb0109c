"""The application, put together."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from musement_async import MusementClient, WebhookCredentials
from musement_async.integrations.fastapi import install_error_handlers, musement_lifespan, webhook_router

from . import booking, catalogue, customers
from .memory import Memory
from .updates import follow_catalogue, keep_update


def create_app(make_client: Callable[[], MusementClient], webhook_credentials: WebhookCredentials) -> FastAPI:
    """The shop.

    Args:
        make_client: Makes the one client of the application. It has a token store, so that customers stay logged in,
            and a cache: what visitors look at is asked for once.
        webhook_credentials: The credentials that Musement sends with a webhook.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[dict[str, Any]]:
        async with musement_lifespan(make_client)(app) as state:
            following = asyncio.create_task(follow_catalogue(state["musement_client"]))
            try:
                yield {**state, "memory": Memory()}
            finally:
                following.cancel()
                await asyncio.wait([following])

    app = FastAPI(title="Tour shop", version="1.0", lifespan=lifespan)
    install_error_handlers(app)
    app.include_router(catalogue.router)
    app.include_router(customers.router)
    app.include_router(booking.router)
    app.include_router(webhook_router(webhook_credentials, keep_update))
    return app
