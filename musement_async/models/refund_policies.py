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
    #: A percentage of the price that was paid.
    PERCENTAGE = "PERCENTAGE"


class RefundPolicy(Model, frozen=True, kw_only=True):
    """The refund for a booking that is cancelled early enough.

    A booking keeps the policies of the time of the order; ``client.orders.refund_policies`` has them.

    Attributes:
        uuid: The policy's UUID.
        period: The least time between the cancellation and the start, ISO 8601.
        type: Whether ``value`` is per cent or an amount.
        value: The refund: per cent from 0 to 100, or an amount in ``currency_code``.
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
        """``period`` as a timedelta; zero for cancellations up to the start, None if absent or unreadable."""
        return as_timedelta(self.period)

    @property
    def is_full(self) -> bool:
        """Whether the whole price is refunded."""
        return self.type == RefundType.PERCENTAGE and self.value == 100
