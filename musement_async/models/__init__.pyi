# The only list of these public names: type checkers read it, and `_exports.py` at run time.

from musement_async.models._base import NIL as NIL
from musement_async.models._base import Model as Model
from musement_async.models._base import OpenEnum as OpenEnum
from musement_async.models.account import (
    AllowProfiling as AllowProfiling,
)
from musement_async.models.account import (
    Consent as Consent,
)
from musement_async.models.account import (
    CustomerPreferences as CustomerPreferences,
)
from musement_async.models.account import (
    CustomerTravelWith as CustomerTravelWith,
)
from musement_async.models.account import (
    NewsletterFrequency as NewsletterFrequency,
)
from musement_async.models.account import (
    NewsletterInterval as NewsletterInterval,
)
from musement_async.models.account import (
    NewsletterThirdparty as NewsletterThirdparty,
)
from musement_async.models.account import (
    TravelCompanion as TravelCompanion,
)
from musement_async.models.activities import (
    Activity as Activity,
)
from musement_async.models.activities import (
    ReviewsAggregatedInfo as ReviewsAggregatedInfo,
)
from musement_async.models.activities import (
    Venue as Venue,
)
from musement_async.models.activities import (
    VenueTip as VenueTip,
)
from musement_async.models.activities import (
    Vertical as Vertical,
)
from musement_async.models.affiliates import Affiliate as Affiliate
from musement_async.models.affiliates import AffiliateI18n as AffiliateI18n
from musement_async.models.autocomplete import (
    AutocompleteItem as AutocompleteItem,
)
from musement_async.models.autocomplete import (
    AutocompleteResult as AutocompleteResult,
)
from musement_async.models.bought_products import BoughtProduct as BoughtProduct
from musement_async.models.bundles import Bundle as Bundle
from musement_async.models.bundles import BundleType as BundleType
from musement_async.models.carts import (
    Cart as Cart,
)
from musement_async.models.carts import (
    CartItem as CartItem,
)
from musement_async.models.carts import (
    CartItemStatus as CartItemStatus,
)
from musement_async.models.carts import (
    CartOrderInfo as CartOrderInfo,
)
from musement_async.models.carts import (
    CartOrderPayment as CartOrderPayment,
)
from musement_async.models.carts import (
    OrderPaymentStatus as OrderPaymentStatus,
)
from musement_async.models.carts import (
    PaymentGateway as PaymentGateway,
)
from musement_async.models.catalog import ActivityUpdates as ActivityUpdates
from musement_async.models.categories import Category as Category
from musement_async.models.cities import City as City
from musement_async.models.comments import Comment as Comment
from musement_async.models.comments import CommentStatus as CommentStatus
from musement_async.models.content import (
    ActivityContent as ActivityContent,
)
from musement_async.models.content import (
    ActivityFinance as ActivityFinance,
)
from musement_async.models.content import (
    ActivityRelevance as ActivityRelevance,
)
from musement_async.models.content import (
    ContentManager as ContentManager,
)
from musement_async.models.content import (
    FinancialInfo as FinancialInfo,
)
from musement_async.models.content import (
    ParticipantsRequirements as ParticipantsRequirements,
)
from musement_async.models.content import (
    TicketCode as TicketCode,
)
from musement_async.models.content import (
    TicketCodeStatus as TicketCodeStatus,
)
from musement_async.models.content import (
    TicketCodeType as TicketCodeType,
)
from musement_async.models.countries import Country as Country
from musement_async.models.customers import (
    ActivityReference as ActivityReference,
)
from musement_async.models.customers import (
    Customer as Customer,
)
from musement_async.models.customers import (
    CustomerGender as CustomerGender,
)
from musement_async.models.customers import (
    ExtraCustomerData as ExtraCustomerData,
)
from musement_async.models.customers import (
    GenderCode as GenderCode,
)
from musement_async.models.dates import (
    ActivityDate as ActivityDate,
)
from musement_async.models.dates import (
    GroupType as GroupType,
)
from musement_async.models.dates import (
    Schedule as Schedule,
)
from musement_async.models.dates import (
    ScheduleGroup as ScheduleGroup,
)
from musement_async.models.dates import (
    ScheduleProduct as ScheduleProduct,
)
from musement_async.models.dates import (
    ScheduleSlot as ScheduleSlot,
)
from musement_async.models.destinations import Destination as Destination
from musement_async.models.durations import DurationRange as DurationRange
from musement_async.models.durations import parse_duration as parse_duration
from musement_async.models.enums import (
    ActivityStatus as ActivityStatus,
)
from musement_async.models.enums import (
    BookingType as BookingType,
)
from musement_async.models.enums import (
    FacetType as FacetType,
)
from musement_async.models.enums import (
    MatchType as MatchType,
)
from musement_async.models.enums import (
    OrderBoxElement as OrderBoxElement,
)
from musement_async.models.enums import (
    VoucherAccess as VoucherAccess,
)
from musement_async.models.external_links import ExternalLink as ExternalLink
from musement_async.models.feedback_requests import FeedbackRequest as FeedbackRequest
from musement_async.models.flavours import Flavour as Flavour
from musement_async.models.forms import FieldType as FieldType
from musement_async.models.forms import FormOption as FormOption
from musement_async.models.forms import FormSchema as FormSchema
from musement_async.models.generic_events import GenericEvent as GenericEvent
from musement_async.models.giftbox_types import (
    GiftboxType as GiftboxType,
)
from musement_async.models.giftbox_types import (
    GiftboxTypeItem as GiftboxTypeItem,
)
from musement_async.models.giftbox_types import (
    GiftboxTypeLevel as GiftboxTypeLevel,
)
from musement_async.models.giftbox_types import (
    SelectOption as SelectOption,
)
from musement_async.models.giftboxes import Giftbox as Giftbox
from musement_async.models.giftboxes import GiftboxCustomizationInfo as GiftboxCustomizationInfo
from musement_async.models.gifts import (
    GiftProduct as GiftProduct,
)
from musement_async.models.gifts import (
    GiftProductHolder as GiftProductHolder,
)
from musement_async.models.gifts import (
    GiftProductPriceTag as GiftProductPriceTag,
)
from musement_async.models.gifts import (
    GiftSchedule as GiftSchedule,
)
from musement_async.models.gifts import (
    GiftScheduleFeature as GiftScheduleFeature,
)
from musement_async.models.item_details import (
    MusementItemGeneralDetails as MusementItemGeneralDetails,
)
from musement_async.models.item_details import (
    MusementProductGeneralDetails as MusementProductGeneralDetails,
)
from musement_async.models.itineraries import Itinerary as Itinerary
from musement_async.models.itineraries import PointOfInterest as PointOfInterest
from musement_async.models.labels import (
    Bucket as Bucket,
)
from musement_async.models.labels import (
    SellerGateway as SellerGateway,
)
from musement_async.models.labels import (
    TranslatedMetadata as TranslatedMetadata,
)
from musement_async.models.lists import (
    DestinationComment as DestinationComment,
)
from musement_async.models.lists import (
    DestinationCommentAuthor as DestinationCommentAuthor,
)
from musement_async.models.lists import (
    DestinationPhoto as DestinationPhoto,
)
from musement_async.models.lists import (
    ListDestination as ListDestination,
)
from musement_async.models.lists import (
    ListItem as ListItem,
)
from musement_async.models.lists import (
    ListItemsCount as ListItemsCount,
)
from musement_async.models.lists import (
    ListItemType as ListItemType,
)
from musement_async.models.lists import (
    ListType as ListType,
)
from musement_async.models.lists import (
    MusementList as MusementList,
)
from musement_async.models.media import Media as Media
from musement_async.models.messages import ResponseWithMessage as ResponseWithMessage
from musement_async.models.metadata import (
    ContentLanguage as ContentLanguage,
)
from musement_async.models.metadata import (
    Currency as Currency,
)
from musement_async.models.metadata import (
    Market as Market,
)
from musement_async.models.metadata import (
    Pricetag as Pricetag,
)
from musement_async.models.orders import (
    Barcode as Barcode,
)
from musement_async.models.orders import (
    BarcodeType as BarcodeType,
)
from musement_async.models.orders import (
    BookingVoucher as BookingVoucher,
)
from musement_async.models.orders import (
    CancellationReason as CancellationReason,
)
from musement_async.models.orders import (
    InvoiceReceiver as InvoiceReceiver,
)
from musement_async.models.orders import (
    NameValue as NameValue,
)
from musement_async.models.orders import (
    Order as Order,
)
from musement_async.models.orders import (
    OrderActivityAvailableTicket as OrderActivityAvailableTicket,
)
from musement_async.models.orders import (
    OrderItem as OrderItem,
)
from musement_async.models.orders import (
    OrderItemRefundPolicy as OrderItemRefundPolicy,
)
from musement_async.models.orders import (
    OrderItemStatus as OrderItemStatus,
)
from musement_async.models.orders import (
    Product as Product,
)
from musement_async.models.orders import (
    Refund as Refund,
)
from musement_async.models.orders import (
    Voucher as Voucher,
)
from musement_async.models.participants import Participant as Participant
from musement_async.models.payments import (
    AdyenSuccessfulPayment as AdyenSuccessfulPayment,
)
from musement_async.models.payments import (
    CardPayment as CardPayment,
)
from musement_async.models.payments import (
    Payment3dSecure as Payment3dSecure,
)
from musement_async.models.payments import (
    Payment3dSecureType as Payment3dSecureType,
)
from musement_async.models.payments import (
    PaypalPaymentRedirect as PaypalPaymentRedirect,
)
from musement_async.models.payments import (
    SplitPaymentReason as SplitPaymentReason,
)
from musement_async.models.payments import (
    SplitPaymentResponse as SplitPaymentResponse,
)
from musement_async.models.payments import (
    StoredSource as StoredSource,
)
from musement_async.models.payments import (
    StripeSuccessfulPayment as StripeSuccessfulPayment,
)
from musement_async.models.pickups import (
    Pickup as Pickup,
)
from musement_async.models.pickups import (
    PickupTag as PickupTag,
)
from musement_async.models.pickups import (
    PickupTagSource as PickupTagSource,
)
from musement_async.models.pickups import (
    PickupType as PickupType,
)
from musement_async.models.prices import Price as Price
from musement_async.models.products import (
    MusementProduct as MusementProduct,
)
from musement_async.models.products import (
    ProductType as ProductType,
)
from musement_async.models.products import (
    Quantities as Quantities,
)
from musement_async.models.promotions import GiftCard as GiftCard
from musement_async.models.promotions import PromoCode as PromoCode
from musement_async.models.refund_policies import RefundPolicy as RefundPolicy
from musement_async.models.refund_policies import RefundType as RefundType
from musement_async.models.regions import Region as Region
from musement_async.models.related import RelatedContent as RelatedContent
from musement_async.models.related import RelatedGroup as RelatedGroup
from musement_async.models.reviews import (
    RatingCategory as RatingCategory,
)
from musement_async.models.reviews import (
    Review as Review,
)
from musement_async.models.reviews import (
    ReviewsPerRating as ReviewsPerRating,
)
from musement_async.models.reviews import (
    ReviewStatistics as ReviewStatistics,
)
from musement_async.models.reviews import (
    TravelerType as TravelerType,
)
from musement_async.models.search import (
    ActivitySearchResult as ActivitySearchResult,
)
from musement_async.models.search import (
    Facet as Facet,
)
from musement_async.models.search import (
    FacetValue as FacetValue,
)
from musement_async.models.search import (
    SearchMetadata as SearchMetadata,
)
from musement_async.models.suppliers import (
    Commission as Commission,
)
from musement_async.models.suppliers import (
    CommissionType as CommissionType,
)
from musement_async.models.suppliers import (
    Supplier as Supplier,
)
from musement_async.models.taxonomies import (
    Taxonomy as Taxonomy,
)
from musement_async.models.taxonomies import (
    TaxonomyCategory as TaxonomyCategory,
)
from musement_async.models.taxonomies import (
    TaxonomyType as TaxonomyType,
)
from musement_async.models.timeslots import Timeslot as Timeslot
from musement_async.models.webhooks import OrderItemUpdate as OrderItemUpdate
from musement_async.models.widgets import Widget as Widget
from musement_async.models.wishes import Wish as Wish

__all__: list[str]  # noqa: PYI035 (its value would be a second list)
