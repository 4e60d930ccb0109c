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
from musement_async.models.prices import Price
from musement_async.models.products import Quantities


@attrs.frozen
class ChosenTicket:
    """A product and its quantity."""

    product: ScheduleProduct
    quantity: int

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product.name}"


def choose_tickets(
    slot: ScheduleSlot, given: Sequence[str], dialogue: Dialogue, *, from_last: bool = False
) -> list[ChosenTicket]:
    """The tickets that were said beforehand, or by questions.

    Args:
        slot: What they are for.
        given: What was said beforehand.
        dialogue: Asks the questions. Earlier answers are preselected.
        from_last: Whether to begin with the last question; those before it have been answered.

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
        chosen = _ask_tickets(slot, dialogue, from_last=from_last)
        problem = _problem(slot, chosen)
        if not problem:
            return chosen
        dialogue.tell(problem, style="red")
        for product in slot.products:
            dialogue.earlier.pop(_key(product), None)
        from_last = False


def _key(product: ScheduleProduct) -> str:
    """The name of a ticket's answer; the same ticket of another day has the same."""
    return f"--quantity {product.holder_code} {product.name}"


def _ask_tickets(slot: ScheduleSlot, dialogue: Dialogue, *, from_last: bool) -> list[ChosenTicket]:
    products = [product for product in slot.products if product.is_open]
    usual, earlier = _usual(products), dialogue.earlier
    known = products[:-1] if from_last else []
    tickets = [ChosenTicket(product, int(earlier[_key(product)])) for product in known]
    while len(tickets) < len(products):
        product = products[len(tickets)]
        try:
            others = sum(ticket.quantity for ticket in tickets)
            default = earlier.get(_key(product), str(_least(slot, product) if product is usual else 0))
            quantity = _ask_quantity(slot, product, others, default, dialogue)
            earlier[_key(product)] = str(quantity)
            tickets.append(ChosenTicket(product, quantity))
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
    total, like = Decimal(0), None
    for ticket in tickets:
        price = ticket.product.customer_price
        if not ticket.quantity:
            continue
        if price is None or price.value is None or (like is not None and price.currency != like.currency):
            return ""
        total += price.value * ticket.quantity
        like = like or price
    return "" if like is None else amount_like(like, total)


def amount_like(price: Price, value: Decimal) -> str:
    """Another amount of the same currency, as the API writes this one."""
    written = price.formatted_value or ""
    number = re.search(r"\d[\d,]*(?:\.(\d+))?", written)
    if number is None or Decimal(number[0].replace(",", "")) != price.value:
        return f"{value} {price.currency}"
    form = f"{',' if ',' in number[0] else ''}.{len(number[1] or '')}f"
    return f"{written[: number.start()]}{value:{form}}{written[number.end() :]}"


def _usual(products: Sequence[ScheduleProduct]) -> ScheduleProduct:
    return next((product for product in products if product.default), products[0])


def _least(slot: ScheduleSlot, product: ScheduleProduct) -> int:
    """The fewest tickets of a product that make an order."""
    least = max(slot.least, product.least)
    return least if product.cap is None else min(least, product.cap)


def _ask_quantity(slot: ScheduleSlot, product: ScheduleProduct, others: int, default: str, dialogue: Dialogue) -> int:
    age = f" (ages {product.age_range})" if product.age_range else ""
    price = money(product.customer_price)
    question = f"{product.name}{age}{f', {price} each' if price else ''}: how many, {span_from_0(product)}?"

    def read(text: str) -> int:
        quantity = _number(text)
        if quantity and not product.accepts(quantity):
            raise WrongAnswerError(f"must be {span_from_0(product)}")
        if quantity and slot.cap is not None and others + quantity > slot.cap:
            raise WrongAnswerError(f"must be {slot.cap} at most over all tickets, not {others + quantity}")
        return quantity

    return dialogue.ask("--quantity", question, read, default=default)


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
        return _usual([product for product in products if product.is_open])
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
