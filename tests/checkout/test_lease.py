"""Two processes with one cart: one orders and pays, the other waits and finds it done."""

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import pytest

from musement_async import (
    Checkout,
    CheckoutError,
    FileTokenStore,
    Invoice,
    LockedError,
    MemoryTokenStore,
    MusementClient,
    TokenStoreError,
)
from musement_async.auth import TokenStore
from musement_async.stores.redis import RedisTokenStore
from musement_async.testing import LocalMusement

ORDER, PAY = "POST /orders", "POST /payments/no/payment"
Ready = Callable[[], Awaitable[Checkout]]


class Watched(MemoryTokenStore):
    """A store that tells of everybody who asks for the lease on a cart, and that may fail."""

    def __init__(self, inner: TokenStore) -> None:
        super().__init__()
        self.inner = inner
        self.asked: list[str] = []
        self.first, self.second = anyio.Event(), anyio.Event()
        self.failing: Exception | None = None
        self.failing_at_the_end: Exception | None = None

    @asynccontextmanager
    async def exclusive(self, key: str) -> AsyncGenerator[None]:
        if key.startswith("cart-"):
            self.asked.append(key)
            self.first.set()
            if len(self.asked) == 2:
                self.second.set()
            if self.failing is not None:
                raise self.failing
        async with self.inner.exclusive(key):
            yield
        if key.startswith("cart-") and self.failing_at_the_end is not None:
            raise self.failing_at_the_end


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Watched:
    return Watched(MemoryTokenStore() if request.param == "memory" else FileTokenStore(tmp_path))


@pytest.mark.anyio
@pytest.mark.parametrize("held", [ORDER, PAY])
async def test_of_two_processes_one_orders_and_pays(
    ready: Ready, local: LocalMusement, wire: Any, store: Watched, held: str
) -> None:
    cart_uuid = (await ready()).cart_uuid
    processes = [local.client(transport=wire, token_store=store) for _ in range(2)]

    async def book(place: int) -> None:
        booking = await processes[place].checkout(cart_uuid).run(payment=Invoice(), polling={"initial_backoff": 0.001})
        assert booking.order.is_paid

    async with anyio.create_task_group() as tasks:
        with wire.hold(held) as arrived:
            tasks.start_soon(book, 0)
            await arrived.wait()
            store.asked, store.second = store.asked[-1:], anyio.Event()
            tasks.start_soon(book, 1)
            await store.second.wait()
    assert (wire.sent[ORDER], wire.sent[PAY]) == (1, 1)
    assert set(store.asked) == {f"cart-{cart_uuid}"}


@pytest.mark.asyncio  # redis-py knows no other
@pytest.mark.parametrize("held", [ORDER, PAY])
async def test_of_two_processes_with_one_redis_one_orders_and_pays(
    ready: Ready, local: LocalMusement, wire: Any, redis_url: str, held: str
) -> None:
    cart_uuid = (await ready()).cart_uuid
    prefix = f"test-{secrets.token_hex(8)}:"
    async with RedisTokenStore(redis_url, prefix=prefix) as one, RedisTokenStore(redis_url, prefix=prefix) as two:
        other = Watched(two)
        checkouts = [local.client(transport=wire, token_store=store).checkout(cart_uuid) for store in (one, other)]
        book = [partial(checkout.run, payment=Invoice(), polling={"initial_backoff": 0.001}) for checkout in checkouts]
        async with anyio.create_task_group() as tasks:
            with wire.hold(held) as arrived:
                tasks.start_soon(book[0])
                await arrived.wait()
                tasks.start_soon(book[1])
                await other.first.wait()
    assert (wire.sent[ORDER], wire.sent[PAY]) == (1, 1)
    assert checkouts[0].order_uuid == checkouts[1].order_uuid == UUID(local.orders[0])


@pytest.mark.anyio
async def test_who_made_the_cart_looks_as_well_once_it_is_shared(
    local: LocalMusement, wire: Any, store: Watched, find_offer: Any, fill: Any
) -> None:
    mine, other = [local.client(transport=wire, token_store=store) for _ in range(2)]
    checkout = mine.checkout()
    await (await find_offer(mine)).put_into(checkout)
    await checkout.set_customer((await fill(checkout))["customer"])
    order = await other.checkout(checkout.cart_uuid).order()
    assert (await checkout.order()).uuid == order.uuid
    assert wire.sent[ORDER] == 1


@pytest.mark.anyio
async def test_who_fills_in_a_cart_while_another_process_orders_it_finds_the_order(
    client: MusementClient, local: LocalMusement, wire: Any, find_offer: Any, fill: Any
) -> None:
    checkout = client.checkout()
    await (await find_offer(client)).put_into(checkout)
    customer = (await fill(checkout))["customer"]
    await checkout.set_customer(customer)
    other = local.client(transport=wire).checkout(checkout.cart_uuid)
    async with anyio.create_task_group() as tasks:
        with wire.hold(f"PUT /carts/{checkout.cart_uuid}/customer") as arrived:
            tasks.start_soon(partial(other.run, customer=customer, payment=Invoice(), polling={"initial_backoff": 0}))
            await arrived.wait()
            await checkout.order()
    assert other.order_uuid == checkout.order_uuid
    assert wire.sent[PAY] == 1


@pytest.mark.anyio
async def test_a_cart_that_is_locked_without_an_order_is_an_error(
    ready: Ready, local: LocalMusement, fill: Any
) -> None:
    checkout = await ready()
    customer = (await fill(checkout))["customer"]
    local.fail_next(1, status=423, path="/carts/{cartUuid}/customer")
    with pytest.raises(CheckoutError) as raised:
        await local.client().checkout(checkout.cart_uuid).run(customer=customer, payment=Invoice())
    assert isinstance(raised.value.cause, LockedError)


@pytest.mark.anyio
@pytest.mark.parametrize("failure", [TokenStoreError("the disk is full"), OSError("the disk is full")], ids=repr)
async def test_without_the_lease_nothing_is_sent(
    ready: Ready, local: LocalMusement, wire: Any, failure: Exception
) -> None:
    store = Watched(MemoryTokenStore())
    store.failing = failure
    checkout = local.client(transport=wire, token_store=store).checkout((await ready()).cart_uuid)
    with pytest.raises(CheckoutError) as raised:
        await checkout.order()
    assert isinstance(raised.value.cause, TokenStoreError)
    assert wire.sent[ORDER] == 0


@pytest.mark.anyio
async def test_a_lease_that_cannot_be_given_back_takes_nothing_away(
    ready: Ready, local: LocalMusement, caplog: pytest.LogCaptureFixture
) -> None:
    store = Watched(MemoryTokenStore())
    store.failing_at_the_end = OSError("gone")
    checkout = local.client(token_store=store).checkout((await ready()).cart_uuid)
    assert (await checkout.order()).uuid == UUID(local.orders[0])
    assert "could not be given back: OSError" in caplog.text
