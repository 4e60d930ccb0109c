"""Carts."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from musement_async.models._base import NIL, Model, OpenEnum
from musement_async.models.bought_products import BoughtProduct
from musement_async.models.customers import Customer
from musement_async.models.prices import Price
from musement_async.models.products import ProductType
from musement_async.models.promotions import GiftCard, PromoCode


class CartItemStatus(OpenEnum):
    """The availability of an item in a cart."""

    PREBOOK_OK = "PREBOOK_OK"
    #: It cannot be booked as it is; take it out of the cart.
    PREBOOK_KO = "PREBOOK_KO"


class CartItem(Model, frozen=True, kw_only=True):
    """One product in a cart, with its quantity.

    Attributes:
        uuid: The UUID for paths; the nil UUID if the API left it out.
        type: The kind of product it is.
        product_identifier: The product's id; see :attr:`product_id`.
        quantity: How many of the product; 1 or more.
        status: Whether it is available.
        total_price: The price of the whole quantity.
        total_price_without_service_fee: The price of the whole quantity, before the fee.
        product: The product, with its prices.
        language: The language that was chosen.
        is_gift_redeem: Whether a gift or a gift box was redeemed for it.
    """

    stand_ins: ClassVar[Mapping[str, object]] = {"uuid": NIL}

    uuid: UUID
    type: ProductType | None = None
    product_identifier: str | None = None
    quantity: int | None = None
    status: CartItemStatus | None = None
    total_price: Price | None = None
    total_price_without_service_fee: Price | None = None
    product: BoughtProduct | None = None
    language: str | None = None
    is_gift_redeem: bool | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the item is available."""
        return self.status == CartItemStatus.PREBOOK_OK

    @property
    def product_id(self) -> str | None:
        """The product's id, whether the item or the product itself names it."""
        return self.product_identifier or (self.product.id if self.product else None)


class PaymentGateway(OpenEnum):
    """The party that takes the customer's money."""

    STRIPE = "STRIPE"
    ADYEN = "ADYEN"


class Cart(Model, frozen=True, kw_only=True):
    """A cart: products that somebody is about to buy. A cart without an order is deleted after three months.

    Attributes:
        uuid: The UUID for paths and orders.
        items: The products in it; ``()`` for an empty cart.
        discount_code: The code for a new cart. In answers, ``promo_code`` or ``gift_card`` has its effect.
        gift_card: The gift card that pays for part of it; None where there is none.
        promo_code: The promo code that reduces the price; None if there is none.
        customer: The customer who buys it.
        customer_id: The number of the customer's account; None where there is none.
        full_price: The price before the discount, with the fee.
        full_price_without_service_fee: The price before the discount and the fee.
        discount: The amount of the discount.
        total_discount: The sum of all reductions.
        retail_price: The price that the customer pays: with the fee, after the discount.
        retail_price_without_service_fee: The discounted price before the fee.
        service_fee: Musement's fee, part of ``retail_price``.
        preferred_payment_gateway: The gateway to use if both are possible.
    """

    uuid: UUID
    items: tuple[CartItem, ...] = ()
    discount_code: str | None = None
    gift_card: GiftCard | None = None
    promo_code: PromoCode | None = None
    customer: Customer | None = None
    customer_id: int | None = None
    full_price: Price | None = None
    full_price_without_service_fee: Price | None = None
    discount: Price | None = None
    total_discount: Price | None = None
    retail_price: Price | None = None
    retail_price_without_service_fee: Price | None = None
    service_fee: Price | None = None
    preferred_payment_gateway: PaymentGateway | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the cart has items, and all of them are available."""
        return bool(self.items) and all(item.is_ok for item in self.items)

    @property
    def customer_price(self) -> Price | None:
        """The price that the customer pays, ``retail_price`` under a name that stands out among the prices."""
        return self.retail_price


class OrderPaymentStatus(OpenEnum):
    """The progress of a cart's order, from its creation to the payment or the refund."""

    CREATED = "created"
    AUTHORIZED = "authorized"
    AUTHORIZATION_FAILED = "authorization_failed"
    BOOKING_STARTED = "booking_started"
    BOOKING_OK = "booking_ok"
    BOOKING_PARTIALLY_FAILED = "booking_partially_failed"
    BOOKING_FAILED = "booking_failed"
    BOOKING_HANGED = "booking_hanged"
    BOOKING_QUARANTINED = "booking_quarantined"
    CAPTURE = "capture"
    CAPTURE_FAILED = "capture_failed"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CLOSED = "closed"


class CartOrderPayment(Model, frozen=True, kw_only=True):
    """Whether the order of a cart is paid for.

    Attributes:
        paid: Whether the order is paid for.
        status: The progress of order and payment.
    """

    paid: bool | None = None
    status: OrderPaymentStatus | None = None


class CartOrderInfo(Model, frozen=True, kw_only=True):
    """The order that was made from a cart.

    Attributes:
        order_uuid: The order's UUID, for ``client.orders``.
        payment: Whether the order is paid for.
    """

    order_uuid: UUID
    payment: CartOrderPayment | None = None
