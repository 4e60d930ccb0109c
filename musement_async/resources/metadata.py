"""The API's vocabularies."""

from uuid import UUID

from musement_async.core import Core
from musement_async.models.flavours import Flavour
from musement_async.models.item_details import MusementItemGeneralDetails
from musement_async.models.labels import SellerGateway, TranslatedMetadata
from musement_async.models.metadata import ContentLanguage, Currency, Market, Pricetag
from musement_async.pagination import fetch_all
from musement_async.paths import build_path
from musement_async.resources import parameters


class Metadata:
    """What codes there are and what they mean: currencies, languages, features and the like."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def currencies(self) -> tuple[Currency, ...]:
        """The currencies that prices can be asked for in: ``GET /currencies``."""
        return await fetch_all(self._core, build_path("/currencies"), Currency)

    async def languages(self) -> tuple[ContentLanguage, ...]:
        """The languages that texts can be written in: ``GET /languages``."""
        return await fetch_all(self._core, build_path("/languages"), ContentLanguage)

    async def activity_languages(self) -> tuple[TranslatedMetadata, ...]:
        """The languages that activities can be offered in: ``GET /activity-languages``."""
        return await fetch_all(self._core, build_path("/activity-languages"), TranslatedMetadata)

    async def features(self) -> tuple[TranslatedMetadata, ...]:
        """The features that activities can have: ``GET /features``."""
        return await fetch_all(self._core, build_path("/features"), TranslatedMetadata)

    async def services(self) -> tuple[TranslatedMetadata, ...]:
        """The services that activities can include: ``GET /services``."""
        return await fetch_all(self._core, build_path("/services"), TranslatedMetadata)

    async def poi_types(self) -> tuple[TranslatedMetadata, ...]:
        """The kinds of points of interest that itineraries can pass: ``GET /poi-types``."""
        return await fetch_all(self._core, build_path("/poi-types"), TranslatedMetadata)

    async def seller_gateways(self) -> tuple[SellerGateway, ...]:
        """The systems that make final bookings: ``GET /seller-gateways``."""
        return await fetch_all(self._core, build_path("/seller-gateways"), SellerGateway)

    async def markets(self) -> tuple[Market, ...]:
        """The markets: ``GET /markets``. For content managers.

        Raises:
            AuthenticationError: The token is no content manager's.
            PermissionDeniedError: The content manager may not see markets.
        """
        return await fetch_all(self._core, build_path("/markets"), Market)

    async def flavours(self) -> tuple[Flavour, ...]:
        """The flavours that activities can have: ``GET /flavours``."""
        return await fetch_all(self._core, build_path("/flavours"), Flavour)

    async def price_tag(self, pricetag_id: int) -> Pricetag:
        """What a price tag stands for: ``GET /pricetags/{id}``.

        Args:
            pricetag_id: The price tag's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such price tag.
        """
        path = build_path("/pricetags/{id}", id=parameters.number("pricetag_id", pricetag_id))
        return await self._core.fetch(Pricetag, path)

    async def item_details(self, order_item_uuid: UUID | str) -> MusementItemGeneralDetails:
        """What an item of an order is, and what the partner pays for it: ``GET /item/{orderItemUuid}/general-details``.

        Args:
            order_item_uuid: The order item's UUID.

        Raises:
            ArgumentError: It is not a UUID.
            NotFoundError: There is no such order item.
            UnprocessableError: There are no details for this item.
        """
        uuid = parameters.uuid("order_item_uuid", order_item_uuid)
        path = build_path("/item/{orderItemUuid}/general-details", orderItemUuid=uuid)
        return await self._core.fetch(MusementItemGeneralDetails, path)
