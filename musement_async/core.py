"""One HTTP exchange: from a method and a path to a model or an error."""

from collections.abc import AsyncGenerator, Collection, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from decimal import Decimal
from time import perf_counter
from typing import TypeVar, cast

import attrs
import httpx

from musement_async.errors import (
    APIError,
    ArgumentError,
    ClientClosedError,
    DecodeError,
    NetworkError,
    RequestTimeoutError,
    error_class,
)
from musement_async.options import Options
from musement_async.paths import NOTHING_THERE, Path, argument_of
from musement_async.transports.detached import Underway
from musement_async.transports.musement import SENT_EXTENSION
from musement_async.values import is_finite, sendable

T = TypeVar("T")

Scalar = str | int | float | bool
Parameters = Mapping[str, Scalar | Sequence[Scalar] | None]


CODE_OF_NOTHING = "1400"
_MESSAGE_LIMIT = 300
PDF = "application/pdf"
# Readers of PDF look for the mark this far into a file.
PDF_MARK, PDF_MARK_WITHIN = b"%PDF-", 1024
_OF_CUSTOMERS = "/customers/me"
_REFUSED = (401, 403)
_REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id", "x-amzn-requestid", "x-amz-cf-id", "cf-ray")
# What can only happen before a request is sent.
_BEFORE_SENDING = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_HINTS: Mapping[int | str, str] = {
    "1578": "pass pickup=..., one of the activity's pickup points",
    "2271": "pass application=... to the client",
    401: "the operation wants a token that is valid for it: check the credentials and their grant",
    403: "these credentials may not do this",
    429: "slow down",
}


@attrs.frozen
class Exchange:
    """One answered call, as ``MusementClient.capture`` records it.

    Attributes:
        method: The HTTP method.
        path: The path, without the query.
        status: The HTTP status.
        headers: The answer's headers, by lower-case name.
        request_id: The id the server gave the exchange, where it sent one.
        elapsed: Seconds from sending to the end of the answer, logins and replays included.
    """

    method: str
    path: str
    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    request_id: str | None
    elapsed: float


@attrs.frozen
class _FieldError:
    field_name: str | None = None
    field_error_message: str | None = None


@attrs.frozen
class _ErrorBody:
    code: str | None = None
    message: str | None = None
    global_error_message: str | None = None
    errors: tuple[_FieldError, ...] = ()

    @property
    def said(self) -> str | None:
        return self.message or self.global_error_message

    @property
    def fields(self) -> dict[str, str]:
        return {error.field_name or "": error.field_error_message or "" for error in self.errors}


_Recordings = tuple[tuple[httpx.AsyncClient, list[Exchange]], ...]
_recordings: ContextVar[_Recordings] = ContextVar("musement_async.recordings", default=())


