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
        MusementAuth,
        PasswordCredentials,
        Token,
        TokenStore,
    )
    from musement_async.checkout import (
        Booking,
        Checkout,
        CheckoutForms,
        Invoice,
        Money,
        PaymentPendingError,
        PriceChangedError,
        SavedVoucher,
    )
    from musement_async.client import MusementClient
    from musement_async.codec import from_json, to_builtins, to_json
    from musement_async.errors import (
        APIError,
        ArgumentError,
        AuthenticationError,
        BadRequestError,
        CheckoutError,
        ClientClosedError,
        ConflictError,
        DecodeError,
        FormError,
        LockedError,
        LoggedOutError,
        MusementError,
        NetworkError,
        NotFoundError,
        OutcomeUnknownError,
        PermissionDeniedError,
        RateLimitError,
        RequestTimeoutError,
        ServerError,
        TokenStoreError,
        TransportError,
        UnprocessableError,
        WebhookError,
        WrongLoopError,
    )
    from musement_async.exchanges import Exchange
    from musement_async.forms import Form, FormField
    from musement_async.mapping import MapCall, MapResults, Outcome
    from musement_async.pagination import ListCall, Page
    from musement_async.resources.waiting import OrderPendingError
    from musement_async.retries import Retries
    from musement_async.stores.encrypted import EncryptedTokenStore
    from musement_async.stores.fallback import FallbackTokenStore
    from musement_async.stores.files import FileTokenStore
    from musement_async.stores.memory import MemoryTokenStore
    from musement_async.transports import MusementTransport
    from musement_async.values import BundleConfiguration, Coordinates, NewCartItem, PriceRange
    from musement_async.webhooks import Deliveries, WebhookCredentials, parse_order_item_update

_MEMBERS = {
    "auth": (
        "PRODUCTION",
        "SANDBOX",
        "ClientCredentials",
        "MusementAuth",
        "PasswordCredentials",
        "Token",
        "TokenStore",
    ),
    "checkout": (
        "Booking",
        "Checkout",
        "CheckoutForms",
        "Invoice",
        "Money",
        "PaymentPendingError",
        "PriceChangedError",
        "SavedVoucher",
    ),
    "client": ("MusementClient",),
    "codec": ("from_json", "to_builtins", "to_json"),
    "exchanges": ("Exchange",),
    "errors": (
        "APIError",
        "ArgumentError",
        "AuthenticationError",
        "BadRequestError",
        "CheckoutError",
        "ClientClosedError",
        "ConflictError",
        "DecodeError",
        "FormError",
        "LockedError",
        "LoggedOutError",
        "MusementError",
        "NetworkError",
        "NotFoundError",
        "OutcomeUnknownError",
        "PermissionDeniedError",
        "RateLimitError",
        "RequestTimeoutError",
        "ServerError",
        "TokenStoreError",
        "TransportError",
        "UnprocessableError",
        "WebhookError",
        "WrongLoopError",
    ),
    "forms": ("Form", "FormField"),
    "mapping": ("MapCall", "MapResults", "Outcome"),
    "pagination": ("ListCall", "Page"),
    "resources.waiting": ("OrderPendingError",),
    "retries": ("Retries",),
    "stores.encrypted": ("EncryptedTokenStore",),
    "stores.fallback": ("FallbackTokenStore",),
    "stores.files": ("FileTokenStore",),
    "stores.memory": ("MemoryTokenStore",),
    "transports": ("MusementTransport",),
    "values": ("BundleConfiguration", "Coordinates", "NewCartItem", "PriceRange"),
    "webhooks": ("Deliveries", "WebhookCredentials", "parse_order_item_update"),
}
_HOMES = {name: module for module, names in _MEMBERS.items() for name in names}

__all__ = [
    "PRODUCTION",
    "SANDBOX",
    "APIError",
    "ArgumentError",
    "AuthenticationError",
    "BadRequestError",
    "Booking",
    "BundleConfiguration",
    "Checkout",
    "CheckoutError",
    "CheckoutForms",
    "ClientClosedError",
    "ClientCredentials",
    "ConflictError",
    "Coordinates",
    "DecodeError",
    "Deliveries",
    "EncryptedTokenStore",
    "Exchange",
    "FallbackTokenStore",
    "FileTokenStore",
    "Form",
    "FormError",
    "FormField",
    "Invoice",
    "ListCall",
    "LockedError",
    "LoggedOutError",
    "MapCall",
    "MapResults",
    "MemoryTokenStore",
    "Money",
    "MusementAuth",
    "MusementClient",
    "MusementError",
    "MusementTransport",
    "NetworkError",
    "NewCartItem",
    "NotFoundError",
    "OrderPendingError",
    "Outcome",
    "OutcomeUnknownError",
    "Page",
    "PasswordCredentials",
    "PaymentPendingError",
    "PermissionDeniedError",
    "PriceChangedError",
    "PriceRange",
    "RateLimitError",
    "RequestTimeoutError",
    "Retries",
    "SavedVoucher",
    "ServerError",
    "Token",
    "TokenStore",
    "TokenStoreError",
    "TransportError",
    "UnprocessableError",
    "WebhookCredentials",
    "WebhookError",
    "WrongLoopError",
    "__version__",
    "from_json",
    "models",
    "parse_order_item_update",
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
