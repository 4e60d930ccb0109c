"""Articles on other sites."""

from typing import Any

import pytest

from musement_async import ArgumentError, MusementClient, NotFoundError


@pytest.mark.anyio
@pytest.mark.parametrize(("codes", "sent"), [(["IT", "FR"], {"country_iso_2char_in": "IT,FR"}), ([], {}), (None, {})])
async def test_a_list_sends_the_codes_of_countries(answering: Any, codes: Any, sent: dict[str, str]) -> None:
    client, requests = answering(json=[])
    assert await client.external_links.list(country_iso_2char_in=codes) == ()
    assert (requests[0].url.path, dict(requests[0].url.params)) == ("/external-links", sent)


@pytest.mark.anyio
@pytest.mark.parametrize("codes", ["IT,FR", ["IT,FR"], [""]])
async def test_a_list_refuses_what_are_no_codes(answering: Any, codes: Any) -> None:
    client, requests = answering(json=[])
    with pytest.raises(ArgumentError, match=r"^country_iso_2char_in"):
        await client.external_links.list(country_iso_2char_in=codes)
    assert not requests


@pytest.mark.anyio
async def test_a_link_is_read_by_a_number(answering: Any) -> None:
    client, requests = answering(json={"id": 7})
    assert (await client.external_links.get(7)).id == 7
    with pytest.raises(ArgumentError, match=r"^external_link_id"):
        await client.external_links.get("seven")
    assert [request.url.path for request in requests] == ["/external-links/7"]


@pytest.mark.anyio
async def test_countries_have_articles_that_can_be_read_one_by_one(musement_client: MusementClient) -> None:
    everything = await musement_client.external_links.list()
    italian = await musement_client.external_links.list(country_iso_2char_in=["it"])
    assert {link.country_name for link in italian} == {"Italy"}
    assert set(italian) < set(everything)
    first = italian[0]
    assert first.id is not None
    assert await musement_client.external_links.get(first.id) == first
    assert (await musement_client.with_options(language="it").external_links.get(first.id)).country_name == "Italia"


@pytest.mark.anyio
async def test_a_link_that_does_not_exist_is_an_error(musement_client: MusementClient) -> None:
    with pytest.raises(NotFoundError):
        await musement_client.external_links.get(999)
