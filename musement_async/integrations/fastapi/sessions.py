"""Customers who log in once, and show a bearer token or a cookie from then on."""

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, cast

import attrs
import msgspec
from fastapi import Depends
from fastapi.security import APIKeyCookie
from starlette.requests import HTTPConnection
from starlette.responses import Response

from musement_async.auth import Token
from musement_async.client import MusementClient
from musement_async.errors import ArgumentError
from musement_async.integrations.fastapi.authorization import DescribedBearer, shown_by
from musement_async.integrations.fastapi.customers import NO_TOKEN, CustomerSession, customer_client, log_in
from musement_async.integrations.fastapi.limiter import LoginLimiter, MemoryLoginLimiter
from musement_async.integrations.fastapi.problems import LoginRequiredError, set_challenge
from musement_async.integrations.fastapi.session_store import MAX_AGE, LoggedIn, MemorySessionStore, SessionStore
from musement_async.models import Customer

_SEEN_EVERY: Final = timedelta(minutes=1)
_COOKIE_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_MOST_LABEL: Final = 200
_SWEPT_PER_LOGIN: Final = 10


@attrs.frozen
class NewSession:
    """A login that has just been made.

    Attributes:
        id: The session id, for the customer's browser or app alone; it is kept nowhere else.
        session: The session.
        customer: The customer's profile.
    """

    id: str = attrs.field(repr=False)
    session: LoggedIn
    customer: Customer


class _DescribedCookie(APIKeyCookie):
    """A cookie in the OpenAPI description. It reads nothing."""

    async def __call__(self, request: HTTPConnection) -> None:
        """Let the request pass."""


