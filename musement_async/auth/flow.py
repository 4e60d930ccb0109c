"""The httpx auth flow: Bearer header, 401, one login for all, replay."""

import sys
from collections.abc import AsyncGenerator, Generator
from time import monotonic
from typing import Any

import attrs
import httpx

from musement_async.auth.credentials import BareToken, Credentials, PasswordCredentials
from musement_async.auth.login import forget
from musement_async.auth.origin import PRODUCTION, parse_base_url
from musement_async.auth.relay import Answer, read_login_body
from musement_async.auth.session import LoginMethod, Session, Terms
from musement_async.auth.store import MemoryTokenStore, TokenStore
from musement_async.auth.token import Token, is_visible_ascii
from musement_async.errors import ArgumentError, TokenStoreError
from musement_async.transports.musement import ORIGIN_EXTENSION, SIGNER_EXTENSION
from musement_async.transports.queued import PRIORITY_EXTENSION
from musement_async.values import check_kind, is_seconds

MAX_REPLAYED_BODY = 16 * 2**20
_OF_STORES = ("load", "save", "exclusive")


class MusementAuth(httpx.Auth):
    """Logs in, sends the token with every request, and renews it when the API refuses it.

    One instance is one session, to be shared by every task that works under it. It belongs on an
    ``httpx.AsyncClient``; with ``MusementTransport`` under that client, a login also survives the cancellation of the
    call that caused it.

    Args:
        credentials: What to log in with: ``ClientCredentials`` or ``PasswordCredentials``.
        token: A token to begin with.
        token_store: Where the token is kept beyond this object; in memory by default.
        base_url: The API's base URL; the token goes to no other scheme, host or port.
        application: The id Musement gave your application, for requests that carry no ``X-Musement-Application``.
        login_method: ``"GET"`` puts the login's parameters into the query, ``"POST"`` into a JSON body, which does not
            end up in access logs.
        login_timeout: Seconds for each phase of a login: connect, send, receive, wait for a free connection.
        leeway: Seconds before its expiry from which on a token is renewed; at most a tenth of its lifetime counts.
        allow_insecure_http: Allow a plain http base URL to another machine.

    Raises:
        ArgumentError: An argument that cannot work, by name.
    """

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        token: Token | None = None,
        token_store: TokenStore | None = None,
        base_url: str = PRODUCTION,
        application: str | None = None,
        login_method: LoginMethod = "GET",
        login_timeout: float = 20.0,
        leeway: float = 30.0,
        allow_insecure_http: bool = False,
    ) -> None:
        if credentials is None and token is None and token_store is None:
            raise ArgumentError("credentials", "at least one of credentials, token and token_store is needed")
        check_kind("credentials", credentials, Credentials | None, "ClientCredentials or PasswordCredentials")
        check_kind("token", token, Token | None, "a Token")
        check_kind("allow_insecure_http", allow_insecure_http, bool, "True or False")
        if not all(callable(getattr(token_store, name, None)) for name in _OF_STORES if token_store is not None):
            raise ArgumentError("token_store", f"must have the methods of a TokenStore: {', '.join(_OF_STORES)}")
        if application is not None and not is_visible_ascii(application):
            raise ArgumentError("application", "must be a non-empty string of visible ASCII characters")
        if login_method not in ("GET", "POST"):
            raise ArgumentError("login_method", "must be 'GET' or 'POST'")
        if not is_seconds(login_timeout):
            raise ArgumentError("login_timeout", "must be a positive number of seconds")
        if not is_seconds(leeway, or_zero=True):
            raise ArgumentError("leeway", "must be a number of seconds, 0 or more")
        self._renewable = credentials is not None or token_store is not None
        self._application = application
        self._token_store = token_store
        terms = Terms(
            parse_base_url(base_url, allow_insecure_http=allow_insecure_http), login_method, login_timeout, leeway
        )
        self._session = Session(terms, credentials, token, self._store())

    @property
    def token(self) -> Token | None:
        """The token in use, None before the first login."""
        return self._session.token

    async def save(self, *, replace: bool = True) -> None:
        """Save the token in the store, as a renewal does by itself. Without a token there is nothing to do.

        Args:
            replace: Whether a token that is there already may be another session's.

        Raises:
            ArgumentError: There is one, and it may not be replaced.
            TokenStoreError: The store failed.
        """
        session = self._session
        if session.token is None:
            return
        try:
            found = None if replace else await session.store.load(session.key)
            if found is None:
                await session.store.save(session.key, session.token)
        except Exception as error:
            message = f"the token store failed: {type(error).__name__}: {error}"
            raise TokenStoreError(message) from error
        if found is not None:
            raise ArgumentError("name", "is in use: take another one for each session")

    def for_customer(
        self, username: str, password: str, *, stored: bool = True, trusted: bool = False
    ) -> "MusementAuth":
        """The flow of a customer's own session, which logs in as this one does, with the same application and store.

        Args:
            username: The customer's login.
            password: The password.
            stored: Whether the token is kept in the store.
            trusted: Whether the password is known to be right, so that a token found in the store does instead of a
                login.

        Raises:
            ArgumentError: A login or a password that is none, or credentials are missing here.
        """
        client_id, client_secret = self._application_s()
        credentials = PasswordCredentials(client_id, client_secret, username, password)
        return self._sibling(credentials, None, stored=stored, unproven=not trusted)

    def for_token(self, token: Token, name: str | None = None) -> "MusementAuth":
        """The flow of a session that began elsewhere, with the same application.

        Args:
            token: Its token.
            name: What the session is called in the token store; without a name it is kept in memory alone.

        Raises:
            ArgumentError: Something that is no token, or an empty name.
        """
        given: tuple[object, object] = token, name
        if not isinstance(given[0], Token):
            raise ArgumentError("token", "must be a Token")
        if name is not None and not (isinstance(given[1], str) and name):
            raise ArgumentError("name", "must be a string that is not empty, or None")
        if self._session.credentials is None:
            if name is not None:
                raise ArgumentError("name", "is for sessions that can be renewed, with the application's credentials")
            return self._sibling(None, token, stored=False)
        return self._sibling(BareToken(*self._application_s(), name or ""), token, stored=name is not None)

    def _application_s(self) -> tuple[str, str]:
        credentials = self._session.credentials
        if credentials is None:
            raise ArgumentError("credentials", "are needed, those of the application, to log a customer in")
        return credentials.client_id, credentials.client_secret

    def _sibling(
        self,
        credentials: Credentials | BareToken | None,
        token: Token | None,
        *,
        stored: bool = True,
        unproven: bool = False,
    ) -> "MusementAuth":
        sibling = object.__new__(type(self))
        sibling._application = self._application
        sibling._token_store = self._token_store
        sibling._renewable = credentials is not None
        sibling._session = Session(
            self._session.terms, credentials, token, self._store() if stored else MemoryTokenStore()
        )
        sibling._session.unproven = unproven
        return sibling

    def _store(self) -> TokenStore:
        # What is kept in memory ends with the session.
        return self._token_store if self._token_store is not None else MemoryTokenStore()

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The flow of one request, for httpx."""
        ending = _Ending()
        return _Flow(self._steps(request, ending), ending)

    def sync_auth_flow(
        self,
        request: httpx.Request,  # noqa: ARG002 - httpx's signature
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Refuse a synchronous client."""
        message = "MusementAuth works with httpx.AsyncClient, not with the synchronous httpx.Client"
        raise TypeError(message)

    async def _steps(self, request: httpx.Request, ending: "_Ending") -> AsyncGenerator[httpx.Request, httpx.Response]:
        session = self._session
        if not session.terms.origin.owns(request.url):
            yield request
            return
        await self._prepare(request)
        since = monotonic()
        refused: Token | None = None
        while True:
            token = session.usable(refused) if self._renewable else session.token
            while token is None:
                renewal, is_new = session.renewal(refused, request, since)
                if is_new:
                    request.extensions[PRIORITY_EXTENSION] = True
                    try:
                        while (login := await renewal.relay.offered()) is not None:
                            response = yield login
                            renewal.relay.bring(await _answer(response, login))
                            forget(response)
                    except BaseException as error:
                        renewal.relay.cut(ending.reason or error)
                        raise
                token = await session.outcome(renewal, refused, request)
            session.sign(request, token)
            response = yield request
            token = session.signature(request)
            if not self._renewable or not session.is_refusal(response):
                return
            if refused is not None and session.clear(token):
                return
            if session.is_cleared(token):
                return
            await response.aread()  # an unread answer holds its connection, and the login may be waiting for one
            refused = token
            request.extensions[PRIORITY_EXTENSION] = True

    async def _prepare(self, request: httpx.Request) -> None:
        if not isinstance(request.stream, httpx.ByteStream):
            await _make_replayable(request)
        if self._application is not None:
            request.headers.setdefault("X-Musement-Application", self._application)
        request.extensions[ORIGIN_EXTENSION] = self._session.terms.origin
        request.extensions[SIGNER_EXTENSION] = self._session


