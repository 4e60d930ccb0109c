"""The command, killed at any moment and started again."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from musement_async import SQLiteMirrorStore
from musement_async.mirror.rows import CONTENT
from musement_async.testing import LocalMusement

SEED = random.randrange(2**32)
# The command's arguments, and the same for the library.
QUICK = (  # slowly enough for a busy machine to kill it in time
    ("--city", "2", "--city", "40", "--details", "--rate", "100"),
    {"cities": [2, 40], "details": True},
)
WHOLE = (
    ("--details", "--days", "1", "--language", "en-GB", "--language", "it-IT"),
    {"details": True, "days": 1, "languages": ["en-GB", "it-IT"]},
)


def start(path: Path, arguments: tuple[str, ...]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "musement_async", "mirror", str(path), "--local", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MUSEMENT_")}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


async def complete(path: Path, options: dict[str, Any]) -> None:
    """Go on to the end, and copy once more what has changed."""
    async with LocalMusement().client() as client, SQLiteMirrorStore(path) as store:
        for _ in range(2):
            assert (await client.mirror(store, **options).run()).is_complete


def copied(path: Path) -> int:
    """How many activities, and activities with days, are in the file."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            both = "SELECT (SELECT count(*) FROM activities) + (SELECT count(DISTINCT uuid) FROM days)"
            return int(database.execute(both).fetchone()[0])
    except sqlite3.OperationalError:  # it is not there yet, or has no tables
        return 0


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as database:
        return {table: sorted(database.execute(f"SELECT * FROM {table}"), key=repr) for table in CONTENT}  # noqa: S608


def ledger(path: Path) -> tuple[int, int]:
    """How many parts of the last run are not done, and how many runs there are."""
    with closing(sqlite3.connect(path)) as database:
        last = "(SELECT name FROM runs ORDER BY rowid DESC LIMIT 1)"
        left = database.execute(f"SELECT count(*) FROM parts WHERE NOT is_done AND run = {last}").fetchone()[0]  # noqa: S608
        return left, database.execute("SELECT count(*) FROM runs").fetchone()[0]


@pytest.mark.parametrize(
    ("kills", "arguments", "options"),
    [
        pytest.param(2, *QUICK, id="two cities"),
        pytest.param(20, *WHOLE, id="everything", marks=[pytest.mark.stress, pytest.mark.timeout(600)]),
    ],
)
def test_a_copy_that_is_killed_ends_complete_and_equal_to_one_that_is_not(
    kills: int, arguments: tuple[str, ...], options: dict[str, Any], tmp_path: Path
) -> None:
    print(f"seed {SEED}")  # noqa: T201 - pytest shows it if the test fails
    rng = random.Random(SEED)
    undisturbed, killed = tmp_path / "undisturbed.sqlite", tmp_path / "killed.sqlite"
    asyncio.run(complete(undisturbed, options))
    total, in_the_middle = copied(undisturbed), 0
    for number in range(kills):
        goal = rng.randint(total * number // (kills + 1), total * (number + 1) // (kills + 1) - 1)
        with start(killed, arguments) as process:
            while process.poll() is None and copied(killed) <= goal:
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
        in_the_middle += ledger(killed) == (max(1, ledger(killed)[0]), 1)
    assert in_the_middle >= kills / 2
    asyncio.run(complete(killed, options))
    assert content(killed) == content(undisturbed)
    assert ledger(killed)[0] == 0
