"""Options of clients and views, and the reading of environment variables."""

import re
import ssl
from collections.abc import Callable, Mapping
from inspect import iscoroutinefunction
from types import UnionType
from typing import Any, Literal, TypedDict, cast, get_args

import attrs
import httpx

from musement_async import _types as t
from musement_async.auth import (
    ClientCredentials,
    Credentials,
    LoginMethod,
    PasswordCredentials,
    Token,
    TokenStore,
)
from musement_async.defaults import DEFAULT_DEADLINE, DEFAULT_MAX_BODY, UNSET
from musement_async.errors import ArgumentError
from musement_async.exchanges import Hook
from musement_async.retries import Retries, as_retries
from musement_async.transports.setup import Network
from musement_async.values import check_kind, is_seconds

CacheMode = Literal["on", "fresh", "only", "off"]


_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_LANGUAGES = re.compile(r"[\w*-]+(?:[,;][ \w.=*-]+)*", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_WORD = re.compile(r"[!-~]+", re.ASCII)
_HEADERS: Mapping[str, tuple[str, re.Pattern[str], str]] = {
    "version": ("X-Musement-Version", _VERSION, "must be a version such as '3.4.0'"),
    "language": ("Accept-Language", _LANGUAGES, "must be a language such as 'it-IT'"),
    "currency": ("X-Musement-Currency", _CURRENCY, "must be an ISO 4217 code such as 'EUR'"),
    "market": ("X-Musement-Market", _WORD, "must be a market's code such as 'us'"),
}

_VARIABLES = ("application", "base_url", "language", "currency", "market")


@attrs.frozen
class Options:
    """The options of each call of a view.

    With None, a header is left out, the timeout is the ``httpx.AsyncClient``'s, and ``deadline`` and ``max_body`` have
    no limit.
    """

    headers: Mapping[str, str | None] = attrs.field(factory=dict[str, str | None])
    timeout: httpx.Timeout | None = None
    strict: bool = False
    retries: Retries = attrs.field(factory=Retries)
    deadline: float | None = DEFAULT_DEADLINE
    max_body: int | None = DEFAULT_MAX_BODY
    cache: CacheMode = "on"
    allow_private_hosts: bool = False

    def changed(self, headers: Mapping[str, object], others: Mapping[str, object]) -> "Options":
        """These options with the changes of ``with_options``. ``UNSET`` leaves an option as it is.

        Raises:
            ArgumentError: An option cannot work; the error names it.
        """
        new = as_headers(**{name: value for name, value in headers.items() if value is not UNSET})
        changes = {name: _READERS[name](name, value) for name, value in others.items() if value is not UNSET}
        return attrs.evolve(self, headers={**self.headers, **new}, **changes)


class ClientOptions(TypedDict, total=False):
    """The options of a client, without its credentials. ``MusementClient`` explains them."""

    token: Token | None
    token_store: TokenStore | None
    trusted: bool
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
    deadline: float | None
    retries: Retries | int | None
    rate_limit: float | None
    max_body: int | None
    on_exchange: Hook | None
    limits: httpx.Limits | None
    logins: int
    proxy: str | httpx.Proxy | None
    verify: ssl.SSLContext | bool
    trust_env: bool
    network: Network
    cache: "t.Cache | bool"
    transport: httpx.AsyncBaseTransport | None
    strict: bool
    allow_insecure_http: bool
    allow_private_hosts: bool


def as_headers(**options: object) -> dict[str, str | None]:
    """The headers for version, language, currency and market.

    Raises:
        ArgumentError: The API could not read a value, or a value does not fit into a header.
    """
    headers: dict[str, str | None] = {}
    for argument, value in options.items():
        name, pattern, problem = _HEADERS[argument]
        is_left_out = value is None and argument != "version"
        if not is_left_out and not (isinstance(value, str) and pattern.fullmatch(value)):
            raise ArgumentError(argument, problem)
        headers[name] = cast("str | None", value)
    return headers


def as_timeout(timeout: httpx.Timeout | float | None) -> httpx.Timeout:
    """A timeout for each phase of a call.

    Raises:
        ArgumentError: The timeout is not a positive number of seconds.
    """
    if isinstance(timeout, httpx.Timeout):
        return timeout
    if timeout is not None and not is_seconds(timeout):
        raise ArgumentError("timeout", "must be a positive number of seconds, an httpx.Timeout or None")
    return httpx.Timeout(timeout)


def _as_deadline(argument: str, value: float | None) -> float | None:
    if value is not None and not is_seconds(value):
        raise ArgumentError(argument, "must be a positive number of seconds, or None")
    return value


def _as_max_body(argument: str, value: object) -> int | None:
    if value is not None and (type(value) is not int or value < 1):
        raise ArgumentError(argument, "must be a whole number of bytes, above 0, or None")
    return value


def _as_cache_mode(argument: str, value: object) -> CacheMode:
    if value not in get_args(CacheMode):
        raise ArgumentError(argument, "must be 'on', 'fresh', 'only' or 'off'")
    return cast("CacheMode", value)


def _as_flag(argument: str, value: bool) -> bool:  # noqa: FBT001 - the value under test is a bool
    check_kind(argument, value, bool, "True or False")
    return value


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "timeout": lambda _, value: as_timeout(value),
    "retries": lambda _, value: as_retries(value),
    "deadline": _as_deadline,
    "max_body": _as_max_body,
    "cache": _as_cache_mode,
    "strict": _as_flag,
    "allow_private_hosts": _as_flag,
}

