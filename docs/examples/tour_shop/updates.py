"""Updates that Musement sends by webhook."""

from starlette.requests import Request

from musement_async.models import OrderItemUpdate

from .memory import get_memory


async def keep_update(update: OrderItemUpdate, request: Request) -> None:
    """Keep the new status of an order's item.

    The router has made sure that it is news, and sends Musement away only when this is done. A shop with mails to send
    puts the update into a queue here.
    """
    memory = await get_memory(request)
    memory.statuses[update.order_item_uuid] = update.order_item_status.value
