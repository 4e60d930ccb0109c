"""The receiving end of Musement's webhook."""

import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast

import anyio
from fastapi import APIRouter, Depends
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from musement_async.errors import ArgumentError, WebhookError
from musement_async.integrations.fastapi.authorization import DescribedBasic
from musement_async.integrations.fastapi.deliveries import DeliveryStore, MemoryDeliveryStore
from musement_async.integrations.fastapi.problems import problem, responses_of
from musement_async.models import OrderItemUpdate
from musement_async.values import is_seconds
from musement_async.webhooks import WebhookCredentials, is_newer, parse_order_item_update

Handler = Callable[[OrderItemUpdate, Request], Awaitable[object]]

_SCHEME = DescribedBasic(scheme_name="MusementWebhook")
_CHALLENGE = 'Basic realm="webhook", charset="UTF-8"'
_LONGEST = 2**16
_EXAMPLE = {
    "order_uuid": "0c5a3f4e-4ba3-4f0a-8a3e-2b1f8d9d7a11",
    "order_item_uuid": "6f1f7c0e-52d5-4d52-9a3b-0a4c7e1f9b22",
    "order_item_version": 2,
    "order_item_status": "OK",
}

_log: logging.Logger = logging.getLogger("musement_async.fastapi")


def webhook_router(
    credentials: WebhookCredentials,
    handler: Handler,
    *,
    path: str = "/webhooks/musement",
    deliveries: DeliveryStore | None = None,
    timeout: float = 10.0,
) -> APIRouter:
    """A router that receives updates of order items.

    A request without the credentials is answered with 401, a body that is not an update with 400. An update that was
    handled before, or is older than one that was, is answered with 200 and dropped. The handler gets any other update;
    the answer is 200 when the handler is done. If the handler fails, the answer is 500, so that Musement sends the
    update again, and the handler gets it again. Updates of one item are handled one after the other, in all processes
    that share ``deliveries``. A process that dies may leave an update handled and not remembered: then it is handled
    again.

    Args:
        credentials: The credentials that Musement sends.
        handler: Called with each new update and with the request; the request's state has what the lifespan yields.
            It should be quick: Musement waits.
        path: Where Musement sends updates.
        deliveries: The memory of earlier updates; by default one in this process.
        timeout: Seconds for the handler, and for the wait for its turn. A handler that takes longer is cancelled, and
            has failed.

    Raises:
        ArgumentError: ``timeout`` is not a positive number of seconds.
    """
    if not is_seconds(timeout):
        raise ArgumentError("timeout", "must be a positive number of seconds")
    router = APIRouter()
    known = MemoryDeliveryStore() if deliveries is None else deliveries

    @router.post(
        path,
        summary="An item of an order changed",
        tags=["webhooks"],
        response_class=Response,
        responses={
            200: {"description": "Handled, now or before."},
            **responses_of(
                {400: "Not an update.", 401: "Not Musement.", 413: "Too long.", 500: "Not handled: to be sent again."}
            ),
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": _schema(), "example": _EXAMPLE}},
            }
        },
    )
    async def order_item_changed(request: Request, _described: Annotated[None, Depends(_SCHEME)]) -> Response:
        if not credentials.accepts(request.headers.get("authorization")):
            headers = {"WWW-Authenticate": _CHALLENGE}
            return problem(401, "These are not the credentials of the webhook.", headers, error="WebhookError")
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST:
                return problem(413, "The body is too long for an update of an order item.", error="WebhookError")
        try:
            update = parse_order_item_update(bytes(body))
        except WebhookError:
            return problem(400, "The body is not an update of an order item.", error="WebhookError")
        try:
            with anyio.fail_after(2 * timeout):  # a turn, and the handler
                await _take_in(known, update, lambda: handler(update, request), within=timeout)
        except Exception:  # noqa: BLE001 - whatever a handler raises, Musement is to send the update again
            _log.exception(
                "an update of order item %s was not handled, and is to come again: order %s, version %s, status %s",
                update.order_item_uuid,
                update.order_uuid,
                update.order_item_version,
                update.order_item_status,
            )
            return problem(500, "The update was not handled: send it again.", error="HandlerError")
        return Response(status_code=200)

    return router


async def _take_in(
    known: DeliveryStore, update: OrderItemUpdate, handle: Callable[[], Awaitable[object]], *, within: float
) -> None:
    """Handle an update if it is new, and remember it."""
    item, version = update.order_item_uuid, update.order_item_version
    async with known.exclusive(item):
        if is_newer(version, await known.load(item)):
            with anyio.fail_after(within):
                await handle()
            await known.save(item, version)


def _schema() -> Any:  # noqa: ANN401 - JSON
    """The schema of an update, without references: FastAPI registers only schemas of bodies that it reads itself."""
    described = TypeAdapter(OrderItemUpdate).json_schema()
    parts = described.pop("$defs", {})

    def whole(value: object) -> object:
        if isinstance(value, list):
            return [whole(item) for item in cast("list[object]", value)]
        if not isinstance(value, dict):
            return value
        known = cast("dict[str, object]", value)
        if "$ref" in known:
            return whole(parts[str(known["$ref"]).rpartition("/")[2]])
        return {key: whole(item) for key, item in known.items()}

    return whole(described)
