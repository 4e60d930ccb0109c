"""Fixtures of the local Musement's tests: a server with its own clock, and requests in process."""

from collections.abc import Callable
from datetime import date
from typing import Any

import anyio
import httpx
import pytest

from musement_async.testing import LocalMusement

APPLICATION = {"X-Musement-Application": "a-test"}


class Clock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def local(clock: Clock) -> LocalMusement:
    return LocalMusement(clock=clock, today=date(2026, 6, 1))


@pytest.fixture(scope="module")
def shop() -> LocalMusement:
    """A shared server for tests that only read its catalogue, without a token."""
    return LocalMusement(today=date(2026, 6, 1), require_token=False)


def send(local: LocalMusement, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
    """Sends a request in process, with an application header unless the test gives other headers."""
    headers = {**APPLICATION, **options.pop("headers", {})}

    async def exchange() -> httpx.Response:
        async with httpx.AsyncClient(transport=local.transport(), base_url=local.base_url) as client:
            return await client.request(method, path, headers=headers, **options)

    return anyio.run(exchange)


@pytest.fixture
def ask(local: LocalMusement) -> Callable[..., httpx.Response]:
    def get(path: str, method: str = "GET", **options: Any) -> httpx.Response:
        return send(local, method, path, options)

    return get


@pytest.fixture
def send_to() -> Callable[..., httpx.Response]:
    def get(local: LocalMusement, path: str, method: str = "GET", **options: Any) -> httpx.Response:
        return send(local, method, path, options)

    return get


@pytest.fixture
def browse(shop: LocalMusement) -> Callable[..., httpx.Response]:
    def get(path: str, *, language: str = "en", currency: str = "EUR", **parameters: Any) -> httpx.Response:
        headers = {"Accept-Language": language, "X-Musement-Currency": currency}
        return send(shop, "GET", path, {"headers": headers, "params": parameters})

    return get


@pytest.fixture
def client_login() -> dict[str, str]:
    return {"client_id": "local-client", "client_secret": "local-secret", "grant_type": "client_credentials"}


@pytest.fixture
def customer_login(client_login: dict[str, str]) -> dict[str, str]:
    customer = {"username": "customer@example.com", "password": "local-password"}
    return {**client_login, "grant_type": "password", **customer}


@pytest.fixture
def refresh_login(client_login: dict[str, str]) -> Callable[[str], dict[str, str]]:
    return lambda token: {**client_login, "grant_type": "refresh_token", "refresh_token": token}
