"""The end of a session with log_out()."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
import pytest

from musement_async import LoggedOutError, MemoryTokenStore, MusementClient, Token, TokenStoreError
from musement_async.testing import LocalMusement

pytestmark = pytest.mark.anyio

KINDS = ["client", "view", "customer", "token", "token without a store"]


@asynccontextmanager
async def logged_in(kind: str, local: LocalMusement, store: MemoryTokenStore) -> AsyncIterator[MusementClient]:
    async with local.client(local.customer, token_store=store) as client:
        await client.account.get()
        customer = client.as_customer(local.username, local.password)
        await customer.account.get()
        token = customer.token
        assert token is not None
        if kind.startswith("token"):
            await customer.log_out()
        made = {
            "client": client,
            "view": client.with_options(language="it-IT"),
            "customer": customer,
            "token": client.with_token(token, name="anna"),
            "token without a store": client.with_token(token),
        }[kind]
        if kind != "token without a store":
            await made.save_token()
        yield made


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_client_ends_its_session_here_and_in_the_store(kind: str) -> None:
    local, store = LocalMusement(), MemoryTokenStore()
    async with logged_in(kind, local, store) as client:
        await client.account.get()
        local.reset()
        before = len(store._tokens)
        await client.log_out()
        assert client.token is None
        assert len(store._tokens) == before - (kind != "token without a store")
        with pytest.raises(LoggedOutError, match="the session was logged out"):
            await client.account.get()
        with pytest.raises(LoggedOutError):
            await client.http.get("/customers/me")
        assert local.count() == 0


async def test_it_may_be_called_twice(open_client: Any, live: Any) -> None:
    async with open_client(base_url=live.base_url) as client:
        await client.get("/cities/1")
        await client.auth.log_out()
        await client.auth.log_out()
        with pytest.raises(LoggedOutError):
            await client.get("/cities/1")


class BrokenStore(MemoryTokenStore):
    """A store whose delete fails while ``is_down``."""

    is_down = True

    async def delete(self, key: str) -> None:
        if self.is_down:
            raise OSError("the disk is gone")
        await super().delete(key)


async def test_a_store_that_fails_is_an_error_and_the_session_still_ends(open_client: Any, live: Any) -> None:
    store = BrokenStore()
    async with open_client(base_url=live.base_url, token_store=store) as client:
        await client.get("/cities/1")
        with pytest.raises(TokenStoreError, match="the disk is gone"):
            await client.auth.log_out()
        with pytest.raises(LoggedOutError):
            await client.get("/cities/1")
        store.is_down = False
        await client.auth.log_out()
    assert not store._tokens


async def test_a_call_that_waits_for_a_login_meanwhile_fails_and_nothing_is_kept(open_client: Any, live: Any) -> None:
    store = MemoryTokenStore()
    errors: list[LoggedOutError] = []

    async def call() -> None:
        try:
            await client.get("/cities/1")
        except LoggedOutError as error:
            errors.append(error)

    with anyio.fail_after(100):
        async with open_client(base_url=live.base_url, token_store=store) as client:
            with live.hold_login() as held:
                async with anyio.create_task_group() as group:
                    group.start_soon(call)
                    group.start_soon(call)
                    await held.wait()
                    group.start_soon(client.auth.log_out)
                    await anyio.wait_all_tasks_blocked()
                    held.let_go()
            assert len(errors) == 2
            assert client.auth.token is None
    assert not store._tokens


async def test_a_request_in_the_queue_does_not_leave_it_with_a_forgotten_token(open_protected: Any) -> None:
    class Slow(httpx.AsyncBaseTransport):
        sent = 0

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            self.sent += 1
            reached.set()
            await go_on.wait()
            return httpx.Response(200, request=request)

    reached, go_on = anyio.Event(), anyio.Event()
    errors: list[LoggedOutError] = []
    transport = Slow()

    async def call() -> None:
        try:
            await client.get("/cities/1")
        except LoggedOutError as error:
            errors.append(error)

    async with (
        open_protected(transport, token=Token(access_token="A1")) as client,
        anyio.create_task_group() as group,
    ):
        for _ in range(25):  # 20 have a slot
            group.start_soon(call)
        await reached.wait()
        await anyio.wait_all_tasks_blocked()
        await client.auth.log_out()
        go_on.set()
    assert (len(errors), transport.sent) == (5, 20)
