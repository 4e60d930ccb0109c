"""Gift boxes that somebody bought."""

from musement_async.testing.operations.handlers import Operations, ServerState
from musement_async.testing.rendering.documents import render_document
from musement_async.testing.rendering.giftboxes import GIFTBOX_CODE, giftbox_json
from musement_async.testing.rendering.gifts import GIFT_CODE, GIFT_HASH
from musement_async.testing.server.errors import Refusal, not_found
from musement_async.testing.server.request import PREFIX, Request


def get_giftbox(_state: ServerState, request: Request) -> object:
    """``GET /giftboxes/{giftboxCode}``."""
    check_giftbox(request)
    return giftbox_json(request.locale, PREFIX)


def render_giftbox(_state: ServerState, request: Request) -> object:
    """``GET /giftboxes/{giftboxCode}/render``."""
    pdf = request.query.choice("pdf", ("1", "0")) == "1"
    check_giftbox(request)
    giftbox = giftbox_json(request.locale, PREFIX)
    message = giftbox["customization_info"]["message"]
    return render_document(giftbox["title"], message, GIFTBOX_CODE, language=request.locale.language, pdf=pdf)


def check_giftbox(request: Request) -> None:
    """Refuse codes of other things than the bought gift box; for the gift's code, 406 leads to the gift."""
    code = request.path["giftboxCode"]
    if code == GIFT_CODE:
        place = f"{PREFIX}/gifts/{GIFT_CODE}?giftHash={GIFT_HASH}"
        raise Refusal(406, "0", "The code belongs to a gift.", headers={"Location": place})
    if code != GIFTBOX_CODE:
        raise not_found("such gift box")


OPERATIONS: Operations = {
    "/giftboxes/{giftboxCode}": {"GET": get_giftbox},
    "/giftboxes/{giftboxCode}/render": {"GET": render_giftbox},
}
