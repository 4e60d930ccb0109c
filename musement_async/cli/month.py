"""A calendar of months, with what an activity costs on each day."""

from calendar import Calendar, day_abbr
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text

from musement_async.models.dates import ActivityDate

_FEW_DAYS = 7
_WEEK = 7
_LEAST_WIDTH = 7
_CHEAPEST, _DEAREST = "↓", "↑"

Month = tuple[int, int]


def months_of(days: Iterable[ActivityDate]) -> list[Month]:
    """The months of some days, in order."""
    return sorted({(day.day.year, day.day.month) for day in days if day.day is not None})


def first_months(days: Sequence[ActivityDate]) -> list[Month]:
    """The first month of some days, and the next one if the first has few days left."""
    first, *others = months_of(days)
    count = sum(day.day is not None and (day.day.year, day.day.month) == first for day in days)
    return [first, *others[:1]] if count < _FEW_DAYS else [first]


def draw(days: Iterable[ActivityDate], months: Sequence[Month]) -> Group:
    """Some months, each with its days; prices are marked that are the lowest and the highest of them."""
    by_day = {day.day: day for day in days if day.day is not None and (day.day.year, day.day.month) in months}
    prices = [price for day in by_day.values() if not day.sold_out and (price := _amount(day)) is not None]
    marks = {min(prices): _CHEAPEST, max(prices): _DEAREST} if len(set(prices)) > 1 else {}
    cells = {day: _cell(day, by_day.get(day), marks) for month in months for day in _days(month)}
    # A weekday is as wide in each month: the months stand one below the other.
    widths = [_LEAST_WIDTH] * _WEEK
    for day, cell in cells.items():
        widths[day.weekday()] = max(widths[day.weekday()], *map(cell_len, cell.plain.split("\n")))
    return Group(*(_draw_month(month, cells, widths) for month in months), _legend(by_day.values(), marks))


def _days(month: Month) -> Iterable[date]:
    return (day for day in Calendar().itermonthdates(*month) if day.month == month[1])


def _draw_month(month: Month, cells: Mapping[date, Text], widths: Iterable[int]) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, title=f"{date(*month, 1):%B %Y}")
    for name, width in zip(day_abbr, widths, strict=True):
        table.add_column(name, justify="right", no_wrap=True, min_width=width)
    for week in Calendar().monthdatescalendar(*month):
        table.add_row(*(cells[day] if day.month == month[1] else "" for day in week))
    return table


def _cell(day: date, found: ActivityDate | None, marks: Mapping[Decimal, str]) -> Text:
    number = str(day.day)
    if found is None:
        return Text(f"{number}\n", "dim")
    amount = _amount(found)
    if found.sold_out:
        return Text.assemble((f"{number}\n", "dim"), ("sold out", "dim strike"))
    mark = marks.get(amount, "") if amount is not None else ""
    style = {_CHEAPEST: "bold green", _DEAREST: "yellow"}.get(mark, "")
    return Text.assemble(f"{number}\n", ("" if amount is None else f"{mark}{amount:,.2f}", style))


def _amount(day: ActivityDate) -> Decimal | None:
    return day.customer_price.value if day.customer_price else None


def _legend(days: Iterable[ActivityDate], marks: Mapping[Decimal, str]) -> Text:
    currencies = {day.customer_price.currency for day in days if day.customer_price and day.customer_price.currency}
    parts = [f"Lowest price of a day, in {', '.join(sorted(currencies))}"] if currencies else []
    parts += [f"{_CHEAPEST} cheapest", f"{_DEAREST} dearest"] if marks else []
    return Text("  ".join(parts), "dim")
