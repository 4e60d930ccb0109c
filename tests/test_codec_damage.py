"""Answers that do not fit their model, and the parts that are kept."""

import json
import logging
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import attrs
import msgspec
import pytest

from musement_async import codec, lenient
from musement_async.codec import decode
from musement_async.models import (
    NIL,
    Activity,
    ActivitySearchResult,
    BookingType,
    Cart,
    CartItem,
    City,
    Country,
    Order,
    OrderItem,
    Price,
    SearchMetadata,
)


@pytest.fixture(autouse=True)
def _nothing_reported_yet() -> Iterator[None]:
    lenient._reported.clear()
    yield
    lenient._reported.clear()


@attrs.frozen(kw_only=True)
class Everything:
    text: str | None = None
    whole: int | None = None
    real: Annotated[float, msgspec.Meta(ge=-1e300, le=1e300)] | None = None
    money: Decimal | None = None
    yes: bool | None = None
    key: UUID | None = None
    kind: BookingType | None = None
    names: tuple[str, ...] = ("none",)
    numbers: list[int] = attrs.Factory(list)
    codes: frozenset[str] = frozenset()
    limited: Annotated[tuple[int, ...], msgspec.Meta(max_length=2)] = ()
    pair: tuple[int, str] | None = None
    counts: dict[int, int] | None = None
    country: Country | None = None
    either: Country | tuple[Country, ...] | str | None = None


