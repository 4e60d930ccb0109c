"""Operations of articles on other sites."""

from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.external_links import EXTERNAL_LINKS
from musement_async.testing.server.request import Request


def list_links(_state: ServerState, request: Request) -> object:
    """``GET /external-links``."""
    codes = {code.upper() for code in request.query.words("country_iso_2char_in")}
    links = [link for link in EXTERNAL_LINKS if not codes or link.country.iso_code in codes]
    return [link.json(request.locale.language) for link in links]


def get_link(_state: ServerState, request: Request) -> object:
    """``GET /external-links/{externalLinkId}``."""
    return EXTERNAL_LINKS.get(request.path["externalLinkId"]).json(request.locale.language)


OPERATIONS: Operations = {
    "/external-links": {"GET": list_links},
    "/external-links/{externalLinkId}": {"GET": get_link},
}
