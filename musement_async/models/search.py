"""Results of a search for activities."""

from musement_async.models._base import Model, Real
from musement_async.models.activities import Activity
from musement_async.models.enums import FacetType, MatchType


class SearchMetadata(Model, frozen=True, kw_only=True):
    """Facts about a search as a whole.

    Attributes:
        count: The number of all activities that match, on all pages.
        match_type: The kind of thing, if the text was the exact name of a city, country or venue.
        match_names: The matching names.
        match_ids: The ids of these cities, countries or venues, as text.
    """

    count: int | None = None
    match_type: MatchType | None = None
    match_names: tuple[str, ...] = ()
    match_ids: tuple[str, ...] = ()


class FacetValue(Model, frozen=True, kw_only=True):
    """One group of a facet.

    Attributes:
        key: The name of the group, the same in every language.
        label: For people, in the language asked for.
        value: The number that goes with it, such as how many activities it has.
        query_value: The value for the facet's ``query_param`` that narrows the search to this group.
        facet: A further division of this group; None if there is none.
    """

    key: str | None = None
    label: str | None = None
    value: Real | None = None
    query_value: str | None = None
    facet: "Facet | None" = None


class Facet(Model, frozen=True, kw_only=True):
    """One division of the results, with the number of activities in each group.

    Attributes:
        facet_type: The way of grouping.
        key: The name of the facet, the same in every language.
        query_param: The parameter of a search that narrows it to a group.
        label: For people, in the language asked for.
        values: The groups.
    """

    facet_type: FacetType | None = None
    key: str | None = None
    query_param: str | None = None
    label: str | None = None
    values: tuple[FacetValue, ...] = ()


class ActivitySearchResult(Model, frozen=True, kw_only=True):
    """A page of activities.

    Attributes:
        meta: Facts about the search as a whole.
        data: The activities on this page.
        facets: The divisions of all results; None if none were asked for.
    """

    meta: SearchMetadata | None = None
    data: tuple[Activity, ...] = ()
    facets: tuple[Facet, ...] | None = None
