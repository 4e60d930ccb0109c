"""Arguments of more than one part, checked where they are made."""

from decimal import Decimal

import attrs

from musement_async.errors import ArgumentError

Amount = Decimal | float | int

_MOST = 100_000


@attrs.frozen
class Coordinates:
    """A place on earth, such as ``Coordinates(41.8902, 12.4922)``.

    Attributes:
        latitude: Degrees north, from -90 to 90.
        longitude: Degrees east, from -180 to 180.

    Raises:
        ArgumentError: One of them is no such number.
    """

    latitude: float
    longitude: float

    def __attrs_post_init__(self) -> None:
        _check("latitude", self.latitude, -90, 90)
        _check("longitude", self.longitude, -180, 180)

    def __str__(self) -> str:
        return f"{self.latitude:f},{self.longitude:f}"


@attrs.frozen
class PriceRange:
    """A least and a greatest price in the client's currency, such as ``PriceRange(0, 34.23)``.

    Attributes:
        least: In major units, from 0 on; two decimals are sent.
        greatest: The same, below 100000.

    Raises:
        ArgumentError: One of them is no such number, or the first is the greater.
    """

    least: Amount
    greatest: Amount

    def __attrs_post_init__(self) -> None:
        below = _MOST - Decimal("0.01")
        _check("least", self.least, 0, below)
        _check("greatest", self.greatest, 0, below)
        if self.greatest < self.least:
            raise ArgumentError("greatest", "must not be below least")

    def __str__(self) -> str:
        return f"{self.least:.2f},{self.greatest:.2f}"


def _check(argument: str, value: object, least: int, most: Decimal | int) -> None:
    # Not a number is not between any two, and a Decimal of that kind refuses the comparison.
    if isinstance(value, bool) or not isinstance(value, Decimal | float | int) or value != value:  # noqa: PLR0124
        raise ArgumentError(argument, f"must be a number from {least} to {most}")
    if not least <= value <= most:
        raise ArgumentError(argument, f"must be a number from {least} to {most}")
