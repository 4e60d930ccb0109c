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
    ("option", "value"),
    [("--language", "it_IT"), ("--currency", "eur"), ("--days", "-1"), ("--rate", "0"), ("--city", "0")],
)
def test_an_option_that_cannot_work_is_named(musement: Command, option: str, value: str, tmp_path: Path) -> None:
    ended = musement("mirror", str(tmp_path / "out.sqlite"), "--local", option, value)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"musement: {option} must be ")
