"""Activities, and the classes that refer to them in a circle: verticals and venues."""

from datetime import timedelta
from uuid import UUID

from musement_async.models._base import DateTime, Model, Real
from musement_async.models.categories import Category
from musement_async.models.cities import City
from musement_async.models.countries import Country
from musement_async.models.durations import DurationRange, as_timedelta
from musement_async.models.enums import ActivityStatus, BookingType, OrderBoxElement, VoucherAccess
from musement_async.models.flavours import Flavour
from musement_async.models.labels import Bucket, SellerGateway, TranslatedMetadata
from musement_async.models.prices import Price
from musement_async.models.suppliers import Supplier


class Vertical(Model, frozen=True, kw_only=True):
    """A broad theme, such as museums or sports.

    Attributes:
        name: In the language asked for.
        active: Whether Musement's site uses it.
        code: The same in every language.
        count: How many activities it has.
        slug: Its name in URLs.
        url: Its page on Musement's site.
        top_events: Its best activities.
        relevance: Its place in the default order.
    """

    id: int
    name: str | None = None
    active: bool | None = None
    code: str | None = None
    count: int | None = None
    slug: str | None = None
    url: str | None = None
    meta_title: str | None = None
    meta_description: str | None = None
    cover_image_url: str | None = None
    top_events: "tuple[Activity, ...]" = ()
    relevance: int | None = None


class VenueTip(Model, frozen=True, kw_only=True):
    """A hint for visitors of a venue."""

    text: str | None = None


class Venue(Model, frozen=True, kw_only=True):
    """A place to visit, such as a museum.

    Attributes:
        name: In the language asked for.
        headline: A title for its page.
        latitude: Degrees north.
        longitude: Degrees east.
        description: What the place is, as plain text.
        description_html: The same as HTML.
        abstract: A shorter description.
        reviews_avg: From 1 to 5.
        relevance: Its place in the default order.
        events: Its activities, where the answer includes them.
        events_count: How many activities it has.
        url: Its page on Musement's site.
        slug: Its name in URLs; may change.
    """

    id: int
    city: City | None = None
    tips: tuple[VenueTip, ...] = ()
    status: str | None = None
    name: str | None = None
    meta_title: str | None = None
    meta_description: str | None = None
    headline: str | None = None
    latitude: Real | None = None
    longitude: Real | None = None
    reviews_number: int | None = None
    reviews_avg: Real | None = None
    relevance: int | None = None
    abstract: str | None = None
    description: str | None = None
    description_html: str | None = None
    address: str | None = None
    events: "tuple[Activity, ...]" = ()
    verticals: tuple[Vertical, ...] = ()
    cover_image_url: str | None = None
    events_count: int | None = None
    url: str | None = None
    country: Country | None = None
    show_calendar: bool | None = None
    show_flavours_filter: bool | None = None
    slug: str | None = None


_STARS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


class ReviewsAggregatedInfo(Model, frozen=True, kw_only=True, rename=_STARS):
    """How many reviews gave one star, two stars and so on; the API's keys are the digits."""

    one: int | None = None
    two: int | None = None
    three: int | None = None
    four: int | None = None
    five: int | None = None


