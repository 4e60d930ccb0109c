"""What the API answers with: one class for each kind of thing, immutable, every field optional.

A class is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from musement_async.models._base import NIL, Model, OpenEnum
    from musement_async.models.account import (
        AllowProfiling,
        Consent,
        CustomerPreferences,
        CustomerTravelWith,
        NewsletterFrequency,
        NewsletterInterval,
        NewsletterThirdparty,
        TravelCompanion,
    )
    from musement_async.models.activities import Activity, ReviewsAggregatedInfo, Venue, VenueTip, Vertical
    from musement_async.models.affiliates import Affiliate, AffiliateI18n
    from musement_async.models.autocomplete import AutocompleteItem, AutocompleteResult
    from musement_async.models.bought_products import BoughtProduct
    from musement_async.models.bundles import Bundle, BundleType
    from musement_async.models.carts import (
        Cart,
        CartItem,
        CartItemStatus,
        CartOrderInfo,
        CartOrderPayment,
        OrderPaymentStatus,
        PaymentGateway,
    )
    from musement_async.models.catalog import ActivityUpdates
    from musement_async.models.categories import Category
    from musement_async.models.cities import City
    from musement_async.models.comments import Comment, CommentStatus
    from musement_async.models.content import (
        ActivityContent,
        ActivityFinance,
        ActivityRelevance,
        ContentManager,
        FinancialInfo,
        ParticipantsRequirements,
        TicketCode,
        TicketCodeStatus,
        TicketCodeType,
    )
    from musement_async.models.countries import Country
    from musement_async.models.customers import (
        ActivityReference,
        Customer,
        CustomerGender,
        ExtraCustomerData,
        GenderCode,
    )
    from musement_async.models.dates import (
        ActivityDate,
        GroupType,
        Schedule,
        ScheduleGroup,
        ScheduleProduct,
        ScheduleSlot,
    )
    from musement_async.models.destinations import Destination
    from musement_async.models.durations import DurationRange, parse_duration
    from musement_async.models.enums import (
        ActivityStatus,
        BookingType,
        FacetType,
        MatchType,
        OrderBoxElement,
        VoucherAccess,
    )
    from musement_async.models.external_links import ExternalLink
    from musement_async.models.feedback_requests import FeedbackRequest
    from musement_async.models.flavours import Flavour
    from musement_async.models.forms import FieldType, FormOption, FormSchema
    from musement_async.models.generic_events import GenericEvent
    from musement_async.models.giftbox_types import GiftboxType, GiftboxTypeItem, GiftboxTypeLevel, SelectOption
    from musement_async.models.giftboxes import Giftbox, GiftboxCustomizationInfo
    from musement_async.models.gifts import (
        GiftProduct,
        GiftProductHolder,
        GiftProductPriceTag,
        GiftSchedule,
        GiftScheduleFeature,
    )
    from musement_async.models.item_details import MusementItemGeneralDetails, MusementProductGeneralDetails
    from musement_async.models.itineraries import Itinerary, PointOfInterest
    from musement_async.models.labels import Bucket, SellerGateway, TranslatedMetadata
    from musement_async.models.lists import (
        DestinationComment,
        DestinationCommentAuthor,
        DestinationPhoto,
        ListDestination,
        ListItem,
        ListItemsCount,
        ListItemType,
        ListType,
        MusementList,
    )
    from musement_async.models.media import Media
    from musement_async.models.messages import ResponseWithMessage
    from musement_async.models.metadata import ContentLanguage, Currency, Market, Pricetag
    from musement_async.models.orders import (
        Barcode,
        BarcodeType,
        BookingVoucher,
        CancellationReason,
        InvoiceReceiver,
        NameValue,
        Order,
        OrderActivityAvailableTicket,
        OrderItem,
        OrderItemRefundPolicy,
        OrderItemStatus,
        Product,
        Refund,
        Voucher,
    )
    from musement_async.models.participants import Participant
    from musement_async.models.payments import (
        AdyenSuccessfulPayment,
        CardPayment,
        Payment3dSecure,
        Payment3dSecureType,
        PaypalPaymentRedirect,
        SplitPaymentReason,
        SplitPaymentResponse,
        StoredSource,
        StripeSuccessfulPayment,
    )
    from musement_async.models.pickups import Pickup, PickupTag, PickupTagSource, PickupType
    from musement_async.models.prices import Price
    from musement_async.models.products import MusementProduct, ProductType, Quantities
    from musement_async.models.promotions import GiftCard, PromoCode
    from musement_async.models.refund_policies import RefundPolicy, RefundType
    from musement_async.models.regions import Region
    from musement_async.models.related import RelatedContent, RelatedGroup
    from musement_async.models.reviews import RatingCategory, Review, ReviewsPerRating, ReviewStatistics, TravelerType
    from musement_async.models.search import ActivitySearchResult, Facet, FacetValue, SearchMetadata
    from musement_async.models.suppliers import Commission, CommissionType, Supplier
    from musement_async.models.taxonomies import Taxonomy, TaxonomyCategory, TaxonomyType
    from musement_async.models.timeslots import Timeslot
    from musement_async.models.webhooks import OrderItemUpdate
    from musement_async.models.widgets import Widget
    from musement_async.models.wishes import Wish
else:

    def __getattr__(name: str) -> object:
        module = _HOME.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{__name__}.{module}"), name)
        globals()[name] = value
        return value


__all__ = [
    "NIL",
    "Activity",
    "ActivityContent",
    "ActivityDate",
    "ActivityFinance",
    "ActivityReference",
    "ActivityRelevance",
    "ActivitySearchResult",
    "ActivityStatus",
    "ActivityUpdates",
    "AdyenSuccessfulPayment",
    "Affiliate",
    "AffiliateI18n",
    "AllowProfiling",
    "AutocompleteItem",
    "AutocompleteResult",
    "Barcode",
    "BarcodeType",
    "BookingType",
    "BookingVoucher",
    "BoughtProduct",
    "Bucket",
    "Bundle",
    "BundleType",
    "CancellationReason",
    "CardPayment",
    "Cart",
    "CartItem",
    "CartItemStatus",
    "CartOrderInfo",
    "CartOrderPayment",
    "Category",
    "City",
    "Comment",
    "CommentStatus",
    "Commission",
    "CommissionType",
    "Consent",
    "ContentLanguage",
    "ContentManager",
    "Country",
    "Currency",
    "Customer",
    "CustomerGender",
    "CustomerPreferences",
    "CustomerTravelWith",
    "Destination",
    "DestinationComment",
    "DestinationCommentAuthor",
    "DestinationPhoto",
    "DurationRange",
    "ExternalLink",
    "ExtraCustomerData",
    "Facet",
    "FacetType",
    "FacetValue",
    "FeedbackRequest",
    "FieldType",
    "FinancialInfo",
    "Flavour",
    "FormOption",
    "FormSchema",
    "GenderCode",
    "GenericEvent",
    "GiftCard",
    "GiftProduct",
    "GiftProductHolder",
    "GiftProductPriceTag",
    "GiftSchedule",
    "GiftScheduleFeature",
    "Giftbox",
    "GiftboxCustomizationInfo",
    "GiftboxType",
    "GiftboxTypeItem",
    "GiftboxTypeLevel",
    "GroupType",
    "InvoiceReceiver",
    "Itinerary",
    "ListDestination",
    "ListItem",
    "ListItemType",
    "ListItemsCount",
    "ListType",
    "Market",
    "MatchType",
    "Media",
    "Model",
    "MusementItemGeneralDetails",
    "MusementList",
    "MusementProduct",
    "MusementProductGeneralDetails",
    "NameValue",
    "NewsletterFrequency",
    "NewsletterInterval",
    "NewsletterThirdparty",
    "OpenEnum",
    "Order",
    "OrderActivityAvailableTicket",
    "OrderBoxElement",
    "OrderItem",
    "OrderItemRefundPolicy",
    "OrderItemStatus",
    "OrderItemUpdate",
    "OrderPaymentStatus",
    "Participant",
    "ParticipantsRequirements",
    "Payment3dSecure",
    "Payment3dSecureType",
    "PaymentGateway",
    "PaypalPaymentRedirect",
    "Pickup",
    "PickupTag",
    "PickupTagSource",
    "PickupType",
    "PointOfInterest",
    "Price",
    "Pricetag",
    "Product",
    "ProductType",
    "PromoCode",
    "Quantities",
    "RatingCategory",
    "Refund",
    "RefundPolicy",
    "RefundType",
    "Region",
    "RelatedContent",
    "RelatedGroup",
    "ResponseWithMessage",
    "Review",
    "ReviewStatistics",
    "ReviewsAggregatedInfo",
    "ReviewsPerRating",
    "Schedule",
    "ScheduleGroup",
    "ScheduleProduct",
    "ScheduleSlot",
    "SearchMetadata",
    "SelectOption",
    "SellerGateway",
    "SplitPaymentReason",
    "SplitPaymentResponse",
    "StoredSource",
    "StripeSuccessfulPayment",
    "Supplier",
    "Taxonomy",
    "TaxonomyCategory",
    "TaxonomyType",
    "TicketCode",
    "TicketCodeStatus",
    "TicketCodeType",
    "Timeslot",
    "TranslatedMetadata",
    "TravelCompanion",
    "TravelerType",
    "Venue",
    "VenueTip",
    "Vertical",
    "Voucher",
    "VoucherAccess",
    "Widget",
    "Wish",
    "parse_duration",
]

_MODULES = {
    "_base": ("NIL", "Model", "OpenEnum"),
    "account": (
        "AllowProfiling",
        "Consent",
        "CustomerPreferences",
        "CustomerTravelWith",
        "NewsletterFrequency",
        "NewsletterInterval",
        "NewsletterThirdparty",
        "TravelCompanion",
    ),
    "activities": ("Activity", "ReviewsAggregatedInfo", "Venue", "VenueTip", "Vertical"),
    "affiliates": ("Affiliate", "AffiliateI18n"),
    "autocomplete": ("AutocompleteItem", "AutocompleteResult"),
    "bought_products": ("BoughtProduct",),
    "bundles": ("Bundle", "BundleType"),
    "carts": (
        "Cart",
        "CartItem",
        "CartItemStatus",
        "CartOrderInfo",
        "CartOrderPayment",
        "OrderPaymentStatus",
        "PaymentGateway",
    ),
    "catalog": ("ActivityUpdates",),
    "categories": ("Category",),
    "cities": ("City",),
    "comments": ("Comment", "CommentStatus"),
    "content": (
        "ActivityContent",
        "ActivityFinance",
        "ActivityRelevance",
        "ContentManager",
        "FinancialInfo",
        "ParticipantsRequirements",
        "TicketCode",
        "TicketCodeStatus",
        "TicketCodeType",
    ),
    "countries": ("Country",),
    "customers": ("ActivityReference", "Customer", "CustomerGender", "ExtraCustomerData", "GenderCode"),
    "dates": ("ActivityDate", "GroupType", "Schedule", "ScheduleGroup", "ScheduleProduct", "ScheduleSlot"),
    "destinations": ("Destination",),
    "durations": ("DurationRange", "parse_duration"),
    "enums": ("ActivityStatus", "BookingType", "FacetType", "MatchType", "OrderBoxElement", "VoucherAccess"),
    "external_links": ("ExternalLink",),
    "feedback_requests": ("FeedbackRequest",),
    "flavours": ("Flavour",),
    "forms": ("FieldType", "FormOption", "FormSchema"),
    "generic_events": ("GenericEvent",),
    "giftbox_types": ("GiftboxType", "GiftboxTypeItem", "GiftboxTypeLevel", "SelectOption"),
    "giftboxes": ("Giftbox", "GiftboxCustomizationInfo"),
    "gifts": ("GiftProduct", "GiftProductHolder", "GiftProductPriceTag", "GiftSchedule", "GiftScheduleFeature"),
    "item_details": ("MusementItemGeneralDetails", "MusementProductGeneralDetails"),
    "itineraries": ("Itinerary", "PointOfInterest"),
    "labels": ("Bucket", "SellerGateway", "TranslatedMetadata"),
    "lists": (
        "DestinationComment",
        "DestinationCommentAuthor",
        "DestinationPhoto",
        "ListDestination",
        "ListItem",
        "ListItemType",
        "ListItemsCount",
        "ListType",
        "MusementList",
    ),
    "media": ("Media",),
    "messages": ("ResponseWithMessage",),
    "metadata": ("ContentLanguage", "Currency", "Market", "Pricetag"),
    "orders": (
        "Barcode",
        "BarcodeType",
        "BookingVoucher",
        "CancellationReason",
        "InvoiceReceiver",
        "NameValue",
        "Order",
        "OrderActivityAvailableTicket",
        "OrderItem",
        "OrderItemRefundPolicy",
        "OrderItemStatus",
        "Product",
        "Refund",
        "Voucher",
    ),
    "participants": ("Participant",),
    "payments": (
        "AdyenSuccessfulPayment",
        "CardPayment",
        "Payment3dSecure",
        "Payment3dSecureType",
        "PaypalPaymentRedirect",
        "SplitPaymentReason",
        "SplitPaymentResponse",
        "StoredSource",
        "StripeSuccessfulPayment",
    ),
    "pickups": ("Pickup", "PickupTag", "PickupTagSource", "PickupType"),
    "prices": ("Price",),
    "products": ("MusementProduct", "ProductType", "Quantities"),
    "promotions": ("GiftCard", "PromoCode"),
    "refund_policies": ("RefundPolicy", "RefundType"),
    "regions": ("Region",),
    "related": ("RelatedContent", "RelatedGroup"),
    "reviews": ("RatingCategory", "Review", "ReviewStatistics", "ReviewsPerRating", "TravelerType"),
    "search": ("ActivitySearchResult", "Facet", "FacetValue", "SearchMetadata"),
    "suppliers": ("Commission", "CommissionType", "Supplier"),
    "taxonomies": ("Taxonomy", "TaxonomyCategory", "TaxonomyType"),
    "timeslots": ("Timeslot",),
    "webhooks": ("OrderItemUpdate",),
    "widgets": ("Widget",),
    "wishes": ("Wish",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
