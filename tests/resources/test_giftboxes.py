"""Bought gift boxes: the requests, refusals and results of each method."""

from typing import Any

import pytest

from musement_async import APIError, ArgumentError, DecodeError, LockedError, MusementClient, NotFoundError
from musement_async.testing import LocalMusement


@pytest.mark.anyio
async def test_a_gift_box_is_read_by_its_code(answering: Any) -> None:
    client, requests = answering(json={"redeem_code": "A/B"})
    assert (await client.giftboxes.get("A/B")).redeem_code == "A/B"
    assert requests[0].url.raw_path == b"/giftboxes/A%2FB"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("pdf", "sent", "accepted"),
    [(True, "1", "application/pdf, application/json;q=0.5"), (False, "0", "text/html, application/json;q=0.5")],
)
async def test_a_rendered_gift_box_is_asked_for_in_one_form(
    answering: Any,
    pdf: bool,  # noqa: FBT001
    sent: str,
    accepted: str,
) -> None:
    client, requests = answering(content=b"%PDF-1.4 %%EOF")
    assert await client.giftboxes.render("A1", pdf=pdf) == b"%PDF-1.4 %%EOF"
    assert requests[0].url.path == "/giftboxes/A1/render"
    assert dict(requests[0].url.params) == {"pdf": sent}
    assert requests[0].headers["Accept"] == accepted


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "wrong"),
    [
        ("get", [""], "giftbox_code"),
        ("get", [12], "giftbox_code"),
        ("render", [" "], "giftbox_code"),
        ("render", [None], "giftbox_code"),
    ],
)
async def test_what_is_no_code_is_refused(answering: Any, method: str, arguments: Any, wrong: str) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.giftboxes, method)(*arguments)
    assert raised.value.argument == wrong
    assert not requests


@pytest.mark.anyio
async def test_a_form_that_is_no_truth_value_is_refused(answering: Any) -> None:
    client, requests = answering(content=b"")
    with pytest.raises(ArgumentError, match=r"^pdf: must be True or False"):
        await client.giftboxes.render("A1", pdf="no")
    assert not requests


@pytest.mark.anyio
@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"code": "0"}', b" " * 1024 + b"%PDF-1.4"])
async def test_what_is_no_pdf_is_not_handed_on_as_one(answering: Any, body: bytes) -> None:
    client, _ = answering(content=body, headers={"X-Request-Id": "r1"})
    with pytest.raises(
        DecodeError,
        match=r"^GET /giftboxes/A1/render: 200, .*: it is not a PDF, but .+$",
    ) as raised:
        await client.giftboxes.render("A1")
    assert (raised.value.status, raised.value.request_id) == (200, "r1")


@pytest.mark.anyio
async def test_a_gift_box_that_cannot_be_redeemed_is_an_error_of_its_own(answering: Any) -> None:
    client, _ = answering(423)
    with pytest.raises(LockedError):
        await client.giftboxes.get("A1")


@pytest.mark.anyio
async def test_the_bought_gift_box_of_the_local_musement_can_be_read_in_each_language(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    english = await musement_client.giftboxes.get(local_musement.giftbox_code)
    italian = await musement_client.with_options(language="it-IT").giftboxes.get(local_musement.giftbox_code)
    assert english.redeem_code == local_musement.giftbox_code
    assert english.title != italian.title
    assert english.giftbox_type is not None
    assert english.giftbox_type.code is not None
    assert english.giftbox_type == await musement_client.giftbox_types.get(english.giftbox_type.code)


@pytest.mark.anyio
async def test_the_bought_gift_box_of_the_local_musement_can_be_rendered(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    giftbox = await musement_client.giftboxes.get(local_musement.giftbox_code)
    assert giftbox.title is not None
    pdf = await musement_client.giftboxes.render(local_musement.giftbox_code)
    html = await musement_client.giftboxes.render(local_musement.giftbox_code, pdf=False)
    assert giftbox.title.encode() in pdf
    assert f"<h1>{giftbox.title}</h1>".encode() in html


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["get", "render"])
async def test_an_unknown_gift_box_is_not_found(musement_client: MusementClient, method: str) -> None:
    with pytest.raises(NotFoundError):
        await getattr(musement_client.giftboxes, method)("NO-SUCH-BOX")


@pytest.mark.anyio
async def test_the_code_of_a_gift_is_refused_with_the_way_to_the_gift(
    local_musement: LocalMusement, musement_client: MusementClient
) -> None:
    with musement_client.capture() as exchanges, pytest.raises(APIError) as raised:
        await musement_client.giftboxes.get(local_musement.gift_code)
    assert raised.value.status == 406
    place = f"/api/v3/gifts/{local_musement.gift_code}?giftHash={local_musement.gift_hash}"
    assert exchanges[-1].headers["location"] == place
