"""Lists that the local Musement was told to distort, and what a client makes of them."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, cast

import httpx
import pytest

from musement_async import IncompleteListError, ListCall, MusementClient
from musement_async.testing import LocalMusement

Ask = Callable[..., httpx.Response]
SEARCH, REVIEWS = "/activities", "/activities/{activityUuid}/reviews"


@pytest.fixture(autouse=True)
def _no_faults_left(shop: LocalMusement) -> None:
    shop.reset()


@pytest.fixture
def ids(shop: LocalMusement, send_to: Ask) -> Callable[..., list[int]]:
    """The ids of cities on a page."""

    def ask(**parameters: int) -> list[int]:
        return [city["id"] for city in send_to(shop, "/cities", params=parameters).json()]

    return ask


@pytest.fixture
async def lists(shop: LocalMusement) -> AsyncGenerator[Callable[[str], ListCall[Any]]]:
    """Lists of several pages: one with its total in the body, one with numbered pages and its total in the headers."""
    async with shop.client() as client:
        reviewed = await reviewed_activity(client)

        def call(path: str) -> ListCall[Any]:
            if path == SEARCH:
                return client.activities.search(city_in=[2], limit=10)
            return client.reviews.list(reviewed, limit=5)

        yield call


async def reviewed_activity(client: MusementClient) -> str:
    """An activity with several pages of reviews, but not many."""
    async with aclosing(client.activities.search().items()) as found:
        few = [activity async for activity in found if 10 < (activity.reviews_number or 0) < 40]
    return str(few[0].uuid)


def test_long_pages_hold_twice_the_items(shop: LocalMusement, ids: Callable[..., list[int]]) -> None:
    usual = ids(limit=8, offset=4)
    shop.distort_lists("long", path="/cities")
    assert ids(limit=4, offset=4) == usual


def test_overlapping_pages_begin_with_the_last_item_of_the_one_before(
    shop: LocalMusement, ids: Callable[..., list[int]]
) -> None:
    shop.distort_lists("overlapping")
    pages = [ids(limit=5, offset=offset) for offset in (0, 5, 10)]
    assert [pages[1][0], pages[2][0]] == [pages[0][-1], pages[1][-1]]


def test_lists_that_are_cut_have_one_page(shop: LocalMusement, send_to: Ask) -> None:
    shop.distort_lists("cut", path=SEARCH)
    first, second = (send_to(shop, SEARCH, params={"offset": offset}).json() for offset in (0, 10))
    assert (len(first["data"]), second["data"]) == (10, [])
    assert first["meta"]["count"] == second["meta"]["count"] > 10


@pytest.mark.parametrize(("fault", "kind"), [("null", type(None)), ("map", dict)])
def test_something_else_stands_in_place_of_lists(shop: LocalMusement, send_to: Ask, fault: Any, kind: type) -> None:
    shop.distort_lists(fault)
    bare, wrapped = send_to(shop, "/cities").json(), send_to(shop, SEARCH).json()
    assert (type(bare), type(wrapped["data"])) == (kind, kind)
    assert send_to(shop, "/cities/2").json()["name"] == "Rome"


def test_what_is_not_a_list_stays_what_it_is(shop: LocalMusement, send_to: Ask) -> None:
    paths = ["/cities/2", *(f"/activities/{uuid}/metadata/languages" for uuid in shop.activity_uuids())]
    usual = send_to(shop, paths[0]).content
    empty = next(path for path in paths if send_to(shop, path).status_code == 204)
    shop.distort_lists("null")
    assert [send_to(shop, path).content for path in (paths[0], empty)] == [usual, b""]


def test_the_rule_for_a_path_goes_first_and_can_be_taken_back(
    shop: LocalMusement, ids: Callable[..., list[int]]
) -> None:
    shop.distort_lists("long")
    shop.distort_lists(None, path="/cities")
    assert len(ids(limit=5)) == 5


def test_an_unknown_fault_is_refused(shop: LocalMusement) -> None:
    with pytest.raises(ValueError, match=r"^fault: must be one of long, overlapping, cut, null, map, or None"):
        shop.distort_lists(cast("Any", "short"))


@pytest.mark.anyio
@pytest.mark.parametrize("path", [SEARCH, REVIEWS])
@pytest.mark.parametrize("fault", ["long", "overlapping", "map"])
async def test_a_client_loses_nothing_of_a_distorted_list(
    shop: LocalMusement, lists: Callable[[str], ListCall[Any]], path: str, fault: Any
) -> None:
    usual = [item async for item in lists(path)]
    shop.distort_lists(fault, path=path)
    assert [item async for item in lists(path).items(unique=True)] == usual


@pytest.mark.anyio
@pytest.mark.parametrize("path", [SEARCH, REVIEWS])
@pytest.mark.parametrize(("fault", "come"), [("cut", 1), ("null", 0)])
async def test_a_client_says_how_much_of_a_distorted_list_is_missing(
    shop: LocalMusement, lists: Callable[[str], ListCall[Any]], path: str, fault: Any, come: int
) -> None:
    page = await lists(path)
    assert page.total
    assert page.total > len(page)
    shop.distort_lists(fault, path=path)
    with pytest.raises(IncompleteListError) as raised:
        _ = [item async for item in lists(path)]
    assert raised.value.missing == page.total - come * len(page)
