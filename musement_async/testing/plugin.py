"""The pytest fixtures of this library.

Every pytest run of its users loads this module, so it imports next to nothing.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from musement_async.client import MusementClient
    from musement_async.testing import LocalMusement


@pytest.fixture
def local_musement() -> "LocalMusement":
    """A local Musement for this test alone: the API in process, with a catalogue, logins and counters."""
    from musement_async.testing import LocalMusement

    return LocalMusement()


@pytest.fixture(scope="session")
def shared_musement() -> "LocalMusement":
    """One local Musement for the whole session, which fixtures of any scope can use.

    Tests see the changes of other tests until ``reset(everything=True)`` is called.
    """
    from musement_async.testing import LocalMusement

    return LocalMusement()


@pytest.fixture(scope="session")
def shared_musement_url(shared_musement: "LocalMusement") -> "Iterator[str]":
    """The base URL of ``shared_musement`` on a real port, open until the session ends."""
    with shared_musement.running() as base_url:
        yield base_url


@pytest.fixture
def musement_client(local_musement: "LocalMusement") -> "Iterator[MusementClient]":
    """A client of ``local_musement`` for asyncio and trio; it opens no socket, so a test need not close it.

    It has a token store, so that customers can log in, and its retries do not wait.
    """
    from musement_async import MemoryTokenStore
    from musement_async.testing import without_backoff

    with without_backoff():
        yield local_musement.client(token_store=MemoryTokenStore())
