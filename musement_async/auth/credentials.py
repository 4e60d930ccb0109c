"""Credentials, which a session logs in with."""

import hashlib
import hmac

import attrs

from musement_async.values import not_empty


@attrs.frozen
class ClientCredentials:
    """The client credentials grant: the application itself, without a customer.

    Args:
        client_id: The id that Musement gave the application.
        client_secret: The application's secret; never shown.
    """

    client_id: str = attrs.field(validator=not_empty)
    client_secret: str = attrs.field(validator=not_empty, repr=False)

    def login_parameters(self) -> dict[str, str]:
        """The parameters of a login by this grant."""
        return {**_client(self), "grant_type": "client_credentials"}

    @property
    def identity(self) -> tuple[str, ...]:
        """The key that distinguishes this session from others, without a secret."""
        return ("client_credentials", self.client_id)


@attrs.frozen
class PasswordCredentials:
    """The resource owner password credentials grant: a customer, with access to orders and profile.

    Args:
        client_id: The id that Musement gave the application.
        client_secret: The application's secret; never shown.
        username: The customer's username, usually an e-mail address.
        password: The customer's password; never shown.
    """

    client_id: str = attrs.field(validator=not_empty)
    client_secret: str = attrs.field(validator=not_empty, repr=False)
    username: str = attrs.field(validator=not_empty)
    password: str = attrs.field(validator=not_empty, repr=False)

    def login_parameters(self) -> dict[str, str]:
        """The parameters of a login by this grant."""
        return {**_client(self), "grant_type": "password", "username": self.username, "password": self.password}

    @property
    def identity(self) -> tuple[str, ...]:
        """The key that distinguishes this session from others, without a secret."""
        return ("password", self.client_id, self.username)


Credentials = ClientCredentials | PasswordCredentials


@attrs.frozen
class RefreshOnly:
    """The credentials of a session that began with a token: the application can refresh it, but not log in again.

    Args:
        client_id: The id that Musement gave the application.
        client_secret: The application's secret; never shown.
        name: The name that distinguishes the session from others.
    """

    client_id: str
    client_secret: str = attrs.field(repr=False)
    name: str

    @property
    def identity(self) -> tuple[str, ...]:
        """The key that distinguishes this session from others, without a secret."""
        return ("token", self.client_id, self.name)


def refresh_parameters(credentials: Credentials | RefreshOnly, refresh_token: str) -> dict[str, str]:
    """The parameters of a login that exchanges a refresh token for a new pair of tokens."""
    return {**_client(credentials), "refresh_token": refresh_token, "grant_type": "refresh_token"}


def _client(credentials: Credentials | RefreshOnly) -> dict[str, str]:
    return {"client_id": credentials.client_id, "client_secret": credentials.client_secret}


def session_key(base_url: str, credentials: Credentials | RefreshOnly | None) -> str:
    """The key of a session in a token store; it reveals no secret.

    A customer's key depends on the password, so a session with another password does not find the tokens. Without the
    client's secret, nobody can test a name or a password against such a key.
    """
    text = "\0".join((base_url, *(credentials.identity if credentials else ())))
    if isinstance(credentials, PasswordCredentials):
        secret = credentials.client_secret.encode()
        return hmac.digest(secret, f"{text}\0{credentials.password}".encode(), "sha256").hex()
    return hashlib.sha256(text.encode()).hexdigest()
