"""The base of all models."""

import copy
import pickle
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import attrs
import msgspec
import pytest
from rich.pretty import pretty_repr

from musement_async.codec import Undecodable, decode, to_json
from musement_async.models import (
    Activity,
    BookingType,
    City,
    Country,
    Model,
    OpenEnum,
    Price,
    ReviewsAggregatedInfo,
    Widget,
)
from musement_async.models._base import Time


class Colour(OpenEnum):
    RED = "RED"


def test_a_model_shows_the_fields_that_say_something() -> None:
    assert repr(City(id=2, country=Country(id=82, iso_code="IT"), top=False)) == (
        "City(id=2, country=Country(id=82, iso_code='IT'), top=False)"
    )


def test_a_model_is_shown_in_a_few_lines_that_begin_with_what_identifies_it() -> None:
    activity = Activity(
        uuid=UUID(int=1),
        title="A day in the mountains " * 10,
        about="Everything there is to say. " * 100,
        retail_price=Price(value=Decimal("35.20"), currency="EUR"),
        city=City(id=2, name="Rome", content="It is old."),
        booking_type=BookingType.CALENDAR_TIMESLOTS,
        highlights=("A view",),
        included=("A guide", "A meal"),
    )
    assert repr(activity) == (
        "Activity(title='A day in the mountains A day in the mountains A day in the …', uuid=UUID('"
        "00000000-0000-0000-0000-000000000001'), retail_price=Price(35.20 EUR), city=City(id=2, name='Rome', …), "
        "booking_type='CALENDAR-TIMESLOTS', …)"
    )
    assert repr(Activity(uuid=UUID(int=1), highlights=("A view",), included=("A guide", "A meal"))).endswith(
        "highlights=<1 item>, included=<2 items>)"
    )


def test_rich_shows_every_field_that_says_something() -> None:
    city = City(id=2, name="Rome", country=Country(id=82, iso_code="IT"))
    assert pretty_repr(city, max_width=200) == "City(id=2, name='Rome', country=Country(id=82, iso_code='IT'))"


@pytest.mark.parametrize(
    ("price", "text"),
    [
        (Price(value=Decimal("35.20"), currency="EUR", formatted_value="€ 35.20"), "€ 35.20"),
        (Price(value=Decimal("35.20"), currency="EUR"), "35.20 EUR"),
        (Price(value=Decimal("35.20")), "35.20"),
        (Price(currency="EUR"), "an unknown amount"),
    ],
    ids=["formatted", "with currency", "bare", "unknown"],
)
def test_a_price_is_text_as_people_write_it(price: Price, text: str) -> None:
    assert (str(price), repr(price)) == (text, f"Price({text})")


def test_models_with_equal_fields_are_equal() -> None:
    assert decode(b'{"id": 2}', City) == City(id=2)


def test_models_with_equal_fields_are_one_in_a_set() -> None:
    activities = {
        Activity(uuid=UUID(int=1), title="A", reviews_aggregated_info=ReviewsAggregatedInfo(one=2)),
        Activity(uuid=UUID(int=1), title="A", reviews_aggregated_info=ReviewsAggregatedInfo(one=2)),
    }

    assert len(activities) == 1


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])  # noqa: S301
def test_a_decoded_model_can_be_copied_and_pickled(again: object) -> None:
    assert callable(again)
    activity = decode(
        b'{"uuid": "00000000000000000000000000000001", "title": "A", "city": {"id": 2}, "booking_type": "NEW"}',
        Activity,
    )

    assert again(activity) == activity


def test_a_model_can_be_changed_into_another() -> None:
    assert msgspec.structs.replace(City(id=2, name="Roma"), name="Rome") == City(id=2, name="Rome")


def test_attrs_takes_a_model_for_one_of_its_classes() -> None:
    rome = City(id=2, country=Country(id=82, iso_code="IT"))

    assert [field.name for field in attrs.fields(Country)] == [field.name for field in msgspec.structs.fields(Country)]
    assert attrs.asdict(rome)["country"]["iso_code"] == "IT"
    assert attrs.evolve(rome, name="Rome") == City(id=2, name="Rome", country=Country(id=82, iso_code="IT"))  # type: ignore[misc]


def test_known_text_becomes_a_member() -> None:
    assert Colour("RED") is Colour.RED