# The classes of the other settings.
_SETTINGS: Mapping[str, tuple[type | UnionType, str]] = {
    "limits": (httpx.Limits | None, "an httpx.Limits"),
    "proxy": (str | httpx.Proxy | None, "a URL or an httpx.Proxy"),
    "transport": (httpx.AsyncBaseTransport | None, "an httpx.AsyncBaseTransport"),
    "trust_env": (bool, "True or False"),
    "verify": (ssl.SSLContext | bool, "True, False or an ssl.SSLContext"),
}


def check_settings(**settings: object) -> None:
    """Refuse settings of a wrong class, and limits without connections.

    Raises:
        ArgumentError: A setting is wrong; the error names it.
    """
    for argument, value in settings.items():
        check_kind(argument, value, *_SETTINGS[argument])
    limits = settings.get("limits")
    if isinstance(limits, httpx.Limits) and limits.max_connections is not None:
        most: object = limits.max_connections
        if type(most) is not int or most < 1:
            raise ArgumentError("limits", "must have max_connections above 0, or None")


def read_environment(environ: Mapping[str, str]) -> tuple[Credentials, dict[str, str]]:
    """The credentials and the options from environment variables.

    Raises:
        ArgumentError: A required variable is not set.
    """
    variables = {name: environ.get(f"MUSEMENT_{name.upper()}") for name in _VARIABLES}
    return _read_credentials(environ), {name: value for name, value in variables.items() if value}


def _read_credentials(environ: Mapping[str, str]) -> Credentials:
    def needed(name: str) -> str:
        value = environ.get(name)
        if not value:
            raise ArgumentError(name, "is not set in the environment")
        return value

    client_id, client_secret = needed("MUSEMENT_CLIENT_ID"), needed("MUSEMENT_CLIENT_SECRET")
    if not (environ.get("MUSEMENT_USERNAME") or environ.get("MUSEMENT_PASSWORD")):
        return ClientCredentials(client_id, client_secret)
    return PasswordCredentials(client_id, client_secret, needed("MUSEMENT_USERNAME"), needed("MUSEMENT_PASSWORD"))


def as_hook(argument: str, hook: object) -> Hook:
    """A checked function that is called after each exchange.

    Raises:
        ArgumentError: The value cannot be called, or its calls have to be awaited.
    """
    if not callable(hook) or iscoroutinefunction(hook):
        raise ArgumentError(argument, "must be a function that is not asynchronous, or None")
    return cast("Hook", hook)
