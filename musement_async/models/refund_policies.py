"""Refund policies."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from musement_async.models._base import Model, OpenEnum, check_finite
from musement_async.models.durations import as_timedelta


class RefundType(OpenEnum):
    """The way a refund is calculated."""

    #: An amount of money.
    ABSOLUTE = "ABSOLUTE"
    #: A part of what was paid.
    PERCENTAGE = "PERCENTAGE"


class RefundPolicy(Model, frozen=True, kw_only=True):
    """The refund for a booking that is cancelled early enough.

    What holds for a booking is the policy at the time of the order, which the order item has.

    Attributes:
        uuid: The policy's UUID.
        period: How long before the start one has to cancel, ISO 8601.
        type: Whether ``value`` is per cent or an amount.
        value: How much comes back: per cent from 0 to 100, or an amount in ``currency_code``.
        currency_code: ISO 4217; for an ``ABSOLUTE`` refund only.
    """

    uuid: UUID | None = None
    period: str | None = None
    type: RefundType | None = None
    value: Decimal | None = None
    currency_code: str | None = None

    def __post_init__(self) -> None:
        check_finite(self.value)

    @property
    def notice(self) -> timedelta | None:
        """``period`` as a timedelta, zero where one can cancel up to the start; None where absent or unreadable."""
        return as_timedelta(self.period)

    @property
    def is_full(self) -> bool:
        """Whether all that was paid comes back."""
        return self.type == RefundType.PERCENTAGE and self.value == 100
