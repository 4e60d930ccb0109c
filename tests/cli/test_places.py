"""``musement categories``, ``musement venues`` and ``musement countries``."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from musement_async.cli.places import CATEGORY_COLUMNS, COUNTRY_COLUMNS, VENUE_COLUMNS
from musement_async.cli.usage import TAKES
from musement_async.models import Category, Country, Venue
from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]

HEADERS = {
    "categories": ["Id", "Code", "Category", "Level"],
    "countries": ["Id", "Code", "Country", "Currency"],
    "venues": ["Id", "Venue", "City", "Activities"],
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_list_is_a_table_with_a_row_each(musement: Command, name: str) -> None:
    ended = musement(name, "--local", "--limit", "3")
    header, *rows = ended.stdout.splitlines()
    assert header.split() == HEADERS[name]
    assert len(rows) == 3


@pytest.mark.parametrize("name", HEADERS)
def test_json_is_an_array_that_goes_on_at_an_offset(musement: Command, name: str) -> None:
    both = json.loads(musement(name, "--local", "--json", "--limit", "2").stdout)
    second = json.loads(musement(name, "--local", "--json", "--limit", "1", "--offset", "1").stdout)
    assert len(both) == 2
    assert second == both[1:]


@pytest.mark.parametrize(("name", "least"), [("categories", 15), ("countries", 30), ("venues", 50)])
def test_all_is_everything(musement: Command, name: str, least: int) -> None:
    assert len(json.loads(musement(name, "--local", "--json", "--all").stdout)) > least


@pytest.mark.parametrize(
    ("columns", "nothing"),
    [(CATEGORY_COLUMNS, Category(id=1)), (COUNTRY_COLUMNS, Country(id=1)), (VENUE_COLUMNS, Venue(id=1))],
    ids=["category", "country", "venue"],
)
def test_what_says_nothing_is_an_empty_row(columns: Any, nothing: object) -> None:
    assert {column.text(nothing) for column in columns} == {"", "1"}


def test_categories_are_narrowed_by_level_and_parent(musement: Command) -> None:
    found = json.loads(musement("categories", "--local", "--json", "--level", "3", "--parent", "190").stdout)
    assert {category["code"] for category in found} == {"new-hop-on-hop-off", "new-bike-tours", "new-walking-tours"}


def test_the_tree_is_indented(musement: Command) -> None:
    lines = musement("categories", "--local", "--tree", "--language", "it-IT").stdout.splitlines()
    walking = next(line for line in lines if "Tour a piedi" in line)
    assert lines[0] == "Tutte le categorie  all"
    assert walking.endswith("── Tour a piedi  new-walking-tours")
    assert len(walking) - len(walking.lstrip("│ ")) == 8


def test_the_tree_is_drawn_on_a_terminal_too(musement: Command, on_a_terminal: Callable[[int], None]) -> None:
    on_a_terminal(80)
    assert "City passes" in musement("categories", "--local", "--tree").stdout


def test_the_tree_as_json_is_its_root(musement: Command) -> None:
    (root,) = json.loads(musement("categories", "--local", "--tree", "--json").stdout)
    assert {child["code"] for child in root["children"]} >= {"museums", "new-shows"}


@pytest.mark.parametrize("option", ["--level", "--parent"])
def test_the_tree_is_not_narrowed(musement: Command, option: str) -> None:
    ended = musement("categories", "--local", "--tree", option, "2")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "musement: --tree shows all categories: it goes with neither --level nor --parent\n"


@pytest.mark.parametrize(
    ("option", "line"),
    [
        (("--level", "-1"), "--level takes a whole number, 0 or more, such as 2"),
        (("--parent", "0"), "--parent takes the id of a category, such as 2; musement categories lists them"),
    ],
    ids=["level", "parent"],
)
def test_a_wrong_number_is_named_by_its_option(musement: Command, option: tuple[str, str], line: str) -> None:
    ended = musement("categories", "--local", *option)
    assert (ended.returncode, ended.stderr) == (2, f"musement: {line}\n")


def test_countries_of_venues_are_given_by_id_or_code_or_name(musement: Command, served: LocalMusement) -> None:
    musement("venues", "--country", "60", "--country", "it", "--country", "sPAin")
    assert served.calls[-1].query["country_in"] == ["60,82,161"]


def test_an_unknown_country_is_one_line(musement: Command) -> None:
    ended = musement("venues", "--local", "--country", "Atlantis")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"musement: --country cannot be 'Atlantis': it takes {TAKES['--country']}\n"


@pytest.mark.parametrize(("named", "meant"), [("Italia", "Italy or Australia"), ("UK", "United Kingdom")])
def test_a_country_by_another_name_is_suggested(musement: Command, named: str, meant: str) -> None:
    ended = musement("venues", "--local", "--country", named)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == f"musement: --country cannot be '{named}'; did you mean {meant}?\n"


@pytest.mark.parametrize(("name", "words"), [("cities", "new york"), ("countries", "united"), ("venues", "rome")])
def test_words_narrow_a_list(musement: Command, name: str, words: str) -> None:
    found = musement(name, "--local", "--all", *words.split()).stdout.casefold().splitlines()[1:]
    assert found
    assert [line for line in found if not all(word in line for word in words.split())] == []


def test_a_narrowed_list_is_fetched_in_portions_too(musement: Command, on_a_terminal: Callable[[int], None]) -> None:
    whole = json.loads(musement("countries", "--local", "--all", "--json", "an").stdout)
    part = musement("countries", "--local", "--limit", "2", "--offset", "1", "--json", "an")
    assert json.loads(part.stdout) == whole[1:3]
    assert "Next" not in part.stdout
    on_a_terminal(80)
    shown = musement("countries", "--local", "--limit", "2", "--offset", "1", "an").stdout
    assert "Shown: 2 to 3. Next: --offset 3" in shown
    assert musement("countries", "--local", "atlantis").stderr == "musement: nothing found\n"


def test_all_of_a_narrowed_list_begins_at_the_offset(musement: Command) -> None:
    whole = json.loads(musement("countries", "--local", "--all", "--json", "an").stdout)
    assert len(whole) > 5
    assert json.loads(musement("countries", "--local", "--all", "--json", "--offset", "5", "an").stdout) == whole[5:]
    beyond = musement("countries", "--local", "--all", "--offset", str(len(whole)), "an")
    assert (beyond.stdout, beyond.stderr) == ("", "musement: nothing found\n")


def test_a_country_without_venues_has_none(musement: Command) -> None:
    ended = musement("venues", "--local", "--country", "Uruguay")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "musement: nothing found\n")
