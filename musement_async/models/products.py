"""Products of timeslots, and the limits of their quantities."""

from datetime import timedelta
from uuid import UUID

from musement_async.models._base import DateTime, Model, OpenEnum
from musement_async.models.durations import as_timedelta
from musement_async.models.labels import TranslatedMetadata
from musement_async.models.metadata import Pricetag
from musement_async.models.pickups import Pickup
from musement_async.models.prices import Price


class ProductType(OpenEnum):
    """The kind of a product, which carts need in addition to its id."""

    MUSEMENT = "musement"
    #: Places and prices come from the supplier's own system.
    MUSEMENT_REALTIME = "musement-realtime"
    MUSEMENT_GIFT = "musement-gift"
    MUSEMENT_GIFTBOX = "musement-giftbox"


class Quantities(Model, frozen=True, kw_only=True):
    """The number of tickets that can be booked at once.

    Attributes:
        min_buy: The fewest; the API's -1 and an absent value mean 1.
        max_buy: The most: 0 where nothing can be booked, -1 where there is no cap.
        availability: How many places are left; -1 where the API does not tell.
    """

    min_buy: int | None = None
    max_buy: int | None = None
    availability: int | None = None

    @property
    def least(self) -> int:
        """The fewest that can be booked, 1 or more."""
        return max(1, self.min_buy or 1)

    @property
    def places_left(self) -> int | None:
        """The number of places left; None where the API does not tell."""
        return None if self.availability is None or self.availability < 0 else self.availability

    @property
    def cap(self) -> int | None:
        """The most that can be booked, by ``max_buy`` and the places left; 0 if it is closed, None for no cap."""
        most = None if self.max_buy is None or self.max_buy < 0 else self.max_buy
        limits = [limit for limit in (most, self.places_left) if limit is not None]
        return min(limits, default=None)

    @property
    def is_open(self) -> bool:
        """Whether anything can be booked."""
        return self.accepts(self.least)

    def accepts(self, quantity: int) -> bool:
        """Whether the quantity can be booked at once, as far as the answer tells."""
        return quantity >= self.least and (self.cap is None or quantity <= self.cap)


class MusementProduct(Quantities, frozen=True, kw_only=True):
    """A ticket for one kind of participant at a certain time.

    Attributes:
        max_confirmation_time: How long the supplier may take to confirm a booking, ISO 8601; ``P0D`` is at once.
        price_tag: The kind of ticket, and of participant.
        date: When it takes place, in local time.
        id: The ``product_identifier`` for carts; opaque.
        title: The activity's title.
        activity_uuid: The activity it belongs to.
        api_url: The activity in the API.
        url: The activity's page on Musement's site.
        cover_image_url: The URL of the activity's picture.
        language: The language that was chosen.
        pickup: The pickup point that was chosen.
        original_retail_price: The price with the fee, before the discount.
        original_retail_price_without_service_fee: The price before discount and fee.
        retail_price: The price that the customer pays: with the fee, after the discount.
        retail_price_without_service_fee: The discounted price before the fee.
        discount_amount: The amount of the discount.
        service_fee: Musement's fee, part of ``retail_price``.
        supplier_price: What Musement pays the supplier; for suppliers only.
        merchant_price: The price that a partner pays Musement; only for partners with a contract.
        meeting_point: The meeting point, as plain text; ``meeting_point_markdown`` and ``meeting_point_html`` are the
            same, formatted.
        meeting_point_markdown: ``meeting_point`` in Markdown.
        meeting_point_html: ``meeting_point`` in HTML.
        type: The ``type`` for carts.
    """

    max_confirmation_time: str | None = None
    price_tag: Pricetag | None = None
    date: DateTime | None = None
    id: str | None = None
    title: str | None = None
    activity_uuid: UUID | None = None
    api_url: str | None = None
    url: str | None = None
    cover_image_url: str | None = None
    language: TranslatedMetadata | None = None
    pickup: Pickup | None = None
    original_retail_price: Price | None = None
    original_retail_price_without_service_fee: Price | None = None
    retail_price: Price | None = None
    retail_price_without_service_fee: Price | None = None
    discount_amount: Price | None = None
    service_fee: Price | None = None
    supplier_price: Price | None = None
    merchant_price: Price | None = None
    meeting_point: str | None = None
    meeting_point_markdown: str | None = None
    meeting_point_html: str | None = None
    type: ProductType | None = None

    @property
    def customer_price(self) -> Price | None:
        """The price that the customer pays, ``retail_price`` under a name that stands out among the prices."""
        return self.retail_price

    @property
    def max_confirmation(self) -> timedelta | None:
        """``max_confirmation_time`` as a timedelta; zero for at once, None if absent or unreadable."""
        return as_timedelta(self.max_confirmation_time)
