"""Operations of the API's vocabularies."""

from musement_async.models.flavours import Flavour
from musement_async.models.item_details import MusementItemGeneralDetails
from musement_async.models.labels import SellerGateway, TranslatedMetadata
from musement_async.models.metadata import ContentLanguage, Currency, Market, Pricetag
from musement_async.models.orders import OrderItem
from musement_async.resources.operation import Resource, path
from musement_async.resources.parameters import Uuid
from musement_async.resources.readers import WholeListCall, fetch_all


class Metadata(Resource):
    """The codes of the API and their meanings: currencies, languages, features and more."""

    def currencies(self) -> WholeListCall[Currency]:
        """The currencies that prices can be asked for in: ``GET /currencies``."""
        return WholeListCall(fetch_all, self._core, path("/currencies"), Currency)

    def languages(self) -> WholeListCall[ContentLanguage]:
        """The languages that texts can be written in: ``GET /languages``."""
        return WholeListCall(fetch_all, self._core, path("/languages"), ContentLanguage)

    def activity_languages(self) -> WholeListCall[TranslatedMetadata]:
        """The languages that activities can be offered in: ``GET /activity-languages``."""
        return WholeListCall(fetch_all, self._core, path("/activity-languages"), TranslatedMetadata)

    def features(self) -> WholeListCall[TranslatedMetadata]:
        """The features that activities can have: ``GET /features``."""
        return WholeListCall(fetch_all, self._core, path("/features"), TranslatedMetadata)

    def services(self) -> WholeListCall[TranslatedMetadata]:
        """The services that activities can include: ``GET /services``."""
        return WholeListCall(fetch_all, self._core, path("/services"), TranslatedMetadata)

    def poi_types(self) -> WholeListCall[TranslatedMetadata]:
        """The kinds of points of interest that itineraries can pass: ``GET /poi-types``."""
        return WholeListCall(fetch_all, self._core, path("/poi-types"), TranslatedMetadata)

    def seller_gateways(self) -> WholeListCall[SellerGateway]:
        """The systems that make final bookings: ``GET /seller-gateways``."""
        return WholeListCall(fetch_all, self._core, path("/seller-gateways"), SellerGateway)

    def markets(self) -> WholeListCall[Market]:
        """All markets: ``GET /markets``. For content managers.

        Raises:
            AuthenticationError: The token is not that of a content manager.
            PermissionDeniedError: The content manager may not see markets.
        """
        return WholeListCall(fetch_all, self._core, path("/markets"), Market)

    def flavours(self) -> WholeListCall[Flavour]:
        """The flavours that activities can have: ``GET /flavours``."""
        return WholeListCall(fetch_all, self._core, path("/flavours"), Flavour)

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
