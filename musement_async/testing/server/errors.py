"""Refusals: the error responses of the local Musement.

Every refusal has the API's uniform body, ``{"code": …, "message": …}``. The codes ``2271``, ``-1``, ``0``, ``1400`` and
``1440`` are documented; clients of the API were seen to expect ``1578``. The API does not document the body of a
refused login; here it is uniform too, with the error names of RFC 6749 as codes.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from starlette.responses import JSONResponse

_T = TypeVar("_T")


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A request that is answered with an error status."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
        self.details: Mapping[str, Any] = details or {}

    def response(self) -> JSONResponse:
        """The response with this refusal."""
        body = {"code": self.code, "message": self.message, **self.details}
        return JSONResponse(body, self.status, headers=self.headers)


def constraint(parameter: str, value: str, expected: str, *, code: str = "0") -> Refusal:
    """400: the operation does not accept the value of a query parameter."""
    return Refusal(400, code, f'The parameter "{parameter}" cannot be "{value}": {expected}.')


def incomplete(parameter: str, other: str) -> Refusal:
    """400: a query parameter needs another one."""
    return Refusal(400, "0", f'The parameter "{parameter}" needs "{other}" as well.')


def no_pickup() -> Refusal:
    """400: the request needs one of the activity's pickup points."""
    return Refusal(400, "1578", 'The parameter "pickup" must be one of the pickup points of this activity.')


def not_found(what: str) -> Refusal:
    """404: there is no such thing, or nothing matches."""
    return Refusal(404, "1400", f"There is no {what}.")


def or_not_found(value: _T | None, what: str) -> _T:
    """The given value, unless it is None.

    Raises:
        Refusal: 404, the value is None.
    """
    if value is None:
        raise not_found(what)
    return value


def bad_login(error: str, message: str) -> Refusal:
    """400: the login is refused."""
    return Refusal(400, error, message)


def no_application() -> Refusal:
    """400: the application header is missing."""
    return Refusal(400, "2271", "Every request needs the header X-Musement-Application.")


def unknown_market() -> Refusal:
    """400: the market header does not name a market."""
    return Refusal(400, "-1", "The header X-Musement-Market does not name a market.")


def unknown_currency() -> Refusal:
    """400: the currency header does not name a currency; the API's answer to that is not documented."""
    return Refusal(400, "0", "The header X-Musement-Currency does not name a currency.")


def no_token() -> Refusal:
    """401: a token is needed."""
    return Refusal(401, "0", "An access token is needed: Authorization: Bearer …")


def bad_token() -> Refusal:
    """401: the token has expired, was revoked or was never issued; the API does not say which."""
    return Refusal(401, "0", "The access token is not valid, or no longer.")


def hidden() -> Refusal:
    """403: the activity is a draft, or under review."""
    return Refusal(403, "0", "This activity is not published.")


def forbidden() -> Refusal:
    """403: the operation is for other credentials, such as those of content managers."""
    return Refusal(403, "0", "This operation is not for these credentials.")


def not_permitted(parameter: str, value: str) -> Refusal:
    """403: the value of a query parameter is for content managers."""
    return Refusal(403, "0", f'The parameter "{parameter}" can be "{value}" for content managers only.')


def invalid(message: str) -> Refusal:
    """400: the body does not have the form that the operation needs."""
    return Refusal(400, "0", message)


def wrong_answers(problems: Mapping[str, str]) -> Refusal:
    """400: answers that do not fit their form; both the uniform body and the list of fields are documented."""
    message = "Some answers are missing or wrong."
    errors = [{"field_name": name, "field_error_message": problem} for name, problem in problems.items()]
    return Refusal(400, "0", message, details={"global_error_message": message, "errors": errors})


def conflict(message: str) -> Refusal:
    """409: the state of the resource does not allow the request."""
    return Refusal(409, "0", message)


def unprocessable(message: str) -> Refusal:
    """422: the request is well formed, and the server refuses it."""
    return Refusal(422, "0", message)


def resource_locked(message: str) -> Refusal:
    """423: the resource can no longer be changed."""
    return Refusal(423, "0", message)


def wrong_method(allowed: Iterable[str]) -> Refusal:
    """405: the operation exists, with other methods."""
    return Refusal(405, "0", "There is no such operation.", headers={"Allow": ", ".join(allowed)})
