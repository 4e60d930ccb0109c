"""The record of changes: the requests, refusals and results of each method."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient
from musement_async.models import ActivityStatus
from musement_async.testing import LocalMusement

DAY = date(2026, 6, 1)
METHODS = {"updates": "/catalog/updates/2026-06-01", "archived": "/activities/archived/2026-06-01"}


@pytest.fixture
def client() -> MusementClient:
    return LocalMusement(today=DAY).client()


@pytest.mark.anyio
@pytest.mark.parametrize(("method", "path"), METHODS.items())
async def test_a_record_is_asked_for_by_its_day(answering: Any, method: str, path: str) -> None:
    client, requests = answering(json=[])
    assert await getattr(client.catalog, method)(DAY) == ()
    assert requests[0].url.path == path


@pytest.mark.anyio
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("day", [None, "2026-06-01", datetime(2026, 6, 1, tzinfo=UTC)])
async def test_what_is_no_day_is_refused(answering: Any, method: str, day: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError, match=r"^day: must be a datetime\.date"):
        await getattr(client.catalog, method)(day)
    assert not requests


@pytest.mark.anyio
@pytest.mark.parametrize("method", METHODS)
async def test_a_day_to_come_has_no_record(client: MusementClient, method: str) -> None:
    with pytest.raises(BadRequestError):
        await getattr(client.catalog, method)(DAY + timedelta(days=1))


@pytest.mark.anyio
async def test_a_record_stays_as_it_is_and_names_activities_that_exist(client: MusementClient) -> None:
    changed = await client.catalog.updates(DAY - timedelta(days=3))
    assert changed
    assert changed == await client.catalog.updates(DAY - timedelta(days=3))
    assert changed != await client.catalog.updates(DAY - timedelta(days=4))
    for each in changed:
        assert each.uuid is not None
        assert (await client.activities.get(each.uuid)).uuid == each.uuid


@pytest.mark.anyio
async def test_an_activity_is_archived_once_and_that_is_a_change(client: MusementClient) -> None:
    days = [DAY - timedelta(days=ago) for ago in range(10)]
    archived = [(day, each) for day in days for each in await client.catalog.archived(day)]
    assert len({each.uuid for _, each in archived}) == len(archived) == 2
    for day, each in archived:
        assert each.uuid is not None
        assert (await client.activities.get(each.uuid)).status == ActivityStatus.ARCHIVED
        assert each in await client.catalog.updates(day)
