"""``musement cities`` and ``musement activities``."""

import json
import subprocess
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest

from musement_async.cli.catalogue import ACTIVITY_COLUMNS
from musement_async.cli.usage import TAKES
from musement_async.models.activities import Activity
from musement_async.models.prices import Price
from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]


def cells(activity: Activity) -> dict[str, str]:
    return {column.header: column.text(activity) for column in ACTIVITY_COLUMNS}


def test_cities_are_a_table_with_a_row_each(musement: Command) -> None:
    ended = musement("cities", "--local", "--limit", "3")
    header, *rows = ended.stdout.splitlines()
    assert header.split() == ["Id", "City", "Country", "Activities"]
    assert len(rows) == 3


def test_activities_are_a_table_with_a_row_each(musement: Command) -> None:
    ended = musement("activities", "--local", "--limit", "3")
    header, *rows = ended.stdout.splitlines()
    assert header.split() == ["Activity", "City", "Rating", "From", "UUID"]
    assert len(rows) == 3


@pytest.mark.parametrize("name", ["cities", "activities"])
def test_json_is_an_array_with_every_field_and_nothing_else(musement: Command, name: str) -> None:
    ended = musement(name, "--local", "--json", "--limit", "2")
    first, second = json.loads(ended.stdout)
    assert first["uuid"] != second["uuid"]
    assert (ended.returncode, ended.stderr) == (0, "")


def test_json_has_a_line_for_each_item(musement: Command) -> None:
    assert len(musement("cities", "--local", "--json", "--limit", "3").stdout.splitlines()) == 3


def test_a_list_goes_on_at_an_offset(musement: Command) -> None:
    both = json.loads(musement("cities", "--local", "--json", "--limit", "2").stdout)
    second = json.loads(musement("cities", "--local", "--json", "--limit", "1", "--offset", "1").stdout)
    assert second == both[1:]


def test_all_fetches_every_page(musement: Command, served: LocalMusement) -> None:
    ended = musement("activities", "--all", "--json")
    assert len(json.loads(ended.stdout)) == 500
    assert served.count("/activities") == 6


def test_all_that_is_left_begins_at_the_offset(musement: Command) -> None:
    assert len(json.loads(musement("activities", "--local", "--all", "--offset", "490", "--json").stdout)) == 10


def test_nothing_found_is_said_beside_the_output(musement: Command) -> None:
    ended = musement("activities", "--local", "qqqqqqq")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "musement: nothing found\n")


def test_nothing_found_is_an_empty_array(musement: Command) -> None:
    ended = musement("activities", "--local", "qqqqqqq", "--json")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "[]\n", "")


def test_words_are_searched_together(musement: Command, served: LocalMusement) -> None:
    musement("activities", "van", "gogh")
    assert served.calls[-1].query["text"] == ["van gogh"]


def test_without_words_everything_is_searched(musement: Command, served: LocalMusement) -> None:
    musement("activities")
    assert "text" not in served.calls[-1].query


def test_cities_to_search_in_are_given_by_id_or_by_name_in_any_case(musement: Command, served: LocalMusement) -> None:
    musement("activities", "--city", "2", "--city", "pArIs")
    assert served.calls[-1].query["city_in"] == ["2,40"]


def test_a_city_is_found_by_its_name_in_the_language_asked_for(musement: Command, served: LocalMusement) -> None:
    musement("activities", "--city", "Roma", "--language", "it-IT")
    assert served.calls[-1].query["city_in"] == ["2"]


def test_a_city_s_english_name_is_known_in_every_language(musement: Command, served: LocalMusement) -> None:
    musement("activities", "--city", "rome", "--language", "it-IT")
    assert served.calls[-1].query["city_in"] == ["2"]


def test_an_unknown_city_is_one_line(musement: Command) -> None:
    ended = musement("activities", "--local", "--city", "Atlantis")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"musement: --city cannot be 'Atlantis': it takes {TAKES['--city']}\n"


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (None, ""),
        (Price(), ""),
        (Price(value=Decimal(12), currency="EUR", formatted_value="€ 12.00"), "€ 12.00"),
        (Price(value=Decimal(12), currency="EUR"), "12 EUR"),
        (Price(value=Decimal(12)), "12"),
    ],
    ids=repr,
)
def test_a_price_is_shown_as_far_as_it_is_known(price: Price | None, text: str) -> None:
    assert cells(Activity(uuid=UUID(int=1), retail_price=price))["From"] == text


@pytest.mark.parametrize(("stars", "text"), [(None, ""), (0, ""), (4.25, "4.2")])
def test_a_rating_that_nobody_gave_is_left_out(stars: float | None, text: str) -> None:
    assert cells(Activity(uuid=UUID(int=1), reviews_avg=stars))["Rating"] == text


def test_an_activity_without_anything_is_an_empty_row() -> None:
    assert set(cells(Activity(uuid=UUID(int=1))).values()) == {"", str(UUID(int=1))}
