"""The API's enumerations. All of them are open: see `OpenEnum`."""

from musement_async.models._base import OpenEnum


class ActivityStatus(OpenEnum):
    """Whether an activity can be seen and booked. Searches return those that are ``ONLINE`` only."""

    ONLINE = "ONLINE"
    #: Visible; nothing left to book for now.
    UNAVAILABLE = "UNAVAILABLE"
    #: Visible; no longer sold, or the sale is suspended.
    ARCHIVED = "ARCHIVED"
    #: New, and hidden from partners; asking for it is a ``PermissionDeniedError``.
    DRAFT = "DRAFT"
    #: Under review, and hidden like a draft.
    REVIEW = "REVIEW"
    #: Hidden.
    INACTIVE = "INACTIVE"


class BookingType(OpenEnum):
    """A choice that a customer has to make before booking."""

    #: A day and a time.
    CALENDAR_TIMESLOTS = "CALENDAR-TIMESLOTS"
    #: A day.
    CALENDAR_NO_TIMESLOTS = "CALENDAR-NO-TIMESLOTS"
    #: Nothing; the ticket can be used up to a fixed day.
    NO_CALENDAR_FIXED_END = "NO-CALENDAR-FIXED-END"
    #: Nothing; the ticket can be used for some time after the purchase.
    NO_CALENDAR_FIXED_VALIDITY = "NO-CALENDAR-FIXED-VALIDITY"


class FacetType(OpenEnum):
    """The way in which a facet groups results."""

    TERMS = "TERMS"
    RANGE = "RANGE"
    BUCKET_RANGE = "BUCKET_RANGE"


class MatchType(OpenEnum):
    """The type of the thing whose exact name was searched for."""

    CITIES = "cities"
    COUNTRIES = "countries"
    VENUES = "venues"


class OrderBoxElement(OpenEnum):
    """A feature that the form for an order has to offer."""

    TOURS_AND_ACTIVITIES = "tours-and-activities"
    #: A pickup point has to be chosen before dates and prices can be asked for.
    TOURS_AND_ACTIVITIES_WITH_PICKUP = "tours-and-activities-with-pickup"


class VoucherAccess(OpenEnum):
    """In which form a voucher is accepted at the entrance."""

    MOBILE = "MOBILE"
    PRINTED = "PRINTED"
    #: Depends on the ticket bought.
    MIXED = "MIXED"
