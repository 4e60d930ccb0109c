"""Activities, verticals and venues, which refer to each other."""

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
from musement_async.models.reviews import ReviewsAggregatedInfo
from musement_async.models.suppliers import Supplier


class Vertical(Model, frozen=True, kw_only=True):
    """A broad theme, such as museums or sports.

    Attributes:
        id: The id for filters and paths.
        name: The name, in the language asked for.
        active: Whether Musement's site uses it.
        code: The code, the same in every language.
        count: How many activities it has.
        slug: Its name in URLs.
        url: Its page on Musement's site.
        meta_title: A title for search engines.
        meta_description: A description for search engines.
        cover_image_url: The URL of its picture.
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
    """A hint for visitors of a venue.

    Attributes:
        text: The hint, in the language asked for.
    """

    text: str | None = None


class Venue(Model, frozen=True, kw_only=True):
    """A place to visit, such as a museum.

    Attributes:
        id: The id for filters and paths.
        city: The city it is in.
        tips: Hints for visitors; ``()`` where there are none.
        status: Whether it is shown, such as ``ACTIVE``.
        name: The name, in the language asked for.
        meta_title: A title for search engines.
        meta_description: A description for search engines.
        headline: A title for its page.
        latitude: Degrees north.
        longitude: Degrees east.
        reviews_number: How many reviews it has.
        reviews_avg: From 1 to 5.
        relevance: Its place in the default order.
        abstract: A shorter description.
        description: What the place is, as plain text.
        description_html: The same as HTML.
        address: The postal address, as one text.
        events: Its activities, where the answer includes them.
        verticals: The themes of its activities.
        cover_image_url: The URL of its picture.
        events_count: How many activities it has.
        url: Its page on Musement's site.
        country: The country it is in.
        show_calendar: Whether its page on Musement's site has a calendar.
        show_flavours_filter: Whether its page on Musement's site lets visitors filter by flavour.
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


