"""Calls that must not be made twice: those that order and those that pay."""

from collections.abc import Collection, Generator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

import httpx

from musement_async.core import Core, Parameters, Response, undecodable
from musement_async.errors import APIError, DecodeError, OutcomeUnknownError, TransportError
from musement_async.models._base import NIL
from musement_async.models.orders import Order
from musement_async.paths import Path

# What says that the work was not begun: not implemented, out of service, another version of HTTP.
_NOT_BEGUN = frozenset({501, 503, 505})


async def order_once(
    core: Core, path: Path, json: object, *, cart_uuid: UUID, params: Parameters | None = None
) -> Order:
    """Make an order of a cart.

    Raises:
        OutcomeUnknownError: It was sent, and nobody knows what became of it.
        APIError: The API refused.
        TransportError: It was not sent.
    """
    way = f"client.carts.order_info({str(cart_uuid)!r}) tells whether there is an order"
    with _once(path, way, cart_uuid=cart_uuid):
        answer = await core.send("POST", path, json=json, params=params)
        order = core.decode(answer, Order, "POST", path)
        if order.uuid == NIL:
            raise undecodable(answer, "POST", path, "an order without its uuid")
        return order


async def pay_once(
    core: Core, path: Path, json: object, *, order_uuid: UUID | None, expected: Collection[int] = ()
) -> Response:
    """Pay for an order.

    Raises:
        OutcomeUnknownError: It was sent, and nobody knows what became of it.
        APIError: The API refused.
        TransportError: It was not sent.
    """
    with paying(path, order_uuid):
        return await core.send("POST", path, json=json, expected=expected)


def paying(path: Path, order_uuid: UUID | None) -> AbstractContextManager[None]:
    """Inside, an answer that cannot be read leaves it unknown whether an order is paid."""
    asked = "order_uuid" if order_uuid is None else repr(str(order_uuid))
    return _once(path, f"client.orders.get({asked}) tells whether the order is paid", order_uuid=order_uuid)


@contextmanager
def _once(path: Path, way: str, *, cart_uuid: UUID | None = None, order_uuid: UUID | None = None) -> Generator[None]:
    try:
        yield
    except (TransportError, APIError, DecodeError) as failure:
        if not _may_be_done(failure, path):
            raise
        message = f"POST {path} was sent, and nobody knows what became of it; {way} ({failure})"
        raise OutcomeUnknownError(
            message, method="POST", path=path.text, cart_uuid=cart_uuid, order_uuid=order_uuid
        ) from failure


def _may_be_done(failure: TransportError | APIError | DecodeError, path: Path) -> bool:
    if failure.path != path.text:
        return False  # a login on the way to it failed
    if isinstance(failure, TransportError):
        return failure.maybe_sent
    if isinstance(failure, DecodeError):
        return True
    status = failure.status
    return status == httpx.codes.REQUEST_TIMEOUT or (status >= 500 and status not in _NOT_BEGUN)
