"""A process that books: ``python tests/checkout/buyer.py OPTIONS``, its options as JSON.

For each line of JSON that it reads it goes on with a cart until that is booked, and writes how that ended as a line of
JSON. It knows nothing of the cart but what the line says.
"""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

# At the end, so that the installed library is tested and not the checkout's.
sys.path.append(str(Path(__file__).parents[2]))

from musement_async import (
    CheckoutError,
    ClientCredentials,
    FileTokenStore,
    Invoice,
    Money,
    MusementClient,
    MusementError,
    PriceChangedError,
    TokenStore,
)
from musement_async.checkout import purchase

purchase.LOOKS = (0.0, 0.05, 0.1, 0.2)  # seconds: this server is near


async def open_store(options: dict[str, Any], stack: AsyncExitStack) -> TokenStore:
    """The store that the processes share."""
    if "directory" in options:
        return FileTokenStore(options["directory"])
    from musement_async.stores.redis import RedisTokenStore

    store = RedisTokenStore(options["redis"], prefix=options["prefix"], lease=options["lease"], timeout=20)
    return await stack.enter_async_context(store)


def say(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def written(total: Money | None) -> list[str] | None:
    """A total as JSON has it."""
    return None if total is None else [str(total.amount), total.currency]


async def book(client: MusementClient, task: dict[str, Any]) -> dict[str, Any]:
    """Do what is left to do for a cart."""
    checkout = client.checkout(task["cart_uuid"])
    amount, currency = task["agreed"]
    try:
        booking = await checkout.run(
            customer=task["customer"],
            payment=Invoice(),
            expected_total=Money(Decimal(amount), currency),
            polling={"timeout": 100, "initial_backoff": 0.01},
        )
    except PriceChangedError as changed:
        return {"changed": written(changed.actual), "order": str(changed.order_uuid) if changed.order_uuid else None}
    except CheckoutError as error:
        return {"failed": f"{error.step}: {error.cause!r}", "cause": type(error.cause).__name__}
    except MusementError as error:
        return {"failed": repr(error), "cause": type(error).__name__}
    price = booking.order.total_price
    assert price is not None
    return {"booked": str(booking.order.uuid), "total": [str(price.value), price.currency]}


async def work(options: dict[str, Any]) -> None:
    """Book until there are no more lines."""
    async with AsyncExitStack() as stack:
        client = MusementClient(
            ClientCredentials(*options["credentials"]),
            token_store=await open_store(options, stack),
            base_url=options["base_url"],
            application=options["application"],
            currency="EUR",
        )
        await stack.enter_async_context(client)
        say("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            say(json.dumps(await book(client, json.loads(line))))


if __name__ == "__main__":
    asyncio.run(work(json.loads(sys.argv[1])))
