"""The choice of what to book: a day, an option, a time, a language, a pickup point, tickets."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import attrs
from cyclopts import Parameter

from musement_async.cli.availability import DATE_COLUMNS
from musement_async.cli.catalogue import money
from musement_async.cli.dialogue import Dialogue, WrongAnswerError
from musement_async.cli.errors import CommandError
from musement_async.client import MusementClient
from musement_async.errors import ArgumentError
from musement_async.models.activities import Activity
from musement_async.models.dates import ScheduleGroup, ScheduleProduct, ScheduleSlot
from musement_async.models.pickups import Pickup
from musement_async.models.products import Quantities

_SHOWN_DAYS = 10


@attrs.frozen
class ChosenTicket:
    """A product and its quantity."""

    product: ScheduleProduct
    quantity: int

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product.name}"


@attrs.frozen
class Selection:
    """The chosen things to book."""

    activity: Activity
    pickup: Pickup | None
    day: date
    group: ScheduleGroup
    slot: ScheduleSlot
    language: str | None
    tickets: Sequence[ChosenTicket]

    @property
    def when(self) -> str:
        """The day, and the time where it means something."""
        if self.activity.open:
            return "any day: the ticket is for no particular date"
        time = f", {self.slot.time:%H:%M}" if self.group.has_times and self.slot.time else ""
        return f"{self.day:%A, %d %B %Y}{time}"


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class BookingOptions:
    """The options of the command that say what to book."""

    day: Annotated[date | None, Parameter(help="Such as 2026-12-01.")] = None
    option: Annotated[str | None, Parameter(help="Which variant of the activity, by its name or code.")] = None
    time: Annotated[str | None, Parameter(help="When it begins, such as 09:30.")] = None
    spoken: Annotated[str | None, Parameter(help="The language that is spoken there, by its code.")] = None
    pickup: Annotated[str | None, Parameter(help="The UUID of a pickup point, where the activity has some.")] = None
    quantity: Annotated[
        tuple[str, ...],
        Parameter(show_default=False, help="How many: 2, or by ticket, ADULT=2; may be repeated."),
    ] = ()


async def choose(client: MusementClient, activity: Activity, options: BookingOptions, dialogue: Dialogue) -> Selection:
    """Choose what to book, from the options and by questions.

    Raises:
        ArgumentError: An option is not available, or something is missing and nobody answers.
        CommandError: Nothing can be booked.
    """
    uuid = activity.uuid
    pickup = await _pickup(client, activity, options, dialogue)
    point = None if pickup is None else pickup.uuid
    day = options.day or await _day(client, activity, point, dialogue)
    schedule = await client.dates.get(uuid, day, pickup=point)
    groups = {_code(group): group for group in _preselected(schedule.groups) if _open_slots(group)}
    if not groups:
        raise ArgumentError("--day", f"must be another one: nothing can be booked on {day}")
    group = dialogue.pick("--option", "Which option?", groups, given=options.option, label=_name)
    slot = _slot(activity, group, options, dialogue)
    return Selection(
        activity,
        pickup,
        day,
        group,
        slot,
        _language(slot, options, dialogue),
        _tickets(slot, options.quantity, dialogue),
    )


async def _pickup(
    client: MusementClient, activity: Activity, options: BookingOptions, dialogue: Dialogue
) -> Pickup | None:
    if not activity.needs_pickup and options.pickup is None:
        return None
    points = {str(point.uuid): point for point in await client.activities.pickups(activity.uuid)}
    if not points:
        raise ArgumentError("--pickup", "is for activities with pickup points; this one tells none")
    return dialogue.pick(
        "--pickup", "Which pickup point?", points, given=options.pickup, label=lambda point: point.name or ""
    )


async def _day(client: MusementClient, activity: Activity, pickup: UUID | None, dialogue: Dialogue) -> date:
    found = await client.dates.list(activity.uuid, pickup=pickup)
    days = {day.day: day for day in found if day.day is not None and not day.sold_out}
    if not days:
        raise CommandError("all days are sold out")
    first = next(iter(days))
    if activity.open:
        return first

    def read(text: str) -> date:
        try:
            wanted = date.fromisoformat(text)
        except ValueError:
            raise WrongAnswerError("must be a day, YYYY-MM-DD") from None
        if wanted not in days:
            raise WrongAnswerError("nothing can be booked on that day")
        return wanted

    for day in list(days.values())[:_SHOWN_DAYS]:
        dialogue.tell("  ".join(column.text(day) for column in DATE_COLUMNS[:2]))
    dialogue.tell(f"{len(days)} days in all, the last is {[*days][-1]}.", style="dim")
    return dialogue.ask("--day", "Which day?", read, default=str(first))


def _preselected(groups: Iterable[ScheduleGroup]) -> Iterable[ScheduleGroup]:
    return sorted(groups, key=lambda group: not group.default)


def _open_slots(group: ScheduleGroup) -> list[ScheduleSlot]:
    return [slot for slot in group.slots if slot.is_open]


def _code(group: ScheduleGroup) -> str:
    return group.feature_code or group.name or ""


def _name(group: ScheduleGroup) -> str:
    return group.name or group.feature_code or ""


def _slot(activity: Activity, group: ScheduleGroup, options: BookingOptions, dialogue: Dialogue) -> ScheduleSlot:
    slots = _open_slots(group)
    if activity.open or not group.has_times:
        return slots[0]
    times = {f"{slot.time:%H:%M}" if slot.time else "": slot for slot in reversed(slots)}
    offers = dict(sorted(times.items()))
    return dialogue.pick("--time", "When?", offers, given=options.time, label=lambda slot: f"{slot.time:%H:%M}")


def _language(slot: ScheduleSlot, options: BookingOptions, dialogue: Dialogue) -> str | None:
    offers = {language.code: language for language in slot.languages if language.code}
    if not offers:
        return None
    chosen = dialogue.pick(
        "--spoken",
        "In which language?",
        offers,
        given=options.spoken,
        label=lambda language: language.name or language.code or "",
    )
    return chosen.code


def _tickets(slot: ScheduleSlot, given: Sequence[str], dialogue: Dialogue) -> list[ChosenTicket]:
    products = [product for product in slot.products if product.is_open]
    if given:
        # of two quantities for one product, the last one counts
        tickets = {ticket.product.product_id: ticket for ticket in (_ticket(products, text) for text in given)}
        problem = _problem(slot, tickets.values())
        if problem:
            raise ArgumentError("--quantity", problem)
        return [*tickets.values()]
    while True:
        counted = [ChosenTicket(product, _ask_quantity(product, dialogue)) for product in products]
        chosen = [ticket for ticket in counted if ticket.quantity]
        problem = _problem(slot, chosen)
        if not problem:
            return chosen
        dialogue.tell(problem, style="red")


def _ask_quantity(product: ScheduleProduct, dialogue: Dialogue) -> int:
    age = f", {product.age_range}" if product.age_range else ""
    question = f"How many {product.name}{age} at {money(product.customer_price)} each, {span(product)}?"
    return dialogue.ask("--quantity", question, partial(_number, product), default="0")


def _number(product: ScheduleProduct, text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise WrongAnswerError("must be a whole number")
    quantity = int(text)
    if quantity and not product.accepts(quantity):
        raise WrongAnswerError(f"must be 0, or {span(product)}")
    return quantity


def _ticket(products: Sequence[ScheduleProduct], text: str) -> ChosenTicket:
    """A ticket as ``--quantity`` has it: a number of the preselected one, or a number and which one."""
    holder, _, number = text.rpartition("=")
    try:
        product = _find(products, holder)
        quantity = _number(product, number)
    except WrongAnswerError as wrong:
        raise ArgumentError("--quantity", f"{text}: {wrong}") from wrong
    if not quantity:
        raise ArgumentError("--quantity", f"{text}: must be {span(product)}")
    return ChosenTicket(product, quantity)


def _find(products: Sequence[ScheduleProduct], holder: str) -> ScheduleProduct:
    if not holder:
        return next((product for product in products if product.default), products[0])
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
    return f"{limits.least} or more" if limits.cap is None else f"{limits.least} to {limits.cap}"
