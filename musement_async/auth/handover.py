"""The hand-over of a renewal's logins to the callers that can send them."""

import copy
from collections.abc import Callable

import anyio
import httpx

from musement_async.auth.login import LOGIN_PATH, LoginConfig, LoginResponse, unusable
from musement_async.errors import ClientClosedError, MusementError, NetworkError
from musement_async.transports.musement import MusementTransport
from musement_async.transports.reading import TooLongError, read_at_most

_LONGEST_BODY = 2**20
_LIKELY_REFUSALS = frozenset({400, 401})
_LIKELY_BODY = b'{"error": "invalid_grant"}'
_PHASES = 4  # connect, send, receive, wait for a connection: the login's timeout applies to each


class CutError(Exception):
    """The call that carried a login has ended without its answer; ``in_flight`` if the server may have the login."""

    def __init__(self, *, in_flight: bool) -> None:
        super().__init__()
        self.in_flight = in_flight


class Handover:
    """Hands the logins of a renewal's task to the callers that can send them.

    The task offers each login to the call that started the renewal, and that call yields it to httpx. Below httpx,
    ``MusementTransport`` recognises the login and attaches itself: from then on, the task sends its logins there
    without a caller. Any other transport sends the login at once, and the call returns the answer or is cut.

    Logins have priority (``is_first``), but not those of sessions whose last login failed.

    Attributes:
        is_sending: Whether the task itself has sent a login, or is about to.
    """

    def __init__(self, config: LoginConfig, *, is_first: bool) -> None:
        self.is_sending: bool = False
        self._config = config
        self._is_first = is_first
        self._offer: httpx.Request | None = None
        self._offered = anyio.Event()
        self._in_flight = False
        self._transport: MusementTransport | None = None
        self._response: LoginResponse | None = None
        self._failure: Exception | None = None
        self._changed = anyio.Event()

    async def next_request(self) -> httpx.Request | None:
        """For the call: the next login to yield; None after the last one."""
        await self._offered.wait()
        offer, self._offer = self._offer, None
        if offer is not None:
            self._offered = anyio.Event()
            self._in_flight = True
        return offer

    def set_response(self, response: LoginResponse) -> None:
        """For the call: pass on the answer to its login; without effect once a transport is attached."""
        if self._transport is None:
            self._in_flight = False
            self._response = response
            self._changed.set()

    def abort(self, reason: BaseException) -> None:
        """For the call: report that it ends without an answer, and why."""
        if isinstance(reason, httpx.HTTPStatusError):
            # An event hook raised for an error status: the answer counts, although the hook dropped its body.
            status = reason.response.status_code
            self.set_response(LoginResponse(status, _LIKELY_BODY if status in _LIKELY_REFUSALS else b""))
            self._failure = CutError(in_flight=False)
        elif isinstance(reason, ClientClosedError):
            self._failure = CutError(in_flight=False)  # this call's client was closed; others may be open
        elif isinstance(reason, httpx.TransportError):
            # Copies: the call raises the originals, which must not collect the frames of the task that raises them
            # here.
            self._failure = type(reason)(str(reason))
        elif isinstance(reason, MusementError):
            self._failure = copy.copy(reason)
        elif isinstance(reason, Exception):
            # Raised between this library and the network, for instance by an event hook.
            self._failure = NetworkError(
                f"the login failed: {type(reason).__name__}", method="GET", path=LOGIN_PATH, maybe_sent=False
            )
        else:
            self._failure = CutError(in_flight=self._in_flight)
        self._changed.set()

    def attach_transport(self, transport: MusementTransport) -> None:
        """For the transport: take over all further logins of the renewal."""
        self._transport = transport
        self._changed.set()

    def close(self) -> None:
        """For the renewal's task: report that it sends no further login."""
        self._offered.set()

    async def exchange(self, login: Callable[[], httpx.Request]) -> LoginResponse:
        """For the renewal's task: send a login by the caller or the transport, and read its answer.

        A second login is made if the first one only finds the transport.

        Raises:
            CutError: The call that carried the login has ended without its answer.
            httpx.TransportError | MusementError: No answer arrived.
        """
        if self._transport is None and self._failure is None:
            self._offer = login()
            self._offered.set()
            with anyio.move_on_after(_PHASES * self._config.login_timeout):
                await self._changed.wait()
        if self._transport is not None:
            self.is_sending = True
            return await self._send(login(), self._transport)
        response, self._response = self._response, None
        if response is None:
            raise self._failure or CutError(in_flight=self._in_flight)
        self._changed = anyio.Event()
        return response

    async def _send(self, login: httpx.Request, transport: MusementTransport) -> LoginResponse:
        timeout = self._config.login_timeout
        with anyio.move_on_after(_PHASES * timeout):
            response = await transport.send_login(login, timeout, first=self._is_first)
            try:
                return LoginResponse(response.status_code, await _body(response, login.method))
            finally:
                await response.aclose()
        raise httpx.ReadTimeout("")  # the class makes the message


async def read_login_response(response: httpx.Response, login: httpx.Request) -> LoginResponse:
    """Read the answer to a login that a call has sent, and close the response."""
    try:
        body = await _body(response, login.method)
    finally:
        await response.aclose()
    return LoginResponse(response.status_code, body, redirected=response.request is not login)


async def _body(response: httpx.Response, method: str) -> bytes:
    """The body; empty if it is far too long for the answer to a login."""
    try:
        return await read_at_most(response, _LONGEST_BODY)
    except TooLongError:
        return b""
    except httpx.DecodingError:
        raise unusable(method, response.status_code, "it could not be decompressed") from None
