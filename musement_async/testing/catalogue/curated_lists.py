"""The curated lists of the local catalogue: themes and texts. Every top city has one list of each theme."""

from collections.abc import Callable
from typing import NamedTuple

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.cities import CITIES, City
from musement_async.testing.catalogue.vocabulary import Term

_LENGTH = 5

LIST_TYPES = (
    Term("guide", {"en": "Guide", "it": "Guida"}, 1),
    Term("selection", {"en": "Selection", "it": "Selezione"}, 2),
    Term("agenda", {"en": "Agenda", "it": "Agenda"}, 3),
)
_GUIDE, _SELECTION, _AGENDA = LIST_TYPES


@frozen
class Theme:
    """The subject of a list. Its texts hold ``{city}``."""

    number: int
    type: Term
    titles: dict[str, str]
    subtitles: dict[str, str]
    tags: tuple[str, ...]
    picks: Callable[[Activity], bool]
    category: str | None = None
    temporary: bool = False
    has_sights: bool = False


_THEMES = (
    Theme(
        1,
        _GUIDE,
        {"en": "{city} for the first time", "it": "{city}: la prima volta"},
        {"en": "What you should not miss in {city}.", "it": "Che cosa non perdere: {city}."},
        ("first-visit", "sights"),
        lambda activity: activity.venue is not None,
        has_sights=True,
    ),
    Theme(
        2,
        _SELECTION,
        {"en": "A taste of {city}", "it": "{city}: i sapori"},
        {"en": "Markets and kitchens of {city}.", "it": "Mercati e cucine: {city}."},
        ("food",),
        lambda activity: activity.kind.vertical == "food-wine",
        category="new-food-wine",
    ),
    Theme(
        3,
        _AGENDA,
        {"en": "{city} this season", "it": "{city}: in questa stagione"},
        {"en": "What goes on in {city} for a while.", "it": "Che cosa c'è, per qualche tempo: {city}."},
        (),
        lambda activity: activity.flags["temporary"],
        temporary=True,
    ),
)


class CuratedList(NamedTuple):
    """One theme in one city."""

    city: City
    theme: Theme

    @property
    def id(self) -> int:
        """The id, derived from theme and city, so always the same."""
        return self.city.id * 10 + self.theme.number

    def activities(self, catalogue: Catalogue) -> list[Activity]:
        """The best activities of the city that fit the theme; if none fit, the best of the city."""
        there = [activity for activity in catalogue.online if activity.city is self.city]
        return ([activity for activity in there if self.theme.picks(activity)] or there)[:_LENGTH]


def themes_of(city: City, catalogue: Catalogue) -> tuple[Theme, ...]:
    """The themes of a city's lists; none if the city has no activities."""
    return _THEMES if city.top and catalogue.counts[city.id] else ()


def curated_lists(catalogue: Catalogue) -> list[CuratedList]:
    """All lists."""
    return [CuratedList(city, theme) for city in CITIES for theme in themes_of(city, catalogue)]
