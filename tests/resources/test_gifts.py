"""Gifts: the requests, refusals and results of each method."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from musement_async import ArgumentError, DecodeError, LockedError, MusementClient, NotFoundError
from musement_async.models import Activity, GiftProduct
from musement_async.testing import LocalMusement

DAY = date(2026, 6, 2)


def event_id(activity: Activity) -> int:
    """The number at the end of an activity's URL."""
    assert activity.url is not None
    return int(activity.url.rstrip("/").rpartition("-")[2])


@pytest.fixture
def dated() -> LocalMusement:
    """A local Musement whose calendar does not depend on the day of the test."""
    return LocalMusement(today=DAY)


@pytest.mark.anyio
async def test_a_gift_is_checked_by_its_code_and_hash(answering: Any) -> None:
    client, requests = answering(content=b' {"code": "G1", "title": "A tour"}')
    assert await client.gifts.get("G1", gift_hash="abc123") == GiftProduct(code="G1", title="A tour")
    assert requests[0].url.path == "/gifts/G1"
    assert dict(requests[0].url.params) == {"giftHash": "abc123"}


@pytest.mark.anyio
@pytest.mark.parametrize("answer", [{}, {"status": 204}, {"content": b"true"}, {"content": b"<p>Redeemable</p>"}])
async def test_a_gift_that_the_answer_does_not_show_can_be_redeemed_all_the_same(answering: Any, answer: Any) -> None:
    client, _ = answering(**answer)
    assert await client.gifts.get("G1", gift_hash="abc123") is None


@pytest.mark.anyio
@pytest.mark.parametrize(("status", "error"), [(423, LockedError), (404, NotFoundError)])
async def test_a_gift_that_cannot_be_redeemed_is_an_error(answering: Any, status: int, error: type[Exception]) -> None:
    client, _ = answering(status, json={"code": "1400", "message": "No."})
    with pytest.raises(error):
        await client.gifts.get("G1", gift_hash="abc123")


@pytest.mark.anyio
@pytest.mark.parametrize(("form", "sent"), [({}, "1"), ({"pdf": True}, "1"), ({"pdf": False}, "0")])
async def test_a_rendered_gift_is_asked_for_with_its_order_item(answering: Any, form: Any, sent: str) -> None:
    client, requests = answering(content=b"%PDF-1.4 %%EOF")
    assert await client.gifts.render("G1", item_id=7, **form) == b"%PDF-1.4 %%EOF"
    assert requests[0].url.path == "/gifts/G1/render"
    assert dict(requests[0].url.params) == {"item_id": "7", "pdf": sent}


@pytest.mark.anyio
async def test_what_is_no_pdf_is_not_handed_on_as_one(answering: Any) -> None:
    client, _ = answering(content=b"<html></html>")
    with pytest.raises(DecodeError, match="it is not a PDF"):
        await client.gifts.render("G1", item_id=7)


@pytest.mark.anyio
async def test_what_can_be_given_is_asked_for_by_the_number_of_the_activity(answering: Any) -> None:
    client, requests = answering(json={"features": []})
    assert (await client.gifts.options(88080)).features == ()
    assert requests[0].url.path == "/events/88080/gift-schedule"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"[]", []),
        (b'[{"groups": [{"feature_code": "A"}]}, {"groups": [{"feature_code": "B"}]}]', ["A", "B"]),
    ],
)
async def test_the_schedules_of_a_gift_and_a_day_become_one(answering: Any, body: bytes, codes: list[str]) -> None:
    client, requests = answering(content=body)
    schedule = await client.gifts.schedule(88080, DAY, "G1")
    assert [group.feature_code for group in schedule.groups] == codes
    assert requests[0].url.path == "/events/88080/schedule/2026-06-02/G1"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "named", "wrong"),
    [
        ("get", [""], {"gift_hash": "abc"}, "code"),
        ("get", ["G1"], {"gift_hash": ""}, "gift_hash"),
        ("get", ["G1"], {"gift_hash": None}, "gift_hash"),
        ("render", [5], {"item_id": 7}, "code"),
        ("render", ["G1"], {"item_id": "seven"}, "item_id"),
        ("render", ["G1"], {"item_id": 7, "pdf": 1}, "pdf"),
        ("options", ["tour-88080"], {}, "event_id"),
        ("options", [0], {}, "event_id"),
        ("schedule", [0, DAY, "G1"], {}, "event_id"),
        ("schedule", [88080, "2026-06-02", "G1"], {}, "day"),
        ("schedule", [88080, DAY, ""], {}, "gift_code"),
    ],
)
async def test_what_could_not_be_sent_is_refused(
    answering: Any, method: str, arguments: Any, named: Any, wrong: str
) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.gifts, method)(*arguments, **named)
    assert raised.value.argument == wrong
    assert not requests


