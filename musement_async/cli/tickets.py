"""The choice of tickets: how many of which, and what they cost so far."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

import attrs

from musement_async.cli.catalogue import money
from musement_async.cli.dialogue import BackError, Dialogue, WrongAnswerError
from musement_async.cli.errors import CommandError
from musement_async.errors import ArgumentError
from musement_async.models.dates import ScheduleProduct, ScheduleSlot
from musement_async.models.products import Quantities


@attrs.frozen
class ChosenTicket:
    """A product and its quantity."""

    product: ScheduleProduct
    quantity: int

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product.name}"


def choose_tickets(slot: ScheduleSlot, given: Sequence[str], dialogue: Dialogue) -> list[ChosenTicket]:
    """The tickets that were said beforehand, or by questions.

    Raises:
        ArgumentError: So many of a ticket cannot be had, or nobody answers.
        CommandError: A ticket is sold out.
        BackError: The answer to the first question is ``<``.
    """
    if given:
        # of two quantities for one product, the last one counts
        tickets = {ticket.product.product_id: ticket for ticket in (_ticket(slot.products, text) for text in given)}
        problem = _problem(slot, tickets.values())
        if problem:
            raise ArgumentError("--quantity", problem)
        return [*tickets.values()]
    while True:
        chosen = _ask_tickets([product for product in slot.products if product.is_open], dialogue)
        problem = _problem(slot, chosen)
        if not problem:
            return chosen
        dialogue.tell(problem, style="red")


def _ask_tickets(products: Sequence[ScheduleProduct], dialogue: Dialogue) -> list[ChosenTicket]:
    tickets: list[ChosenTicket] = []
    while len(tickets) < len(products):
        product = products[len(tickets)]
        try:
            tickets.append(ChosenTicket(product, _ask_quantity(product, dialogue)))
        except BackError:
            if not tickets:
                raise
            tickets.pop()
        total = total_of(tickets)
        if total:
            dialogue.tell(f"Total so far: {total}", style="dim")
    return [ticket for ticket in tickets if ticket.quantity]


def total_of(tickets: Iterable[ChosenTicket]) -> str:
    """What some tickets cost; nothing where that is not known."""
    prices = [(ticket.product.customer_price, ticket.quantity) for ticket in tickets if ticket.quantity]
    currencies = {price.currency if price and price.value is not None else None for price, _ in prices}
    if len(currencies) != 1 or None in currencies:
        return ""
    total = sum((price.value * quantity for price, quantity in prices if price and price.value), Decimal(0))
    return f"{total:,.2f} {currencies.pop()}"


def _ask_quantity(product: ScheduleProduct, dialogue: Dialogue) -> int:
    age = f", {product.age_range}" if product.age_range else ""
    question = f"How many {product.name}{age} at {money(product.customer_price)} each, {span_from_0(product)}?"

    def read(text: str) -> int:
        quantity = _number(text)
        if quantity and not product.accepts(quantity):
            raise WrongAnswerError(f"must be {span_from_0(product)}")
        return quantity

    return dialogue.ask("--quantity", question, read, default="0")


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise WrongAnswerError("must be a whole number")
    return int(text)


def _ticket(products: Sequence[ScheduleProduct], text: str) -> ChosenTicket:
    """A ticket as ``--quantity`` has it: a number of the preselected one, or a number and which one."""
    holder, _, number = text.rpartition("=")
    try:
        product = _find(products, holder)
        quantity = _number(number)
    except WrongAnswerError as wrong:
        raise ArgumentError("--quantity", f"{text}: {wrong}") from wrong
    if not product.is_open:
        raise CommandError(f"--quantity {text}: {product.name} is sold out")
    if not product.accepts(quantity):
        raise ArgumentError("--quantity", f"{text}: must be {span(product)}")
    return ChosenTicket(product, quantity)


def _find(products: Sequence[ScheduleProduct], holder: str) -> ScheduleProduct:
    if not holder:
        candidates = [product for product in products if product.is_open]
        return next((product for product in candidates if product.default), candidates[0])
    for product in products:
        names = (product.holder_code, product.holder_code_normalized, product.name)
        if holder.casefold() in {(name or "").casefold() for name in names}:
            return product
    known = ", ".join(product.holder_code or product.name or "" for product in products)
    raise WrongAnswerError(f"must be one of {known}")


def _problem(slot: ScheduleSlot, tickets: Iterable[ChosenTicket]) -> str:
    total = sum(ticket.quantity for ticket in tickets)
    return "" if slot.accepts(total) else f"must be {span(slot)} over all tickets, not {total}"


def span(limits: Quantities) -> str:
    """The number that can be booked."""
    if limits.cap is None:
        return f"{limits.least} or more"
    return f"{limits.least} to {limits.cap}" if limits.cap > limits.least else f"{limits.least}"


def span_from_0(limits: Quantities) -> str:
    """The same with 0."""
    if limits.least > 1:
        return f"0, or {span(limits)}"
    if limits.cap is None:
        return "0 or more"
    return f"0 to {limits.cap}" if limits.cap > 1 else "0 or 1"
