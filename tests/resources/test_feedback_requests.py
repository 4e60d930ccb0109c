"""Requests for feedback."""

from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError


@pytest.mark.anyio
async def test_a_request_for_feedback_is_read_by_its_nonce(answering: Any) -> None:
    client, requests = answering(json={"nonce": "a/b", "type": "event"})
    assert (await client.feedback_requests.get("a/b")).type == "event"
    assert requests[0].url.raw_path == b"/feedback-requests/a%2Fb"


@pytest.mark.anyio
@pytest.mark.parametrize("nonce", ["", " ", "..", None, 5])
async def test_what_is_no_nonce_is_refused(answering: Any, nonce: Any) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError):
        await client.feedback_requests.get(nonce)
    assert not requests


@pytest.mark.anyio
async def test_a_request_for_feedback_names_an_activity_and_a_customer(musement_client: MusementClient) -> None:
    asked = await musement_client.feedback_requests.get("feedback-1")
    assert asked.nonce == "feedback-1"
    assert asked.event is not None
    assert asked.event.uuid is not None
    assert asked.event == await musement_client.activities.get(asked.event.uuid)
    assert asked.customer is not None
    assert asked.customer.email == "customer@example.com"


@pytest.mark.anyio
async def test_one_that_cannot_be_used_and_one_that_does_not_exist_are_errors_of_their_own(
    musement_client: MusementClient,
) -> None:
    with pytest.raises(BadRequestError):
        await musement_client.feedback_requests.get("feedback-501")
    with pytest.raises(NotFoundError):
        await musement_client.feedback_requests.get("feedback-0")
