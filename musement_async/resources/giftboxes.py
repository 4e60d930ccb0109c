"""Gift boxes that somebody bought."""

from musement_async.models.giftboxes import Giftbox
from musement_async.resources.downloads import fetch_rendered
from musement_async.resources.operation import Resource, path


class Giftboxes(Resource):
    """Gift boxes that were bought, by the code that their receiver redeems them with."""

    async def get(self, giftbox_code: str) -> Giftbox:
        """A gift box that can be redeemed: ``GET /giftboxes/{giftboxCode}``.

        Args:
            giftbox_code: Its redeem code.

        Raises:
            NotFoundError: There is no such gift box.
            LockedError: The gift box can not be redeemed, or not any more.
            APIError: With status 406: the code is that of a gift, which ``client.gifts`` has the operations for. The
                ``Location`` header of the answer leads to it; ``client.capture()`` shows it.
        """
        return await self._core.fetch(Giftbox, path("/giftboxes/{giftboxCode}", giftbox_code=giftbox_code))

    async def render(self, giftbox_code: str, *, pdf: bool = True) -> bytes:
        """A gift box to print or to show: ``GET /giftboxes/{giftboxCode}/render``.

        Args:
            giftbox_code: Its redeem code.
            pdf: Whether it comes as PDF; otherwise as HTML.

        Raises:
            NotFoundError: There is no such gift box.
            DecodeError: A PDF was asked for, and what came is none.
        """
        where = path("/giftboxes/{giftboxCode}/render", giftbox_code=giftbox_code)
        return await fetch_rendered(self._core, where, pdf=pdf)
