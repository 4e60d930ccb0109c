"""How the logins of one renewal reach the network."""

import copy

import anyio
import attrs
import httpx

from musement_async.auth.login import LOGIN_PATH, discreet, unusable
from musement_async.errors import MusementError, NetworkError
from musement_async.transports.musement import RENEWAL_EXTENSION, Renewal, Send
from musement_async.transports.reading import TooLongError, read_at_most

_LONGEST_BODY = 2**20
_PHASES = 4  # connect, send, receive, wait for a free connection: each has the login's timeout


@attrs.frozen
class Answer:
    """What came back for a login."""

    status: int
    body: bytes = attrs.field(repr=False)
    redirected: bool = False


class CutError(Exception):
    """The call that carried a login is gone.

    Attributes:
        in_flight: Whether it had taken the login along, so that nobody knows if the server saw it.
    """

    def __init__(self, *, in_flight: bool) -> None:
        super().__init__()
        self.in_flight = in_flight


class Relay:
    """Hands the logins of a renewal's task to whoever can send them.

    The task *offers* each login to the call that started the renewal, which yields it to httpx. There, one of two
    things happens. ``MusementTransport`` recognises the login and *lends* its network: from then on the task sends for
    itself and needs no caller. Any other transport just sends it, and the call brings the answer back, or is cut.
    """

    def __init__(self, renewal: Renewal, timeout: float) -> None:
        self._renewal = renewal
        self._timeout = timeout
        self._offer: httpx.Request | None = None
        self._offered = anyio.Event()
        self._in_flight = False
        self._send: Send | None = None
        self._answer: Answer | None = None
        self._gone: Exception | None = None
        self._brought = anyio.Event()

    async def offered(self) -> httpx.Request | None:
        """For the call: the next login to yield, or None once there will be no more."""
        await self._offered.wait()
        offer, self._offer = self._offer, None
        if offer is not None:
            self._offered = anyio.Event()
            self._in_flight = True
        return offer

    def bring(self, answer: Answer) -> None:
        """For the call: what its login was answered; of no interest once a network was lent."""
        if self._send is None:
            self._in_flight = False
            self._answer = answer
            self._brought.set()

    def cut(self, reason: BaseException) -> None:
        """For the call: it ends for this reason and brings no answer."""
        if isinstance(reason, httpx.HTTPStatusError):
            # A hook that raises for every error status: the answer itself is what counts.
            self.bring(Answer(reason.response.status_code, b""))
            self._gone = CutError(in_flight=False)
        elif isinstance(reason, httpx.TransportError):
            # Copies: the originals reach the call, and must not collect the frames of the task that raises them here.
            self._gone = type(reason)(str(reason))
        elif isinstance(reason, MusementError):
            self._gone = copy.copy(reason)
        elif isinstance(reason, Exception):
            # Raised between us and the network, by an event hook for instance.
            self._gone = NetworkError(
                f"the login failed: {type(reason).__name__}", method="GET", path=LOGIN_PATH, maybe_sent=False
            )
        else:
            self._gone = CutError(in_flight=self._in_flight)
        self._brought.set()

    def lend(self, send: Send) -> None:
        """For the transport: its network, for the rest of the renewal."""
        self._send = send
        self._brought.set()

    async def exchange(self, login: httpx.Request) -> Answer:
        """For the renewal's task: send a login and read its answer.

        Raises:
            CutError: The call that carried it is gone.
            httpx.TransportError: No answer arrived.
            MusementError: The same, in the words of whatever carried it.
        """
        if self._send is None and self._gone is None:
            self._offer = discreet(login, {RENEWAL_EXTENSION: self._renewal})
            self._offered.set()
            with anyio.move_on_after(_PHASES * self._timeout):
                await self._brought.wait()
        if self._send is not None:
            return await self._exchange(login, self._send)
        answer, self._answer = self._answer, None
        if answer is None:
            raise self._gone or CutError(in_flight=self._in_flight)
        self._brought = anyio.Event()
        return answer

    async def _exchange(self, login: httpx.Request, send: Send) -> Answer:
        with anyio.move_on_after(_PHASES * self._timeout):
            response = await send(login)
            try:
                return Answer(response.status_code, await _body(response, login))
            finally:
                await response.aclose()
        message = "the login was not answered in time"
        raise httpx.ReadTimeout(message)

    def close(self) -> None:
        """For the renewal's task: there will be no more logins."""
        self._offered.set()


async def read_login_body(response: httpx.Response) -> bytes:
    """The body of a login's answer; of one that is far too long for that, nothing, which is not a login's answer."""
    try:
        return await read_at_most(response, _LONGEST_BODY)
    except TooLongError:
        return b""


async def _body(response: httpx.Response, login: httpx.Request) -> bytes:
    try:
        return await read_login_body(response)
    except httpx.DecodingError:
        raise unusable(login.method, response.status_code, "it could not be decompressed") from None
