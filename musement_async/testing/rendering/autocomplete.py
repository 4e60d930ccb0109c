"""Suggestions for a text that is being typed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from attrs import frozen

from musement_async.testing.catalogue.activities import Catalogue
from musement_async.testing.catalogue.cities import CITIES, CITIES_BY_ID, COUNTRIES
from musement_async.testing.catalogue.curated_lists import curated_lists
from musement_async.testing.catalogue.search import kilometres
from musement_async.testing.catalogue.texts import words_of
from musement_async.testing.catalogue.venues import VENUES
from musement_async.testing.catalogue.vocabulary import CATEGORIES
from musement_async.testing.rendering.activities import Json, activity_url, image_url, page_url
from musement_async.testing.rendering.lists import page_names
from musement_async.testing.rendering.pickups import all_pickups


@frozen
class Suggestion:
    """A thing with a name, and perhaps a place."""

    id: str
    title: str
    image: str | None
    url: str | None
    api: str
    hint: str | None = None
    point: tuple[float, float] | None = None

    def json(self, api: str) -> Json:
        """An item of ``GET /autocomplete``; ``api`` is the API's path prefix."""
        optional = {"cover_image": self.image, "url": self.url, "hint": self.hint}
        return {
            "id": self.id,
            "title": self.title,
            "api_url": api + self.api,
            **{name: value for name, value in optional.items() if value is not None},
        }


_Source = Callable[[Catalogue, str], Iterable[Suggestion]]


def suggestions(known: Iterable[Suggestion], text: str, point: tuple[float, float] | None) -> list[Suggestion]:
    """The suggestions for a text: names that begin with it come first, nearer ones before others."""
    wanted = _plain(text)
    found = [suggestion for suggestion in known if wanted in _plain(suggestion.title)]
    return sorted(
        found,
        key=lambda suggestion: (
            not _plain(suggestion.title).startswith(wanted),
            kilometres(point, suggestion.point) if point and suggestion.point else 0,
        ),
    )


@lru_cache(4096)
def _plain(text: str) -> str:
    return " ".join(words_of(text))


def _cities(_catalogue: Catalogue, language: str) -> Iterator[Suggestion]:
    for city in CITIES:
        name = city.names[language]
        yield Suggestion(
            str(city.id),
            name,
            image_url("city", city.code),
            page_url(language, name),
            f"/cities/{city.id}",
            city.country.names[language],
            (city.latitude, city.longitude),
        )


def _countries(_catalogue: Catalogue, language: str) -> Iterator[Suggestion]:
    for country in COUNTRIES.values():
        name = country.names[language]
        yield Suggestion(str(country.id), name, None, page_url(language, name), f"/countries/{country.id}")


def _venues(_catalogue: Catalogue, language: str) -> Iterator[Suggestion]:
    for venue in VENUES:
        name, city = venue.names[language], CITIES_BY_ID[venue.city_id].names[language]
        yield Suggestion(
            str(venue.id),
            name,
            image_url("venue", venue.names["en"]),
            page_url(language, city, name),
            f"/venues/{venue.id}",
            city,
            (venue.latitude, venue.longitude),
        )


def _categories(_catalogue: Catalogue, language: str) -> Iterator[Suggestion]:
    for category in CATEGORIES.values():
        name = category.names[language]
        picture = image_url("category", category.code)
        yield Suggestion(str(category.id), name, picture, page_url(language, name), f"/categories/{category.id}")


def _activities(catalogue: Catalogue, language: str) -> Iterator[Suggestion]:
    for activity in catalogue.online:
        yield Suggestion(
            activity.uuid,
            activity.texts[language].title,
            image_url("activity", str(activity.number)),
            activity_url(activity, language),
            f"/activities/{activity.uuid}",
            activity.city.names[language],
            (activity.latitude, activity.longitude),
        )


def _lists(catalogue: Catalogue, language: str) -> Iterator[Suggestion]:
    for listed in curated_lists(catalogue):
        city, title = page_names(listed, language)
        picture = image_url("list", f"{listed.city.code} {listed.theme.number}")
        page = page_url(language, city, title)
        point = (listed.city.latitude, listed.city.longitude)
        yield Suggestion(str(listed.id), title, picture, page, f"/lists/{listed.id}", city, point)


def _hotels(catalogue: Catalogue, language: str) -> Iterator[Suggestion]:
    return _stops(catalogue, language, "HOTEL")


def _pickups(catalogue: Catalogue, language: str) -> Iterator[Suggestion]:
    return _stops(catalogue, language, "PICKUP")


def _stops(catalogue: Catalogue, language: str, kind: str) -> Iterator[Suggestion]:
    for pickup in all_pickups(catalogue):
        if pickup.type == kind:
            city, point = pickup.activity.city.names[language], (pickup.latitude, pickup.longitude)
            yield Suggestion(pickup.uuid, pickup.name, None, None, f"/pickups/{pickup.uuid}", city, point)


# For each word in the parameters: the type in the answer, and the source of its suggestions.
SUGGESTIONS: Mapping[str, tuple[str, _Source]] = {
    "city": ("cities", _cities),
    "country": ("countries", _countries),
    "venue": ("venues", _venues),
    "category": ("categories", _categories),
    "list": ("lists", _lists),
    "activity": ("activities", _activities),
    "hotel": ("hotels", _hotels),
    "pickup": ("pickups", _pickups),
}