@attrs.define
class _Ending:
    reason: BaseException | None = None


class _Flow(AsyncGenerator[httpx.Request, httpx.Response]):
    """The generator, told why it is closed.

    httpx closes a flow in the same way whether its login met a broken network or its caller was cancelled. The two
    differ: in the first case every waiting call gets that error, in the second another one carries on.
    """

    def __init__(self, steps: AsyncGenerator[httpx.Request, httpx.Response], ending: _Ending) -> None:
        self._steps = steps
        self._ending = ending

    async def asend(self, value: httpx.Response) -> httpx.Request:
        return await self._steps.asend(value)

    async def athrow(self, *error: Any) -> httpx.Request:  # noqa: ANN401 - both signatures of the protocol
        return await self._steps.athrow(*error)

    async def aclose(self) -> None:
        self._ending.reason = sys.exception()
        await self._steps.aclose()


async def _answer(response: httpx.Response, login: httpx.Request) -> Answer:
    try:
        body = await read_login_body(response)
    finally:
        await response.aclose()
    return Answer(response.status_code, body, redirected=response.request is not login)


async def _make_replayable(request: httpx.Request) -> None:
    """Read a body that can be sent only once into memory, before anything is sent."""
    if not isinstance(request.stream, httpx.AsyncByteStream):
        return  # a synchronous stream: httpx refuses it in its own words
    body = bytearray()
    chunks = aiter(request.stream)
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) > MAX_REPLAYED_BODY:
                limit = f"{MAX_REPLAYED_BODY // 2**20} MiB"
                problem = f"is a stream of more than {limit}, too much to keep for a replay after a 401"
                raise ArgumentError("content", problem)
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
    request.stream = httpx.ByteStream(bytes(body))
