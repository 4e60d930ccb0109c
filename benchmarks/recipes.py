"""The login flow as it is usually written by hand, for the password grant."""

from collections.abc import AsyncGenerator, Generator

import anyio
import attrs
import httpx

from musement_async import PasswordCredentials


@attrs.define
class Session:
    """A token, the request that renews it, and what its answer changes."""

    credentials: PasswordCredentials
    base_url: str
    headers: dict[str, str]
    access_token: str
    refresh_token: str

    def sign(self, request: httpx.Request) -> None:
        """Put the token into a request."""
        request.headers["Authorization"] = f"Bearer {self.access_token}"

    def refresh(self) -> httpx.Request:
        """The request that trades the refresh token for new ones."""
        parameters = {
            "client_id": self.credentials.client_id,
            "client_secret": self.credentials.client_secret,
            "refresh_token": self.refresh_token,
            "grant_type": "refresh_token",
        }
        return httpx.Request("GET", f"{self.base_url}/login", params=parameters, headers=self.headers)

    def keep(self, answer: httpx.Response) -> None:
        """Put the new tokens in the place of the old ones, if there are any."""
        if answer.is_success:
            tokens = answer.json()
            self.access_token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]


class RefreshOn401(httpx.Auth):
    """The recipe of httpx's documentation: each task that meets a 401 refreshes the token and sends again."""

    requires_response_body = True

    def __init__(self, session: Session) -> None:
        self._session = session

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send, refresh after a 401, send again."""
        self._session.sign(request)
        response = yield request
        if response.status_code == 401:
            self._session.keep((yield self._session.refresh()))
            self._session.sign(request)
            yield request


class LockedRefresh(httpx.Auth):
    """The usual improvement: a lock around the refresh, and a look inside whether another task has done it.

    Args:
        session: The token and how to renew it.
        read_first: Whether to read the 401 to its end before waiting for the lock, which hardly anybody does.
    """

    def __init__(self, session: Session, *, read_first: bool) -> None:
        self._session = session
        self._read_first = read_first
        self._lock = anyio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send, refresh after a 401 unless that was done meanwhile, send again."""
        refused = self._session.access_token
        self._session.sign(request)
        response = yield request
        if response.status_code != 401:
            return
        if self._read_first:
            await response.aread()
        async with self._lock:
            if self._session.access_token == refused:
                answer = yield self._session.refresh()
                await answer.aread()
                self._session.keep(answer)
        self._session.sign(request)
        yield request