def test_unknown_text_is_kept_by_an_open_enum() -> None:
    assert Colour("BLUE") == "BLUE"


def test_unknown_text_is_known_to_be_unknown() -> None:
    assert [Colour(text) in Colour.__members__.values() for text in ("RED", "BLUE")] == [True, False]


def test_an_unknown_value_behaves_as_its_text() -> None:
    blue = Colour("BLUE")

    assert (str(blue), f"{blue}", repr(blue), hash(blue)) == ("BLUE", "BLUE", "<Colour.BLUE: 'BLUE'>", hash("BLUE"))


def test_unknown_values_are_not_remembered() -> None:
    Colour("GREEN")

    assert list(Colour) == [Colour.RED]


def test_an_unknown_value_survives_being_written_and_read() -> None:
    activity = Activity(uuid=UUID(int=1), booking_type=BookingType("BY-PIGEON"))

    assert decode(to_json(activity), Activity, strict=True) == activity


def test_an_enum_takes_no_other_values_than_text() -> None:
    with pytest.raises(ValueError, match="3 is not a valid Colour"):
        Colour(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01T10:30:00+0000", datetime(2026, 12, 1, 10, 30, tzinfo=UTC)),
        ("2026-12-01T10:30:00Z", datetime(2026, 12, 1, 10, 30, tzinfo=UTC)),
        ("2026-12-01T10:30:00.5+01:30", datetime(2026, 12, 1, 9, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-12-01 10:30-0500", datetime(2026, 12, 1, 15, 30, tzinfo=UTC)),
        ("2026-12-01 10:30", datetime(2026, 12, 1, 10, 30)),  # noqa: DTZ001 (local time of the activity)
        ("2026-12-01T10:30:00", datetime(2026, 12, 1, 10, 30)),  # noqa: DTZ001 (the same)
    ],
)
def test_a_date_and_time_is_read_in_each_of_the_formats_of_the_api(text: str, expected: datetime) -> None:
    assert decode(f'{{"created_at": "{text}"}}'.encode(), Widget, strict=True).created_at == expected


def test_a_date_and_time_is_a_plain_datetime() -> None:
    assert type(decode(b'{"created_at": "2026-12-01 10:30"}', Widget).created_at) is datetime


@pytest.mark.parametrize(
    "value",
    ['"2026-12-01"', '"20261201T1030"', '"2026-13-01 10:30"', '"2026-12-01 10:30:00+01:00:30"', '""', "5", "{}"],
)
def test_what_is_no_date_and_time_is_refused(value: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(f'{{"created_at": {value}}}'.encode(), Widget, strict=True)

    assert caught.value.path == "$.created_at"


@pytest.mark.parametrize("zone", [None, UTC, timezone(timedelta(hours=-3, minutes=-30))])
def test_a_date_and_time_survives_being_written_and_read(zone: timezone | None) -> None:
    activity = Activity(uuid=UUID(int=1), created_at=datetime(2026, 12, 1, 10, 30, 15, 250_000, tzinfo=zone))

    assert decode(to_json(activity), Activity, strict=True) == activity


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity"])
def test_a_coordinate_is_a_finite_number(value: str) -> None:
    with pytest.raises(Undecodable):
        decode(f'{{"latitude": "{value}"}}'.encode(), City, strict=True)


def test_money_is_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        decode(b'{"value": "NaN"}', Price, strict=True)


class Opening(Model, frozen=True, kw_only=True):
    at: Time | None = None


@pytest.mark.parametrize(("text", "expected"), [("09:30", time(9, 30)), ("23:59:59", time(23, 59, 59))])
def test_a_time_of_day_is_a_plain_time(text: str, expected: time) -> None:
    opening = decode(f'{{"at": "{text}"}}'.encode(), Opening, strict=True)

    assert (type(opening.at), opening.at) == (time, expected)
    assert decode(to_json(opening), Opening, strict=True) == opening


@pytest.mark.parametrize("value", ['"9:30"', '"25:00"', '"09:30+01:00"', '"0930"', '""', "9"])
def test_what_is_no_time_of_day_is_refused(value: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(f'{{"at": {value}}}'.encode(), Opening, strict=True)

    assert caught.value.path == "$.at"
