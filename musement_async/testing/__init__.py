"""The local Musement: the API as a local server, for tests and for trying things out.

Needs the extra ``testing``. The pytest fixtures ``local_musement``,
``musement_client``, ``shared_musement`` and ``shared_musement_url`` come with it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from musement_async.testing._extra import extra_required

if TYPE_CHECKING:
    from musement_async.testing.app import LocalMusement
    from musement_async.testing.server.request_log import Call
    from musement_async.transports.backoff import without_backoff

__all__ = ["Call", "LocalMusement", "without_backoff"]

_HOMES = {
    "Call": "musement_async.testing.server.request_log",
    "LocalMusement": "musement_async.testing.app",
    "without_backoff": "musement_async.transports.backoff",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with extra_required():
        return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
