"""Data for content managers and suppliers."""

from typing import Any
from uuid import UUID

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError, PermissionDeniedError
from musement_async.models import TicketCodeStatus
from musement_async.testing import LocalMusement

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"

# The method, its arguments, its path, a body, and whether it is only for content managers.
READS: dict[str, tuple[tuple[str, ...], str, Any, bool]] = {
    "finances": ((), "/activity-finances", [{"id": 1}], True),
    "financial_info": ((UUID_TEXT,), f"/activities/{UUID_TEXT}/financial-info", {"commission_type": "x"}, True),
    "itineraries": ((UUID_TEXT,), f"/activities/{UUID_TEXT}/itineraries", [{"code": "a"}], True),
    "markets": ((UUID_TEXT,), f"/activities/{UUID_TEXT}/markets", [{"slug": "us"}], True),
    "me": ((), "/content-managers/me", {"username": "m"}, True),
    "merchant_tags": ((UUID_TEXT,), f"/activities/{UUID_TEXT}/merchant-tags", ["tag"], False),
    "participants_requirements": (
        (UUID_TEXT,),
        f"/activities/{UUID_TEXT}/participants-info-requirements",
        {"needs_email": True},
        True,
    ),
    "relevance": ((UUID_TEXT,), f"/activities/{UUID_TEXT}/relevance", [{"relevance": 3}], True),
    "ticket_codes": (
        (UUID_TEXT, "STANDARD", "ADULT"),
        f"/activities/{UUID_TEXT}/ticket-codes/STANDARD/ADULT",
        [{"code": "c"}],
        False,
    ),
}
OF_ACTIVITIES = [name for name, (arguments, *_) in READS.items() if arguments]


@pytest.mark.anyio
@pytest.mark.parametrize("name", READS)
async def test_a_read_asks_for_its_path_and_makes_something_of_the_answer(answering: Any, name: str) -> None:
    arguments, path, body, _ = READS[name]
    client, requests = answering(json=body)
    found = await getattr(client.content, name)(*arguments)
    assert [(request.url.path, request.url.query) for request in requests] == [(path, b"")]
    assert "()" not in repr(found)


@pytest.mark.anyio
@pytest.mark.parametrize("name", OF_ACTIVITIES)
async def test_what_is_no_uuid_is_refused(answering: Any, name: str) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError, match=r"^activity_uuid: must be a UUID"):
        await getattr(client.content, name)("..", *READS[name][0][1:])
    assert not requests


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("argument", "codes"), [("price_tag_feature", ("", "ADULT")), ("price_tag_holder", ("STANDARD", None))]
)
async def test_codes_must_not_be_empty(answering: Any, argument: str, codes: Any) -> None:
    client, _ = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        await client.content.ticket_codes(UUID_TEXT, *codes)
    assert raised.value.argument == argument


@pytest.mark.anyio
async def test_parents_are_asked_for_with_one_parameter_for_each_id(answering: Any) -> None:
    client, requests = answering(json={"activities": [{"uuid": UUID_TEXT, "title": "Pass"}], "meta": {"count": 9}})
    page = await client.content.parents(
        id_in=[3, 5], uuid_in=[UUID(UUID_TEXT)], status=["DRAFT", "ONLINE"], limit=1, offset=2
    )
    assert ([activity.title for activity in page], page.total) == (["Pass"], 9)
    query = [("id_in", "3"), ("id_in", "5"), ("uuid_in", UUID_TEXT), ("status", "DRAFT,ONLINE")]
    assert requests[0].url.params.multi_items() == [*query, ("limit", "1"), ("offset", "2")]
    await client.content.parents()
    assert not requests[1].url.query


@pytest.mark.parametrize(
    ("argument", "value"), [("id_in", ["a"]), ("uuid_in", ["a"]), ("status", ["GONE"]), ("limit", 101)]
)
def test_a_list_of_parents_refuses_what_the_api_could_not_read(answering: Any, argument: str, value: Any) -> None:
    client, _ = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        client.content.parents(**{argument: value})
    assert raised.value.argument == argument