class CustomerSessions:
    """The sessions of an application's customers: by a bearer token, or by a cookie.

    The session id is random and kept by the customer alone: the store has its digest. Each request looks into the
    store, so a session that was ended is over in all processes at once. The session at Musement is in the token store
    of the application's client, which needs one, and which several processes have to share.

    Attributes:
        current: The dependency that gives the ``LoggedIn`` session of a request, or answers with a 401.
        client: The dependency that gives the client of that session.

    Args:
        store: Where sessions are kept; by default in the memory of this process.
        limiter: Counts failed logins; by default in the memory of this process.
        cookie: The name of the cookie; None for bearer tokens alone. A cookie by the name of ``__Host-…`` is never
            sent to another host.
        secure: Whether the cookie is sent over HTTPS alone.
        max_idle: How long a session lasts that is not used.
        max_age: How long a session lasts at most.
        capacity: How many clients to keep in memory.

    Raises:
        ArgumentError: An argument that cannot work, by name.
    """

    def __init__(
        self,
        *,
        store: SessionStore | None = None,
        limiter: LoginLimiter | None = None,
        cookie: str | None = "__Host-session",
        secure: bool = True,
        max_idle: timedelta = timedelta(days=14),
        max_age: timedelta = timedelta(days=90),
        capacity: int = 10_000,
    ) -> None:
        if cookie is not None and not _COOKIE_NAME.fullmatch(cookie):
            raise ArgumentError("cookie", "must be letters, digits, dots, hyphens and underscores, or None")
        if cookie is not None and not secure and cookie.startswith(("__Host-", "__Secure-")):
            raise ArgumentError("cookie", "must not begin with __Host- or __Secure- where secure=False")
        for name, value in (("max_idle", max_idle), ("max_age", max_age)):
            if not timedelta() < value <= MAX_AGE:
                raise ArgumentError(name, f"must be longer than nothing, and {MAX_AGE.days} days at most")
        self._store: SessionStore = MemorySessionStore() if store is None else store
        self._limiter = MemoryLoginLimiter() if limiter is None else limiter
        self._cookie = cookie
        self._secure = secure
        self._max_idle = max_idle
        self._max_age = max_age
        self.current: Callable[..., Awaitable[LoggedIn]] = self._make_current()

        async def named(session: Annotated[LoggedIn, Depends(self.current)]) -> CustomerSession:
            return CustomerSession(session.key)

        self.client: Callable[..., Awaitable[MusementClient]] = customer_client(named, capacity=capacity)

    async def log_in(
        self,
        client: MusementClient,
        username: str,
        password: str,
        *,
        address: str | None,
        label: str | None = None,
    ) -> NewSession:
        """Log a customer in (``GET /login``, ``GET /customers/me``).

        The password is checked by Musement, whatever the token store has, and is not kept.

        Args:
            client: The application's client.
            username: The customer's login at Musement.
            password: The password.
            address: The visitor's IP address, for the limits; ``address_of(request)`` gives it. None if it is unknown.
            label: What to call the session in a list, such as the browser. 200 characters are kept.

        Raises:
            ArgumentError: The name or the password is empty; nothing was sent.
            RuntimeError: The client has no token store.
            TooManyLoginsError: There were too many failed logins.
            AuthenticationError: Musement refuses the login.
            LoginRequiredError: The customer's sessions were ended meanwhile, and this one with them.
            TokenStoreError: A store failed.
        """
        if client.token_store is None:
            raise RuntimeError(
                "the client has no token store for sessions: make it with token_store=, such as a MemoryTokenStore()"
            )
        began = await self._store.now()
        entrance = client.as_customer(username, password, stored=False)
        customer = await log_in(entrance, username, self._limiter, address)
        token = cast("Token", entrance.token)  # the call has just used it
        session_id = secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        session = LoggedIn(
            key=_digest(session_id),
            customer=str(customer.id if customer.id is not None else username.casefold()),
            started_at=now,
            seen_at=now,
            label=None if label is None else label[:_MOST_LABEL],
        )
        for key in await self._store.take_ended(_SWEPT_PER_LOGIN):
            await _forget_token(client, key)
        await client.with_token(token, name=session.key).save_token(replace=False)
        if not await self._store.save(session, self._lifetime(session), began):
            await _forget_token(client, session.key)
            raise LoginRequiredError("The sessions were ended during this login: log in again.", "Bearer")
        return NewSession(session_id, session, customer)

    async def list(self, customer: str) -> "list[LoggedIn]":
        """The sessions of a customer, the one used last first.

        Args:
            customer: Musement's id of the customer, as ``LoggedIn.customer``.
        """
        return sorted(await self._store.of_customer(customer), key=lambda session: session.seen_at, reverse=True)

    async def end(self, client: MusementClient, session: LoggedIn) -> None:
        """End a session in all processes, and forget its token.

        Args:
            client: The application's client.
            session: The session.

        Raises:
            TokenStoreError: A store failed; it may be ended again.
        """
        await self._store.delete(session)
        await _forget_token(client, session.key)

    async def end_all(self, client: MusementClient, customer: str, *, but: LoggedIn | None = None) -> int:
        """End the sessions of a customer in all processes, such as after a new password or a theft.

        A login that began before is ended, too, whenever it comes to its end; not one that begins after.

        Args:
            client: The application's client.
            customer: Musement's id of the customer, as ``LoggedIn.customer``.
            but: A session that goes on.

        Returns:
            How many were ended.
        """
        await self._store.end_logins(customer)
        ended = [each for each in await self._store.of_customer(customer) if but is None or each.key != but.key]
        for session in ended:
            await self.end(client, session)
        return len(ended)

    def set_cookie(self, response: Response, session: NewSession) -> None:
        """Have the browser keep the session id: HttpOnly, Secure, SameSite=Lax, for this host alone.

        Raises:
            ArgumentError: These sessions have bearer tokens alone.
        """
        age = int(self._max_age.total_seconds())
        response.set_cookie(
            self._cookie_name(), session.id, max_age=age, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def delete_cookie(self, response: Response) -> None:
        """Have the browser forget the session id.

        Raises:
            ArgumentError: These sessions have bearer tokens alone.
        """
        name = self._cookie_name()
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _cookie_name(self) -> str:
        if self._cookie is None:
            raise ArgumentError("cookie", "is None: these sessions have bearer tokens alone")
        return self._cookie

    def _make_current(self) -> Callable[..., Awaitable[LoggedIn]]:
        bearer = DescribedBearer(scheme_name="CustomerBearer")
        if self._cookie is None:

            async def by_bearer(connection: HTTPConnection, _bearer: Annotated[None, Depends(bearer)]) -> LoggedIn:
                return await self._find(connection)

            return by_bearer
        cookie = _DescribedCookie(name=self._cookie, scheme_name="CustomerCookie", auto_error=False)

        async def by_both(
            connection: HTTPConnection,
            _bearer: Annotated[None, Depends(bearer)],
            _cookie: Annotated[None, Depends(cookie)],
        ) -> LoggedIn:
            return await self._find(connection)

        return by_both

    async def _find(self, connection: HTTPConnection) -> LoggedIn:
        set_challenge(connection, 'Bearer error="invalid_token"')
        shown = self._shown(connection)
        session = await self._store.load(_digest(shown))
        now = datetime.now(UTC)
        if session is None or now - session.started_at >= self._max_age or now - session.seen_at >= self._max_idle:
            raise LoginRequiredError("The session is over: log in again.", 'Bearer error="invalid_token"')
        if now - session.seen_at >= _SEEN_EVERY:
            session = msgspec.structs.replace(session, seen_at=now)
            await self._store.touch(session, self._lifetime(session))
        return session

    def _shown(self, connection: HTTPConnection) -> str:
        """The session id of a request. An Authorization header goes before the cookie."""
        shown = shown_by(connection)
        if shown is not None:
            if shown.scheme != "bearer" or not shown.value:
                raise LoginRequiredError("Show the session as a bearer token.", "Bearer")
            return shown.value
        kept = connection.cookies.get(self._cookie) if self._cookie is not None else None
        if not kept:
            raise LoginRequiredError("Log in first.", "Bearer")
        return kept

    def _lifetime(self, session: LoggedIn) -> timedelta:
        return min(self._max_idle, session.started_at + self._max_age - datetime.now(UTC))


async def _forget_token(client: MusementClient, key: str) -> None:
    await client.with_token(NO_TOKEN, name=key).log_out()


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode(errors="surrogatepass")).hexdigest()
