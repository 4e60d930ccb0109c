"""Fixtures of the mirror's tests: a small catalogue, and a file for its copy."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from musement_async import MusementClient, SQLiteMirrorStore
from musement_async.testing import LocalMusement


@pytest.fixture
def local() -> LocalMusement:
    """Twelve activities in eight cities."""
    return LocalMusement(activities=12)


@pytest.fixture
async def client(local: LocalMusement, anyio_backend_name: str) -> AsyncIterator[MusementClient]:
    async with local.client() as client:
        yield client


@pytest.fixture
async def store(tmp_path: Path, anyio_backend_name: str) -> AsyncIterator[SQLiteMirrorStore]:
    async with SQLiteMirrorStore(tmp_path / "catalogue.sqlite") as store:
        yield store


@pytest.fixture
def sql(tmp_path: Path) -> Callable[..., list[Any]]:
    """Runs a statement on the file, as another program does."""

    def run(statement: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as database, database:
            rows = database.execute(statement, values).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    return run
