"""Taxonomies."""

from typing import Literal

from musement_async.core import Core
from musement_async.models.taxonomies import Taxonomy
from musement_async.pagination import fetch_one_or_more
from musement_async.paths import build_path
from musement_async.resources import parameters

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


class Taxonomies:
    """The standard phrases for what is special about activities, in their price, and not in it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def list(self, kind: TaxonomyKind, *, category: Category | None = None) -> tuple[Taxonomy, ...]:
        """All phrases of one kind: ``GET /activity-taxonomies/{activityTaxonomyType}``.

        Args:
            kind: What the phrases say.
            category: What they are about; ``taxonomy_category_code`` in the query.

        Raises:
            ArgumentError: One of them is none of the API's words.
        """
        parameters.one_of("kind", parameters.code("kind", kind), TaxonomyKind)
        path = build_path("/activity-taxonomies/{activityTaxonomyType}", activityTaxonomyType=kind)
        params = {"taxonomy_category_code": parameters.one_of("category", category, Category)}
        return await fetch_one_or_more(self._core, path, Taxonomy, params)
