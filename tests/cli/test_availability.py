"""``musement dates``."""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from musement_async.cli.availability import DATE_COLUMNS, OFFER_COLUMNS, Offer
from musement_async.cli.month import draw, first_months, months_of
from musement_async.models import ActivityDate, GroupType, Price, ScheduleGroup, ScheduleProduct, ScheduleSlot
from musement_async.models import TranslatedMetadata as Label
from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]


@pytest.fixture
def uuid(served: LocalMusement, musement: Command) -> str:
    """An activity with a calendar."""
    found = json.loads(musement("activities", "--all", "--json").stdout)
    timed = (each for each in found if each["booking_type"] == "CALENDAR-TIMESLOTS" and not picked_up(each))
    return next(str(each["uuid"]) for each in timed)


def picked_up(activity: Any) -> bool:
    return "pick-up" in [service["code"] for service in activity["services"]]


@pytest.fixture
def pickup_uuid(served: LocalMusement, musement: Command) -> str:
    """An activity with pickup points."""
    found = json.loads(musement("activities", "--all", "--json").stdout)
    return next(str(each["uuid"]) for each in found if picked_up(each))


def cells(offer: Offer) -> dict[str, str]:
    return {column.header: column.text(offer) for column in OFFER_COLUMNS}


def test_dates_are_a_table_with_a_row_for_each_day(musement: Command, uuid: str) -> None:
    ended = musement("dates", uuid, "--currency", "EUR")
    header, first, *_ = ended.stdout.splitlines()
    assert header.split() == ["Day", "From", "Places"]
    assert first.split()[1] == "€"
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_period_and_a_pickup_point_are_sent_as_given(musement: Command, served: LocalMusement, uuid: str) -> None:
    pickup = "a2f1f46c-3923-4510-b5ba-b50aad624eb1"
    musement("dates", uuid, "--from", "2099-12-01", "--to", "2099-12-24", "--pickup", pickup)
    assert served.calls[-1].query == {"date_from": ["2099-12-01"], "date_to": ["2099-12-24"], "pickup": [pickup]}


def test_without_a_period_the_api_s_own_applies(musement: Command, served: LocalMusement, uuid: str) -> None:
    musement("dates", uuid)
    assert served.calls[-1].query == {}


def test_json_is_an_array_of_days(musement: Command, uuid: str) -> None:
    days = json.loads(musement("dates", uuid, "--json").stdout)
    assert {"day", "sold_out", "retail_price"} <= days[0].keys()


def test_a_day_shows_every_product_that_can_be_bought(musement: Command, uuid: str) -> None:
    day = json.loads(musement("dates", uuid, "--json").stdout)[0]["day"]
    header, *rows = musement("dates", uuid, "--day", day).stdout.splitlines()
    assert header.split() == ["Option", "Time", "Languages", "Ticket", "Code", "Price", "At", "most"]
    groups = json.loads(musement("dates", uuid, "--day", day, "--json").stdout)
    products = [each for group in groups for slot in group["slots"] for each in slot["products"]]
    prices = [each["retail_price"]["formatted_value"] for each in products]
    assert [price in row for row, price in zip(rows, prices, strict=True)] == [True] * len(products) != []


@pytest.mark.parametrize("asked", ["first", "itself"])
def test_a_terminal_says_which_day_it_shows(
    musement: Command, uuid: str, on_a_terminal: Callable[[int], None], asked: str
) -> None:
    days = json.loads(musement("dates", uuid, "--json").stdout)
    first = next(day["day"] for day in days if not day["sold_out"])
    heading = f"{date.fromisoformat(first):%A, %d %B %Y}"
    asked = first if asked == "itself" else asked
    assert heading not in musement("dates", uuid, "--day", asked).stdout
    on_a_terminal(100)
    assert musement("dates", uuid, "--day", asked).stdout.splitlines()[0] == heading
    assert heading not in musement("dates", uuid, "--day", asked, "--json").stdout


def test_nothing_in_a_period_is_said_beside_the_output(musement: Command, uuid: str) -> None:
    ended = musement("dates", uuid, "--from", "2099-12-01", "--to", "2099-12-24")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "musement: nothing found\n")


@pytest.mark.parametrize("arguments", [[], ["--day", "2099-12-01"]], ids=["list", "day"])
def test_an_activity_that_wants_a_pickup_point_says_so(
    musement: Command, pickup_uuid: str, arguments: list[str]
) -> None:
    ended = musement("dates", pickup_uuid, *arguments)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "(code 1578)" in ended.stderr
    assert "; pass --pickup, " in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x"], "UUID takes the UUID of an activity, such as 44f7b91d-"),
        (["UUID", "--pickup", "station"], "--pickup takes the UUID of a pickup point, such as "),
        (["UUID", "--from", "2026-12-02", "--to", "2026-12-01"], "--to must not be before --from"),
        (["UUID", "--day", "2026-12-02", "--to", "2026-12-01"], "--day shows one day"),
        (["UUID", "--from", "tomorrow"], "--from cannot be 'tomorrow': it takes a day such as 2026-12-01 ("),
        (["UUID", "--day", "last"], "--day cannot be 'last': it takes a day such as 2026-12-01, or first ("),
    ],
)
def test_wrong_usage_is_one_line_that_names_the_option(musement: Command, arguments: list[str], said: str) -> None:
    known = ["b36ba13e-cd53-44dc-8741-b200ada5549a" if each == "UUID" else each for each in arguments]
    ended = musement("dates", "--local", *known)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"musement: {said}")
    assert len(ended.stderr.splitlines()) == 1


