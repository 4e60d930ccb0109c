"""Widgets."""

from typing import Any

import pytest

from musement_async import ArgumentError, BadRequestError, MusementClient, NotFoundError


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        ({}, {}),
        (
            {"text": "rome", "sort_by": "-widget_type", "limit": 5, "offset": 5},
            {"text": "rome", "sort_by": "-widget_type", "limit": "5", "offset": "5"},
        ),
        ({"sort_by": ["entity_ids_count", "code"]}, {"sort_by": "entity_ids_count,code"}),
    ],
)
async def test_a_list_sends_every_filter_as_the_api_reads_it(
    answering: Any, arguments: dict[str, Any], sent: dict[str, str]
) -> None:
    client, requests = answering(json={"data": [{"code": "a"}], "meta": {"count": 31}})
    page = await client.widgets.list(**arguments)
    assert (page.total, [widget.code for widget in page]) == (31, ["a"])
    assert (requests[0].url.path, dict(requests[0].url.params)) == ("/widgets", sent)


@pytest.mark.parametrize(("argument", "value"), [("text", 5), ("sort_by", "name"), ("sort_by", ["code", ""])])
def test_a_list_refuses_what_the_api_could_not_read(answering: Any, argument: str, value: Any) -> None:
    client, _ = answering(json={})
    with pytest.raises(ArgumentError) as raised:
        client.widgets.list(**{argument: value})
    assert raised.value.argument == argument


@pytest.mark.anyio
async def test_a_widget_is_read_by_its_code(answering: Any) -> None:
    client, requests = answering(json={"code": "a b"})
    assert (await client.widgets.get("a b")).code == "a b"
    with pytest.raises(ArgumentError, match=r"^widget_code"):
        await client.widgets.get("")
    assert [request.url.raw_path for request in requests] == [b"/widgets/a%20b"]


@pytest.mark.anyio
async def test_all_widgets_can_be_iterated_and_read_one_by_one(musement_client: MusementClient) -> None:
    codes = [widget.code async for widget in musement_client.widgets.list(limit=10)]
    assert codes == sorted(set(codes), key=str)
    page = await musement_client.widgets.list()
    assert (page.total, [widget.code for widget in page]) == (len(codes), codes[:10])
    assert await musement_client.widgets.get(codes[0] or "") == page[0]


@pytest.mark.anyio
async def test_a_list_of_widgets_is_searched_and_sorted(musement_client: MusementClient) -> None:
    page = await musement_client.widgets.list(text="Rome", sort_by=["-widget_type", "code"])
    codes = [widget.code for widget in page]
    assert codes == ["venues-rome-en", "venues-rome-it", "activities-rome-en", "activities-rome-it"]
    largest = await musement_client.widgets.list(sort_by="-entity_ids_count", limit=1)
    assert largest[0].code in codes


@pytest.mark.anyio
async def test_a_widget_that_does_not_exist_and_an_unknown_order_are_errors(musement_client: MusementClient) -> None:
    with pytest.raises(NotFoundError):
        await musement_client.widgets.get("nothing")
    with pytest.raises(BadRequestError, match="sort_by"):
        await musement_client.request("GET", "/widgets", params={"sort_by": "name"})
