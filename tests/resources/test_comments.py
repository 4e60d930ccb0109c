"""Comments: the requests, refusals and results of each method."""

from datetime import date
from typing import Any

import pytest

from musement_async import ArgumentError, MusementClient, NotFoundError, PermissionDeniedError
from musement_async.models import CommentStatus
from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.generated_reviews import comments

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"
TODAY = date(2026, 6, 1)
COLOSSEUM = 160


@pytest.fixture(scope="module")
def local() -> LocalMusement:
    """A shared server for tests that only read its catalogue."""
    return LocalMusement(today=TODAY)


@pytest.fixture
def client(local: LocalMusement) -> MusementClient:
    return local.client()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the server."""
    return Catalogue(seed=2026, size=500, today=TODAY)


@pytest.fixture(scope="module")
def rated(catalogue: Catalogue) -> Activity:
    """The activity with the most reviews."""
    return max(catalogue.online, key=lambda activity: activity.reviews_number)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "subject", "path"),
    [("list", UUID_TEXT, f"/activities/{UUID_TEXT}/comments"), ("of_venue", 164, "/venues/164/comments")],
)
async def test_a_list_of_comments_sends_every_parameter_as_the_api_reads_it(
    answering: Any, method: str, subject: Any, path: str
) -> None:
    client, requests = answering(json=[])
    ask = getattr(client.comments, method)
    await ask(
        subject,
        locale="it-IT",
        include_empty=False,
        rating_in=[0, 4, 5],
        sort_by=["-RATING", "DATE"],
        limit=20,
        offset=40,
    )
    await ask(subject)
    assert [request.url.path for request in requests] == [path, path]
    assert dict(requests[0].url.params) == {
        "locale": "it-IT",
        "include_empty": "NO",
        "rating_in": "0,4,5",
        "sort_by": "-RATING,DATE",
        "limit": "20",
        "offset": "40",
    }
    assert not requests[1].url.query


@pytest.mark.parametrize("method", ["list", "of_venue"])
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("locale", 5),
        ("include_empty", "NO"),
        ("rating_in", [6]),
        ("rating_in", [True]),
        ("sort_by", "BEST"),
        ("limit", 101),
        ("offset", -1),
    ],
)
def test_what_the_api_could_not_read_is_refused(answering: Any, method: str, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        getattr(client.comments, method)(UUID_TEXT if method == "list" else 164, **{argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_what_is_no_id_is_refused(answering: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError, match="activity_uuid"):
        client.comments.list("x")
    with pytest.raises(ArgumentError, match="venue_id"):
        client.comments.of_venue("Louvre")
    with pytest.raises(ArgumentError, match="comment_uuid"):
        await client.comments.get("../login")
    assert not requests


@pytest.mark.anyio
async def test_comments_say_what_reviews_say_and_can_be_read_one_by_one(
    client: MusementClient, rated: Activity
) -> None:
    listed = await client.comments.list(rated.uuid, limit=3)
    reviews = await client.reviews.list(rated.uuid, limit=3)
    assert [comment.uuid for comment in listed] == [str(review.uuid) for review in reviews]
    assert [comment.body for comment in listed] == [review.comment for review in reviews]
    first = listed[0]
    assert first.event is not None
    assert first.author is not None
    assert first.uuid is not None
    assert (first.status, str(first.event.uuid)) == (CommentStatus.APPROVED, rated.uuid)
    assert first.author.firstname
    assert await client.comments.get(first.uuid.upper()) == first


@pytest.mark.anyio
async def test_comments_are_filtered_and_sorted_as_asked(client: MusementClient, rated: Activity) -> None:
    everything = [comment async for comment in client.comments.list(rated.uuid)]
    stars = {comment.rating for comment in everything}
    assert {len(comment.body or "") > 0 for comment in everything} == {True, False}
    found = await client.comments.list(rated.uuid, include_empty=False, rating_in=[5], limit=100)
    assert found.items == tuple(comment for comment in everything if comment.body and comment.rating == 5)
    best = await client.comments.list(rated.uuid, sort_by=["-RATING", "DATE"], limit=100)
    assert [comment.rating for comment in best] == sorted((each.rating or 0 for each in everything), reverse=True)
    top = [comment.sent_at for comment in best if comment.rating == max(star or 0 for star in stars)]
    assert top == sorted(sent for sent in top if sent)
    preferred = await client.comments.list(rated.uuid, locale="de", limit=100)
    in_german = [comment.locale == "de-DE" for comment in preferred]
    assert in_german == sorted(in_german, reverse=True)
    assert any(in_german)


@pytest.mark.anyio
async def test_comments_on_a_venue_are_those_on_its_activities(client: MusementClient, catalogue: Catalogue) -> None:
    there = {
        each.uuid for each in catalogue.online if each.venue and each.venue.id == COLOSSEUM and each.reviews_number
    }
    found = [comment async for comment in client.comments.of_venue(COLOSSEUM)]
    assert {str(comment.event.uuid) for comment in found if comment.event} == there
    dates = [comment.sent_at for comment in found if comment.sent_at]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.anyio
async def test_what_does_not_exist_is_not_found(client: MusementClient, rated: Activity, catalogue: Catalogue) -> None:
    known = comments(rated, TODAY)[0].uuid
    beyond = f"{len(catalogue.activities) + 1:08x}{known[8:]}"
    for uuid in (UUID_TEXT, known[:-1] + ("0" if known[-1] != "0" else "1"), beyond):
        with pytest.raises(NotFoundError, match="no such comment"):
            await client.comments.get(uuid)
    with pytest.raises(NotFoundError):
        await client.comments.list(UUID_TEXT)
    with pytest.raises(NotFoundError):
        await client.comments.of_venue(999_999)


@pytest.mark.anyio
async def test_comments_on_hidden_activities_are_hidden(client: MusementClient, catalogue: Catalogue) -> None:
    hidden = next(each for each in catalogue.activities if each.status == "DRAFT" and each.reviews_number)
    with pytest.raises(PermissionDeniedError):
        await client.comments.get(comments(hidden, TODAY)[0].uuid)
