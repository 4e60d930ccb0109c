"""What a user holds: configuration in, resources out."""

import os
import ssl
from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, TypeVar, Unpack, cast, overload
from uuid import UUID

import httpx

from musement_async._version import __version__
from musement_async.auth import (
    PRODUCTION,
    Credentials,
    LoginMethod,
    MusementAuth,
    Token,
    TokenStore,
)
from musement_async.core import Core, Exchange, Parameters, capture
from musement_async.errors import ArgumentError
from musement_async.options import UNSET, Options, Unset, as_headers, as_timeout, read_environment
from musement_async.paths import check_path
from musement_async.resources.areas import Areas
from musement_async.transports import DEFAULT_SLOTS, MusementTransport
from musement_async.transports.network import Network, network_transport

if TYPE_CHECKING:
    from musement_async.checkout import Checkout

T = TypeVar("T")

DEFAULT_TIMEOUT = httpx.Timeout(60, connect=10)
DEFAULT_LIMITS = httpx.Limits(max_connections=DEFAULT_SLOTS, max_keepalive_connections=DEFAULT_SLOTS)


class ClientOptions(TypedDict, total=False):
    """The options of a client beside its credentials, as ``MusementClient`` explains them."""

    token: Token | None
    token_store: TokenStore | None
    base_url: str
    application: str | None
    version: str
    language: str | None
    currency: str | None
    market: str | None
    login_method: LoginMethod
    login_timeout: float
    leeway: float
    timeout: httpx.Timeout | float | None
    limits: httpx.Limits | None
    proxy: str | httpx.Proxy | None
    verify: ssl.SSLContext | bool
    trust_env: bool
    network: Network
    transport: httpx.AsyncBaseTransport | None
    strict: bool
    allow_insecure_http: bool


