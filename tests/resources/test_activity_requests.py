"""Questions about activities, and dynamic bundles: their requests, refusals and results."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from musement_async import (
    ArgumentError,
    BadRequestError,
    BundleConfiguration,
    MusementClient,
    NotFoundError,
    PermissionDeniedError,
)
from musement_async.models import Bundle, BundleType
from musement_async.testing import LocalMusement

UUID_TEXT = "b36ba13e-cd53-44dc-8741-b200ada5549a"


@pytest.mark.anyio
async def test_bundles_are_asked_for_with_what_was_configured(answering: Any) -> None:
    client, requests = answering(json=[{"rule_id": "r1"}])
    other = UUID(int=1)
    full = BundleConfiguration(other, Decimal("7.5"), apply_discount_percent=True, dont_apply_on_first_product=False)
    found = await client.activities.dynamic_bundles(UUID_TEXT, [full, BundleConfiguration(str(other))])
    assert found == (Bundle(rule_id="r1"),)
    assert (requests[0].method, requests[0].url.path) == ("POST", f"/activities/{UUID_TEXT}/dynamic-bundles")
    assert json.loads(requests[0].content) == [
        {
            "activity_uuid": str(other),
            "discount": 7.5,
            "apply_discount_percent": True,
            "dont_apply_on_first_product": False,
        },
        {"activity_uuid": str(other)},
    ]


@pytest.mark.anyio
async def test_a_question_is_sent_as_it_is(answering: Any) -> None:
    client, requests = answering(json={})
    await client.activities.contact_request(UUID_TEXT, {"email": "ada@example.com", "category": 13})
    assert (requests[0].method, requests[0].url.path) == ("POST", f"/activities/{UUID_TEXT}/contact-requests")
    assert json.loads(requests[0].content) == {"email": "ada@example.com", "category": 13}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "wrong"),
    [
        ("dynamic_bundles", ["x", []], "activity_uuid"),
        ("dynamic_bundles", [UUID_TEXT, [{"activity_uuid": UUID_TEXT}]], "configurations"),
        ("contact_request", ["x", {}], "activity_uuid"),
        ("contact_request", [UUID_TEXT, "hello"], "fields"),
    ],
)
async def test_what_could_not_be_sent_is_refused(answering: Any, method: str, arguments: Any, wrong: str) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.activities, method)(*arguments)
    assert raised.value.argument == wrong
    assert not requests


@pytest.mark.anyio
async def test_locally_a_bundle_of_ones_own_is_as_cheap_as_configured(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    client = musement_client.with_options(currency="EUR")
    uuids = local_musement.activity_uuids()[:4]
    prices = [(await client.activities.get(uuid)).retail_price for uuid in uuids]
    wanted = [
        BundleConfiguration(uuids[1], 50, apply_discount_percent=True),
        BundleConfiguration(uuids[2], 1.5, dont_apply_on_first_product=True),
        BundleConfiguration(uuids[3]),
        BundleConfiguration(UUID_TEXT, 50),
        BundleConfiguration(local_musement.activity_uuids("DRAFT")[0], 50),
    ]
    bundles = await client.activities.dynamic_bundles(uuids[0], wanted)
    kinds = [(bundle.bundle_type, bundle.discount, bundle.discount_type) for bundle in bundles]
    assert kinds == [
        (BundleType.ON_EVERYTHING, 50, "PERCENTAGE"),
        (BundleType.FROM_SECOND, 2, "ABSOLUTE"),
        (BundleType.NO_DISCOUNT, 0, "ABSOLUTE"),
    ]
    assert [[str(activity.uuid) for activity in bundle.activities] for bundle in bundles] == [
        [uuid] for uuid in uuids[1:]
    ]
    values = [price.value for price in prices if price and price.value is not None]
    bundled = [bundle.activities[0].bundled_price for bundle in bundles]
    cheaper = [price.value for price in bundled if price and price.value is not None]
    assert cheaper[0] == pytest.approx(values[1] / 2, abs=Decimal("0.01"))
    assert cheaper[1:] == [values[2] - Decimal("1.5"), values[3]]


@pytest.mark.anyio
async def test_locally_a_question_is_about_an_activity_and_not_empty(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    ask = musement_client.activities.contact_request
    await ask(local_musement.activity_uuids()[0], {"text": "Is it far?"})
    with pytest.raises(BadRequestError, match="empty"):
        await ask(local_musement.activity_uuids()[0], {})
    with pytest.raises(NotFoundError):
        await ask(UUID_TEXT, {"text": "Is it far?"})
    with pytest.raises(PermissionDeniedError):
        await ask(local_musement.activity_uuids("DRAFT")[0], {"text": "Is it far?"})


@pytest.mark.anyio
@pytest.mark.parametrize(
    "body", [{}, "x", [5], [{}], [{"activity_uuid": "x"}], [{"activity_uuid": UUID_TEXT, "discount": True}]], ids=str
)
async def test_locally_a_configuration_that_is_none_is_refused(
    local_musement: LocalMusement, musement_client: MusementClient, body: Any
) -> None:
    path = f"/activities/{local_musement.activity_uuids()[0]}/dynamic-bundles"
    with pytest.raises(BadRequestError):
        await musement_client.request("POST", path, json=body)
