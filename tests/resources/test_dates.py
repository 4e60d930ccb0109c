"""Dates, schedules and timeslots: the requests, refusals and results of each method."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError, PermissionDeniedError
from musement_async.models import Activity, GroupType, OrderBoxElement, Schedule, ScheduleGroup
from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.activities import Catalogue
from musement_async.testing.catalogue.schedules import find_product

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"
PICKUP = UUID("a2f1f46c-3923-4510-b5ba-b50aad624eb1")
PATH = f"/activities/{UUID_TEXT}/dates"
TODAY = date(2026, 6, 1)
DAY = date(2026, 12, 1)
TIME = time(9, 30)


@pytest.fixture(scope="module")
def local() -> LocalMusement:
    """A shared server for tests that only read its catalogue."""
    return LocalMusement(today=TODAY)


@pytest.fixture
def client(local: LocalMusement) -> MusementClient:
    return local.client(currency="EUR")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the server."""
    return Catalogue(seed=2026, size=500, today=TODAY)


@pytest.mark.anyio
async def test_a_list_of_dates_sends_every_parameter_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(json=[])
    found = await client.dates.list(
        UUID_TEXT,
        date_from=date(2026, 12, 1),
        date_to=date(2026, 12, 24),
        discounts=[10, 15.5, Decimal("22.05")],
        pickup=PICKUP,
        tickets_number=4,
    )
    assert found == ()
    assert requests[0].url.path == PATH
    assert requests[0].url.params.multi_items() == [
        ("date_from", "2026-12-01"),
        ("date_to", "2026-12-24"),
        ("pickup", str(PICKUP)),
        ("tickets_number", "4"),
        ("discounts[]", "10.00"),
        ("discounts[]", "15.50"),
        ("discounts[]", "22.05"),
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "path"),
    [
        ("list", (), PATH),
        ("get", (DAY,), f"{PATH}/2026-12-01"),
        ("timeslot", (DAY, TIME), f"{PATH}/2026-12-01/timeslots/09-30"),
        (
            "timeslot_product",
            (DAY, time(22), "adult|entrance"),
            f"{PATH}/2026-12-01/timeslots/22-00/products/adult%7Centrance",
        ),
    ],
)
async def test_what_is_not_asked_for_is_not_sent(answering: Any, method: str, arguments: Any, path: str) -> None:
    client, requests = answering(json=[{}])
    await getattr(client.dates, method)(UUID_TEXT, *arguments)
    assert requests[0].url.raw_path.decode() == path


@pytest.mark.anyio
async def test_a_schedule_is_asked_for_with_pickup_and_tickets(answering: Any) -> None:
    client, requests = answering(json=[])
    await client.dates.get(UUID_TEXT, DAY, pickup=str(PICKUP).upper(), tickets_number=2)
    assert dict(requests[0].url.params) == {"pickup": str(PICKUP), "tickets_number": "2"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        ([], []),
        ([{"groups": [{"feature_code": "a"}]}], ["a"]),
        ({"groups": [{"feature_code": "a"}]}, ["a"]),
        ([{"groups": [{"feature_code": "a"}]}, {"groups": [{"feature_code": "b"}]}], ["a", "b"]),
    ],
)
async def test_a_schedule_is_one_however_it_arrives(answering: Any, answer: Any, codes: list[str]) -> None:
    client, _ = answering(json=answer)
    schedule = await client.dates.get(UUID_TEXT, DAY)
    assert schedule == Schedule(groups=tuple(ScheduleGroup(feature_code=code) for code in codes))