@pytest.mark.anyio
async def test_the_bought_gift_of_the_local_musement_is_an_activity_of_its_catalogue(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    gift = await musement_client.gifts.get(local_musement.gift_code, gift_hash=local_musement.gift_hash)
    assert gift is not None
    assert (gift.code, gift.gift_hash) == (local_musement.gift_code, local_musement.gift_hash)
    assert gift.activity_uuid is not None
    activity = await musement_client.activities.get(gift.activity_uuid)
    assert activity.giftable
    assert (gift.title, gift.url) == (activity.title, activity.url)
    assert gift.gift_price_tag is not None
    assert gift.gift_price_tag.feature_code is not None


@pytest.mark.anyio
async def test_the_bought_gift_of_the_local_musement_can_be_rendered(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    code, item = local_musement.gift_code, local_musement.gift_item_id
    assert code.encode() in await musement_client.gifts.render(code, item_id=item)
    assert f"<p>{code}</p>".encode() in await musement_client.gifts.render(code, item_id=item, pdf=False)
    with pytest.raises(NotFoundError):
        await musement_client.gifts.render(code, item_id=item + 1)


@pytest.mark.anyio
async def test_a_wrong_hash_is_locked_and_a_wrong_code_is_not_found(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    with pytest.raises(LockedError):
        await musement_client.gifts.get(local_musement.gift_code, gift_hash="guessed")
    with pytest.raises(NotFoundError):
        await musement_client.gifts.get("NO-SUCH-GIFT", gift_hash=local_musement.gift_hash)


@pytest.mark.anyio
async def test_what_the_local_musement_sold_as_a_gift_is_among_what_can_be_given(dated: LocalMusement) -> None:
    async with dated.client() as client:
        gift = await client.gifts.get(dated.gift_code, gift_hash=dated.gift_hash)
        assert gift is not None
        assert gift.gift_price_tag is not None
        assert gift.activity_uuid is not None
        given = await client.gifts.options(event_id(await client.activities.get(gift.activity_uuid)))
    tickets = {
        (feature.feature_code, product.holder_code): product.retail_price
        for feature in given.features
        for product in feature.products
    }
    (holder,) = gift.gift_price_tag.holders
    assert tickets[gift.gift_price_tag.feature_code, holder.code] == gift.retail_price


@pytest.mark.anyio
async def test_a_gift_of_the_local_musement_is_redeemed_for_a_slot_that_costs_nothing(dated: LocalMusement) -> None:
    async with dated.client() as client:
        gift = await client.gifts.get(dated.gift_code, gift_hash=dated.gift_hash)
        assert gift is not None
        assert gift.activity_uuid is not None
        number = event_id(await client.activities.get(gift.activity_uuid))
        for day in (DAY + timedelta(days=ahead) for ahead in range(60)):
            try:
                schedule = await client.gifts.schedule(number, day, dated.gift_code)
            except NotFoundError:
                continue
            break
        with pytest.raises(NotFoundError):
            await client.gifts.schedule(number + 1, day, dated.gift_code)
        with pytest.raises(NotFoundError):
            await client.gifts.schedule(number, DAY - timedelta(days=1), dated.gift_code)
        with pytest.raises(NotFoundError):
            await client.gifts.schedule(number, day, "NO-SUCH-GIFT")
    offers = list(schedule.offers())
    assert offers
    assert {product.retail_price and product.retail_price.value for _, _, product in offers} == {Decimal(0)}
    assert {(product.least, product.cap) for _, _, product in offers} == {(1, 1)}


@pytest.mark.anyio
async def test_only_what_is_giftable_can_be_given(dated: LocalMusement) -> None:
    async with dated.client() as client:
        refused = next(activity for activity in await client.activities.search(limit=50) if not activity.giftable)
        for number in (event_id(refused), 999_999):
            with pytest.raises(NotFoundError):
                await client.gifts.options(number)


@pytest.mark.anyio
async def test_an_empty_catalogue_has_no_gift() -> None:
    empty = LocalMusement(activities=0)
    async with empty.client() as client:
        with pytest.raises(NotFoundError):
            await client.gifts.get(empty.gift_code, gift_hash=empty.gift_hash)


@pytest.mark.anyio
async def test_a_gift_is_made_of_what_was_chosen_in_a_gift_box(answering: Any) -> None:
    client, requests = answering(json={"code": "G1"})
    assert await client.gifts.create("BOX", 12) == GiftProduct(code="G1")
    assert (requests[0].method, requests[0].url.path) == ("POST", "/gifts")
    assert json.loads(requests[0].content) == {
        "strategy": "FROM-GIFTBOX",
        "giftbox_code": "BOX",
        "giftbox_type_item_id": 12,
    }


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("arguments", "named", "wrong"),
    [
        (["", 12], {}, "giftbox_code"),
        (["BOX", "twelve"], {}, "giftbox_type_item_id"),
        (["BOX", 12], {"strategy": "FROM-SCRATCH"}, "strategy"),
    ],
)
async def test_a_gift_that_could_not_be_made_is_refused(answering: Any, arguments: Any, named: Any, wrong: str) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await client.gifts.create(*arguments, **named)
    assert raised.value.argument == wrong
    assert not requests


@pytest.mark.anyio
async def test_what_is_chosen_in_the_gift_box_of_the_local_musement_is_a_gift_like_others(dated: LocalMusement) -> None:
    async with dated.client() as client:
        giftbox = await client.giftboxes.get(dated.giftbox_code)
        assert giftbox.giftbox_type is not None
        assert giftbox.giftbox_type.code is not None
        made: dict[int, GiftProduct] = {}
        for item in await client.giftbox_types.items(giftbox.giftbox_type.code):
            assert item.id is not None
            gift = made[item.id] = await client.gifts.create(dated.giftbox_code, item.id)
            assert gift.gift_price_tag is not None
            assert gift.code is not None
            assert gift.gift_hash is not None
            assert gift.title == item.title
            assert [holder.qty for holder in gift.gift_price_tag.holders] == [item.number_of_people]
            assert await client.gifts.get(gift.code, gift_hash=gift.gift_hash) == gift
            assert gift.code.encode() in await client.gifts.render(gift.code, item_id=item.id)
        assert made
        with pytest.raises(NotFoundError, match="such item"):
            await client.gifts.create(dated.giftbox_code, 1)
        with pytest.raises(NotFoundError, match="such gift box"):
            await client.gifts.create("NO-SUCH-BOX", 1)
        with pytest.raises(NotFoundError):
            await client.gifts.get(f"{dated.giftbox_code}-x", gift_hash=dated.gift_hash)
