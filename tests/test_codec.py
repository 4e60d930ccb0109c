"""The codec: values that it reads, values that it refuses, and writing."""

import subprocess
import sys
from decimal import Decimal
from uuid import UUID

import attrs
import pytest

from musement_async.codec import Undecodable, decode, from_json, to_builtins, to_json
from musement_async.models import (
    Activity,
    ActivitySearchResult,
    BookingType,
    Category,
    City,
    Country,
    Price,
    ReviewsAggregatedInfo,
)

CITY = UUID("0b5c8f4e-6f0a-4c58-9d0e-3a4f6d1f2a11")


def test_an_object_becomes_a_model() -> None:
    city = decode(b'{"id": 7, "name": "Lisboa", "country": {"id": 1, "iso_code": "PT"}}', City)

    assert city == City(id=7, name="Lisboa", country=Country(id=1, iso_code="PT"))


def test_object_stands_for_any_json() -> None:
    assert from_json(b'{"a": [1, null]}', dict[str, object]) == {"a": [1, None]}


def test_an_array_becomes_a_list_of_models() -> None:
    assert decode(b'[{"id": 7}, {"id": 8}]', list[City]) == [City(id=7), City(id=8)]


def test_an_array_becomes_a_tuple_of_models() -> None:
    assert decode(b'[{"id": 7}, {"id": 8}]', tuple[City, ...]) == (City(id=7), City(id=8))


@pytest.mark.parametrize(
    "body", [b'[{"uuid": "%032x"}]' % 1, b'{"meta": {"count": 1}, "data": [{"uuid": "%032x"}]}' % 1]
)
def test_a_union_takes_both_shapes_of_a_list(body: bytes) -> None:
    page = decode(body, tuple[Activity, ...] | ActivitySearchResult)  # type: ignore[arg-type]  # no type for unions

    found = page.data if isinstance(page, ActivitySearchResult) else page
    assert found == (Activity(uuid=UUID(int=1)),)


def test_unknown_keys_are_ignored_even_when_strict() -> None:
    assert decode(b'{"id": 7, "mood": {"x": [1]}}', City, strict=True) == City(id=7)


def test_a_level_in_a_string_is_a_number_even_when_strict() -> None:
    assert decode(b'{"id": 1, "level": "2"}', Category, strict=True).level == 2


def test_money_is_exact() -> None:
    price = decode(b'{"value": 35.90}', Price)

    assert str(price.value) == "35.90"


def test_an_identifier_becomes_a_uuid() -> None:
    assert decode(b'{"id": 1, "uuid": "0b5c8f4e-6f0a-4c58-9d0e-3a4f6d1f2a11"}', City).uuid == CITY


def test_keys_that_are_numbers_become_numbers() -> None:
    assert decode(b'{"1": 0, "5": 12}', dict[int, int], strict=True) == {1: 0, 5: 12}


def test_keys_that_are_not_names_have_fields() -> None:
    found = decode(b'{"1": 0, "5": 12}', ReviewsAggregatedInfo, strict=True)

    assert found == ReviewsAggregatedInfo(one=0, five=12)


