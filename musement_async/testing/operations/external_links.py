"""Articles elsewhere."""

from starlette.responses import Response

from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.rendering.external_links import EXTERNAL_LINKS
from musement_async.testing.server.errors import not_found
from musement_async.testing.server.request import Asked


def list_links(_world: World, asked: Asked) -> Response:
    """``GET /external-links``."""
    codes = {code.upper() for code in asked.query.words("country_iso_2char_in")}
    links = [link for link in EXTERNAL_LINKS if not codes or link.country.iso_code in codes]
    return answer([link.json(asked.locale.language) for link in links])


def get_link(_world: World, asked: Asked) -> Response:
    """``GET /external-links/{externalLinkId}``."""
    for link in EXTERNAL_LINKS:
        if str(link.id) == asked.path["externalLinkId"]:
            return answer(link.json(asked.locale.language))
    raise not_found("such external link")


OPERATIONS: Operations = {
    "/external-links": {"GET": list_links},
    "/external-links/{externalLinkId}": {"GET": get_link},
}
