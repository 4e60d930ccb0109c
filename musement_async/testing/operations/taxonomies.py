"""Taxonomies."""

from starlette.responses import Response

from musement_async.testing.catalogue.taxonomies import PHRASES, TAXONOMY_CATEGORIES, TAXONOMY_KINDS
from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.request import Asked


def list_taxonomies(_world: World, asked: Asked) -> Response:
    """``GET /activity-taxonomies/{activityTaxonomyType}``."""
    kind = TAXONOMY_KINDS.get(asked.path["activityTaxonomyType"])
    if kind is None:
        raise not_found("such kind of phrases")
    categories = asked.query.choices("taxonomy_category_code", TAXONOMY_CATEGORIES) or TAXONOMY_CATEGORIES
    found = [phrase for phrase in PHRASES if phrase.type == kind[0] and phrase.category in categories]
    return answer([phrase.json(asked.locale.language) for phrase in found])


OPERATIONS: Operations = {"/activity-taxonomies/{activityTaxonomyType}": {"GET": list_taxonomies}}
