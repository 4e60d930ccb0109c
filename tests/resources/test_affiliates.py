"""Affiliates and their widgets."""

from typing import Any
from uuid import UUID

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError
from musement_async.testing import LocalMusement

SUPPLIER = UUID("0b5c8f4e-6f0a-4c58-9d0e-3a4f6d1f2a11")
WIDGETS = f"/affiliates/{SUPPLIER}/widgets"
FIELDS = {"locale": "it-IT"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "path"), [("my_widgets", (), "/affiliates/me/widgets"), ("widgets", (SUPPLIER,), WIDGETS)]
)
async def test_a_list_sends_every_filter_as_the_api_reads_it(
    answering: Any, method: str, arguments: tuple[Any, ...], path: str
) -> None:
    client, requests = answering(json={"data": [{"code": "a"}], "meta": {"count": 31}})
    filters = {"text": "rome", "sort_by": ["-code", "widget_type"], "limit": 5, "offset": 5}
    page = await getattr(client.affiliates, method)(*arguments, **filters)
    assert (page.total, [widget.code for widget in page]) == (31, ["a"])
    sent = {"text": "rome", "sort_by": "-code,widget_type", "limit": "5", "offset": "5"}
    assert (requests[0].url.path, dict(requests[0].url.params)) == (path, sent)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "sent"),
    [
        ("create_my_widget", (FIELDS,), "POST /affiliates/me/widgets"),
        ("create_widget", (SUPPLIER, FIELDS), f"POST {WIDGETS}"),
        ("update_my_widget", ("a b", FIELDS), "PATCH /affiliates/me/widgets/a%20b"),
        ("update_widget", (SUPPLIER, "a b", FIELDS), f"PATCH {WIDGETS}/a%20b"),
    ],
)
async def test_what_writes_a_widget_sends_the_fields(
    answering: Any, method: str, arguments: tuple[Any, ...], sent: str
) -> None:
    client, requests = answering(json={"code": "a b"})
    await getattr(client.affiliates, method)(*arguments)
    (request,) = requests
    assert (f"{request.method} {request.url.raw_path.decode()}", request.content) == (sent, b'{"locale":"it-IT"}')


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "arguments", "argument"),
    [
        ("get", ("",), "affiliate_code"),
        ("widgets", ("no-uuid",), "supplier_uuid"),
        ("create_my_widget", (None,), "fields"),
        ("create_widget", ("no-uuid", FIELDS), "supplier_uuid"),
        ("update_my_widget", ("", FIELDS), "widget_code"),
        ("update_widget", (SUPPLIER, "w", [FIELDS]), "fields"),
    ],
)
async def test_an_argument_that_the_api_could_not_read_is_refused(
    answering: Any, method: str, arguments: tuple[Any, ...], argument: str
) -> None:
    client, requests = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        await getattr(client.affiliates, method)(*arguments)
    assert (raised.value.argument, requests) == (argument, [])


@pytest.mark.anyio
async def test_an_affiliate_is_read_by_itself_and_by_its_code(musement_client: MusementClient) -> None:
    me = await musement_client.affiliates.me()
    assert await musement_client.affiliates.get(me.code or "") == me
    with pytest.raises(NotFoundError):
        await musement_client.affiliates.get("nobody")


@pytest.mark.anyio
async def test_a_customer_is_not_an_affiliate(local_musement: LocalMusement) -> None:
    async with local_musement.client(local_musement.customer) as customer:
        with pytest.raises(NotFoundError):
            await customer.affiliates.me()


@pytest.mark.anyio
async def test_a_new_widget_is_among_those_of_its_affiliate(musement_client: MusementClient) -> None:
    affiliates, other = musement_client.affiliates, (await musement_client.affiliates.get("other-affiliate")).uuid
    assert other is not None
    before = [widget.code async for widget in affiliates.my_widgets()]
    await affiliates.create_my_widget({"locale": "it-IT", "title": "any field"})
    (new,) = [widget async for widget in affiliates.my_widgets() if widget.code not in before]
    assert (new.locale, new.code in [widget.code async for widget in affiliates.widgets(other)]) == ("it-IT", False)
    await affiliates.create_widget(other, {})
    assert len([widget async for widget in affiliates.widgets(other, text="widget-")]) == 1


@pytest.mark.anyio
async def test_a_widget_is_changed_by_its_affiliate_alone(musement_client: MusementClient) -> None:
    affiliates, (mine, *_) = musement_client.affiliates, await musement_client.affiliates.my_widgets()
    me, other = await affiliates.me(), await affiliates.get("other-affiliate")
    assert me.uuid is not None
    assert other.uuid is not None
    code = mine.code or ""
    changed = await affiliates.update_my_widget(code, {"currency": "GBP"})
    assert changed.currency == "GBP"
    assert await affiliates.update_widget(me.uuid, code, {"locale": "it-IT"}) == await musement_client.widgets.get(code)
    with pytest.raises(NotFoundError):
        await affiliates.update_widget(other.uuid, code, FIELDS)
    with pytest.raises(BadRequestError, match="currency"):
        await affiliates.update_my_widget(code, {"currency": 5})


@pytest.mark.anyio
async def test_a_reset_server_has_the_widgets_of_its_beginning(local_musement: LocalMusement) -> None:
    async with local_musement.client() as client:
        before = (await client.widgets.list()).total
        await client.affiliates.create_my_widget({})
        local_musement.reset(everything=True)
        assert (await client.widgets.list()).total == before
