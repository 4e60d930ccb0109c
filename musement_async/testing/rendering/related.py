"""The cities and sights of the activities that a search finds."""

from collections import Counter
from collections.abc import Callable, Mapping

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import City
from musement_async.testing.catalogue.search import kilometres
from musement_async.testing.catalogue.text_search import read_text_query
from musement_async.testing.catalogue.texts import words_of
from musement_async.testing.catalogue.venues import Venue
from musement_async.testing.rendering.activities import Json, image_url, page_url
from musement_async.testing.server.query import Query

_API = "/api/v3"
_LIMIT = 10


@frozen
class Place:
    """A city or a sight."""

    place: City | Venue
    url: Callable[[str], str]
    image: str

    def json(self, kind: str, language: str, activities: int) -> Json:
        """An item of ``GET /activities-related``."""
        return {
            "id": str(self.place.id),
            "title": self.place.names[language],
            "cover_image": self.image,
            "url": self.url(language),
            "api_url": f"{_API}/{kind}/{self.place.id}",
            "events_count": activities,
        }


def _city(activity: Activity) -> Place:
    city = activity.city
    return Place(city, lambda language: page_url(language, city.names[language]), image_url("city", city.code))


def _venue(activity: Activity) -> Place | None:
    city, venue = activity.city, activity.venue
    if venue is None:
        return None
    return Place(
        venue,
        lambda language: page_url(language, city.names[language], venue.names[language]),
        image_url("venue", venue.names["en"]),
    )


_KINDS: Mapping[str, tuple[str, Callable[[Activity], Place | None]]] = {
    "city": ("cities", _city),
    "venue": ("venues", _venue),
}


def related_json(catalogue: Catalogue, query: Query, language: str) -> list[Json]:
    """The groups of ``GET /activities-related``: things with the most activities first, or the nearest first."""
    found = read_text_query(query).find(catalogue.online, language)
    point, fewest = query.point(), query.integer("minimum_events", 1, minimum=0)
    wanted = words_of(query.text("text") or "")
    groups: list[Json] = []
    for parameter, (kind, of) in _KINDS.items():
        limit = query.integer(f"{parameter}_limit", _LIMIT, minimum=0)
        offset = query.integer(f"{parameter}_offset", 0, minimum=0)
        containers = {one.place.id: one for one in map(of, found) if one is not None}
        counts = Counter(one.place.id for one in map(of, catalogue.online) if one is not None)
        kept = [one for number, one in containers.items() if counts[number] >= fewest]
        kept.sort(key=lambda one: (_away(point, one), -counts[one.place.id]))
        groups.append(
            {
                "type": kind,
                "matched": any(words_of(one.place.names[language]) == wanted for one in kept),
                "items": [one.json(kind, language, counts[one.place.id]) for one in kept[offset : offset + limit]],
            }
        )
    return groups


def _away(point: tuple[float, float] | None, place: Place) -> float:
    at = place.place
    return 0 if point is None else kilometres(point, (at.latitude, at.longitude))
