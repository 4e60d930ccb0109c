"""The tables of a mirror in SQLite, and the rows that records become."""

import re
from collections.abc import Iterator
from typing import Any, cast

from musement_async.codec import to_json
from musement_async.mirror.parts import MirrorPart, MirrorRecord
from musement_async.models.activities import Activity, Venue
from musement_async.models.categories import Category
from musement_async.models.cities import City
from musement_async.models.dates import ActivityDate
from musement_async.models.media import Media
from musement_async.models.prices import Price

# Amounts are there twice: `amount` for arithmetic, `price` with the digits that the API sent.
TABLES = """
CREATE TABLE IF NOT EXISTS cities (
    id INTEGER, language TEXT, name TEXT, country TEXT, time_zone TEXT, latitude REAL, longitude REAL,
    activities INTEGER, json TEXT, PRIMARY KEY (id, language)
);
CREATE TABLE IF NOT EXISTS categories (
    id INTEGER, language TEXT, name TEXT, code TEXT, level INTEGER, parent INTEGER, json TEXT,
    PRIMARY KEY (id, language)
);
CREATE TABLE IF NOT EXISTS venues (
    id INTEGER, language TEXT, name TEXT, city INTEGER, latitude REAL, longitude REAL, json TEXT,
    PRIMARY KEY (id, language)
);
CREATE TABLE IF NOT EXISTS activities (
    uuid TEXT, language TEXT, city INTEGER, title TEXT, description TEXT, url TEXT, rating REAL, reviews INTEGER,
    latitude REAL, longitude REAL, json TEXT, PRIMARY KEY (uuid, language)
);
CREATE INDEX IF NOT EXISTS activities_of_city ON activities (city, language);
CREATE TABLE IF NOT EXISTS activity_categories (uuid TEXT, category INTEGER, PRIMARY KEY (uuid, category));
CREATE TABLE IF NOT EXISTS activity_venues (uuid TEXT, venue INTEGER, PRIMARY KEY (uuid, venue));
CREATE TABLE IF NOT EXISTS prices (
    uuid TEXT, currency TEXT, kind TEXT, price TEXT, amount REAL, PRIMARY KEY (uuid, currency, kind)
);
CREATE TABLE IF NOT EXISTS media (
    uuid TEXT, position INTEGER, url TEXT, type TEXT, title TEXT, is_cover INTEGER, PRIMARY KEY (uuid, position)
);
CREATE TABLE IF NOT EXISTS days (
    uuid TEXT, currency TEXT, day TEXT, sold_out INTEGER, price TEXT, amount REAL, PRIMARY KEY (uuid, currency, day)
);
CREATE TRIGGER IF NOT EXISTS activity_is_gone AFTER DELETE ON activities
WHEN NOT EXISTS (SELECT 1 FROM activities WHERE uuid = OLD.uuid)
BEGIN
    DELETE FROM activity_categories WHERE uuid = OLD.uuid;
    DELETE FROM activity_venues WHERE uuid = OLD.uuid;
    DELETE FROM prices WHERE uuid = OLD.uuid;
    DELETE FROM media WHERE uuid = OLD.uuid;
    DELETE FROM days WHERE uuid = OLD.uuid;
END;
"""
CONTENT = tuple(re.findall(r"TABLE IF NOT EXISTS (\w+)", TABLES))

Statement = tuple[str, tuple[Any, ...]]


def statements(part: MirrorPart, record: MirrorRecord) -> Iterator[Statement]:
    """The statements that put a record in the place of an older one."""
    match record.value:
        case None:
            yield "DELETE FROM activities WHERE uuid = ? AND language = ?", (record.key, part.language)
        case City() as city:
            country = city.country and city.country.name
            place = (city.latitude, city.longitude, city.activities_count)
            yield _insert("cities", city.id, part.language, city.name, country, city.time_zone, *place, _json(city))
        case Category() as category:
            about = (category.name, category.code, category.level, category.parent_id)
            yield _insert("categories", category.id, part.language, *about, _json(category))
        case Venue() as venue:
            where = (venue.city and venue.city.id, venue.latitude, venue.longitude)
            yield _insert("venues", venue.id, part.language, venue.name, *where, _json(venue))
        case Activity() as activity:
            if record.kind == "activities":
                yield from _texts(part, record.key, activity)
            yield from _prices(part, record.key, activity)
        case _ if record.kind == "media":
            yield "DELETE FROM media WHERE uuid = ?", (record.key,)
            for position, one in enumerate(cast("tuple[Media, ...]", record.value)):
                yield _insert("media", record.key, position, one.url, one.type, one.title, one.is_cover)
        case _:
            yield "DELETE FROM days WHERE uuid = ? AND currency = ?", (record.key, part.currency)
            for day in cast("tuple[ActivityDate, ...]", record.value):
                price = _price(day.retail_price)
                yield _insert("days", record.key, part.currency, str(day.day), day.sold_out, *price)


def _texts(part: MirrorPart, uuid: str, activity: Activity) -> Iterator[Statement]:
    city = int(part.key) if part.kind == "city" else activity.city and activity.city.id
    texts = (activity.title, activity.description, activity.url)
    numbers = (activity.reviews_avg, activity.reviews_number, activity.latitude, activity.longitude)
    yield _insert("activities", uuid, part.language, city, *texts, *numbers, _json(activity))
    yield "DELETE FROM activity_categories WHERE uuid = ?", (uuid,)
    for category in activity.categories:
        yield _insert("activity_categories", uuid, category.id)
    yield "DELETE FROM activity_venues WHERE uuid = ?", (uuid,)
    for venue in activity.venues:
        yield _insert("activity_venues", uuid, venue.id)


def _prices(part: MirrorPart, uuid: str, activity: Activity) -> Iterator[Statement]:
    yield "DELETE FROM prices WHERE uuid = ? AND currency = ?", (uuid, part.currency)
    for kind in activity.__struct_fields__:
        price = getattr(activity, kind)
        if isinstance(price, Price) and price.value is not None:
            yield _insert("prices", uuid, part.currency, kind, *_price(price))


def _price(price: Price | None) -> tuple[str | None, float | None]:
    amount = None if price is None else price.value
    return (None, None) if amount is None else (str(amount), float(amount))


def _insert(table: str, *values: object) -> Statement:
    places = ", ".join("?" * len(values))
    return f"INSERT OR REPLACE INTO {table} VALUES ({places})", values  # noqa: S608 - names of our own


def _json(model: object) -> str:
    return to_json(model).decode()
