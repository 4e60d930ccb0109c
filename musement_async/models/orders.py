"""Orders."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from musement_async.models._base import NIL, DateTime, Model, OpenEnum
from musement_async.models.activities import Activity
from musement_async.models.affiliates import Affiliate
from musement_async.models.bought_products import BoughtProduct
from musement_async.models.customers import Customer
from musement_async.models.durations import as_timedelta
from musement_async.models.participants import Participant
from musement_async.models.prices import Price
from musement_async.models.promotions import PromoCode
from musement_async.models.refund_policies import RefundPolicy


class OrderItemStatus(OpenEnum):
    """The progress of an item's booking."""

    #: Neither confirmed nor refused, or not paid for.
    PENDING = "PENDING"
    #: Booked.
    OK = "OK"
    #: Refused.
    KO = "KO"
    #: Cancelled; the money is on its way back.
    REFUND_STARTED = "REFUND_STARTED"
    #: Cancelled, and the money is back.
    REFUNDED = "REFUNDED"
    #: The cancellation failed.
    CANCELLATION_ERROR = "CANCELLATION_ERROR"


class CancellationReason(OpenEnum):
    """The reason for the cancellation of a booking."""

    #: The customer wanted it.
    CANCELLED_BY_CUSTOMER = "CANCELLED-BY-CUSTOMER"
    #: Soon after the booking, whatever the reason.
    GRACE_PERIOD = "GRACE-PERIOD"
    #: The supplier refused the booking, for instance because the activity is overbooked.
    REJECTED_ORDER = "REJECTED-ORDER"
    #: The customer did not accept another time.
    REJECTED_SCHEDULE_CHANGE = "REJECTED-SCHEDULE-CHANGE"
    #: The customer was not told the meeting point.
    MISSING_MEETING_POINT_DETAILS = "MISSING-MEETING-POINT-DETAILS"
    #: The supplier needs details of the participants that are missing.
    MISSING_PASSENGER_INFO = "MISSING-PASSENGER-INFO"
    #: Weather, maintenance or a strike. Only the description of 2020 has it.
    VENUE_CLOSED = "VENUE-CLOSED"
    #: A problem of the API.
    API_ISSUE = "API-ISSUE"
    #: A technical problem. Only the description of 2020 has it.
    TECHNICAL_ISSUE = "TECHNICAL-ISSUE"


_SETTLED = frozenset(OrderItemStatus) - {OrderItemStatus.PENDING}


class Voucher(Model, frozen=True, kw_only=True):
    """A voucher, which admits the customer.

    Attributes:
        url: The URL of the voucher; ``client.orders.download`` takes it.
    """

    url: str | None = None


class NameValue(Model, frozen=True, kw_only=True):
    """An answer of the customer.

    Attributes:
        name: The question.
        value: The answer.
    """

    name: str | None = None
    value: str | None = None


