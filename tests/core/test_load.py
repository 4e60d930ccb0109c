"""Thousands of calls at once."""

from typing import Any

import anyio
import httpx
import pytest

from musement_async import MusementClient, PasswordCredentials

CONNECTIONS = 20


class Strict(httpx.AsyncBaseTransport):
    """An API that revokes every token after so many calls, and serves only a few requests at a time."""

    def __init__(self, token_lasts: int) -> None:
        self.token_lasts = token_lasts
        self.good = 0
        self.left = 0
        self.logins: list[str] = []
        self.under_way = 0
        self.most = 0
        self.arrived: list[int] = []
        self.refused = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            self.logins.append(request.url.params["grant_type"])
            await anyio.wait_all_tasks_blocked()  # slow, so that all other calls wait for it
            self.good += 1
            self.left = self.token_lasts
            tokens = {"access_token": f"A{self.good}", "refresh_token": f"R{self.good}", "expires_in": 3600}
            return httpx.Response(200, json=tokens)
        number = int(request.url.path.rpartition("/")[2])
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await anyio.lowlevel.checkpoint()
        self.under_way -= 1
        if not self.left or request.headers["Authorization"] != f"Bearer A{self.good}":
            self.refused += 1
            return httpx.Response(401, json={})
        self.left -= 1
        self.arrived.append(number)
        return httpx.Response(200, stream=Body(b'{"id": %d}' % number))


class Body(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __aiter__(self) -> Any:
        yield self.body


@pytest.mark.anyio
@pytest.mark.parametrize("calls", [300, pytest.param(10_000, marks=pytest.mark.stress)])
async def test_all_succeed_in_order_of_arrival_and_no_renewal_is_starved(anyio_backend_name: str, calls: int) -> None:
    api = Strict(token_lasts=3 * calls // 10)
    credentials = PasswordCredentials("id", "secret", "ann", "password")
    answered: list[int] = []

    async def ask(number: int) -> None:
        city = await client.cities.get(number)
        assert city.id == number
        answered.append(number)

    async with (
        MusementClient(credentials, base_url="http://127.0.0.1", transport=api) as client,
        anyio.create_task_group() as group,
    ):
        for number in range(1, calls + 1):
            group.start_soon(ask, number)
    assert sorted(answered) == list(range(1, calls + 1))
    assert api.logins == ["password", "refresh_token", "refresh_token", "refresh_token"]
    assert api.most == CONNECTIONS
    assert api.refused <= 3 * CONNECTIONS  # no queued request is sent with a token that is known to be revoked
    if anyio_backend_name == "asyncio":  # trio starts tasks in random order
        assert all(abs(number - place) <= 3 * CONNECTIONS for place, number in enumerate(api.arrived, 1))
