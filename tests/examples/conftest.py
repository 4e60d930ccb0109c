"""Fixtures of the examples' tests."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sybil import Document, Sybil
from sybil.parsers.myst import PythonCodeBlockParser

from musement_async import MemoryTokenStore, MusementClient, WebhookCredentials
from musement_async.testing import LocalMusement
from tour_shop.app import create_app


class Edited(httpx.AsyncBaseTransport):
    """The local Musement with other texts in its answers, as if somebody had edited its catalogue."""

    def __init__(self, transport: httpx.AsyncBaseTransport, edits: dict[bytes, bytes]) -> None:
        self._transport = transport
        self._edits = edits

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        if not self._edits:
            return answer
        body = await answer.aread()
        for old, new in self._edits.items():
            body = body.replace(old, new)
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() != b"content-length"]
        return httpx.Response(answer.status_code, headers=headers, content=body)


@pytest.fixture
def edits() -> dict[bytes, bytes]:
    """What has been edited since the test began: the old texts with the new ones."""
    return {}


@pytest.fixture(scope="session")
def names_of_page() -> Callable[[str], Any]:
    """Runs the code of a page of the documentation, and returns the names that it has then."""

    def run(page: str) -> Any:
        path = Path(__file__).parents[2] / "docs" / page
        document: Document = Sybil(parsers=[PythonCodeBlockParser()]).parse(path)
        names: dict[str, Any] = {}
        for example in document.examples():
            exec(compile(example.parsed, str(path), "exec"), names)  # noqa: S102 - as it stands on the page
        return SimpleNamespace(**names)

    return run


@pytest.fixture
def webhook_credentials() -> WebhookCredentials:
    return WebhookCredentials("musement", "webhook-password")


@pytest_asyncio.fixture
async def shop(
    local_musement: LocalMusement, webhook_credentials: WebhookCredentials, edits: dict[bytes, bytes]
) -> AsyncIterator[httpx.ASGITransport]:
    """The shop in process, which uses the local Musement."""

    def make_client() -> MusementClient:
        transport = Edited(local_musement.transport(), edits)
        return local_musement.client(currency="EUR", token_store=MemoryTokenStore(), cache=True, transport=transport)

    app = create_app(make_client, webhook_credentials)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: object, receive: object, send: object) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)  # type: ignore[dict-item, arg-type]

        yield httpx.ASGITransport(with_state)


@pytest_asyncio.fixture
async def visitor(shop: httpx.ASGITransport) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=shop, base_url="https://shop") as client:
        yield client
