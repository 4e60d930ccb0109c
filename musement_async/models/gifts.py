"""Gifts: activities that can be given away, and gifts that somebody bought."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from musement_async.models._base import Model
from musement_async.models.dates import ScheduleProduct
from musement_async.models.prices import Price
from musement_async.models.products import ProductType


class GiftProductHolder(Model, frozen=True, kw_only=True):
    """The people that a gift admits.

    Attributes:
        code: Who it is, the same in every language.
        label: Its name for people, such as the word for adults.
        qty: How many of them.
    """

    code: str | None = None
    label: str | None = None
    qty: int | None = None


class GiftProductPriceTag(Model, frozen=True, kw_only=True):
    """The ticket that a gift stands for: the variant of the activity, and the people.

    Attributes:
        feature_code: The variant, the same in every language.
        feature_label: The variant, for people.
        holders: The people that the gift admits.
    """

    feature_code: str | None = None
    feature_label: str | None = None
    holders: tuple[GiftProductHolder, ...] = ()


class GiftProduct(Model, frozen=True, kw_only=True):
    """A gift: a paid activity, for which the receiver chooses the day.

    Attributes:
        id: The product's id; opaque.
        code: The code with which the receiver redeems it, together with the hash in ``redeem_url``.
        redeem_url: The page on which the receiver chooses a day; relative to Musement's site.
        title: The activity's title.
        activity_uuid: The activity it is for.
        api_url: Its activity's address within the API.
        url: Its activity's page on Musement's site.
        cover_image_url: The URL of the activity's picture.
        original_retail_price: The price with the fee, before the discount.
        retail_price: The price that the giver pays: with the fee, after the discount.
        discount_amount: The amount of the discount.
        gift_price_tag: The ticket that it stands for.
        service_fee: Musement's fee, part of ``retail_price``.
        type: The kind of product it is, as in a cart.
    """

    id: str | None = None
    code: str | None = None
    redeem_url: str | None = None
    title: str | None = None
    activity_uuid: UUID | None = None
    api_url: str | None = None
    url: str | None = None
    cover_image_url: str | None = None
    original_retail_price: Price | None = None
    retail_price: Price | None = None
    discount_amount: Price | None = None
    gift_price_tag: GiftProductPriceTag | None = None
    service_fee: Price | None = None
    type: ProductType | None = None

    @property
    def gift_hash(self) -> str | None:
        """The hash in ``redeem_url``, which a check of the gift needs in addition to its code; None if it has none."""
        try:
            query = urlsplit(self.redeem_url or "").query
        except ValueError:
            return None
        return parse_qs(query).get("gift_hash", [None])[0]


class GiftScheduleFeature(Model, frozen=True, kw_only=True):
    """A variant of an activity that can be given, with a product for each kind of participant.

    Attributes:
        feature_code: The variant, the same in every language.
        name: The name, in the language asked for.
        description: What the variant is, at length.
        default: Whether it is the one preselected.
        products: What can be given, one for each kind of participant.
    """

    feature_code: str | None = None
    name: str | None = None
    description: str | None = None
    default: bool | None = None
    products: tuple[ScheduleProduct, ...] = ()


class GiftSchedule(Model, frozen=True, kw_only=True):
    """The variants of an activity that can be given, with prices. It has no days, since the receiver chooses one.

    Attributes:
        features: The variants that can be given.
    """

    features: tuple[GiftScheduleFeature, ...] = ()
