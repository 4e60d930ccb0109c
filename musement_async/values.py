"""Arguments with several parts, which are checked when they are made."""

import re
from decimal import Decimal
from types import UnionType
from typing import Literal, Protocol, Self, TypeGuard, cast, get_args
from uuid import UUID

import attrs

from musement_async.errors import ArgumentError

Amount = Decimal | float | int
ProductKind = Literal["musement", "musement-realtime", "musement-gift", "musement-giftbox"]

_MOST = 100_000
_LONGEST = 1e10  # seconds, about three hundred years; datetime overflows only far beyond that


def not_empty(_instance: object, attribute: "attrs.Attribute[str]", value: object) -> None:
    """A validator for attrs, which refuses empty texts and values that are not texts."""
    if not isinstance(value, str) or not value:
        raise ArgumentError(attribute.name, "must be a non-empty string")
    sendable(attribute.name, value)


def sendable(argument: str, text: str) -> str:
    """A text without lone surrogates."""
    if not is_sendable(text):
        raise ArgumentError(argument, "holds a lone surrogate, which is not a character and cannot be sent")
    return text


def is_sendable(text: str) -> bool:
    """Whether a text has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_seconds(value: object, *, or_zero: bool = False) -> bool:
    """Whether a value is a number of seconds above 0; with ``or_zero``, 0 is allowed."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value <= _LONGEST or (or_zero and value == 0)


def check_kind(argument: str, value: object, kinds: type | UnionType, what: str) -> None:
    """Refuse a value of another class."""
    if not isinstance(value, kinds):
        raise ArgumentError(argument, f"must be {what}")


@attrs.frozen
class Coordinates:
    """A point on the earth, such as ``Coordinates(41.8902, 12.4922)``.

    Attributes:
        latitude: Degrees north, from -90 to 90.
        longitude: Degrees east, from -180 to 180.

    Raises:
        ArgumentError: One of the values is not a number in its range.
    """

    latitude: float
    longitude: float

    def __attrs_post_init__(self) -> None:
        _check("latitude", self.latitude, -90, 90)
        _check("longitude", self.longitude, -180, 180)

    def __str__(self) -> str:
        return f"{self.latitude:f},{self.longitude:f}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


@attrs.frozen
class PriceRange:
    """A least and a greatest price in the client's currency, such as ``PriceRange(0, 34.23)``.

    Attributes:
        least: The least price in major units, 0 or more; two decimals are sent.
        greatest: The greatest price in major units, below 100000; two decimals are sent.

    Raises:
        ArgumentError: One of the values is not such a price, or the first is greater than the second.
    """

    least: Amount
    greatest: Amount

    def __attrs_post_init__(self) -> None:
        least, greatest = _exact("least", self.least), _exact("greatest", self.greatest)
        if greatest < least:
            raise ArgumentError("greatest", "must not be below least")

    def __str__(self) -> str:
        return f"{self.least:.2f},{self.greatest:.2f}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def _activity_uuid(value: UUID | str) -> UUID:
    return _as_uuid("activity_uuid", value)


def _pickup(value: UUID | str | None) -> UUID | None:
    return None if value is None else _as_uuid("pickup", value)


def _as_uuid(argument: str, value: UUID | str) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except (ValueError, AttributeError, TypeError) as problem:
        raise ArgumentError(argument, "must be a UUID") from problem


@attrs.frozen
class BundleConfiguration:
    """An activity to recommend together with another one, perhaps at a discount.

    Attributes:
        activity_uuid: The activity's UUID.
        discount: The reduction of the price.
        apply_discount_percent: Whether the discount is a percentage; otherwise it is an amount.
        dont_apply_on_first_product: Whether the first activity keeps its price.

    Raises:
        ArgumentError: A field has a wrong type or value.
    """

    activity_uuid: UUID = attrs.field(converter=_activity_uuid)
    discount: Amount | None = None
    apply_discount_percent: bool | None = attrs.field(default=None, kw_only=True)
    dont_apply_on_first_product: bool | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.discount is not None:
            _check("discount", self.discount, 0, 100 if self.apply_discount_percent else _MOST)
        for argument in ("apply_discount_percent", "dont_apply_on_first_product"):
            if not isinstance(getattr(self, argument), bool | None):
                raise ArgumentError(argument, "must be True or False")