def test_an_unknown_activity_is_one_line(musement: Command) -> None:
    ended = musement("dates", "--local", "b36ba13e-cd53-44dc-8741-b200ada5549a")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "404" in ended.stderr


@pytest.mark.parametrize(("sold_out", "text"), [(True, "sold out"), (False, ""), (None, "")])
def test_a_day_that_is_sold_out_says_so(*, sold_out: bool | None, text: str) -> None:
    assert [column.text(ActivityDate(sold_out=sold_out)) for column in DATE_COLUMNS] == ["", "", text]


@pytest.mark.parametrize(
    ("slot", "product", "text"),
    [
        ({}, {}, ""),
        ({"max_buy": 7}, {"max_buy": -1}, "7"),
        ({"availability": 7}, {"max_buy": 3}, "3"),
        ({"max_buy": 0}, {"max_buy": 3}, "sold out"),
        ({}, {"max_buy": 0}, "sold out"),
    ],
)
def test_what_can_be_bought_at_most_is_what_slot_and_product_allow(slot: Any, product: Any, text: str) -> None:
    ticket = ScheduleProduct(**product)
    offer = Offer(ScheduleGroup(), ScheduleSlot(**slot, products=(ticket, ScheduleProduct())), ticket)
    assert cells(offer)["At most"] == text


@pytest.mark.parametrize(
    ("kind", "start", "text"),
    [
        (GroupType.TIME_BASED, time(9, 5), "09:05"),
        (GroupType.TIME_BASED, None, ""),
        (GroupType.DAY_BASED, time(9, 5), ""),
    ],
)
def test_a_time_that_means_nothing_is_left_out(kind: GroupType, start: time | None, text: str) -> None:
    assert cells(Offer(ScheduleGroup(type=kind), ScheduleSlot(time=start), ScheduleProduct()))["Time"] == text


def test_languages_are_shown_by_their_codes() -> None:
    slot = ScheduleSlot(languages=(Label(code="en"), Label(), Label(code="it")))
    assert cells(Offer(ScheduleGroup(), slot, ScheduleProduct()))["Languages"] == "en, , it"


def day_of(text: str, price: str | None = "10.00", *, sold_out: bool = False) -> ActivityDate:
    cost = None if price is None else Price(value=Decimal(price), currency="EUR")
    return ActivityDate(day=date.fromisoformat(text), retail_price=cost, sold_out=sold_out)


def drawn(*days: ActivityDate) -> list[str]:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(draw(days, months_of(days)))
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_a_calendar_marks_the_cheapest_and_the_dearest_day_and_those_sold_out() -> None:
    lines = drawn(
        day_of("2026-12-01", "9.50"),
        day_of("2026-12-02"),
        day_of("2026-12-03", "12"),
        day_of("2026-12-04", "1", sold_out=True),
        day_of("2026-12-05", None),
        ActivityDate(),
    )
    assert lines[:2] == ["December 2026", "Mon Tue Wed Thu Fri Sat Sun"]
    assert lines[3:5] == ["1 2 3 4 5 6", "↓9.50 10.00 ↑12.00 sold out"]
    assert lines[-1] == "Lowest price of a day, in EUR ↓ cheapest ↑ dearest"


def test_equal_or_unknown_prices_are_not_marked() -> None:
    assert drawn(day_of("2026-12-01"), day_of("2026-12-02"))[-1] == "Lowest price of a day, in EUR"
    assert drawn(day_of("2026-12-01", None))[-1] == ""


def test_all_months_of_a_calendar_are_equally_wide() -> None:
    days = [day_of("2026-12-01", "1234.50"), day_of("2027-01-01"), day_of("2027-02-04", sold_out=True)]
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(draw(days, months_of(days)))
    rules = [line for line in capture.get().splitlines() if set(line) == {"─"}]
    assert len(rules) == 3
    assert len(set(rules)) == 1


def test_a_calendar_begins_with_the_first_month_and_goes_on_where_few_days_are_left() -> None:
    days = [day_of(f"2026-12-{number:02}") for number in range(25, 32)]
    later = [day_of("2027-01-01"), day_of("2027-02-01")]
    assert first_months([*days, *later]) == [(2026, 12)]
    assert first_months([*days[1:], *later]) == [(2026, 12), (2027, 1)]
    assert first_months(days[1:]) == [(2026, 12)]


def test_a_terminal_shows_a_calendar_and_how_to_go_on(
    musement: Command, uuid: str, on_a_terminal: Callable[[int], None]
) -> None:
    on_a_terminal(80)
    lines = musement("dates", uuid, "--currency", "EUR").stdout.splitlines()
    assert "Mon" in lines[1]
    assert "; --from " in lines[-1]
    assert max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in lines) <= 80
    last = json.loads(musement("dates", uuid, "--json").stdout)[-1]["day"]
    assert "--from" not in musement("dates", uuid, "--to", last).stdout
    tables = [musement("dates", uuid, "--table").stdout]
    on_a_terminal(40)
    tables.append(musement("dates", uuid).stdout)
    assert [re.sub(r"\x1b\[[\d;]*m", "", table).split()[:3] for table in tables] == [["Day", "From", "Places"]] * 2


def test_the_first_day_is_one_that_is_not_sold_out(musement: Command, served: LocalMusement, uuid: str) -> None:
    days = json.loads(musement("dates", uuid, "--json").stdout)
    first = next(day["day"] for day in days if not day["sold_out"])
    assert musement("dates", uuid, "--day", "first").stdout == musement("dates", uuid, "--day", first).stdout != ""
    ended = musement("dates", served.activity_uuids("UNAVAILABLE")[0], "--day", "first")
    assert (ended.returncode, ended.stderr) == (1, "musement: all days are sold out\n")
