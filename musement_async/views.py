"""Clients derived from a client: with other options, or for another session."""

from __future__ import annotations  # what they name of ``_types`` is imported when they are evaluated

from typing import Any, Self

import httpx

from musement_async import _types as t
from musement_async.defaults import UNSET, Unset
from musement_async.misspelt import suggests_options


class DerivedClients:
    """The methods that derive a client from a client; both share the pool of connections."""

    _core: t.Core

    @suggests_options
    def with_options(
        self,
        *,
        version: str | Unset = UNSET,
        language: str | Unset | None = UNSET,
        currency: str | Unset | None = UNSET,
        market: str | Unset | None = UNSET,
        timeout: httpx.Timeout | float | Unset | None = UNSET,
        deadline: float | Unset | None = UNSET,
        retries: t.Retries | int | Unset | None = UNSET,
        max_body: int | Unset | None = UNSET,
        strict: bool | Unset = UNSET,
        cache: t.CacheMode | Unset = UNSET,
        allow_private_hosts: bool | Unset = UNSET,
    ) -> Self:
        """A view of this client with other options, on the same pool and session.

        A view is cheap: you may make one for each call. Closing a view closes the client. None removes an option; an
        option that is not given stays as it is.

        ``cache`` sets the use of the client's cache: ``"on"``; ``"fresh"``, send every request and keep the answer;
        ``"only"``, send no request, so that a missing answer is a ``NotCachedError``; ``"off"``.

        Raises:
            ArgumentError: An option cannot work; the error names it.
        """
        headers = {"version": version, "language": language, "currency": currency, "market": market}
        others = {
            "timeout": timeout,
            "deadline": deadline,
            "retries": retries,
            "max_body": max_body,
            "strict": strict,
            "cache": cache,
            "allow_private_hosts": allow_private_hosts,
        }
        if cache is not UNSET and self._core.shared.kept is None:
            from musement_async.errors import ArgumentError

            raise ArgumentError("cache", "needs a client that was made with a cache")
        return self._with(options=self._core.options.changed(headers, others))

    @suggests_options
    def as_customer(self, username: str, password: str, *, stored: bool = True, trusted: bool = False) -> Self:
        """A client for a customer's own session, on the same pool and with the same options. Nothing is sent yet.

        Such a client is cheap: a web application may make one for each customer. The customer's token is kept in this
        client's token store, under a key of its own. Closing the new client leaves the pool open.

        Args:
            username: The customer's username, usually an e-mail address.
            password: The customer's password.
            stored: Whether the token is kept in the token store.
            trusted: Whether the password is known to be right, as in your own background jobs. Then a token from the
                store is used without a login. Otherwise the first call logs in, which checks the password.

        Raises:
            ArgumentError: The username or the password is empty, or this client has no application's credentials.
        """
        return self._with_session(self._auth.for_customer(username, password, stored=stored, trusted=trusted))

    @suggests_options
    def with_token(self, token: t.Token, *, name: str | None = None) -> Self:
        """A client for a session that began elsewhere, from its token. Nothing is sent yet.

        The token is refreshed in the application's name. When the API refuses that, the session is over: the call
        raises an ``AuthenticationError`` and does not log in.

        Args:
            token: The token.
            name: The session's name in the token store, such as the customer's id. Without a name the session is
                kept in memory only.

        Raises:
            ArgumentError: ``token`` is not a ``Token``, or the name is empty.
        """
        return self._with_session(self._auth.for_token(token, name))

    async def save_token(self, *, replace: bool = True) -> None:
        """Save the token of a session that began elsewhere in the token store. Renewals save their tokens themselves.

        Args:
            replace: Whether to replace a token that the store already has. It may belong to a session of the same name.

        Raises:
            ArgumentError: The client has no token store, or the session no name in it; or the store has a token of this
                name, and ``replace`` is False.
            TokenStoreError: The store failed.
        """
        await self._auth.save(replace=replace)

    async def log_out(self) -> None:
        """End the session: forget its token here and in the token store.

        All further calls of this client and its views raise a ``LoggedOutError``; clients of other sessions continue.
        The API has no operation that revokes a token, so a copied token stays valid until it expires.

        Raises:
            TokenStoreError: The store failed. The session has ended here; call it again to forget the token there.
        """
        await self._auth.log_out()

    @property
    def token_store(self) -> t.TokenStore | None:
        """The store of the client's tokens and of its customers'; None if they are only in memory."""
        return self._auth.token_store

    @property
    def token(self) -> t.Token | None:
        """The token in use; None before the first login."""
        return self._auth.token

    @property
    def _auth(self) -> t.MusementAuth:
        return self._core.session.auth

    def _with_session(self, auth: t.MusementAuth) -> Self:
        from musement_async.core import SessionContext

        return self._with(session=SessionContext(auth, owns_pool=False))

    def _with(self, **changes: Any) -> Self:  # noqa: ANN401 - attributes of a core
        import attrs

        view = object.__new__(type(self))
        view._core = attrs.evolve(self._core, **changes)
        return view
