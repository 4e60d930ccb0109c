"""The catalogue's record of changes."""

from uuid import UUID

from musement_async.models._base import Model


class ActivityUpdates(Model, frozen=True, kw_only=True):
    """An activity that changed or was archived on a day; the API does not tell the change.

    Attributes:
        uuid: The activity's UUID.
    """

    uuid: UUID
