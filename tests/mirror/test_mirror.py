"""Runs of a mirror in SQLite."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from musement_async import (
    ArgumentError,
    LoggedOutError,
    MirrorPart,
    MirrorProgress,
    MusementClient,
    NotFoundError,
    SQLiteMirrorStore,
    from_json,
)
from musement_async.mirror import MirrorRecord
from musement_async.models import Activity
from musement_async.testing import LocalMusement

pytestmark = pytest.mark.anyio
Sql = Callable[..., list[Any]]
KEPT_TABLES = ("cities", "activities", "prices", "media", "days")
ONE = "/activities/{activityUuid}"


async def found(client: MusementClient, language: str, currency: str) -> dict[str, Activity]:
    view = client.with_options(language=language, currency=currency)
    return {str(activity.uuid): activity async for activity in view.activities.search()}


def days_ago(sql: Sql, days: int) -> None:
    sql("UPDATE runs SET day = ?", str(datetime.now(UTC).date() - timedelta(days=days)))


async def test_a_first_run_copies_texts_in_each_language_and_prices_in_each_currency(
    client: MusementClient, store: SQLiteMirrorStore, sql: Sql
) -> None:
    mirror = client.mirror(store, languages=["en-GB", "it-IT"], currencies=["EUR", "USD", "GBP"])
    report = await mirror.run()
    assert (report.is_complete, report.run.is_full, report.progress.left) == (True, True, 0)
    for language, currency in (("en-GB", "EUR"), ("it-IT", "USD"), ("en-GB", "GBP")):
        activities = await found(client, language, currency)
        assert len(activities) == 12
        copies = sql("SELECT uuid, title, city FROM activities WHERE language = ?", language)
        assert set(copies) == {(uuid, one.title, one.city and one.city.id) for uuid, one in activities.items()}
        prices = sql("SELECT uuid, price, amount FROM prices WHERE currency = ? AND kind = 'retail_price'", currency)
        expected = {uuid: one.retail_price and one.retail_price.value for uuid, one in activities.items()}
        assert {uuid: Decimal(price) for uuid, price, _ in prices} == expected
        assert {uuid: amount for uuid, _, amount in prices} == {uuid: float(it or 0) for uuid, it in expected.items()}
    (text,) = sql("SELECT json FROM activities WHERE language = 'en-GB' LIMIT 1")
    first = from_json(text.encode(), Activity)
    assert first == (await found(client, "en-GB", "EUR"))[str(first.uuid)]
    assert sql("SELECT name FROM cities WHERE id = 40 ORDER BY language") == ["Paris", "Parigi"]
    assert set(sql("SELECT uuid FROM activity_categories")) == set(activities)
    assert sql("SELECT count(*) FROM media WHERE is_cover") == [12]
    assert sql("SELECT count(*) FROM venues") == [2 * len([venue async for venue in client.venues.list()])]
    assert sql("SELECT count(*) FROM days") == [0]


async def test_details_and_days_are_those_of_the_api(
    client: MusementClient, store: SQLiteMirrorStore, sql: Sql
) -> None:
    assert (await client.mirror(store, details=True, days=3).run()).is_complete
    english = client.with_options(language="en-GB", currency="EUR")
    first, end = datetime.now(UTC).date(), datetime.now(UTC).date() + timedelta(days=3)
    for uuid in await found(client, "en-GB", "EUR"):
        activity = await english.activities.get(uuid)
        (text,) = sql("SELECT json FROM activities WHERE uuid = ?", uuid)
        assert from_json(text.encode(), Activity) == activity
        assert sql("SELECT venue FROM activity_venues WHERE uuid = ?", uuid) == [venue.id for venue in activity.venues]
        media = [(one.url, one.is_cover) for one in await english.activities.media(uuid)]
        assert sql("SELECT url, is_cover FROM media WHERE uuid = ? ORDER BY position", uuid) == media
        if not activity.needs_pickup:
            listed = await english.dates.list(uuid, date_from=first, date_to=end)
            days = [(str(day.day), str(day.retail_price and day.retail_price.value)) for day in listed]
            within = [(day, price) for day, price in days if day < str(end)]
            assert sql("SELECT day, price FROM days WHERE uuid = ? ORDER BY day", uuid) == within
    assert sql("SELECT count(*) > 0 FROM days") == [True]


async def test_a_later_run_copies_what_has_changed_and_drops_what_is_archived(
    store: SQLiteMirrorStore, sql: Sql, anyio_backend_name: str
) -> None:
    local = LocalMusement(activities=60)  # more than can have changed in two days
    today = datetime.now(UTC).date()
    async with local.client() as client:
        mirror = client.mirror(store, languages=["en-GB", "it-IT"])
        await mirror.run()
        days = (today - timedelta(days=1), today)  # the API's days may begin at another time
        changed = {str(one.uuid) for day in days for one in await client.catalog.updates(day)}
        (archived, *_) = await client.catalog.archived(today)
        sql("UPDATE activities SET title = 'old'")
        sql("INSERT INTO activities (uuid, language) VALUES (?, 'it-IT')", str(archived.uuid))
        sql("INSERT INTO prices VALUES (?, 'EUR', 'retail_price', '1.00', 1)", str(archived.uuid))
        local.reset()
        report = await mirror.run()
    assert (report.is_complete, report.run.is_full, local.count("/activities")) == (True, False, 0)
    kept = set(sql("SELECT uuid FROM activities WHERE title = 'old'"))
    assert kept == set(local.activity_uuids()) - changed
    assert sql("SELECT count(*) FROM activities") == [120]
    assert sql("SELECT count(*) FROM prices WHERE uuid = ?", str(archived.uuid)) == [0]


async def test_everything_is_copied_again_after_six_days_and_on_wish(
    client: MusementClient, store: SQLiteMirrorStore, sql: Sql
) -> None:
    mirror = client.mirror(store)
    runs = [await mirror.run(), await mirror.run(), await mirror.run(full=True)]
    days_ago(sql, 5)
    runs.append(await mirror.run())
    sql("DELETE FROM runs WHERE name = ?", runs[-1].run.name)
    days_ago(sql, 6)
    runs.append(await mirror.run())
    assert [report.run.is_full for report in runs] == [True, False, True, False, True]


async def test_old_runs_are_forgotten(client: MusementClient, store: SQLiteMirrorStore, sql: Sql) -> None:
    mirror = client.mirror(store)
    await mirror.run()
    days_ago(sql, 31)
    report = await mirror.run()
    assert sql("SELECT name FROM runs") == [report.run.name]
    assert sql("SELECT count(*) FROM parts") == [report.progress.total]


async def test_a_part_that_fails_is_reported_and_the_next_start_repeats_it_alone(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement
) -> None:
    mirror = client.mirror(store)
    local.fail_next(1, status=403, path="/activities")
    report = await mirror.run(concurrency=1)
    assert (report.is_complete, report.progress.done, report.progress.total) == (False, 8, 9)
    ((name, reason),) = report.progress.failed.items()
    assert name.startswith("city:")
    assert reason.startswith("PermissionDeniedError: ")
    assert str(report.progress) == "8 of 9 done, 1 failed, 0 to go"
    assert re.fullmatch(r"not complete after \d+ s, about \d+ records; 8 of 9 done, 1 failed, 0 to go", str(report))
    assert report.progress.is_over
    local.reset()
    again = await mirror.run()
    assert (again.is_complete, again.run, local.count("/activities")) == (True, report.run, 1)
    assert str(again).startswith("complete after ")
    assert again.progress.failed == {}


async def test_a_failure_is_repeated_for_a_day_and_then_a_new_run_begins(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement, sql: Sql
) -> None:
    mirror = client.mirror(store)
    local.fail_next(1, status=403, path="/activities")
    first = await mirror.run()
    days_ago(sql, 2)
    second = await mirror.run()
    assert (second.run.name != first.run.name, second.run.is_full, second.is_complete) == (True, True, True)


async def test_what_an_unfinished_part_has_saved_is_not_fetched_again(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement
) -> None:
    mirror = client.mirror(store, cities=[56], details=True)
    _, part = await mirror.plan("a run")
    first, second, third = [activity async for activity in client.activities.search(city_in=56)]
    for activity in (first, third):
        await store.save("a run", part, [MirrorRecord("activities", str(activity.uuid), activity)])
    steps: list[MirrorProgress] = []
    assert (await mirror.run(on_progress=steps.append)).is_complete
    assert [call.path for call in local.calls if call.template == ONE] == [f"/activities/{second.uuid}"]
    assert [step.items for step in steps] == sorted(step.items for step in steps)
    assert (steps[0].items, steps[-1].items, steps[-1].expected) == (0, 4, 4)


async def test_an_activity_that_cannot_be_fetched_keeps_no_other_from_being_copied(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement, sql: Sql
) -> None:
    mirror = client.mirror(store, cities=56, details=True)
    first, *others = [str(activity.uuid) async for activity in client.activities.search(city_in=56)]
    local.fail_next(1, status=400, path=f"/activities/{first}")
    report = await mirror.run()
    (reason,) = report.progress.failed.values()
    assert first in reason
    assert sorted(sql("SELECT uuid FROM activities")) == sorted(others)
    assert (await mirror.run()).is_complete


async def test_a_part_gives_up_after_ten_failures(store: SQLiteMirrorStore, sql: Sql, anyio_backend_name: str) -> None:
    local = LocalMusement(activities=500)
    local.fail_next(10, status=400, path=ONE)
    async with local.client() as client:
        report = await client.mirror(store, cities=[2], details=True).run()
    assert list(report.progress.failed) == ["city:2:en-GB:EUR"]
    assert sql("SELECT count(*) < 31 - 10 FROM activities") == [True]


async def test_a_run_ends_after_ten_failures_in_a_row(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement
) -> None:
    local.fail_next(100, status=400, path="/activities")
    mirror = client.mirror(store, languages=["en-GB", "it-IT"])
    report = await mirror.run(concurrency=1)
    assert (report.progress.total, len(report.progress.failed), report.progress.left) == (18, 10, 6)
    local.reset()
    assert (await mirror.run()).is_complete


async def test_the_end_of_the_session_ends_the_run(client: MusementClient, store: SQLiteMirrorStore) -> None:
    mirror = client.mirror(store)
    parts = await mirror.plan("a run")
    await client.log_out()
    with pytest.raises(LoggedOutError):
        await mirror.run()
    assert (await store.progress("a run")).left == len(parts)


async def test_what_the_store_raises_ends_the_run(
    client: MusementClient, store: SQLiteMirrorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(store, "save", fail)
    with pytest.raises(OSError, match="full"):
        await client.mirror(store).run()


async def test_only_some_cities_are_copied_and_others_are_dropped(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement, sql: Sql
) -> None:
    await client.mirror(store, languages=["en-GB", "it-IT"], currencies=["EUR", "USD"]).run()
    local.reset()
    mirror = client.mirror(store, cities=[56, 40], days=2)
    await mirror.run()
    assert local.count("/cities") == 0
    assert sql("SELECT id FROM cities") == [40, 56]
    assert set(sql("SELECT city, language FROM activities")) == {(40, "en-GB"), (56, "en-GB")}
    assert set(sql("SELECT city FROM venues")) <= {40, 56}
    assert set(sql("SELECT currency FROM prices")) == set(sql("SELECT currency FROM days")) == {"EUR"}
    rows = await store.counts()
    report = await mirror.run()  # activities of other cities that have changed do not come in
    assert ([part.split(":")[0] for part in sql("SELECT name FROM parts WHERE run = ?", report.run.name)]) == [
        *("changes", "days", "days")
    ]
    after = await store.counts()
    assert [after[table] for table in KEPT_TABLES] == [rows[table] for table in KEPT_TABLES]
    await client.mirror(store).run()
    assert sql("SELECT count(*) FROM days") == [0]
    assert sql("SELECT count(DISTINCT city) FROM activities") == [8]


async def test_a_city_that_does_not_exist_is_an_error_before_anything_is_copied(
    client: MusementClient, store: SQLiteMirrorStore
) -> None:
    with pytest.raises(NotFoundError):
        await client.mirror(store, cities=[999_999]).run()
    assert await store.runs() == []


async def test_rows_that_the_api_has_no_longer_are_dropped_with_all_that_belongs_to_them(
    client: MusementClient, store: SQLiteMirrorStore, sql: Sql
) -> None:
    mirror = client.mirror(store, days=2)
    await mirror.run()
    before = await store.counts()
    sql("INSERT INTO activities (uuid, language, city) VALUES ('gone', 'en-GB', 56)")
    sql("INSERT INTO activity_categories VALUES ('gone', 1)")
    sql("INSERT INTO media (uuid, position) VALUES ('gone', 0)")
    sql("INSERT INTO days (uuid, currency, day) VALUES ('gone', 'EUR', '2026-01-01')")
    sql("INSERT INTO cities (id, language) VALUES (999, 'en-GB')")
    await mirror.run(full=True)
    assert await store.counts() == before


async def test_activities_that_vanish_while_they_are_fetched_are_left_out(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement, sql: Sql
) -> None:
    first, second, *_ = local.activity_uuids()
    local.fail_next(1, status=404, path=f"/activities/{first}")
    local.fail_next(1, status=403, path=f"/activities/{second}")
    local.fail_next(1, status=404, path=f"{ONE}/media")
    local.fail_next(1, status=404, path=f"{ONE}/dates")
    local.fail_next(1, status=403, path=f"{ONE}/dates")
    assert (await client.mirror(store, details=True, days=1).run()).is_complete
    assert set(sql("SELECT uuid FROM activities")) == set(local.activity_uuids()) - {first, second}
    assert sql("SELECT count(DISTINCT uuid) FROM media") == [9]


async def test_days_that_the_api_refuses_are_missing_unless_they_need_a_pickup_point(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement
) -> None:
    mirror = client.mirror(store, days=1)
    local.fail_next(1, status=400, code="1440", path=f"{ONE}/dates")
    report = await mirror.run(concurrency=1)
    assert [name.split(":")[0] for name in report.progress.failed] == ["days"]
    assert local.count(f"{ONE}/dates", status=400) == 1 + 2  # two activities need a pickup point


async def test_workers_copy_the_parts_of_a_plan(
    client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement, sql: Sql
) -> None:
    mirror = client.mirror(store)
    parts = await mirror.plan("2030-01-01")
    await mirror.copy("2030-01-01", MirrorPart.parse(str(parts[0])))
    await store.fail("2030-01-01", str(parts[1]), "no reason")
    assert list(await mirror.plan("2030-01-01")) == list(parts[1:])
    assert (await store.progress("2030-01-01")).failed == {}
    for part in parts[1:]:
        await mirror.copy("2030-01-01", part)
    local.reset()
    await mirror.copy("2030-01-01", parts[-1])
    await store.finish("2030-01-01", parts[-1])
    assert local.count() == 0
    assert (await store.progress("2030-01-01")).is_complete
    assert sql("SELECT count(*) FROM activities") == [12]


async def test_two_runs_at_once_on_one_file_do_the_work_twice_and_no_harm(
    client: MusementClient, store: SQLiteMirrorStore, tmp_path: Path, sql: Sql
) -> None:
    _, part, *_ = await client.mirror(store).plan("first")
    activities = [activity async for activity in client.activities.search(city_in=int(part.key))]
    await store.save("first", part, [MirrorRecord("activities", str(one.uuid), one) for one in activities])
    async with SQLiteMirrorStore(tmp_path / "catalogue.sqlite") as other:
        mirror = client.mirror(other)
        for each in await mirror.plan("second"):
            await mirror.copy("second", each)
        await store.finish("first", part)
        assert ((await other.progress("first")).done, (await other.progress("second")).is_complete) == (1, True)
    assert sorted(sql("SELECT uuid FROM activities")) == sorted(await found(client, "en-GB", "EUR"))


async def test_a_mirror_reads_past_the_cache(local: LocalMusement, store: SQLiteMirrorStore) -> None:
    async with local.client(cache=True) as client:
        mirror = client.mirror(store)
        await mirror.run()
        await mirror.run(full=True)
        assert (client.cache.figures.hits, client.cache.figures.misses) == (0, 0)
    assert local.count("/cities") == 4


async def test_json_lines_have_a_line_for_each_row(
    client: MusementClient, store: SQLiteMirrorStore, tmp_path: Path
) -> None:
    await client.mirror(store).run()
    await store.export(tmp_path / "lines")
    counts = await store.counts()
    assert {path.stem for path in (tmp_path / "lines").iterdir()} == counts.keys()
    for table, rows in counts.items():
        lines = (tmp_path / "lines" / f"{table}.jsonl").read_text("utf-8").splitlines()
        assert len(lines) == rows
        for line in map(json.loads, lines):
            assert line.get("json", {}).get("title") == (line.get("title") if table == "activities" else None)


async def test_a_store_is_of_one_api(local: LocalMusement, store: SQLiteMirrorStore, client: MusementClient) -> None:
    report = await client.mirror(store, cities=[56]).run()
    assert report.run.source == "local"
    assert [run.source for run in await store.runs()] == ["local"]
    local.reset()
    said = "^store: holds a copy of local, and this client asks https://api.example.com/v3: use another store$"
    async with local.client(base_url="https://api.example.com/v3") as other:
        mirror = other.mirror(store, cities=[56])
        for begin in (mirror.run(), mirror.plan("a run")):
            with pytest.raises(ArgumentError, match=said):
                await begin
    assert local.count() == 0


async def test_a_local_musement_is_the_same_api_on_each_port(store: SQLiteMirrorStore, local: LocalMusement) -> None:
    for base_url in ("http://127.0.0.1:8000/api/v3", "http://localhost:9000/api/v3", "http://[::1]/api/v3"):
        async with local.client(base_url=base_url) as client:
            assert (await client.mirror(store, cities=[56]).run()).is_complete


async def test_a_copy_with_other_settings_is_replaced_with_a_warning(
    client: MusementClient, store: SQLiteMirrorStore, caplog: pytest.LogCaptureFixture, sql: Sql
) -> None:
    def warnings() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]

    await client.mirror(store, currencies=["EUR", "USD"], days=2).run()
    assert warnings() == []
    mirror = client.mirror(store, languages=["en-GB", "it-IT"], cities=[40, 56], details=True)
    await mirror.run()
    await mirror.run()
    said = (
        "the store has a copy with other settings (languages en-GB; currencies EUR, USD; all cities; 2 days); this run "
        "(languages en-GB, it-IT; currencies EUR; cities 40, 56; details) copies everything again, and drops what its "
        "settings leave out"
    )
    assert warnings() == [said]


async def test_settings_that_come_back_copy_everything_again(
    client: MusementClient, store: SQLiteMirrorStore, sql: Sql
) -> None:
    whole, narrow = client.mirror(store), client.mirror(store, cities=[56])
    runs = [await whole.run(), await narrow.run(), await whole.run()]
    assert [report.run.is_full for report in runs] == [True, True, True]
    assert sql("SELECT count(DISTINCT city) FROM activities") == [8]


@pytest.mark.parametrize("concurrency", [0, True, 1.5])
async def test_at_least_one_part_is_copied_at_once(
    concurrency: Any, client: MusementClient, store: SQLiteMirrorStore, local: LocalMusement
) -> None:
    with pytest.raises(ArgumentError, match=r"^concurrency: "):
        await client.mirror(store).run(concurrency=concurrency)
    assert local.count() == 0


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("languages", []),
        ("languages", None),
        ("languages", ["en_GB"]),
        ("languages", [None]),
        ("currencies", ["eur"]),
        ("currencies", 1),
        ("cities", []),
        ("cities", [True]),
        ("cities", "Rome"),
        ("details", 1),
        ("days", -1),
        ("days", 367),
        ("days", True),
        ("store", "catalogue.sqlite"),
    ],
)
async def test_arguments_that_cannot_work_are_named(
    argument: str, value: Any, client: MusementClient, store: SQLiteMirrorStore
) -> None:
    with pytest.raises(ArgumentError, match=f"^{argument}: "):
        client.mirror(**{"store": store, argument: value})


async def test_a_mirror_shows_where_it_is_and_what_it_copies(client: MusementClient, tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    shown = repr(client.mirror(SQLiteMirrorStore(path), cities=[56, 40]))
    assert shown == f'Mirror(SQLiteMirrorStore({str(path)!r}), [["en-GB"], ["EUR"], [40, 56], false, 0])'


def test_a_part_has_a_name() -> None:
    part = MirrorPart("changes", f"{date(2030, 1, 1)}..{date(2030, 1, 2)}", "en-GB", "EUR", 5)
    assert MirrorPart.parse(str(part)) == part
