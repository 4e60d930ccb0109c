"""The public ``httpx.Auth``: the login flow of a session, and the flows of customers made from it."""

import copy

from musement_async.auth.credentials import ClientCredentials, Credentials, PasswordCredentials, RefreshOnly
from musement_async.auth.flow import LoginFlow
from musement_async.auth.login import LoginConfig, LoginMethod, parse_base_url
from musement_async.auth.session import Session
from musement_async.auth.token import Token, TokenStore, is_visible_ascii
from musement_async.defaults import PRODUCTION
from musement_async.errors import ArgumentError
from musement_async.transports.musement import MusementTransport
from musement_async.values import check_kind, is_seconds

_BY_INVOICE = "no-payment"  # a scope
_OF_STORES = ("load", "save", "delete", "exclusive")


class MusementAuth(LoginFlow):
    """Logs in, sends the token with every request, and renews it when the API refuses it.

    One instance is one session. All tasks of the session share it. Use it on one ``httpx.AsyncClient``. With
    ``MusementTransport`` under that client, a login also survives the cancellation of the call that caused it. Two
    clients with one instance share the session: if one client is closed, the calls of the other continue, and log in
    there.

    Args:
        credentials: The credentials to log in with: ``ClientCredentials`` or ``PasswordCredentials``.
        token: A token to begin with.
        token_store: The store that keeps the token; in memory by default.
        trusted: Whether a customer's password is known to be right. Then a token from the store is used without a
            login. Otherwise the first call logs in, which checks the password.
        base_url: The API's base URL; the token goes to no other scheme, host or port.
        application: The id that Musement gave your application, for requests without ``X-Musement-Application``.
        login_method: ``"GET"`` puts the login's parameters into the query, ``"POST"`` into a JSON body, which access
            logs do not contain.
        login_timeout: Seconds for each phase of a login: connect, send, receive, wait for a free connection.
        leeway: Seconds before its expiry at which the token is renewed; at most a tenth of its lifetime.
        allow_insecure_http: Allow a plain http base URL to another machine.

    Raises:
        ArgumentError: An argument cannot work; the error names it.
    """

    def __init__(
        self,
        credentials: Credentials | None = None,
        *,
        token: Token | None = None,
        token_store: TokenStore | None = None,
        trusted: bool = False,
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
        check_kind("trusted", trusted, bool, "True or False")
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
        url = parse_base_url(base_url, allow_insecure_http=allow_insecure_http)
        config = LoginConfig(url, login_method, login_timeout, leeway)
        must_log_in = isinstance(credentials, PasswordCredentials) and not trusted
        super().__init__(Session(config, credentials, token, token_store, must_log_in=must_log_in), application)
        self._token_store = token_store

    @property
    def token(self) -> Token | None:
        """The token in use, None before the first login."""
        return self._session.state.token

    @property
    def token_store(self) -> TokenStore | None:
        """The store of the application's tokens; None if they are only in memory."""
        return self._token_store

    @property
    def application_key(self) -> str | None:
        """The key of the application's own session, the same in every process; None for any other session."""
        credentials = self._session.credentials
        if not isinstance(credentials, ClientCredentials):
            return None
        return f"{credentials.client_id} {self._application}"

    @property
    def may_pay_by_invoice(self) -> bool:
        """Whether the session may pay by invoice. True where that is not known: a partner's token tells no scopes."""
        scope = None if self.token is None else self.token.scope
        return not isinstance(self._session.credentials, PasswordCredentials) and (not scope or _BY_INVOICE in scope)

    def bind(self, transport: MusementTransport) -> None:
        """Bind this session, and those made from it, to the one transport that all their requests use.

        When that transport is closed, calls that wait for a login end at once.
        """
        self._session.config.transport = transport

    async def save(self, *, replace: bool = True) -> None:
        """Save the token in the store, as each renewal does. Without a token, nothing happens.

        Args:
            replace: Whether to replace a token that the store already has. It may belong to another session.

        Raises:
            ArgumentError: The session has no store; or the store has a token, and ``replace`` is False.
            TokenStoreError: The store failed.
        """
        token, store = self._session.state.token, self._session.store
        if store is None:
            raise ArgumentError(
                "token_store", "is needed to save a token; a session that began elsewhere needs a name in it, too"
            )
        if token is None:
            return
        if not await store.put(token, replace=replace):
            raise ArgumentError("name", "is in use: use a different one for each session")

    async def log_out(self) -> None:
        """End the session: forget its token here and in the store, and refuse all further calls.

        The API has no operation that revokes a token, so a copied token stays valid until it expires. Other processes
        that have the session in memory continue it.

        Raises:
            TokenStoreError: The store failed. The session has ended here; call it again to forget the token there.
        """
        await self._session.log_out()

    def for_customer(
        self, username: str, password: str, *, stored: bool = True, trusted: bool = False
    ) -> "MusementAuth":
        """The flow of a customer's own session, which logs in as this one does, with the same application and store.

        Args:
            username: The customer's username.
            password: The password.
            stored: Whether the token is kept in the store.
            trusted: Whether the password is known to be right. Then a token from the store is used without a login.

        Raises:
            ArgumentError: The username or the password is empty, or this session has no credentials.
        """
        client_id, client_secret = self._application_credentials()
        credentials = PasswordCredentials(client_id, client_secret, username, password)
        return self._sibling(credentials, None, stored=stored, must_log_in=not trusted)

    def for_token(self, token: Token, name: str | None = None) -> "MusementAuth":
        """The flow of a session that began elsewhere, with the same application.

        Args:
            token: The token of the session.
            name: The name of the session in the token store; without a name, the session is only in memory.

        Raises:
            ArgumentError: ``token`` is not a ``Token``, or the name is empty.
        """
        check_kind("token", token, Token, "a Token")
        given: object = name
        if given is not None and not (isinstance(given, str) and given):
            raise ArgumentError("name", "must be a string that is not empty, or None")
        if self._session.credentials is None:
            if name is not None:
                raise ArgumentError("name", "is for sessions that can be renewed, with the application's credentials")
            return self._sibling(None, token, stored=False)
        return self._sibling(RefreshOnly(*self._application_credentials(), name or ""), token, stored=name is not None)

    def _application_credentials(self) -> tuple[str, str]:
        credentials = self._session.credentials
        if credentials is None:
            raise ArgumentError("credentials", "are needed, those of the application, to log a customer in")
        return credentials.client_id, credentials.client_secret

    def _sibling(
        self,
        credentials: Credentials | RefreshOnly | None,
        token: Token | None,
        *,
        stored: bool,
        must_log_in: bool = False,
    ) -> "MusementAuth":
        store = self._token_store if stored else None
        session = Session(self._session.config, credentials, token, store, must_log_in=must_log_in)
        sibling = copy.copy(self)
        LoginFlow.__init__(sibling, session, self._application)
        return sibling
