"""Operations of gift boxes that somebody bought."""

from musement_async.models.giftboxes import Giftbox
from musement_async.resources.downloads import fetch_rendered
from musement_async.resources.operation import Resource, path


class Giftboxes(Resource):
    """Gift boxes that were bought, by their redeem code."""

    async def get(self, giftbox_code: str) -> Giftbox:
        """A gift box that can be redeemed: ``GET /giftboxes/{giftboxCode}``.

        Args:
            giftbox_code: The redeem code of the gift box.

        Raises:
            NotFoundError: There is no such gift box.
            LockedError: The gift box cannot be redeemed, or can no longer be redeemed.
            APIError: With status 406: the code belongs to a gift; see ``client.gifts``. The answer's ``Location``
                header leads to the gift; ``client.capture()`` shows the header.
        """
        return await self._core.fetch(Giftbox, path("/giftboxes/{giftboxCode}", giftbox_code=giftbox_code))

    async def render(self, giftbox_code: str, *, pdf: bool = True) -> bytes:
        """A bought gift box as a document: ``GET /giftboxes/{giftboxCode}/render``.

        Args:
            giftbox_code: The redeem code of the gift box.
            pdf: True for PDF, False for HTML.

        Raises:
            NotFoundError: There is no such gift box.
            DecodeError: A PDF was asked for, and the answer is not a PDF.
        """
        where = path("/giftboxes/{giftboxCode}/render", giftbox_code=giftbox_code)
        return await fetch_rendered(self._core, where, pdf=pdf)
