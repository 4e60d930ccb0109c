"""Fixtures of the resources' tests: a client with a fixed answer, which keeps its requests."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from musement_async import MusementClient, Token


@pytest.fixture
def answering() -> Callable[..., tuple[MusementClient, list[httpx.Request]]]:
    """Makes a client whose requests all get the same answer, and the list of these requests."""

    def make(status: int = 200, **response: Any) -> tuple[MusementClient, list[httpx.Request]]:
        requests: list[httpx.Request] = []

        def handle(request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return httpx.Response(status, **response)

        transport = httpx.MockTransport(handle)
        return MusementClient(token=Token(access_token="A"), base_url="http://127.0.0.1", transport=transport), requests

    return make


@pytest.fixture(scope="session")
def contract_methods() -> ModuleType:
    """The module of the contract check that lists a client's methods and makes arguments from type hints."""
    # At the end, so that an installed library is found before the checkout's.
    sys.path.append(str(Path(__file__).parents[2]))
    try:
        return importlib.import_module("tests.contract.methods")
    finally:
        sys.path.pop()