class Activity(Model, frozen=True, kw_only=True):
    """A tour, ticket or experience that can be booked. Lists carry fewer of its fields than a single answer does.

    Texts are in the language asked for, or in the activity's own where there is no translation.

    Attributes:
        operational_days: The days it takes place on, in words.
        max_confirmation_time: How long the supplier may take to confirm a booking, ISO 8601; ``P0D`` is at once.
        cutoff_time: The time between the end of booking and the start, ISO 8601; ``P0D`` for booking up to the start.
        booking_type: The choice that the customer has to make.
        seller_gateway: The system that makes the final booking.
        partner_internal_code: The supplier's own code for it.
        uuid: The UUID for paths, carts and dates.
        city: The city it belongs to.
        saves: How many customers keep it among their favourites.
        supplier_code: Musement's code for the supplier.
        title: The name that customers see.
        relevance: Its place in the default order; higher comes first.
        emergency_phone_number: The number for customers on their way.
        relevance_venue: Its place among the activities of its venue; higher comes first.
        must_see: Whether Musement marks it as a must.
        last_chance: Whether Musement marks it as about to end.
        top_seller: Whether Musement marks it as sold often.
        voucher_access_usage: Whether customers print the voucher or show it on a screen.
        temporary: Whether it takes place for a limited time only.
        description: A short description, as plain text.
        about: A long description as plain text; ``about_markdown`` and ``about_html`` are the same, formatted.
        about_markdown: ``about`` in Markdown.
        about_html: ``about`` in HTML.
        meeting_point: The meeting point, as plain text; ``meeting_point_markdown`` and ``meeting_point_html`` likewise.
        meeting_point_markdown: ``meeting_point`` in Markdown.
        meeting_point_html: ``meeting_point`` in HTML.
        duration: How long it takes, ISO 8601; superseded by ``duration_range``.
        duration_range: The shortest and the longest time it takes.
        validity: How long a ticket without a date can be used, ISO 8601; ``P0D`` where that does not apply.
        numbered_seats: Whether customers get numbered seats.
        has_price_info_on_date: Whether the list of its dates tells prices.
        open: Whether the ticket is valid on any date. Then times in its schedule have no meaning.
        ticket_not_included: Whether the entrance ticket is paid for separately.
        likely_to_sell_out: Whether Musement warns that places are few.
        special_offer: Whether Musement marks it as a special offer.
        exclusive: Whether Musement marks it as sold by nobody else.
        best_price: Whether Musement marks its price as the best.
        included_hotel_night_number: How many nights in a hotel are included.
        green_fee_days: The number of days of golf that are included.
        daily: Whether customers can come at any time of the day, so that no time has to be chosen.
        languages: The languages it is held in; ``()`` if it needs no language.
        group_size: The sizes of its groups.
        food: The kinds of food it offers.
        services: The services it includes.
        translated: Whether the texts are in the language asked for.
        automatically_translated: Whether a machine translated them.
        features: The features it has, such as free cancellation.
        highlights: Its best points, one phrase each.
        included: What the price includes, one phrase each.
        not_included: What the price does not include, one phrase each.
        is_available_today: Whether it can be booked for today.
        is_available_tomorrow: Whether it can be booked for tomorrow.
        has_multiple_options: Whether there are several variants to choose from.
        cover_image_url: The URL of its picture.
        extra_media_url: The URL of another picture or a video.
        service_fee: Musement's fee, part of ``retail_price``.
        retail_price: The price that the customer pays: with the fee, after the discount.
        retail_price_without_service_fee: The discounted price before the fee.
        original_retail_price_without_service_fee: The price before discount and fee.
        child_retail_price: The price for a child.
        original_retail_price: The price with the fee, before the discount.
        bundled_price: The price as part of a bundle.
        discount: 0 where there is none; the API does not tell its unit.
        bucket: The group that Musement sorts it into.
        categories: The categories it belongs to.
        reviews_number: How many reviews it has.
        reviews_avg: From 1 to 5.
        reviews_aggregated_info: How the ratings are distributed.
        latitude: Degrees north.
        longitude: Degrees east.
        url: Its page on Musement's site; may be malformed in the sandbox.
        agency_urls: Its pages for travel agencies.
        agency_price: The price for travel agencies.
        flavours: The kinds of visit it is.
        verticals: Superseded by ``categories``.
        order_box_elements: The elements that an order form needs.
        sold_out: Whether nothing is left to book. Single answers have it.
        giftcard: Whether a gift card can pay for it. Single answers have it.
        where_text: The place, as HTML.
        when_text: The time, as HTML; superseded.
        info: Further information, as HTML.
        reduced: The people who pay less, as HTML; superseded.
        supplier: The supplier; an empty object if Musement does not name it.
        venues: The venues it visits.
        giftable: Whether it can be bought as a gift.
        has_passenger_info: Whether a booking needs details of every participant.
        has_extra_customer_data: Whether a booking needs more than the usual details of the customer.
        buy_multiplier: A number that quantities are multiplied by or a multiple of; the API does not tell which.
        status: Whether it is on sale.
        total_bookings: How many times it was booked.
        created_at: The time it was entered into the catalogue.
        published_at: The time it first went on sale.
        merchant_price: The price that a partner pays Musement; only for partners with a contract.
        slug: Its name in URLs; may change.
        slug_id: Another name for URLs; the API does not explain it.
        meta_title: A title for search engines.
        meta_description: A description for search engines.
        no_index: Whether search engines are asked to leave it out.
        should_have_refund_policies: Whether refund policies are expected for it.
        supplier_currency: ISO 4217 code of the currency the supplier sells in.
        ticket: Whether it has to do with a ticket.
        realtime_level: A number for the connection to the supplier's own system; the API does not explain it.
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
        """The price that the customer pays, ``retail_price`` under a name that stands out among nine prices."""
        return self.retail_price

    @property
    def cutoff(self) -> timedelta | None:
        """``cutoff_time`` as a timedelta; zero for booking up to the start, None if absent or unreadable."""
        return as_timedelta(self.cutoff_time)

    @property
    def max_confirmation(self) -> timedelta | None:
        """``max_confirmation_time`` as a timedelta; zero for at once, None if absent or unreadable."""
        return as_timedelta(self.max_confirmation_time)

    @property
    def confirms_instantly(self) -> bool:
        """Whether a booking is confirmed at once; False if the answer does not tell."""
        return self.max_confirmation == timedelta()

    @property
    def needs_pickup(self) -> bool:
        """Whether dates and prices can only be asked for with a pickup point."""
        return OrderBoxElement.TOURS_AND_ACTIVITIES_WITH_PICKUP in self.order_box_elements
