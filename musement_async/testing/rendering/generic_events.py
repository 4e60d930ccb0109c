"""Generated events in the bigger cities of the local Musement, such as exhibitions and markets."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random

from attrs import frozen

from musement_async.testing.catalogue.cities import CITIES, City
from musement_async.testing.catalogue.venues import VENUES, Venue
from musement_async.testing.catalogue.vocabulary import VERTICALS, Term
from musement_async.testing.rendering.activities import Json, city_json, image_url, page_url, venue_json, vertical_json

_BIG_SHARE = 4


@frozen
class GenericEvent:
    """An event that Musement does not sell tickets for."""

    id: int
    city: City
    venue: Venue | None
    kind: str
    vertical: Term
    latitude: float
    longitude: float
    starts: date
    ends: date | None
    euros: int
    rating: int
    votes: int

    def open_on(self, day: date) -> bool:
        """Whether the event takes place that day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def json(self, language: str) -> Json:
        """The event of ``GET /generic-events``."""
        city, ends = self.city.names[language], self.ends
        where = city if self.venue is None else f"{self.venue.names[language]}, {city}"
        optional = {
            "end_at": f"{ends}T18:00:00+00:00" if ends else None,
            "venue": venue_json(self.venue, self.city, language) if self.venue else None,
        }
        return {
            "id": self.id,
            "verticals": [vertical_json(self.vertical, language)],
            "where_is": where,
            "when_is": _WHEN[bool(ends)][language].format(start=self.starts, end=ends),
            "latitude": self.latitude,
            "longitude": self.longitude,
            "date": self.starts.isoformat(),
            "start_at": f"{self.starts}T10:00:00+00:00",
            "temporary": ends is not None,
            "price": f"{self.euros} €" if self.euros else _FREE[language],
            "phone": f"{self.city.country.prefix}555{self.id:06}",
            "website": page_url(language, "events", self.city.code, self.kind),
            "rating": self.rating,
            "votes": self.votes,
            "city": city_json(self.city, language),
            "images": [
                {
                    "id": self.id,
                    "title": where,
                    "url": image_url(self.kind, self.city.code),
                    "type": "image",
                    "is_cover": True,
                }
            ],
            **{name: value for name, value in optional.items() if value is not None},
        }


_FREE = {"en": "Free", "it": "Gratuito"}
_WHEN = {
    True: {"en": "From {start} to {end}", "it": "Dal {start} al {end}"},
    False: {"en": "Every day since {start}", "it": "Tutti i giorni dal {start}"},
}

# kind, vertical, whether it takes place in a venue, whether it ends
_KINDS = (
    ("exhibition", "arts-culture", True, True),
    ("street market", "food-wine", False, False),
    ("open-air concert", "entertainment", False, True),
)


def generic_events(seed: int, today: date) -> Iterator[GenericEvent]:
    """The events of a seed and a day."""
    numbers = count(1)
    for city in CITIES:
        if city.share >= _BIG_SHARE:
            # Reproducible on purpose; no secret depends on it.
            rng = Random(f"{seed}/generic-events/{city.id}")  # noqa: S311
            venues = [venue for venue in VENUES if venue.city_id == city.id]
            for kind, vertical, inside, ends in _KINDS:
                venue = rng.choice(venues) if inside and venues else None
                near = venue or city
                starts = today + timedelta(days=rng.randint(-60, 30))
                yield GenericEvent(
                    id=next(numbers),
                    city=city,
                    venue=venue,
                    kind=kind,
                    vertical=VERTICALS[vertical],
                    latitude=near.latitude,
                    longitude=near.longitude,
                    starts=starts,
                    ends=starts + timedelta(days=rng.randint(0, 90)) if ends else None,
                    euros=rng.choice((0, 0, 8, 12, 20)),
                    rating=rng.randint(1, 5),
                    votes=rng.randint(1, 400),
                )