def one(field: str, value: str) -> Any:
    return getattr(decode(f'{{"{field}": {value}}}'.encode(), Everything), field)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("text", "3", "3"),
        ("text", "35.90", "35.90"),
        ("text", "true", "true"),
        ("whole", '"3"', 3),
        ("whole", '" 3 "', 3),
        ("whole", "3.0", 3),
        ("whole", '"3.0"', 3),
        ("whole", "1e2", 100),
        ("real", '" 2.5"', 2.5),
        ("real", '"2"', 2.0),
        ("money", '"35.90"', Decimal("35.90")),
        ("money", '" 35.90 "', Decimal("35.90")),
        ("yes", '"true"', True),
        ("yes", '" false "', False),
        ("yes", "1", True),
        ("key", '" 0b5c8f4e-6f0a-4c58-9d0e-3a4f6d1f2a11"', UUID("0b5c8f4e-6f0a-4c58-9d0e-3a4f6d1f2a11")),
        ("kind", '"SOMETHING-NEW"', "SOMETHING-NEW"),
        ("kind", "3", "3"),
        ("names", '["a", 3, true]', ("a", "3", "true")),
        ("numbers", '[1, " 2"]', [1, 2]),
        ("codes", '["a", 3]', frozenset({"a", "3"})),
        ("limited", '[1, " 2"]', (1, 2)),
        ("counts", '{" 1": 2, "3": " 4"}', {1: 2, 3: 4}),
        ("either", "3", "3"),
        ("either", '[{"id": " 1"}]', (Country(id=1),)),
        ("either", '{"id": " 1"}', Country(id=1)),
    ],
)
def test_a_value_of_a_neighbouring_type_is_converted(field: str, value: str, expected: object) -> None:
    assert one(field, value) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "[1]"),
        ("text", "{}"),
        ("whole", "3.5"),
        ("whole", "true"),
        ("whole", '"three"'),
        ("whole", '""'),
        ("whole", "1e400"),
        ("whole", "1" + "0" * 5000),
        ("real", "1e400"),
        ("real", '"nan"'),
        ("real", '"-Infinity"'),
        ("money", "1e99999999999999999999"),
        ("money", "true"),
        ("yes", "2"),
        ("yes", '"perhaps"'),
        ("key", '"no key"'),
        ("key", "3"),
        ("kind", "{}"),
        ("pair", '["x", 1]'),
        ("counts", "[1]"),
        ("country", "3"),
        ("country", '"PT"'),
        ("country", "[1]"),
    ],
)
def test_a_value_that_does_not_fit_is_left_out(field: str, value: str, caplog: pytest.LogCaptureFixture) -> None:
    assert one(field, value) is None
    assert [record.getMessage() for record in caplog.records] == [
        f"Everything: left out the value at $.{field}, which does not fit"
    ]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("names", "null", ("none",)),
        ("names", "{ }", ("none",)),
        ("numbers", "null", []),
        ("counts", "[\n]", None),
        ("country", "[]", None),
    ],
)
def test_an_empty_value_of_another_kind_is_as_good_as_none(
    field: str, value: str, expected: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert one(field, value) == expected
    assert not caplog.records


def test_null_counts_as_absent_where_a_value_is_not_optional(caplog: pytest.LogCaptureFixture) -> None:
    @attrs.frozen
    class Counted:
        count: int = 0
        name: str = "?"

    assert decode(b'{"count": null, "name": "n"}', Counted) == Counted(name="n")
    assert not caplog.records


@pytest.mark.parametrize("item", [b"3", b'"Lisboa"', b"[1]", b"true"])
def test_an_item_that_cannot_be_saved_is_left_out_of_its_list(item: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert decode(b'[{"id": 1}, ' + item + b', {"id": 3}]', list[City]) == [City(id=1), City(id=3)]
    assert "$[1]" in caplog.text


@pytest.mark.parametrize("item", [b"null", b"[]"])
def test_an_empty_item_is_left_out_of_its_list_in_silence(item: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert decode(b'[{"id": 1}, ' + item + b"]", list[City]) == [City(id=1)]
    assert not caplog.records


def test_an_entry_whose_key_or_value_does_not_fit_is_left_out_of_its_map(caplog: pytest.LogCaptureFixture) -> None:
    assert decode(b'[{"1": 4, "five": 5, "2": "x"}]', list[dict[int, int]]) == [{1: 4}]
    assert [record.getMessage().partition(" at ")[2].split(",")[0] for record in caplog.records] == [
        "$[0]",
        "$[0][...]",
    ]


def test_a_damaged_map_keeps_the_keys_of_the_others_as_they_are() -> None:
    assert decode(b'{" a ": 1, "a": 2, "b": []}', dict[str, int]) == {" a ": 1, "a": 2}


def test_one_bad_value_in_an_envelope_costs_that_value_only() -> None:
    damaged = b'{"uuid": "%032x", "retail_price": {"currency": "EUR", "value": "?"}}' % 1
    body = b'{"meta": {"count": "2"}, "data": [%s, {"uuid": "%032x"}]}' % (damaged, 2)

    assert decode(body, ActivitySearchResult) == ActivitySearchResult(
        meta=SearchMetadata(count=2),
        data=(
            Activity(uuid=UUID(int=1), retail_price=Price(currency="EUR")),
            Activity(uuid=UUID(int=2)),
        ),
    )


@pytest.mark.parametrize("amount", [b"NaN", b"sNaN", b" -Infinity", b"x"])
def test_an_amount_that_is_no_number_costs_the_amount_only(amount: bytes, caplog: pytest.LogCaptureFixture) -> None:
    activity = decode(b'{"uuid": "%032x", "retail_price": {"currency": "EUR", "value": "%s"}}' % (1, amount), Activity)

    assert activity.retail_price == Price(currency="EUR")
    assert "$.retail_price.value" in caplog.text


def test_an_amount_next_to_a_damaged_value_is_kept() -> None:
    assert decode(b'{"currency": ["EUR"], "value": 35.90}', Price) == Price(value=Decimal("35.90"))


def test_an_object_that_its_class_refuses_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    @attrs.frozen
    class Even:
        number: int = attrs.field()

        @number.validator
        def _even(self, _: object, value: int) -> None:
            if value % 2:
                raise ValueError("odd")

    assert decode(b'[{"number": 1}, {"number": 2}, {"number": []}]', list[Even]) == [Even(2)]
    assert "$[0]" in caplog.text


@pytest.mark.parametrize("item", [b'{"name": "Rome"}', b'{"id": null, "name": "Rome"}', b'{"id": "Rome"}'])
def test_an_item_without_its_id_is_left_out_of_its_list(item: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert decode(b'[{"id": 1}, ' + item + b"]", list[City]) == [City(id=1)]
    assert "list[City]: left out the value at $[1], which has no id" in caplog.messages


def test_a_nested_object_without_its_id_is_left_out_of_its_field(caplog: pytest.LogCaptureFixture) -> None:
    assert decode(b'{"id": 1, "country": {"name": "Italy"}}', City) == City(id=1)
    assert caplog.messages == ["City: left out the value at $.country, which has no id"]


def test_an_empty_object_counts_as_absent_where_it_would_need_an_id(caplog: pytest.LogCaptureFixture) -> None:
    assert decode(b'{"id": 1, "country": {}}', City) == City(id=1)
    assert not caplog.records


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"{}", r"^\$\.id: Object missing required field$"),
        (b'{"name": "Rome"}', r"^\$\.id: Object missing required field$"),
        (b'{"name": [], "id": []}', r"^\$\.id: Expected a value that fits$"),
    ],
)
def test_an_object_without_its_id_is_refused_when_it_is_all_there_is(body: bytes, problem: str) -> None:
    with pytest.raises(codec.Undecodable, match=problem):
        decode(body, City)


def test_an_order_and_its_items_are_kept_without_their_ids(caplog: pytest.LogCaptureFixture) -> None:
    body = b'{"identifier": "MUS1", "items": [{"uuid": "?", "quantity": 2}, {"code": "X"}]}'

    assert decode(body, Order) == Order(
        uuid=NIL, identifier="MUS1", items=(OrderItem(uuid=NIL, quantity=2), OrderItem(uuid=NIL, code="X"))
    )
    assert f"Order: the value at $ has no uuid; {NIL} stands in for it" in caplog.messages


def test_an_item_of_a_cart_is_kept_without_its_id() -> None:
    cart = decode(b'{"uuid": "00000000000000000000000000000001", "items": [{"quantity": 2}]}', Cart)

    assert cart.items == (CartItem(uuid=NIL, quantity=2),)


def test_an_order_without_its_id_is_refused_when_strict() -> None:
    with pytest.raises(codec.Undecodable, match="uuid"):
        decode(b'{"identifier": "MUS1"}', Order, strict=True)


def test_unknown_keys_are_ignored_in_a_damaged_object() -> None:
    assert decode(b'{"mood": "\xff", "id": 1, "weight": [], "name": "Faro"}', City) == City(id=1, name="Faro")


def test_a_field_under_an_alias_is_kept_in_a_damaged_object() -> None:
    @attrs.frozen
    class Aliased:
        id: int | None = None
        _code: str | None = None

    assert decode(b'{"id": [1], "_code": "x"}', Aliased) == Aliased(code="x")


def test_a_field_that_is_computed_stays_so_in_a_damaged_object() -> None:
    @attrs.frozen
    class Computed:
        id: int | None = None
        sum: int = attrs.field(default=4, init=False)

    assert decode(b'{"id": [1], "sum": 5}', Computed).sum == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"caf\xc3", "caf�"),
        (b"\xed\xa0\x80", "���"),
        (rb"a\ud800b", "a�b"),
        (rb"\udc00", "�"),
        (rb"\ud83d\ud83d\ude00", "�😀"),
        (rb"\\ud800 \ud800", "\\ud800 �"),
        (rb"caf\u00e9 \ud800", "café �"),
    ],
)
def test_text_that_is_no_unicode_gets_replacement_characters(text: bytes, expected: str) -> None:
    assert decode(b'{"id": 1, "name": "' + text + b'"}', City) == City(id=1, name=expected)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert decode(b'\xef\xbb\xbf{"id": 1}', City) == City(id=1)


