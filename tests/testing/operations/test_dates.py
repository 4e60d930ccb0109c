"""Calendars, places and products of the local Musement, beyond the tests through the client."""

import base64
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any
from uuid import uuid4

import httpx
import pytest

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.schedules import (
    Product,
    Slot,
    days,
    find_product,
    has_times,
    is_realtime,
    notice,
    opens_between,
    price_tags,
    products,
    slots,
)
from musement_async.testing.server.money import CURRENCIES

TODAY = date(2026, 6, 1)
YEAR = timedelta(days=365)
CATALOGUE = Catalogue(seed=2026, size=500, today=TODAY)

Browse = Callable[..., httpx.Response]


def calendar(activity: Activity) -> list[tuple[date, list[Slot]]]:
    return list(days(activity, TODAY, TODAY + YEAR, TODAY))


def every_slot() -> Iterator[tuple[Activity, date, Slot]]:
    for activity in CATALOGUE.online[::10]:
        for day, found in islice(days(activity, TODAY, TODAY + YEAR, TODAY), 10):
            yield from ((activity, day, slot) for slot in found)


def first(test: Callable[[Activity], Any]) -> Activity:
    return next(activity for activity in CATALOGUE.online if test(activity) and not activity.pickups)


def test_every_activity_takes_place_in_its_season_with_the_calendar_of_its_booking_type() -> None:
    for activity in CATALOGUE.online[::7]:
        found = calendar(activity)
        assert all(activity.season.open_on(day) for day, _ in found)
        assert (len(found) == 1) is activity.flags["open"]
        assert has_times(activity) or {len(offered) for _, offered in found} == {1}


def test_a_ticket_for_any_day_is_sold_on_the_first_open_day_of_any_period() -> None:
    activity = first(lambda each: each.flags["open"])
    for start in (TODAY, TODAY + timedelta(days=100)):
        ((day, _),) = days(activity, start, start + YEAR, TODAY)
        assert day == next(
            start + timedelta(days=step) for step in range(366) if activity.season.open_on(start + timedelta(days=step))
        )


@pytest.mark.parametrize("cutoff", ["P0D", "PT1H", "PT12H", "P3D"])
def test_it_is_too_late_to_book_once_the_notice_has_begun(cutoff: str) -> None:
    activity = next(
        each
        for each in CATALOGUE.online
        if each.cutoff == cutoff and has_times(each) and each.season.opens <= TODAY and len(each.season.weekdays) == 7
    )
    day, offered = calendar(activity)[0]
    earliest = datetime.combine(TODAY, time()) + notice(activity)
    assert all(datetime.combine(day, slot.time) >= earliest for slot in offered)
    assert day - TODAY <= notice(activity) + timedelta(days=1)


def test_where_no_time_is_chosen_a_day_can_be_booked_to_its_end() -> None:
    activity = next(
        each
        for each in CATALOGUE.online
        if not has_times(each) and each.cutoff == "PT12H" and each.season.open_on(TODAY)
    )
    assert slots(activity, TODAY, TODAY)


def test_some_days_are_sold_out_and_some_slots_have_few_places_left() -> None:
    places = [slot.places for _, _, slot in every_slot()]
    assert min(places) == -1
    assert {0, 3, 4} < set(places)
    found = list(chain.from_iterable(calendar(activity) for activity in CATALOGUE.online[:40]))
    sold_out = [day for day, offered in found if not any(slot.has(1) for slot in offered)]
    assert 0 < len(sold_out) < len(found) / 4


def test_what_can_be_bought_agrees_with_the_places_left() -> None:
    for activity, day, slot in every_slot():
        for product in products(activity, day, slot):
            if slot.places == 0:
                assert product.max_buy == 0
            elif slot.places == -1:
                assert product.max_buy in {-1, 9, 15}
            else:
                assert product.min_buy <= product.max_buy <= slot.places


def test_a_product_is_found_by_its_id_and_ids_are_unique() -> None:
    seen: set[str] = set()
    for activity, day, slot in every_slot():
        for product in products(activity, day, slot):
            assert find_product(CATALOGUE, product.id) == product
            seen.add(product.id)
    assert len(seen) == sum(len(price_tags(activity)) for activity, _, _ in every_slot())


def test_ids_are_numbers_or_long_texts() -> None:
    for realtime in (True, False):
        activity = next(each for each in CATALOGUE.online if is_realtime(each) is realtime)
        day, (slot, *_) = calendar(activity)[0]
        product = products(activity, day, slot)[0]
        assert product.id.isdecimal() is not realtime
        assert (len(product.id) > 80) is realtime
        assert product.type == ("musement-realtime" if realtime else "musement")


@pytest.fixture
def sold() -> Product:
    activity = first(lambda each: not is_realtime(each) and has_times(each))
    day, (slot, *_) = calendar(activity)[0]
    return products(activity, day, slot)[0]


NO_IDS: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "a word": lambda _: "dragon",
    "not ASCII": lambda _: "ÄÖÜ",
    "not Unicode": lambda _: base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "a number": lambda _: "1" * 40,
    "of an activity that is not there": lambda product_id: f"9999{product_id[-16:]}",
    "of no activity": lambda product_id: f"0{product_id[-16:]}",
    "of no day": lambda product_id: f"{product_id[:-16]}000000{product_id[-10:]}",
    "with another mark": lambda product_id: product_id[:-1] + str((int(product_id[-1]) + 1) % 10),
}


@pytest.mark.parametrize("change", NO_IDS.values(), ids=NO_IDS)
def test_what_is_no_id_of_a_product_finds_none(sold: Product, change: Callable[[str], str]) -> None:
    assert find_product(CATALOGUE, change(sold.id)) is None


