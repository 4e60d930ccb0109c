from collections.abc import Callable
from typing import Any

import httpx
import pytest

from musement_async.testing import LocalMusement

Browse = Callable[..., httpx.Response]

COMMON = {
    "operational_days",
    "max_confirmation_time",
    "cutoff_time",
    "booking_type",
    "uuid",
    "city",
    "title",
    "relevance",
    "relevance_venue",
    "must_see",
    "last_chance",
    "top_seller",
    "voucher_access_usage",
    "temporary",
    "description",
    "about",
    "meeting_point",
    "validity",
    "has_price_info_on_date",
    "open",
    "ticket_not_included",
    "likely_to_sell_out",
    "special_offer",
    "exclusive",
    "best_price",
    "daily",
    "languages",
    "group_size",
    "food",
    "services",
    "features",
    "highlights",
    "included",
    "not_included",
    "is_available_today",
    "is_available_tomorrow",
    "cover_image_url",
    "service_fee",
    "retail_price",
    "retail_price_without_service_fee",
    "original_retail_price_without_service_fee",
    "original_retail_price",
    "discount",
    "categories",
    "reviews_number",
    "reviews_avg",
    "reviews_aggregated_info",
    "url",
    "flavours",
    "verticals",
    "giftable",
    "buy_multiplier",
    "ticket",
    "free_cancellation",
}
SOMETIMES = {"latitude", "longitude", "duration_range", "emergency_phone_number"}
SEARCH_ONLY = {"saves", "duration", "has_passenger_info", "has_extra_customer_data"}
DETAIL_ONLY = {
    "seller_gateway",
    "about_markdown",
    "about_html",
    "meeting_point_markdown",
    "meeting_point_html",
    "numbered_seats",
    "translated",
    "automatically_translated",
    "has_multiple_options",
    "order_box_elements",
    "sold_out",
    "giftcard",
    "where_text",
    "when_text",
    "info",
    "reduced",
    "supplier",
    "venues",
    "status",
    "slug",
    "meta_title",
    "meta_description",
    "no_index",
    "supplier_currency",
    "needs_voucher",
    "voucher_always_include_ours",
}


@pytest.fixture
def found(browse: Browse) -> list[dict[str, Any]]:
    return [
        activity
        for offset in range(0, 500, 100)
        for activity in browse("/activities", limit=100, offset=offset).json()["data"]
    ]


@pytest.fixture
def details(browse: Browse, shop: LocalMusement) -> list[dict[str, Any]]:
    return [browse(f"/activities/{uuid}").json() for uuid in shop.activity_uuids()[:60]]


def test_search_results_have_the_keys_of_the_api(found: list[dict[str, Any]]) -> None:
    for activity in found:
        assert activity.keys() - SOMETIMES == COMMON | SEARCH_ONLY
        assert activity["city"].keys() == {"id", "name", "country", "cover_image_url", "url", "time_zone"}


def test_details_have_the_keys_of_the_api(details: list[dict[str, Any]]) -> None:
    for activity in details:
        assert activity.keys() - SOMETIMES == COMMON | DETAIL_ONLY
        assert activity["city"].keys() >= {"id", "uuid", "content", "latitude", "longitude", "weight", "slug"}


@pytest.mark.parametrize("key", sorted(SOMETIMES))
def test_some_values_are_there_for_some_activities_alone(found: list[dict[str, Any]], key: str) -> None:
    assert {key in activity for activity in found} == {True, False}


def test_no_value_is_null(browse: Browse, shop: LocalMusement) -> None:
    assert b"null" not in browse("/activities", limit=100).content
    assert b"null" not in browse(f"/activities/{shop.activity_uuids()[0]}").content


def test_a_duration_can_be_bounded_on_either_side_or_be_none(found: list[dict[str, Any]]) -> None:
    ranges = [activity.get("duration_range", {}) for activity in found]
    assert {frozenset(span) for span in ranges} == {
        frozenset(),
        frozenset({"min"}),
        frozenset({"max"}),
        frozenset({"min", "max"}),
    }
    assert {"max": "P0D"} in ranges


