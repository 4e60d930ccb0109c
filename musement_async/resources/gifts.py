"""Operations of gifts."""

from datetime import date
from typing import Literal

from musement_async.models.dates import Schedule
from musement_async.models.giftbox_types import GiftboxTypeItem
from musement_async.models.gifts import GiftProduct, GiftSchedule
from musement_async.resources import parameters
from musement_async.resources.downloads import fetch_rendered
from musement_async.resources.operation import Resource, drop_none, path, query, require
from musement_async.resources.parameters import Id, required
from musement_async.resources.readers import fetch_all, fetch_if_told

GiftStrategy = Literal["FROM-GIFTBOX"]


class Gifts(Resource):
    """Activities as gifts: the products that can be given, and gifts that were bought, by their code."""

    async def get(self, code: str, *, gift_hash: str) -> GiftProduct | None:
        """A check that a gift can be redeemed: ``GET /gifts/{code}``.

        Without an error, the gift can be redeemed. The API does not describe the answer; a gift in it is read.

        Args:
            code: The gift's code.
            gift_hash: The hash that belongs to the code, such as in the ``redeem_url`` of a gift.

        Returns:
            The gift; None if the answer does not contain one.

        Raises:
            NotFoundError: There is no such gift.
            LockedError: The gift cannot be redeemed, or the hash is wrong.
        """
        where = path("/gifts/{code}", code=code)
        params = {"giftHash": require(gift_hash=parameters.code(gift_hash))}
        return await fetch_if_told(self._core, where, GiftProduct, params=params)

    async def create(
        self, giftbox_code: str, giftbox_type_item_id: Id[GiftboxTypeItem], *, strategy: GiftStrategy = "FROM-GIFTBOX"
    ) -> GiftProduct:
        """Begin to redeem a gift box: make a gift of the activity chosen: ``POST /gifts``.

        Args:
            giftbox_code: The gift box's code.
            giftbox_type_item_id: The id of the activity chosen, among the items of the gift box's type.
            strategy: The source of the gift; the API knows only gift boxes.

        Returns:
            The gift; ``client.carts.redeem_gift`` takes its code.

        Raises:
            NotFoundError: There is no such gift box, or it has no activity with this id.
        """
        body = drop_none(
            strategy=required(parameters.one_of(strategy, GiftStrategy)),
            giftbox_code=required(parameters.code(giftbox_code)),
            giftbox_type_item_id=required(parameters.number(giftbox_type_item_id, of="GiftboxTypeItem")),
        )
        return await self._core.fetch(GiftProduct, path("/gifts"), method="POST", json=body)

    async def render(self, code: str, *, item_id: int | str, pdf: bool = True) -> bytes:
        """A bought gift as a document: ``GET /gifts/{code}/render``.

        Args:
            code: The gift's code.
            item_id: The number of the order item with which the gift was bought.
            pdf: True for PDF, False for HTML.

        Raises:
            NotFoundError: There is no such gift, or it was not bought with that order item.
            DecodeError: A PDF was asked for, and the answer is not a PDF.
        """
        where = path("/gifts/{code}/render", code=code)
        params = query(item_id=required(parameters.number(item_id)))
        return await fetch_rendered(self._core, where, pdf=pdf, params=params)

    async def options(self, event_id: int | str) -> GiftSchedule:
        """The products of an activity that can be given, with prices: ``GET /events/{eventId}/gift-schedule``.

        Args:
            event_id: The activity's number, which its page's URL ends with (``…-88080/``).

        Raises:
            NotFoundError: There is no such activity, or it cannot be given.
        """
        where = path("/events/{eventId}/gift-schedule", event_id=event_id)
        return await self._core.fetch(GiftSchedule, where)

    async def schedule(self, event_id: int | str, day: date, gift_code: str) -> Schedule:
        """The products that a gift can be redeemed for on one day: ``GET /events/{eventId}/schedule/{day}/{giftCode}``.

        Args:
            event_id: The number of the gift's activity, as for :meth:`options`.
            day: The day that the receiver chose.
            gift_code: The gift's code.

        Raises:
            NotFoundError: There is no such activity or gift, or the activity does not take place on that day.
        """
        where = path("/events/{eventId}/schedule/{day}/{giftCode}", event_id=event_id, day=day, gift_code=gift_code)
        # One schedule in a list, as for the dates of activities.
        found = await fetch_all(self._core, where, Schedule)
        return Schedule(groups=tuple(group for schedule in found for group in schedule.groups))
