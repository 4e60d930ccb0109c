"""The login flows that are compared with each other, on one local Musement."""

from collections.abc import Callable

import attrs
import httpx

from benchmarks.recipes import LockedRefresh, RefreshOn401, Session
from musement_async import MusementAuth, MusementClient, Token
from musement_async.testing import LocalMusement


@attrs.frozen
class Server:
    """A local Musement on a real port."""

    local: LocalMusement
    base_url: str

    def client(
        self, *, timeout: httpx.Timeout, auth: httpx.Auth | None = None, headers: dict[str, str] | None = None
    ) -> httpx.AsyncClient:
        """A bare client of it; httpx's defaults in all but the timeout."""
        headers = {"X-Musement-Application": self.local.application, **(headers or {})}
        # Not by the environment's proxy, which does not know the way to this machine.
        return httpx.AsyncClient(base_url=self.base_url, auth=auth, headers=headers, timeout=timeout, trust_env=False)

    async def log_in(self) -> Token:
        """A new session of the customer."""
        async with self.client(timeout=httpx.Timeout(5)) as client:
            answer = await client.get("/login", params=self.local.customer.login_parameters())
        tokens = answer.raise_for_status().json()
        return Token(**{name: tokens[name] for name in ("access_token", "refresh_token", "expires_in")})


@attrs.frozen
class Opened:
    """A client, and the access token that it holds."""

    client: httpx.AsyncClient
    access_token: Callable[[], str]


Open = Callable[[Server, Token, httpx.Timeout], Opened]


def static(server: Server, token: Token, timeout: httpx.Timeout) -> Opened:
    """No login flow at all."""
    headers = {"Authorization": f"Bearer {token.access_token}"}
    return Opened(server.client(timeout=timeout, headers=headers), lambda: token.access_token)


def documented(server: Server, token: Token, timeout: httpx.Timeout) -> Opened:
    """The recipe of httpx's documentation."""
    session = _session(server, token)
    auth = RefreshOn401(session)
    return Opened(server.client(timeout=timeout, auth=auth), lambda: session.access_token)


def locked(server: Server, token: Token, timeout: httpx.Timeout, *, read_first: bool = False) -> Opened:
    """The usual recipe."""
    session = _session(server, token)
    auth = LockedRefresh(session, read_first=read_first)
    return Opened(server.client(timeout=timeout, auth=auth), lambda: session.access_token)


def bare(server: Server, token: Token, timeout: httpx.Timeout) -> Opened:
    """MusementAuth on a bare client."""
    auth = MusementAuth(server.local.customer, token=token, base_url=server.base_url)
    return Opened(server.client(timeout=timeout, auth=auth), lambda: _access_token(auth))


def ours(server: Server, token: Token, timeout: httpx.Timeout) -> Opened:
    """MusementClient."""
    http = MusementClient(
        server.local.customer,
        token=token,
        base_url=server.base_url,
        application=server.local.application,
        timeout=timeout,
        trust_env=False,
    ).http
    return Opened(http, lambda: _access_token(http.auth))


def _session(server: Server, token: Token) -> Session:
    assert token.refresh_token is not None
    headers = {"X-Musement-Application": server.local.application}
    return Session(server.local.customer, server.base_url, headers, token.access_token, token.refresh_token)


def _access_token(auth: httpx.Auth | None) -> str:
    assert isinstance(auth, MusementAuth)
    assert auth.token is not None
    return auth.token.access_token
