"""Customers of the application, each with a session of their own at Musement."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

import attrs
from fastapi import Depends
from starlette.requests import HTTPConnection

from musement_async.auth import Token
from musement_async.client import MusementClient
from musement_async.errors import ArgumentError, MusementError
from musement_async.integrations.fastapi.client_cache import ClientCache
from musement_async.integrations.fastapi.lifespan import Client
from musement_async.integrations.fastapi.limiter import LoginLimiter, MemoryLoginLimiter
from musement_async.integrations.fastapi.problems import PASSING, TooManyLoginsError
from musement_async.models import Customer
from musement_async.values import not_empty

# A session that begins with an expired token first looks into the store; this one only makes it look.
NO_TOKEN = Token(access_token="none", expires_at=datetime.fromtimestamp(0, UTC))  # noqa: S106 - it opens nothing


@attrs.frozen
class CustomerSession:
    """The session at Musement that a request is made in.

    With the name alone, the session is the one that the token store keeps under it, where
    :meth:`CustomerSessions.log_in` puts it.

    Args:
        name: The unique name of the session, such as the id of the customer's session at your application. With a
            password: the customer's login at Musement.
        token: The token to begin with; the session goes on in the token store, under the name.
        password: The customer's password, to log in with; the token store has no part in it.

    Raises:
        ArgumentError: The name is empty, or both a token and a password are given.
    """

    name: str = attrs.field(validator=not_empty)
    token: Token | None = None
    password: str | None = attrs.field(default=None, repr=False, validator=attrs.validators.optional(not_empty))

    def __attrs_post_init__(self) -> None:
        """Refuse a token together with a password."""
        if self.token is not None and self.password is not None:
            raise ArgumentError("password", "must not be given together with a token")

    def client_of(self, application: MusementClient) -> MusementClient:
        """A light client of this session, on the pool of the application's client.

        Raises:
            RuntimeError: The session has only a name, and the application's client has no token store.
        """
        if self.password is not None:
            return application.as_customer(self.name, self.password, stored=False)
        if self.token is None and application.token_store is None:
            raise RuntimeError(
                "a CustomerSession with only a name is looked for in the client's token store, and the client has "
                "none: make it with token_store=, such as a FileTokenStore(...), or give a token or a password"
            )
        return application.with_token(self.token or NO_TOKEN, name=self.name)

    @property
    def secret(self) -> str:
        """The secret that proves the right to use the session."""
        return self.password or (self.token.access_token if self.token else "")


def customer_client(
    find: Callable[..., CustomerSession | Awaitable[CustomerSession]],
    *,
    capacity: int = 10_000,
    limiter: LoginLimiter | None = None,
) -> Callable[..., Awaitable[MusementClient]]:
    """A dependency that gives the current customer's client.

    A parameter of an endpoint is then ``Annotated[MusementClient, Depends(the_dependency)]``.

    A customer's requests share a session, so many of them cost one login. The sessions that were used last are kept in
    the memory of the process, some kilobytes each; those that Musement has not accepted cannot push out the others. One
    that is no longer kept goes on from the token store.

    A session with a password logs in before the endpoint runs (``GET /login``, ``GET /customers/me``). Failed logins
    are counted by name and by address; whoever had too many of them gets a 429.

    Args:
        find: A dependency of yours that finds out whose request it is. It may depend on whatever FastAPI offers, and
            raises an ``HTTPException`` where nobody is logged in.
        capacity: How many sessions to keep.
        limiter: Counts failed logins with a password; by default in the memory of this process.

    Raises:
        ArgumentError: ``capacity`` is not a whole number above 0.
    """
    if type(capacity) is not int or capacity < 1:
        raise ArgumentError("capacity", "must be a whole number above 0")
    limits = MemoryLoginLimiter() if limiter is None else limiter
    cache = ClientCache(capacity)

    async def client_of_customer(
        connection: HTTPConnection, client: Client, session: Annotated[CustomerSession, Depends(find)]
    ) -> MusementClient:
        key = cache.key("token" if session.password is None else "password", session.name, session.secret)
        entry = cache.get(client, key, lambda: session.client_of(client), is_proven=session.token is not None)
        if session.password is not None and not entry.is_proven:
            address = address_of(connection)
            await cache.prove(client, key, entry, lambda: log_in(entry.client, session.name, limits, address))
        return entry.client

    return client_of_customer


async def log_in(entrance: MusementClient, name: str, limiter: LoginLimiter, address: str | None) -> Customer:
    """Log a customer in who is within the limits.

    Args:
        entrance: The client of the customer's name and password.
        name: The name.
        limiter: The limits. The attempt is given back where the password is right, or Musement could not tell; not
            where the visitor goes away: the login is made all the same.
        address: The visitor's address.

    Raises:
        TooManyLoginsError: There were too many failed logins.
        AuthenticationError: Musement refuses the login.
    """
    wait = await limiter.attempt(name, address)
    if wait > 0:
        raise TooManyLoginsError(wait)
    try:
        customer = await entrance.account.get()
    except MusementError as error:
        if entrance.token is not None or isinstance(error, PASSING):
            await limiter.give_back(name, address)
        raise
    await limiter.give_back(name, address)
    return customer


def address_of(connection: HTTPConnection) -> str | None:
    """The IP address that a request comes from, as the server tells; None if it tells none."""
    return None if connection.client is None else connection.client.host