class Core:
    """Sends requests over an ``httpx.AsyncClient`` and reads the answers."""

    def __init__(
        self, http: httpx.AsyncClient, options: Options, underway: Underway | None = None, slots: int | None = None
    ) -> None:
        self.http = http
        self.slots = slots
        self.options = options
        self.underway: Underway = underway or Underway()

    async def fetch(
        self, model: type[T], path: Path, *, params: Parameters | None = None, method: str = "GET", json: object = None
    ) -> T:
        """The answer of one call as a model.

        Raises:
            APIError: The API answered with an error status.
            DecodeError: The answer cannot be read as that model.
            TransportError: No answer arrived.
        """
        response = await self.send(method, path, params=params, json=json)
        return self.decode(response, model, method, path)

    async def fetch_optional(self, model: type[T], path: Path, *, params: Parameters | None = None) -> T | None:
        """The same as a GET, or None where the API says that there is nothing.

        Raises:
            APIError: The API answered with an error status that means something else.
            DecodeError: The answer cannot be read as that model.
            TransportError: No answer arrived.
        """
        response = await self.read(path, params=params)
        return None if response is None else self.decode(response, model, "GET", path)

    async def fetch_bytes(self, path: Path, media_type: str, *, params: Parameters | None = None) -> bytes:
        """The body of a GET's answer as it came; one that is no PDF is refused where a PDF is asked for.

        Raises:
            APIError: The API answered with an error status.
            DecodeError: A PDF was asked for, and the answer is none.
            TransportError: No answer arrived.
        """
        response = await self._exchange("GET", path, params, None, _accept(media_type))
        if not response.is_success:
            raise _api_error(response, "GET", path)
        if media_type == PDF and not is_pdf(response.content):
            raise undecodable(response, "GET", path, "it is no PDF")
        return response.content

    @asynccontextmanager
    async def stream(
        self, path: Path, media_type: str, *, url: httpx.URL | None = None
    ) -> AsyncGenerator[httpx.Response]:
        """The successful answer of a GET, its body still to be read; of any URL, on whatever host, if one is given.

        Redirects are followed; what is meant for the API alone goes to no other host.

        Args:
            path: The path. Errors name it in the URL's place too: the query of a URL may be a secret.
            media_type: What is asked for.
            url: The URL.

        Raises:
            APIError: The answer has an error status.
            TransportError: No answer arrived, or not all of it.
        """
        self.check_open()
        request = self._build("GET", path if url is None else Path(path.template, str(url)), None, None)
        request.headers["Accept"] = _accept(media_type)
        if request.url.netloc != self.http.base_url.netloc:
            for name in [name for name in request.headers if name.startswith("x-musement-")]:
                del request.headers[name]
        started = perf_counter()
        with _failures(request, "GET", path):
            response = await self.http.send(request, stream=True, follow_redirects=True)
            try:
                _record(self.http, "GET", path, response, started)
                if not response.is_success:
                    await response.aread()
                    raise _api_error(response, "GET", path)
                yield response
            finally:
                await response.aclose()

    async def read(self, path: Path, *, params: Parameters | None = None) -> httpx.Response | None:
        """The successful answer of a GET; None where the API says that there is nothing.

        Raises:
            APIError: The API answered with an error status that means something else.
            TransportError: No answer arrived.
        """
        response = await self._exchange("GET", path, params, None)
        if response.is_success:
            return None if response.status_code == httpx.codes.NO_CONTENT else response
        error = _api_error(response, "GET", path)
        if path.template in NOTHING_THERE and (error.status, error.code) == (404, CODE_OF_NOTHING):
            return None
        raise error

    async def send(
        self,
        method: str,
        path: Path,
        *,
        params: Parameters | None = None,
        json: object = None,
        expected: Collection[int] = (),
    ) -> httpx.Response:
        """The successful answer of one call, read to its end; with ``expected``, one of these statuses as well.

        Raises:
            APIError: The API answered with an error status.
            TransportError: No answer arrived.
        """
        response = await self._exchange(method, path, params, json)
        if not response.is_success and response.status_code not in expected:
            raise _api_error(response, method, path)
        return response

    def decode(self, response: httpx.Response, model: type[T], method: str, path: Path) -> T:
        """The body of an answer as a model.

        Raises:
            DecodeError: It cannot be read as that model.
        """
        from musement_async import codec

        try:
            return codec.decode(response.content, model, strict=self.options.strict)
        except codec.Undecodable as problem:
            raise undecodable(response, method, path, problem) from problem

    @staticmethod
    def check_model(model: object) -> None:
        """Refuse what JSON cannot be read as.

        Raises:
            ArgumentError: It is no such type.
        """
        from musement_async.codec import can_read

        if not can_read(model):
            raise ArgumentError("model", "must be a model, or a type that JSON can be read as, such as list[City]")

    def check_open(self) -> None:
        """Refuse to go on once the client is closed.

        Raises:
            ClientClosedError: It is.
        """
        if self.http.is_closed:
            raise ClientClosedError("the client is closed; open a new one")

    async def _exchange(
        self, method: str, path: Path, params: Parameters | None, json: object, accept: str | None = None
    ) -> httpx.Response:
        http = self.http
        self.check_open()
        request = self._build(method, path, params, json)
        if accept is not None:
            request.headers["Accept"] = accept
        started = perf_counter()
        with _failures(request, method, path):
            response = await http.send(request)
        _record(http, method, path, response, started)
        return response

    def _build(self, method: str, path: Path, params: Parameters | None, json: object) -> httpx.Request:
        options = self.options
        query = None if params is None else _query(params)
        try:
            request = self.http.build_request(
                method,
                path.text,
                params=query,
                content=None if json is None else encode("json", json),
                headers=None if json is None else {"Content-Type": "application/json"},
                timeout=httpx.USE_CLIENT_DEFAULT if options.timeout is None else options.timeout,
            )
        except httpx.InvalidURL as problem:
            longest = max(query, key=lambda name: len(str(query[name]))) if query else "path"
            raise ArgumentError(argument_of(longest), f"cannot be sent: {problem}") from problem
        request.extensions[SENT_EXTENSION] = False
        for name, value in options.headers.items():
            if value is None:
                request.headers.pop(name, None)
            else:
                request.headers[name] = value
        return request


@contextmanager
def _failures(request: httpx.Request, method: str, path: Path) -> Generator[None]:
    """Turn httpx's errors into ours."""
    try:
        yield
    except httpx.TimeoutException as timeout:
        message = f"{method} {path}: no answer in time ({type(timeout).__name__})"
        maybe_sent = _maybe_sent(request, timeout)
        raise RequestTimeoutError(message, method=method, path=path.text, maybe_sent=maybe_sent) from timeout
    except (httpx.TransportError, httpx.TooManyRedirects) as failure:
        message = f"{method} {path}: the connection failed: {str(failure) or type(failure).__name__}"
        maybe_sent = _maybe_sent(request, failure)
        raise NetworkError(message, method=method, path=path.text, maybe_sent=maybe_sent) from failure
    except httpx.DecodingError as problem:
        message = f"{method} {path}: the body could not be decompressed: {problem}"
        raise DecodeError(message, method=method, path=path.text, status=None) from problem