@pytest.fixture
def manager(local_musement: LocalMusement) -> MusementClient:
    return local_musement.client(local_musement.manager)


@pytest.mark.anyio
@pytest.mark.parametrize("name", [name for name, (*_, restricted) in READS.items() if restricted])
async def test_locally_only_a_content_manager_may_read_it(
    local_musement: LocalMusement, musement_client: MusementClient, manager: MusementClient, name: str
) -> None:
    arguments = READS[name][0]
    activity = [local_musement.activity_uuids()[0]] if arguments else []
    for client in (musement_client, local_musement.client(local_musement.customer)):
        with pytest.raises(PermissionDeniedError):
            await getattr(client.content, name)(*activity)
    if name != "participants_requirements":
        assert await getattr(manager.content, name)(*activity)
    if arguments:
        with pytest.raises(NotFoundError):
            await getattr(manager.content, name)(*arguments)


@pytest.mark.anyio
async def test_locally_a_content_manager_is_told_who_that_is(
    local_musement: LocalMusement, manager: MusementClient
) -> None:
    assert (await manager.content.me()).username == local_musement.manager_username


@pytest.mark.asyncio
async def test_locally_requirements_agree_with_the_schema(manager: MusementClient) -> None:
    compared = 0
    async for activity in manager.activities.search().items(max_items=40):
        schema = await manager.activities.participants_schema(activity.uuid)
        if schema is None:
            with pytest.raises(NotFoundError):
                await manager.content.participants_requirements(activity.uuid)
        else:
            requirements = await manager.content.participants_requirements(activity.uuid)
            assert requirements.needed == schema.field_names
            compared += 1
    assert compared


@pytest.mark.asyncio
async def test_locally_it_agrees_with_the_activity(local_musement: LocalMusement, manager: MusementClient) -> None:
    finances = await manager.content.finances()
    for uuid in local_musement.activity_uuids()[:30]:
        activity = await manager.activities.get(uuid)
        info = await manager.content.financial_info(uuid)
        assert info.finance in finances
        assert info.commission_percentage_deduct is not None
        assert [place.relevance for place in await manager.content.relevance(uuid)] == [activity.relevance]
        (way,) = await manager.content.itineraries(uuid)
        assert [stop.types[0].code for stop in way.pois][0::3] == ["meeting-point", "end-point"]
        assert len(await manager.content.markets(uuid)) >= 19 + (not activity.exclusive)
        tags = await manager.content.merchant_tags(uuid)
        assert tags[1:] == tuple(feature.code for feature in activity.features)


@pytest.mark.anyio
async def test_locally_tickets_have_codes(local_musement: LocalMusement, musement_client: MusementClient) -> None:
    uuid = local_musement.activity_uuids()[0]
    codes = await musement_client.content.ticket_codes(uuid, "STANDARD", "ADULT")
    assert {code.status for code in codes} == set(TicketCodeStatus)
    assert [code.uses_left for code in codes] == [1, 1, None]
    for feature, holder in (("STANDARD", "DOG"), ("GOLD", "ADULT")):
        with pytest.raises(NotFoundError):
            await musement_client.content.ticket_codes(uuid, feature, holder)


@pytest.mark.anyio
async def test_locally_parents_are_those_of_a_seller(manager: MusementClient) -> None:
    everything = [activity async for activity in manager.content.parents()]
    sellers = {activity.seller_gateway.code for activity in everything if activity.seller_gateway}
    assert sellers == {"parent_event_seller"}
    first = everything[0]
    page = await manager.content.parents(uuid_in=[first.uuid])
    assert (list(page), page.total) == ([first], 1)
    online = [activity async for activity in manager.content.parents(status=["ONLINE"])]
    assert {activity.status for activity in online} == {"ONLINE"}
    by_id = await manager.content.parents(id_in=range(1, 100), limit=100)
    assert 0 < len(by_id) < len(everything)


@pytest.mark.anyio
async def test_locally_an_id_is_a_number(manager: MusementClient) -> None:
    with pytest.raises(BadRequestError):
        await manager.request("GET", "/activities-parent", params={"id_in": "abc"})
