"""``musement book``."""

import asyncio
import json
import math
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from datetime import time as clock
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from musement_async import Checkout, CheckoutError, NetworkError
from musement_async.cli.booking import _policy
from musement_async.cli.choosing import Selection, _zone
from musement_async.cli.ordering import Progress, Stage, _to_its_end
from musement_async.models import (
    Activity,
    City,
    GroupType,
    Price,
    RefundPolicy,
    RefundType,
    ScheduleGroup,
    ScheduleSlot,
)
from musement_async.resources.activities import Activities
from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]

TODAY = date(2026, 6, 1)
DAY = "2026-06-04"
TIMED = "04bff063-c52a-5929-9315-d46c709948dd"  # two options, two times, four languages, booked at once
PICKED_UP = "8f7c7ea1-d8b3-5004-921b-72a659336a4c"  # with details of participants
HOTEL = "8aa63df9-29d3-5c43-abee-c643db371830"
ANY_DAY = "7a65e688-6425-56d2-8947-5713557b5016"  # with more details of the customer

SILENT = "42a4cdd2-b674-5117-bef1-1efa2851bf4d"  # two options, no languages

CONSENTS = ("musement_newsletter", "thirdparty_newsletter", "events_related_newsletter", "allow_profiling")
CUSTOMER = {"firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.com", **dict.fromkeys(CONSENTS, "NO")}
WHOLE: Mapping[str, str] = {
    "--day": DAY,
    "--option": "guided",
    "--time": "11:00",
    "--spoken": "es",
    "--quantity": "2",
}
# What to type at the questions about the customer, optional ones last.
WHO = ["Ada", "Lovelace", "ada@example.com", "no", "NO", "No", "no", "", "", "", ""]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    half_a_minute_before_11_in_rome = datetime(2026, 6, 1, 8, 59, 30, tzinfo=UTC)
    monkeypatch.setattr("musement_async.cli.booking._now", lambda: half_a_minute_before_11_in_rome)


@pytest.fixture
def local_musement() -> LocalMusement:
    return LocalMusement(activities=60, today=TODAY, settle_after=0)


@pytest.fixture
def answers(tmp_path: Path) -> Callable[..., str]:
    """A file with the customer's answers and others."""

    def write(**more: object) -> str:
        path = tmp_path / "answers.json"
        path.write_text(json.dumps({"customer": CUSTOMER, **more}), "utf-8")
        return str(path)

    return write


@pytest.fixture
def script(musement: Command, answers: Callable[..., str]) -> Command:
    """Books without asking, with all that is needed but for what is replaced."""

    def run(*more: str, **other: str | None) -> Ended:
        options = {**WHOLE, "--answers": answers(), **{f"--{name}": value for name, value in other.items()}}
        given = [part for name, value in options.items() if value is not None for part in (name, value)]
        return musement("book", TIMED, "--yes", *given, *more)

    return run


def test_a_script_books_without_a_question(script: Command, served: LocalMusement) -> None:
    ended = script()
    assert (ended.returncode, len(served.orders)) == (0, 1)
    first, uuid, _, row, voucher = ended.stdout.splitlines()
    assert first.endswith(", paid")
    assert uuid == f"UUID: {served.orders[0]}"
    assert "Adult" in row
    assert " OK" in row
    assert voucher.startswith("Voucher: http")


