"""The order of a booking: how far it has come, its payment, its outcome and its vouchers."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import TypeVar

import attrs

from musement_async.checkout import Checkout, Invoice, SavedVoucher
from musement_async.cli.catalogue import money
from musement_async.cli.dialogue import NoAnswerError, report
from musement_async.cli.errors import CommandError
from musement_async.cli.output import Column, print_json_object, print_table, remark, say
from musement_async.cli.waiting import LINE
from musement_async.errors import CheckoutError
from musement_async.models.orders import Order, OrderItem
from musement_async.resources.polling import OrderPendingError

T = TypeVar("T")

ITEM_COLUMNS = (
    Column[OrderItem](
        "Ticket",
        lambda item: item.product and item.product.price_tag and item.product.price_tag.ticket_holder,
        wraps=True,
    ),
    Column[OrderItem]("Number", lambda item: item.quantity, is_number=True),
    Column[OrderItem]("Price", lambda item: money(item.total_retail_price_in_order_currency), is_number=True),
    Column[OrderItem]("Status", lambda item: item.status),
    Column[OrderItem]("Supplier's number", lambda item: item.transaction_code),
)


class Stage(Enum):
    """The step that a booking has come to."""

    CHOOSING = auto()
    ORDERING = auto()
    PAYING = auto()
    WAITING = auto()


@attrs.define
class Progress:
    """How far a booking has come, for a user who interrupts it.

    Attributes:
        is_local: Whether it ends with the command, because the local Musement does.
        checkout: The checkout; None before there is one.
        stage: The step.
    """

    is_local: bool
    checkout: Checkout | None = None
    stage: Stage = Stage.CHOOSING

    def tell(self) -> str:
        """What has been ordered, and what has not."""
        cart, order = (self.checkout.cart_uuid, self.checkout.order_uuid) if self.checkout else (None, None)
        if self.stage is Stage.CHOOSING:
            is_left = cart is not None and not self.is_local
            return "nothing was ordered" + (f"; cart {cart} was filled, and stays" if is_left else "")
        if order is None and self.is_local:
            return f"if an order was made, {_ENDED}"
        if order is None:
            return (
                f"cart {cart} may have been ordered: keep this UUID, by which client.carts.order_info() finds an order"
            )
        done = f"order {order} was made{_PAID[self.stage]}"
        if self.is_local:
            return f"{done}; {_ENDED}"
        return done if self.stage is Stage.ORDERING else f"{done}: {_HINT}"


_ENDED = "it ended with the local Musement"
_HINT = "keep this UUID, by which client.orders.get() reads the order"
_PAID = {Stage.ORDERING: ", and is not paid", Stage.PAYING: ", and may be paid", Stage.WAITING: " and paid"}


async def carry_out(
    checkout: Checkout,
    progress: Progress,
    timeout: float,  # noqa: ASYNC109 - it ends in an error of its own
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Order, pay, wait for the booking, and show it and its vouchers.

    Raises:
        CommandError: A booking was refused or is not settled in time, or its vouchers cannot be saved.
    """
    order = await _order(checkout, progress, timeout)
    _show(order, as_json=as_json)
    vouchers = await _vouchers(checkout, folder)
    for line in _lines(vouchers, are_gone=progress.is_local and folder is None):
        (report if as_json else say)(line)
    if not order.is_settled:
        raise CommandError(f"order {order.uuid} is not settled after {timeout:g} seconds; it still may be")
    refused = sum(item.failed for item in order.items)
    if refused:
        raise CommandError(f"order {order.uuid}: {refused} of {len(order.items)} bookings were refused")


async def _order(
    checkout: Checkout,
    progress: Progress,
    timeout: float,  # noqa: ASYNC109 - it ends in an error of its own
) -> Order:
    async def pay() -> None:
        await checkout.pay(Invoice())
        progress.stage = Stage.WAITING

    progress.stage = Stage.ORDERING
    ordered = await _to_its_end(partial(checkout.order, payment=Invoice()))
    report(f"Ordered: {ordered.identifier}, {checkout.order_uuid}")
    progress.stage = Stage.PAYING
    await _to_its_end(pay)
    report("Paid. Waiting for the booking …")
    with LINE.saying(lambda: "waiting for the booking"):
        return await _wait(checkout, timeout)


async def _to_its_end(step: Callable[[], Awaitable[T]]) -> T:
    """Do a step that must not stay half done: after Ctrl-C its answer is waited for, so that it can be told."""
    try:
        return await step()
    except asyncio.CancelledError:
        remark("interrupted: waiting for the answer to what was sent; Ctrl-C again ends at once")
        await step()
        raise


async def _wait(checkout: Checkout, timeout: float) -> Order:  # noqa: ASYNC109 - it ends in an error of its own
    try:
        return await checkout.wait(timeout=timeout)
    except CheckoutError as stop:
        if isinstance(stop.cause, OrderPendingError):
            return stop.cause.order
        raise


async def _vouchers(checkout: Checkout, folder: Path | None) -> tuple[SavedVoucher, ...]:
    try:
        return await checkout.vouchers(folder)
    except OSError as problem:
        raise CommandError(f"order {checkout.order_uuid}: its vouchers cannot be saved: {problem}") from problem


def _show(order: Order, *, as_json: bool) -> None:
    if as_json:
        print_json_object(order)
        return
    say(f"Order {order.identifier}: {order.status}, {'paid' if order.is_paid else 'not paid'}", style="bold")
    say(f"UUID: {order.uuid}")
    print_table(order.items, ITEM_COLUMNS)


def _lines(vouchers: Sequence[SavedVoucher], *, are_gone: bool) -> list[str]:
    if are_gone and vouchers:
        return [f"Vouchers: {len(vouchers)}, which ended with the local Musement; --vouchers FOLDER saves them"]
    return [f"Voucher: {voucher.path or voucher.url}" for voucher in vouchers]


@contextmanager
def told_if_interrupted(progress: Progress) -> Generator[None]:
    """Tell what has been ordered, and what has not, if the user ends the block."""
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError, NoAnswerError):
        remark(progress.tell())
        raise
