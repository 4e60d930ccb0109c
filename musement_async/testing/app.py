"""The local Musement: an ASGI application that behaves as the API does."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Unpack

from starlette.types import Receive, Scope, Send

from musement_async.testing._extra import extra_required
from musement_async.testing.catalogue import Catalogue
from musement_async.testing.errors import Refusal
from musement_async.testing.exchange import PREFIX, asgi_application
from musement_async.testing.faults import Faults
from musement_async.testing.journal import Call, Journal
from musement_async.testing.oauth import Accepted, OAuth, Rules
from musement_async.testing.operations.handling import World
from musement_async.testing.operations.login import LOGIN
from musement_async.testing.views import Views

if TYPE_CHECKING:
    import httpx

    from musement_async.auth import ClientCredentials, Credentials, PasswordCredentials
    from musement_async.client import ClientOptions, MusementClient


class LocalMusement:
    """The API as a local server: logins, a catalogue it generates itself, documented errors, faults on demand.

    It is an ASGI application. In process, :meth:`client` gives a client of it and :meth:`transport` what any httpx
    client can use; :meth:`running` puts it on a real port. Its methods may be called from any thread.

    Args:
        seed: Equal seeds give equal catalogues.
        activities: How many activities a search can find; a few drafts and archived ones come on top.
        client_id: The client id that logins are accepted with.
        client_secret: Its secret.
        username: The login of the one customer.
        password: The customer's password.
        application: The id that :meth:`client` sends as ``X-Musement-Application``; requests may send any.
        token_lifetime: Seconds that an access token is good for.
        today: The day that availability is counted from; the current day (UTC) by default.
        clock: The time in seconds, for the expiry of tokens.
        require_token: Whether reads of the catalogue need a token. The API answers them without one too, but not with a
            bad one.
        client_credentials_refresh: Whether client credentials get a refresh token. The API gives them none.
        rotation_revokes_access: Whether a refresh ends the access token that it replaces.

    Attributes:
        base_url: The base URL in process.
        client_id: As given.
        client_secret: As given.
        username: As given.
        password: As given.
        application: As given.
    """

    base_url: str = f"http://127.0.0.1{PREFIX}"

    def __init__(
        self,
        *,
        seed: int = 2026,
        activities: int = 500,
        client_id: str = "local-client",
        client_secret: str = "local-secret",  # noqa: S107 - opens nothing but this
        username: str = "customer@example.com",
        password: str = "local-password",  # noqa: S107 - the same
        application: str = "local-application",
        token_lifetime: float = 3600,
        today: date | None = None,
        clock: Callable[[], float] = time.time,
        require_token: bool = True,
        client_credentials_refresh: bool = False,
        rotation_revokes_access: bool = True,
    ) -> None:
        if activities < 0:
            raise ValueError("activities: must not be negative")
        self.client_id = client_id
        self.client_secret = client_secret
        self.username = username
        self.password = password
        self.application = application
        self._seed = seed
        self._size = activities
        self._today = today
        self._views_lock = Lock()
        self._views: Views | None = None
        self._faults = Faults()
        self._journal = Journal()
        self._oauth = OAuth(
            Accepted(client_id, client_secret, username, password),
            Rules(token_lifetime, clock, client_credentials_refresh, rotation_revokes_access),
        )
        world = World(self._oauth, self._get_views)
        self._app = asgi_application(world, self._faults, self._journal, require_token=require_token)

    def __repr__(self) -> str:
        return f"LocalMusement(seed={self._seed}, activities={self._size})"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI has it."""
        await self._app(scope, receive, send)

    @property
    def credentials(self) -> "ClientCredentials":
        """The client credentials it accepts."""
        from musement_async.auth import ClientCredentials

        return ClientCredentials(self.client_id, self.client_secret)

    @property
    def customer(self) -> "PasswordCredentials":
        """The customer's credentials it accepts."""
        from musement_async.auth import PasswordCredentials

        return PasswordCredentials(self.client_id, self.client_secret, self.username, self.password)

    def transport(self) -> "httpx.ASGITransport":
        """What an httpx client reaches it with in process, on asyncio and trio."""
        import httpx

        return httpx.ASGITransport(self)

    def client(self, credentials: "Credentials | None" = None, **options: "Unpack[ClientOptions]") -> "MusementClient":
        """A client of it in process, ready to use.

        Args:
            credentials: What to log in with; :attr:`credentials` by default.
            **options: As for :class:`musement_async.MusementClient`; they replace what is set here.
        """
        from musement_async.client import MusementClient

        options.setdefault("application", self.application)
        options.setdefault("base_url", self.base_url)
        options.setdefault("transport", self.transport())
        return MusementClient(credentials or self.credentials, **options)

    @contextmanager
    def running(self, host: str = "127.0.0.1", port: int = 0) -> Generator[str, None, None]:
        """Put it on a real port while the block runs; gives the base URL.

        Args:
            host: The address to listen on.
            port: The port; 0 takes a free one.

        Raises:
            OSError: The address cannot be listened on.
            RuntimeError: The server did not start.
        """
        with extra_required():
            from musement_async.testing.server import serve

        with serve(self, host, port) as origin:
            yield origin + PREFIX

    def activity_uuids(self, status: str = "ONLINE") -> list[str]:
        """The UUIDs of its activities that have a status: ONLINE, UNAVAILABLE, ARCHIVED, DRAFT or REVIEW."""
        return [activity.uuid for activity in self._get_views().catalogue.activities if activity.status == status]

    def expire_tokens(self) -> int:
        """End every access token; refresh tokens stay good. Returns how many were live."""
        return self._oauth.expire()

    def revoke_tokens(self) -> int:
        """End every access and refresh token. Returns how many were live."""
        return self._oauth.revoke()

    def respond_slowly(self, seconds: float, *, path: str | None = None, after: bool = False) -> None:
        """Delay answers from now on; 0 seconds take that back.

        Args:
            seconds: How long.
            path: A template such as ``/login`` or ``/cities/{cityId}``, or the path of one resource; None delays all.
                The rule for a path goes before the one for all.
            after: Delay when the work is done (a refresh token is rotated, say) but not yet answered, not before it.
        """
        self._faults.slow(seconds, path, after=after)

    def fail_next(
        self,
        times: int,
        *,
        status: int = 503,
        path: str | None = None,
        code: str = "0",
        message: str = "The local Musement was told to fail.",
    ) -> None:
        """Answer the next calls with an error, without doing what they ask for.

        Args:
            times: How many calls.
            status: The HTTP status. With 401, an operation refuses whatever token it is shown.
            path: A template or the path of one resource, as for :meth:`respond_slowly`; None fails any call.
            code: The ``code`` of the body.
            message: The ``message`` of the body.
        """
        if not 400 <= status <= 599:
            raise ValueError("status: must be an error status, 400 to 599")
        self._faults.fail(times, path, partial(Refusal, status, code, message))

    def reset(self) -> None:
        """Forget all faults, calls and counters. Tokens stay good."""
        self._faults.clear()
        self._journal.clear()
        self._oauth.reset_counters()

    @property
    def calls(self) -> list[Call]:
        """The answered requests, oldest first, the latest 10,000 of them.

        A call is noted when its work is done: one that is cut off before that is not, one that is cut off after it is.
        """
        return self._journal.calls

    def count(self, path: str | None = None, method: str | None = None, status: int | None = None) -> int:
        """How many requests were answered.

        Args:
            path: Only those of this template, such as ``/cities/{cityId}``.
            method: Only those with this HTTP method.
            status: Only those answered with this HTTP status.
        """
        return self._journal.count(path, method, status, None)

    def logins(self, grant_type: str | None = None, status: int | None = 200) -> int:
        """How many logins were answered.

        Args:
            grant_type: Only those by this grant.
            status: Only those answered with this HTTP status; None counts refused ones too.
        """
        return self._journal.count(LOGIN, None, status, grant_type)

    @property
    def rotations(self) -> int:
        """How many refresh tokens were traded for new ones."""
        return self._oauth.rotations

    @property
    def reused_refresh_tokens(self) -> int:
        """How many times a refresh token was presented that had been used before."""
        return self._oauth.reused

    def _get_views(self) -> Views:
        with self._views_lock:
            if self._views is None:
                today = self._today or datetime.now(tz=UTC).date()
                self._views = Views(Catalogue(seed=self._seed, size=self._size, today=today))
            return self._views
