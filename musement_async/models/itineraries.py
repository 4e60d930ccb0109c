"""Itineraries."""

from musement_async.models._base import Model, Real
from musement_async.models.labels import TranslatedMetadata


class PointOfInterest(Model, frozen=True, kw_only=True):
    """A stop on the way.

    Attributes:
        latitude: Degrees north.
        longitude: Degrees east.
        types: The kinds of the stop.
    """

    latitude: Real | None = None
    longitude: Real | None = None
    types: tuple[TranslatedMetadata, ...] = ()


class Itinerary(Model, frozen=True, kw_only=True):
    """The way that an activity takes, stop by stop.

    Attributes:
        code: The code of the itinerary.
        pois: The points on the way, in their order.
    """

    code: str | None = None
    pois: tuple[PointOfInterest, ...] = ()
