"""Single timeslots."""

from musement_async.models._base import DateTime, Model


class Timeslot(Model, frozen=True, kw_only=True):
    """A time at which an activity takes place.

    Attributes:
        datetime: When it begins; in local time unless it has an offset.
        availability: How many places are left; -1 where the API does not tell.
        validity: How long the ticket can be used; the API does not tell in which unit.
    """

    datetime: DateTime | None = None
    availability: int | None = None
    validity: int | None = None

    @property
    def places_left(self) -> int | None:
        """The number of places left; None where the API does not tell."""
        return None if self.availability is None or self.availability < 0 else self.availability