def test_a_documented_null_for_a_list_fits_even_when_strict() -> None:
    assert decode(b'{"id": 1, "children": null}', Category, strict=True).children is None


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b'[{"id": 1}, {"country": {"id": "one"}}]', "$[1].country.id"),
        (b'[{"id": []}]', "$[0].id"),
        (b'[{"name": "Rome"}]', "$[0]"),
        (b'{"id": 1}', "$"),
        (b"[", "$"),
        (b"", "$"),
        (b"<html>", "$"),
        (b'[{"name": "\xff"}]', "$"),
        (b'[{"name": "\\ud800"}]', "$"),
        (b'[{"mood":' + b"[" * 100_000, "$"),
    ],
)
def test_strict_decoding_names_the_first_value_that_does_not_fit(body: bytes, path: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(body, list[City], strict=True)

    assert caught.value.path == path


def test_strict_decoding_names_the_map_of_a_key_that_does_not_fit() -> None:
    with pytest.raises(Undecodable) as caught:
        decode(b'[{"many": 1}]', list[dict[int, int]], strict=True)

    assert caught.value.path == "$[0]"


def test_an_error_says_where_and_why() -> None:
    with pytest.raises(Undecodable, match=r"^\$\.weight: Expected `int \| null`, got `array`$"):
        decode(b'{"weight": []}', City, strict=True)


@pytest.mark.parametrize(
    ("body", "model"),
    [
        (b'"text"', City),
        (b"3", City),
        (b"null", City),
        (b"[]", City),
        (b"[{}]", City),
        (b'{"id": 1}', list[City]),
        (b'{"0": {"id": 1}, "x": {"id": 2}}', list[City]),
        (b"null", int),
        (b"[]", int),
    ],
)
def test_an_outermost_value_of_the_wrong_kind_is_refused(body: bytes, model: type[object]) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(body, model)

    assert caught.value.path == "$"


@pytest.mark.parametrize("body", [b"null", b" {} ", b"[]"])
def test_nothing_is_an_empty_list_or_map_where_one_is_all_there_is(body: bytes) -> None:
    assert decode(body, tuple[City, ...]) == ()
    assert decode(body, dict[str, int]) == {}


@pytest.mark.parametrize("body", [b'{"0": {"id": 1}, "3": {"id": 2}}', b'{"7": {"id": 1}, "8": {"id": 2}}'])
def test_a_map_with_numbers_for_keys_is_the_list_of_its_values(body: bytes) -> None:
    assert decode(body, list[City]) == [City(id=1), City(id=2)]


def test_an_inner_map_with_numbers_for_keys_is_the_list_of_its_values() -> None:
    body = b'{"id": 1, "children": {"2": {"id": 3}}}'
    assert decode(body, Category) == Category(id=1, children=(Category(id=3),))


@pytest.mark.parametrize("body", [b"null", b"{}", b'{"0": {"id": 1}}'])
def test_a_list_is_a_list_when_strict(body: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(body, list[City], strict=True)


@pytest.mark.parametrize("body", [b"", b"  ", b"nope", b"<html></html>", b'{"id": 1', b'{"id": 1} {"id": 2}', b"\x00"])
def test_a_body_that_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(Undecodable, match=r"^\$: not JSON$"):
        decode(body, City)


@pytest.mark.parametrize("body", [b'{"name":' + b"[" * 100_000, b'{"children":[' * 50_000, b'{"kin":' + b"[" * 100_000])
def test_a_body_that_is_nested_too_deeply_is_refused(body: bytes) -> None:
    with pytest.raises(Undecodable, match="nested too deeply"):
        decode(body, Category)


def test_an_unfinished_string_full_of_escapes_is_refused_in_linear_time() -> None:
    with pytest.raises(Undecodable):
        decode(b'{"name": "' + b'\\"' * 300_000, City)


@pytest.mark.parametrize("strict", [False, True])
def test_an_error_carries_nothing_of_the_body(strict: bool) -> None:  # noqa: FBT001
    with pytest.raises(Undecodable) as caught:
        decode(b'{"name": "\xff", "access_token": "hush"', City, strict=strict)

    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert "hush" not in str(caught.value)


def test_a_body_of_blanks_and_a_model_is_read() -> None:
    assert decode(b' \n{"id": 1, "weight": "x"}\n', City) == City(id=1)


def test_json_names_every_field() -> None:
    assert to_json(Country(id=1, iso_code="PT")) == (
        b'{"id":1,"name":null,"iso_code":"PT","iso3char":null,"country_prefix":null,"currency_code":null}'
    )


def test_json_of_a_collection_is_an_array() -> None:
    assert decode(to_json([City(id=1), City(id=2)]), list[City]) == [City(id=1), City(id=2)]


def test_json_has_money_as_an_exact_number() -> None:
    assert b'"value":35.90,' in to_json(Price(value=Decimal("35.90")))


def test_builtins_keep_money_as_decimal() -> None:
    assert to_builtins(Price(value=Decimal("35.90")))["value"] == Decimal("35.90")


def test_builtins_of_a_collection_are_a_list() -> None:
    assert [city["id"] for city in to_builtins((City(id=1), City(id=2)))] == [1, 2]


def test_builtins_hold_lists_texts_and_text_keys_as_json_does() -> None:
    activity = Activity(
        uuid=CITY,
        booking_type=BookingType.CALENDAR_TIMESLOTS,
        highlights=("a",),
        reviews_aggregated_info=ReviewsAggregatedInfo(five=1),
    )
    found = to_builtins(activity)

    assert {name: value for name, value in found.items() if value not in (None, [])} == {
        "uuid": str(CITY),
        "booking_type": "CALENDAR-TIMESLOTS",
        "highlights": ["a"],
        "reviews_aggregated_info": {**dict.fromkeys("1234"), "5": 1},
    }


def test_a_type_can_say_how_it_is_read() -> None:
    class Loud(str):
        __slots__ = ()

        @staticmethod
        def from_wire(value: object) -> "Loud":
            if not isinstance(value, str):
                raise ValueError("Expected text")  # noqa: TRY004 (the protocol wants a ValueError)
            return Loud(value.upper())

    assert decode(b'["a", "b"]', list[Loud]) == ["A", "B"]


def test_the_codec_imports_no_room_above_it() -> None:
    script = "import sys, musement_async.codec\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    above = ("auth", "client", "core", "models", "pagination", "resources", "transports")

    assert not {"httpx", *(f"musement_async.{room}" for room in above)} & set(result.stdout.split())


def test_a_model_without_a_mandatory_field_is_refused_when_it_is_all_there_is() -> None:
    @attrs.frozen
    class Named:
        name: str

    with pytest.raises(Undecodable) as caught:
        decode(b'{"name": []}', Named)

    assert caught.value.path == "$.name"


@pytest.mark.parametrize("text", [b"NaN", b"-Infinity", b" Infinity "])
def test_a_body_that_is_a_number_json_does_not_have_is_refused(text: bytes) -> None:
    with pytest.raises(Undecodable):
        decode(text, list[City])
