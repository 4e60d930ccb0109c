"""Suggestions for a text that is being typed."""

from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.autocomplete import SUGGESTIONS, suggestions
from musement_async.testing.server.query import Query
from musement_async.testing.server.request import PREFIX, Request

_LIMIT = 5


def autocomplete(state: ServerState, request: Request) -> object:
    """``GET /autocomplete``; kinds without a suggestion are left out."""
    query, catalogue = request.query, state.catalogue
    text, point = query.text("text") or "", query.point()
    cuts = {kind: _cut(query, kind) for kind in SUGGESTIONS}
    groups = {
        type_: suggestions(source(catalogue, request.locale.language), text, point)[cuts[kind]]
        for kind, (type_, source) in SUGGESTIONS.items()
    }
    return [{"type": type_, "items": [item.json(PREFIX) for item in found]} for type_, found in groups.items() if found]


def _cut(query: Query, kind: str) -> slice:
    limit = query.integer(f"{kind}_limit", _LIMIT, minimum=0)
    offset = query.integer(f"{kind}_offset", 0, minimum=0)
    return slice(offset, offset + limit)


OPERATIONS: Operations = {"/autocomplete": {"GET": autocomplete}}
