"""Wishes."""

from typing import Any

import pytest

from musement_async import ArgumentError, MusementClient, NotFoundError, PermissionDeniedError


@pytest.mark.anyio
async def test_a_wish_is_read_by_its_code(answering: Any) -> None:
    client, requests = answering(json={"code": "5-activity"})
    assert (await client.wishes.get("5-activity")).code == "5-activity"
    assert requests[0].url.path == "/wishes/5-activity"


@pytest.mark.anyio
@pytest.mark.parametrize("code", ["", " ", "..", None, 5])
async def test_what_is_no_code_is_refused(answering: Any, code: Any) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError, match=r"^code"):
        await client.wishes.get(code)
    assert not requests


@pytest.mark.anyio
@pytest.mark.parametrize(("code", "number", "kind"), [("1-activity", 1, "activity"), ("160-venue", 160, "venue")])
async def test_a_wish_tells_what_is_wished_for(
    musement_client: MusementClient, code: str, number: int, kind: str
) -> None:
    wish = await musement_client.wishes.get(code)
    assert (wish.code, wish.item_id, wish.item_type) == (code, number, kind)
    assert all((wish.title, wish.description, wish.cover_image_url, wish.city))


@pytest.mark.anyio
async def test_a_wish_is_in_the_clients_language(musement_client: MusementClient) -> None:
    english = await musement_client.wishes.get("160-venue")
    italian = await musement_client.with_options(language="it").wishes.get("160-venue")
    assert (english.title, italian.title) == ("Colosseum", "Colosseo")


@pytest.mark.anyio
async def test_one_for_a_hidden_activity_and_one_that_does_not_exist_are_errors_of_their_own(
    musement_client: MusementClient,
) -> None:
    with pytest.raises(PermissionDeniedError):
        await musement_client.wishes.get("501-activity")
    for code in ("0-activity", "1-venue", "1-city", "x"):
        with pytest.raises(NotFoundError):
            await musement_client.wishes.get(code)
