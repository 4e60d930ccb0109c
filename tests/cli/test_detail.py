"""``musement activity``."""

import json
import re
import subprocess
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from musement_async import to_builtins
from musement_async.cli.detail import describe, show_activity
from musement_async.cli.usage import TAKES
from musement_async.codec import decode
from musement_async.models import Activity
from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]
UUIDS = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def uuid() -> str:
    return LocalMusement().activity_uuids()[0]


def said(body: dict[str, Any]) -> dict[str, str]:
    activity = decode(json.dumps({"uuid": str(UUID(int=1)), **body}).encode(), Activity, strict=True)
    return {label: text for label, text in describe(activity) if text}


def test_an_activity_is_a_table_with_a_row_for_each_field(musement: Command, uuid: str) -> None:
    ended = musement("activity", uuid, "--local", "--currency", "EUR")
    header, title, *rows = ended.stdout.splitlines()
    assert (header.split(), title.split()[0]) == (["Field", "Value"], "Title")
    labels = [row.split()[0] for row in rows]
    assert {"City", "Status", "Price", "Rating", "Languages", "Booking", "Where"} <= set(labels)
    assert "€" in ended.stdout
    assert (ended.returncode, ended.stderr) == (0, "")


def test_it_is_in_the_language_asked_for(musement: Command, uuid: str) -> None:
    assert "Inglese" in musement("activity", uuid, "--local", "--language", "it-IT").stdout


def test_on_a_terminal_long_texts_are_wrapped(
    musement: Command, uuid: str, on_a_terminal: Callable[[int], None]
) -> None:
    on_a_terminal(60)
    lines = musement("activity", uuid, "--local").stdout.splitlines()
    assert max(len(line) for line in lines if "\x1b" not in line and "https://" not in line) <= 60


def test_json_is_one_object_with_every_field(musement: Command, uuid: str) -> None:
    ended = musement("activity", uuid, "--local", "--json")
    found = json.loads(ended.stdout)
    assert found["uuid"] == uuid
    assert set(found) == set(to_builtins(Activity(uuid=UUID(int=1))))


@pytest.fixture
def picked_up(musement: Command) -> str:
    """An activity that fetches its customers."""
    found = json.loads(musement("activities", "--local", "--all", "--json").stdout)
    return next(str(each["uuid"]) for each in found if "pick-up" in [service["code"] for service in each["services"]])


@pytest.mark.parametrize("width", [30, 80])
def test_pickup_points_are_listed_with_their_uuids_on_one_line(
    musement: Command, picked_up: str, on_a_terminal: Callable[[int], None], width: int
) -> None:
    on_a_terminal(width)
    lines = musement("activity", picked_up, "--local").stdout.splitlines()
    (start,) = [place for place, line in enumerate(lines) if "Pickup point" in line and "UUID" in line]
    uuids = re.findall(UUIDS, "\n".join(lines[start:]))
    assert len(uuids) >= 2
    schedule = musement("dates", picked_up, "--local", "--pickup", uuids[0])
    assert (schedule.returncode, schedule.stderr) == (0, "")


def test_the_json_of_an_activity_with_pickup_points_is_one_object(musement: Command, picked_up: str) -> None:
    ended = musement("activity", picked_up, "--local", "--json")
    assert json.loads(ended.stdout)["uuid"] == picked_up


@pytest.mark.parametrize("name", ["book", "dates"])
def test_the_help_of_a_pickup_point_says_where_to_find_it(musement: Command, name: str) -> None:
    said = " ".join(musement(name, "--help").stdout.replace("│", " ").split())
    assert "--pickup STR The UUID of a pickup point; musement activity UUID lists them." in said


def test_what_is_no_uuid_is_wrong_usage(musement: Command) -> None:
    ended = musement("activity", "colosseum", "--local")
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"musement: UUID takes {TAKES['UUID']}\n")


def test_an_unknown_activity_is_one_line(musement: Command) -> None:
    ended = musement("activity", "b36ba13e-cd53-44dc-8741-b200ada5549a", "--local")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "404" in ended.stderr


