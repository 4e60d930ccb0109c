"""Reviews: the requests, refusals and results of each method."""

from datetime import date
from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError, PermissionDeniedError
from musement_async.models import TravelerType
from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.activities import Activity, Catalogue

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"
TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def local() -> LocalMusement:
    """A shared server for tests that only read its catalogue."""
    return LocalMusement(today=TODAY)


@pytest.fixture
def client(local: LocalMusement) -> MusementClient:
    return local.client()


@pytest.fixture(scope="module")
def rated() -> Activity:
    """The activity with the most reviews in the server's catalogue."""
    return max(Catalogue(seed=2026, size=500, today=TODAY).online, key=lambda activity: activity.reviews_number)


@pytest.mark.anyio
async def test_a_list_of_reviews_sends_every_parameter_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(json=[], headers={"X-Total-Count": "700"})
    page = await client.reviews.list(
        UUID_TEXT,
        locale="en-US",
        rating=[(1, 4), (9, 10)],
        sort_by="HIGHEST-RATED",
        traveler_type_in=["ALONE", "WITH-FAMILY"],
        limit=50,
        offset=100,
    )
    assert page.total == 700
    assert requests[0].url.path == f"/activities/{UUID_TEXT}/reviews"
    assert requests[0].url.params.multi_items() == [
        ("locale", "en-US"),
        ("sort_by", "HIGHEST-RATED"),
        ("rating[between][]", "1..4"),
        ("rating[between][]", "9..10"),
        ("traveler_type_in[]", "ALONE"),
        ("traveler_type_in[]", "WITH-FAMILY"),
        ("limit", "50"),
        ("page", "3"),
    ]


@pytest.mark.anyio
async def test_what_is_not_asked_for_is_not_sent(answering: Any) -> None:
    client, requests = answering(json=[])
    await client.reviews.list(UUID_TEXT, traveler_type_in=[])
    assert not requests[0].url.query


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("activity_uuid", "x"),
        ("locale", 5),
        ("rating", [(4, 1)]),
        ("rating", [(-1, 4)]),
        ("rating", [(1.5, 4)]),
        ("rating", [(1, 2, 3)]),
        ("rating", [3]),
        ("rating", "1..7"),
        ("sort_by", "BEST"),
        ("traveler_type_in", ["WITH-DOG"]),
        ("limit", 501),
        ("offset", -1),
        ("offset", 7),
    ],
)
def test_what_the_api_could_not_read_is_refused(answering: Any, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        client.reviews.list(**{"activity_uuid": UUID_TEXT, argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_statistics_are_asked_for_by_the_activity(answering: Any) -> None:
    client, requests = answering(json={"reviews_number": 3})
    assert (await client.reviews.statistics(UUID_TEXT)).reviews_number == 3
    assert requests[0].url.path == f"/activities/{UUID_TEXT}/reviews/statistics"
    with pytest.raises(ArgumentError, match="activity_uuid"):
        await client.reviews.statistics("x")


@pytest.mark.anyio
async def test_an_activity_has_as_many_reviews_as_it_says_with_those_ratings(
    client: MusementClient, rated: Activity
) -> None:
    activity = await client.activities.get(rated.uuid)
    first = await client.reviews.list(rated.uuid)
    assert (len(first), first.total) == (6, activity.reviews_number)
    everything = [review async for review in client.reviews.list(rated.uuid)]
    assert len({review.uuid for review in everything}) == first.total
    assert tuple(everything[:6]) == first.items
    statistics = await client.reviews.statistics(rated.uuid)
    assert statistics.reviews_number == first.total
    for counted in statistics.reviews_per_rating:
        assert counted.reviews_count == sum(review.rating_value == counted.rating for review in everything)
    mean = sum(review.rating_value or 0 for review in everything) / len(everything)
    assert statistics.overall_rating == pytest.approx(mean, abs=0.01)


@pytest.mark.anyio
async def test_pages_follow_each_other(client: MusementClient, rated: Activity) -> None:
    first = await client.reviews.list(rated.uuid, limit=4)
    second = await client.reviews.list(rated.uuid, limit=2, offset=2)
    assert second.items == first.items[2:]


@pytest.mark.anyio
async def test_reviews_are_filtered_by_each_parameter(client: MusementClient, rated: Activity) -> None:
    found = [
        review
        async for review in client.reviews.list(
            rated.uuid, locale="it-IT", rating=[(1, 4), (10, 10)], traveler_type_in=["ALONE", "WITH-FRIENDS"]
        )
    ]
    assert {review.locale for review in found} == {"it-IT"}
    assert {review.traveler_type for review in found} == {TravelerType.ALONE, TravelerType.WITH_FRIENDS}
    assert {review.rating_value for review in found} <= {2, 4, 10}
    assert {review.customer_country for review in found} == {"Italy"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("sort_by", "key"),
    [
        ("NEWEST", lambda review: -review.date.toordinal()),
        ("HIGHEST-RATED", lambda review: -review.rating_value),
        ("LOWEST-RATED", lambda review: review.rating_value),
        ("PREFERRED-LANGUAGE", lambda review: review.locale != "it-IT"),
    ],
)
async def test_reviews_are_sorted_as_asked(client: MusementClient, rated: Activity, sort_by: Any, key: Any) -> None:
    italian = client.with_options(language="it-IT")
    keys = [key(review) async for review in italian.reviews.list(rated.uuid, sort_by=sort_by)]
    assert keys == sorted(keys)
    assert len(set(keys)) > 1


@pytest.mark.anyio
async def test_an_activity_nobody_rated_has_no_reviews(client: MusementClient) -> None:
    silent = next(each for each in Catalogue(seed=2026, size=500, today=TODAY).online if not each.reviews_number)
    page = await client.reviews.list(silent.uuid)
    assert (page.items, page.total) == ((), 0)
    statistics = await client.reviews.statistics(silent.uuid)
    assert (statistics.overall_rating, statistics.rating_categories) == (0, ())


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["list", "statistics"])
async def test_what_is_not_there_and_what_is_hidden_are_errors_of_their_own(
    client: MusementClient, local: LocalMusement, method: str
) -> None:
    ask = getattr(client.reviews, method)
    with pytest.raises(NotFoundError):
        await ask(UUID_TEXT)
    with pytest.raises(PermissionDeniedError):
        await ask(local.activity_uuids("REVIEW")[0])


@pytest.mark.anyio
@pytest.mark.parametrize(
    "query",
    [
        {"limit": 501},
        {"limit": 0},
        {"page": -1},
        {"sort_by": "BEST"},
        {"rating[between][]": "3"},
        {"traveler_type_in[]": "WITH-DOG"},
    ],
    ids=str,
)
async def test_the_local_musement_refuses_what_is_out_of_range(
    client: MusementClient, rated: Activity, query: Any
) -> None:
    with pytest.raises(BadRequestError) as raised:
        await client.request("GET", f"/activities/{rated.uuid}/reviews", params=query)
    assert raised.value.code == "0"
