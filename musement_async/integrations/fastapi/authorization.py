"""The Authorization header of a request: a name with a password, or a bearer token."""

import base64
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

import attrs
from fastapi import Depends
from fastapi.security import HTTPBasic, HTTPBearer
from starlette.requests import HTTPConnection

from musement_async.errors import ArgumentError
from musement_async.integrations.fastapi.customers import CustomerSession
from musement_async.integrations.fastapi.problems import LoginRequiredError, set_challenge

_LONGEST: Final = 8192


class DescribedBasic(HTTPBasic):
    """HTTP Basic in the OpenAPI description. It reads nothing: FastAPI's own refuses what is not ASCII."""

    async def __call__(self, request: HTTPConnection) -> None:
        """Let the request pass."""


class DescribedBearer(HTTPBearer):
    """Bearer tokens in the OpenAPI description. It reads nothing."""

    async def __call__(self, request: HTTPConnection) -> None:
        """Let the request pass."""


@attrs.frozen
class Shown:
    """The Authorization header of a request, in two parts.

    Attributes:
        scheme: The scheme, in lower case.
        value: The text behind it, without spaces around.
    """

    scheme: str
    value: str = attrs.field(repr=False)


def shown_by(connection: HTTPConnection) -> Shown | None:
    """The Authorization header of a request; None without one. A header that is too long has no value."""
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, value = header.strip().partition(" ")
    return Shown(scheme.lower(), value.strip() if len(value) <= _LONGEST else "")


def name_and_password(value: str) -> tuple[str, str] | None:
    """The name and the password of HTTP Basic; None for a malformed value, and where one of them is empty.

    They are UTF-8, as the challenge asks for, or else ISO 8859-1, which older clients send.
    """
    try:
        both = base64.b64decode(value, validate=True)
    except ValueError:
        return None
    try:
        text = both.decode()
    except UnicodeDecodeError:
        text = both.decode("iso-8859-1")
    name, _, password = text.partition(":")
    return (name, password) if name and password else None


def basic_customer(*, realm: str = "customers") -> Callable[..., Awaitable[CustomerSession]]:
    """A dependency that gives the session of the customer whose name and password HTTP Basic brings.

    It is for :func:`customer_client`. A request without a name and a password is answered with a 401 that asks for
    HTTP Basic in UTF-8, and so is a name or a password that Musement refuses.

    Args:
        realm: The realm of the challenge, in visible ASCII and spaces, without quotes and backslashes.

    Raises:
        ArgumentError: ``realm`` cannot be sent.
    """
    if not realm.isascii() or not realm.isprintable() or set(realm) & {'"', "\\"}:
        raise ArgumentError("realm", "must be visible ASCII and spaces, without quotes and backslashes")
    challenge = f'Basic realm="{realm}", charset="UTF-8"'
    described = DescribedBasic(scheme_name="CustomerPassword")

    async def current(connection: HTTPConnection, _described: Annotated[None, Depends(described)]) -> CustomerSession:
        set_challenge(connection, challenge)
        shown = shown_by(connection)
        found = name_and_password(shown.value) if shown is not None and shown.scheme == "basic" else None
        if found is None:
            raise LoginRequiredError("Show a name and a password by HTTP Basic.", challenge)
        return CustomerSession(found[0], password=found[1])

    return current
