# The only list of these public names: type checkers read it, and `_exports.py` at run time.

from musement_async.models._base import Model as Model, NIL as NIL, OpenEnum as OpenEnum
from musement_async.models.account import (
    AllowProfiling as AllowProfiling,
    Consent as Consent,
    CustomerPreferences as CustomerPreferences,
    CustomerTravelWith as CustomerTravelWith,
    NewsletterFrequency as NewsletterFrequency,
    NewsletterInterval as NewsletterInterval,
    NewsletterThirdparty as NewsletterThirdparty,
    TravelCompanion as TravelCompanion,
)
from musement_async.models.activities import (
    Activity as Activity,
    Venue as Venue,
    VenueTip as VenueTip,
    Vertical as Vertical,
)
from musement_async.models.affiliates import Affiliate as Affiliate, AffiliateI18n as AffiliateI18n
from musement_async.models.autocomplete import (
    AutocompleteItem as AutocompleteItem,
    AutocompleteResult as AutocompleteResult,
)
from musement_async.models.booking_vouchers import (
    Barcode as Barcode,
    BarcodeType as BarcodeType,
    BookingVoucher as BookingVoucher,
)
from musement_async.models.bought_products import BoughtProduct as BoughtProduct
from musement_async.models.bundles import Bundle as Bundle, BundleType as BundleType
from musement_async.models.carts import (
    Cart as Cart,
    CartItem as CartItem,
    CartItemStatus as CartItemStatus,
    CartOrderInfo as CartOrderInfo,
    CartOrderPayment as CartOrderPayment,
    OrderPaymentStatus as OrderPaymentStatus,
    PaymentGateway as PaymentGateway,
)
from musement_async.models.catalog import ActivityUpdates as ActivityUpdates
from musement_async.models.categories import Category as Category
from musement_async.models.cities import City as City
from musement_async.models.comments import Comment as Comment, CommentStatus as CommentStatus
from musement_async.models.content import (
    ActivityContent as ActivityContent,
    ActivityFinance as ActivityFinance,
    ActivityRelevance as ActivityRelevance,
    ContentManager as ContentManager,
    FinancialInfo as FinancialInfo,
    ParticipantsRequirements as ParticipantsRequirements,
    TicketCode as TicketCode,
    TicketCodeStatus as TicketCodeStatus,
    TicketCodeType as TicketCodeType,
)
from musement_async.models.countries import Country as Country
from musement_async.models.customers import (
    ActivityReference as ActivityReference,
    Customer as Customer,
    CustomerGender as CustomerGender,
    ExtraCustomerData as ExtraCustomerData,
    GenderCode as GenderCode,
)
from musement_async.models.dates import (
    ActivityDate as ActivityDate,
    GroupType as GroupType,
    Schedule as Schedule,
    ScheduleGroup as ScheduleGroup,
    ScheduleProduct as ScheduleProduct,
    ScheduleSlot as ScheduleSlot,
)
from musement_async.models.destinations import Destination as Destination
from musement_async.models.durations import DurationRange as DurationRange, parse_duration as parse_duration
from musement_async.models.enums import (
    ActivityStatus as ActivityStatus,
    BookingType as BookingType,
    FacetType as FacetType,
    MatchType as MatchType,
    OrderBoxElement as OrderBoxElement,
    VoucherAccess as VoucherAccess,
)
from musement_async.models.external_links import ExternalLink as ExternalLink
from musement_async.models.feedback_requests import FeedbackRequest as FeedbackRequest
from musement_async.models.flavours import Flavour as Flavour
from musement_async.models.forms import FieldType as FieldType, FormOption as FormOption, FormSchema as FormSchema
from musement_async.models.generic_events import GenericEvent as GenericEvent
from musement_async.models.giftbox_types import (
    GiftboxType as GiftboxType,
    GiftboxTypeItem as GiftboxTypeItem,
    GiftboxTypeLevel as GiftboxTypeLevel,
    SelectOption as SelectOption,
)
from musement_async.models.giftboxes import Giftbox as Giftbox, GiftboxCustomizationInfo as GiftboxCustomizationInfo
from musement_async.models.gifts import (
    GiftProduct as GiftProduct,
    GiftProductHolder as GiftProductHolder,
    GiftProductPriceTag as GiftProductPriceTag,
    GiftSchedule as GiftSchedule,
    GiftScheduleFeature as GiftScheduleFeature,
)
from musement_async.models.item_details import (
    MusementItemGeneralDetails as MusementItemGeneralDetails,
    MusementProductGeneralDetails as MusementProductGeneralDetails,
)
from musement_async.models.itineraries import Itinerary as Itinerary, PointOfInterest as PointOfInterest
from musement_async.models.labels import (
    Bucket as Bucket,
    SellerGateway as SellerGateway,
    TranslatedMetadata as TranslatedMetadata,
)
from musement_async.models.lists import (
    DestinationComment as DestinationComment,
    DestinationCommentAuthor as DestinationCommentAuthor,
    DestinationPhoto as DestinationPhoto,
    ListDestination as ListDestination,
    ListItem as ListItem,
    ListItemType as ListItemType,
    ListItemsCount as ListItemsCount,
    ListType as ListType,
    MusementList as MusementList,
)
from musement_async.models.media import Media as Media
from musement_async.models.messages import ResponseWithMessage as ResponseWithMessage
from musement_async.models.metadata import (
    ContentLanguage as ContentLanguage,
    Currency as Currency,
    Market as Market,
    Pricetag as Pricetag,
)
from musement_async.models.orders import (
    CancellationReason as CancellationReason,
    InvoiceReceiver as InvoiceReceiver,
    NameValue as NameValue,
    Order as Order,
    OrderActivityAvailableTicket as OrderActivityAvailableTicket,
    OrderItem as OrderItem,
    OrderItemRefundPolicy as OrderItemRefundPolicy,
    OrderItemStatus as OrderItemStatus,
    Product as Product,
    Refund as Refund,
    Voucher as Voucher,
)
from musement_async.models.participants import Participant as Participant
from musement_async.models.payments import (
    AdyenSuccessfulPayment as AdyenSuccessfulPayment,
    CardPayment as CardPayment,
    Payment3dSecure as Payment3dSecure,
    Payment3dSecureType as Payment3dSecureType,
    PaypalPaymentRedirect as PaypalPaymentRedirect,
    SplitPaymentReason as SplitPaymentReason,
    SplitPaymentResponse as SplitPaymentResponse,
    StoredSource as StoredSource,
    StripeSuccessfulPayment as StripeSuccessfulPayment,
)
from musement_async.models.pickups import (
    Pickup as Pickup,
    PickupTag as PickupTag,
    PickupTagSource as PickupTagSource,
    PickupType as PickupType,
)
from musement_async.models.prices import Price as Price
from musement_async.models.products import (
    MusementProduct as MusementProduct,
    ProductType as ProductType,
    Quantities as Quantities,
)
from musement_async.models.promotions import GiftCard as GiftCard, PromoCode as PromoCode
from musement_async.models.refund_policies import RefundPolicy as RefundPolicy, RefundType as RefundType
from musement_async.models.regions import Region as Region
from musement_async.models.related import RelatedContent as RelatedContent, RelatedGroup as RelatedGroup
from musement_async.models.reviews import (
    RatingCategory as RatingCategory,
    Review as Review,
    ReviewStatistics as ReviewStatistics,
    ReviewsAggregatedInfo as ReviewsAggregatedInfo,
    ReviewsPerRating as ReviewsPerRating,
    TravelerType as TravelerType,
)
from musement_async.models.search import (
    ActivitySearchResult as ActivitySearchResult,
    Facet as Facet,
    FacetValue as FacetValue,
    SearchMetadata as SearchMetadata,
)
from musement_async.models.suppliers import (
    Commission as Commission,
    CommissionType as CommissionType,
    Supplier as Supplier,
)
from musement_async.models.taxonomies import (
    Taxonomy as Taxonomy,
    TaxonomyCategory as TaxonomyCategory,
    TaxonomyType as TaxonomyType,
)
from musement_async.models.timeslots import Timeslot as Timeslot
from musement_async.models.webhooks import OrderItemUpdate as OrderItemUpdate
from musement_async.models.widgets import Widget as Widget
from musement_async.models.wishes import Wish as Wish

__all__: list[str]  # noqa: PYI035 (its value would be a second list)
