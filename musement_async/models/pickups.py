"""Pickup points."""

from uuid import UUID

from musement_async.models._base import Model, OpenEnum, Real


class PickupType(OpenEnum):
    """The kind of a pickup point."""

    HOTEL = "HOTEL"
    #: A place in the street.
    PICKUP = "PICKUP"


class PickupTagSource(OpenEnum):
    """Where an identifier comes from."""

    #: The hotel's number in the GIATA directory.
    GIATA_CODE = "GIATA-CODE"
    CONTENT_MANAGER_DATA = "CONTENT-MANAGER-DATA"
    SUPPLIER = "SUPPLIER"


class PickupTag(Model, frozen=True, kw_only=True):
    """The name of a pickup point elsewhere.

    Attributes:
        id: The identifier there.
        type: Where that is.
    """

    id: str | None = None
    type: PickupTagSource | None = None


class Pickup(Model, frozen=True, kw_only=True):
    """A place where customers of an activity are picked up.

    Attributes:
        uuid: What dates, prices and carts take as ``pickup``.
        type: What the place is.
        name: What people call the place.
        latitude: Degrees north.
        longitude: Degrees east.
        tags: Its identifiers elsewhere.
        place: Where it is, in words.
    """

    uuid: UUID
    type: PickupType | None = None
    name: str | None = None
    latitude: Real | None = None
    longitude: Real | None = None
    tags: tuple[PickupTag, ...] = ()
    place: str | None = None
