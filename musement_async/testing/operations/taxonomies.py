"""Taxonomies."""

from musement_async.testing.catalogue.taxonomies import PHRASES, TAXONOMY_CATEGORIES, TAXONOMY_KINDS
from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.server.errors import or_not_found
from musement_async.testing.server.request import Request


def list_taxonomies(_state: ServerState, request: Request) -> object:
    """``GET /activity-taxonomies/{activityTaxonomyType}``."""
    kind = or_not_found(TAXONOMY_KINDS.get(request.path["activityTaxonomyType"]), "such kind of phrases")
    categories = request.query.choices("taxonomy_category_code", TAXONOMY_CATEGORIES) or TAXONOMY_CATEGORIES
    found = [phrase for phrase in PHRASES if phrase.type == kind[0] and phrase.category in categories]
    return [phrase.json(request.locale.language) for phrase in found]


OPERATIONS: Operations = {"/activity-taxonomies/{activityTaxonomyType}": {"GET": list_taxonomies}}
