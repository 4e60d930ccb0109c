"""Clients made of another one: with other options, or for another session."""

from typing import Any, Self

import attrs
import httpx

from musement_async.auth import MusementAuth, Token
from musement_async.core import Core, SessionContext
from musement_async.errors import ArgumentError
from musement_async.options import UNSET, CacheMode, Unset
from musement_async.retries import Retries


class DerivedClients:
    """What makes a client of a client; both share the pool of connections."""

    _core: Core

    def with_options(
        self,
        *,
        version: str | Unset = UNSET,
        language: str | Unset | None = UNSET,
        currency: str | Unset | None = UNSET,
        market: str | Unset | None = UNSET,
        timeout: httpx.Timeout | float | Unset | None = UNSET,
        deadline: float | Unset | None = UNSET,
        retries: Retries | int | Unset | None = UNSET,
        max_body: int | Unset | None = UNSET,
        strict: bool | Unset = UNSET,
        cache: CacheMode | Unset = UNSET,
    ) -> Self:
        """A view of this client with other options, on the same pool and session.

        DerivedClients cost next to nothing: make one per call if you like. Closing one closes the client. None takes an
        option away; what is not given stays as it is.

        ``cache`` says how a client with a cache uses it: ``"on"``; ``"fresh"``, ask the API and keep the answer;
        ``"only"``, do not ask the API, so that what is not kept is a ``NotCachedError``; ``"off"``.

        Raises:
            ArgumentError: An option that cannot work, by name.
        """
        headers = {"version": version, "language": language, "currency": currency, "market": market}
        others = {
            "timeout": timeout,
            "deadline": deadline,
            "retries": retries,
            "max_body": max_body,
            "strict": strict,
            "cache": cache,
        }
        if cache is not UNSET and self._core.shared.kept is None:
            raise ArgumentError("cache", "needs a client that was made with a cache")
        return self._with(options=self._core.options.changed(headers, others))

    def as_customer(self, username: str, password: str, *, stored: bool = True, trusted: bool = False) -> Self:
        """A client of a customer's own session, on the same pool and with the same options. Nothing is sent yet.

        It costs next to nothing, so a web application may make one for each of its customers, and any number of them.
        The customer's token is kept where this client's is, under a key of its own. Closing it leaves the pool open.

        Args:
            username: The customer's login, usually an e-mail address.
            password: The customer's password.
            stored: Whether the token is kept in the token store.
            trusted: Whether the password is known to be right, as in a job of your own. Then a token that is found in
                the store does instead of a login. Otherwise the first call logs in, which shows that it is right.

        Raises:
            ArgumentError: One of them is empty, or this client has no credentials of an application.
        """
        return self._with(
            session=SessionContext(
                self._auth.for_customer(username, password, stored=stored, trusted=trusted), owns_pool=False
            )
        )

    def with_token(self, token: Token, *, name: str | None = None) -> Self:
        """The same for a session that began elsewhere, and whose token is at hand.

        The token is refreshed in the application's name. When that is refused, the session is over: there is an
        ``AuthenticationError``, and no login in its place.

        Args:
            token: The token.
            name: What tells the session from others, such as the customer's id, for the token store. Without a name
                the session is kept in memory alone.

        Raises:
            ArgumentError: Something that is no token, or an empty name.
        """
        return self._with(session=SessionContext(self._auth.for_token(token, name), owns_pool=False))

    async def save_token(self, *, replace: bool = True) -> None:
        """Save the token in the token store, as each renewal does by itself: for one that began elsewhere.

        Args:
            replace: Whether a token that the store has already may be replaced. It may be another session's, whose name
                was given a second time.

        Raises:
            ArgumentError: There is one, and it may not.
            TokenStoreError: The store failed.
        """
        await self._auth.save(replace=replace)

    @property
    def token(self) -> Token | None:
        """The token in use; None before the first login."""
        return self._auth.token

    @property
    def _auth(self) -> MusementAuth:
        return self._core.session.auth

    def _with(self, **changes: Any) -> Self:  # noqa: ANN401 - attributes of a core
        view = object.__new__(type(self))
        view._core = attrs.evolve(self._core, **changes)
        return view
