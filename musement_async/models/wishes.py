"""Wishes."""

from musement_async.models._base import Model, Real
from musement_async.models.cities import City


class Wish(Model, frozen=True, kw_only=True):
    """A thing that a customer keeps for later.

    Attributes:
        code: The number of the wish and its kind, with a hyphen between them.
        item_id: The number of the thing; activities have one in addition to their UUID.
        item_type: The kind of the thing.
        title: Its name, in the language asked for.
        description: A description, in the language asked for.
        cover_image_url: The URL of its picture.
        city: The city it is in.
        latitude: Degrees north.
        longitude: Degrees east.
    """

    code: str
    item_id: int | None = None
    item_type: str | None = None
    title: str | None = None
    description: str | None = None
    cover_image_url: str | None = None
    city: City | None = None
    latitude: Real | None = None
    longitude: Real | None = None
