"""``musement dates``."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import attrs
from cyclopts import Parameter

from musement_async.cli.catalogue import money
from musement_async.cli.listing import Fetched, show
from musement_async.cli.output import Column, print_json
from musement_async.cli.target import Target
from musement_async.errors import ArgumentError
from musement_async.models.dates import ActivityDate, Schedule, ScheduleGroup, ScheduleProduct, ScheduleSlot

_EVERYWHERE = Target()
_SOLD_OUT = "sold out"


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
    Column[Offer]("Price", lambda offer: money(offer.product.customer_price), is_number=True),
    Column[Offer]("At most", _places, is_number=True),
    Column[Offer]("Product", lambda offer: offer.product.product_id, is_below=True),
)


async def dates(
    uuid: Annotated[str, Parameter(help="The activity, as musement activities shows it.")],
    *,
    date_from: Annotated[
        date | None, Parameter(name="--from", help="The first day, such as 2026-12-01; today by default.")
    ] = None,
    date_to: Annotated[date | None, Parameter(name="--to", help="The last day; about a year on by default.")] = None,
    day: Annotated[date | None, Parameter(help="Show what can be booked on this day instead.")] = None,
    pickup: Annotated[str | None, Parameter(help="The UUID of a pickup point, where the activity has some.")] = None,
    target: Target = _EVERYWHERE,
) -> None:
    """List when an activity takes place, or what a day offers."""
    if day is not None and (date_from is not None or date_to is not None):
        raise ArgumentError("day", "shows one day; --from and --to belong to the list of days")
    async with target.client() as client:
        if day is not None:
            schedule = await client.dates.get(uuid, day, pickup=pickup)
            _show_schedule(schedule, as_json=target.json)
        else:
            found = await client.dates.list(uuid, date_from=date_from, date_to=date_to, pickup=pickup)
            show(Fetched(found), DATE_COLUMNS, as_json=target.json)


def _show_schedule(schedule: Schedule, *, as_json: bool) -> None:
    if as_json:
        print_json(schedule.groups)
    else:
        offers: Sequence[Offer] = [Offer(*parts) for parts in schedule.offers()]
        show(Fetched(offers), OFFER_COLUMNS, as_json=False)
