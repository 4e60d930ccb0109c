"""Products in a cart or an order."""

from musement_async.models.giftbox_types import GiftboxType
from musement_async.models.giftboxes import GiftboxCustomizationInfo
from musement_async.models.gifts import GiftProductPriceTag
from musement_async.models.products import MusementProduct


class BoughtProduct(MusementProduct, frozen=True, kw_only=True):
    """A ticket, a gift or a gift box; ``type`` tells which, and the fields of the other kinds are empty.

    Attributes:
        code: The code with which the receiver redeems a gift.
        redeem_url: The page on which the receiver of a gift chooses a day.
        gift_price_tag: The ticket that a gift stands for.
        redeem_code: The code with which the receiver redeems a gift box.
        finite_state: How far a gift box has come from the cart to the redemption, in Musement's own words.
        giftbox_type: The type of the gift box.
        customization_info: The texts that the giver chose for a gift box.
    """

    code: str | None = None
    redeem_url: str | None = None
    gift_price_tag: GiftProductPriceTag | None = None
    redeem_code: str | None = None
    finite_state: str | None = None
    giftbox_type: GiftboxType | None = None
    customization_info: GiftboxCustomizationInfo | None = None