@pytest.mark.parametrize("token", [b"NaN", b"Infinity", b"-Infinity"])
def test_a_number_that_json_does_not_have_counts_as_absent(token: bytes) -> None:
    body = b'{"id": 1, "name": "NaN, \\"Infinity\\"", "latitude": ' + token + b"}"

    assert decode(body, City) == City(id=1, name='NaN, "Infinity"')


def test_a_loss_is_logged_once_for_all_items(caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps([{"id": 1, "name": []} for _ in range(100)]).encode()

    decode(body, list[City])
    decode(body, list[City])

    assert [(record.name, record.levelno) for record in caplog.records] == [("musement_async.codec", logging.WARNING)]


def test_a_loss_is_logged_for_each_model(caplog: pytest.LogCaptureFixture) -> None:
    decode(b'{"id": 1, "name": []}', City)
    decode(b'{"id": 1, "name": []}', Country)

    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["City", "Country"]


def test_a_loss_is_logged_with_the_path_that_strict_decoding_names(caplog: pytest.LogCaptureFixture) -> None:
    activities = b'{"uuid": "%032x"}, {"uuid": "%032x", "venues": [{"id": 1, "city": {"id": 2, "weight": "x"}}]}' % (
        1,
        2,
    )
    body = b'{"data": [%s]}' % activities

    with pytest.raises(codec.Undecodable) as caught:
        decode(body, ActivitySearchResult, strict=True)
    decode(body, ActivitySearchResult)

    assert caught.value.path in caplog.text


def test_values_never_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    decode(
        b'{"uuid": "%032x", "city": {"id": "hush"}, "title": ["hush"], "reviews_aggregated_info": {"hush": 1}}' % 1,
        Activity,
    )

    assert caplog.records
    assert "hush" not in caplog.text


def test_every_other_value_of_many_damaged_items_arrives() -> None:
    items = [{"id": number, "weight": number if number % 2 else {"no": "number"}} for number in range(2000)]

    assert decode(json.dumps(items).encode(), list[City]) == [
        City(id=number, weight=number if number % 2 else None) for number in range(2000)
    ]