def test_a_product_is_no_product_of_another_catalogue(sold: Product) -> None:
    assert find_product(Catalogue(seed=1, size=500, today=TODAY), sold.id) is None


def test_a_product_is_not_on_sale_for_ever(sold: Product) -> None:
    later = Catalogue(seed=2026, size=500, today=TODAY)
    later.today = sold.day + timedelta(days=1)
    assert find_product(later, sold.id) is None


def test_some_saturdays_are_dearer() -> None:
    activity = first(lambda each: has_times(each) and each.number % 3 == 0 and 5 in each.season.weekdays)
    cents = {
        day.weekday() == 5: products(activity, day, offered[0])[0].euro_cents for day, offered in calendar(activity)
    }
    assert cents[True] == cents[False] * 115 // 100


def test_one_price_for_all_holders_where_there_is_one_holder() -> None:
    activity = first(lambda each: each.kind.code == "transfer")
    assert {tag.holder.code for tag in price_tags(activity)} == {"ADULT"}
    day, (slot, *_) = calendar(activity)[0]
    assert products(activity, day, slot)[0].euro_cents == activity.euro_cents


def test_private_hosts_come_for_two_or_more() -> None:
    activity = first(lambda each: each.variant.group_size == ("private",))
    day, (slot, *_) = calendar(activity)[0]
    assert products(activity, day, slot)[0].min_buy == 2


def test_the_morning_ends_at_noon() -> None:
    mornings = [
        each for each in CATALOGUE.online if each.variant.suffixes["en"] == " in the morning" and has_times(each)
    ]
    assert mornings
    for activity in mornings:
        assert {slot.time < time(12) for _, offered in calendar(activity) for slot in offered} == {True}


def test_a_search_for_a_period_finds_what_has_dates_in_it(browse: Browse) -> None:
    found = browse("/activities", available_from="2026-06-01", available_to="2026-06-02", limit=100).json()["data"]
    assert found
    for item in found:
        assert opens_between(CATALOGUE.by_uuid[item["uuid"]], (TODAY, TODAY + timedelta(days=1)), TODAY)


def test_prices_are_in_the_currency_asked_for_and_names_in_the_language(browse: Browse) -> None:
    activity = first(lambda each: has_times(each) and each.fee_euro_cents and each.flags["has_multiple_options"])
    day = calendar(activity)[0][0]
    path = f"/activities/{activity.uuid}/dates/{day}"
    ((euros,), (yen,)) = (browse(path, currency="EUR").json(), browse(path, language="it", currency="JPY").json())
    assert [group["name"] for group in euros["groups"]] == ["Standard ticket", "Ticket with a guide"]
    assert [group["name"] for group in yen["groups"]] == ["Biglietto standard", "Biglietto con guida"]
    cents, paid = (each["groups"][0]["slots"][0]["products"][0]["retail_price"] for each in (euros, yen))
    assert paid["currency"] == "JPY"
    assert paid["value"] == pytest.approx(cents["value"] * float(CURRENCIES["JPY"].rate), abs=3)


def test_languages_are_a_choice_where_there_are_several(browse: Browse) -> None:
    for several in (True, False):
        activity = next(each for each in CATALOGUE.online if (len(each.languages) > 1) is several and not each.pickups)
        day = calendar(activity)[0][0]
        slot = browse(f"/activities/{activity.uuid}/dates/{day}").json()[0]["groups"][0]["slots"][0]
        assert [each["code"] for each in slot["languages"]] == (list(activity.languages) if several else [])


def test_supplier_systems_leave_out_what_has_too_few_places(browse: Browse) -> None:
    activity = first(lambda each: is_realtime(each) and has_times(each) and each.number % 5)
    path = f"/activities/{activity.uuid}/dates"
    period = {"date_from": "2026-06-01", "date_to": "2027-05-31"}
    all_days = {each["day"] for each in browse(path, **period).json()}
    assert {each["day"] for each in browse(path, tickets_number=8, **period).json()} < all_days
    assert browse(path, tickets_number=500, **period).json() == []
    day, offered = next(each for each in calendar(activity) if any(slot.has(1) for slot in each[1]))
    most = max(slot.places for slot in offered)
    (schedule,) = browse(f"{path}/{day}", tickets_number=most).json()
    assert {slot["availability"] for slot in schedule["groups"][0]["slots"]} == {most}


def test_others_pay_no_attention_to_the_number_of_tickets(browse: Browse) -> None:
    activity = first(lambda each: not is_realtime(each))
    path = f"/activities/{activity.uuid}/dates"
    assert browse(path, tickets_number=500).json() == browse(path).json() != []


@pytest.mark.parametrize("discount", ["-1", "101", "100.01", "ten", "10.123", ""])
def test_a_discount_is_a_percentage(browse: Browse, discount: str) -> None:
    answer = browse(f"/activities/{CATALOGUE.online[0].uuid}/dates", **{"discounts[]": discount})
    assert (answer.status_code, answer.json()["code"]) == (400, "0")


@pytest.mark.parametrize("day", ["2026-6-1", "tomorrow", "2026-02-30"])
def test_a_day_in_the_path_is_a_day(browse: Browse, day: str) -> None:
    activity = first(lambda _: True)
    assert browse(f"/activities/{activity.uuid}/dates/{day}").status_code == 400


def test_a_pickup_point_of_another_activity_is_none_of_this_one(browse: Browse) -> None:
    one, other = [each for each in CATALOGUE.online if each.pickups][:2]
    for pickup in (other.pickups[0], str(uuid4())):
        answer = browse(f"/activities/{one.uuid}/dates", pickup=pickup)
        assert (answer.status_code, answer.json()["code"]) == (400, "1578")
