"""The record of what changed in the catalogue."""

from uuid import UUID

from musement_async.models._base import Model


class ActivityUpdates(Model, frozen=True, kw_only=True):
    """An activity that changed or was archived on some day; what changed about it is not told.

    Attributes:
        uuid: The activity's UUID.
    """

    uuid: UUID
