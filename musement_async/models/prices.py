"""Money."""

from decimal import Decimal

from musement_async.models._base import Model


class Price(Model, frozen=True, kw_only=True):
    """An amount of money.

    Attributes:
        currency: ISO 4217 code.
        value: The amount in major units (euros, not cents), exactly as sent.
        formatted_value: The amount as text with its currency, formatted the same in every language.
        formatted_iso_value: The amount as text in the format of the language asked for; may contain no-break spaces.
    """

    currency: str | None = None
    value: Decimal | None = None
    formatted_value: str | None = None
    formatted_iso_value: str | None = None

    def __post_init__(self) -> None:
        # Not by check_finite, which takes several times as long: an answer can hold thousands of prices.
        value = self.value
        try:
            if value is not None and not value.is_finite():
                raise ValueError("an amount of money must be finite")
        except AttributeError:
            raise TypeError(f"an amount of money must be a Decimal, not {type(value).__name__}") from None

    def __str__(self) -> str:
        """The amount as the API formats it, or as far as it is known."""
        if self.value is None:
            return "an unknown amount"
        return self.formatted_value or f"{self.value} {self.currency or ''}".rstrip()

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)