def test_a_customer_who_may_not_pay_by_invoice_orders_nothing(
    script: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSEMENT_USERNAME", served.username)
    monkeypatch.setenv("MUSEMENT_PASSWORD", served.password)
    ended = script()
    assert (ended.returncode, served.orders) == (2, [])
    assert "payment cannot be Invoice() in a customer's session" in ended.stderr


def test_what_is_ordered_is_said_before(script: Command, served: LocalMusement) -> None:
    said = script("--currency", "EUR").stderr
    summary = said[: said.index("Ordered: ")]
    assert "  Cancellation  free until Monday, 01 June 2026, 11:00\n" in summary
    for part in (
        "Casa Batlló",
        "Ticket with a guide",
        "Thursday, 04 June 2026, 11:00",
        "2 x Adult",
        "€ ",
        "  Who           Ada, Lovelace, ada@example.com",
    ):
        assert part in summary


def test_json_is_the_order(script: Command, served: LocalMusement) -> None:
    ended = script("--json", "--quantity", "CHILDREN=1")
    order = json.loads(ended.stdout)
    assert order["uuid"] == served.orders[0]
    assert sorted(item["quantity"] for item in order["items"]) == [1, 2]
    assert {item["status"] for item in order["items"]} == {"OK"}
    assert "Voucher: http" in ended.stderr


def test_vouchers_are_saved(script: Command, served: LocalMusement, tmp_path: Path) -> None:
    ended = script(vouchers=str(tmp_path / "new"))
    (path,) = (tmp_path / "new").iterdir()
    assert path.read_bytes().startswith(b"%PDF")
    assert ended.stdout.endswith(f"Voucher: {path}\n")


@pytest.mark.parametrize("missing", ["day", "option", "time", "spoken", "quantity"])
def test_what_a_script_leaves_out_is_named(script: Command, served: LocalMusement, missing: str) -> None:
    ended = script(**{missing: None})
    assert (ended.returncode, ended.stdout, served.orders) == (2, "", [])
    assert ended.stderr.startswith(f"musement: --{missing} is missing")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quantity": "99"}, "--quantity 99: must be 1 to 15"),
        ({"quantity": "0"}, "--quantity 0: must be 1 to 15"),
        ({"quantity": "two"}, "--quantity two: must be a whole number"),
        ({"quantity": "DOG=1"}, "--quantity DOG=1: must be one of ADULT, CHILDREN, SENIOR"),
        ({"timeout": "-1"}, "--timeout cannot be '-1': it takes a number of seconds"),
        ({"time": "23:00"}, "--time must be one of 09:30, 11:00, not 23:00"),
        ({"option": "vip"}, "--option must be one of STANDARD, GUIDED, not vip"),
        ({"spoken": "it"}, "--spoken must be one of en, pt, sv, es, not it"),
        ({"pickup": HOTEL}, "--pickup is for activities with pickup points; this one has none"),
        (
            {"day": "2026-05-01"},
            "--day must be another one: 2026-05-01 cannot be booked; musement dates lists the days",
        ),
    ],
)
def test_a_wrong_wish_is_named(script: Command, served: LocalMusement, wrong: dict[str, str | None], said: str) -> None:
    ended = script(**wrong)
    assert (ended.returncode, ended.stdout, served.orders) == (2, "", [])
    assert ended.stderr.startswith(f"musement: {said}")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("activity", "option", "said"),
    [
        (ANY_DAY, ("--time", "09:30"), "--time is for tickets with a time; this one has none"),
        (SILENT, ("--spoken", "en"), "--spoken is for activities with a choice of languages; this one has none"),
    ],
    ids=["time", "language"],
)
def test_an_option_that_the_activity_does_not_have_is_refused(
    musement: Command, served: LocalMusement, activity: str, option: Sequence[str], said: str
) -> None:
    given = [] if activity == ANY_DAY else ["--day", "first", "--option", "STANDARD", "--time", "09:30"]
    ended = musement("book", activity, "--yes", *given, *option)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"musement: {said}\n")


def test_an_activity_that_needs_a_pickup_point_and_has_none_is_one_line(
    musement: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pickups(*_arguments: object) -> list[object]:
        return []

    monkeypatch.setattr(Activities, "pickups", pickups)
    ended = musement("book", PICKED_UP, "--yes")
    assert (ended.returncode, ended.stderr) == (1, "musement: this activity needs a pickup point, and has none\n")


def test_more_than_a_slot_takes_is_refused(script: Command, served: LocalMusement) -> None:
    ended = script("--quantity", "ADULT=15", "--quantity", "SENIOR=15", quantity="CHILDREN=15")
    assert ended.returncode == 2
    assert ended.stderr == "musement: --quantity must be 1 to 29 over all tickets, not 45\n"


def test_a_day_without_anything_to_book_is_named(script: Command, musement: Command, served: LocalMusement) -> None:
    days = json.loads(musement("dates", TIMED, "--json").stdout)
    ended = script(day=next(day["day"] for day in days if day["sold_out"]))
    assert (ended.returncode, ended.stdout, served.orders) == (1, "", [])
    assert re.fullmatch(r"musement: --day must be another one: \S+ is sold out\n", ended.stderr)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "--answers cannot be read: "),
        ('{"customers": {}}', "--answers cannot be read: Object contains unknown field `customers`"),
        (
            '{"customer": {"firstname": "Ada", "email": "nowhere"}}',
            "--answers customer lastname is missing; email",
        ),
    ],
)
def test_wrong_answers_are_named(script: Command, served: LocalMusement, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, "utf-8")
    ended = script(answers=str(path))
    assert (ended.returncode, ended.stdout, served.orders) == (2, "", [])
    assert ended.stderr.startswith(f"musement: {said}")
    assert ended.stderr.count("\n") == 1


def test_answers_that_are_not_there_are_named(script: Command, served: LocalMusement) -> None:
    ended = script(answers="no-such-file.json")
    assert (ended.returncode, served.orders) == (2, [])
    assert "no-such-file.json" in ended.stderr


