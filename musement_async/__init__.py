"""The asyncio client library for the TUI Musement API: search the catalogue of tours, activities and tickets.

Everything public is named here or in ``musement_async.models``. The names are loaded on first use, so importing the
package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from musement_async._version import __version__

if TYPE_CHECKING:
    from musement_async import models
    from musement_async.auth import (
        PRODUCTION,
        SANDBOX,
        ClientCredentials,
        MemoryTokenStore,
        MusementAuth,
        PasswordCredentials,
        Token,
        TokenStore,
    )
    from musement_async.client import MusementClient
    from musement_async.codec import to_builtins, to_json
    from musement_async.core import Exchange
    from musement_async.errors import (
        APIError,
        ArgumentError,
        AuthenticationError,
        BadRequestError,
        ClientClosedError,
        ConflictError,
        DecodeError,
        LockedError,
        MusementError,
        NetworkError,
        NotFoundError,
        PermissionDeniedError,
        RateLimitError,
        RequestTimeoutError,
        ServerError,
        TokenStoreError,
        TransportError,
        UnprocessableError,
    )
    from musement_async.pagination import ListCall, Page
    from musement_async.transports import MusementTransport
    from musement_async.values import Coordinates, PriceRange

_MEMBERS = {
    "auth": (
        "PRODUCTION",
        "SANDBOX",
        "ClientCredentials",
        "MemoryTokenStore",
        "MusementAuth",
        "PasswordCredentials",
        "Token",
        "TokenStore",
    ),
    "client": ("MusementClient",),
    "codec": ("to_builtins", "to_json"),
    "core": ("Exchange",),
    "errors": (
        "APIError",
        "ArgumentError",
        "AuthenticationError",
        "BadRequestError",
        "ClientClosedError",
        "ConflictError",
        "DecodeError",
        "LockedError",
        "MusementError",
        "NetworkError",
        "NotFoundError",
        "PermissionDeniedError",
        "RateLimitError",
        "RequestTimeoutError",
        "ServerError",
        "TokenStoreError",
        "TransportError",
        "UnprocessableError",
    ),
    "pagination": ("ListCall", "Page"),
    "transports": ("MusementTransport",),
    "values": ("Coordinates", "PriceRange"),
}
_HOMES = {name: module for module, names in _MEMBERS.items() for name in names}

__all__ = [
    "PRODUCTION",
    "SANDBOX",
    "APIError",
    "ArgumentError",
    "AuthenticationError",
    "BadRequestError",
    "ClientClosedError",
    "ClientCredentials",
    "ConflictError",
    "Coordinates",
    "DecodeError",
    "Exchange",
    "ListCall",
    "LockedError",
    "MemoryTokenStore",
    "MusementAuth",
    "MusementClient",
    "MusementError",
    "MusementTransport",
    "NetworkError",
    "NotFoundError",
    "Page",
    "PasswordCredentials",
    "PermissionDeniedError",
    "PriceRange",
    "RateLimitError",
    "RequestTimeoutError",
    "ServerError",
    "Token",
    "TokenStore",
    "TokenStoreError",
    "TransportError",
    "UnprocessableError",
    "__version__",
    "models",
    "to_builtins",
    "to_json",
]


def __getattr__(name: str) -> object:
    if name == "models":
        return import_module("musement_async.models")
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
