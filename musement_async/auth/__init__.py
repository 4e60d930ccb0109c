"""Credentials, tokens and the login flow."""

from musement_async.auth.credentials import ClientCredentials, Credentials, PasswordCredentials
from musement_async.auth.login import LoginMethod
from musement_async.auth.musement import MusementAuth
from musement_async.auth.token import Token, TokenStore

__all__ = [
    "ClientCredentials",
    "Credentials",
    "LoginMethod",
    "MusementAuth",
    "PasswordCredentials",
    "Token",
    "TokenStore",
]
