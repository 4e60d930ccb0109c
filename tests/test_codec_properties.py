"""Properties of lenient decoding, for any damage and any model."""

import json
import logging
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musement_async import models
from musement_async.codec import Undecodable, decode, to_builtins, to_json
from musement_async.models import ActivitySearchResult, Model, OpenEnum
from musement_async.models._base import DateTime, Time

CITY = {"id": 7, "uuid": "0b5c8f4e-6f0a-4c58-9d0e-3a4f6d1f2a11", "name": "Lisboa", "country": {"id": 3, "name": "PT"}}
ACTIVITY = {
    "uuid": "7d7f7e35-9f0e-4c1b-8a55-5a9d0f7c2b10",
    "title": "Tramway and tiles",
    "city": CITY,
    "booking_type": "CALENDAR-TIMESLOTS",
    "open": False,
    "duration_range": {"max": "PT3H"},
    "languages": [{"code": "pt", "name": "Portuguese"}, {"code": "en", "name": "English"}],
    "highlights": ["A view", "A hill"],
    "retail_price": {"currency": "EUR", "value": 19.5, "formatted_value": "€ 19.50"},
    "categories": [{"id": 1, "level": "1", "children": [{"id": 2, "level": 2, "city": CITY}]}],
    "reviews_avg": 4.5,
    "reviews_aggregated_info": {"1": 0, "2": 1, "5": 20},
    "venues": [{"id": 9, "tips": [{"text": "Come early"}], "verticals": [{"id": 4, "active": True}]}],
    "created_at": "2024-02-29T09:30:00+0000",
    "published_at": "2024-03-01 10:00",
}
PAGE = {
    "meta": {"count": 2, "match_type": "cities", "match_names": ["Lisboa"]},
    "data": [ACTIVITY, {"uuid": "7d7f7e35-9f0e-4c1b-8a55-5a9d0f7c2b11"}, ACTIVITY],
    "facets": [{"key": "price", "facet_type": "RANGE", "values": [{"key": "0-10", "value": 4}]}],
}
# Texts that json.dumps() does not write.
RAW = [
    b"NaN",
    b"-Infinity",
    b"1e400",
    b"-1e99999999999999999999",
    b"1" * 400,
    b"1" * 5000,
    b'"\\ud800"',
    b'"\\udc00 and on"',
    b'"\xff\xfe"',
    b'"\xed\xa0\x80"',
    b'"nan"',
    b'"Infinity"',
    b'"1e400"',
    b'""',
    b"[" * 40 + b"]" * 40,
]
Path = tuple[str | int, ...]


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> Iterator[None]:
    logger = logging.getLogger("musement_async.codec")
    logger.disabled = True
    yield
    logger.disabled = False


def places(tree: object, path: Path = ()) -> Iterator[Path]:
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield (*path, key)
            yield from places(value, (*path, key))


def parent(tree: Any, path: Path) -> Any:
    for key in path[:-1]:
        tree = tree[key]
    return tree


def corrupted(place: Path, corruption: bytes) -> bytes:
    page = json.loads(json.dumps(PAGE))
    parent(page, place)[place[-1]] = "{{corruption}}"
    return json.dumps(page).encode().replace(b'"{{corruption}}"', corruption)


def is_id(place: Path) -> bool:
    """Whether a value is an id without which its object is left out."""
    return place[-1] == "id" or (len(place) == 3 and place[-1] == "uuid")


PLACES = st.sampled_from(sorted((place for place in places(PAGE) if not is_id(place)), key=str))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
).map(lambda value: json.dumps(value).encode())


@given(place=PLACES, corruption=st.sampled_from(RAW) | JSON)
def test_one_corrupted_value_leaves_all_others_as_they_were(place: Path, corruption: bytes) -> None:
    found = to_builtins(decode(corrupted(place, corruption), ActivitySearchResult))
    expected = to_builtins(decode(json.dumps(PAGE).encode(), ActivitySearchResult, strict=True))

    if len(parent(found, place)) == len(parent(expected, place)):
        del parent(found, place)[place[-1]]
    del parent(expected, place)[place[-1]]
    assert found == expected


