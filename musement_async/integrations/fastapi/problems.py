"""Errors of the library as answers of the application, in the form of RFC 9457."""

import logging
import math
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from musement_async import errors
from musement_async.checkout.errors import PaymentPendingError, PriceChangedError
from musement_async.errors import MusementError
from musement_async.escaping import escape_controls
from musement_async.resources.polling import OrderPendingError

MEDIA_TYPE: Final = "application/problem+json"
_SCHEMA: Final = "MusementProblem"
_RETRY_AFTER: Final = 5
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# Errors that may be over after the pause.
PASSING: Final = (
    errors.NetworkError,
    errors.RateLimitError,
    errors.RequestTimeoutError,
    errors.ServerError,
    errors.TokenStoreError,
)

_PAYMENT_REFUSED = "The payment was refused. The order stays, and can be paid in another way."
_LOOK_FIRST = "It may have been done. Do not repeat it before you have looked."
# The first entry in the error's method resolution order counts.
_ANSWERS: Mapping[type[MusementError], tuple[int, str]] = {
    errors.ArgumentError: (422, "An argument cannot be used."),
    errors.FormError: (422, "Some fields are not filled in as they have to be."),
    errors.LoggedOutError: (401, "The session is over: log in again."),
    errors.ClientClosedError: (503, "The service is shutting down."),
    errors.TokenStoreError: (503, "Sessions cannot be reached for now."),
    errors.NetworkError: (502, "Musement could not be reached."),
    errors.RequestTimeoutError: (504, "Musement did not answer in time."),
    errors.PrivateHostError: (502, "Musement names a host that is not public."),
    errors.OutcomeUnknownError: (502, f"Nobody knows whether it was done. {_LOOK_FIRST}"),
    PriceChangedError: (409, "The price has changed: the customer has to agree to the new one."),
    PaymentPendingError: (402, "The order is not paid yet."),
    OrderPendingError: (504, f"The order is not settled yet. {_LOOK_FIRST}"),
    errors.WebhookError: (400, "The body is not an update of an order item."),
    errors.DecodeError: (502, "Musement sent an answer that makes no sense."),
    errors.APIError: (502, "Musement refused the request."),
    errors.BadRequestError: (400, "Musement could not make sense of the request."),
    errors.AuthenticationError: (502, "Musement does not accept this application."),
    errors.PermissionDeniedError: (502, "Musement does not allow this to the application."),
    errors.NotFoundError: (404, "This does not exist."),
    errors.ConflictError: (409, "The state it is in does not allow this."),
    errors.UnprocessableError: (422, "Musement understood the request, and refused it."),
    errors.LockedError: (423, "It can no longer be changed."),
    errors.RateLimitError: (503, "There are too many requests for now."),
    errors.ServerError: (502, "Musement failed."),
    MusementError: (500, "Something went wrong."),
}
_OF_CUSTOMERS: Mapping[type[MusementError], tuple[int, str]] = {
    errors.AuthenticationError: (401, "Musement does not accept the login, or the session is over: log in again."),
    errors.PermissionDeniedError: (403, "The customer may not do this."),
}

_PROBLEM: Mapping[str, object] = {
    "title": _SCHEMA,
    "description": "What went wrong, as RFC 9457 has it.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "error"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank: see status and error."},
        "title": {"type": "string", "description": "What the status is called."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What happened, and what to do."},
        "error": {"type": "string", "description": "The kind of error.", "examples": ["NotFoundError"]},
        "argument": {"type": "string", "description": "The argument that cannot be used."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "What is wrong with each field.",
        },
        "code": {"type": "string", "description": "Musement's code for it."},
        "actual": {
            "type": "object",
            "required": ["value", "currency"],
            "properties": {
                "value": {"type": "string", "description": "In major units, exactly.", "examples": ["60.86"]},
                "currency": {"type": "string", "description": "ISO 4217 code.", "examples": ["EUR"]},
            },
            "description": "The total that the customer has to agree to, where the price has changed.",
        },
        "step": {"type": "string", "description": "The step of a checkout that failed."},
        "request_id": {"type": "string", "description": "Musement's id of the exchange, for questions to them."},
        "musement": {"type": "object", "description": "What Musement said. In development only."},
    },
}

