"""Pickup points."""

from uuid import UUID

from musement_async.models._base import Model, OpenEnum, Real


class PickupType(OpenEnum):
    """The kind of a pickup point."""

    HOTEL = "HOTEL"
    #: A place in the street.
    PICKUP = "PICKUP"


class PickupTagSource(OpenEnum):
    """The directory that an identifier comes from."""

    #: The hotel's number in the GIATA directory.
    GIATA_CODE = "GIATA-CODE"
    CONTENT_MANAGER_DATA = "CONTENT-MANAGER-DATA"
    SUPPLIER = "SUPPLIER"


class PickupTag(Model, frozen=True, kw_only=True):
    """The identifier of a pickup point in another directory.

    Attributes:
        id: The identifier.
        type: The directory.
    """

    id: str | None = None
    type: PickupTagSource | None = None


class Pickup(Model, frozen=True, kw_only=True):
    """A place where customers of an activity are picked up.

    Attributes:
        uuid: The UUID that dates, prices and carts take as ``pickup``.
        type: The kind of the place.
        name: The name of the place.
        latitude: Degrees north.
        longitude: Degrees east.
        tags: Its identifiers in other directories.
        place: The place, in words.
    """

    uuid: UUID
    type: PickupType | None = None
    name: str | None = None
    latitude: Real | None = None
    longitude: Real | None = None
    tags: tuple[PickupTag, ...] = ()
    place: str | None = None
