"""``musement cities`` and ``musement activities``."""

import re
from functools import partial
from typing import Annotated

from cyclopts import Parameter

from musement_async.cli.errors import CommandError
from musement_async.cli.listing import Portion, show
from musement_async.cli.output import Column
from musement_async.cli.target import Target
from musement_async.client import MusementClient
from musement_async.models.activities import Activity
from musement_async.models.cities import City
from musement_async.models.prices import Price

ID = re.compile(r"\d{1,9}", re.ASCII)
_EVERYWHERE = Target()
_FIRST_PAGE = Portion()


def rating(activity: Activity) -> str | None:
    """The stars of an activity; None for the API's 0, which means that nobody has rated it."""
    return f"{activity.reviews_avg:.1f}" if activity.reviews_avg else None


def money(price: Price | None) -> str | None:
    """An amount; None where it is not known."""
    return None if price is None or price.value is None else str(price)


CITY_COLUMNS = (
    Column[City]("Id", lambda city: city.id, is_number=True),
    Column[City]("City", lambda city: city.name, wraps=True),
    Column[City]("Country", lambda city: city.country and city.country.name, wraps=True),
    Column[City]("Activities", lambda city: city.activities_count, is_number=True),
)
ACTIVITY_COLUMNS = (
    Column[Activity]("Activity", lambda activity: activity.title, wraps=True),
    Column[Activity]("City", lambda activity: activity.city and activity.city.name, wraps=True),
    Column[Activity]("Rating", rating, is_number=True),
    Column[Activity]("From", lambda activity: money(activity.retail_price), is_number=True),
    Column[Activity]("UUID", lambda activity: activity.uuid, is_below=True),
)


async def cities(*, portion: Portion = _FIRST_PAGE, target: Target = _EVERYWHERE) -> None:
    """List cities that have activities."""
    async with target.client() as client:
        found = await portion.of(client.cities.list)
    show(found, CITY_COLUMNS, as_json=target.json)


async def activities(
    *text: Annotated[str, Parameter(help="Words to look for.")],
    city: Annotated[
        tuple[str, ...], Parameter(show_default=False, help="Only in this city, by its id or name; may be repeated.")
    ] = (),
    portion: Portion = _FIRST_PAGE,
    target: Target = _EVERYWHERE,
) -> None:
    """Search tours, activities and tickets."""
    async with target.client() as client:
        ids = [await _find_city(client, named) for named in city]
        found = await portion.of(partial(client.activities.search, text=" ".join(text) or None, city_in=ids or None))
    show(found, ACTIVITY_COLUMNS, as_json=target.json)


async def _find_city(client: MusementClient, named: str) -> int:
    """The id of a city. Of several with one name it is the one that the API lists first, its most popular."""
    if ID.fullmatch(named):
        return int(named)
    wanted = named.casefold()
    async for city in client.cities.list():
        if wanted in {(city.name or "").casefold(), (city.code or "").casefold()}:
            return city.id
    raise CommandError(f"no city is named {named!r}")
