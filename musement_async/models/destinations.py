"""Destinations."""

from musement_async.models.cities import City


class Destination(City, frozen=True, kw_only=True):
    """A city that an activity is sold in.

    Attributes:
        default: Whether it is the activity's own city; the others are nearby.
    """

    default: bool | None = None
