"""The clients of customers that were used last, in the memory of one process."""

import copy
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from weakref import WeakKeyDictionary

import anyio
import attrs

from musement_async.auth import Token
from musement_async.client import MusementClient
from musement_async.errors import AuthenticationError


@attrs.define(eq=False)
class _Entry:
    """One customer's client.

    Attributes:
        client: The client.
        is_proven: Whether its secret is known to be right.
        initial: The token that it began with.
        turn: The lock on the login.
        logins: How many logins were tried.
        refusal: The error of the last one that was refused.
    """

    client: MusementClient
    is_proven: bool
    initial: Token | None
    turn: anyio.Lock = attrs.field(factory=anyio.Lock)
    logins: int = 0
    refusal: AuthenticationError | None = None


@attrs.define
class _Clients:
    """The clients on one pool: those that Musement has accepted, and the others.

    A stranger with made-up names or passwords fills the second part only.
    """

    proven: OrderedDict[bytes, _Entry] = attrs.field(factory=OrderedDict[bytes, _Entry])
    others: OrderedDict[bytes, _Entry] = attrs.field(factory=OrderedDict[bytes, _Entry])


class ClientCache:
    """Keeps clients under digests of their secrets. The digests have a salt of the process.

    Args:
        capacity: How many clients to keep that Musement has accepted, and how many others.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._salt = secrets.token_bytes(32)
        self._of: WeakKeyDictionary[MusementClient, _Clients] = WeakKeyDictionary()

    def key(self, kind: str, name: str, secret: str) -> bytes:
        """The key of a session. A wrong password has another one than the right password."""
        return hmac.digest(self._salt, repr((kind, name, secret)).encode(), "sha256")

    def get(
        self,
        application: MusementClient,
        key: bytes,
        make: Callable[[], MusementClient],
        *,
        is_proven: bool = False,
    ) -> _Entry:
        """The entry under a key.

        Args:
            application: The application's client.
            key: The key.
            make: Makes the client, if there is none.
            is_proven: Whether a new one needs no proof.
        """
        clients = self._of.setdefault(application, _Clients())
        entry = clients.proven.get(key)
        if entry is not None:
            clients.proven.move_to_end(key)
            return entry
        entry = clients.others.pop(key, None)
        if entry is None:
            client = make()
            entry = _Entry(client, is_proven, client.token)
        self._put(clients, key, entry)
        return entry

    async def prove(
        self, application: MusementClient, key: bytes, entry: _Entry, login: Callable[[], Awaitable[object]]
    ) -> None:
        """Have the client of a key log in, once for all requests that wait for it.

        Raises:
            AuthenticationError: The login was refused, to this request or to the one that it waited for.
        """
        seen = entry.logins
        async with entry.turn:
            if entry.is_proven:
                return
            if entry.logins != seen and entry.refusal is not None:
                raise copy.copy(entry.refusal)
            entry.refusal = None
            try:
                await login()
            except AuthenticationError as error:
                entry.refusal = copy.copy(error)  # without the traceback, which holds the request
                raise
            finally:
                entry.logins += 1
            entry.is_proven = True
        clients = self._of[application]
        clients.others.pop(key, None)
        self._put(clients, key, entry)

    def _put(self, clients: _Clients, key: bytes, entry: _Entry) -> None:
        if entry.is_proven or entry.client.token is not entry.initial:
            clients.proven[key] = entry
        else:
            clients.others[key] = entry
        if len(clients.others) > self._capacity:
            oldest, evicted = clients.others.popitem(last=False)
            if evicted.is_proven or evicted.client.token is not evicted.initial:
                clients.proven[oldest] = evicted
        if len(clients.proven) > self._capacity:
            clients.proven.popitem(last=False)  # not closed: a request may be using it
