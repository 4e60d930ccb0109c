"""Activities as presents."""

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
    """Activities as presents: what can be given, and gifts that were bought, by the code their receiver has."""

    async def get(self, code: str, *, gift_hash: str) -> GiftProduct | None:
        """A gift that can be redeemed, as far as the API shows it: ``GET /gifts/{code}``.

        That there is no error is the answer to rely on. The API does not say what else it answers; a gift that comes
        along is read.

        Args:
            code: The gift's code.
            gift_hash: What goes with the code, such as in the ``redeem_url`` of a gift.

        Returns:
            The gift; None if the answer does not hold one.

        Raises:
            NotFoundError: There is no such gift.
            LockedError: The gift can not be redeemed, or not with this hash.
        """
        where = path("/gifts/{code}", code=code)
        params = {"giftHash": require(gift_hash=parameters.code(gift_hash))}
        return await fetch_if_told(self._core, where, GiftProduct, params=params)

    async def create(
        self, giftbox_code: str, giftbox_type_item_id: Id[GiftboxTypeItem], *, strategy: GiftStrategy = "FROM-GIFTBOX"
    ) -> GiftProduct:
        """Make a gift of what the receiver of a gift box chose, which begins its redemption: ``POST /gifts``.

        Args:
            giftbox_code: The gift box's code.
            giftbox_type_item_id: The id of the activity chosen, among the items of the gift box's type.
            strategy: Where the gift comes from; the API knows gift boxes only.

        Returns:
            The gift, to be put into a cart with the code it has.

        Raises:
            NotFoundError: There is no such gift box, or nothing of that id in it.
        """
        body = drop_none(
            strategy=required(parameters.one_of(strategy, GiftStrategy)),
            giftbox_code=required(parameters.code(giftbox_code)),
            giftbox_type_item_id=required(parameters.number(giftbox_type_item_id, of="GiftboxTypeItem")),
        )
        return await self._core.fetch(GiftProduct, path("/gifts"), method="POST", json=body)

    async def render(self, code: str, *, item_id: int | str, pdf: bool = True) -> bytes:
        """A gift to print or to show: ``GET /gifts/{code}/render``.

        Args:
            code: The gift's code.
            item_id: The number of the order item that it was bought as.
            pdf: Whether it comes as PDF; otherwise as HTML.

        Raises:
            NotFoundError: There is no such gift, or it was not bought as that item.
            DecodeError: A PDF was asked for, and what came is none.
        """
        where = path("/gifts/{code}/render", code=code)
        params = query(item_id=required(parameters.number(item_id)))
        return await fetch_rendered(self._core, where, pdf=pdf, params=params)

    async def options(self, event_id: int | str) -> GiftSchedule:
        """What of an activity can be given, at which price: ``GET /events/{eventId}/gift-schedule``.

        Args:
            event_id: The number of the activity, as at the end of the address of its page (``…-88080/``).

        Raises:
            NotFoundError: There is no such activity, or it can not be given.
        """
        where = path("/events/{eventId}/gift-schedule", event_id=event_id)
        return await self._core.fetch(GiftSchedule, where)

    async def schedule(self, event_id: int | str, day: date, gift_code: str) -> Schedule:
        """What a gift can be redeemed for on one day: ``GET /events/{eventId}/schedule/{day}/{giftCode}``.

        Args:
            event_id: The number of the gift's activity, as for :meth:`options`.
            day: When the receiver wants to go.
            gift_code: The gift's code.

        Raises:
            NotFoundError: There is no such activity or gift, or nothing on that day.
        """
        where = path("/events/{eventId}/schedule/{day}/{giftCode}", event_id=event_id, day=day, gift_code=gift_code)
        # One schedule in a list, as for the dates of activities.
        found = await fetch_all(self._core, where, Schedule)
        return Schedule(groups=tuple(group for schedule in found for group in schedule.groups))