def test_everything_there_is_to_say() -> None:
    assert said(
        {
            "title": "Colosseum",
            "description": "It is old.",
            "city": {"id": 2, "name": "Rome", "country": {"id": 82, "name": "Italy"}},
            "status": "ONLINE",
            "retail_price": {"value": 28.7, "currency": "EUR"},
            "reviews_avg": 4.5,
            "reviews_number": 12,
            "duration_range": {"min": "PT1H30M", "max": "P1DT2H"},
            "languages": [{"code": "en", "name": "English"}, {"code": "it"}],
            "cutoff_time": "PT12H",
            "max_confirmation_time": "P2D",
            "free_cancellation": True,
            "highlights": ["A view", "A hill"],
            "included": ["Guide"],
            "not_included": ["Tips"],
            "order_box_elements": ["tours-and-activities-with-pickup"],
            "has_passenger_info": True,
            "has_extra_customer_data": True,
            "meeting_point": "At the arch",
        }
    ) == {
        "Title": "Colosseum",
        "UUID": str(UUID(int=1)),
        "City": "Rome, Italy",
        "Status": "ONLINE",
        "Price": "from 28.7 EUR",
        "Description": "It is old.",
        "Rating": "4.5 of 5, 12 reviews",
        "Duration": "1 h 30 min to 1 d 2 h",
        "Languages": "English, it",
        "Booking": "up to 12 h before the start",
        "Confirmation": "within 2 d",
        "Cancellation": "free up to some time before the start",
        "Highlights": "A view; A hill",
        "Included": "Guide",
        "Not included": "Tips",
        "Needs": "a pickup point, details of every participant, more details of the customer",
        "Where": "At the arch",
    }


@pytest.mark.parametrize(
    ("body", "label", "text"),
    [
        ({}, "Title", None),
        ({"city": {"id": 2}}, "City", None),
        ({"city": {"id": 2, "name": "Rome"}}, "City", "Rome"),
        ({"reviews_avg": 4}, "Rating", "4.0 of 5"),
        ({"duration_range": {"min": "PT1H", "max": "PT1H"}}, "Duration", "1 h"),
        ({"duration_range": {"max": "PT45M"}}, "Duration", "45 min"),
        ({"duration_range": {"min": "PT45M"}}, "Duration", "45 min or more"),
        ({"duration_range": {}, "duration": "P1D"}, "Duration", "1 d"),
        ({"duration": "PT30S"}, "Duration", "less than 1 min"),
        ({"duration": "P0D"}, "Duration", None),
        ({"cutoff_time": "P0D"}, "Booking", "up to the start"),
        ({"max_confirmation_time": "P0D"}, "Confirmation", "at once"),
        ({"free_cancellation": False}, "Cancellation", "not free"),
        ({"languages": [{}]}, "Languages", None),
    ],
)
def test_a_field_is_said_as_far_as_it_is_known(body: dict[str, Any], label: str, text: str | None) -> None:
    assert said(body).get(label) == text


def test_nothing_is_said_about_nothing_but_its_uuid(capsys: pytest.CaptureFixture[str]) -> None:
    assert said({}) == {"UUID": str(UUID(int=1))}
    show_activity(Activity(uuid=UUID(int=1)))
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize("width", [30, 50, 80])
def test_a_uuid_is_on_one_line(musement: Command, uuid: str, on_a_terminal: Callable[[int], None], width: int) -> None:
    on_a_terminal(width)
    lines = musement("activity", uuid, "--local").stdout.splitlines()
    assert [line.split() for line in lines if uuid in line] == [["UUID", uuid]]


def test_a_link_is_in_the_column_of_the_values_where_it_fits(
    musement: Command, uuid: str, on_a_terminal: Callable[[int], None]
) -> None:
    for arguments in ((), ("--language", "it-IT")):
        lines = musement("activity", uuid, "--local", *arguments).stdout.splitlines()
        assert len({line.index(line.split()[1]) for line in lines if line.split()[0] in {"UUID", "Link"}}) == 1
    on_a_terminal(100)
    lines = musement("activity", uuid, "--local").stdout.splitlines()
    assert len({line.index(line.split()[1]) for line in lines if line.split()[0] in {"UUID", "Link"}}) == 1


@pytest.mark.parametrize("width", [30, 80])
def test_a_link_that_does_not_fit_into_its_row_has_a_line_of_its_own(
    on_a_terminal: Callable[[int], None], capsys: pytest.CaptureFixture[str], width: int
) -> None:
    on_a_terminal(width)
    url = f"https://example.com/{'x' * 50}"
    show_activity(Activity(uuid=UUID(int=1), url=url))
    assert capsys.readouterr().out.splitlines()[-2:] == ["Link", url]
