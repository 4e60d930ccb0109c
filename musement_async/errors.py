"""The errors of this library.

MusementError
├── ArgumentError (ValueError)         an argument that cannot be sent; nothing was
│   └── FormError                      answers that a form refuses, each wrong field with a reason
├── ClientClosedError (RuntimeError)   the client was closed before the call
├── LoggedOutError (RuntimeError)      the session was ended by log_out() before the call
├── WrongLoopError (RuntimeError)      the client belongs to another event loop, or to the process before a fork
├── TokenStoreError                    a token store could not be read or locked
├── NotCachedError                     no answer is kept, and ``cache="only"`` asks for no other
├── PrivateHostError                   the API names a host on this machine or in a private network
├── TransportError                     no answer arrived
│   ├── NetworkError                   the connection failed or broke
│   └── RequestTimeoutError            the answer took too long
├── OutcomeUnknownError                an order or a payment was sent, and no answer tells whether it was carried out
├── CheckoutError                      a step of a checkout failed, and why
├── PriceChangedError                  a total that is not the one that the customer agreed to; nothing was sent
├── PaymentPendingError                an order that is not paid yet
├── OrderPendingError                  an order that was not settled in time
├── WebhookError (ValueError)          a webhook's body that is not an update of an order item
├── DecodeError                        an answer that is not what the operation promises
│   └── IncompleteListError            a list that ended before the total that the API states
└── APIError                           the API answered with an error status
    ├── BadRequestError                400
    ├── AuthenticationError            401, and every refused login
    ├── PermissionDeniedError          403
    ├── NotFoundError                  404
    ├── ConflictError                  409
    ├── UnprocessableError             422
    ├── LockedError                    423
    ├── RateLimitError                 429
    └── ServerError                    500 and above
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from musement_async.escaping import escape_controls


def _rebuild(cls: type["MusementError"], args: tuple[object, ...]) -> "MusementError":
    error = cls.__new__(cls)
    error.args = args
    return error


class MusementError(Exception):
    """The root of the family: ``except MusementError`` catches every error of this library."""

    def __str__(self) -> str:
        # Most messages quote a server or an argument.
        return escape_controls(super().__str__())

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls the constructor with only the message, but the subclasses need keyword arguments: errors
        # would not survive a process pool or a task queue.
        return _rebuild, (type(self), self.args), self.__dict__


class ArgumentError(MusementError, ValueError):
    """An argument that cannot be sent. Raised before any request.

    Attributes:
        argument: The name of the argument.
    """

    def __init__(self, argument: str, problem: str) -> None:
        super().__init__(f"{argument}: {problem}")
        self.argument = argument


class FormError(ArgumentError):
    """Answers that a form refuses. Raised before they are sent.

    Attributes:
        argument: The name of the argument with the answers.
        problems: A reason for each wrong field, by its label, such as ``[0].firstname``; in the order of the form. A
            reason never contains an answer.
    """

    def __init__(self, argument: str, problems: Mapping[str, str]) -> None:
        super().__init__(argument, "; ".join(f"{label} {reason}".strip() for label, reason in problems.items()))
        self.problems: dict[str, str] = dict(problems)


class ClientClosedError(MusementError, RuntimeError):
    """The client was closed; a closed client cannot be opened again."""


class LoggedOutError(MusementError, RuntimeError):
    """``log_out()`` ended the session: make a new client for a new session."""


class WrongLoopError(MusementError, RuntimeError):
    """The client belongs to the event loop and the process in which it was first used."""


class TokenStoreError(MusementError):
    """A token store could not be read or locked, so the token could not be renewed."""


class NotCachedError(MusementError):
    """The cache has no answer, and ``with_options(cache="only")`` forbids a request to the API."""


class PrivateHostError(MusementError):
    """The URL of a document leads to this machine or into a private network, so it was not fetched.

    A client with ``allow_private_hosts=True`` fetches it.

    Attributes:
        host: The host of the URL.
    """

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} is this machine or in a private network; pass allow_private_hosts=True to the client to fetch it"
        )
        self.host = host


class TransportError(MusementError):
    """No answer arrived, or not all of it.

    Attributes:
        method: The HTTP method of the call.
        path: Its path, without the query.
        maybe_sent: Whether the request may have reached the API. False if it certainly did not, or if the API refused
            it.
    """

    def __init__(self, message: str, *, method: str, path: str, maybe_sent: bool = True) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.maybe_sent = maybe_sent


class NetworkError(TransportError):
    """The connection could not be made, or it broke."""


class RequestTimeoutError(TransportError):
    """The call took longer than its deadline, or one of its phases (connect, send, receive, wait) than its timeout."""


class OutcomeUnknownError(MusementError):
    """An order or a payment was sent, and no answer tells whether it was carried out.

    The request was not sent again. Check before you repeat it: ``client.carts.order_info(cart_uuid)`` tells whether a
    cart has an order, ``client.orders.get(order_uuid)`` whether an order is paid. ``__cause__`` is the failure.

    Attributes:
        method: The HTTP method of the call.
        path: Its path, without the query.
        cart_uuid: The cart of the order; None for a payment.
        order_uuid: The order of the payment; None for an order.
        answer: The body of a success that could not be read; None without one. It may contain a customer's texts, and
            is not part of the message.
    """

    def __init__(
        self,
        message: str,
        *,
        method: str,
        path: str,
        cart_uuid: UUID | None = None,
        order_uuid: UUID | None = None,
        answer: bytes | None = None,
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.cart_uuid = cart_uuid
        self.order_uuid = order_uuid
        self.answer = answer


class CheckoutError(MusementError):
    """A step of a checkout failed. ``client.checkout(cart_uuid)`` continues from there.

    Attributes:
        step: The method of the checkout, such as ``order``.
        cause: The error of the step; the same as ``__cause__``.
        cart_uuid: The cart; None if it could not be made.
        order_uuid: The order; None if there is none, or if it is not known.
    """

    def __init__(
        self, step: str, cause: MusementError, *, cart_uuid: UUID | None = None, order_uuid: UUID | None = None
    ) -> None:
        things = {"cart": cart_uuid, "order": order_uuid}
        known = ", ".join(f"{what} {uuid}" for what, uuid in things.items() if uuid is not None)
        super().__init__(f"{step} ({known or 'no cart yet'}): {cause}")
        self.step = step
        self.cause = cause
        self.cart_uuid = cart_uuid
        self.order_uuid = order_uuid


class WebhookError(MusementError, ValueError):
    """A webhook's body that is not an update of an order item."""