_CHALLENGE: Final = "musement_async.challenge"
_MOST_TEXT: Final = 500
_MOST_FIELDS: Final = 20

_log: logging.Logger = logging.getLogger("musement_async.fastapi")


class ProblemError(HTTPException):
    """An answer of the application that is a problem.

    Without :func:`install_error_handlers`, FastAPI answers with the same status and headers.
    """


class LoginRequiredError(ProblemError):
    """The request shows no login, or one that is not valid: a 401."""

    def __init__(self, detail: str, challenge: str) -> None:
        super().__init__(401, detail, {"WWW-Authenticate": challenge})


class TooManyLoginsError(ProblemError):
    """There were too many failed logins for this name, or from this address: a 429."""

    def __init__(self, wait: float) -> None:
        headers = {"Retry-After": str(math.ceil(wait))}
        super().__init__(429, "There were too many failed logins. Try again later.", headers)


def set_challenge(connection: HTTPConnection, challenge: str) -> None:
    """Choose the ``WWW-Authenticate`` of a 401 that this request may be answered with."""
    connection.scope[_CHALLENGE] = challenge


def install_error_handlers(
    app: FastAPI,
    *,
    statuses: Mapping[type[MusementError], int] | None = None,
    challenge: str = "Bearer",
    debug: bool = False,
) -> None:
    """Make an application answer errors of this library with problems of RFC 9457.

    The texts are those of this library. The body holds no text of Musement's, no answer to a form and no secret. Each
    error is logged once, under ``musement_async.fastapi``; a record at WARNING has what Musement said, which may repeat
    what a customer wrote. The application's OpenAPI description has the problem too.

    Args:
        app: The application.
        statuses: Other statuses than the usual ones, by the class of the error.
        challenge: The ``WWW-Authenticate`` header of a 401 where no dependency of this package has chosen one.
        debug: Whether the body has what the log has too, as ``musement``. For development only.
    """
    own = dict(statuses or {})

    # Starlette types all handlers alike.
    async def answer(request: Request, error: Exception) -> Response:
        return _answer(request, cast("MusementError", error), own, challenge, debug=debug)

    async def answer_problem(_request: Request, error: Exception) -> Response:
        problem_of_ours = cast("ProblemError", error)
        kind = type(error).__name__
        return problem(problem_of_ours.status_code, problem_of_ours.detail, problem_of_ours.headers, error=kind)

    app.add_exception_handler(MusementError, answer)
    app.add_exception_handler(ProblemError, answer_problem)
    # As FastAPI's own documentation has it.
    app.openapi = _described(app.openapi)  # type: ignore[method-assign]


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **members: object) -> Response:
    """An answer that tells of a problem."""
    shown = {name: _escaped(value) for name, value in members.items()}
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **shown}
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def _escaped(value: object) -> object:
    if isinstance(value, Mapping):
        return {_escaped(name): _escaped(text) for name, text in cast("Mapping[object, object]", value).items()}
    return escape_controls(value) if isinstance(value, str) else value


