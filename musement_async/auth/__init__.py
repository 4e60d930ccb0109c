"""Credentials, tokens, stores and the login flow."""

from musement_async.auth.credentials import ClientCredentials, Credentials, PasswordCredentials
from musement_async.auth.flow import MusementAuth
from musement_async.auth.origin import PRODUCTION, SANDBOX
from musement_async.auth.session import LoginMethod
from musement_async.auth.store import MemoryTokenStore, TokenStore
from musement_async.auth.token import Token

__all__ = [
    "PRODUCTION",
    "SANDBOX",
    "ClientCredentials",
    "Credentials",
    "LoginMethod",
    "MemoryTokenStore",
    "MusementAuth",
    "PasswordCredentials",
    "Token",
    "TokenStore",
]