@given(place=PLACES, corruption=st.sampled_from(RAW) | JSON)
def test_the_rest_of_a_corrupted_answer_survives_being_written_and_read(place: Path, corruption: bytes) -> None:
    saved = decode(corrupted(place, corruption), ActivitySearchResult)

    assert decode(to_json(saved), ActivitySearchResult, strict=True) == saved


@given(data=st.data())
def test_bytes_changed_anywhere_decode_or_are_undecodable(data: st.DataObject) -> None:
    body = bytearray(json.dumps(PAGE).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body) - 1))
        body[start : start + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    try:
        page = decode(bytes(body), ActivitySearchResult)
    except Undecodable:
        return
    assert isinstance(page, ActivitySearchResult)


@given(body=st.binary() | JSON)
def test_any_bytes_decode_or_are_undecodable(body: bytes) -> None:
    try:
        page = decode(body, ActivitySearchResult)
    except Undecodable:
        return
    assert isinstance(page, ActivitySearchResult)


NAMES = [name for name in models.__all__ if name != "Model"]
MODELS = [kind for name in NAMES if isinstance(kind := getattr(models, name), type) and issubclass(kind, Model)]
ZONES = st.builds(timezone, st.builds(timedelta, minutes=st.integers(-14 * 60, 14 * 60)))
LONG_AGO = datetime(1900, 1, 1)  # noqa: DTZ001 (zones come from ZONES)
PLAIN: dict[object, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    UUID: st.uuids(),
    date: st.dates(),
    Time: st.times(),
    DateTime: st.datetimes(LONG_AGO) | st.datetimes(LONG_AGO, timezones=ZONES),
    type(None): st.none(),
}


def values_of(kind: Any, depth: int) -> st.SearchStrategy[Any]:
    origin: Any = typing.get_origin(kind)
    arguments = [argument for argument in typing.get_args(kind) if not isinstance(argument, msgspec.Meta)]
    if kind in PLAIN:
        return PLAIN[kind]
    if origin in {Annotated, types.UnionType, typing.Union}:
        return st.one_of(*(values_of(argument, depth) for argument in arguments))
    if origin is tuple:
        return st.lists(values_of(arguments[0], depth), max_size=2).map(tuple)
    if origin is dict:
        return st.dictionaries(*(values_of(argument, depth) for argument in arguments), max_size=3)
    if issubclass(kind, OpenEnum):
        # Lenient reading takes the word "null" for no value.
        unknown = st.text().filter(lambda text: text.lower() != "null")
        return st.sampled_from(kind) | unknown.map(kind)
    return instances_of(kind, depth - 1)


@st.composite
def instances_of(draw: st.DrawFn, model: Any, depth: int = 2) -> Model:
    fields = msgspec.structs.fields(model)
    kinds = {field.name: field.type for field in fields}
    names = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=5, unique=True)) if depth else []
    names = [*{*names, *(field.name for field in fields if field.required)}]
    instance: Model = model(**{name: draw(values_of(kinds[name], depth)) for name in names})
    return instance


@st.composite
def full_instances_of(draw: st.DrawFn, model: Any) -> Model:
    """Instances with all fields set; inner instances are random."""
    instance: Model = model(**{f.name: draw(values_of(f.type, 1)) for f in msgspec.structs.fields(model)})
    return instance


@pytest.mark.parametrize("examples", [3, pytest.param(20, marks=pytest.mark.stress)])
def test_a_model_survives_being_written_and_read(examples: int) -> None:
    lost: dict[str, object] = {}
    for model in MODELS:

        @settings(max_examples=examples)
        @given(instance=full_instances_of(model) | instances_of(model))
        def check(instance: Model) -> None:
            assert decode(to_json(instance), type(instance), strict=True) == instance

        try:
            check()
        except Exception as error:  # noqa: BLE001 - the first failure of each model
            lost[model.__name__] = error

    assert lost == {}
