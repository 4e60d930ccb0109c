"""Operations of pickup points."""

from typing import Literal

from musement_async.errors import ArgumentError
from musement_async.models.pickups import Pickup
from musement_async.pagination import ListCall, Paging
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, check, path, query
from musement_async.resources.parameters import OneOrMore, Uuid
from musement_async.resources.readers import fetch_only

PickupKind = Literal["HOTEL", "PICKUP"]
PickupSort = Literal["type", "-type"]
TagSource = Literal["GIATA-CODE", "CONTENT-MANAGER-DATA", "SUPPLIER"]

_PAGING = Paging(max_limit=50, default_limit=50)
_SHORTEST_TEXT = 3


class Pickups(Resource):
    """The pickup points of all activities."""

    def list(
        self,
        *,
        text: str | None = None,
        type_in: OneOrMore[PickupKind] | None = None,
        sort_by: OneOrMore[PickupSort] | None = None,
        source: TagSource | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Pickup]:
        """All pickup points, or those that match: ``GET /pickups``.

        Args:
            text: A part of the name or of a tag; three characters at least.
            type_in: Kinds of pickup points.
            sort_by: One order or several; a minus reverses an order.
            source: The source of the tags that are searched for ``text``.
            limit: Pickup points on a page, from 1 to 50; the API's default is 50.
            offset: How many pickup points to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.
        """
        sought = check(text=parameters.code(text))
        if sought is not None and len(sought) < _SHORTEST_TEXT:
            raise ArgumentError("text", f"must have {_SHORTEST_TEXT} characters at least")
        params = query(
            text=sought,
            type_in=parameters.codes(type_in, PickupKind),
            sort_by=parameters.codes(sort_by, PickupSort),
            source=parameters.one_of(source, TagSource),
        )
        return ListCall(
            self._core,
            path("/pickups"),
            Pickup,
            params,
            limit=limit,
            offset=offset,
            missing_is_empty=True,
            paging=_PAGING,
        )

    async def get(self, pickup_uuid: Uuid[Pickup]) -> Pickup:
        """One pickup point: ``GET /pickups/{activityPickupUuid}``.

        Args:
            pickup_uuid: The pickup point's UUID.

        Raises:
            NotFoundError: There is no such pickup point.
            PermissionDeniedError: The pickup point belongs to a supplier who hides it.
        """
        return await fetch_only(self._core, path("/pickups/{activityPickupUuid}", pickup_uuid=pickup_uuid), Pickup)
