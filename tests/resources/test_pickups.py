"""Pickup points."""

from datetime import date
from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError, PermissionDeniedError
from musement_async.models import PickupTagSource
from musement_async.testing import LocalMusement
from musement_async.testing.catalogue.activities import Catalogue

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"


@pytest.mark.anyio
async def test_every_filter_is_sent_as_the_api_reads_it(answering: Any) -> None:
    client, requests = answering(json=[{"uuid": UUID_TEXT, "tags": [{"id": 7, "type": "SUPPLIER"}]}])
    (pickup,) = await client.pickups.list(
        text="hot", type_in=["HOTEL", "PICKUP"], sort_by="-type", source="GIATA-CODE", limit=50, offset=50
    )
    assert (pickup.tags[0].id, pickup.tags[0].type) == ("7", PickupTagSource.SUPPLIER)
    assert requests[0].url.path == "/pickups"
    assert dict(requests[0].url.params) == {
        "text": "hot",
        "type_in": "HOTEL,PICKUP",
        "sort_by": "-type",
        "source": "GIATA-CODE",
        "limit": "50",
        "offset": "50",
    }


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("text", "ho"),
        ("text", 500),
        ("type_in", ["BEACH"]),
        ("sort_by", "name"),
        ("source", "MINE"),
        ("limit", 51),
        ("offset", -1),
    ],
)
def test_an_argument_the_api_could_not_read_is_refused(answering: Any, argument: str, value: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        client.pickups.list(**{argument: value})
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_a_pickup_point_is_read_by_its_uuid_and_nothing_else(answering: Any) -> None:
    client, requests = answering(json={"uuid": UUID_TEXT, "name": "Station"})
    assert (await client.pickups.get(UUID_TEXT)).name == "Station"
    assert requests[0].url.path == f"/pickups/{UUID_TEXT}"
    with pytest.raises(ArgumentError, match=r"^pickup_uuid: must be a UUID"):
        await client.pickups.get("p1")


@pytest.mark.anyio
async def test_locally_every_pickup_point_is_listed_once(musement_client: MusementClient) -> None:
    everywhere = [pickup async for pickup in musement_client.pickups.list()]
    assert len({pickup.uuid for pickup in everywhere}) == len(everywhere) > 100
    first = await musement_client.pickups.list()
    assert (len(first), first.is_last) == (50, False)
    assert list(first) == everywhere[:50]


@pytest.mark.anyio
async def test_locally_the_pickup_points_of_an_activity_have_names_of_their_own(
    musement_client: MusementClient,
) -> None:
    found = [await musement_client.activities.pickups(one.uuid) async for one in musement_client.activities.search()]
    assert {len(pickups) for pickups in found} == {0, 3}
    assert {len({pickup.name for pickup in pickups}) for pickups in found} == {0, 3}


@pytest.mark.anyio
async def test_locally_filters_and_orders_hold(musement_client: MusementClient) -> None:
    pickups = musement_client.pickups
    hotels = [pickup async for pickup in pickups.list(type_in=["HOTEL"])]
    assert {pickup.type for pickup in hotels} == {"HOTEL"}
    named = [pickup async for pickup in pickups.list(text="aurora")]
    assert {pickup.name for pickup in named} == {"Hotel Aurora"}
    code = hotels[0].tags[0].id
    assert hotels[0] in await pickups.list(text=code, source="GIATA-CODE")
    assert not await pickups.list(text=code, source="SUPPLIER")
    ordered = [pickup.type for pickup in [one async for one in pickups.list(sort_by="-type")]]
    assert ordered == sorted(ordered, key=str, reverse=True)
    assert len(set(ordered)) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("params", [{"text": "ab"}, {"source": "MINE"}, {"type_in": "BEACH"}, {"sort_by": "name"}])
async def test_locally_what_cannot_be_read_is_a_bad_request(
    musement_client: MusementClient, params: dict[str, str]
) -> None:
    with pytest.raises(BadRequestError):
        await musement_client.request("GET", "/pickups", params=params)


@pytest.mark.anyio
async def test_locally_a_pickup_point_is_hidden_with_its_activity() -> None:
    drafts = (
        (local, activity.pickups[0])
        for local in (LocalMusement(seed=seed, activities=0) for seed in range(50))
        for activity in Catalogue(seed=local._seed, size=0, today=date(2026, 6, 1)).activities
        if activity.pickups and activity.status == "DRAFT"
    )
    local, pickup = next(drafts)
    with pytest.raises(PermissionDeniedError):
        await local.client().pickups.get(pickup)
    with pytest.raises(NotFoundError):
        await local.client().pickups.get(UUID_TEXT)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "wrap", [lambda one: one, lambda one: [one], lambda one: {"data": [one]}], ids=["bare", "in a list", "wrapped"]
)
async def test_a_pickup_point_is_read_from_a_list_of_one_too(answering: Any, wrap: Any) -> None:
    client, _ = answering(json=wrap({"uuid": UUID_TEXT, "name": "Station"}))
    assert (await client.pickups.get(UUID_TEXT)).name == "Station"
