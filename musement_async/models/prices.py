"""Money."""

from decimal import Decimal

from musement_async.models._base import Model, check_finite


class Price(Model, frozen=True, kw_only=True):
    """An amount of money.

    Attributes:
        currency: ISO 4217 code.
        value: The amount in major units (euros, not cents), exactly as sent.
        formatted_value: The amount as text with its currency, formatted the same in every language.
        formatted_iso_value: The same by the habits of the language asked for; may hold no-break spaces.
    """

    currency: str | None = None
    value: Decimal | None = None
    formatted_value: str | None = None
    formatted_iso_value: str | None = None

    def __post_init__(self) -> None:
        check_finite(self.value)
