"""Wishes."""

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import CITIES_BY_ID
from musement_async.testing.catalogue.venues import VENUES, Venue
from musement_async.testing.operations.handlers import Operations, ServerState, visible
from musement_async.testing.rendering.activities import Json, activity_item, city_json, venue_json
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.request import Request


def get_wish(state: ServerState, request: Request) -> object:
    """``GET /wishes/{code}``; each activity has a wish, by its number, and each venue, by its id."""
    code, locale, catalogue = request.path["code"], request.locale, state.catalogue
    for venue in VENUES:
        if code == f"{venue.id}-venue":
            return _venue_wish(venue, locale.language)
    for activity in catalogue.activities:
        if code == f"{activity.number}-activity":
            return _activity_wish(visible(activity), catalogue, locale)
    raise not_found("such wish")


def _activity_wish(activity: Activity, catalogue: Catalogue, locale: Locale) -> Json:
    item = activity_item(activity, catalogue, locale)
    names = ("title", "description", "cover_image_url", "latitude", "longitude")
    known = {name: item[name] for name in names if name in item}
    return _wish(activity.number, "activity", known, city_json(activity.city, locale.language))


def _venue_wish(venue: Venue, language: str) -> Json:
    city = CITIES_BY_ID[venue.city_id]
    item = venue_json(venue, city, language)
    texts = {name: item[name] for name in ("description", "cover_image_url", "latitude", "longitude")}
    return _wish(venue.id, "venue", {"title": item["name"], **texts}, city_json(city, language))


def _wish(number: int, kind: str, item: Json, city: Json) -> Json:
    return {"code": f"{number}-{kind}", "item_id": number, "item_type": kind, **item, "city": city}


OPERATIONS: Operations = {"/wishes/{code}": {"GET": get_wish}}
