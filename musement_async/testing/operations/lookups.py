"""What a path leads to, by its ids."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from musement_async.testing.catalogue.cities import CITIES, COUNTRIES, City, Country
from musement_async.testing.catalogue.venues import VENUES, Venue
from musement_async.testing.catalogue.vocabulary import CATEGORIES, VERTICALS, Category, Term
from musement_async.testing.rendering.places import ROOT
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.request import Request


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


_S = TypeVar("_S")
_T = TypeVar("_T", bound=_Numbered)


def found(request: Request, name: str, things: Iterable[_T]) -> _T:
    """The thing with the id that the path has under a name.

    Raises:
        Refusal: There is none.
    """
    for thing in things:
        if str(thing.id) == request.path[name]:
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


def city_of(request: Request) -> City:
    """The city in the path."""
    return found(request, "cityId", CITIES)


def country_of(request: Request) -> Country:
    """The country in the path."""
    return found(request, "countryId", COUNTRIES.values())


def venue_of(request: Request) -> Venue:
    """The venue in the path."""
    return found(request, "venueId", VENUES)


def category_of(request: Request) -> Category:
    """The category in the path."""
    return found(request, "categoryId", (ROOT, *CATEGORIES.values()))


def vertical_of(request: Request) -> Term:
    """The vertical in the path."""
    return found(request, "verticalId", VERTICALS.values())