class MusementClient(Areas):
    """An asynchronous client of the Musement API: one session on one pool of connections.

    Create one per application and share it among all tasks; ``async with`` closes it.

    Args:
        credentials: What to log in with, ``ClientCredentials`` or ``PasswordCredentials``.
        token: A token to begin with.
        token_store: Where the token is kept beyond this object; in memory by default. At least one of these three is
            needed.
        base_url: ``PRODUCTION``, ``SANDBOX`` or another URL of the API. Plain http is for this machine only.
        application: The id Musement gave your application (``X-Musement-Application``). The API refuses calls
            without it.
        version: The version of the API's models (``X-Musement-Version``).
        language: The language of texts, such as ``"it-IT"`` (``Accept-Language``).
        currency: The currency of prices, such as ``"EUR"`` (``X-Musement-Currency``).
        market: The code of your contract's catalogue and price list (``X-Musement-Market``).
        login_method: ``"GET"`` or ``"POST"``, see ``MusementAuth``.
        login_timeout: Seconds for each phase of a login.
        leeway: Seconds before its expiry from which on the token is renewed, a tenth of its lifetime at most.
        timeout: Seconds for each phase of a call, or an ``httpx.Timeout``; None for no timeouts at all.
        limits: How many connections the pool holds, as ``httpx.Limits``; a login has one more to itself.
        proxy: A proxy's URL; by default that of the environment.
        verify: Whether to check certificates, or the ``ssl.SSLContext`` to check them with.
        trust_env: Whether to heed the environment's proxies and certificates.
        network: What carries the calls: ``"httpcore"`` or, on asyncio and with the extra of that name, ``"aiohttp"``.
        transport: The ``httpx.AsyncBaseTransport`` that talks to the network, instead of one made of ``limits``,
            ``proxy``, ``verify`` and ``network``.
        strict: Whether a value that does not fit its field is an error. By default it is left out and logged, and the
            rest of the answer arrives.
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
        version: str = "3.4.0",
        language: str | None = None,
        currency: str | None = None,
        market: str | None = None,
        login_method: LoginMethod = "GET",
        login_timeout: float = 20.0,
        leeway: float = 30.0,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        limits: httpx.Limits | None = None,
        proxy: str | httpx.Proxy | None = None,
        verify: ssl.SSLContext | bool = True,
        trust_env: bool = True,
        network: Network = "httpcore",
        transport: httpx.AsyncBaseTransport | None = None,
        strict: bool = False,
        allow_insecure_http: bool = False,
    ) -> None:
        auth = MusementAuth(
            credentials,
            token=token,
            token_store=token_store,
            base_url=base_url,
            application=application,
            login_method=login_method,
            login_timeout=login_timeout,
            leeway=leeway,
            allow_insecure_http=allow_insecure_http,
        )
        headers = as_headers(version=version, language=language, currency=currency, market=market)
        slots: int | None = DEFAULT_SLOTS
        if transport is None:
            limits = limits or DEFAULT_LIMITS
            slots = limits.max_connections
            transport = network_transport(
                base_url, proxy=proxy, verify=verify, trust_env=trust_env, limits=limits, network=network
            )
        elif network != "httpcore":
            raise ArgumentError("network", "is chosen where the transport is made: leave one of the two out")
        elif proxy is not None or limits is not None or verify is not True:
            raise ArgumentError("transport", "has its own proxy, limits and verify: give them to it, not to the client")
        http = httpx.AsyncClient(
            base_url=base_url,
            auth=auth,
            headers={
                "User-Agent": f"musement-async/{__version__}",
                "Accept": "application/json",
                **{name: value for name, value in headers.items() if value is not None},
            },
            timeout=as_timeout(timeout),
            transport=MusementTransport(transport, slots=slots),
            trust_env=trust_env,
        )
        self._core = Core(http, Options(strict=strict))

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ, **options: Unpack[ClientOptions]) -> Self:
        """A client set up by environment variables.

        ``MUSEMENT_CLIENT_ID`` and ``MUSEMENT_CLIENT_SECRET`` are needed; ``MUSEMENT_USERNAME`` and
        ``MUSEMENT_PASSWORD`` log a customer in. ``MUSEMENT_APPLICATION``, ``MUSEMENT_BASE_URL``,
        ``MUSEMENT_LANGUAGE``, ``MUSEMENT_CURRENCY`` and ``MUSEMENT_MARKET`` stand for the arguments of that name.

        Args:
            environ: The variables; the process's own by default.
            **options: Arguments of the class, which go before the environment.

        Raises:
            ArgumentError: A variable is missing or cannot work, by name.
        """
        credentials, found = read_environment(environ)
        return cls(credentials, **cast("ClientOptions", {**found, **options}))

    @property
    def http(self) -> httpx.AsyncClient:
        """The ``httpx.AsyncClient`` underneath, logged in as this client is, for whatever has no method here."""
        return self._core.http

    @overload
    async def request(
        self, method: str, path: str, *, params: Parameters | None = None, json: object = None, model: None = None
    ) -> Any: ...  # noqa: ANN401 - whatever JSON the API answers
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
        """One call to any operation, with the session, headers and errors of all others.

        Args:
            method: The HTTP method.
            path: The path below the base URL, beginning with a slash.
            params: The query; None leaves a parameter out, a list repeats it.
            json: The body: plain data or a model.
            model: What to read the answer as: a model, or for instance ``list[City]``.

        Returns:
            The answer as ``model``; without one as plain data, None if it is empty.

        Raises:
            ArgumentError: The path is absolute or leaves the base URL.
            APIError: The API answered with an error status.
            DecodeError: The answer is not JSON, or not such a model.
            TransportError: No answer arrived.
        """
        where = check_path(path)
        response = await self._core.send(method, where, params=params, json=json)
        if model is None and not response.content:
            return None
        return self._core.decode(response, cast("type[T]", Any if model is None else model), method, where)

    def with_options(
        self,
        *,
        version: str | Unset = UNSET,
        language: str | Unset | None = UNSET,
        currency: str | Unset | None = UNSET,
        market: str | Unset | None = UNSET,
        timeout: httpx.Timeout | float | Unset | None = UNSET,
        strict: bool | Unset = UNSET,
    ) -> Self:
        """A view of this client with other options, on the same pool and session.

        Views cost next to nothing: make one per call if you like. Closing one closes the pool of all. None takes an
        option away; what is not given stays as it is.

        Raises:
            ArgumentError: An option that cannot work, by name.
        """
        given = {"version": version, "language": language, "currency": currency, "market": market}
        old = self._core.options
        options = Options(
            {**old.headers, **as_headers(**{name: value for name, value in given.items() if value is not UNSET})},
            old.timeout if timeout is UNSET else as_timeout(timeout),
            old.strict if strict is UNSET else strict,
        )
        view = object.__new__(type(self))
        view._core = Core(self._core.http, options, self._core.underway)
        return view

    def checkout(
        self, cart_uuid: UUID | str | None = None, *, discount_code: str | None = None, cid: str | None = None
    ) -> "Checkout":
        """A booking, step by step or in one go: cart, forms, order, payment, vouchers. Nothing is sent yet.

        Args:
            cart_uuid: A cart to go on with; None makes a new one with the first step.
            discount_code: A code for the new cart.
            cid: The channel that cart and order are attributed to.

        Raises:
            ArgumentError: ``cart_uuid`` is no UUID.
        """
        from musement_async.checkout import Checkout

        return Checkout(self, self._core.underway, cart_uuid, discount_code=discount_code, cid=cid)

    def capture(self) -> AbstractContextManager[list[Exchange]]:
        """Record the answered calls made inside a ``with`` block, by this client and its views, in all its tasks."""
        return capture(self._core.http)

    async def aclose(self) -> None:
        """Close the connections, once a login or a checkout's step in flight is done; any number of times."""
        try:
            await self._core.underway.settle()
        finally:
            await self._core.http.aclose()

    async def __aenter__(self) -> Self:
        """Open the pool."""
        self._core.check_open()
        await self._core.http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the pool."""
        try:
            await self._core.underway.settle()
        finally:
            await self._core.http.__aexit__(kind, error, traceback)

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} of {self._core.http.base_url}{' (closed)' if self._core.http.is_closed else ''}>"
        )
