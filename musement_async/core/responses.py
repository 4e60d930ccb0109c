"""Responses that were read to their end, and the errors that they stand for."""

import re
from collections.abc import Mapping

import attrs
import httpx

from musement_async.errors import APIError, DecodeError, error_class
from musement_async.escaping import escape_controls
from musement_async.paths import Path
from musement_async.transports.backoff import parse_retry_after
from musement_async.transports.reading import TooLongError, read_at_most

_MESSAGE_LIMIT = 300
_EXCERPT_LIMIT = 80
CODE_OF_NOTHING = "1400"  # of a 404 that says that there is nothing
_OF_CUSTOMERS = "/customers/me"
_BY_INVOICE = "/payments/no/payment"
_REFUSED = (401, 403)
_UNPROCESSABLE = 422  # httpx and httpx2 have names of their own for it
_REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id", "x-amzn-requestid", "x-amz-cf-id", "cf-ray")
_HINTS: Mapping[int | str, str] = {
    "1578": "pass pickup=..., one of the activity's pickup points",
    "2271": "pass application=... to the client",
    401: "the operation needs a token that is valid for it: check the credentials and their grant",
    403: "these credentials may not do this",
    429: "slow down",
}
# A JSON string, cut off or complete. A colon after the string makes it a name.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)(?P<name>(?=\s*:))?', re.DOTALL)


@attrs.frozen
class Response:
    """A response, read to its end.

    Attributes:
        status: The HTTP status.
        headers: The headers.
        content: The body, decompressed.
        reason: The reason phrase of the status.
    """

    status: int
    headers: httpx.Headers = attrs.field(repr=False)
    content: bytes = attrs.field(repr=False)
    reason: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300


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
        return _escaped(self.message or self.global_error_message)

    @property
    def fields(self) -> dict[str, str]:
        return {
            escape_controls(error.field_name or ""): escape_controls(error.field_error_message or "")
            for error in self.errors
        }


def _escaped(text: str | None) -> str | None:
    return None if text is None else escape_controls(text)


def api_error(response: Response, method: str, path: Path) -> APIError:
    """The error that an error status stands for."""
    from musement_async import codec

    status = response.status
    try:
        body = codec.decode(response.content, _ErrorBody)
    except codec.Undecodable:
        body = _ErrorBody()  # a proxy's page, or an empty body: only the status is known
    code = _escaped(body.code)
    wrong = "".join(f"; {name}: {problem}" for name, problem in body.fields.items())
    said = f"{body.said or response.reason}{wrong}"[:_MESSAGE_LIMIT]
    shown = excerpt(response.content) if code is None and body.said is None else None
    parts = [
        f"{method} {path}: {status} {said}".rstrip() + (f" (code {code})" if code else ""),
        _hint(path, status, code),
        f"the body begins with {shown}" if shown else None,
    ]
    return error_class(status)(
        "; ".join(filter(None, parts)),
        status=status,
        method=method,
        path=path.text,
        code=code,
        api_message=body.said,
        field_errors=body.fields,
        request_id=request_id(response.headers),
        retry_after=parse_retry_after(response.headers),
        excerpt=shown,
    )


def undecodable(response: Response | httpx.Response, method: str, path: Path, problem: object) -> DecodeError:
    """The error for a successful response whose body cannot be used."""
    status, content = (
        (response.status, response.content) if isinstance(response, Response) else (response.status_code, b"")
    )
    shown = excerpt(content)
    message = f"{method} {path}: {status}, but the body is not what was asked for: {problem}"
    return DecodeError(
        f"{message}; it begins with {shown}" if shown else message,
        method=method,
        path=path.text,
        status=status,
        request_id=request_id(response.headers),
        excerpt=shown,
    )


async def read_body(
    response: httpx.Response, method: str, path: Path, max_body: int | None, *, complete: bool = False
) -> bytes:
    """The body of a response; with ``complete``, an error if the body may be incomplete.

    Raises:
        DecodeError: The body is longer than ``max_body``.
    """
    try:
        return await read_at_most(response, max_body, complete=complete)
    except TooLongError:
        raise too_long(response, method, path, max_body) from None


async def read_error(response: httpx.Response, _method: str, _path: Path, max_body: int | None) -> bytes:
    """The body of a response with an error status; empty if it cannot be read, since the status says enough."""
    try:
        return await read_at_most(response, max_body)
    except (TooLongError, httpx.DecodingError, httpx.TransportError):
        return b""


def too_long(response: httpx.Response, method: str, path: Path, max_body: int | None) -> DecodeError:
    """The error for a body that is longer than allowed."""
    status = response.status_code
    message = f"{method} {path}: {status}, and a body longer than max_body={max_body} bytes, which was not read"
    known = request_id(response.headers)
    return DecodeError(message, method=method, path=path.text, status=status, request_id=known)


def excerpt(content: bytes) -> str | None:
    """The beginning of a body for logs: one line of visible ASCII, without the strings of JSON."""
    beginning = content[: 4 * _EXCERPT_LIMIT].lstrip()
    if beginning[:1] in {b"{", b"["}:
        beginning = _STRING.sub(lambda string: b'"..."' if string["name"] is None else string[0], beginning)
    shown = beginning[:_EXCERPT_LIMIT].decode("ascii", "backslashreplace")
    visible = "".join(character if " " <= character <= "~" else repr(character)[1:-1] for character in shown)
    return visible or None


def request_id(headers: Mapping[str, str]) -> str | None:
    """The server's id of an exchange. The API does not document the header, so the usual ones are tried."""
    return next((escape_controls(headers[name]) for name in _REQUEST_ID_HEADERS if name in headers), None)


def _hint(path: Path, status: int, code: str | None) -> str | None:
    if status in _REFUSED and path.template.startswith(_OF_CUSTOMERS):
        return "the operation is for customers: log in as one, with PasswordCredentials"
    if status == _UNPROCESSABLE and path.template == _BY_INVOICE:
        return "if these credentials may not pay by invoice, pass payment=... or use another method of client.payments"
    return _HINTS.get(code or status) or _HINTS.get(status)
