"""What can be set for a client, a view of one, or by the environment."""

import re
import ssl
from collections.abc import Mapping
from enum import Enum
from types import UnionType
from typing import Final, cast

import attrs
import httpx

from musement_async.auth import ClientCredentials, Credentials, PasswordCredentials
from musement_async.errors import ArgumentError
from musement_async.values import check_kind, is_seconds


class Unset(Enum):
    """Tells "not given" from None, which means "none"."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET

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


def _truth(_instance: object, attribute: "attrs.Attribute[bool]", value: object) -> None:
    check_kind(attribute.name, value, bool, "True or False")


@attrs.frozen
class Options:
    """What a view of a client sets for each of its calls.

    A header of None is left out; a timeout of None is the ``httpx.AsyncClient``'s own.
    """

    headers: Mapping[str, str | None] = attrs.field(factory=dict[str, str | None])
    timeout: httpx.Timeout | None = None
    strict: bool = attrs.field(default=False, validator=_truth)


def as_headers(**options: object) -> dict[str, str | None]:
    """The headers that version, language, currency and market stand for.

    Raises:
        ArgumentError: A value that the API could not read, or that would break out of its header.
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
        ArgumentError: A number of seconds that is none.
    """
    if isinstance(timeout, httpx.Timeout):
        return timeout
    if timeout is not None and not is_seconds(timeout):
        raise ArgumentError("timeout", "must be a positive number of seconds, an httpx.Timeout or None")
    return httpx.Timeout(timeout)


# What each of the other settings has to be.
_SETTINGS: Mapping[str, tuple[type | UnionType, str]] = {
    "limits": (httpx.Limits | None, "an httpx.Limits"),
    "proxy": (str | httpx.Proxy | None, "a URL or an httpx.Proxy"),
    "transport": (httpx.AsyncBaseTransport | None, "an httpx.AsyncBaseTransport"),
    "trust_env": (bool, "True or False"),
    "verify": (ssl.SSLContext | bool, "True, False or an ssl.SSLContext"),
}


def check_settings(**settings: object) -> None:
    """Refuse settings of the wrong class, and limits that let nothing through.

    Raises:
        ArgumentError: One is wrong, by name.
    """
    for argument, value in settings.items():
        check_kind(argument, value, *_SETTINGS[argument])
    limits = settings.get("limits")
    if isinstance(limits, httpx.Limits) and limits.max_connections is not None:
        most: object = limits.max_connections
        if type(most) is not int or most < 1:
            raise ArgumentError("limits", "must have max_connections above 0, or None")


def read_environment(environ: Mapping[str, str]) -> tuple[Credentials, dict[str, str]]:
    """The credentials and the other options that environment variables give.

    Raises:
        ArgumentError: A variable that is needed is not set.
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