def responses_of(statuses: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Problems as FastAPI wants an operation's answers described."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{_SCHEMA}"}}}
    return {status: {"description": description, "content": content} for status, description in statuses.items()}


def _answer(
    request: Request, error: MusementError, own: Mapping[type[MusementError], int], challenge: str, *, debug: bool
) -> Response:
    members: dict[str, object] = {}
    if isinstance(error, errors.CheckoutError):
        members["step"] = error.step
        error = error.cause
    status, detail = _status(error)
    if isinstance(error, errors.UnprocessableError) and members.get("step") == "pay":
        detail = _PAYMENT_REFUSED
    status = next((own[kind] for kind in type(error).__mro__ if kind in own), status)
    members |= _members(error)
    headers = _headers(error, status, request.scope.get(_CHALLENGE, challenge))
    said = _said(error)
    _report(request, error, status, said)
    if debug and said:
        members["musement"] = said
    return problem(status, detail, headers, error=type(error).__name__, **members)


def _status(error: MusementError) -> tuple[int, str]:
    answers = {**_ANSWERS, **_OF_CUSTOMERS} if isinstance(error, errors.APIError) and error.of_customer else _ANSWERS
    return next(answers[kind] for kind in type(error).__mro__ if kind in answers)


def _members(error: MusementError) -> dict[str, object]:
    """The members for programs. No text of the API is one of them."""
    if isinstance(error, errors.FormError):
        return {"argument": error.argument, "fields": error.problems}
    if isinstance(error, errors.ArgumentError):
        problem_of_it = str(error).removeprefix(f"{error.argument}: ")
        return {"argument": error.argument, "fields": {error.argument: problem_of_it}}
    if isinstance(error, PriceChangedError) and error.actual is not None:
        return {"actual": {"value": str(error.actual.amount), "currency": error.actual.currency}}
    if isinstance(error, errors.APIError):
        fields = {name: "was refused" for name in error.field_errors if name}
        members = {"code": error.code, "fields": fields or None, "request_id": error.request_id}
        return {name: value for name, value in members.items() if value is not None}
    if isinstance(error, errors.DecodeError) and error.request_id is not None:
        return {"request_id": error.request_id}
    return {}


def _headers(error: MusementError, status: int, challenge: str) -> dict[str, str]:
    headers = {"WWW-Authenticate": challenge} if status == 401 else {}
    seconds = error.retry_after if isinstance(error, errors.APIError) else None
    if seconds is None and isinstance(error, PASSING):
        seconds = _RETRY_AFTER
    if seconds is not None:
        headers["Retry-After"] = str(math.ceil(seconds))
    return headers


def _said(error: MusementError) -> dict[str, object]:
    """The facts of an error of Musement's for developers, escaped and shortened."""
    if not isinstance(error, errors.APIError | errors.DecodeError | errors.TransportError | errors.OutcomeUnknownError):
        return {}
    names = ("method", "path", "status", "code", "api_message", "field_errors", "excerpt", "request_id")
    found = {name.removeprefix("api_"): getattr(error, name, None) for name in names}
    return {name: _shortened(value) for name, value in found.items() if value not in (None, {})}


def _shortened(value: object) -> object:
    if isinstance(value, Mapping):
        known = cast("Mapping[str, object]", value)
        return {_text(name): _text(text) for name, text in list(known.items())[:_MOST_FIELDS]}
    return value if isinstance(value, int) else _text(value)


def _text(value: object) -> str:
    text = str(value)
    return escape_controls(text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…")


def _report(request: Request, error: MusementError, status: int, said: Mapping[str, object]) -> None:
    """Log what happened. What the API said is logged where it is what the developer has to know."""
    tells_why = isinstance(error, errors.TokenStoreError | errors.TransportError)
    known = {"reason": _text(error)} if tells_why else said
    _log.log(
        logging.WARNING if status >= 500 or isinstance(error, errors.APIError) else logging.INFO,
        "%s %s is answered with %d: %s%s",
        request.method,
        request.scope.get("route_path") or getattr(request.scope.get("route"), "path", "?"),
        status,
        type(error).__name__,
        "".join(f", {name.replace('_', ' ')} {_line(value)}" for name, value in known.items()),
    )


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} = {text}" for name, text in cast("Mapping[str, str]", value).items())
    return str(value)


def _described(openapi: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """The same description, in which any operation may be answered with a problem."""

    def described() -> dict[str, Any]:
        description = openapi()
        schemas = description.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault(_SCHEMA, dict(_PROBLEM))
        answer = responses_of({0: "Musement, or the way there, had a problem."})[0]
        for path in description.get("paths", {}).values():
            for operation in (path[method] for method in _METHODS if method in path):
                operation["responses"].setdefault("default", answer)
        return description

    return described
