"""``musement cities`` and ``musement activities``."""

from functools import partial
from typing import Annotated

from cyclopts import Parameter

from musement_async.cli.listing import Portion, show_list
from musement_async.cli.names import find_id
from musement_async.cli.output import Column
from musement_async.cli.target import Target, TextTarget
from musement_async.client import MusementClient
from musement_async.models.activities import Activity
from musement_async.models.cities import City
from musement_async.models.prices import Price

_EVERYWHERE, _ANYWHERE = Target(), TextTarget()
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


async def cities(
    *text: Annotated[str, Parameter(help="Only those with these words.")],
    portion: Portion = _FIRST_PAGE,
    target: TextTarget = _ANYWHERE,
) -> None:
    """List cities that have activities."""
    async with target.client() as client:
        await show_list(client.cities.list, CITY_COLUMNS, portion, as_json=target.json, words=text)


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
        ids = [await find_city(client, named) for named in city]
        search = partial(client.activities.search, text=" ".join(text) or None, city_in=ids or None)
        await show_list(search, ACTIVITY_COLUMNS, portion, as_json=target.json)


async def find_city(client: MusementClient, named: str) -> int:
    """The id of a city from its id, name or code.

    Raises:
        ArgumentError: No city has that id, name or code.
    """
    return await find_id("--city", named, client.cities.list, lambda city: (city.name, city.code), lambda city: city.id)
