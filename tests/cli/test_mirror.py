"""``musement mirror``."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from musement_async.cli.mirror import mirror
from musement_async.cli.target import Place
from musement_async.mirror import Mirror
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
    assert ended.stderr.startswith("musement: incomplete: 1 of 2 parts are missing; 1 part: Permission")
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


def test_a_folder_that_does_not_exist_is_said_before_anything_is_shown(
    musement: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "1000")
    folder = tmp_path / "missing"
    ended = musement("mirror", str(folder / "out.sqlite"), "--local")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"musement: the folder does not exist: {folder}\n"


def test_a_file_with_a_copy_of_another_api_is_wrong_usage(
    musement: Command, served: LocalMusement, tmp_path: Path
) -> None:
    path = tmp_path / "out.sqlite"
    arguments = ("mirror", str(path), "--city", "56")
    assert musement(*arguments).returncode == 0
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE runs SET source = 'https://api.example.com'")
    ended = musement(*arguments)
    said = "OUT holds a copy of https://api.example.com, and this client asks local: use another store"
    assert (ended.returncode, ended.stderr) == (2, f"musement: {said}\n")


def test_a_copy_with_other_settings_is_one_line(musement: Command, tmp_path: Path) -> None:
    arguments = ("mirror", str(tmp_path / "out.sqlite"), "--local", "--city")
    assert musement(*arguments, "56").stderr == ""
    ended = musement(*arguments, "40")
    assert ended.returncode == 0
    assert ended.stderr.startswith("musement: the store has a copy with other settings (")
    assert len(ended.stderr.splitlines()) == 1


def test_quiet_shows_no_progress(musement: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ended = musement("mirror", str(tmp_path / "out.sqlite"), "--local", "--city", "56", "--quiet")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_what_is_missing_is_counted_by_its_reason(musement: Command, served: LocalMusement, tmp_path: Path) -> None:
    served.fail_next(2, status=403, path="/activities")
    served.fail_next(1, status=400, path="/venues")
    arguments = ("mirror", str(tmp_path / "out.sqlite"), "--city", "56", "--city", "40", "--city", "2")
    said = musement(*arguments, "--at-once", "1").stderr
    assert said.startswith("musement: incomplete: 3 of 4 parts are missing; 2 parts: PermissionDeniedError: ")
    assert (said.count("PermissionDeniedError"), said.count("; 1 part: BadRequestError: ")) == (1, 1)


def test_the_help_says_that_the_same_command_goes_on(musement: Command) -> None:
    said = " ".join(musement("mirror", "--help").stdout.replace("│", " ").split())
    assert "The same command goes on with a run that was interrupted" in said


async def interrupted(*_: object, **__: object) -> None:
    raise asyncio.CancelledError


def test_an_interrupted_run_says_how_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(Mirror, "run", interrupted)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(mirror(tmp_path / "out.sqlite", place=Place(local=True)))
    assert capsys.readouterr() == ("", "musement: started again, the same command goes on where it was\n")


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
