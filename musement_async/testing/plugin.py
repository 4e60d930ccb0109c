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
    """A local Musement of this test's own: the API in process, with a catalogue, logins and counters."""
    from musement_async.testing import LocalMusement

    return LocalMusement()


@pytest.fixture
def musement_client(local_musement: "LocalMusement") -> "Iterator[MusementClient]":
    """A client of ``local_musement`` for asyncio and trio; it opens no socket, so it need not be closed.

    Its retries do not wait.
    """
    from musement_async.testing import without_pauses

    with without_pauses():
        yield local_musement.client()
