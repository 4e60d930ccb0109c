"""A renewal: the only task that replaces a session's token, independent of the calls that wait for it."""

import copy
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import anyio
import httpx

from musement_async.auth.credentials import Credentials, RefreshOnly, refresh_parameters
from musement_async.auth.handover import CutError, Handover
from musement_async.auth.login import LOGIN_PATH, is_spent, login_request, read_login
from musement_async.auth.session_store import store_error_text
from musement_async.auth.token import Token
from musement_async.errors import (
    APIError,
    AuthenticationError,
    ClientClosedError,
    MusementError,
    NetworkError,
    TokenStoreError,
    WrongLoopError,
)
from musement_async.transports.context import RequestContext, with_context
from musement_async.transports.loop import current_loop, is_closed
from musement_async.transports.musement import MusementTransport
from musement_async.transports.tasks import spawn

if TYPE_CHECKING:
    from musement_async.auth.session import Session

LoginError = httpx.TransportError | MusementError

_SIBLING_PAUSE = 0.1

_log = logging.getLogger("musement_async.auth")


class Renewal:
    """Replaces a session's token, in a task of its own, which the cancellation of a caller does not end.

    The task first looks for a usable token in the store. If not, it takes the session's lock (the store's, or an
    ``anyio.Lock``), reads the store again, chooses the login to send, commits and saves the new token, and releases the
    lock. Only the tasks of renewals take that lock.
    """

    def __init__(self, session: "Session", refused: Token | None, cause: httpx.Request, *, is_first: bool) -> None:
        self.token: Token | None = None
        self.error: LoginError | None = None
        self.handover: Handover = Handover(session.config, is_first=is_first)
        self._session = session
        self._refused = refused
        self._headers = cause.headers
        self._found: Token | None = None
        self._ended = anyio.Event()
        self._loop = current_loop()
        self._scope = anyio.CancelScope()
        self._needs_sibling = False
        self._transport: MusementTransport | None = None

    def start(self) -> None:
        """Begin the renewal, in a task of its own."""
        transport = self._session.config.transport
        if transport is not None:
            self._track(transport)
        spawn(self._run, name="musement_async.renewal")

    def _track(self, transport: MusementTransport) -> None:
        self._transport = transport
        transport.track(self.shut_down)

    def replaces_refused(self, token: Token | None) -> bool:
        """Whether the renewal began because this token was refused."""
        return token is not None and token.is_same_as(self._refused)

    @property
    def has_ended(self) -> bool:
        """Whether the renewal has ended: with a token, with an error, or because no caller was left to send a login."""
        return self._ended.is_set()

    def is_lost(self) -> bool:
        """Whether the event loop was closed before the renewal ended.

        Raises:
            WrongLoopError: The renewal is running in another event loop.
        """
        if self._loop is current_loop():
            return False
        if is_closed(self._loop):
            return True
        raise WrongLoopError("the login flow is in use in another event loop: make a MusementAuth for each")

    async def wait(self) -> bool:
        """Wait for the end. Returns False if the event loop was closed, so that the renewal never ends."""
        with anyio.move_on_after(3 * self._session.config.lock_timeout):
            await self._ended.wait()
        return self.has_ended

    async def run_on(self, transport: MusementTransport) -> httpx.Response:
        """Send the logins over this transport; return an empty answer once the renewal has ended."""
        if self._transport is None and not self.has_ended:
            self._track(transport)
        self.handover.attach_transport(transport)
        await self._ended.wait()
        return httpx.Response(503 if self.token is None else 200)

    async def shut_down(self) -> None:
        """End before a login is sent, or wait until the login that was sent has been answered and saved."""
        if not self.handover.is_sending:
            self._scope.cancel()
        await self._ended.wait()

    async def _run(self) -> None:
        session = self._session
        try:
            with self._scope:
                await self._settle(self._adopt)
                if self.token is None and self.error is None:
                    await self._run_alone()
                if self._needs_sibling:
                    await self._wait_for_sibling()
        except WrongLoopError as error:
            self.error = self._failure(error)
        except Exception as error:  # noqa: BLE001 - an error of the lock; every waiting call gets it
            self._fail_for_store(store_error_text(error), error)
        finally:
            session.finish(self)
            if self._transport is not None:
                self._transport.forget(self.shut_down)
            self._ended.set()
            self.handover.close()

    async def _run_alone(self) -> None:
        timeout = self._session.config.lock_timeout
        with anyio.move_on_after(timeout) as scope:
            async with self._session.exclusive():
                scope.deadline = math.inf
                await self._settle(self._renew)
                scope.deadline = anyio.current_time() + self._session.config.login_timeout
        if scope.cancelled_caught:
            self._fail_for_store(f"its lock was not free, or not freed, within {timeout:g} s")

    async def _settle(self, step: Callable[[], Awaitable[Token | None]]) -> None:
        # The error is caught in here: a lock may be a task group, which would wrap the error into a group.
        try:
            self.token = await step()
        except (CutError, ClientClosedError):
            _log.debug("a renewal ended early: the call that carried its login has ended")
        except (httpx.TransportError, MusementError) as error:
            self.error = self._failure(error)
        except Exception as error:  # noqa: BLE001 - an error of a transport or a hook; its frames contain the login
            self.error = NetworkError(
                f"the login failed: {type(error).__name__}", method="GET", path=LOGIN_PATH, maybe_sent=False
            )

    async def _wait_for_sibling(self) -> None:
        """Wait without the lock until the store has the new tokens of a sibling, a process with the same session."""
        timeout = self._session.config.login_timeout
        with anyio.move_on_after(timeout):
            while self.token is None and self.error is None:
                await anyio.sleep(_SIBLING_PAUSE)
                await self._settle(self._adopt)
        if self.token is None and self.error is None:
            problem = "the token was refused before its expiry, and the token store cannot tell whether it was renewed"
            self.error = TokenStoreError(f"{problem}: within {timeout:g} s no other process has saved a newer one")

    def _failure(self, error: LoginError) -> LoginError:
        """The error without its frames, which contain the login and its answer."""
        if isinstance(error, MusementError):
            failure: LoginError = copy.copy(error)
            failure.__cause__ = None if error.__cause__ is None else _without_frames(error.__cause__)
        else:
            within = f"within login_timeout={self._session.config.login_timeout:g} s"
            if isinstance(error, httpx.ConnectTimeout):
                problem = f"could not connect {within}"
            elif isinstance(error, httpx.PoolTimeout):
                problem = f"got no connection {within}"
            elif isinstance(error, httpx.TimeoutException):
                problem = f"was not answered {within}"
            else:
                problem = f"failed: {str(error) or type(error).__name__}"
            failure = type(error)(f"the login it waited for {problem}")
        return failure

    def _fail_for_store(self, problem: str, cause: Exception | None = None) -> None:
        if self.token is not None:
            _log.warning("the token store failed after the login: %s", problem)
        elif self.error is None:
            self.error = TokenStoreError(f"the token store failed: {problem}")
            self.error.__cause__ = None if cause is None else _without_frames(cause)

    async def _adopt(self) -> Token | None:
        """Adopt a token that another process has renewed, so that no login is needed; None without one."""
        session = self._session
        if session.state.must_log_in:
            return None
        self._found = stored = await self._load()
        if stored is None or self._is_superseded(stored) or not self._helps(stored):
            return None
        return session.commit(stored)

    async def _renew(self) -> Token | None:
        adopted = await self._adopt()
        if adopted is not None:
            return adopted
        session = self._session
        credentials = session.credentials
        if credentials is None:
            raise self._over("the token cannot be renewed: there are no credentials to log in with")
        found = None if self._found is None or self._is_superseded(self._found) else self._found
        previous = session.refreshable(found)
        if isinstance(credentials, RefreshOnly) and self._may_be_spent():
            self._needs_sibling = True
            return None
        if previous is not None:
            try:
                return await self._refresh(credentials, previous)
            except AuthenticationError as refused:
                if not is_spent(refused):
                    raise
                _log.info("the refresh token was refused: %s", refused)
            # A process that ignores the lock may have used it, and saved its new tokens.
            again = await self._load()
            if again is not None and again != found and self._helps(again):
                return session.commit(again)
        if isinstance(credentials, RefreshOnly):
            raise self._over("the session is over: its refresh token is gone or was refused; log the customer in again")
        return await self._log_in(credentials.login_parameters())

    def _over(self, message: str) -> AuthenticationError:
        method = self._session.config.login_method
        return AuthenticationError(message, status=401, method=method, path=LOGIN_PATH)

    async def _refresh(self, credentials: Credentials | RefreshOnly, previous: Token) -> Token:
        session = self._session
        try:
            return await self._log_in(refresh_parameters(credentials, previous.refresh_token or ""), previous)
        except CutError as cut:
            if cut.in_flight:
                session.state.spent_refresh_token = previous.refresh_token
            raise
        except APIError as refused:
            if is_spent(refused):
                session.state.spent_refresh_token = previous.refresh_token
            raise

    def _may_be_spent(self) -> bool:
        """Whether a sibling may have used the refresh token while the store has lost the new one.

        The API refuses an access token before its expiry if it was renewed. Sending its refresh token again would end
        the session of the sibling that renewed it.
        """
        store, refused = self._session.store, self._refused
        if store is None or refused is None or not 0 < refused.remaining < math.inf:
            return False
        return store.has_lost(self._found)

    def _is_superseded(self, stored: Token) -> bool:
        return self._session.store is not None and self._session.store.is_superseded(stored)

    def _helps(self, stored: Token) -> bool:
        known = {token.access_token for token in (self._refused, self._session.state.token) if token is not None}
        return stored.access_token not in known and self._session.seconds_left(stored) > 0

    async def _load(self) -> Token | None:
        store = self._session.store
        return None if store is None else await store.load()

    async def _log_in(self, parameters: Mapping[str, str], previous: Token | None = None) -> Token:
        session = self._session
        config = session.config
        response = await self.handover.exchange(
            lambda: login_request(config, parameters, self._headers, with_context(RequestContext(login=self.run_on)))
        )
        token = session.commit(read_login(config.login_method, response, previous))
        _log.info("logged in by %s, for %s s", parameters["grant_type"], token.expires_in)
        if session.store is not None:
            await session.store.save(token, self._found, self._transport)
        return token


def _without_frames(error: BaseException) -> BaseException:
    error.__context__ = None
    if error.__cause__ is not None:
        _without_frames(error.__cause__)
    return error.with_traceback(None)
