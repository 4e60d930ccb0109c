"""Tables on terminals and elsewhere."""

import json
import re
import subprocess
from collections.abc import Callable

import pytest

from musement_async.cli.dialogue import report
from musement_async.cli.output import Column, print_json, print_table, printer_for, say
from musement_async.cli.streams import note

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]
Pretend = Callable[[int], None]

LONG = " ".join(["A day in the mountains"] * 20)
COLUMNS = (
    Column[str]("Title", lambda title: title, wraps=True),
    Column[str]("Letters", len, is_number=True),
    Column[str]("Key", lambda _: "0123456789" * 3, is_below=True),
)


def unstyled(output: str) -> list[str]:
    return re.sub(r"\x1b\[\d*m", "", output).splitlines()


def printed(capsys: pytest.CaptureFixture[str], *items: str) -> list[str]:
    print_table(items, COLUMNS)
    return unstyled(capsys.readouterr().out)


def test_away_from_a_terminal_an_item_has_one_line_with_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    _, row = printed(capsys, LONG)
    assert row.split() == [*LONG.split(), str(len(LONG)), "0123456789" * 3]


def test_away_from_a_terminal_columns_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "Tower", "Cathedral") == [
        "Title      Letters  Key",
        "Tower            5  012345678901234567890123456789",
        "Cathedral        9  012345678901234567890123456789",
    ]


def test_away_from_a_terminal_lines_do_not_end_in_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    assert [line for line in printed(capsys, "Tower") if line != line.rstrip()] == []


def test_away_from_a_terminal_there_are_no_colours(capsys: pytest.CaptureFixture[str]) -> None:
    say("Bold", style="bold")
    print_table(["Tower"], COLUMNS)
    assert "\x1b" not in capsys.readouterr().out


def test_a_terminal_has_colours(on_a_terminal: Pretend, capsys: pytest.CaptureFixture[str]) -> None:
    on_a_terminal(80)
    say("Bold", style="bold")
    assert capsys.readouterr().out == "\x1b[1mBold\x1b[0m\n"


def test_on_a_terminal_the_table_fits_its_width(on_a_terminal: Pretend, capsys: pytest.CaptureFixture[str]) -> None:
    on_a_terminal(50)
    lines = printed(capsys, LONG)
    assert max(map(len, lines)) <= 50
    assert " ".join(lines).split().count("mountains") == 20


def test_on_a_terminal_keys_are_under_what_they_belong_to(
    on_a_terminal: Pretend, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(80)
    lines = [line.split() for line in printed(capsys, "Tower")]
    assert lines[0] == ["Title", "Letters"]
    assert lines[2:] == [["Tower", "5"], ["0123456789" * 3]]


def test_a_terminal_too_narrow_for_the_table_gets_long_lines_and_loses_nothing(
    on_a_terminal: Pretend, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(20)
    assert printed(capsys, "Tower")[1].split() == ["Tower", "5", "0123456789" * 3]


def test_text_is_printed_as_it_is(on_a_terminal: Pretend, capsys: pytest.CaptureFixture[str]) -> None:
    on_a_terminal(20)
    text = "[bold]:smile: 'https://example.com/a/long/address?with=parameters'"
    say(text)
    assert capsys.readouterr().out == text + "\n"


@pytest.mark.parametrize("width", [None, 80], ids=["pipe", "terminal"])
def test_markup_in_a_title_is_text(
    on_a_terminal: Pretend, capsys: pytest.CaptureFixture[str], width: int | None
) -> None:
    if width:
        on_a_terminal(width)
    assert any("[red]:smile: Tower" in line for line in printed(capsys, "[red]:smile: Tower"))


@pytest.mark.parametrize("width", [None, 80], ids=["pipe", "terminal"])
def test_a_title_can_neither_steer_the_terminal_nor_break_its_line(
    on_a_terminal: Pretend, capsys: pytest.CaptureFixture[str], width: int | None
) -> None:
    if width:
        on_a_terminal(width)
    lines = printed(capsys, "Tower\x1b[2J\nof\tPisa\u202e\xa0now")
    assert any(r"Tower\x1b[2J of Pisa\u202e now" in line for line in lines)


def test_on_a_terminal_a_list_that_goes_on_says_how(musement: Command, on_a_terminal: Pretend) -> None:
    on_a_terminal(80)
    output = musement("activities", "--local", "--limit", "2", "--offset", "2").stdout
    assert unstyled(output)[-1] == "Shown: 3 to 4 of 500. Next: --offset 4"


def test_on_a_terminal_the_pages_of_a_whole_list_make_one_table(musement: Command, on_a_terminal: Pretend) -> None:
    on_a_terminal(80)
    lines = unstyled(musement("activities", "--local", "--all").stdout)
    assert sum("Rating" in line for line in lines) == 1
    assert len({len(line) for line in lines}) <= 2  # of the rule and of the rows, which are padded
    assert sum(bool(re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", line)) for line in lines) == 500
    on_a_terminal(20)
    assert sum("Rating" in line for line in unstyled(musement("activities", "--local", "--all").stdout)) == 1


def test_away_from_a_terminal_each_page_is_printed_as_it_comes(capsys: pytest.CaptureFixture[str]) -> None:
    printer = printer_for(COLUMNS, as_json=False, in_parts=True)
    pages: list[list[str]] = []
    for title in ("Cathedral", "Tower"):
        printer.add([title])
        pages.append(capsys.readouterr().out.splitlines())
    printer.end()
    key = "0123456789" * 3
    assert pages == [
        ["Title      Letters  Key", f"Cathedral        9  {key}"],
        [f"Tower            5  {key}"],
    ]


def test_all_of_nothing_is_said(musement: Command) -> None:
    assert musement("activities", "--local", "--all", "qqqqqqq").stderr == "musement: nothing found\n"
    assert musement("activities", "--local", "--all", "--json", "qqqqqqq").stdout == "[]\n"


def test_a_list_of_unknown_length_that_goes_on_says_so(musement: Command, on_a_terminal: Pretend) -> None:
    on_a_terminal(80)
    output = musement("cities", "--local", "--limit", "2").stdout
    assert unstyled(output)[-1] == "Shown: 1 to 2. Next: --offset 2"


def test_a_list_that_ends_says_nothing_more(musement: Command, on_a_terminal: Pretend) -> None:
    on_a_terminal(80)
    assert "--offset" not in musement("activities", "--local", "--offset", "495").stdout


HOSTILE = "Tour\x1b[2J\a\r\n\u202e\x9b"


@pytest.mark.parametrize("tell", [say, report, note])
def test_text_of_a_server_cannot_steer_the_terminal(
    tell: Callable[[str], None], on_a_terminal: Pretend, capsys: pytest.CaptureFixture[str]
) -> None:
    on_a_terminal(80)
    tell(HOSTILE)
    shown_there = "".join(capsys.readouterr())
    assert r"Tour\x1b[2J\x07\r\n\u202e\x9b" in shown_there
    assert "\x1b[2J" not in shown_there


def test_json_holds_no_control_characters_and_the_same_values(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    print_json([HOSTILE, "\U000e0041", "Città"])
    text = capsysbinary.readouterr().out.decode()
    assert json.loads(text) == [HOSTILE, "\U000e0041", "Città"]
    assert text.replace("\n", "").isprintable()
    assert "Città" in text
