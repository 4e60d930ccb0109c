"""Lookups of things that a path names by id."""

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


_T = TypeVar("_T", bound=_Numbered)


def by_id(request: Request, name: str, things: Iterable[_T]) -> _T:
    """The thing whose id is the path's parameter ``name``.

    Raises:
        Refusal: 404, there is none.
    """
    for thing in things:
        if str(thing.id) == request.path[name]:
            return thing
    raise not_found(f"such {name.removesuffix('Id')}")


def city_of(request: Request) -> City:
    """The city in the path."""
    return by_id(request, "cityId", CITIES)


def country_of(request: Request) -> Country:
    """The country in the path."""
    return by_id(request, "countryId", COUNTRIES.values())


def venue_of(request: Request) -> Venue:
    """The venue in the path."""
    return by_id(request, "venueId", VENUES)


def category_of(request: Request) -> Category:
    """The category in the path."""
    return by_id(request, "categoryId", (ROOT, *CATEGORIES.values()))


def vertical_of(request: Request) -> Term:
    """The vertical in the path."""
    return by_id(request, "verticalId", VERTICALS.values())
