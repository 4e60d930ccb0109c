"""Gift boxes that somebody bought."""

from starlette.responses import Response

from musement_async.testing.operations.handling import Operations, World, answer
from musement_async.testing.rendering.documents import rendered
from musement_async.testing.rendering.giftboxes import GIFTBOX_CODE, giftbox_json
from musement_async.testing.rendering.gifts import GIFT_CODE, GIFT_HASH
from musement_async.testing.server.errors import Refusal, not_found
from musement_async.testing.server.request import PREFIX, Asked


def get_giftbox(_world: World, asked: Asked) -> Response:
    """``GET /giftboxes/{giftboxCode}``."""
    check_giftbox(asked)
    return answer(giftbox_json(asked.locale, PREFIX))


def render_giftbox(_world: World, asked: Asked) -> Response:
    """``GET /giftboxes/{giftboxCode}/render``."""
    pdf = asked.query.choice("pdf", ("1", "0")) == "1"
    check_giftbox(asked)
    giftbox = giftbox_json(asked.locale, PREFIX)
    message = giftbox["customization_info"]["message"]
    return rendered(giftbox["title"], message, GIFTBOX_CODE, language=asked.locale.language, pdf=pdf)


def check_giftbox(asked: Asked) -> None:
    """Refuse a code that is not the bought gift box's; the one of the gift, by the way to the gift."""
    code = asked.path["giftboxCode"]
    if code == GIFT_CODE:
        place = f"{PREFIX}/gifts/{GIFT_CODE}?giftHash={GIFT_HASH}"
        raise Refusal(406, "0", "The code is that of a gift.", headers={"Location": place})
    if code != GIFTBOX_CODE:
        raise not_found("such gift box")


OPERATIONS: Operations = {
    "/giftboxes/{giftboxCode}": {"GET": get_giftbox},
    "/giftboxes/{giftboxCode}/render": {"GET": render_giftbox},
}