def _maybe_sent(request: httpx.Request, failure: httpx.RequestError) -> bool:
    # The failure may be that of a login, which comes before the request, or after a 401 that refused it.
    return bool(request.extensions[SENT_EXTENSION]) and not isinstance(failure, _BEFORE_SENDING)


def _accept(media_type: str) -> str:
    # Errors are JSON whatever was asked for.
    return f"{media_type}, application/json;q=0.5"


def is_pdf(beginning: bytes) -> bool:
    """Whether a document that begins like this is a PDF."""
    return PDF_MARK in beginning[:PDF_MARK_WITHIN]


def encode(argument: str, json: object) -> bytes:
    """A body as it is sent.

    Raises:
        ArgumentError: It holds something that has no form in JSON.
    """
    from musement_async.codec import to_json

    try:
        _check_finite(json)
        return to_json(json)
    except (TypeError, ValueError, OverflowError, RecursionError) as problem:
        # The problem's own text may repeat a value.
        raise ArgumentError(argument, f"cannot be sent as JSON ({type(problem).__name__})") from problem


def _check_finite(json: object) -> None:
    # What is no number would be sent as null, or as a text.
    if isinstance(json, float | Decimal):
        if not is_finite(json):
            message = "not a number"
            raise ValueError(message)
    elif isinstance(json, Mapping):
        for value in cast("Mapping[object, object]", json).values():
            _check_finite(value)
    elif isinstance(json, list | tuple):
        for value in cast("Sequence[object]", json):
            _check_finite(value)


@contextmanager
def capture(http: httpx.AsyncClient) -> Generator[list[Exchange]]:
    """Record the exchanges that a client makes inside the block, in tasks started there too."""
    exchanges: list[Exchange] = []
    _recordings.set((*_recordings.get(), (http, exchanges)))
    try:
        yield exchanges
    finally:
        # Not by the token of set(): a fixture or a dependency may be closed in another context than it was opened in.
        _recordings.set(tuple(recording for recording in _recordings.get() if recording[1] is not exchanges))


def _record(http: httpx.AsyncClient, method: str, path: Path, response: httpx.Response, started: float) -> None:
    recordings = _recordings.get()
    if not recordings:
        return
    headers = dict(response.headers)
    elapsed = perf_counter() - started
    exchange = Exchange(method, path.text, response.status_code, headers, request_id(response.headers), elapsed)
    for owner, exchanges in recordings:
        if owner is http:
            exchanges.append(exchange)


def request_id(headers: Mapping[str, str]) -> str | None:
    """The id the server gave an exchange; the API documents no name for it, so the usual ones are tried."""
    return next((headers[name] for name in _REQUEST_ID_HEADERS if name in headers), None)


def _query(params: Parameters) -> dict[str, Scalar | Sequence[Scalar]]:
    given: object = params
    if not isinstance(given, Mapping) or not all(
        isinstance(name, str) for name in cast("Mapping[object, object]", given)
    ):
        raise ArgumentError("params", "must be a mapping with a string for each name")
    query = {name: value for name, value in params.items() if value is not None}
    for name, value in query.items():
        sendable("params", name)
        values: object = [value] if isinstance(value, Scalar) else value
        if not isinstance(values, list | tuple) or not all(map(_is_scalar, values)):
            raise ArgumentError(name, "must be a string, a finite number, True or False, or a list of such")
        sendable(name, "".join(map(str, values)))
    return query


def _is_scalar(value: object) -> bool:
    return isinstance(value, Scalar) and (not isinstance(value, float) or is_finite(value))


def undecodable(response: httpx.Response, method: str, path: Path, problem: object) -> DecodeError:
    """The error for a successful answer whose body is of no use."""
    status = response.status_code
    message = f"{method} {path}: {status}, but the body is not what was asked for: {problem}"
    return DecodeError(message, method=method, path=path.text, status=status, request_id=request_id(response.headers))


def _hint(path: Path, status: int, code: str | None) -> str | None:
    if status in _REFUSED and path.template.startswith(_OF_CUSTOMERS):
        return "the operation is for customers: log in as one, with PasswordCredentials"
    return _HINTS.get(code or status) or _HINTS.get(status)


def _api_error(response: httpx.Response, method: str, path: Path) -> APIError:
    from musement_async import codec

    status = response.status_code
    try:
        body = codec.decode(response.content, _ErrorBody)
    except codec.Undecodable:
        body = _ErrorBody()  # a proxy's page, or nothing at all: the status has to do
    wrong = "".join(f"; {name}: {problem}" for name, problem in body.fields.items())
    said = f"{body.said or response.reason_phrase}{wrong}"[:_MESSAGE_LIMIT]
    message = f"{method} {path}: {status} {said}" + (f" (code {body.code})" if body.code else "")
    hint = _hint(path, status, body.code)
    return error_class(status)(
        f"{message}; {hint}" if hint else message,
        status=status,
        method=method,
        path=path.text,
        code=body.code,
        api_message=body.said,
        field_errors=body.fields,
        request_id=request_id(response.headers),
    )