class Activity(Model, frozen=True, kw_only=True):
    """A tour, ticket or experience that can be booked. Lists carry fewer of its fields than a single answer does.

    Texts are in the language asked for, or in the activity's own where there is no translation.

    Attributes:
        operational_days: When it takes place, in words.
        max_confirmation_time: How long the supplier may take to confirm a booking, ISO 8601; ``P0D`` is at once.
        cutoff_time: How long before the start booking closes, ISO 8601; ``P0D`` is at the start.
        booking_type: What the customer has to choose.
        partner_internal_code: The supplier's own code for it.
        saves: How many customers keep it among their favourites.
        relevance: Its place in the default order; higher comes first.
        relevance_venue: The same among the activities of its venue.
        emergency_phone_number: For customers on their way.
        about: A long description as plain text; ``about_markdown`` and ``about_html`` are the same, formatted.
        meeting_point: Where to go, as plain text; ``meeting_point_markdown`` and ``meeting_point_html`` likewise.
        duration: How long it takes, ISO 8601; superseded by ``duration_range``.
        validity: How long a ticket without a date can be used, ISO 8601; ``P0D`` where that does not apply.
        has_price_info_on_date: Whether the list of its dates tells prices.
        open: Whether the ticket is for no particular date. Times in its schedule mean nothing then.
        likely_to_sell_out: Whether Musement warns that places are few.
        included_hotel_night_number: How many nights in a hotel are included.
        daily: Whether customers can come at any time of the day, so that no time has to be chosen.
        translated: Whether the texts are in the language asked for.
        automatically_translated: Whether a machine translated them.
        has_multiple_options: Whether there are several variants to choose from.
        service_fee: Musement's fee, part of ``retail_price``.
        retail_price: What the customer pays: discount taken off, fee added.
        retail_price_without_service_fee: The discounted price before the fee.
        original_retail_price_without_service_fee: The price before discount and fee.
        child_retail_price: What a child pays.
        original_retail_price: The price with the fee, before the discount.
        bundled_price: The price as part of a bundle.
        discount: 0 where there is none; the API does not tell its unit.
        reviews_avg: From 1 to 5.
        reviews_aggregated_info: How the ratings are distributed.
        latitude: Degrees north.
        longitude: Degrees east.
        url: Its page on Musement's site; may be malformed in the sandbox.
        verticals: Superseded by ``categories``.
        order_box_elements: What an order form has to offer.
        where_text: Where it takes place, as HTML.
        when_text: When it takes place, as HTML; superseded.
        info: What else to know, as HTML.
        reduced: Who pays less, as HTML; superseded.
        has_passenger_info: Whether a booking needs details of every participant.
        has_extra_customer_data: Whether a booking needs more than the usual details of the customer.
        merchant_price: What a partner owes Musement; only for partners with a contract.
        slug: Its name in URLs; may change.
        no_index: Whether search engines are asked to leave it out.
        supplier_currency: ISO 4217 code of the currency the supplier sells in.
        ticket: Whether it has to do with a ticket.
        needs_voucher: Whether the voucher comes from elsewhere.
        voucher_always_include_ours: Whether Musement's voucher is needed in any case.
        free_cancellation: Whether it can be cancelled at no cost, for some time at least.
    """

    operational_days: str | None = None
    max_confirmation_time: str | None = None
    cutoff_time: str | None = None
    booking_type: BookingType | None = None
    seller_gateway: SellerGateway | None = None
    partner_internal_code: str | None = None
    uuid: UUID
    city: City | None = None
    saves: int | None = None
    supplier_code: str | None = None
    title: str | None = None
    relevance: int | None = None
    emergency_phone_number: str | None = None
    relevance_venue: int | None = None
    must_see: bool | None = None
    last_chance: bool | None = None
    top_seller: bool | None = None
    voucher_access_usage: VoucherAccess | None = None
    temporary: bool | None = None
    description: str | None = None
    about: str | None = None
    about_markdown: str | None = None
    about_html: str | None = None
    meeting_point: str | None = None
    meeting_point_markdown: str | None = None
    meeting_point_html: str | None = None
    duration: str | None = None
    duration_range: DurationRange | None = None
    validity: str | None = None
    numbered_seats: bool | None = None
    has_price_info_on_date: bool | None = None
    open: bool | None = None
    ticket_not_included: bool | None = None
    likely_to_sell_out: bool | None = None
    special_offer: bool | None = None
    exclusive: bool | None = None
    best_price: bool | None = None
    included_hotel_night_number: int | None = None
    green_fee_days: int | None = None
    daily: bool | None = None
    languages: tuple[TranslatedMetadata, ...] = ()
    group_size: tuple[TranslatedMetadata, ...] = ()
    food: tuple[TranslatedMetadata, ...] = ()
    services: tuple[TranslatedMetadata, ...] = ()
    translated: bool | None = None
    automatically_translated: bool | None = None
    features: tuple[TranslatedMetadata, ...] = ()
    highlights: tuple[str, ...] = ()
    included: tuple[str, ...] = ()
    not_included: tuple[str, ...] = ()
    is_available_today: bool | None = None
    is_available_tomorrow: bool | None = None
    has_multiple_options: bool | None = None
    cover_image_url: str | None = None
    extra_media_url: str | None = None
    service_fee: Price | None = None
    retail_price: Price | None = None
    retail_price_without_service_fee: Price | None = None
    original_retail_price_without_service_fee: Price | None = None
    child_retail_price: Price | None = None
    original_retail_price: Price | None = None
    bundled_price: Price | None = None
    discount: int | None = None
    bucket: Bucket | None = None
    categories: tuple[Category, ...] = ()
    reviews_number: int | None = None
    reviews_avg: Real | None = None
    reviews_aggregated_info: ReviewsAggregatedInfo | None = None
    latitude: Real | None = None
    longitude: Real | None = None
    url: str | None = None
    agency_urls: tuple[str, ...] = ()
    agency_price: Price | None = None
    flavours: tuple[Flavour, ...] = ()
    verticals: tuple[Vertical, ...] = ()
    order_box_elements: tuple[OrderBoxElement, ...] = ()
    sold_out: bool | None = None
    giftcard: bool | None = None
    where_text: str | None = None
    when_text: str | None = None
    info: str | None = None
    reduced: str | None = None
    supplier: Supplier | None = None
    venues: tuple[Venue, ...] = ()
    giftable: bool | None = None
    has_passenger_info: bool | None = None
    has_extra_customer_data: bool | None = None
    buy_multiplier: int | None = None
    status: ActivityStatus | None = None
    total_bookings: int | None = None
    created_at: DateTime | None = None
    published_at: DateTime | None = None
    merchant_price: Price | None = None
    slug: str | None = None
    slug_id: str | None = None
    meta_title: str | None = None
    meta_description: str | None = None
    no_index: bool | None = None
    should_have_refund_policies: bool | None = None
    supplier_currency: str | None = None
    ticket: bool | None = None
    realtime_level: int | None = None
    needs_voucher: bool | None = None
    voucher_always_include_ours: bool | None = None
    free_cancellation: bool | None = None

    @property
    def customer_price(self) -> Price | None:
        """What the customer pays, ``retail_price`` under a name that stands out among nine prices."""
        return self.retail_price

    @property
    def cutoff(self) -> timedelta | None:
        """``cutoff_time`` as a timedelta, zero where one can book up to the start; None where absent or unreadable."""
        return as_timedelta(self.cutoff_time)

    @property
    def max_confirmation(self) -> timedelta | None:
        """``max_confirmation_time`` as a timedelta, zero for at once; None where absent or unreadable."""
        return as_timedelta(self.max_confirmation_time)

    @property
    def confirms_instantly(self) -> bool:
        """Whether a booking is confirmed at once; False where the answer does not say."""
        return self.max_confirmation == timedelta()

    @property
    def needs_pickup(self) -> bool:
        """Whether dates and prices can only be asked for with a pickup point."""
        return OrderBoxElement.TOURS_AND_ACTIVITIES_WITH_PICKUP in self.order_box_elements