class DecodeError(MusementError):
    """An answer arrived that is not what the operation promises.

    Attributes:
        method: The HTTP method of the call.
        path: Its path, without the query.
        status: The HTTP status of the answer; None if its body broke off.
        request_id: The server's id of the exchange; None if it sent none.
        excerpt: The beginning of the body, in visible ASCII, without the strings of JSON; None without a body, and for
            logins.
    """

    def __init__(
        self,
        message: str,
        *,
        method: str,
        path: str,
        status: int | None,
        request_id: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.method = method
        self.path = path
        self.status = status
        self.request_id = request_id
        self.excerpt = excerpt


class IncompleteListError(DecodeError):
    """The API sent an empty page, or the same items again, before the list reached its stated total.

    All earlier items were yielded.

    Attributes:
        total: How many items the list has, as the API states.
        missing: How many items are missing.
    """

    def __init__(self, *, path: str, status: int, total: int, missing: int) -> None:
        super().__init__(
            f"GET {path}: the list ended after {total - missing} of {total} items; {missing} are missing",
            method="GET",
            path=path,
            status=status,
        )
        self.total = total
        self.missing = missing


class APIError(MusementError):
    """The API answered with an error status.

    Attributes:
        status: The HTTP status.
        method: The HTTP method of the call.
        path: Its path, without the query.
        code: The API's own error code, a string such as ``"1400"``; None if the body has none.
        api_message: The API's own message, control characters escaped; None if the body has none, and for logins.
        field_errors: The API's messages about fields of a body, by their names.
        request_id: The server's id of the exchange; None if it sent none.
        retry_after: Seconds to wait before the next request, from ``Retry-After``; 86,400, a day, at most. None without
            the header.
        excerpt: The beginning of a body that is not the API's own, such as a proxy's page, in visible ASCII.
        of_customer: Whether a client of ``as_customer`` or ``with_token`` made the call.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        method: str,
        path: str,
        code: str | None = None,
        api_message: str | None = None,
        field_errors: Mapping[str, str] | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.method = method
        self.path = path
        self.code = code
        self.api_message = api_message
        self.field_errors: dict[str, str] = dict(field_errors or {})
        self.request_id = request_id
        self.retry_after = retry_after
        self.excerpt = excerpt
        self.of_customer = False


class BadRequestError(APIError):
    """400: the API could not make sense of the request."""


class AuthenticationError(APIError):
    """401, or a refused login: the API does not accept the credentials or the token for this operation."""


class PermissionDeniedError(APIError):
    """403: the credentials may not see the thing, such as an activity that is still a draft."""


class NotFoundError(APIError):
    """404: the thing does not exist."""


class ConflictError(APIError):
    """409: the thing is in a state that does not allow this."""


class UnprocessableError(APIError):
    """422: the API understood the request, and refused it."""


class LockedError(APIError):
    """423: the cart or order can no longer be changed."""


class RateLimitError(APIError):
    """429: too many requests."""


class ServerError(APIError):
    """500 and above: the API or something in front of it failed; trying again later may help."""


_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableError,
    423: LockedError,
    429: RateLimitError,
}


def error_class(status: int) -> type[APIError]:
    """The class of the family for an HTTP status."""
    return ServerError if status >= 500 else _BY_STATUS.get(status, APIError)
