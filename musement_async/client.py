"""The client, with its configuration and one property for each area of the API."""

from __future__ import annotations  # what they name is imported with the first client, not with this class

import os
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast, overload

from musement_async._version import __version__
from musement_async.defaults import (
    DEFAULT_CONCURRENCY,
    DEFAULT_DEADLINE,
    DEFAULT_LOGINS,
    DEFAULT_MAX_BODY,
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    PRODUCTION,
)
from musement_async.resources.namespaces import Namespaces
from musement_async.views import DerivedClients

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Unpack
    from uuid import UUID

    import httpx

    from musement_async.auth import Credentials, LoginMethod, Token, TokenStore
    from musement_async.cache import Cache
    from musement_async.checkout import Checkout
    from musement_async.core import Parameters
    from musement_async.exchanges import Exchange, Hook
    from musement_async.mapping import MapCall
    from musement_async.mirror import Mirror, MirrorStore
    from musement_async.models.cities import City
    from musement_async.options import ClientOptions
    from musement_async.resources.parameters import Id, OneOrMore
    from musement_async.retries import Retries
    from musement_async.transports.setup import Network

R = TypeVar("R")
T = TypeVar("T")


class MusementClient(Namespaces, DerivedClients):
    """An asynchronous client for the Musement API: one session on one pool of connections.

    Create one per application and share it among all tasks; ``async with`` closes it.

    Args:
        credentials: The credentials to log in with: ``ClientCredentials`` or ``PasswordCredentials``.
        token: A token to begin with.
        token_store: The store that keeps the token; in memory by default. At least one of these three is needed.
        trusted: Whether a customer's password is known to be right, see ``as_customer``.
        base_url: ``PRODUCTION``, ``SANDBOX`` or another URL of the API. Plain http is only for this machine.
        application: The id that Musement gave your application (``X-Musement-Application``). The API refuses calls
            without it.
        version: The version of the API's models (``X-Musement-Version``).
        language: The language of texts, such as ``"it-IT"`` (``Accept-Language``).
        currency: The currency of prices, such as ``"EUR"`` (``X-Musement-Currency``).
        market: The code of your contract's catalogue and price list (``X-Musement-Market``).
        login_method: ``"GET"`` or ``"POST"``, see ``MusementAuth``.
        login_timeout: Seconds for each phase of a login.
        leeway: Seconds before its expiry at which the token is renewed; at most a tenth of its lifetime.
        timeout: Seconds for each phase of an attempt, or an ``httpx.Timeout``; None for no timeouts.
        deadline: Seconds for a call as a whole: all its attempts, logins and waits. None for no deadline.
        retries: The policy for retries of failed calls: ``Retries``, or the number of retries; 0 or None for none.
        rate_limit: How many requests may begin within a second; fewer after a 429. None for no limit.
        max_body: The longest body that is read, in bytes, also for documents in files; None for no limit.
        on_exchange: A function that is called with an ``Exchange`` after each exchange with the API. It should be
            quick. Its errors are logged.
        limits: The number of connections in the pool, as ``httpx.Limits``; logins have connections of their own.
        logins: How many logins may run at the same time, each on a connection of its own.
        proxy: A proxy's URL; by default the environment's proxy.
        verify: Whether to check certificates, or the ``ssl.SSLContext`` to check them with.
        trust_env: Whether to use the environment's proxies and certificates.
        network: The HTTP library that sends the calls: ``"httpcore"``, or ``"aiohttp"`` on asyncio, with the extra of
            that name.
        transport: An ``httpx.AsyncBaseTransport`` that talks to the network. It replaces the one made from ``limits``,
            ``proxy``, ``verify`` and ``network``.
        cache: Whether answers of the catalogue are kept in memory, or the ``Cache`` that keeps them.
        strict: Whether a value that does not fit its field is an error. By default the value is left out and logged,
            and the rest of the answer is kept.
        allow_insecure_http: Allow a plain http base URL to another machine.
        allow_private_hosts: Allow documents from hosts on this machine and in private networks.

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
        version: str = "3.4.0",
        language: str | None = None,
        currency: str | None = None,
        market: str | None = None,
        login_method: LoginMethod = "GET",
        login_timeout: float = 20.0,
        leeway: float = 30.0,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        deadline: float | None = DEFAULT_DEADLINE,
        retries: Retries | int | None = DEFAULT_RETRIES,
        rate_limit: float | None = None,
        max_body: int | None = DEFAULT_MAX_BODY,
        on_exchange: Hook | None = None,
        limits: httpx.Limits | None = None,
        logins: int = DEFAULT_LOGINS,
        proxy: str | httpx.Proxy | None = None,
        verify: ssl.SSLContext | bool = True,
        trust_env: bool = True,
        network: Network = "httpcore",
        transport: httpx.AsyncBaseTransport | None = None,
        cache: Cache | bool = False,
        strict: bool = False,
        allow_insecure_http: bool = False,
        allow_private_hosts: bool = False,
    ) -> None:
        from musement_async.auth import MusementAuth
        from musement_async.core import Core, SessionContext, SharedResources
        from musement_async.options import Options, as_headers, as_hook, as_timeout, check_settings
        from musement_async.transports import MusementTransport
        from musement_async.transports.setup import CookielessClient, environment_proxy

        auth = MusementAuth(
            credentials,
            token=token,
            token_store=token_store,
            trusted=trusted,
            base_url=base_url,
            application=application,
            login_method=login_method,
            login_timeout=login_timeout,
            leeway=leeway,
            allow_insecure_http=allow_insecure_http,
        )
        check_settings(limits=limits, proxy=proxy, verify=verify, trust_env=trust_env, transport=transport)
        headers = as_headers(version=version, language=language, currency=currency, market=market)
        others = {"retries": retries, "deadline": deadline, "max_body": max_body, "strict": strict}
        options = Options().changed({}, {**others, "allow_private_hosts": allow_private_hosts})
        hook = None if on_exchange is None else as_hook("on_exchange", on_exchange)
        if proxy is None and trust_env and transport is None:
            proxy = environment_proxy(base_url)
        stack = MusementTransport(
            transport,
            limits=limits,
            logins=logins,
            proxy=proxy,
            verify=verify,
            trust_env=trust_env,
            network=network,
            rate_limit=rate_limit,
        )
        auth.bind(stack)
        http = CookielessClient(
            base_url=base_url,
            auth=auth,
            headers={
                "User-Agent": f"musement-async/{__version__}",
                "Accept": "application/json",
                **{name: value for name, value in headers.items() if value is not None},
            },
            timeout=as_timeout(timeout),
            transport=stack,
            trust_env=trust_env,
        )
        kept = None
        if cache is not False:
            from musement_async.core.caching import open_cache

            kept = open_cache(cache)
        self._core = Core(SharedResources(http, stack, hook, kept), SessionContext(auth), options)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **options: Unpack[ClientOptions]) -> Self:
        """A client configured by environment variables.

        ``MUSEMENT_CLIENT_ID`` and ``MUSEMENT_CLIENT_SECRET`` are needed; ``MUSEMENT_USERNAME`` and
        ``MUSEMENT_PASSWORD`` log a customer in. ``MUSEMENT_APPLICATION``, ``MUSEMENT_BASE_URL``,
        ``MUSEMENT_LANGUAGE``, ``MUSEMENT_CURRENCY`` and ``MUSEMENT_MARKET`` stand for the arguments of these names.

        Args:
            environ: The variables; by default those of the process.
            **options: Arguments of the class, such as ``currency`` or ``cache``. They override the environment.

        Raises:
            ArgumentError: A variable is missing or cannot work; the error names it.
        """
        from musement_async.options import read_environment

        credentials, found = read_environment(os.environ if environ is None else environ)
        return cls(credentials, **cast("ClientOptions", {**found, **options}))

    @property
    def http(self) -> httpx.AsyncClient:
        """The ``httpx.AsyncClient`` underneath, with this client's session, for operations without a method here."""
        return self._core.http

    @overload
    async def request(
        self, method: str, path: str, *, params: Parameters | None = None, json: object = None, model: None = None
    ) -> Any: ...  # noqa: ANN401 - any JSON that the API answers with
    @overload
    async def request(
        self, method: str, path: str, *, params: Parameters | None = None, json: object = None, model: type[T]
    ) -> T: ...
    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Parameters | None = None,
        json: object = None,
        model: type[T] | None = None,
    ) -> T | Any:
        """The answer to a call of any operation, with the same session, headers and errors as the other methods.

        Args:
            method: The HTTP method.
            path: The path below the base URL, beginning with a slash.
            params: The query; None leaves a parameter out, a list repeats it.
            json: The body: plain data or a model.
            model: The type of the answer: a model, or for instance ``list[City]``.

        Returns:
            The answer as ``model``; without a model as plain data. None if the answer is empty.

        Raises:
            ArgumentError: The path is absolute or leaves the base URL.
            APIError: The API answered with an error status.
            DecodeError: The answer is not JSON, or does not fit the model.
            TransportError: No answer arrived.
        """
        from musement_async.paths import check_call

        where = check_call(method, path)
        if model is not None:
            self._core.check_model(model)
        answer = await self._core.send(method, where, params=params, json=json)
        if model is None and not answer.content:
            return None
        return self._core.decode(answer, cast("type[T]", Any if model is None else model), method, where)

    def map(
        self,
        function: Callable[[T], Awaitable[R]],
        arguments: Iterable[T] | AsyncIterable[T],
        *,
        concurrency: int | None = None,
    ) -> MapCall[T, R]:
        """One call for each of many arguments, such as ``client.map(client.cities.get, ids)``. Nothing is sent yet.

        Args:
            function: A method of this client or any asynchronous function; it is called with each argument.
            arguments: The arguments. They are taken one by one, so a generator, a file or a list call may have
                millions. An asynchronous generator is closed at the end.
            concurrency: The most calls under way at a time; by default the number of this client's connections.

        Returns:
            A call to await for all results in order, or to iterate; see ``MapCall``.

        Raises:
            ArgumentError: An argument cannot work; the error names it.
        """
        from musement_async.mapping import MapCall

        if concurrency is None:
            concurrency = self._core.shared.network.concurrency or DEFAULT_CONCURRENCY
        return MapCall(function, arguments, concurrency=concurrency)

    def checkout(
        self, cart_uuid: UUID | str | None = None, *, discount_code: str | None = None, cid: str | None = None
    ) -> Checkout:
        """A booking, step by step or in one call: cart, forms, order, payment, vouchers. Nothing is sent yet.

        Args:
            cart_uuid: The cart to continue with; with None, the first step makes a new cart.
            discount_code: A code for the new cart.
            cid: The channel that the cart and the order are attributed to.

        Raises:
            ArgumentError: ``cart_uuid`` is not a UUID.
        """
        from musement_async.checkout import Checkout

        return Checkout(self, self._core, cart_uuid, discount_code=discount_code, cid=cid)

    def mirror(
        self,
        store: MirrorStore,
        *,
        languages: OneOrMore[str] = "en-GB",
        currencies: OneOrMore[str] = "EUR",
        cities: OneOrMore[Id[City]] | None = None,
        details: bool = False,
        days: int = 0,
    ) -> Mirror:
        """A copy of the catalogue, which can be interrupted at any time and goes on. Nothing is sent yet.

        Args:
            store: Where the copy is, such as ``SQLiteMirrorStore("catalogue.sqlite")``. A store is for one API: runs
                raise an ArgumentError if it holds a copy of another base URL.
            languages: The languages of texts.
            currencies: The currencies of prices.
            cities: The cities, or their ids; None for the whole catalogue.
            details: Whether each activity and its media are fetched on their own. A search, which is used otherwise,
                fills fewer fields.
            days: For how many days, from today on, to copy prices. The API asks not to keep them: each run replaces
                them, and they are good for moments only.

        Raises:
            ArgumentError: An argument cannot work, by name.
        """
        from musement_async.mirror import Mirror
        from musement_async.mirror.scope import Scope, source_of

        uncached = self if self._core.shared.kept is None else self.with_options(cache="off")
        scope = Scope.of(languages=languages, currencies=currencies, cities=cities, details=details, days=days)
        return Mirror(
            lambda language, currency: uncached.with_options(language=language, currency=currency),
            store,
            scope,
            source_of(self._core.shared.http.base_url),
        )

    def add_hook(self, hook: Hook) -> None:
        """Add a function that is called after each exchange with the API, after the functions added before.

        It is called for all clients on the same connections, as ``on_exchange`` is. Only ``on_exchange`` is called for
        answers from a cache.

        Raises:
            ArgumentError: ``hook`` cannot be called, or has to be awaited.
        """
        from musement_async.options import as_hook

        self._core.shared.add_hook(as_hook("hook", hook))

    @property
    def cache(self) -> Cache:
        """The client's cache: its figures, ``purge()`` and ``follow()``. Without a cache, an ``ArgumentError``."""
        from musement_async.errors import ArgumentError

        if (kept := self._core.shared.kept) is None:
            raise ArgumentError("cache", "is off: make the client with cache=True, or with a Cache")
        return kept.cache

    def capture(self) -> AbstractContextManager[list[Exchange]]:
        """Record the exchanges made inside a ``with`` block, by this client and its views, in all its tasks."""
        from musement_async.core import capture

        return capture(self._core.session)

    async def aclose(self) -> None:
        """Close the connections after the logins and checkout steps in flight. Further calls do nothing.

        A client made by ``as_customer`` or ``with_token`` closes only itself; the connections stay open.
        """
        await self._core.close()

    async def __aenter__(self) -> Self:
        """Open the pool."""
        self._core.check_open()
        if self._core.session.owns_pool:
            await self._core.http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the pool."""
        await self._core.close()

    def __repr__(self) -> str:
        closed = " (closed)" if self._core.is_closed else ""
        return f"<{type(self).__name__} of {self._core.shared.http.base_url}{closed}>"
