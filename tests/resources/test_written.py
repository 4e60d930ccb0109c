"""New reviews and comments: their requests, refusals and results."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from musement_async import (
    ArgumentError,
    BadRequestError,
    ConflictError,
    MusementClient,
    NotFoundError,
    PermissionDeniedError,
)
from musement_async.models import Comment, CommentStatus, RatingCategory, TravelerType
from musement_async.testing import LocalMusement

ACTIVITY = "b36ba13e-cd53-44dc-8741-b200ada5549a"
ITEM = "d83d4e0a-e62b-4c81-b403-4206914cd697"
NEEDED: dict[str, Any] = {
    "order_item_uuid": ITEM,
    "provider": "QUALTRICS",
    "provider_id": "R_1",
    "rating_value": 4,
    "rating_scale": "1..5",
    "date": datetime(2026, 11, 18, 15, 13, 13, 999),  # noqa: DTZ001 (has no zone)
}
SENT = {**NEEDED, "date": "2026-11-18T15:13:13"}
OPTIONAL: dict[str, Any] = {
    "age": 27,
    "comment": "Lovely.",
    "is_public": True,
    "locale": "en-GB",
    "public_username": "Ada",
    "traveler_type": "WITH-FAMILY",
}


@pytest.fixture
async def customer(local_musement: LocalMusement) -> AsyncIterator[MusementClient]:
    async with local_musement.client(local_musement.customer) as client:
        yield client


@pytest.fixture
def activity(local_musement: LocalMusement) -> str:
    return local_musement.activity_uuids()[0]


@pytest.mark.anyio
async def test_a_review_is_sent_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(201)
    aspects = [
        RatingCategory(category_code="SERVICE", category_rating=4, rating_scale="1..5"),
        RatingCategory(category_code="GUIDE"),
    ]
    await client.reviews.create(ACTIVITY, **NEEDED, **OPTIONAL, rating_categories=aspects)
    await client.reviews.create(ACTIVITY, **NEEDED)
    assert {(request.method, request.url.path) for request in requests} == {("POST", f"/activities/{ACTIVITY}/reviews")}
    sent = [
        {"category_code": "SERVICE", "category_rating": 4, "rating_scale": "1..5"},
        {"category_code": "GUIDE"},
    ]
    assert [json.loads(request.content) for request in requests] == [
        {**SENT, **OPTIONAL, "rating_categories": sent},
        SENT,
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("activity_uuid", "x"),
        ("order_item_uuid", "x"),
        ("provider", ""),
        ("provider_id", 5),
        ("rating_value", 6),
        ("rating_value", 0),
        ("rating_value", 4.5),
        ("rating_scale", "5..1"),
        ("rating_scale", "1-5"),
        ("rating_scale", 5),
        ("date", date(2026, 11, 18)),
        ("date", datetime(2026, 11, 18, tzinfo=UTC)),
        ("age", -1),
        ("comment", 5),
        ("is_public", "YES"),
        ("traveler_type", "WITH-DOG"),
        ("rating_categories", [{"category_code": "SERVICE"}]),
        ("rating_categories", [RatingCategory(category_rating=4)]),
    ],
)
async def test_a_review_that_the_api_could_not_read_is_refused(answering: Any, argument: str, value: Any) -> None:
    client, requests = answering(201)
    with pytest.raises(ArgumentError) as raised:
        await client.reviews.create(**{"activity_uuid": ACTIVITY, **NEEDED, argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_a_review_shows_up_in_the_list_and_in_the_statistics(
    musement_client: MusementClient, activity: str
) -> None:
    reviews = musement_client.reviews
    before = await reviews.statistics(activity)
    aspects = [RatingCategory(category_code="SERVICE", category_rating=5)]
    written = {**NEEDED, "date": datetime(2999, 1, 1)}  # noqa: DTZ001 (has no zone)
    await reviews.create(activity, **written, **OPTIONAL, rating_categories=aspects)
    first = (await reviews.list(activity))[0]
    assert (first.rating_value, first.comment, first.age) == (8, "Lovely.", 27)
    assert (first.date, first.traveler_type, first.public_username) == (
        date(2999, 1, 1),
        TravelerType.WITH_FAMILY,
        "Ada",
    )
    assert first.rating_categories == tuple(aspects)
    after = await reviews.statistics(activity)
    assert (after.reviews_number or 0) - (before.reviews_number or 0) == 1
    counted = [
        (each.rating, each.reviews_count)
        for each, old in zip(after.reviews_per_rating, before.reviews_per_rating, strict=True)
        if each != old
    ]
    assert counted == [(8, (before.reviews_per_rating[7].reviews_count or 0) + 1)]
    assert first in (await reviews.list(activity, rating=[(8, 8)], traveler_type_in=["WITH-FAMILY"], locale="en-GB"))


@pytest.mark.anyio
async def test_a_review_that_is_not_public_counts_only(musement_client: MusementClient, activity: str) -> None:
    reviews = musement_client.reviews
    before, listed = await reviews.statistics(activity), await reviews.list(activity)
    await reviews.create(activity, **NEEDED, is_public=False)
    assert (await reviews.statistics(activity)).reviews_number == (before.reviews_number or 0) + 1
    assert (await reviews.list(activity)).total == listed.total


@pytest.mark.anyio
async def test_an_item_of_an_order_is_reviewed_once(musement_client: MusementClient, activity: str) -> None:
    await musement_client.reviews.create(activity, **NEEDED)
    with pytest.raises(ConflictError):
        await musement_client.reviews.create(activity, **{**NEEDED, "order_item_uuid": ITEM.upper()})
    await musement_client.reviews.create(activity, **{**NEEDED, "order_item_uuid": uuid4()})


@pytest.mark.anyio
async def test_reviews_are_for_partners_who_may_hand_them_on(customer: MusementClient, activity: str) -> None:
    other = LocalMusement(permissions=["no-payment"]).client()
    for client in (customer, other):
        with pytest.raises(PermissionDeniedError):
            await client.reviews.create(activity, **NEEDED)


@pytest.mark.anyio
async def test_a_review_of_what_is_not_there_or_hidden_is_an_error(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    with pytest.raises(NotFoundError):
        await musement_client.reviews.create(ACTIVITY, **NEEDED)
    with pytest.raises(PermissionDeniedError):
        await musement_client.reviews.create(local_musement.activity_uuids("DRAFT")[0], **NEEDED)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rating_value": 9}, "on the scale"),
        ({"rating_value": True}, "must be a whole number"),
        ({"rating_scale": "0..0", "rating_value": 0}, "on the scale"),
        ({"date": "2026-11-18T15:13:13+00:00"}, "without an offset"),
        ({"date": "yesterday"}, "without an offset"),
        ({"date": 5}, "without an offset"),
        ({"order_item_uuid": "x"}, "must be a UUID"),
        ({"rating_categories": [{"category_rating": 4}]}, "must be a list"),
        ({"rating_categories": [{"category_code": "A", "stars": 4}]}, "must be a list"),
        ({"rating_categories": ["SERVICE"]}, "must be a list"),
        ({"stars": 5}, "There is no field"),
    ],
)
async def test_the_local_musement_refuses_a_review_that_is_not_as_described(
    musement_client: MusementClient, activity: str, changes: Any, message: str
) -> None:
    with pytest.raises(BadRequestError, match=message):
        await musement_client.request("POST", f"/activities/{activity}/reviews", json={**SENT, **changes})


@pytest.mark.anyio
async def test_the_local_musement_wants_all_that_a_review_needs(musement_client: MusementClient, activity: str) -> None:
    for name in SENT:
        body = {other: value for other, value in SENT.items() if other != name}
        with pytest.raises(BadRequestError, match=f'"{name}" is needed'):
            await musement_client.request("POST", f"/activities/{activity}/reviews", json=body)


@pytest.mark.anyio
@pytest.mark.parametrize("body", [{"uuid": "c", "title": "Go"}, [{"uuid": "c", "title": "Go"}]])
async def test_a_comment_is_sent_as_the_api_reads_it(answering: Any, body: Any) -> None:
    client, requests = answering(json=body)
    words = {"title": "Go", "text": "Lovely.", "locale": "en-GB"}
    assert await client.comments.create(ACTIVITY, rating=5, **words) == Comment(uuid="c", title="Go")
    assert await client.comments.update(ITEM, rating=4, **words) == Comment(uuid="c", title="Go")
    await client.comments.create(ACTIVITY, rating=1)
    await client.comments.update(ITEM, text="")
    assert [(request.method, request.url.path, json.loads(request.content)) for request in requests] == [
        ("POST", f"/activities/{ACTIVITY}/comments", {"rating": 5, **words}),
        ("PATCH", f"/comments/{ITEM}", {"rating": 4, **words}),
        ("POST", f"/activities/{ACTIVITY}/comments", {"rating": 1}),
        ("PATCH", f"/comments/{ITEM}", {"text": ""}),
    ]


@pytest.mark.anyio
@pytest.mark.parametrize("answer", [{}, {"status": 204}, {"json": []}, {"json": "fine"}])
async def test_a_comment_that_the_answer_does_not_hold_was_written_all_the_same(answering: Any, answer: Any) -> None:
    client, _ = answering(**answer)
    assert await client.comments.create(ACTIVITY, rating=5) is None
    assert await client.comments.update(ITEM, rating=5) is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "wrong"),
    [
        ("create", {"activity_uuid": "x", "rating": 5}, "activity_uuid"),
        ("create", {"activity_uuid": ACTIVITY, "rating": None}, "rating"),
        ("create", {"activity_uuid": ACTIVITY, "rating": 0}, "rating"),
        ("create", {"activity_uuid": ACTIVITY, "rating": True}, "rating"),
        ("create", {"activity_uuid": ACTIVITY, "rating": 5, "text": 5}, "text"),
        ("update", {"comment_uuid": "../login"}, "comment_uuid"),
        ("update", {"comment_uuid": ITEM, "rating": 6}, "rating"),
        ("update", {"comment_uuid": ITEM, "locale": 5}, "locale"),
    ],
)
async def test_a_comment_that_the_api_could_not_read_is_refused(
    answering: Any, method: str, arguments: Any, wrong: str
) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.comments, method)(**arguments)
    assert raised.value.argument == wrong
    assert not requests


@pytest.mark.anyio
async def test_a_comment_waits_for_approval_and_can_be_changed(customer: MusementClient, activity: str) -> None:
    listed = await customer.comments.list(activity)
    made = await customer.comments.create(activity, rating=4, title="Good", text="A long walk.", locale="en-GB")
    assert made is not None
    assert made.uuid is not None
    assert made.author is not None
    assert (made.status, made.rating, made.body) == (CommentStatus.PENDING, 4, "A long walk.")
    assert made.author.firstname == "Test"
    assert (await customer.comments.list(activity)).items == listed.items
    changed = await customer.comments.update(made.uuid.upper(), rating=5)
    assert changed is not None
    assert (changed.rating, changed.title) == (5, "Good")
    assert await customer.comments.get(made.uuid) == changed
    assert await customer.account.comments() == (changed,)


@pytest.mark.anyio
async def test_a_customer_comments_on_an_activity_once(local_musement: LocalMusement, customer: MusementClient) -> None:
    first, second = local_musement.activity_uuids()[:2]
    await customer.comments.create(first, rating=4)
    with pytest.raises(ConflictError):
        await customer.comments.create(first, rating=5)
    await customer.comments.create(second, rating=3)
    assert [comment.rating for comment in await customer.account.comments()] == [3, 4]


@pytest.mark.anyio
async def test_comments_are_for_customers_and_each_changes_their_own(
    musement_client: MusementClient, customer: MusementClient, activity: str
) -> None:
    with pytest.raises(PermissionDeniedError):
        await musement_client.comments.create(activity, rating=4)
    with pytest.raises(NotFoundError):
        await customer.comments.create(ACTIVITY, rating=4)
    with pytest.raises(NotFoundError, match="such comment of yours"):
        await customer.comments.update(ITEM, rating=4)
    with pytest.raises(BadRequestError, match="from 1 to 5"):
        await customer.request("POST", f"/activities/{activity}/comments", json={"rating": 6})


@pytest.mark.anyio
async def test_the_newest_review_goes_first_whoever_wrote_it(musement_client: MusementClient, activity: str) -> None:
    generated = await musement_client.reviews.list(activity, limit=3)
    second = generated[1].date
    assert second is not None
    moment = datetime.combine(second, datetime.max.time().replace(microsecond=0))
    await musement_client.reviews.create(activity, **{**NEEDED, "date": moment, "rating_value": 1})
    dates = [review.date async for review in musement_client.reviews.list(activity) if review.date]
    assert dates == sorted(dates, reverse=True)
