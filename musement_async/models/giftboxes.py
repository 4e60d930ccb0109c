"""Gift boxes that somebody bought."""

from musement_async.models._base import Model
from musement_async.models.giftbox_types import GiftboxType
from musement_async.models.prices import Price
from musement_async.models.products import ProductType


class GiftboxCustomizationInfo(Model, frozen=True, kw_only=True):
    """The texts that the giver of a gift box chose for it.

    Attributes:
        cover_image_url: The URL of the picture that the giver chose.
        donor_name: The name of the giver.
        recipient_email: The address of the receiver.
        recipient_name: The name of the receiver.
        message: From the giver to the receiver.
    """

    cover_image_url: str | None = None
    donor_name: str | None = None
    recipient_email: str | None = None
    recipient_name: str | None = None
    message: str | None = None


class Giftbox(Model, frozen=True, kw_only=True):
    """A gift box that was bought, for its receiver to redeem.

    Attributes:
        redeem_code: The code with which the receiver redeems it.
        finite_state: How far it has come from the cart to the redemption, in Musement's own words.
        api_url: Its own address within the API.
        url: The address of its type within the API.
        cover_image_url: The URL of its picture.
        discount_amount: The amount of the discount.
        service_fee: Musement's fee, part of ``retail_price``.
        giftbox_type: The type of the gift box.
        customization_info: The texts that the giver chose for it.
        type: The kind of product it is, as in a cart.
        title: Its name, in the language asked for.
        id: The product's id; opaque.
        original_retail_price: The price with the fee, before the discount.
        retail_price: The price that the giver pays: with the fee, after the discount.
        retail_price_without_service_fee: The discounted price before the fee.
        original_retail_price_without_service_fee: The price before discount and fee.
    """

    redeem_code: str | None = None
    finite_state: str | None = None
    api_url: str | None = None
    url: str | None = None
    cover_image_url: str | None = None
    discount_amount: Price | None = None
    service_fee: Price | None = None
    giftbox_type: GiftboxType | None = None
    customization_info: GiftboxCustomizationInfo | None = None
    type: ProductType | None = None
    title: str | None = None
    id: str | None = None
    original_retail_price: Price | None = None
    retail_price: Price | None = None
    retail_price_without_service_fee: Price | None = None
    original_retail_price_without_service_fee: Price | None = None