class OrderItem(Model, frozen=True, kw_only=True):
    """One product of an order, with its quantity.

    Attributes:
        uuid: The UUID for paths; the nil UUID if the API left it out.
        cart_item_uuid: The UUID of the former item in the cart.
        code: Musement's number for it.
        transaction_code: The number that the supplier's system has for it.
        product: The product, with its prices.
        quantity: How many of the product; 1 or more.
        retail_price_in_order_currency: What the customer paid for one.
        total_retail_price_in_order_currency: What the customer paid for all of them.
        original_retail_price_in_supplier_currency: What one costs at the supplier's.
        total_original_retail_price_in_supplier_currency: What all of them cost there.
        b2b_price: What the partner pays Musement, in the currency of the order; None where that does not apply.
        status: The status of the booking.
        vouchers: The vouchers, once the item is booked.
        is_gift_redeem: Whether a gift or a gift box was redeemed for it.
        extra_customer_data: The customer's answers to the activity's questions.
        cancellation_reason: The reason for the cancellation; None without a cancellation.
        cancellation_additional_info: The reason in words.
        participants_info: The participants' answers to the activity's questions.
        is_error_status: Whether the API counts its status as an error.
        error_status: The older name of ``is_error_status``.
    """

    stand_ins: ClassVar[Mapping[str, object]] = {"uuid": NIL}

    uuid: UUID
    cart_item_uuid: UUID | None = None
    code: str | None = None
    transaction_code: str | None = None
    product: BoughtProduct | None = None
    quantity: int | None = None
    retail_price_in_order_currency: Price | None = None
    total_retail_price_in_order_currency: Price | None = None
    original_retail_price_in_supplier_currency: Price | None = None
    total_original_retail_price_in_supplier_currency: Price | None = None
    b2b_price: Price | None = None
    status: OrderItemStatus | None = None
    vouchers: tuple[Voucher, ...] = ()
    is_gift_redeem: bool | None = None
    extra_customer_data: tuple[NameValue, ...] = ()
    cancellation_reason: CancellationReason | None = None
    cancellation_additional_info: str | None = None
    participants_info: tuple[Participant, ...] = ()
    is_error_status: bool | None = None
    error_status: bool | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the booking was confirmed or refused; False for a status that this library does not know."""
        return self.status in _SETTLED

    @property
    def failed(self) -> bool:
        """Whether the booking was refused."""
        return self.status == OrderItemStatus.KO


class Order(Model, frozen=True, kw_only=True):
    """An order: products that somebody bought.

    Attributes:
        identifier: The number for people, such as ``MUS1234567``; operations take ``uuid``.
        uuid: The UUID for paths and payments; the nil UUID if the API left it out.
        date: When it was made.
        status: The status, such as ``PENDING``. It changes only once every item is settled; the items have their own
            statuses.
        trustpilot_url: Where the customer can review the purchase; None where that is not offered.
        customer: Who made it.
        items: What was bought.
        total_price: What the customer pays.
        total_retail_price_in_order_currency: The price that the customer pays, in the currency of the order.
        total_supplier_original_retail_price_in_supplier_currency: What everything costs at the supplier's.
        total_supplier_price_in_supplier_currency: What Musement pays the supplier.
        discount_amount: The amount of the discount.
        affiliate: The affiliate whose site the customer came from.
        affiliate_channel: The affiliate's channel by which the customer came.
        promo_codes: The promo codes that reduced the price.
        extra_data: The partner's own data: a JSON object, as text.
        market: The market it was made in.
        source: The origin of the order, such as an application.
        is_paid: Whether it is paid; nothing is booked before.
        is_agency: Whether an agency bought it.
    """

    stand_ins: ClassVar[Mapping[str, object]] = {"uuid": NIL}

    identifier: str | None = None
    uuid: UUID
    date: DateTime | None = None
    status: str | None = None
    trustpilot_url: str | None = None
    customer: Customer | None = None
    items: tuple[OrderItem, ...] = ()
    total_price: Price | None = None
    total_retail_price_in_order_currency: Price | None = None
    total_supplier_original_retail_price_in_supplier_currency: Price | None = None
    total_supplier_price_in_supplier_currency: Price | None = None
    discount_amount: Price | None = None
    affiliate: Affiliate | None = None
    affiliate_channel: str | None = None
    promo_codes: tuple[PromoCode, ...] = ()
    extra_data: str | None = None
    market: str | None = None
    source: str | None = None
    is_paid: bool | None = None
    is_agency: bool | None = None

    @property
    def pending_items(self) -> tuple[OrderItem, ...]:
        """The items that are not settled."""
        return tuple(item for item in self.items if not item.is_settled)

    @property
    def is_settled(self) -> bool:
        """Whether the order has items, and all of them are settled."""
        return bool(self.items) and not self.pending_items


class OrderItemRefundPolicy(RefundPolicy, frozen=True, kw_only=True):
    """The refund for an item, as agreed when it was ordered.

    Attributes:
        applicable_until: The last moment to cancel under this policy, in local time.
        remaining_time: The time from now until then, ISO 8601.
    """

    applicable_until: DateTime | None = None
    remaining_time: str | None = None

    @property
    def remaining(self) -> timedelta | None:
        """``remaining_time`` as a timedelta; None if absent or unreadable."""
        return as_timedelta(self.remaining_time)


class Refund(Model, frozen=True, kw_only=True):
    """Money that went back to the customer. The API's documents do not show its fields.

    Attributes:
        uuid: The refund's UUID.
        order_item_uuid: The order's item that it is for.
        amount: The amount of money.
        date: The time of the refund.
    """

    uuid: UUID | None = None
    order_item_uuid: UUID | None = None
    amount: Price | None = None
    date: DateTime | None = None


class OrderActivityAvailableTicket(Model, frozen=True, kw_only=True):
    """A document with the tickets of an order for one activity, one variant and one date.

    Attributes:
        id: The id for :meth:`client.orders.ticket`.
        price_feature_code: The variant, the same in every language.
        price_feature: The variant, in the language asked for.
        date: When the activity takes place.
    """

    id: str
    price_feature_code: str | None = None
    price_feature: str | None = None
    date: DateTime | None = None


class InvoiceReceiver(Model, frozen=True, kw_only=True):
    """The recipient of the invoice: a person or a company.

    Attributes:
        first_name: A person's first name.
        last_name: A person's last name.
        legal_name: A company's name.
        address: Street and number, as one text.
        city: The city, a name.
        zip_code: The postal code.
        country_code: ISO 3166-1 alpha-2.
        fiscal_code: A person's Italian tax code.
        vat: A company's VAT number.
    """

    first_name: str | None = None
    last_name: str | None = None
    legal_name: str | None = None
    address: str | None = None
    city: str | None = None
    zip_code: str | None = None
    country_code: str | None = None
    fiscal_code: str | None = None
    vat: str | None = None


class Product(Model, frozen=True, kw_only=True):
    """The product of an order's item after its date was changed.

    Attributes:
        type: The kind of product it is.
        image: A URL.
        discount_amount: The amount of the discount.
        service_fee: Musement's fee, part of ``retail_price``.
        id: The product's id; opaque.
        title: The activity's title.
        datetime: When it takes place now.
        ticket_holder: Who may use it.
        price_feature: The variant of the activity.
        activity: The activity.
        supplier_price: What Musement pays the supplier.
        original_retail_price: The price before the discount.
        retail_price: What the customer pays.
        tourist_category: What kind of visitor it is for.
        activity_name: The activity's name.
    """

    type: str | None = None
    image: str | None = None
    discount_amount: Price | None = None
    service_fee: Price | None = None
    id: str | None = None
    title: str | None = None
    datetime: DateTime | None = None
    ticket_holder: str | None = None
    price_feature: str | None = None
    activity: Activity | None = None
    supplier_price: Price | None = None
    original_retail_price: Price | None = None
    retail_price: Price | None = None
    tourist_category: str | None = None
    activity_name: str | None = None
