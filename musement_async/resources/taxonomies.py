"""Operations of taxonomies."""

from typing import Literal

from musement_async.models.taxonomies import Taxonomy
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, check, path, require
from musement_async.resources.readers import WholeListCall, fetch_one_or_more

TaxonomyKind = Literal["highlights", "inclusions", "exclusions"]
Category = Literal[
    "ADDITIONAL-FEES-AND-COSTS",
    "FOOD-AND-DRINK",
    "MISC",
    "TRANSPORTATION",
    "ACCOMMODATION",
    "TOUR-OPTIONS",
    "EQUIPMENT",
    "MUSIC",
    "ART",
    "GUIDE-OPTIONS",
    "MEALS",
    "SPECIAL-ACCESS",
    "TICKET-OPTIONS",
    "EXPLORE-THE-AREA",
    "THEATRE",
    "SEATING",
]


class Taxonomies(Resource):
    """The standard phrases about activities: what is special, included and not included."""

    def list(self, kind: TaxonomyKind, *, category: Category | None = None) -> WholeListCall[Taxonomy]:
        """All phrases of one kind: ``GET /activity-taxonomies/{activityTaxonomyType}``.

        Args:
            kind: The kind of phrases.
            category: The subject of the phrases; ``taxonomy_category_code`` in the query.
        """
        require(kind=parameters.one_of(kind, TaxonomyKind))
        where = path("/activity-taxonomies/{activityTaxonomyType}", kind=kind)
        params = {"taxonomy_category_code": check(category=parameters.one_of(category, Category))}
        return WholeListCall(fetch_one_or_more, self._core, where, Taxonomy, params)
