"""Operations of the API's vocabularies."""

from musement_async.models.flavours import Flavour
from musement_async.models.item_details import MusementItemGeneralDetails
from musement_async.models.labels import SellerGateway, TranslatedMetadata
from musement_async.models.metadata import ContentLanguage, Currency, Market, Pricetag
from musement_async.models.orders import OrderItem
from musement_async.resources.operation import Resource, path
from musement_async.resources.parameters import Uuid
from musement_async.resources.readers import fetch_all


class Metadata(Resource):
    """The codes of the API and their meanings: currencies, languages, features and more."""

    async def currencies(self) -> tuple[Currency, ...]:
        """The currencies that prices can be asked for in: ``GET /currencies``."""
        return await fetch_all(self._core, path("/currencies"), Currency)

    async def languages(self) -> tuple[ContentLanguage, ...]:
        """The languages that texts can be written in: ``GET /languages``."""
        return await fetch_all(self._core, path("/languages"), ContentLanguage)

    async def activity_languages(self) -> tuple[TranslatedMetadata, ...]:
        """The languages that activities can be offered in: ``GET /activity-languages``."""
        return await fetch_all(self._core, path("/activity-languages"), TranslatedMetadata)

    async def features(self) -> tuple[TranslatedMetadata, ...]:
        """The features that activities can have: ``GET /features``."""
        return await fetch_all(self._core, path("/features"), TranslatedMetadata)

    async def services(self) -> tuple[TranslatedMetadata, ...]:
        """The services that activities can include: ``GET /services``."""
        return await fetch_all(self._core, path("/services"), TranslatedMetadata)

    async def poi_types(self) -> tuple[TranslatedMetadata, ...]:
        """The kinds of points of interest that itineraries can pass: ``GET /poi-types``."""
        return await fetch_all(self._core, path("/poi-types"), TranslatedMetadata)

    async def seller_gateways(self) -> tuple[SellerGateway, ...]:
        """The systems that make final bookings: ``GET /seller-gateways``."""
        return await fetch_all(self._core, path("/seller-gateways"), SellerGateway)

    async def markets(self) -> tuple[Market, ...]:
        """All markets: ``GET /markets``. For content managers.

        Raises:
            AuthenticationError: The token is not that of a content manager.
            PermissionDeniedError: The content manager may not see markets.
        """
        return await fetch_all(self._core, path("/markets"), Market)

    async def flavours(self) -> tuple[Flavour, ...]:
        """The flavours that activities can have: ``GET /flavours``."""
        return await fetch_all(self._core, path("/flavours"), Flavour)

    async def price_tag(self, pricetag_id: int | str) -> Pricetag:
        """One price tag: a kind of ticket, and who may use it: ``GET /pricetags/{id}``.

        Args:
            pricetag_id: The price tag's id.

        Raises:
            NotFoundError: There is no such price tag.
        """
        where = path("/pricetags/{id}", pricetag_id=pricetag_id)
        return await self._core.fetch(Pricetag, where)

    async def item_details(self, order_item_uuid: Uuid[OrderItem]) -> MusementItemGeneralDetails:
        """The product of an order item, and the partner's price: ``GET /item/{orderItemUuid}/general-details``.

        Args:
            order_item_uuid: The order item's UUID.

        Raises:
            NotFoundError: There is no such order item.
            UnprocessableError: There are no details for this item.
        """
        where = path("/item/{orderItemUuid}/general-details", order_item_uuid=order_item_uuid)
        return await self._core.fetch(MusementItemGeneralDetails, where)
