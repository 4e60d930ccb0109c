"""``musement dates``."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import attrs
from cyclopts import Parameter

from musement_async.cli.catalogue import money
from musement_async.cli.errors import CommandError
from musement_async.cli.listing import show
from musement_async.cli.month import draw, first_months, months_of
from musement_async.cli.output import Column, on_terminal, print_json, print_on_terminal, say
from musement_async.cli.target import Target
from musement_async.client import MusementClient
from musement_async.errors import ArgumentError
from musement_async.models.dates import ActivityDate, Schedule, ScheduleGroup, ScheduleProduct, ScheduleSlot

_EVERYWHERE = Target()
_SOLD_OUT = "sold out"
ALL_SOLD_OUT = "all days are sold out"
DAY = "%A, %d %B %Y"
PICKUP_HELP = "The UUID of a pickup point; musement activity UUID lists them."


@attrs.frozen
class Offer:
    """A product with the group and the slot it is in."""

    group: ScheduleGroup
    slot: ScheduleSlot
    product: ScheduleProduct


def _time(offer: Offer) -> str | None:
    return f"{offer.slot.time:%H:%M}" if offer.group.has_times and offer.slot.time else None


def _languages(offer: Offer) -> str:
    return ", ".join(language.code or "" for language in offer.slot.languages)


def _places(offer: Offer) -> str | int | None:
    """The number that can be bought at once, or is left; None without a limit."""
    slot, product = offer.slot, offer.product
    if not (slot.is_open and product.is_open):
        return _SOLD_OUT
    return min((cap for cap in (slot.cap, product.cap) if cap is not None), default=None)


DATE_COLUMNS = (
    Column[ActivityDate]("Day", lambda day: day.day),
    Column[ActivityDate]("From", lambda day: money(day.customer_price), is_number=True),
    Column[ActivityDate]("Places", lambda day: _SOLD_OUT if day.sold_out else None),
)
OFFER_COLUMNS = (
    Column[Offer]("Option", lambda offer: offer.group.name, wraps=True),
    Column[Offer]("Time", _time),
    Column[Offer]("Languages", _languages, wraps=True),
    Column[Offer]("Ticket", lambda offer: offer.product.name, wraps=True),
    Column[Offer]("Code", lambda offer: offer.product.holder_code),
    Column[Offer]("Price", lambda offer: money(offer.product.customer_price), is_number=True),
    Column[Offer]("At most", _places, is_number=True),
)


async def dates(
    uuid: Annotated[str, Parameter(help="The activity, as musement activities shows it.")],
    /,
    *,
    date_from: Annotated[
        date | None, Parameter(name="--from", help="The first day, such as 2026-12-01; today by default.")
    ] = None,
    date_to: Annotated[date | None, Parameter(name="--to", help="The last day; about a year on by default.")] = None,
    day: Annotated[
        date | Literal["first"] | None,
        Parameter(help="Show what can be booked on this day, or on the first one that is not sold out, instead."),
    ] = None,
    pickup: Annotated[str | None, Parameter(help=PICKUP_HELP)] = None,
    table: Annotated[bool, Parameter(show_default=False, help="Print one line for each day.")] = False,
    target: Target = _EVERYWHERE,
) -> None:
    """List an activity's days, or what a day offers."""
    if day is not None and (date_from is not None or date_to is not None):
        raise ArgumentError("day", "shows one day; --from and --to belong to the list of days")
    async with target.client() as client:
        if day is not None:
            wanted = await first_day(client, uuid, pickup) if day == "first" else day
            schedule = await client.dates.get(uuid, wanted, pickup=pickup)
            if on_terminal() and not target.json:
                say(f"{wanted:{DAY}}")
            _show_schedule(schedule, as_json=target.json)
            return
        found = await client.dates.list(uuid, date_from=date_from, date_to=date_to, pickup=pickup)
        if table or target.json or not found or not on_terminal() or not _show_calendar(found, to=date_to):
            show(found, DATE_COLUMNS, as_json=target.json)


async def first_day(client: MusementClient, activity_uuid: UUID | str, pickup: UUID | str | None) -> date:
    """The first day on which an activity can be booked.

    Raises:
        CommandError: There is none.
    """
    found = await client.dates.list(activity_uuid, pickup=pickup)
    day = next((each.day for each in found if each.day is not None and not each.sold_out), None)
    if day is None:
        raise CommandError(ALL_SOLD_OUT)
    return day


def _show_calendar(found: Sequence[ActivityDate], *, to: date | None) -> bool:
    """Draw the first month, or all of them if the last day was given. False if the terminal is too narrow."""
    months = months_of(found)
    drawn = months if to is not None else first_months(found)
    is_shown = print_on_terminal(draw(found, drawn))
    if is_shown and len(drawn) < len(months):
        year, month = months[len(drawn)]
        say(f"Goes on until {found[-1].day}; --from {date(year, month, 1)} shows the next month", style="dim")
    return is_shown


def _show_schedule(schedule: Schedule, *, as_json: bool) -> None:
    if as_json:
        print_json(schedule.groups)
    else:
        show([Offer(*parts) for parts in schedule.offers()], OFFER_COLUMNS, as_json=False)
