"""``musement mirror``."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from musement_async.testing import LocalMusement

Ended = subprocess.CompletedProcess[str]
Command = Callable[..., Ended]


def count(path: Path, what: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(f"SELECT count({what}) FROM activities").fetchone()[0])  # noqa: S608


def test_one_command_copies_the_local_catalogue_and_sums_up(musement: Command, tmp_path: Path) -> None:
    path = tmp_path / "out.sqlite"
    ended = musement("mirror", str(path), "--local", "--language", "en-GB", "--language", "it-IT", "--city", "2")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[1].split() == ["cities", "2"]
    assert lines[-1].startswith("Complete: 4 parts, ")
    assert (count(path, "*"), count(path, "DISTINCT language")) == (62, 2)


def test_json_lines_are_written_when_nothing_is_missing(
    musement: Command, served: LocalMusement, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "folder"
    served.fail_next(1, status=403, path="/activities")
    arguments = ("mirror", str(folder), "--json-lines", "--city", "56", "--rate", "1000")
    ended = musement(*arguments)
    assert ended.returncode == 1
    assert ended.stderr.startswith("musement: incomplete: 1 of 2 parts are missing; city:56:en-GB:EUR: Permission")
    assert ended.stderr.endswith("; the same command goes on\n")
    assert list(folder.glob("*.jsonl")) == []
    assert musement(*arguments).returncode == 0
    lines = (folder / "activities.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["city"] for line in lines} == {56}


def test_a_terminal_sees_the_progress(musement: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ended = musement("mirror", str(tmp_path / "out.sqlite"), "--local", "--city", "56")
    assert "2 of 2 parts" in ended.stderr
    assert "requests/s" in ended.stderr


def test_a_file_that_is_no_mirror_is_one_line(musement: Command, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("not a database" * 100, "utf-8")
    ended = musement("mirror", str(path), "--local")
    assert (ended.returncode, ended.stderr) == (1, f"musement: {path}: file is not a database\n")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--language", "it_IT", "--language takes the code of a language"),
        ("--currency", "euro", "--currency takes the code of a currency"),
        ("--currency", "ZZZ", "--currency ZZZ is not a currency that Musement knows"),
        ("--days", "-1", "--days takes a whole number from 0 to 366"),
        ("--rate", "0", "--rate takes a number above 0"),
        ("--city", "0", "--city takes the id or the name of a city"),
        ("--city", "Rom", "--city cannot be 'Rom'; did you mean Rome?"),
    ],
)
def test_an_option_that_cannot_work_is_named(
    musement: Command, option: str, value: str, said: str, tmp_path: Path
) -> None:
    ended = musement("mirror", str(tmp_path / "out.sqlite"), "--local", option, value)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"musement: {said}")


def test_a_city_may_be_named_and_a_currency_in_small_letters(musement: Command, tmp_path: Path) -> None:
    path = tmp_path / "out.sqlite"
    arguments = ("--language", "it-IT", "--city", "roma", "--currency", "gbp", "--days", "1")
    assert musement("mirror", str(path), "--local", *arguments).returncode == 0
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT DISTINCT city FROM activities").fetchall() == [(2,)]
        assert database.execute("SELECT DISTINCT currency FROM prices").fetchall() == [("GBP",)]


def test_a_language_without_texts_is_said(musement: Command, tmp_path: Path) -> None:
    ended = musement("mirror", str(tmp_path / "out.sqlite"), "--local", "--language", "xx", "--city", "2")
    assert ended.returncode == 0
    assert ended.stderr == "musement: --language xx: Musement has no texts in this language, only in en, it\n"