def test_vouchers_that_cannot_be_saved_name_the_order(script: Command, served: LocalMusement, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert script(vouchers=str(tmp_path / "file")).returncode == 2
    ended = script(vouchers=str(tmp_path / "file" / "folder"))
    assert ended.returncode == 1
    assert served.orders[0] in ended.stdout
    assert ended.stderr.splitlines()[-1].startswith(f"musement: order {served.orders[0]}: its vouchers cannot be saved")


def test_an_order_that_cannot_be_looked_at_any_more_is_an_error(
    script: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait(_checkout: Checkout, **_polling: float) -> None:
        raise CheckoutError("wait", NetworkError("the line is dead", method="GET", path="/orders"))

    monkeypatch.setattr(Checkout, "wait", wait)
    ended = script()
    assert (ended.returncode, len(served.orders)) == (1, 1)
    assert "the line is dead" in ended.stderr


@pytest.mark.parametrize("base_url", [None, "https://api.musement.com/api/v3", "https://sandbox.musement.com.example"])
def test_nothing_is_booked_in_earnest(musement: Command, monkeypatch: pytest.MonkeyPatch, base_url: str | None) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "APPLICATION"):
        monkeypatch.setenv(f"MUSEMENT_{name}", "some")
    if base_url:
        monkeypatch.setenv("MUSEMENT_BASE_URL", base_url)
    ended = musement("book", TIMED, "--yes")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("musement: --sandbox or --local is needed: this command orders nothing at https://")


def test_the_questions_lead_to_an_order(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed([DAY, "2", "2", "Spanish", "1", "1", "0", *WHO, "y"])
    ended = musement("book", TIMED, "--json")
    assert ended.returncode == 0
    assert {item["product"]["date"] for item in json.loads(ended.stdout)["items"]} == {"2026-06-04T11:00:00"}
    assert "Which day? [2026-06-01]: " in ended.stderr
    assert "   2  Ticket with a guide\n" in ended.stderr
    assert "Offers of others (Yes, No): " in ended.stderr
    assert "City (may be left out): " in ended.stderr
    assert "1 x Adult, 1 x Child" in ended.stderr
    assert re.search(r"Total so far: \$ \d+\.\d\d\n", ended.stderr)
    assert re.search(r"^   1  Mon 2026-06-01  from \$ \d+\.\d\d$", ended.stderr, re.MULTILINE)
    assert re.search(r"Language +Spanish\n", ended.stderr)


def test_one_can_go_back_from_every_question(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed(
        [
            *("<", DAY, "<", DAY, "1", "<", "2", "2", "en", "<", "es"),
            *("2", "<", "<", "es", "3", "1", "<", "2", "0"),  # tickets: the first again, the language, the second again
            *("<", "<", "<", "1", "0", "0", "Ada", "<", "Grace", *WHO[1:]),  # from the customer's form; inside of it
            "y",
        ]
    )
    ended = musement("book", TIMED, "--json")
    assert (ended.returncode, len(served.orders)) == (0, 1)
    order = json.loads(ended.stdout)
    assert [(item["quantity"], item["product"]["date"]) for item in order["items"]] == [(1, "2026-06-04T11:00:00")]
    assert order["customer"]["firstname"] == "Grace"
    assert "< goes back to the question before, <2 by two questions; Ctrl-C ends without an order.\n" in ended.stderr
    assert "This is the first question.\n" in ended.stderr


def test_a_typo_seen_in_the_summary_is_corrected(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    later = WHO[3:]
    back, keep = ["<"] * (1 + len(later)), [""] * len(later)
    typed(["", "", "", "", "", "", "", "Ada", "Lovelace", "ada@example.co", *later, *back, WHO[2], *keep, "y"])
    ended = musement("book", TIMED, "--json")
    assert ended.returncode == 0
    customer = json.loads(ended.stdout)["customer"]
    assert (customer["firstname"], customer["email"]) == ("Ada", "ada@example.com")
    assert "E-mail [ada@example.co]: " in ended.stderr
    assert served.count("/carts", "POST") == 1


def test_one_can_go_back_by_many_questions(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    people = ["Aad", "Lovelace", "1990-12-10", "2031-01-01", "F1", "Grace", "Hopper", "1990-12-09", "2031-01-01", "F2"]
    corrected = [f"<{len(people)}", "Ada", *([""] * (len(people) - 1))]
    typed(["2", DAY, "14:30", "Italian", "2", "0", "0", *WHO, *people, *corrected, "y"])
    ended = musement("book", PICKED_UP, "--json")
    (item,) = json.loads(ended.stdout)["items"]
    assert [person["firstname"] for person in item["participants_info"]] == ["Ada", "Grace"]


def test_questions_that_are_passed_over_on_the_way_back_say_nothing(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed([DAY, "2", "2", "Spanish", "1", "<4"])
    *_, after = musement("book", TIMED).stderr.split("how many, 0 to 15? [0]: ")
    assert after.startswith("   1  Standard ticket\n   2  Ticket with a guide\nWhich option? [2]: ")


@pytest.mark.parametrize("steps", ["<7", "< 999"])
def test_nobody_goes_back_beyond_the_first_question(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None], steps: str
) -> None:
    typed([DAY, "2", "2", "Spanish", "1", "1", steps, *([""] * 7), *WHO, "y"])
    ended = musement("book", TIMED)
    assert (ended.returncode, len(served.orders)) == (0, 1)
    assert ended.stderr.count("This is the first question.\n") == 1
    assert ended.stderr.count("Which day?") == 2


@pytest.mark.parametrize("answer", ["<0", "<x", "<1000"])
def test_what_goes_back_nowhere_is_an_answer(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None], answer: str
) -> None:
    typed([DAY, answer])
    ended = musement("book", TIMED)
    assert "Which option? [1]: must be a number from 1 to 2, or a name such as Standard ticket\n" in ended.stderr


def test_an_answer_that_may_be_left_out_can_be_taken_back(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed(["first", "ticket", "2", "span", "1", "0", "0", *WHO[:-1], "Roma", "<", "-", "y"])
    ended = musement("book", TIMED)
    assert (ended.returncode, len(served.orders)) == (0, 1)
    first, second = ended.stderr.split("  What ")[1:]
    assert "(- leaves it out) [Roma]: " in first
    assert (": Roma\n" in first, "Roma" in second) == (True, False)


def test_old_choices_are_preselected_for_who_goes_back(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    choices = ["2", DAY, "14:30", "Italian", "2"]
    typed([*choices, *("<" for _ in choices), *("" for _ in choices)])
    *_, again = musement("book", PICKED_UP).stderr.split("Which pickup point? ")
    defaults = re.findall(r"\? \[(.+?)\]: ", "? " + again)
    assert defaults == ["2", DAY, "3", "2", "2", "0"]


def test_one_can_go_back_from_the_participants_to_the_customer(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    person = ["Ada", "Lovelace", "1990-12-10", "2031-01-01", "F1"]
    keep = [""] * (len(person) - 1)
    back = ["<"] * (len(person) + 1)  # from the question about the order to the last one about the customer
    typed(["2", DAY, "14:30", "Italian", "1", "0", "0", *WHO, *person, *back, "", "Grace", *keep, "y"])
    ended = musement("book", PICKED_UP, "--json")
    (item,) = json.loads(ended.stdout)["items"]
    assert [(person["firstname"], person["lastname"]) for person in item["participants_info"]] == [
        ("Grace", "Lovelace")
    ]
    assert ended.stderr.count("Who books?\n") == 2


def test_going_back_from_the_first_question_asks_again(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None], answers: Callable[..., str]
) -> None:
    optional = WHO[-4:]
    typed(["<", *optional, "n"])
    given = [part for option in WHOLE.items() for part in option]
    ended = musement("book", TIMED, *given, "--answers", answers())
    assert ended.stderr.endswith("Order this? [y/N, < corrects]: Nothing was ordered.\n")
    assert "This is the first question.\n" in ended.stderr
    assert served.count("/carts", "POST") == 1


def test_the_first_day_is_booked(script: Command, served: LocalMusement) -> None:
    ended = script("--json", day="first", option="STANDARD", time="09:30")
    assert json.loads(ended.stdout)["items"][0]["product"]["date"] == "2026-06-01T09:30:00"


def test_to_say_nothing_is_to_take_what_is_preselected(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed(["", "", "", "", "", "", "", *WHO, "y"])
    ended = musement("book", TIMED, "--json")
    (item,) = json.loads(ended.stdout)["items"]
    assert (item["product"]["date"], item["quantity"]) == ("2026-06-01T09:30:00", 1)
    assert item["product"]["price_tag"]["ticket_holder_code"] == "ADULT"


def test_a_wrong_answer_is_asked_for_again(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed(
        [
            *("tomorrow", "2026-05-31", "11", "4"),
            *("vip", "1"),
            *("3", "09:30"),
            *("it", "en"),
            *("many", "99", "0", "0", "0"),  # nothing at all
            *("1", "0", "0"),
            *("", "Ada", "Lovelace", "nowhere", "ada@example.com", *WHO[3:]),
            *("perhaps", "yes"),
        ]
    )
    ended = musement("book", TIMED)
    assert (ended.returncode, len(served.orders)) == (0, 1)
    for said in (
        "must be a number from 1 to 10, or a day, YYYY-MM-DD",
        "nothing can be booked on that day",
        "must be a number from 1 to 2, or a name such as Standard ticket",
        "must be a number from 1 to 2, or a name such as 09:30",
        "must be a number from 1 to 4, or a name such as English",
        "must be a whole number",
        "must be 0 to 15",
        "must be 1 to 35 over all tickets, not 0",
        "First name is missing",
        "E-mail must be an e-mail address",
        "must be y or n",
    ):
        assert f"{said}\n" in ended.stderr


@pytest.mark.parametrize("last", ["n", ""])
def test_who_does_not_agree_orders_nothing(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None], last: str
) -> None:
    typed(["", "", "", "", "1", "", "", *WHO, last])
    ended = musement("book", TIMED)
    assert (ended.returncode, ended.stdout, served.orders) == (0, "", [])
    assert ended.stderr.endswith("Order this? [y/N, < corrects]: Nothing was ordered.\n")


def test_nobody_at_the_terminal_is_a_missing_option(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed([DAY])
    ended = musement("book", TIMED)
    assert (ended.returncode, ended.stdout) == (2, "")
    *_, question, nothing, missing = ended.stderr.splitlines()
    assert question == "Which option? [1]: "
    assert (nothing, missing) == (
        "musement: nothing was ordered",
        "musement: --option is missing: one of STANDARD, GUIDED",
    )


def test_the_end_of_the_answers_in_a_form_leaves_a_cart(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed(["", "", "", "", "1", "", "", "Ada"])
    ended = musement("book", TIMED)
    *_, nothing, missing = ended.stderr.splitlines()
    assert re.fullmatch(r"musement: nothing was ordered; cart [0-9a-f-]{36} was filled, and stays", nothing)
    assert (ended.returncode, missing) == (2, "musement: --answers customer lastname was not answered")


def test_wrong_answers_from_a_file_are_asked_for(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None], tmp_path: Path
) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"customer": {**CUSTOMER, "email": "nowhere"}}), "utf-8")
    typed(["ada@example.com", "", "", "", "", "y"])
    given = [part for option in WHOLE.items() for part in option]
    ended = musement("book", TIMED, *given, "--answers", str(path))
    assert (ended.returncode, len(served.orders)) == (0, 1)
    assert "E-mail must be an e-mail address\n" in ended.stderr


def test_a_pickup_point_and_participants_are_asked_for(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    person = ["Ada", "Lovelace", "yesterday", "1990-12-10", "2031-01-01", "F1"]
    typed(["hotel europa", DAY, "14:30", "Italian", "2", "0", "0", *WHO, *person, *person[:2], *person[3:], "y"])
    ended = musement("book", PICKED_UP, "--json")
    assert ended.returncode == 0
    (item,) = json.loads(ended.stdout)["items"]
    assert [person["date_of_birth"] for person in item["participants_info"]] == ["1990-12-10", "1990-12-10"]
    assert "   1  Hotel Bellevue\n" in ended.stderr
    assert "2. Date of birth (YYYY-MM-DD): " in ended.stderr
    assert "must be a day, YYYY-MM-DD" in ended.stderr
    summary = ended.stderr[ended.stderr.index("  Pickup") :]
    assert "Hotel Europa" in summary
    assert summary.count("  Takes part    Adult: Ada, Lovelace, 1990-12-10, 2031-01-01, F1\n") == 2


def test_a_script_tells_of_all_participants(
    musement: Command, served: LocalMusement, answers: Callable[..., str]
) -> None:
    one = {"firstname": "Ada", "lastname": "L", "date_of_birth": "1990-12-10", "passport_expiry_date": "2031-01-01"}
    arguments = ["book", PICKED_UP, "--yes", "--day", DAY, "--time", "14:30", "--spoken", "it", "--pickup", HOTEL]
    arguments += ["--quantity", "1", "--quantity", "SENIOR=1", "--answers"]
    people = [{**one, "fan_card": "F1"}, {**one, "firstname": "Grace", "fan_card": "F2"}]
    few = musement(*arguments, answers(participants=people[:1]))
    assert (few.returncode, few.stdout) == (2, "")
    assert few.stderr == "musement: --answers needs an entry in participants for each of 1 x Senior, and has 0\n"
    ended = musement(*arguments, answers(participants=people), "--json")
    assert ended.returncode == 0
    named = {
        item["product"]["price_tag"]["ticket_holder_code"]: [each["firstname"] for each in item["participants_info"]]
        for item in json.loads(ended.stdout)["items"]
    }
    assert named == {"ADULT": ["Ada"], "SENIOR": ["Grace"]}


def test_a_ticket_for_any_day_asks_for_none(
    musement: Command, served: LocalMusement, typed: Callable[[Sequence[str]], None]
) -> None:
    typed(["en", "1", "", "", *WHO, "", "Hotel Roma", "Vegan", "y"])
    ended = musement("book", ANY_DAY)
    assert (ended.returncode, len(served.orders)) == (0, 1)
    assert "Your hotel: Your hotel is missing\nYour hotel: Diet" in ended.stderr
    assert "any day: the ticket is for no particular date" in ended.stderr
    assert "Diet (Anything, Vegetarian, Vegan; may be left out) [any]: " in ended.stderr
    assert "not possible" in ended.stderr


def test_a_script_answers_what_an_activity_asks(
    musement: Command, served: LocalMusement, answers: Callable[..., str]
) -> None:
    arguments = ["book", ANY_DAY, "--yes", "--spoken", "en", "--quantity", "1", "--answers"]
    ended = musement(*arguments, answers())
    assert (ended.returncode, served.orders) == (2, [])
    assert ended.stderr == f"musement: --answers customer extra_customer_data.{ANY_DAY}.hotel is missing\n"
    extra = {"extra_customer_data": {ANY_DAY: {"hotel": "Roma"}}}
    ended = musement(*arguments, answers(customer={**CUSTOMER, **extra}), "--json")
    (item,) = json.loads(ended.stdout)["items"]
    assert {each["name"]: each["value"] for each in item["extra_customer_data"]} == {"hotel": "Roma", "diet": "any"}


def test_an_activity_without_days_is_one_line(musement: Command, served: LocalMusement) -> None:
    ended = musement("book", served.activity_uuids("UNAVAILABLE")[0], "--yes")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "musement: all days are sold out\n"


def test_where_no_language_is_spoken_none_is_asked_for(
    musement: Command, served: LocalMusement, answers: Callable[..., str]
) -> None:
    day = next(day["day"] for day in json.loads(musement("dates", SILENT, "--json").stdout) if not day["sold_out"])
    arguments = ["--yes", "--day", day, "--option", "STANDARD", "--time", "09:30", "--quantity", "2"]
    ended = musement("book", SILENT, *arguments, "--answers", answers(), "--json", "--timeout", "0")
    assert len(served.orders) == 1
    assert json.loads(ended.stdout)["items"][0]["quantity"] == 2


def test_a_cart_that_asks_nothing_of_its_customer_is_ordered_as_it_is(script: Command, served: LocalMusement) -> None:
    served.fail_next(1, status=404, code="1400", path="/carts/{cartUuid}/customer/schema")
    ended = script()
    assert served.count("/carts/{cartUuid}/customer", "PUT") == 0
    assert ended.stderr.splitlines()[-1].startswith("musement: order (cart ")


def test_a_ticket_for_a_whole_day_begins_at_no_time() -> None:
    group = ScheduleGroup(type=GroupType.DAY_BASED)
    slot = ScheduleSlot(time=clock(9))
    selection = Selection(Activity(uuid=UUID(int=1)), None, date(2026, 6, 4), group, slot, None, ())
    assert (selection.start, selection.when) == (None, "Thursday, 04 June 2026")


FULL: dict[str, Any] = {"type": RefundType.PERCENTAGE, "value": Decimal(100)}
SOME: dict[str, Any] = {"type": RefundType.ABSOLUTE, "value": Decimal("5.50"), "currency_code": "EUR"}
START = datetime(2026, 6, 4, 11)  # noqa: DTZ001 - local time, as the API has it
START_IN_ROME = START.replace(tzinfo=ZoneInfo("Europe/Rome"))


@pytest.mark.parametrize(
    ("policy", "start", "said"),
    [
        ({**FULL, "period": "P3D"}, START, "free until Monday, 01 June 2026, 11:00"),
        ({**FULL, "period": "P3D"}, START_IN_ROME, "free until Monday, 01 June 2026, 11:00"),
        ({**FULL, "period": "P3DT1M"}, START_IN_ROME, "free until Monday, 01 June 2026, 10:59, which is over"),
        ({**FULL, "period": "P3D"}, None, "free up to 3 d before the start"),
        ({**FULL, "period": "P9999999D"}, START, "free up to 9999999 d before the start"),
        ({**FULL, "period": "P0D"}, START, "free up to the start"),
        ({**SOME, "period": "PT2H"}, START, "€ 5.50 back until Thursday, 04 June 2026, 09:00"),
        (SOME, START, "€ 5.50 back"),
        ({**SOME, "currency_code": "USD"}, START, "5.50 USD back"),
        ({"value": Decimal("5.50"), "period": "P0D"}, START, "5.50 % back up to the start"),
    ],
    ids=[
        "until when",
        "not over",
        "over",
        "no time",
        "since ever",
        "up to the start",
        "an amount",
        "no period",
        "other money",
        "per cent",
    ],
)
def test_a_policy_says_until_when_as_far_as_that_is_known(
    policy: dict[str, Any], start: datetime | None, said: str
) -> None:
    assert (
        _policy(RefundPolicy(**policy), start, Price(value=Decimal(1), currency="EUR", formatted_value="€ 1.00"))
        == said
    )


def test_an_amount_comes_back_for_each_kind_of_ticket() -> None:
    assert _policy(RefundPolicy(**SOME), START, None, 2) == "5.50 EUR back for each kind of ticket"


@pytest.mark.parametrize("zone", [None, "Nowhere/Land", "Europe", "/etc"])
def test_a_time_zone_that_is_not_known_leaves_open_what_is_over(zone: str | None) -> None:
    assert _zone(City(id=2, time_zone=zone)) is None


def test_a_policy_is_told_where_the_cart_has_no_price() -> None:
    assert _policy(RefundPolicy(**SOME), START, None) == "5.50 EUR back"


def test_each_policy_has_a_line(script: Command, served: LocalMusement, monkeypatch: pytest.MonkeyPatch) -> None:
    async def policies(*_arguments: object) -> list[RefundPolicy]:
        return [RefundPolicy(**FULL, period="P3D"), RefundPolicy(value=Decimal(50), period="P1D")]

    monkeypatch.setattr(Activities, "refund_policies", policies)
    *_, first, second, _, _ = script().stderr.splitlines()
    assert first == "  Cancellation  free until Monday, 01 June 2026, 11:00"
    assert second == "                50 % back until Wednesday, 03 June 2026, 11:00"


def test_an_unknown_activity_is_one_line(musement: Command, served: LocalMusement) -> None:
    ended = musement("book", "b36ba13e-cd53-44dc-8741-b200ada5549a", "--yes")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "404" in ended.stderr


def test_a_refused_payment_names_the_order(script: Command, served: LocalMusement) -> None:
    served.refuse_payments(1)
    ended = script()
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines()[-1].startswith("musement: pay (cart ")
    assert served.orders[0] in ended.stderr.splitlines()[-1]


class TestSlowSupplier:
    @pytest.fixture
    def local_musement(self) -> LocalMusement:
        return LocalMusement(activities=60, today=TODAY, settle_after=math.inf, settle_instantly=False)

    def test_an_order_that_is_not_settled_in_time_is_shown_all_the_same(
        self, script: Command, served: LocalMusement
    ) -> None:
        ended = script("--json", timeout="0")
        assert ended.returncode == 1
        assert json.loads(ended.stdout)["items"][0]["status"] == "PENDING"
        assert ended.stderr.splitlines()[-1] == (
            f"musement: order {served.orders[0]} is not settled after 0 seconds; it still may be"
        )

    def test_a_refused_booking_is_a_failure(self, script: Command, served: LocalMusement) -> None:
        def refuse() -> None:
            while not served.settle(status="KO"):
                time.sleep(0.01)

        supplier = threading.Thread(target=refuse, daemon=True)
        supplier.start()
        ended = script()
        supplier.join(20)
        assert ended.returncode == 1
        assert ended.stderr.endswith(f"musement: order {served.orders[0]}: 1 of 1 bookings were refused\n")

    def test_an_order_that_cannot_be_read_any_more_is_named(self, script: Command, served: LocalMusement) -> None:
        def fail() -> None:
            while not served.count("/orders/{orderUuid}", "GET"):
                time.sleep(0.01)
            served.fail_next(100, status=403, path="/orders/{orderUuid}")

        trouble = threading.Thread(target=fail, daemon=True)
        trouble.start()
        ended = script()
        trouble.join(20)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert f"order {served.orders[0]}" in ended.stderr.splitlines()[-1]


class TestCtrlC:
    @pytest.fixture
    def start(self, served: LocalMusement, command: tuple[str, ...], answers: Callable[..., str]) -> Any:
        started: list[subprocess.Popen[str]] = []

        def run(*arguments: str) -> "subprocess.Popen[str]":
            pipe = subprocess.PIPE
            process = subprocess.Popen(
                [*command, "book", TIMED, "--answers", answers(), *arguments],
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                text=True,
            )
            started.append(process)
            return process

        yield run
        for process in started:
            process.kill()
            process.communicate()

    def test_at_a_question_orders_nothing(self, start: Any, served: LocalMusement) -> None:
        process = start()
        said = ""
        while not said.endswith("Which day? [2026-06-01]: "):
            said += process.stderr.read(1)
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate(timeout=100)
        assert (process.returncode, out, served.orders) == (130, "", [])
        assert rest.splitlines() == ["", "musement: nothing was ordered", "musement: interrupted"]

    def test_while_ordering_tells_the_order(self, start: Any, served: LocalMusement) -> None:
        served.respond_slowly(3, path="/orders", after=True)
        process = start("--yes", *(part for option in WHOLE.items() for part in option))
        while not served.orders:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=100)
        assert (process.returncode, out) == (130, "")
        assert said.splitlines()[-2:] == [
            f"musement: order {served.orders[0]} was made, and is not paid",
            "musement: interrupted",
        ]

    def test_while_paying_tells_that_the_order_is_paid(self, start: Any, served: LocalMusement) -> None:
        served.respond_slowly(3, path="/payments/no/payment", after=True)
        process = start("--yes", *(part for option in WHOLE.items() for part in option))
        while not served.count("/payments/no/payment", "POST"):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=100)
        assert (process.returncode, out) == (130, "")
        assert said.splitlines()[-2] == (
            f"musement: order {served.orders[0]} was made and paid:"
            " keep this UUID, by which client.orders.get() reads the order"
        )

    def test_twice_while_paying_tells_that_nobody_knows(self, start: Any, served: LocalMusement) -> None:
        served.respond_slowly(600, path="/payments/no/payment", after=True)
        process = start("--yes", *(part for option in WHOLE.items() for part in option))
        while not served.count("/payments/no/payment", "POST"):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert any("waiting for the answer" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=100)
        assert (process.returncode, out) == (130, "")
        assert f"order {served.orders[0]} was made, and may be paid: " in said.splitlines()[-2]

    def test_twice_while_ordering_tells_the_cart(self, start: Any, served: LocalMusement) -> None:
        served.respond_slowly(600, path="/orders", after=True)
        process = start("--yes", *(part for option in WHOLE.items() for part in option))
        while not served.orders:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert any("waiting for the answer" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=100)
        assert (process.returncode, out) == (130, "")
        assert (
            " may have been ordered: keep this UUID, by which client.carts.order_info() finds an order"
            in said.splitlines()[-2]
        )


class TestLocal:
    """The local Musement in the process of the command, which ends with it."""

    ARGUMENTS = ("book", "44f7b91d-023c-5531-b409-171e9dd641ef", "--local", "--yes", "--day", "first")
    MORE = ("--time", "09:30", "--spoken", "en", "--quantity", "1", "--answers")

    def test_links_to_its_vouchers_are_not_printed(self, musement: Command, answers: Callable[..., str]) -> None:
        ended = musement(*self.ARGUMENTS, *self.MORE, answers())
        assert ended.returncode == 0
        assert ended.stdout.splitlines()[-1] == (
            "Vouchers: 1, which ended with the local Musement; --vouchers FOLDER saves them"
        )

    def test_its_vouchers_can_be_saved(self, musement: Command, answers: Callable[..., str], tmp_path: Path) -> None:
        ended = musement(*self.ARGUMENTS, *self.MORE, answers(), "--vouchers", str(tmp_path / "new"))
        (path,) = (tmp_path / "new").iterdir()
        assert ended.stdout.endswith(f"Voucher: {path}\n")

    def test_an_order_without_vouchers_tells_of_none(
        self, musement: Command, answers: Callable[..., str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def vouchers(*_arguments: object) -> tuple[()]:
            return ()

        monkeypatch.setattr(Checkout, "vouchers", vouchers)
        assert "Voucher" not in musement(*self.ARGUMENTS, *self.MORE, answers()).stdout


@pytest.mark.parametrize(
    ("is_local", "stage", "order_uuid", "said"),
    [
        (True, Stage.CHOOSING, None, "nothing was ordered"),
        (True, Stage.ORDERING, None, "if an order was made, it ended with the local Musement"),
        (True, Stage.ORDERING, UUID(int=1), "order {} was made, and is not paid; it ended with the local Musement"),
        (True, Stage.WAITING, UUID(int=1), "order {} was made and paid; it ended with the local Musement"),
        (False, Stage.CHOOSING, None, f"nothing was ordered; cart {UUID(int=2)} was filled, and stays"),
        (
            False,
            Stage.ORDERING,
            None,
            "cart {} may have been ordered: keep this UUID, by which client.carts.order_info() finds an order",
        ),
        (False, Stage.ORDERING, UUID(int=1), "order {} was made, and is not paid"),
        (
            False,
            Stage.PAYING,
            UUID(int=1),
            "order {} was made, and may be paid: keep this UUID, by which client.orders.get() reads the order",
        ),
    ],
)
def test_who_interrupts_is_told_how_far_it_has_come(
    stage: Stage, order_uuid: UUID | None, said: str, *, is_local: bool
) -> None:
    checkout = cast("Checkout", SimpleNamespace(cart_uuid=UUID(int=2), order_uuid=order_uuid))
    progress = Progress(is_local=is_local, checkout=checkout, stage=stage)
    assert progress.tell() == said.format(order_uuid or checkout.cart_uuid)


@pytest.mark.asyncio
async def test_the_answer_to_an_interrupted_step_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    begun = asyncio.Event()
    answer = asyncio.Event()

    async def step() -> None:
        begun.set()
        await answer.wait()

    task = asyncio.create_task(_to_its_end(step))
    await begun.wait()
    begun.clear()
    task.cancel()
    await begun.wait()
    assert not task.done()
    answer.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert capsys.readouterr().err == (
        "musement: interrupted: waiting for the answer to what was sent; Ctrl-C again ends at once\n"
    )
