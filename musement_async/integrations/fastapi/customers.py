"""Customers of the application, each with a session of their own at Musement."""

import hmac
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from weakref import WeakKeyDictionary

import attrs
from fastapi import Depends

from musement_async.auth import Token
from musement_async.client import MusementClient
from musement_async.errors import ArgumentError
from musement_async.integrations.fastapi.lifespan import Client
from musement_async.models import Customer
from musement_async.values import not_empty

# A session that begins with an expired token first looks into the store; this one only makes it look.
_NO_TOKEN = Token(access_token="none", expires_at=datetime.fromtimestamp(0, UTC))  # noqa: S106 - it opens nothing


@attrs.frozen
class CustomerSession:
    """The session at Musement that a request is made in.

    With the name alone, the session is the one that the token store keeps under it. :func:`log_customer_in` puts it
    there.

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
        """A light client of this session, on the pool of the application's client."""
        if self.password is not None:
            return application.as_customer(self.name, self.password, stored=False)
        return application.with_token(self.token or _NO_TOKEN, name=self.name)

    @property
    def secret(self) -> str:
        """The secret that proves the right to use the session."""
        return self.password or (self.token.access_token if self.token else "")


def customer_client(
    find: Callable[..., CustomerSession | Awaitable[CustomerSession]], *, capacity: int = 10_000
) -> Callable[..., Any]:
    """A dependency that gives the current customer's client.

    A parameter of an endpoint is then ``Annotated[MusementClient, Depends(the_dependency)]``.

    A customer's requests share a session, so many of them cost one login. The sessions that were used last are kept in
    the memory of the process, some kilobytes each. One that is no longer kept goes on from the token store; with a
    password it is a new login.

    Args:
        find: A dependency of yours that finds out whose request it is. It may depend on whatever FastAPI offers, and
            raises an ``HTTPException`` where nobody is logged in.
        capacity: How many sessions to keep.

    Raises:
        ArgumentError: ``capacity`` is not a whole number above 0.
    """
    if type(capacity) is not int or capacity < 1:
        raise ArgumentError("capacity", "must be a whole number above 0")
    sessions = _Sessions(capacity)

    async def client_of_customer(client: Client, session: Annotated[CustomerSession, Depends(find)]) -> MusementClient:
        return sessions.client(client, session)

    return client_of_customer


async def log_customer_in(client: MusementClient, username: str, password: str, *, name: str) -> Customer:
    """Log a customer in once; from then on ``CustomerSession(name)`` is enough.

    The password is checked by Musement, whatever the token store has, and is not kept. The session goes into the token
    store: give the client one that all of your processes share.

    Args:
        client: The application's client.
        username: The customer's login at Musement.
        password: The password.
        name: What the session is called from now on. Make it new for each login, such as the id of the customer's
            session at your application: whoever knows nobody else's name has nobody else's session.

    Raises:
        ArgumentError: One of them is empty, or the name is in use: under it, others would find this session.
        AuthenticationError: Musement refuses the login.
        TokenStoreError: The store failed.
    """
    entrance = client.as_customer(username, password, stored=False)
    customer = await entrance.account.get()
    token = cast("Token", entrance.token)  # the call has just used it
    await client.with_token(token, name=name).save_token(replace=False)
    return customer


class _Sessions:
    """The clients that were used last, each under a digest of its secret."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._salt = secrets.token_bytes(32)
        self._of: WeakKeyDictionary[MusementClient, OrderedDict[bytes, MusementClient]] = WeakKeyDictionary()

    def client(self, application: MusementClient, session: CustomerSession) -> MusementClient:
        clients = self._of.setdefault(application, OrderedDict())
        key = self._key(session)
        client = clients.get(key)
        if client is None:
            client = clients[key] = session.client_of(application)
            if len(clients) > self._capacity:
                clients.popitem(last=False)  # not closed: a request may be using it
        clients.move_to_end(key)
        return client

    def _key(self, session: CustomerSession) -> bytes:
        """A digest that says nothing without the salt. A wrong password has another one than the right password."""
        kind = "password" if session.password is not None else "token"
        return hmac.digest(self._salt, repr((kind, session.name, session.secret)).encode(), "sha256")
