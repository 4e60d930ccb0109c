"""What a path leads to, by its ids."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from musement_async.testing.catalogue.cities import CITIES, COUNTRIES, City, Country
from musement_async.testing.catalogue.venues import VENUES, Venue
from musement_async.testing.catalogue.vocabulary import CATEGORIES, VERTICALS, Category, Term
from musement_async.testing.rendering.places import ROOT
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.request import Asked


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


_S = TypeVar("_S")
_T = TypeVar("_T", bound=_Numbered)


def found(asked: Asked, name: str, things: Iterable[_T]) -> _T:
    """The thing with the id that the path has under a name.

    Raises:
        Refusal: There is none.
    """
    for thing in things:
        if str(thing.id) == asked.path[name]:
            return thing
    raise not_found(f"such {name.removesuffix('Id')}")


def some(things: list[_S], what: str) -> list[_S]:
    """Things that were found.

    Raises:
        Refusal: There are none.
    """
    if not things:
        raise not_found(f"{what} that matches")
    return things


def city_of(asked: Asked) -> City:
    """The city in the path."""
    return found(asked, "cityId", CITIES)


def country_of(asked: Asked) -> Country:
    """The country in the path."""
    return found(asked, "countryId", COUNTRIES.values())


def venue_of(asked: Asked) -> Venue:
    """The venue in the path."""
    return found(asked, "venueId", VENUES)


def category_of(asked: Asked) -> Category:
    """The category in the path."""
    return found(asked, "categoryId", (ROOT, *CATEGORIES.values()))


def vertical_of(asked: Asked) -> Term:
    """The vertical in the path."""
    return found(asked, "verticalId", VERTICALS.values())
