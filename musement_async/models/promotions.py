"""Promo codes and gift cards."""

from decimal import Decimal

from musement_async.models._base import DateTime, Model, check_finite


class PromoCode(Model, frozen=True, kw_only=True):
    """A code that reduces the price.

    Attributes:
        code: The code that customers type in.
        active: Whether it can be used.
        percentage: Whether ``discount`` is per cent; otherwise it is an amount of money.
        discount: The reduction.
        max_usage: How often it can be used.
        valid_from: The first moment at which it can be used.
        valid_until: The last moment at which it can be used.
        minimum_amount: The least price for which it can be used.
    """

    code: str | None = None
    active: bool | None = None
    percentage: bool | None = None
    discount: int | None = None
    max_usage: int | None = None
    valid_from: DateTime | None = None
    valid_until: DateTime | None = None
    minimum_amount: Decimal | None = None

    def __post_init__(self) -> None:
        check_finite(self.minimum_amount)


class GiftCard(Model, frozen=True, kw_only=True):
    """A gift card, whose code pays for a part of a cart.

    Attributes:
        id: The number of the card.
        code: The code that customers type in.
        valid_from: The first moment at which it can be used.
        valid_until: The last moment at which it can be used.
        created: When it was made.
        updated: When it was last changed.
    """

    id: int | None = None
    code: str | None = None
    valid_from: DateTime | None = None
    valid_until: DateTime | None = None
    created: DateTime | None = None
    updated: DateTime | None = None
