"""A checkout that is cancelled anywhere orders once at most, and can be taken up again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from musement_async import Checkout, Invoice, MusementClient
from musement_async.checkout.results import Polling
from musement_async.testing import LocalMusement

LONGEST = 120
AT_ONCE: Polling = {"initial_backoff": 0.0, "max_backoff": 0.0}


@pytest.fixture
def prepared(
    client: MusementClient, find_offer: Callable[..., Awaitable[Any]], fill: Callable[..., Awaitable[Any]]
) -> Callable[[], Awaitable[Callable[[Checkout], Awaitable[object]]]]:
    """Makes what books one ticket, from the first step to the last, on whichever checkout it is given."""

    async def prepare() -> Callable[[Checkout], Awaitable[object]]:
        offer = await find_offer(client, "open date")

        async def book(checkout: Checkout) -> object:
            if await checkout.find_order() is None if checkout.cart_uuid else True:
                await offer.put_into(checkout)
                return await checkout.run(**await fill(checkout), payment=Invoice(), polling=AT_ONCE)
            return await checkout.run(payment=Invoice(), polling=AT_ONCE)

        return book

    return prepare


async def after_some_turns(turns: int) -> None:
    for _ in range(turns):
        await anyio.lowlevel.checkpoint()


async def cut_by_a_scope(work: Awaitable[object], turns: int) -> bool:
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:

            async def cut() -> None:
                await after_some_turns(turns)
                scope.cancel()

            tasks.start_soon(cut)
            await work
            tasks.cancel_scope.cancel()
    return scope.cancelled_caught


async def cut_by_the_task(work: Awaitable[object], turns: int) -> bool:
    task = asyncio.ensure_future(work)
    await after_some_turns(turns)
    if task.done():
        await task
        return False
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return True
    return False


async def check(
    client: MusementClient,
    local: LocalMusement,
    wire: Any,
    book: Callable[[Checkout], Awaitable[object]],
    cut: Callable[[Awaitable[object], int], Awaitable[bool]],
    *,
    times: int,
) -> None:
    dice = random.Random(2026)
    cuts = booked = 0
    while cuts < times:
        checkout = client.checkout()
        for turns in [dice.randrange(LONGEST) for _ in range(dice.randrange(1, 4))]:
            cuts += await cut(book(checkout), turns)
        # In another process there would be nothing but the cart's uuid.
        resumed = client.checkout(checkout.cart_uuid) if dice.random() < 0.5 and checkout.cart_uuid else checkout
        await book(resumed)
        booked += 1
        assert len(set(local.orders)) == booked
        assert (await resumed.wait()).is_paid
        # Not even sent twice: a server that is slow might do what a caller who is gone had asked for.
        assert wire.sent["POST /orders"] == booked
        assert wire.sent["POST /payments/no/payment"] == booked


@pytest.mark.asyncio
@pytest.mark.parametrize("times", [24, pytest.param(200, marks=pytest.mark.stress)])
async def test_on_asyncio_a_cancelled_task_orders_once(
    client: MusementClient, local: LocalMusement, wire: Any, prepared: Any, times: int
) -> None:
    await check(client, local, wire, await prepared(), cut_by_the_task, times=times)


@pytest.mark.anyio
@pytest.mark.parametrize("times", [24, pytest.param(200, marks=pytest.mark.stress)])
async def test_a_cancelled_scope_orders_once(
    client: MusementClient, local: LocalMusement, wire: Any, prepared: Any, times: int
) -> None:
    await check(client, local, wire, await prepared(), cut_by_a_scope, times=times)
