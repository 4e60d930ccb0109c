import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.activities import Catalogue, Season
from musement_async.testing.catalogue.cities import CITIES

Ask = Callable[..., httpx.Response]
TODAY = date(2026, 6, 1)


def test_equal_seeds_give_equal_catalogues() -> None:
    first, second = (Catalogue(seed=7, size=100, today=TODAY) for _ in range(2))
    assert repr(first.activities) == repr(second.activities)
    assert [activity.texts for activity in first.online] == [activity.texts for activity in second.online]


def test_other_seeds_give_other_catalogues() -> None:
    first, second = (LocalMusement(seed=seed, today=TODAY).activity_uuids() for seed in (1, 2))
    assert set(first).isdisjoint(second)


def test_uuids_are_uuids(shop: LocalMusement) -> None:
    assert all(str(UUID(uuid)) == uuid for uuid in shop.activity_uuids())


def test_as_many_activities_can_be_found_as_wanted(send_to: Ask) -> None:
    local = LocalMusement(activities=3, require_token=False)
    assert send_to(local, "/activities").json()["meta"]["count"] == len(local.activity_uuids()) == 3


def test_there_can_be_more_activities_than_words_for_them() -> None:
    assert len(set(LocalMusement(activities=6000).activity_uuids())) == 6000


def test_an_empty_catalogue_has_no_cities_to_show(send_to: Ask) -> None:
    assert send_to(LocalMusement(activities=0, require_token=False), "/cities").status_code == 404


def test_a_negative_number_of_activities_is_refused() -> None:
    with pytest.raises(ValueError, match="activities"):
        LocalMusement(activities=-1)


def test_every_city_with_a_share_offers_something() -> None:
    catalogue = Catalogue(seed=2026, size=500, today=TODAY)
    assert {city.id for city in CITIES if city.share} == {number for number, count in catalogue.counts.items() if count}


def test_titles_are_unique_in_both_languages() -> None:
    catalogue = Catalogue(seed=2026, size=500, today=TODAY)
    for language in ("en", "it"):
        assert len({activity.texts[language].title for activity in catalogue.online}) == 500


def test_availability_counts_from_the_current_day_by_default(send_to: Ask) -> None:
    found = send_to(LocalMusement(require_token=False), "/activities", params={"limit": 100}).json()["data"]
    assert {True, False} == {activity["is_available_today"] for activity in found}


def test_the_catalogue_is_made_on_first_use_alone(monkeypatch: pytest.MonkeyPatch, send_to: Ask) -> None:
    made: list[int] = []

    def make(*, seed: int, size: int, today: date) -> Catalogue:
        made.append(seed)
        return Catalogue(seed=seed, size=size, today=today)

    monkeypatch.setattr("musement_async.testing.rendering.json_cache.Catalogue", make)
    local = LocalMusement(seed=5, activities=7, require_token=False)
    assert made == []
    for _ in range(2):
        send_to(local, "/cities")
    assert made == [5]


def test_a_catalogue_costs_in_proportion_to_its_size() -> None:
    def calls(size: int) -> int:
        events: Counter[str] = Counter()
        before = sys.getprofile()
        sys.setprofile(lambda _frame, event, _argument: events.update((event,)))
        try:
            Catalogue(seed=1, size=size, today=TODAY)
        finally:
            sys.setprofile(before)
        return events["call"] + events["c_call"]

    assert calls(1000) < 3 * calls(500)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 5, 1), date(2026, 5, 31), False),
        (date(2026, 5, 1), date(2026, 6, 1), True),
        (date(2026, 6, 2), date(2026, 6, 7), False),
        (date(2026, 6, 2), date(2026, 6, 8), True),
        (date(2026, 6, 30), date(2026, 12, 1), False),
        (date(2026, 7, 1), date(2026, 12, 1), False),
    ],
)
def test_a_season_is_open_on_its_weekdays_alone(first: date, last: date, *, expected: bool) -> None:
    mondays_in_june = Season(date(2026, 6, 1), date(2026, 6, 30), frozenset({0}))
    assert mondays_in_june.open_between(first, last) is expected
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    assert any(mondays_in_june.open_on(day) for day in days) is expected


def test_sevenhundred_reviews_have_a_mean_and_none_have_zero() -> None:
    catalogue = Catalogue(seed=2026, size=500, today=TODAY)
    rated = [activity for activity in catalogue.online if activity.reviews_number]
    assert all(1 <= activity.rating <= 5 for activity in rated)
    assert {activity.rating for activity in catalogue.online if not activity.reviews_number} == {0}
