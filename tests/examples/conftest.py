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

from musement_async import MemoryTokenStore, WebhookCredentials
from musement_async.testing import LocalMusement
from tour_shop.app import create_app


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
    local_musement: LocalMusement, webhook_credentials: WebhookCredentials
) -> AsyncIterator[httpx.ASGITransport]:
    """The shop in process, which uses the local Musement."""
    app = create_app(lambda: local_musement.client(currency="EUR", token_store=MemoryTokenStore()), webhook_credentials)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: object, receive: object, send: object) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)  # type: ignore[dict-item, arg-type]

        yield httpx.ASGITransport(with_state)


@pytest_asyncio.fixture
async def visitor(shop: httpx.ASGITransport) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=shop, base_url="https://shop") as client:
        yield client
