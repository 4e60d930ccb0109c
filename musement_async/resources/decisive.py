"""Calls that must not be made twice: those that order and those that pay."""

from typing import TypeVar
from uuid import UUID

from musement_async.core import Core, Parameters, Path
from musement_async.errors import DecodeError, MusementError, OutcomeUnknownError, ServerError, TransportError

T = TypeVar("T")

# What a gateway says when the API behind it may have done its work; 503 says that it did not begin.
_UNCLEAR = frozenset({500, 502, 504})


async def order_once(
    core: Core, path: Path, model: type[T], json: object, *, cart_uuid: UUID, params: Parameters | None = None
) -> T:
    """Make an order of a cart.

    Raises:
        OutcomeUnknownError: It was sent, and nobody knows what became of it.
        APIError: The API refused.
        TransportError: It was not sent.
    """
    try:
        return await core.fetch(model, path, method="POST", json=json, params=params)
    except (TransportError, ServerError, DecodeError) as failure:
        if not _may_be_done(failure, path):
            raise
        way = f"client.carts.order_info({str(cart_uuid)!r}) tells whether there is an order"
        raise OutcomeUnknownError(
            _say(failure, path, way), method="POST", path=path.text, cart_uuid=cart_uuid
        ) from failure


async def pay_once(core: Core, path: Path, model: type[T], json: object, *, order_uuid: UUID | None) -> T:
    """Pay for an order.

    Raises:
        OutcomeUnknownError: It was sent, and nobody knows what became of it.
        APIError: The API refused.
        TransportError: It was not sent.
    """
    try:
        return await core.fetch(model, path, method="POST", json=json)
    except (TransportError, ServerError, DecodeError) as failure:
        if not _may_be_done(failure, path):
            raise
        asked = "order_uuid" if order_uuid is None else repr(str(order_uuid))
        way = f"client.orders.get({asked}) tells whether the order is paid"
        raise OutcomeUnknownError(
            _say(failure, path, way), method="POST", path=path.text, order_uuid=order_uuid
        ) from failure


def _may_be_done(failure: TransportError | ServerError | DecodeError, path: Path) -> bool:
    if failure.path != path.text:
        return False  # a login on the way to it failed
    if isinstance(failure, TransportError):
        return failure.maybe_sent
    return isinstance(failure, DecodeError) or failure.status in _UNCLEAR


def _say(failure: MusementError, path: Path, way: str) -> str:
    return f"POST {path} was sent, and nobody knows what became of it; {way} ({failure})"
