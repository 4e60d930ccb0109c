"""The choice of what to book: a day, an option, a time, a language, a pickup point, tickets."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import anyio.to_thread
import attrs
from cyclopts import Parameter

from musement_async.cli.availability import ALL_SOLD_OUT, DAY, PICKUP_HELP, first_day
from musement_async.cli.catalogue import money
from musement_async.cli.dialogue import BackError, Dialogue, WrongAnswerError
from musement_async.cli.errors import CommandError
from musement_async.cli.tickets import ChosenTicket, choose_tickets
from musement_async.client import MusementClient
from musement_async.errors import ArgumentError, NotFoundError
from musement_async.models.activities import Activity
from musement_async.models.cities import City
from musement_async.models.dates import ScheduleGroup, ScheduleSlot
from musement_async.models.labels import TranslatedMetadata
from musement_async.models.pickups import Pickup

_SHOWN_DAYS = 10


def moment(time: datetime) -> str:
    """A day and a time, as a dialogue has them."""
    return f"{time:{DAY}, %H:%M}"


@attrs.frozen
class Selection:
    """The chosen things to book."""

    activity: Activity
    pickup: Pickup | None
    day: date
    group: ScheduleGroup
    slot: ScheduleSlot
    language: TranslatedMetadata | None
    tickets: Sequence[ChosenTicket]
    zone: ZoneInfo | None = None

    @property
    def spoken(self) -> str | None:
        """The language that was offered and chosen, by its name if it has one."""
        return None if self.language is None else self.language.name or self.language.code

    @property
    def start(self) -> datetime | None:
        """When it begins, in local time, with the time zone if it is known; None where the time means nothing."""
        if self.activity.open or not self.group.has_times or self.slot.time is None:
            return None
        return datetime.combine(self.day, self.slot.time, self.zone)

    @property
    def when(self) -> str:
        """The day, and the time where it means something."""
        if self.activity.open:
            return "any day: the ticket is for no particular date"
        return f"{self.day:{DAY}}" if self.start is None else moment(self.start)


def _zone(city: City | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(city.time_zone) if city and city.time_zone else None
    except (KeyError, ValueError, OSError):  # it is not one, or this machine does not know it
        return None


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class BookingOptions:
    """The options of the command that say what to book."""

    day: Annotated[
        date | Literal["first"] | None, Parameter(help="Such as 2026-12-01; first is the first one not sold out.")
    ] = None
    option: Annotated[str | None, Parameter(help="Which variant of the activity, by its name or code.")] = None
    time: Annotated[str | None, Parameter(help="When it begins, such as 09:30.")] = None
    spoken: Annotated[str | None, Parameter(help="The language that is spoken there, by its code.")] = None
    pickup: Annotated[str | None, Parameter(help=PICKUP_HELP)] = None
    quantity: Annotated[
        tuple[str, ...],
        Parameter(show_default=False, help="How many: 2, or by ticket, ADULT=2; may be repeated."),
    ] = ()


class Chooser:
    """The questions that lead to a selection, in their order; one can go back.

    Args:
        client: The client.
        activity: What is to be booked.
        options: What was said beforehand.
        dialogue: Asks the questions.
    """

    def __init__(self, client: MusementClient, activity: Activity, options: BookingOptions, dialogue: Dialogue) -> None:
        self._client = client
        self._activity = activity
        self._options = options
        self._dialogue = dialogue
        self._steps = (
            self._choose_pickup,
            self._choose_day,
            self._choose_group,
            self._choose_slot,
            self._choose_language,
            self._choose_tickets,
        )
        self._place = 0
        self._asked: set[int] = set()

    async def choose(self) -> Selection:
        """Choose what to book, from the options and by questions.

        Raises:
            ArgumentError: An option is wrong, or something is missing and nobody answers.
            CommandError: What an option says is sold out, or nothing can be booked.
        """
        while self._place < len(self._steps):
            asked = self._dialogue.asked
            try:
                await self._steps[self._place]()
            except BackError:
                self._asked.discard(self._place)
                self.go_back()
                continue
            (self._asked.add if self._dialogue.asked > asked else self._asked.discard)(self._place)
            self._place += 1
        return self._selection

    def go_back(self) -> bool:
        """Have the last question asked again, and those after it.

        Returns:
            Whether there is one.
        """
        earlier = [place for place in self._asked if place < self._place]
        if earlier:
            self._place = max(earlier)
        else:
            self._dialogue.going_back = 0
            self._dialogue.tell("This is the first question.", style="red")
        return bool(earlier)

    async def _choose_pickup(self) -> None:
        self._pickup = await _pickup(self._client, self._activity, self._options, self._dialogue)

    async def _choose_day(self) -> None:
        uuid, point = self._activity.uuid, None if self._pickup is None else self._pickup.uuid
        match self._options.day:
            case None:
                self._day = await _day(self._client, self._activity, point, self._dialogue)
            case "first":
                self._day = await first_day(self._client, uuid, point)
            case day:
                self._day = day
        try:
            schedule = await self._client.dates.get(uuid, self._day, pickup=point)
        except NotFoundError:
            problem = f"must be another one: {self._day} cannot be booked; musement dates lists the days"
            raise ArgumentError("--day", problem) from None
        self._groups = {_code(group): group for group in _preselected(schedule.groups) if _open_slots(group)}
        if not self._groups:
            raise CommandError(f"--day must be another one: {self._day} is sold out")

    async def _choose_group(self) -> None:
        self._group = self._dialogue.pick(
            "--option", "Which option?", self._groups, given=self._options.option, label=_name
        )

    async def _choose_slot(self) -> None:
        self._slot = _slot(self._activity, self._group, self._options, self._dialogue)

    async def _choose_language(self) -> None:
        self._language = _language(self._slot, self._options, self._dialogue)

    async def _choose_tickets(self) -> None:
        comes_back = self._place in self._asked  # from the forms
        tickets = choose_tickets(self._slot, self._options.quantity, self._dialogue, from_last=comes_back)
        zone = await anyio.to_thread.run_sync(_zone, self._activity.city)
        self._selection = Selection(
            self._activity, self._pickup, self._day, self._group, self._slot, self._language, tickets, zone
        )


async def _pickup(
    client: MusementClient, activity: Activity, options: BookingOptions, dialogue: Dialogue
) -> Pickup | None:
    if not activity.needs_pickup and options.pickup is None:
        return None
    points = {str(point.uuid): point for point in await client.activities.pickups(activity.uuid)}
    if not points:
        if options.pickup is None:
            raise CommandError("this activity needs a pickup point, and has none")
        raise ArgumentError("--pickup", "is for activities with pickup points; this one has none")
    return dialogue.pick(
        "--pickup", "Which pickup point?", points, given=options.pickup, label=lambda point: point.name or ""
    )


async def _day(client: MusementClient, activity: Activity, pickup: UUID | None, dialogue: Dialogue) -> date:
    found = await client.dates.list(activity.uuid, pickup=pickup)
    days = {day.day: day.customer_price for day in found if day.day is not None and not day.sold_out}
    if not days:
        raise CommandError(ALL_SOLD_OUT)
    first = next(iter(days))
    if activity.open:
        return first

    numbered = {str(place): day for place, day in enumerate([*days][:_SHOWN_DAYS], start=1)}

    def read(text: str) -> date:
        try:
            wanted = first if text == "first" else numbered.get(text) or date.fromisoformat(text)
        except ValueError:
            raise WrongAnswerError(f"must be a number from 1 to {len(numbered)}, or a day, YYYY-MM-DD") from None
        if wanted not in days:
            raise WrongAnswerError("nothing can be booked on that day")
        return wanted

    for place, day in numbered.items():
        price = money(days[day])
        dialogue.tell(f"{place:>4}  {day:%a} {day}{f'  from {price}' if price else ''}")
    dialogue.tell(f"{len(days)} days in all, the last is {[*days][-1]}.", style="dim")
    earlier = {str(day) for day in days} & {dialogue.earlier.get("--day")}
    chosen = dialogue.ask("--day", "Which day?", read, default=next(iter(earlier), str(first)))
    dialogue.earlier["--day"] = str(chosen)
    return chosen


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
        if options.time is not None:
            raise ArgumentError("--time", "is for tickets with a time; this one has none")
        return slots[0]
    times = {f"{slot.time:%H:%M}" if slot.time else "": slot for slot in reversed(slots)}
    offers = dict(sorted(times.items()))
    if options.time not in offers and options.time in {f"{slot.time:%H:%M}" for slot in group.slots if slot.time}:
        raise CommandError(f"--time {options.time} is sold out: {', '.join(offers)} is not")
    return dialogue.pick("--time", "When?", offers, given=options.time, label=lambda slot: f"{slot.time:%H:%M}")


def _language(slot: ScheduleSlot, options: BookingOptions, dialogue: Dialogue) -> TranslatedMetadata | None:
    offers = {language.code: language for language in slot.languages if language.code}
    if not offers:
        if options.spoken is not None:
            raise ArgumentError("--spoken", "is for activities with a choice of languages; this one has none")
        return None
    return dialogue.pick(
        "--spoken", "In which language?", offers, given=options.spoken, label=lambda language: str(language.name or "")
    )
