"""Operations of the gift boxes on sale."""

from musement_async.models.cities import City
from musement_async.models.giftbox_types import GiftboxType, GiftboxTypeItem, SelectOption
from musement_async.models.regions import Region
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import Code, Id, OneOrMore
from musement_async.resources.readers import WholeListCall, fetch_all


class GiftboxTypes(Resource):
    """The gift boxes on sale, and the activities that a receiver can choose from."""

    def list(self) -> WholeListCall[GiftboxType]:
        """All gift boxes on sale, the most relevant first: ``GET /giftbox-types``."""
        return WholeListCall(fetch_all, self._core, path("/giftbox-types"), GiftboxType)

    async def get(self, giftbox_type_code: Code[GiftboxType]) -> GiftboxType:
        """One gift box on sale: ``GET /giftbox-types/{giftboxTypeCode}``.

        Args:
            giftbox_type_code: The code of a gift box on sale.

        Raises:
            NotFoundError: There is no such gift box.
        """
        where = path("/giftbox-types/{giftboxTypeCode}", giftbox_type_code=giftbox_type_code)
        return await self._core.fetch(GiftboxType, where)

    def city_options(self, giftbox_type_code: Code[GiftboxType]) -> WholeListCall[SelectOption]:
        """The cities of a gift box's activities, as choices: ``GET /giftbox-types/{giftboxTypeCode}/city-options``.

        Args:
            giftbox_type_code: The code of a gift box on sale.

        Raises:
            NotFoundError: There is no such gift box.
        """
        where = path("/giftbox-types/{giftboxTypeCode}/city-options", giftbox_type_code=giftbox_type_code)
        return WholeListCall(fetch_all, self._core, where, SelectOption)

    def related(self, giftbox_type_code: Code[GiftboxType]) -> WholeListCall[GiftboxType]:
        """Other gift boxes that are like one: ``GET /giftbox-types/{giftboxTypeCode}/related``.

        Args:
            giftbox_type_code: The code of a gift box on sale.

        Raises:
            NotFoundError: There is no such gift box.
        """
        where = path("/giftbox-types/{giftboxTypeCode}/related", giftbox_type_code=giftbox_type_code)
        return WholeListCall(fetch_all, self._core, where, GiftboxType)

    def regions(self, giftbox_code: str) -> WholeListCall[Region]:
        """The regions that a gift box is on sale in: ``GET /giftbox-types/{giftboxCode}/regions``.

        Args:
            giftbox_code: A redeem code, by the API's description, although the operation belongs to the gift boxes on
                sale. The local Musement takes either code.

        Raises:
            NotFoundError: There is no such gift box.
            LockedError: The gift box cannot be redeemed, or can no longer be redeemed.
            APIError: With status 406: the code belongs to a gift.
        """
        return WholeListCall(
            fetch_all, self._core, path("/giftbox-types/{giftboxCode}/regions", giftbox_code=giftbox_code), Region
        )

    def items(
        self,
        giftbox_type_code: Code[GiftboxType],
        *,
        text: str | None = None,
        number_of_people: int | None = None,
        city_in: OneOrMore[Id[City]] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[GiftboxTypeItem]:
        """The activities that a receiver can choose from: ``GET /giftbox-types/{giftboxTypeCode}/items``.

        Args:
            giftbox_type_code: The code of a gift box on sale.
            text: Words to look for.
            number_of_people: How many people the box admits.
            city_in: Ids of cities.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all. Both raise NotFoundError if there is no such gift box.
        """
        where = path("/giftbox-types/{giftboxTypeCode}/items", giftbox_type_code=giftbox_type_code)
        params = query(
            text=parameters.text(text),
            number_of_people=parameters.positive(number_of_people),
            city_in=parameters.ids(city_in, of="City"),
        )
        return ListCall(self._core, where, GiftboxTypeItem, params, limit=limit, offset=offset)
