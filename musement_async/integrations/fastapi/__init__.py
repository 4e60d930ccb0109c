"""The library in a FastAPI application: one client, sessions of customers, answers for errors, webhooks.

Needs the extra ``fastapi``.
"""

from musement_async._extras import install

try:
    from musement_async.integrations.fastapi.authorization import basic_customer
    from musement_async.integrations.fastapi.customers import CustomerSession, address_of, customer_client
    from musement_async.integrations.fastapi.deliveries import DeliveryStore, MemoryDeliveryStore
    from musement_async.integrations.fastapi.health import Health
    from musement_async.integrations.fastapi.lifespan import Client, get_client, musement_lifespan
    from musement_async.integrations.fastapi.limiter import LoginLimit, LoginLimiter, MemoryLoginLimiter
    from musement_async.integrations.fastapi.problems import (
        LoginRequiredError,
        ProblemError,
        TooManyLoginsError,
        install_error_handlers,
    )
    from musement_async.integrations.fastapi.responses import MusementResponse
    from musement_async.integrations.fastapi.session_store import LoggedIn, MemorySessionStore, SessionStore
    from musement_async.integrations.fastapi.sessions import CustomerSessions, NewSession
    from musement_async.integrations.fastapi.webhooks import webhook_router
except ModuleNotFoundError as _missing:
    if (_missing.name or "").partition(".")[0] not in {"fastapi", "starlette"}:
        raise
    raise ImportError(f"This needs {_missing.name}: {install('fastapi')}", name=_missing.name) from _missing

__all__ = [
    "Client",
    "CustomerSession",
    "CustomerSessions",
    "DeliveryStore",
    "Health",
    "LoggedIn",
    "LoginLimit",
    "LoginLimiter",
    "LoginRequiredError",
    "MemoryDeliveryStore",
    "MemoryLoginLimiter",
    "MemorySessionStore",
    "MusementResponse",
    "NewSession",
    "ProblemError",
    "SessionStore",
    "TooManyLoginsError",
    "address_of",
    "basic_customer",
    "customer_client",
    "get_client",
    "install_error_handlers",
    "musement_lifespan",
    "webhook_router",
]
