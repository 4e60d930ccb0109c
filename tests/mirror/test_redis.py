"""Runs of a mirror in Redis, which workers share."""

import importlib
import secrets
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from musement_async import MusementClient, from_json
from musement_async.mirror import MirrorRecord
from musement_async.mirror.redis import RedisMirrorStore
from musement_async.models import Activity
from musement_async.testing import LocalMusement


@pytest_asyncio.fixture
async def store(redis_url: str) -> AsyncIterator[RedisMirrorStore]:
    prefix = f"test-{secrets.token_hex(8)}:"
    async with Redis.from_url(redis_url) as redis:
        yield RedisMirrorStore(redis, prefix=prefix)
        keys = [key async for key in redis.scan_iter(f"{prefix}*")]
        assert [key for key in keys if await redis.ttl(key) < 0 and not key.endswith(b":copied")] == []
        await redis.delete(*keys)


@pytest_asyncio.fixture
async def client() -> AsyncIterator[MusementClient]:
    async with LocalMusement(activities=12).client() as client:
        yield client


async def activities(store: RedisMirrorStore, language: str = "en-GB", currency: str = "EUR") -> dict[str, Activity]:
    return {uuid: from_json(text, Activity) async for uuid, text in store.items("activities", language, currency)}


async def truth(client: MusementClient, language: str = "en-GB", currency: str = "EUR") -> dict[str, Activity]:
    view = client.with_options(language=language, currency=currency)
    return {str(activity.uuid): activity async for activity in view.activities.search()}


@pytest.mark.asyncio
async def test_a_mirror_in_redis_has_the_catalogue_and_follows_its_changes(
    client: MusementClient, store: RedisMirrorStore, redis_url: str
) -> None:
    mirror = client.mirror(store, languages=["en-GB", "it-IT"], days=1)
    report = await mirror.run()
    async with Redis.from_url(redis_url) as redis:
        assert [key async for key in redis.scan_iter(f"{store._prefix}saved:*")] == []
    assert (report.is_complete, report.progress.items) == (True, report.progress.expected)
    assert [run.source for run in await store.runs()] == ["local"]
    assert await activities(store) == await truth(client)
    assert await activities(store, "it-IT") == await truth(client, "it-IT", "EUR")
    assert len([city async for city in store.items("cities", "it-IT", "EUR")]) == 8
    assert len([days async for days in store.items("days", "en-GB", "EUR")]) == 12
    (archived, *_) = await client.catalog.archived(datetime.now(UTC).date())
    part = next(iter(await mirror.plan("other")))
    one = next(iter((await truth(client)).values()))
    await store.save("an old run", part, [MirrorRecord("activities", str(archived.uuid), one)])
    report = await mirror.run()
    assert (report.is_complete, report.run.name, report.run.is_full) == (True, "other", False)
    assert (await activities(store)).keys() == (await truth(client)).keys()


@pytest.mark.asyncio
async def test_what_a_run_does_not_find_any_more_is_dropped(client: MusementClient, store: RedisMirrorStore) -> None:
    await client.mirror(store, languages=["en-GB", "it-IT"]).run()
    assert (await client.mirror(store, cities=[56]).run()).is_complete
    assert await activities(store, "it-IT") == {}
    assert {one.city and one.city.id for one in (await activities(store)).values()} == {56}
    mirror = client.mirror(store, cities=[56, 40])
    places, _paris, london = await mirror.plan("a run")
    gone = next(iter((await truth(client)).values()))
    await store.save("an old run", london, [MirrorRecord("activities", "gone", gone)])
    await store.finish("an old run", london)
    for part in (places, london):
        await mirror.copy("a run", part)
    assert {one.city and one.city.id for one in (await activities(store)).values()} == {56}
    assert "gone" not in await activities(store)


@pytest.mark.asyncio
async def test_a_run_is_shared_and_goes_on_where_it_was(client: MusementClient, store: RedisMirrorStore) -> None:
    mirror = client.mirror(store, cities=[56])
    places, london = await mirror.plan("a run")
    await mirror.copy("a run", places)
    one = (await client.activities.search(city_in=56, limit=1))[0]
    await store.save("a run", london, [MirrorRecord("activities", str(one.uuid), one)])
    await store.fail("a run", str(london), "no reason")
    progress = await store.progress("a run")
    assert (str(progress), progress.failed) == ("1 of 2 done, 1 failed, 0 to go", {str(london): "no reason"})
    assert await store.saved("a run", london) == {str(one.uuid)}
    assert list(await mirror.plan("a run")) == [london]
    await mirror.copy("a run", london)
    await store.fail("a run", str(london), "it was carried out twice")
    await store.finish("a run", london)
    assert await store.saved("a run", london) is None
    assert (await store.progress("a run")).failed == {}
    assert len(await activities(store)) == 3


def test_a_store_in_redis_shows_its_prefix() -> None:
    assert repr(RedisMirrorStore(Redis(), prefix="a:")) == "RedisMirrorStore(prefix='a:')"


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "musement_async.mirror.redis")
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(ImportError, match='the extra "redis"'):
        importlib.import_module("musement_async.mirror.redis")
