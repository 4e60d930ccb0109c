"""``musement book``."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import httpx
from cyclopts import Parameter, validators

from musement_async.checkout import Checkout, Invoice, SavedVoucher
from musement_async.cli.catalogue import money
from musement_async.cli.choosing import BookingOptions, Chooser, Selection
from musement_async.cli.detail import span
from musement_async.cli.dialogue import BackError, Dialogue, report
from musement_async.cli.errors import CommandError
from musement_async.cli.form_filling import Answers, fill, read_answers
from musement_async.cli.output import Column, print_json_object, print_table, remark, say, shown
from musement_async.cli.target import Target
from musement_async.cli.waiting import LINE
from musement_async.client import MusementClient
from musement_async.defaults import SANDBOX
from musement_async.errors import ArgumentError, CheckoutError
from musement_async.models.carts import Cart, CartItem
from musement_async.models.orders import Order, OrderItem
from musement_async.models.refund_policies import RefundPolicy
from musement_async.resources.polling import OrderPendingError
from musement_async.transports.setup import is_loopback

T = TypeVar("T")

_EVERYWHERE = Target()
_NO_OPTIONS = BookingOptions()

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


async def book(
    uuid: Annotated[str, Parameter(help="The activity, as musement activities shows it.")],
    /,
    *,
    options: BookingOptions = _NO_OPTIONS,
    answers: Annotated[Path | None, Parameter(help="A JSON file with what the forms ask for.")] = None,
    yes: Annotated[bool, Parameter(show_default=False, help="Ask nothing, and order.")] = False,
    timeout: Annotated[  # noqa: ASYNC109 - it ends in an error of its own
        float, Parameter(help="Seconds to wait for the booking.", validator=validators.Number(gte=0, lte=30 * 86400))
    ] = 150,
    vouchers: Annotated[
        Path | None, Parameter(help="A folder to save the vouchers in.", validator=validators.Path(file_okay=False))
    ] = None,
    target: Target = _EVERYWHERE,
) -> None:
    """Book an activity in the sandbox or at a local Musement."""
    dialogue = Dialogue(asks=not yes)
    known = await read_answers(answers)
    async with target.client() as client:
        _refuse_production(client.http.base_url)
        with _said_if_interrupted(lambda: "nothing was ordered"):
            checkout = await _agree(client, uuid, options, known, dialogue)
        if checkout is None:
            report("Nothing was ordered.")
            return
        with _said_if_interrupted(lambda: _whereabouts(checkout)):
            await _order(checkout, timeout, vouchers, as_json=target.json)


def _refuse_production(base_url: httpx.URL) -> None:
    if base_url.host != httpx.URL(SANDBOX).host and not is_loopback(base_url.host):
        place = str(base_url).rstrip("/")
        raise ArgumentError("--sandbox", f"or --local is needed: this command orders nothing at {place}")


async def _agree(
    client: MusementClient, uuid: str, options: BookingOptions, known: Answers, dialogue: Dialogue
) -> Checkout | None:
    """Do all that comes before the order; None if the order is not wanted."""
    activity = await client.activities.get(uuid)
    dialogue.tell(shown(activity.title), style="bold")
    chooser = Chooser(client, activity, options, dialogue)
    while True:
        selection, checkout = await chooser.choose(), client.checkout()
        try:
            return checkout if await _prepare(client, checkout, selection, known, dialogue) else None
        except BackError:
            chooser.go_back()


async def _prepare(
    client: MusementClient, checkout: Checkout, selection: Selection, known: Answers, dialogue: Dialogue
) -> bool:
    """Fill a cart, and ask whether its order is wanted."""
    pickup = selection.pickup
    items = [
        await checkout.add(
            ticket.product,
            ticket.quantity,
            slot=selection.slot,
            language=selection.language.code if selection.language else None,
            pickup=pickup.uuid if pickup else None,
        )
        for ticket in selection.tickets
    ]
    await _fill_in(checkout, selection, items, known, dialogue)
    policies = await client.activities.refund_policies(selection.activity.uuid)
    for label, value in _summary(selection, await checkout.cart(), policies):
        report(f"  {label:<14}{shown(value)}")
    return not dialogue.asks or dialogue.agree("--yes", "Order this?")


async def _fill_in(
    checkout: Checkout, selection: Selection, items: Sequence[CartItem], known: Answers, dialogue: Dialogue
) -> None:
    forms = await checkout.forms()
    if forms.customer is not None:
        dialogue.tell("Who books?", style="bold")
        known.customer = fill(forms.customer, known.customer, name="customer", dialogue=dialogue)
        await checkout.set_customer(known.customer)
    taking_part = list(known.participants)
    for ticket, item in zip(selection.tickets, items, strict=True):
        mine, taking_part = taking_part[: ticket.quantity], taking_part[ticket.quantity :]
        form = forms.participants.get(item.uuid)
        if form is not None:
            if not dialogue.asks and len(mine) < ticket.quantity:
                raise ArgumentError("--answers", f"must tell of all participants: {ticket}, of {len(mine)} it does")
            dialogue.tell(f"Who takes part? {ticket}", style="bold")
            name = f"participants, {ticket.product.name}"
            await checkout.set_participants(item.uuid, fill(form, mine, name=name, dialogue=dialogue))


def _summary(selection: Selection, cart: Cart, policies: Iterable[RefundPolicy]) -> list[tuple[str, str]]:
    customer = cart.customer
    names = (customer.firstname, customer.lastname, customer.email) if customer else ()
    said: dict[str, str | None] = {
        "What": selection.activity.title,
        "Option": selection.group.name,
        "When": selection.when,
        "Language": selection.spoken,
        "Pickup": selection.pickup.name if selection.pickup else None,
        "Tickets": ", ".join(map(str, selection.tickets)),
        "Price": money(cart.customer_price),
        "Who": " ".join(name for name in names if name),
        "Cancellation": "; ".join(map(_policy, policies)) or "not possible",
    }
    return [(label, value) for label, value in said.items() if value]


def _policy(policy: RefundPolicy) -> str:
    amount = f"{policy.value} {policy.currency_code or '%'} back"
    if policy.notice is None:
        return amount
    return f"{amount} up to {f'{span(policy.notice)} before the start' if policy.notice else 'the start'}"


async def _order(
    checkout: Checkout,
    timeout: float,  # noqa: ASYNC109 - it ends in an error of its own
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    ordered = await _to_its_end(partial(checkout.order, payment=Invoice()))
    report(f"Ordered: {ordered.identifier}, {checkout.order_uuid}")
    await _to_its_end(partial(checkout.pay, Invoice()))
    report("Paid. Waiting for the booking …")
    with LINE.saying(lambda: "waiting for the booking"):
        order = await _wait(checkout, timeout)
    _show(order, as_json=as_json)
    for voucher in await _vouchers(checkout, folder):
        (report if as_json else say)(f"Voucher: {voucher.path or voucher.url}")
    if not order.is_settled:
        raise CommandError(f"order {order.uuid} is not settled after {timeout:g} seconds; it still may be")
    refused = sum(item.failed for item in order.items)
    if refused:
        raise CommandError(f"order {order.uuid}: {refused} of {len(order.items)} bookings were refused")


async def _to_its_end(step: Callable[[], Awaitable[T]]) -> T:
    """Do a step that must not stay half done: after Ctrl-C its answer is waited for, so that it can be told."""
    try:
        return await step()
    except asyncio.CancelledError:
        remark("interrupted: waiting for the answer to what was sent; Ctrl-C once more does not")
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


@contextmanager
def _said_if_interrupted(what: Callable[[], str]) -> Generator[None]:
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError):
        remark(what())
        raise


def _whereabouts(checkout: Checkout) -> str:
    if checkout.order_uuid is None:
        return f"cart {checkout.cart_uuid} may have been ordered: client.checkout(cart_uuid).find_order() tells"
    return f"order {checkout.order_uuid} was made, and stays"