@pytest.mark.anyio
@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_timeslot_and_a_product_may_come_in_a_list(answering: Any, *, wrapped: bool) -> None:
    body = {"availability": 5, "max_buy": 5}
    client, _ = answering(json=[body] if wrapped else body)
    assert (await client.dates.timeslot(UUID_TEXT, DAY, TIME)).places_left == 5
    assert (await client.dates.timeslot_product(UUID_TEXT, DAY, TIME, "adult|entrance")).cap == 5


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "named", "wrong"),
    [
        ("list", ["x"], {}, "activity_uuid"),
        ("list", [UUID_TEXT], {"date_from": "2026-12-01"}, "date_from"),
        ("list", [UUID_TEXT], {"date_from": DAY, "date_to": DAY - timedelta(days=1)}, "date_to"),
        ("list", [UUID_TEXT], {"discounts": [101]}, "discounts"),
        ("list", [UUID_TEXT], {"discounts": [float("nan")]}, "discounts"),
        ("list", [UUID_TEXT], {"discounts": "10"}, "discounts"),
        ("list", [UUID_TEXT], {"discounts": [True]}, "discounts"),
        ("list", [UUID_TEXT], {"pickup": "station"}, "pickup"),
        ("list", [UUID_TEXT], {"tickets_number": 0}, "tickets_number"),
        ("get", [UUID_TEXT, "2026-12-01"], {}, "day"),
        ("get", [UUID_TEXT, DAY], {"pickup": 5}, "pickup"),
        ("timeslot", [UUID_TEXT, None, TIME], {}, "day"),
        ("timeslot", [UUID_TEXT, DAY, "09:30"], {}, "time"),
        ("timeslot", [UUID_TEXT, DAY, time(9, 30, 15)], {}, "time"),
        ("timeslot", [UUID_TEXT, DAY, time(9, 30, tzinfo=UTC)], {}, "time"),
        ("timeslot_product", [UUID_TEXT, DAY, TIME, ""], {}, "pricetag_code"),
    ],
)
async def test_what_the_api_could_not_read_is_refused(
    answering: Any, method: str, arguments: Any, named: Any, wrong: str
) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.dates, method)(*arguments, **named)
    assert raised.value.argument == wrong
    assert not requests


@pytest.mark.anyio
async def test_a_missing_pickup_is_an_error_that_says_what_to_do(answering: Any) -> None:
    client, _ = answering(400, json={"code": "1578", "message": "No."})
    with pytest.raises(BadRequestError, match=r"pass pickup=\.\.\.") as raised:
        await client.dates.list(UUID_TEXT)
    assert raised.value.code == "1578"


Find = Callable[..., Awaitable[Activity]]


@pytest.fixture
def some_activity(client: MusementClient, catalogue: Catalogue) -> Find:
    """Reads an activity of a booking type, without pickup points, and with a discount on request."""

    async def find(booking_type: str, *, discount: int | None = None) -> Activity:
        for activity in catalogue.online:
            fits = activity.kind.booking_type == booking_type and discount in {None, activity.discount}
            if fits and not activity.pickups:
                return await client.activities.get(activity.uuid)
        raise AssertionError(booking_type)

    return find


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("booking_type", "group_type"),
    [
        ("CALENDAR-TIMESLOTS", GroupType.TIME_BASED),
        ("CALENDAR-NO-TIMESLOTS", GroupType.DAY_BASED),
        ("NO-CALENDAR-FIXED-END", GroupType.DAY_BASED),
        ("NO-CALENDAR-FIXED-VALIDITY", GroupType.DAY_BASED),
    ],
)
async def test_what_a_search_finds_can_be_booked_at_the_price_it_shows(
    client: MusementClient, catalogue: Catalogue, some_activity: Find, booking_type: str, group_type: GroupType
) -> None:
    activity = await some_activity(booking_type)
    assert activity.uuid is not None
    days = await client.dates.list(activity.uuid)
    assert (len(days) == 1) is activity.open
    usual = next(day for day in days if day.day and not day.sold_out and day.day.weekday() != 5)
    assert usual.retail_price == (activity.retail_price if activity.has_price_info_on_date else None)
    assert usual.day is not None
    schedule = await client.dates.get(activity.uuid, usual.day)
    assert {group.type for group in schedule.groups} == {group_type}
    offers = list(schedule.offers())
    prices = [product.retail_price.value for _, _, product in offers if product.retail_price]
    assert activity.retail_price is not None
    assert min(price for price in prices if price is not None) == activity.retail_price.value
    for group, slot, product in offers:
        assert product.product_id is not None
        meant = find_product(catalogue, product.product_id)
        assert meant is not None
        assert slot.time is not None
        assert (meant.activity.uuid, meant.day, meant.slot.time) == (str(activity.uuid), usual.day, slot.time)
        assert meant.price_tag.code == f"{product.holder_code}|{group.feature_code}"


@pytest.mark.anyio
async def test_a_product_of_a_schedule_can_be_read_on_its_own(client: MusementClient, some_activity: Find) -> None:
    activity = await some_activity("CALENDAR-TIMESLOTS", discount=20)
    assert activity.uuid is not None
    first = next(day for day in await client.dates.list(activity.uuid) if not day.sold_out)
    assert first.day is not None
    group, slot, listed = next((await client.dates.get(activity.uuid, first.day)).offers())
    assert slot.time is not None
    code = f"{listed.holder_code}|{group.feature_code}"
    alone = await client.dates.timeslot_product(activity.uuid, first.day, slot.time, code)
    assert (alone.id, alone.retail_price, alone.cap) == (listed.product_id, listed.retail_price, listed.max_buy)
    assert alone.price_tag is not None
    assert alone.price_tag.ticket_holder_code == listed.holder_code
    assert alone.date == datetime.combine(first.day, slot.time)
    assert alone.meeting_point == activity.meeting_point
    timeslot = await client.dates.timeslot(activity.uuid, first.day, slot.time)
    assert (timeslot.datetime, timeslot.places_left) == (alone.date, slot.places_left)