class Sellable(Protocol):
    """A product that can be put into a cart, such as a product of a schedule."""

    @property
    def type(self) -> str | None:
        """The API's name for the kind of product."""

    @property
    def product_id(self) -> str | None:
        """The API's id for the product."""


@attrs.frozen
class NewCartItem:
    """A product and its quantity, to be put into a cart.

    Attributes:
        type: The product's ``type``.
        product_identifier: The product's ``product_id``.
        quantity: The quantity, 1 or more.
        language: The code of one of the slot's languages, two letters.
        pickup: The UUID of a pickup point, for activities that need one.

    Raises:
        ArgumentError: The API could not read one of the values.
    """

    type: ProductKind
    product_identifier: str
    quantity: int
    language: str | None = attrs.field(default=None, kw_only=True)
    pickup: UUID | None = attrs.field(default=None, kw_only=True, converter=_pickup)

    def __attrs_post_init__(self) -> None:
        if self.type not in get_args(ProductKind):
            raise ArgumentError("type", f"must be one of {', '.join(get_args(ProductKind))}")
        identifier: object = self.product_identifier
        if not isinstance(identifier, str) or not identifier.strip():
            raise ArgumentError("product_identifier", "must be a string that is not empty")
        sendable("product_identifier", identifier)
        if type(self.quantity) is not int:
            raise ArgumentError("quantity", f"must be a whole number above 0, not {type(self.quantity).__name__}")
        if self.quantity < 1:
            raise ArgumentError("quantity", "must be a whole number above 0")
        if self.language is not None and not re.fullmatch("[a-z]{2}", str(self.language)):
            raise ArgumentError("language", 'must be the code of a language, such as "it"')

    @classmethod
    def of(
        cls, product: Sellable, quantity: int, *, language: str | None = None, pickup: UUID | str | None = None
    ) -> Self:
        """An item from a product of a schedule.

        Args:
            product: The product.
            quantity: The quantity, 1 or more.
            language: The code of one of the slot's languages, two letters.
            pickup: The UUID of a pickup point, for activities that need one.

        Raises:
            ArgumentError: The API could not read an argument, or the product has no id or type.
        """
        product_id, kind = getattr(product, "product_id", None), getattr(product, "type", None)
        if product_id is None or kind is None:
            raise ArgumentError("product", "must have an id and a type")
        return cls(cast("ProductKind", str(kind)), product_id, quantity, language=language, pickup=pickup)


def is_number(value: object) -> TypeGuard[Amount]:
    """Whether a value is a Decimal, a float or an int."""
    return isinstance(value, Decimal | float | int) and not isinstance(value, bool)


def is_finite(number: Amount) -> bool:
    """Whether a number is finite; False for a signalling NaN, too."""
    # Converted by way of text: whole numbers may be too large for a float, and some Decimals cannot become one.
    return Decimal(str(number)).is_finite()


def _exact(argument: str, price: object) -> Decimal:
    problem = f"must be a number from 0 to below {_MOST}"
    if not is_number(price):
        raise ArgumentError(argument, f"{problem}, not {type(price).__name__}")
    # Converted by way of text: otherwise the float 99999.99 would be greater than the Decimal.
    exact = Decimal(str(price))
    if not exact.is_finite() or not 0 <= exact <= _MOST - Decimal("0.01"):
        raise ArgumentError(argument, problem)
    return exact


def _check(argument: str, value: object, least: int, most: int) -> None:
    problem = f"must be a number from {least} to {most}"
    if not is_number(value):
        raise ArgumentError(argument, f"{problem}, not {type(value).__name__}")
    if not is_finite(value) or not least <= value <= most:
        raise ArgumentError(argument, problem)
