"""Operations of dates: availability and prices of activities."""

import datetime as dt
from datetime import date
from itertools import chain

from musement_async.models.activities import Activity
from musement_async.models.dates import ActivityDate, Schedule
from musement_async.models.pickups import Pickup
from musement_async.models.products import MusementProduct
from musement_async.models.timeslots import Timeslot
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, check, path, query
from musement_async.resources.parameters import OneOrMore, Uuid
from musement_async.resources.readers import WholeListCall, fetch_all, fetch_one_or_more, fetch_only
from musement_async.values import Amount


class Dates(Resource):
    """The days, times and prices of activities.

    The API asks not to keep the answers: they change with every booking.
    """

    def list(
        self,
        activity_uuid: Uuid[Activity],
        *,
        date_from: date | None = None,
        date_to: date | None = None,
        discounts: OneOrMore[Amount] | None = None,
        pickup: Uuid[Pickup] | None = None,
        tickets_number: int | None = None,
    ) -> WholeListCall[ActivityDate]:
        """The days on which an activity takes place: ``GET /activities/{activityUuid}/dates``.

        Days for which it is too late to book are left out.

        Args:
            activity_uuid: The activity's UUID.
            date_from: The first day; today by default.
            date_to: The end of the range; about a year later by default. The API's documents do not tell whether this
                day is included.
            discounts: Percentages, two decimals at most. Each day then has the customer's price with each of them.
            pickup: The UUID of a pickup point; activities with ``needs_pickup`` need it.
            tickets_number: Only days with at least so many places. Only some suppliers' systems support this.

        Raises:
            BadRequestError: The activity needs ``pickup``, one of its own pickup points (code 1578), or ``date_to``
                lies before today (code 1440).
            NotFoundError: There is no such activity.
            PermissionDeniedError: The activity is still a draft, or under review.
        """
        parameters.in_order(date_from=date_from, date_to=date_to)
        params = query(
            date_from=parameters.day(date_from),
            date_to=parameters.day(date_to),
            pickup=parameters.uuid(pickup, of="Pickup"),
            tickets_number=parameters.positive(tickets_number),
        )
        params["discounts[]"] = check(discounts=parameters.percentages(discounts))
        where = path("/activities/{activityUuid}/dates", activity_uuid=activity_uuid)
        return WholeListCall(fetch_all, self._core, where, ActivityDate, params)

    async def get(
        self,
        activity_uuid: Uuid[Activity],
        day: date,
        *,
        pickup: Uuid[Pickup] | None = None,
        tickets_number: int | None = None,
    ) -> Schedule:
        """The timeslots and products of one day: ``GET /activities/{activityUuid}/dates/{day}``.

        Args:
            activity_uuid: The activity's UUID.
            day: One of the days of :meth:`list`.
            pickup: The UUID of a pickup point; activities with ``needs_pickup`` need it.
            tickets_number: How many places are needed. Only some suppliers' systems support this.

        Raises:
            BadRequestError: The activity needs ``pickup``, one of its own pickup points (code 1578).
            NotFoundError: There is no such activity, or it does not take place on that day.
            PermissionDeniedError: The activity is still a draft, or under review.
            UnprocessableError: The day cannot be booked.
        """
        where = path("/activities/{activityUuid}/dates/{day}", activity_uuid=activity_uuid, day=day)
        params = query(pickup=parameters.uuid(pickup, of="Pickup"), tickets_number=parameters.positive(tickets_number))
        # The answer is a list; every known answer has one schedule.
        found = await fetch_one_or_more(self._core, where, Schedule, params)
        return Schedule(groups=(*chain.from_iterable(schedule.groups for schedule in found),))

    async def timeslot(self, activity_uuid: Uuid[Activity], day: date, time: dt.time) -> Timeslot:
        """One timeslot: ``GET /activities/{activityUuid}/dates/{day}/timeslots/{time}``.

        Args:
            activity_uuid: The activity's UUID.
            day: The day.
            time: The beginning, in local time, to the minute.

        Raises:
            NotFoundError: There is no such timeslot.
            PermissionDeniedError: These credentials may not see it.
        """
        where = path(
            "/activities/{activityUuid}/dates/{day}/timeslots/{time}", activity_uuid=activity_uuid, day=day, time=time
        )
        return await fetch_only(self._core, where, Timeslot)

    async def timeslot_product(
        self, activity_uuid: Uuid[Activity], day: date, time: dt.time, pricetag_code: str
    ) -> MusementProduct:
        """One product: ``GET /activities/{activityUuid}/dates/{day}/timeslots/{time}/products/{pricetagCode}``.

        Args:
            activity_uuid: The activity's UUID.
            day: The day.
            time: The beginning, in local time, to the minute.
            pricetag_code: The codes of the holder and the feature, with a bar between them, such as ``ADULT|STANDARD``.

        Raises:
            NotFoundError: There is no such product.
            PermissionDeniedError: These credentials may not see it.
        """
        where = path(
            "/activities/{activityUuid}/dates/{day}/timeslots/{time}/products/{pricetagCode}",
            activity_uuid=activity_uuid,
            day=day,
            time=time,
            pricetag_code=pricetag_code,
        )
        return await fetch_only(self._core, where, MusementProduct)
