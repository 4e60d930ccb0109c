"""``musement categories``, ``musement venues`` and ``musement countries``."""

from functools import partial
from typing import Annotated

from cyclopts import Parameter
from rich.text import Text
from rich.tree import Tree

from musement_async.cli.listing import Portion, show_list
from musement_async.cli.names import find_id
from musement_async.cli.output import Column, print_json, print_tree, shown
from musement_async.cli.target import TextTarget
from musement_async.client import MusementClient
from musement_async.errors import ArgumentError
from musement_async.models.activities import Venue
from musement_async.models.categories import Category
from musement_async.models.countries import Country

_EVERYWHERE = TextTarget()
_FIRST_PAGE = Portion()

CATEGORY_COLUMNS = (
    Column[Category]("Id", lambda category: category.id, is_number=True),
    Column[Category]("Code", lambda category: category.code),
    Column[Category]("Category", lambda category: category.name, wraps=True),
    Column[Category]("Level", lambda category: category.level, is_number=True),
)
COUNTRY_COLUMNS = (
    Column[Country]("Id", lambda country: country.id, is_number=True),
    Column[Country]("Code", lambda country: country.iso_code),
    Column[Country]("Country", lambda country: country.name, wraps=True),
    Column[Country]("Currency", lambda country: country.currency_code),
)
VENUE_COLUMNS = (
    Column[Venue]("Id", lambda venue: venue.id, is_number=True),
    Column[Venue]("Venue", lambda venue: venue.name, wraps=True),
    Column[Venue]("City", lambda venue: venue.city and venue.city.name, wraps=True),
    Column[Venue]("Activities", lambda venue: venue.events_count, is_number=True),
)


async def categories(
    *,
    tree: Annotated[bool, Parameter(show_default=False, help="All of them, as a tree.")] = False,
    level: Annotated[int | None, Parameter(help="Only this deep in the tree, 1 for the broadest.")] = None,
    parent: Annotated[int | None, Parameter(help="Only those right below the category with this id.")] = None,
    portion: Portion = _FIRST_PAGE,
    target: TextTarget = _EVERYWHERE,
) -> None:
    """List what activities are about."""
    if tree and (level is not None or parent is not None):
        raise ArgumentError("--tree", "shows all categories: it goes with neither --level nor --parent")
    if not tree:
        async with target.client() as client:
            found = partial(client.categories.list, level=level, parent_id=parent)
            await show_list(found, CATEGORY_COLUMNS, portion, as_json=target.json)
        return
    async with target.client() as client:
        root = await client.categories.tree()
    if target.json:
        print_json([root])
    else:
        print_tree(_drawn(root))


def _drawn(root: Category) -> Tree:
    branches: list[Tree] = []
    for depth, category in root.walk():
        name, code = shown(category.name), shown(category.code)
        label = Text.assemble(name or code, (f"  {code}" if name else "", "dim"))
        branches[depth:] = [branches[depth - 1].add(label) if depth else Tree(label)]
    return branches[0]


async def venues(
    *text: Annotated[str, Parameter(help="Only those with these words.")],
    country: Annotated[
        tuple[str, ...],
        Parameter(show_default=False, help="Only in this country, by its id, code or name; may be repeated."),
    ] = (),
    portion: Portion = _FIRST_PAGE,
    target: TextTarget = _EVERYWHERE,
) -> None:
    """List venues that have activities."""
    async with target.client() as client:
        ids = [await _find_country(client, named) for named in country]
        found = partial(client.venues.list, country_in=ids)
        await show_list(found, VENUE_COLUMNS, portion, as_json=target.json, words=text)


async def countries(
    *text: Annotated[str, Parameter(help="Only those with these words.")],
    portion: Portion = _FIRST_PAGE,
    target: TextTarget = _EVERYWHERE,
) -> None:
    """List countries."""
    async with target.client() as client:
        await show_list(client.countries.list, COUNTRY_COLUMNS, portion, as_json=target.json, words=text)


async def _find_country(client: MusementClient, named: str) -> int:
    return await find_id(
        "--country",
        named,
        client.countries.list,
        lambda country: (country.name, country.iso_code),
        lambda country: country.id,
    )