@pytest.mark.anyio
async def test_prices_of_a_day_are_exact_and_show_what_discounts_would_make_of_them(
    client: MusementClient, some_activity: Find
) -> None:
    activity = await some_activity("CALENDAR-TIMESLOTS", discount=20)
    assert activity.uuid is not None
    (day, *_) = await client.dates.list(activity.uuid, discounts=[0, 20])
    assert day.discount_amount is not None
    assert day.original_retail_price is not None
    assert day.original_retail_price.value is not None
    assert day.discount_amount.value is not None
    assert day.retail_price is not None
    assert day.retail_price.value == day.original_retail_price.value - day.discount_amount.value
    assert day.retail_prices_with_custom_discount == (day.original_retail_price, day.retail_price)


@pytest.mark.anyio
async def test_a_pickup_activity_is_asked_about_with_one_of_its_pickup_points(
    client: MusementClient, catalogue: Catalogue
) -> None:
    activity = next(activity for activity in catalogue.online if activity.pickups)
    detail = await client.activities.get(activity.uuid)
    assert OrderBoxElement.TOURS_AND_ACTIVITIES_WITH_PICKUP in detail.order_box_elements
    days = await client.dates.list(activity.uuid, pickup=activity.pickups[1])
    assert days[0].day is not None
    assert (await client.dates.get(activity.uuid, days[0].day, pickup=activity.pickups[1])).groups
    for pickup in (None, PICKUP):
        for call in (
            client.dates.list(activity.uuid, pickup=pickup),
            client.dates.get(activity.uuid, DAY, pickup=pickup),
        ):
            with pytest.raises(BadRequestError) as raised:
                await call
            assert raised.value.code == "1578"


@pytest.mark.anyio
async def test_a_period_is_kept_to(client: MusementClient, some_activity: Find) -> None:
    activity = await some_activity("CALENDAR-TIMESLOTS")
    assert activity.uuid is not None
    first, last = TODAY + timedelta(days=60), TODAY + timedelta(days=70)
    days = [day.day for day in await client.dates.list(activity.uuid, date_from=first, date_to=last)]
    everything = [day.day for day in await client.dates.list(activity.uuid)]
    assert days == [day for day in everything if day and first <= day <= last] != []
    assert everything[0] is not None
    assert everything[0] >= TODAY


@pytest.mark.anyio
async def test_a_period_that_ends_before_it_begins_is_an_error(client: MusementClient, local: LocalMusement) -> None:
    with pytest.raises(BadRequestError) as raised:
        await client.dates.list(local.activity_uuids()[0], date_to=TODAY - timedelta(days=1))
    assert raised.value.code == "1440"


@pytest.mark.anyio
async def test_what_is_not_there_and_what_is_hidden_are_errors_of_their_own(
    client: MusementClient, local: LocalMusement, some_activity: Find
) -> None:
    with pytest.raises(NotFoundError):
        await client.dates.list(UUID_TEXT)
    with pytest.raises(PermissionDeniedError):
        await client.dates.list(local.activity_uuids("DRAFT")[0])
    activity = await some_activity("CALENDAR-TIMESLOTS")
    assert activity.uuid is not None
    days = await client.dates.list(activity.uuid)
    assert days[0].day is not None
    with pytest.raises(NotFoundError, match="no such day"):
        await client.dates.get(activity.uuid, TODAY - timedelta(days=1))
    with pytest.raises(NotFoundError, match="no such timeslot"):
        await client.dates.timeslot(activity.uuid, days[0].day, time(3, 33))
    slot = next((await client.dates.get(activity.uuid, days[0].day)).offers())[1]
    assert slot.time is not None
    with pytest.raises(NotFoundError, match="no such product"):
        await client.dates.timeslot_product(activity.uuid, days[0].day, slot.time, "DRAGON|STANDARD")


@pytest.mark.anyio
@pytest.mark.parametrize("status", ["UNAVAILABLE", "ARCHIVED"])
async def test_what_is_not_on_sale_has_no_dates(client: MusementClient, local: LocalMusement, status: str) -> None:
    activity = await client.activities.get(local.activity_uuids(status)[0])
    assert activity.uuid is not None
    if not activity.needs_pickup:
        assert await client.dates.list(activity.uuid) == ()
