"""``musement activity``."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Annotated

from cyclopts import Parameter
from rich.cells import cell_len

from musement_async.cli.catalogue import money, rating
from musement_async.cli.console import QuietConsole
from musement_async.cli.output import Column, on_terminal, print_json_object, print_table, say, shown
from musement_async.cli.target import Target
from musement_async.models.activities import Activity
from musement_async.models.durations import as_timedelta
from musement_async.models.labels import TranslatedMetadata
from musement_async.models.pickups import Pickup

_EVERYWHERE = Target()
_UUID, _LABEL = 36, 12
_GAP = "   "  # between columns on a terminal; elsewhere there is one space less
_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1)))


async def activity(
    uuid: Annotated[str, Parameter(help="The activity's UUID.")], /, *, target: Target = _EVERYWHERE
) -> None:
    """Show one activity in detail."""
    async with target.client() as client:
        found = await client.activities.get(uuid)
        if target.json:
            print_json_object(found)
            return
        show_activity(found)
        if found.needs_pickup:
            points = await client.activities.pickups(uuid)
            say()
            print_table(points, _PICKUP_COLUMNS)


def show_activity(found: Activity) -> None:
    """Print an activity for people."""
    print_table([pair for pair in describe(found) if pair[1]], _COLUMNS)
    if found.url:
        _show_link(shown(found.url))


def _show_link(url: str) -> None:
    """Print a link below the table, which would break it; on a line of its own where it is too long for a row."""
    row = f"{'Link':<{_LABEL}}{_GAP if on_terminal() else _GAP[1:]}{url}"
    if on_terminal() and cell_len(row) > QuietConsole().width:
        say("Link")
        say(url)
    else:
        say(row)


_COLUMNS = (
    Column[tuple[str, str]]("Field", lambda pair: pair[0], min_width=_LABEL),
    Column[tuple[str, str]]("Value", lambda pair: pair[1], wraps=True, min_width=_UUID),
)
_PICKUP_COLUMNS = (
    Column[Pickup]("Pickup point", lambda point: point.name, wraps=True, min_width=_LABEL),
    Column[Pickup]("UUID", lambda point: point.uuid),
)


def describe(found: Activity) -> list[tuple[str, str]]:
    """The details of an activity; empty where the answer has none."""
    return [(label, of(found) or "") for label, of in _FIELDS.items()]


def _city(found: Activity) -> str | None:
    city = found.city
    country = city.country if city else None
    return _listed([city.name if city else None, country.name if country else None], ", ")


def _price(found: Activity) -> str | None:
    lowest = money(found.customer_price)
    return lowest and f"from {lowest}"


def _rating(found: Activity) -> str | None:
    stars = rating(found)
    return stars and (f"{stars} of 5, {found.reviews_number} reviews" if found.reviews_number else f"{stars} of 5")


def _duration(found: Activity) -> str | None:
    stated = found.duration_range
    least, most = (stated.shortest, stated.longest) if stated else (None, None)
    most = most or as_timedelta(found.duration) or None
    if least and most and least < most:
        return f"{span(least)} to {span(most)}"
    if least and not most:
        return f"{span(least)} or more"
    return span(most) if most else None


def _cutoff(found: Activity) -> str | None:
    if found.cutoff is None:
        return None
    return f"up to {span(found.cutoff)} before the start" if found.cutoff else "up to the start"


def _confirmation(found: Activity) -> str | None:
    if found.max_confirmation is None:
        return None
    return f"within {span(found.max_confirmation)}" if found.max_confirmation else "at once"


def _yes_no(yes: str, no: str, of: Callable[[Activity], bool | None]) -> Callable[[Activity], str | None]:
    def say(found: Activity) -> str | None:
        value = of(found)
        return None if value is None else (yes if value else no)

    return say


def _needed(found: Activity) -> str | None:
    needs = {
        "a pickup point": found.needs_pickup,
        "details of every participant": found.has_passenger_info,
        "more details of the customer": found.has_extra_customer_data,
    }
    return _listed([name for name, is_needed in needs.items() if is_needed], ", ")


def _labels(labels: Iterable[TranslatedMetadata]) -> str:
    return _listed([label.name or label.code for label in labels], ", ")


def _listed(texts: Iterable[str | None], separator: str = "; ") -> str:
    return separator.join(text for text in texts if text)


def span(length: timedelta) -> str:
    """Such as ``1 d 2 h``, seconds left out."""
    parts: list[str] = []
    for unit, size in _UNITS:
        count, length = divmod(length, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "less than 1 min"


_FIELDS: dict[str, Callable[[Activity], str | None]] = {
    "Title": lambda found: found.title,
    "UUID": lambda found: str(found.uuid),
    "City": _city,
    "Price": _price,
    "Rating": _rating,
    "Duration": _duration,
    "Description": lambda found: found.about or found.description,
    "Status": lambda found: found.status,
    "Languages": lambda found: _labels(found.languages),
    "Booking": _cutoff,
    "Confirmation": _confirmation,
    "Cancellation": _yes_no("free up to some time before the start", "not free", lambda found: found.free_cancellation),
    "Highlights": lambda found: _listed(found.highlights),
    "Included": lambda found: _listed(found.included),
    "Not included": lambda found: _listed(found.not_included),
    "Needs": _needed,
    "Where": lambda found: found.meeting_point,
}