def test_levels_of_categories_are_strings(found: list[dict[str, Any]]) -> None:
    levels = {category["level"] for activity in found for category in activity["categories"]}
    assert levels == {"1", "2", "3"}


def test_categories_below_the_top_name_their_parent_which_is_there_too(found: list[dict[str, Any]]) -> None:
    for activity in found:
        ids = {category["id"] for category in activity["categories"]}
        for category in activity["categories"]:
            assert ("parent_id" in category) == (category["level"] != "1")
            assert category.get("parent_id", category["id"]) in ids


def test_reviews_are_counted_by_stars(found: list[dict[str, Any]]) -> None:
    for activity in found:
        stars = activity["reviews_aggregated_info"]
        assert list(stars) == ["1", "2", "3", "4", "5"]
        assert sum(stars.values()) == activity["reviews_number"]


def test_confirmation_never_takes_longer_than_the_cutoff(found: list[dict[str, Any]]) -> None:
    days = {"P0D": 0, "PT1H": 0.04, "PT12H": 0.5, "P1D": 1, "P3D": 3}
    assert all(days[activity["max_confirmation_time"]] <= days[activity["cutoff_time"]] for activity in found)


def test_no_label_comes_twice(found: list[dict[str, Any]]) -> None:
    for activity in found:
        for key in ("languages", "services", "features", "categories"):
            codes = [label["code"] for label in activity[key]]
            assert len(codes) == len(set(codes))


def test_texts_come_in_the_language_asked_for(browse: Browse, shop: LocalMusement) -> None:
    path = f"/activities/{shop.activity_uuids()[0]}"
    english, italian, french = (browse(path, language=language).json() for language in ("en-US", "it-IT", "fr-FR"))
    assert english["title"] == french["title"] != italian["title"]
    assert english["about"] == french["about"] != italian["about"]


def test_a_text_comes_plain_and_as_html(details: list[dict[str, Any]]) -> None:
    assert all(activity["about_html"] == f"<p>{activity['about']}</p>" for activity in details)


def test_activities_with_pickups_say_so(details: list[dict[str, Any]]) -> None:
    for activity in details:
        pickup = "pick-up" in [service["code"] for service in activity["services"]]
        assert activity["order_box_elements"] == ["tours-and-activities" + "-with-pickup" * pickup]


def test_a_search_result_and_its_detail_agree(browse: Browse) -> None:
    [item] = browse("/activities", limit=1).json()["data"]
    detail = browse(f"/activities/{item['uuid']}").json()
    same = item.keys() & detail.keys() - {"city"}
    assert {key: item[key] for key in same} == {key: detail[key] for key in same}


@pytest.mark.parametrize("uuid", ["00000000-0000-4000-8000-000000000000", "not-a-uuid", "1"])
def test_an_unknown_activity_is_not_found(browse: Browse, uuid: str) -> None:
    response = browse(f"/activities/{uuid}")
    assert (response.status_code, response.json()["code"]) == (404, "1400")


@pytest.mark.parametrize("status", ["DRAFT", "REVIEW"])
def test_an_unpublished_activity_is_forbidden(browse: Browse, shop: LocalMusement, status: str) -> None:
    for uuid in shop.activity_uuids(status):
        response = browse(f"/activities/{uuid}")
        assert (response.status_code, response.json()["code"]) == (403, "0")


@pytest.mark.parametrize("status", ["ARCHIVED", "UNAVAILABLE"])
def test_an_activity_that_is_not_sold_can_be_read(browse: Browse, shop: LocalMusement, status: str) -> None:
    statuses = [browse(f"/activities/{uuid}").json()["status"] for uuid in shop.activity_uuids(status)]
    assert statuses == [status, status]


def test_a_search_finds_what_is_online_alone(found: list[dict[str, Any]], shop: LocalMusement) -> None:
    assert sorted(activity["uuid"] for activity in found) == sorted(shop.activity_uuids())
