"""A lease on a cart: one process at a time orders it or pays for it."""

import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from musement_async.auth import TokenStore
from musement_async.errors import TokenStoreError

_log = logging.getLogger("musement_async.checkout")


@asynccontextmanager
async def cart_lease(store: TokenStore | None, cart_uuid: UUID) -> AsyncGenerator[None]:
    """Wait until no other process has the lease on a cart, and have it inside the block.

    It is the token store's lock under a key of the cart, so it ends with its holder, however that ends. Without a store
    there is nothing that processes share, and no lease.

    Raises:
        TokenStoreError: The store failed before the block began.
    """
    held = AsyncExitStack()
    if store is not None:
        try:
            await held.enter_async_context(store.exclusive(f"cart-{cart_uuid}"))
        except TokenStoreError:
            raise
        except Exception as error:
            raise TokenStoreError(f"the cart could not be leased: {type(error).__name__}") from error
    try:
        yield
    finally:
        try:
            await held.aclose()
        except Exception as error:  # noqa: BLE001 - what was done inside is done
            _log.warning("the lease on cart %s could not be given back: %s", cart_uuid, type(error).__name__)
