"""Operations for content managers and suppliers."""

from typing import Literal

from musement_async.models.activities import Activity
from musement_async.models.content import (
    ActivityFinance,
    ActivityRelevance,
    ContentManager,
    FinancialInfo,
    ParticipantsRequirements,
    TicketCode,
)
from musement_async.models.itineraries import Itinerary
from musement_async.models.metadata import Market
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import OneOrMore, Uuid
from musement_async.resources.readers import WholeListCall, fetch_all

StatusFilter = Literal["DRAFT", "REVIEW", "ONLINE", "UNAVAILABLE", "ARCHIVED", "INACTIVE"]


class Content(Resource):
    """Data about the editing and the sale of activities, for content managers and suppliers."""

    def finances(self) -> WholeListCall[ActivityFinance]:
        """The ways of settling accounts with suppliers: ``GET /activity-finances``.

        Only for content managers and suppliers.

        Raises:
            PermissionDeniedError: The credentials are not those of a content manager or a supplier.
        """
        return WholeListCall(fetch_all, self._core, path("/activity-finances"), ActivityFinance)

    async def financial_info(self, activity_uuid: Uuid[Activity]) -> FinancialInfo:
        """The settlement of an activity with its supplier: ``GET /activities/{activityUuid}/financial-info``.

        Only for content managers and suppliers.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The credentials are not those of a content manager or a supplier.
        """
        where = path("/activities/{activityUuid}/financial-info", activity_uuid=activity_uuid)
        return await self._core.fetch(FinancialInfo, where)

    def itineraries(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Itinerary]:
        """The itineraries of an activity: ``GET /activities/{activityUuid}/itineraries``.

        Only for content managers and suppliers.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The credentials are not those of a content manager or a supplier.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path("/activities/{activityUuid}/itineraries", activity_uuid=activity_uuid),
            Itinerary,
        )

    def markets(self, activity_uuid: Uuid[Activity]) -> WholeListCall[Market]:
        """The markets that an activity is sold in: ``GET /activities/{activityUuid}/markets``.

        Only for content managers and suppliers.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The credentials are not those of a content manager or a supplier.
        """
        return WholeListCall(
            fetch_all, self._core, path("/activities/{activityUuid}/markets", activity_uuid=activity_uuid), Market
        )

    async def me(self) -> ContentManager:
        """The content manager who is logged in: ``GET /content-managers/me``.

        Only for content managers.

        Raises:
            PermissionDeniedError: The credentials are not those of a content manager.
        """
        return await self._core.fetch(ContentManager, path("/content-managers/me"))

    def merchant_tags(self, activity_uuid: Uuid[Activity]) -> WholeListCall[str]:
        """The merchants' tags of an activity: ``GET /activities/{activityUuid}/merchant-tags``.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
        """
        return WholeListCall(
            fetch_all, self._core, path("/activities/{activityUuid}/merchant-tags", activity_uuid=activity_uuid), str
        )

    def parents(
        self,
        *,
        id_in: OneOrMore[int | str] | None = None,
        uuid_in: OneOrMore[Uuid[Activity]] | None = None,
        status: OneOrMore[StatusFilter] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Activity]:
        """Parent activities, which are sold as their variants: ``GET /activities-parent``.

        Only for content managers and suppliers.

        Args:
            id_in: Ids of activities.
            uuid_in: UUIDs of activities.
            status: The statuses to include.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, with the total, or to iterate for all.
        """
        # These two lists alone are sent as one parameter for each item, by the API's description.
        params = query(
            id_in=parameters.each(id_in, parameters.number),
            uuid_in=parameters.uuids(uuid_in, of="Activity"),
            status=parameters.codes(status, StatusFilter),
        )
        return ListCall(self._core, path("/activities-parent"), Activity, params, limit=limit, offset=offset)

    async def participants_requirements(self, activity_uuid: Uuid[Activity]) -> ParticipantsRequirements:
        """The participants' details that are needed: ``GET /activities/{activityUuid}/participants-info-requirements``.

        Only for content managers and suppliers.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity, or it needs no details.
            PermissionDeniedError: The credentials are not those of a content manager or a supplier.
        """
        where = path("/activities/{activityUuid}/participants-info-requirements", activity_uuid=activity_uuid)
        return await self._core.fetch(ParticipantsRequirements, where)

    def relevance(self, activity_uuid: Uuid[Activity]) -> WholeListCall[ActivityRelevance]:
        """The ranks of an activity in the default orders: ``GET /activities/{activityUuid}/relevance``.

        Only for content managers and suppliers.

        Args:
            activity_uuid: The activity's UUID.

        Raises:
            NotFoundError: There is no such activity.
            PermissionDeniedError: The credentials are not those of a content manager or a supplier.
        """
        return WholeListCall(
            fetch_all,
            self._core,
            path("/activities/{activityUuid}/relevance", activity_uuid=activity_uuid),
            ActivityRelevance,
        )

    def ticket_codes(
        self, activity_uuid: Uuid[Activity], price_tag_feature: str, price_tag_holder: str
    ) -> WholeListCall[TicketCode]:
        """Ticket codes in stock: ``GET /activities/{activityUuid}/ticket-codes/{priceTagFeature}/{priceTagHolder}``.

        The API does not describe the answer. The model of a ticket code in its description belongs to no other
        operation, so it is read here.

        Args:
            activity_uuid: The activity's UUID.
            price_tag_feature: The code of a variant of the activity.
            price_tag_holder: The code of the kind of participant, such as ``ADULT``.

        Raises:
            NotFoundError: There is no such activity.
        """
        where = path(
            "/activities/{activityUuid}/ticket-codes/{priceTagFeature}/{priceTagHolder}",
            activity_uuid=activity_uuid,
            price_tag_feature=price_tag_feature,
            price_tag_holder=price_tag_holder,
        )
        return WholeListCall(fetch_all, self._core, where, TicketCode)
