"""Facets: the counts of a search's results by feature, language and so on."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity
from musement_async.testing.catalogue.vocabulary import FEATURES, LANGUAGES, SERVICES, VERTICALS, Term

_Label = tuple[str, str]
_Of = Callable[[Activity, str], Iterable[_Label]]


@frozen
class _Facet:
    """A facet: the search parameter of its values, its name, and a function from an activity to values and labels."""

    parameter: str
    names: dict[str, str]
    of: _Of


def _terms(codes: Callable[[Activity], Iterable[str]], terms: dict[str, Term]) -> _Of:
    def of(activity: Activity, language: str) -> Iterable[_Label]:
        return [(code, terms[code].names[language]) for code in codes(activity)]

    return of


_FACETS = {
    "category": _Facet(
        "category_in",
        {"en": "Categories", "it": "Categorie"},
        lambda activity, language: [(category.code, category.names[language]) for category in activity.categories],
    ),
    "city": _Facet(
        "city_in",
        {"en": "Cities", "it": "Città"},
        lambda activity, language: [(str(activity.city.id), activity.city.names[language])],
    ),
    "country": _Facet(
        "country_in",
        {"en": "Countries", "it": "Paesi"},
        lambda activity, language: [(activity.city.country.iso_code, activity.city.country.names[language])],
    ),
    "feature": _Facet(
        "feature_in",
        {"en": "Features", "it": "Caratteristiche"},
        _terms(lambda activity: activity.features, FEATURES),
    ),
    "language": _Facet(
        "available_language_in",
        {"en": "Languages", "it": "Lingue"},
        _terms(lambda activity: activity.languages, LANGUAGES),
    ),
    "service": _Facet(
        "service_in",
        {"en": "Services", "it": "Servizi"},
        _terms(lambda activity: activity.services, SERVICES),
    ),
    "venue": _Facet(
        "venue_in",
        {"en": "Sights", "it": "Luoghi"},
        lambda activity, language: [(str(activity.venue.id), activity.venue.names[language])] if activity.venue else [],
    ),
    "vertical": _Facet(
        "vertical_in",
        {"en": "Themes", "it": "Temi"},
        _terms(lambda activity: (activity.kind.vertical,), VERTICALS),
    ),
}
FACET_NAMES = tuple(_FACETS)


def facets(names: Iterable[str], found: list[Activity], language: str) -> list[dict[str, Any]]:
    """The named facets of some results, the most frequent values first."""
    return [_facet(name, _FACETS[name], found, language) for name in names]


def _facet(name: str, facet: _Facet, found: list[Activity], language: str) -> dict[str, Any]:
    counts = Counter(label for activity in found for label in set(facet.of(activity, language)))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "facet_type": "TERMS",
        "key": name,
        "query_param": facet.parameter,
        "label": facet.names[language],
        "values": [
            {"key": value, "label": label, "value": number, "query_value": value} for (value, label), number in ranked
        ],
    }
