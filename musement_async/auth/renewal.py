"""One renewal of a session's token."""

import copy
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import anyio
import httpx

from musement_async.auth.credentials import BareToken, Credentials, refresh_parameters
from musement_async.auth.login import LOGIN_PATH, MISSING_APPLICATION, login_request, read_login
from musement_async.auth.relay import CutError, Relay
from musement_async.auth.token import Token
from musement_async.errors import AuthenticationError, MusementError, NetworkError, TokenStoreError, WrongLoopError
from musement_async.transports.detached import spawn
from musement_async.transports.loops import current_loop
from musement_async.transports.musement import LOGIN_FAILED_EXTENSION, Send

if TYPE_CHECKING:
    from musement_async.auth.session import Session

_log = logging.getLogger("musement_async.auth")


class Renewal:
    """A renewal runs in a task of its own and comes to its end whatever becomes of the calls that wait for it.

    That task, and no other, looks whether the store has got a token that helps. If not, it takes the store's lock,
    reads the store again, decides which login to send, commits and saves what it brings, and releases the lock.
    """

    def __init__(self, session: "Session", refused: Token | None, cause: httpx.Request) -> None:
        self.token: Token | None = None
        self.relay: Relay = Relay(self, session.terms.login_timeout)
        self._session = session
        self._refused = refused
        self._cause = cause
        self._status: int | None = None
        self._error: httpx.TransportError | MusementError | None = None
        self._found: Token | None = None
        self._stored: Token | None = None
        self._ended = anyio.Event()
        self._loop: object = current_loop()

    def start(self) -> None:
        """Begin, in a task of its own."""
        spawn(self._run, name="musement_async.renewal")

    def answers(self, refused: Token | None) -> bool:
        """Whether it was begun because of that very refusal, and not before it."""
        return refused is None or (self._refused is not None and self._refused.access_token == refused.access_token)

    @property
    def ended(self) -> bool:
        """Whether it is over: with a token, with an error, or because nobody was left to carry a login."""
        return self._ended.is_set()

    @property
    def failed(self) -> bool:
        """Whether it ended with an error."""
        return self._error is not None

    def is_lost(self) -> bool:
        """Whether its event loop was closed before it had ended.

        Raises:
            WrongLoopError: It is at work in another event loop than this one.
        """
        if self._loop is current_loop():
            return False
        is_closed: Callable[[], bool] | None = getattr(self._loop, "is_closed", None)
        if is_closed is not None and is_closed():
            return True
        raise WrongLoopError("the login flow is at work in another event loop: make a MusementAuth for each")

    async def wait(self) -> bool:
        """Wait until it has ended, longer than it can take; False if it has not."""
        with anyio.move_on_after(3 * self._session.terms.lock_patience):
            await self._ended.wait()
        return self.ended

    async def carry(self, send: Send) -> httpx.Response:
        """Send the logins over this network; return an empty answer once the renewal has ended."""
        self.relay.lend(send)
        await self._ended.wait()
        if self._status is None:
            self.check(self._cause)
        return httpx.Response(self._status or 503)

    def check(self, request: httpx.Request) -> None:
        """Raise what it failed with, if it did.

        Each waiting call gets an exception of its own: one shared by many tasks would collect all their tracebacks,
        and the original may lead to the login's request.
        """
        error = self._error
        if error is not None:
            request.extensions[LOGIN_FAILED_EXTENSION] = True
        if isinstance(error, httpx.TransportError):
            raise type(error)(str(error), request=request)
        if error is not None:
            again = copy.copy(error)
            again.__cause__ = error.__cause__
            raise again

    async def _run(self) -> None:
        session = self._session
        try:
            await self._settle(self._adopt)
            if self.token is None and self._error is None:
                await self._run_alone()
        except Exception as error:  # noqa: BLE001 - of the lock; check() hands it to every waiting call
            self._fail_for_store(_words(error), error)
        finally:
            session.settle(self)
            self._ended.set()
            self.relay.close()

    async def _run_alone(self) -> None:
        session = self._session
        with anyio.move_on_after(session.terms.lock_patience) as scope:
            async with session.store.exclusive(session.key):
                scope.deadline = math.inf
                await self._settle(self._renew)
                scope.deadline = anyio.current_time() + session.terms.login_timeout
        if scope.cancelled_caught:
            self._fail_for_store(f"its lock was not free, or not freed, within {session.terms.lock_patience:g} s")

    async def _settle(self, step: Callable[[], Awaitable[Token | None]]) -> None:
        # Whatever ends the renewal ends it in here: a lock may be a task group, which would wrap it into a group.
        try:
            self.token = await step()
        except CutError:
            _log.debug("a renewal ended early: the call that carried its login is gone")
        except (httpx.TransportError, MusementError) as error:
            self._error = error
        except Exception as error:  # noqa: BLE001 - of a transport or a hook; not chained, its frames hold the login
            self._error = NetworkError(
                f"the login failed: {type(error).__name__}", method="GET", path=LOGIN_PATH, maybe_sent=False
            )

    def _fail_for_store(self, problem: str, cause: Exception | None = None) -> None:
        if self.token is not None:
            _log.warning("the token store failed after the login: %s", problem)
        elif self._error is None:
            self._error = TokenStoreError(f"the token store failed: {problem}")
            self._error.__cause__ = cause

    async def _adopt(self) -> Token | None:
        """Look whether somebody else has renewed the token; then there is nothing to queue for."""
        session = self._session
        if session.unproven:
            return None
        self._found = stored = await self._load()
        if stored is not None and stored.access_token == session.superseded:
            stored = None  # it could not be saved over: what is in memory came later
        self._stored = stored
        return session.commit(stored, adopted=True) if stored is not None and self._helps(stored) else None

    async def _renew(self) -> Token:
        session = self._session
        adopted = await self._adopt()
        if adopted is not None:
            return adopted
        credentials = session.credentials
        if credentials is None:
            message = "the token cannot be renewed: there are no credentials to log in with"
            raise AuthenticationError(message, status=401, method=session.terms.login_method, path=LOGIN_PATH)
        stored = self._stored
        newest = stored or session.token
        refresh_token = newest.refresh_token if newest else None
        refusal: AuthenticationError | None = None
        if refresh_token is not None and refresh_token != session.doubtful:
            try:
                return await self._refresh(credentials, refresh_token)
            except AuthenticationError as refused:
                if refused.code == MISSING_APPLICATION:
                    raise
                _log.info("the refresh token was refused: %s", refused)
                refusal = refused
            # Someone who does not heed the lock may have used it and saved what came of it.
            again = await self._load()
            if again is not None and again != stored and self._helps(again):
                return session.commit(again, adopted=True)
        if isinstance(credentials, BareToken):
            message = "the session is over: its refresh token is gone or was refused; the customer has to log in again"
            raise AuthenticationError(
                message, status=401, method=session.terms.login_method, path=LOGIN_PATH
            ) from refusal
        return await self._log_in(credentials.login_parameters())

    async def _refresh(self, credentials: Credentials | BareToken, refresh_token: str) -> Token:
        try:
            return await self._log_in(refresh_parameters(credentials, refresh_token))
        except CutError as cut:
            if cut.in_flight:
                self._session.doubtful = refresh_token
            raise
        except AuthenticationError as refused:
            if refused.code != MISSING_APPLICATION:
                self._session.doubtful = refresh_token
            raise

    def _helps(self, stored: Token) -> bool:
        known = {token.access_token for token in (self._refused, self._session.token) if token is not None}
        return stored.access_token not in known and self._session.seconds_left(stored) > 0

    async def _load(self) -> Token | None:
        try:
            with anyio.fail_after(self._session.terms.login_timeout):
                return await self._session.store.load(self._session.key)
        except Exception as error:
            message = f"the token store failed: {_words(error)}"
            raise TokenStoreError(message) from error

    async def _log_in(self, parameters: Mapping[str, str]) -> Token:
        session = self._session
        terms = session.terms
        login = login_request(terms.login_method, terms.base_url, parameters, self._cause.headers, terms.login_timeout)
        answer = await self.relay.exchange(login)
        self._status = answer.status
        token = session.commit(read_login(terms.login_method, answer.status, answer.body, redirected=answer.redirected))
        _log.info("logged in by %s, for %s s", parameters["grant_type"], token.expires_in)
        await self._save(token)
        return token

    async def _save(self, token: Token) -> None:
        try:
            with anyio.fail_after(self._session.terms.login_timeout):
                await self._session.store.save(self._session.key, token)
            self._session.superseded = None
        except Exception as error:  # noqa: BLE001 - the session itself is well: it goes on with the token in memory
            reason = str(error) if isinstance(error, TokenStoreError) else type(error).__name__  # ours hold no secret
            _log.warning("the token could not be saved in the token store: %s", reason)
            self._session.superseded = None if self._found is None else self._found.access_token


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, TokenStoreError) else f"{type(error).__name__}: {error}"
