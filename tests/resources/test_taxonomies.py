"""Taxonomies."""

from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError


@pytest.mark.anyio
async def test_phrases_are_asked_for_by_kind_and_category(answering: Any) -> None:
    client, requests = answering(json=[{"name": "Meal", "category": "MEALS"}])
    (phrase,) = await client.taxonomies.list("inclusions", category="MEALS")
    assert phrase.name == "Meal"
    await client.taxonomies.list("highlights")
    assert [str(request.url.copy_with(host=None, scheme="", port=None)) for request in requests] == [
        "/activity-taxonomies/inclusions?taxonomy_category_code=MEALS",
        "/activity-taxonomies/highlights",
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("argument", "kind", "category"),
    [("kind", "drinks", None), ("kind", "", None), ("kind", None, None), ("category", "highlights", "NO-STANDARD")],
)
async def test_words_the_api_does_not_know_are_refused(answering: Any, argument: str, kind: Any, category: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError) as raised:
        await client.taxonomies.list(kind, category=category)
    assert raised.value.argument == argument
    assert not requests


@pytest.mark.anyio
async def test_locally_the_phrases_of_an_activity_are_among_those_of_their_kind(
    musement_client: MusementClient,
) -> None:
    (activity,) = await musement_client.activities.search(limit=1)
    known = {phrase.uuid for phrase in await musement_client.taxonomies.list("exclusions")}
    said = await musement_client.activities.taxonomies(activity.uuid)
    assert {phrase.uuid for phrase in said if phrase.type == "EXCLUSION"} <= known
    tips = await musement_client.taxonomies.list("exclusions", category="MISC")
    assert [phrase.name for phrase in tips] == ["Tips"]


@pytest.mark.anyio
async def test_locally_unknown_words_are_errors(musement_client: MusementClient) -> None:
    with pytest.raises(NotFoundError):
        await musement_client.request("GET", "/activity-taxonomies/drinks")
    with pytest.raises(BadRequestError):
        await musement_client.request("GET", "/activity-taxonomies/highlights", params={"taxonomy_category_code": "X"})
