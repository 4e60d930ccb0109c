"""Calls that must not be sent twice: orders and payments."""

from collections.abc import Collection, Generator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

import msgspec

from musement_async.core import Core, Parameters, Response, undecodable
from musement_async.errors import APIError, DecodeError, OutcomeUnknownError, TransportError
from musement_async.models._base import NIL
from musement_async.models.orders import Order
from musement_async.paths import Path

# With these statuses, the API did not carry the request out. Any other error, such as 503, 499 or 520, may come from a
# gateway that lost the API's answer of success.
_REFUSALS = frozenset({*range(400, 408), *range(409, 419), 421, 422, 423, 424, 426, 428, 429, 431, 451})
# Keys that may hold an order's id in an answer.
_NAMES = ("identifier", "uuid", "order_uuid", "order_id")
_LONGEST_NAME = 80


async def order_once(
    core: Core, path: Path, json: object, *, cart_uuid: UUID, params: Parameters | None = None
) -> Order:
    """Make an order of a cart.

    Raises:
        OutcomeUnknownError: The request was sent, and no answer tells whether it was carried out.
        APIError: The API refused.
        TransportError: The request was not sent.
    """
    way = f"client.carts.order_info({str(cart_uuid)!r}) tells whether there is an order"
    with _once(path, way, cart_uuid=cart_uuid):
        answer = await core.send("POST", path, json=json, params=params, at_most_once=True)
    with _once(path, way, cart_uuid=cart_uuid, answer=answer):
        order = core.decode(answer, Order, "POST", path)
        if order.uuid == NIL:
            raise undecodable(answer, "POST", path, f"an order without its uuid{_names_in(answer)}")
        return order


async def pay_once(
    core: Core, path: Path, json: object, *, order_uuid: UUID | None, expected: Collection[int] = ()
) -> Response:
    """Pay for an order.

    Raises:
        OutcomeUnknownError: The request was sent, and no answer tells whether it was carried out.
        APIError: The API refused.
        TransportError: The request was not sent.
    """
    with paying(path, order_uuid):
        return await core.send("POST", path, json=json, expected=expected, at_most_once=True)


def paying(path: Path, order_uuid: UUID | None, answer: Response | None = None) -> AbstractContextManager[None]:
    """A context in which an unreadable answer raises an OutcomeUnknownError about the payment."""
    asked = "order_uuid" if order_uuid is None else repr(str(order_uuid))
    way = f"client.orders.get({asked}) tells whether the order is paid"
    return _once(path, way, order_uuid=order_uuid, answer=answer)


@contextmanager
def _once(
    path: Path,
    way: str,
    *,
    cart_uuid: UUID | None = None,
    order_uuid: UUID | None = None,
    answer: Response | None = None,
) -> Generator[None]:
    content = None if answer is None else answer.content
    try:
        yield
    except (TransportError, APIError, DecodeError) as failure:
        if not _may_be_done(failure, path):
            raise
        message = f"POST {path} was sent, and no answer tells whether it was carried out; {way} ({failure})"
        raise OutcomeUnknownError(
            message, method="POST", path=path.text, cart_uuid=cart_uuid, order_uuid=order_uuid, answer=content
        ) from failure


def _may_be_done(failure: TransportError | APIError | DecodeError, path: Path) -> bool:
    if failure.path != path.text:
        return False  # a login on the way to it failed
    if isinstance(failure, TransportError):
        return failure.maybe_sent
    if isinstance(failure, DecodeError):
        return True
    return failure.status not in _REFUSALS


def _names_in(answer: Response) -> str:
    """The order's ids that an answer holds, in visible ASCII, whatever the form of the answer."""
    body: dict[str, object] = msgspec.json.decode(answer.content)
    named = {name: body.get(name) for name in _NAMES}
    shown = [f"{name} {value[:_LONGEST_NAME]!a}" for name, value in named.items() if isinstance(value, str)]
    return f"; it has {', '.join(shown)}" if shown else ""
