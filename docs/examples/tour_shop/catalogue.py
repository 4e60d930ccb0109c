"""The catalogue: cities, activities, days and prices. The application's session fetches it: visitors need no login.

The client's cache keeps cities and activities; days, and the prices of a day, are asked for each time.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from musement_async import Page
from musement_async.integrations.fastapi import Client, MusementResponse
from musement_async.models import Activity, ActivityDate, City, Schedule

router = APIRouter(tags=["catalogue"])

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0)]


@router.get("/cities")
async def cities(client: Client, limit: Limit = 10, offset: Offset = 0) -> Page[City]:
    """Cities with activities."""
    return await client.cities.list(limit=limit, offset=offset)


@router.get("/activities", response_model=Page[Activity])
async def search(
    client: Client,
    text: str | None = None,
    city: Annotated[list[int] | None, Query()] = None,
    limit: Limit = 10,
    offset: Offset = 0,
) -> MusementResponse:
    """Activities that can be booked."""
    found = await client.activities.search(text=text, city_in=city, limit=limit, offset=offset)
    return MusementResponse(found)  # the longest answer of the shop, so the fastest way


@router.get("/activities/{uuid}")
async def activity(client: Client, uuid: UUID) -> Activity:
    """One activity, with all that is known of it."""
    return await client.activities.get(uuid)


@router.get("/activities/{uuid}/dates")
async def dates(client: Client, uuid: UUID) -> list[ActivityDate]:
    """The days on which it takes place."""
    return list(await client.dates.list(uuid))


@router.get("/activities/{uuid}/dates/{day}")
async def schedule(client: Client, uuid: UUID, day: date) -> Schedule:
    """The times of a day, and the tickets with their prices. Bookings want a product's id."""
    return await client.dates.get(uuid, day)
