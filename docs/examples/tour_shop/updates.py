"""News: order items, of which Musement tells by webhook, and the catalogue, whose record of changes is read."""

import asyncio
import logging

from starlette.requests import Request

from musement_async import MusementClient, MusementError
from musement_async.models import OrderItemUpdate

from .memory import get_memory

# Seconds for which the shop may show what has changed in the catalogue as it was.
FOLLOW_EVERY = 600.0

_log = logging.getLogger(__name__)


async def follow_catalogue(client: MusementClient) -> None:
    """Forget kept answers about activities that have changed, again and again."""
    while True:
        try:
            await client.cache.follow(client.catalog)
        except MusementError as error:
            _log.warning("the record of changes could not be read: %s", error)
        await asyncio.sleep(FOLLOW_EVERY)


async def keep_update(update: OrderItemUpdate, request: Request) -> None:
    """Keep the new status of an order's item.

    The router has made sure that it is news, and sends Musement away only when this is done. A shop with mails to send
    puts the update into a queue here.
    """
    memory = await get_memory(request)
    memory.statuses[update.order_item_uuid] = update.order_item_status.value
