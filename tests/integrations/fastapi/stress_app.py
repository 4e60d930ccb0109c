"""The application that the stress test starts twice; its settings come from the environment."""

import logging
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Request
from redis.asyncio.sentinel import Sentinel

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

MANY_SECONDS = 60.0  # a failover takes some of them
make_sentinel: Any = Sentinel
redis: Any = make_sentinel([("127.0.0.1", int(os.environ["STRESS_SENTINEL"]))]).master_for("tokens")
tokens = RedisTokenStore(redis, timeout=MANY_SECONDS, lease=MANY_SECONDS)
store = RedisSessionStore(redis, timeout=MANY_SECONDS)
limiter = RedisLoginLimiter(redis, per_address=LoginLimit(100_000, 900.0), timeout=MANY_SECONDS)
sessions = CustomerSessions(store=store, limiter=limiter, capacity=100)


def make_client() -> MusementClient:
    return MusementClient.from_env(token_store=tokens)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[dict[str, MusementClient]]:
    async with redis, tokens, store, limiter, musement_lifespan(make_client)(app) as state:
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
