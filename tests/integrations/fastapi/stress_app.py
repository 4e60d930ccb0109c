"""The application that the stress test starts twice; its settings come from the environment."""

import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Body, Depends, FastAPI, Request

from musement_async import MusementClient
from musement_async.integrations.fastapi import (
    Client,
    CustomerSessions,
    LoggedIn,
    LoginLimit,
    address_of,
    install_error_handlers,
    musement_lifespan,
)
from musement_async.integrations.fastapi.redis import RedisLoginLimiter, RedisSessionStore
from musement_async.models import Customer
from musement_async.stores.redis import RedisTokenStore

logging.basicConfig(level=logging.INFO)

URL, PREFIX = os.environ["MUSEMENT_REDIS_URL"], os.environ["STRESS_PREFIX"]
tokens = RedisTokenStore(URL, prefix=f"{PREFIX}tokens:")
store = RedisSessionStore(URL, prefix=f"{PREFIX}app:")
limiter = RedisLoginLimiter(URL, per_address=LoginLimit(100_000, 900.0), prefix=f"{PREFIX}app:")
sessions = CustomerSessions(store=store, limiter=limiter, capacity=100)


def make_client() -> MusementClient:
    return MusementClient.from_env(token_store=tokens)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[dict[str, MusementClient]]:
    async with tokens, store, limiter, musement_lifespan(make_client)(app) as state:
        yield state


app = FastAPI(lifespan=lifespan)
install_error_handlers(app)


@app.post("/login")
async def log_in(
    client: Client, request: Request, username: Annotated[str, Body()], password: Annotated[str, Body()]
) -> str:
    return (await sessions.log_in(client, username, password, address=address_of(request))).id


@app.post("/logout")
async def log_out(client: Client, session: Annotated[LoggedIn, Depends(sessions.current)]) -> None:
    await sessions.end(client, session)


@app.get("/me")
async def me(client: Annotated[MusementClient, Depends(sessions.client)]) -> Customer:
    return await client.account.get()
