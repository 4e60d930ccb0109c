"""Pickup points."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from musement_async.core import Core
from musement_async.errors import ArgumentError
from musement_async.models.pickups import Pickup
from musement_async.pagination import ListCall, Paging
from musement_async.paths import build_path
from musement_async.resources import parameters

PickupKind = Literal["HOTEL", "PICKUP"]
PickupSort = Literal["type", "-type"]
TagSource = Literal["GIATA-CODE", "CONTENT-MANAGER-DATA", "SUPPLIER"]

_PAGING = Paging(max_limit=50, default_limit=50)
_SHORTEST_TEXT = 3


class Pickups:
    """Where customers are picked up, whatever the activity."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        *,
        text: str | None = None,
        type_in: Iterable[PickupKind] | None = None,
        sort_by: PickupSort | Iterable[PickupSort] | None = None,
        source: TagSource | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Pickup]:
        """All pickup points, or those that match: ``GET /pickups``.

        Args:
            text: What the name or a tag holds; three characters at least.
            type_in: What they are.
            sort_by: One order or several; a minus turns it round.
            source: Where the tags are from that ``text`` is looked for in.
            limit: Pickup points on a page, from 1 to 50; the API's default is 50.
            offset: How many pickup points to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        if text is not None and len(parameters.code("text", text)) < _SHORTEST_TEXT:
            raise ArgumentError("text", f"must have {_SHORTEST_TEXT} characters at least")
        params = {
            "text": text,
            "type_in": parameters.comma_list("type_in", type_in, PickupKind),
            "sort_by": parameters.orders("sort_by", sort_by, PickupSort),
            "source": parameters.one_of("source", source, TagSource),
        }
        return ListCall(self._core, build_path("/pickups"), Pickup, params, limit=limit, offset=offset, paging=_PAGING)

    async def get(self, pickup_uuid: UUID | str) -> Pickup:
        """One pickup point: ``GET /pickups/{activityPickupUuid}``.

        Args:
            pickup_uuid: The pickup point's UUID.

        Raises:
            ArgumentError: It is not a UUID.
            NotFoundError: There is no such pickup point.
            PermissionDeniedError: It belongs to a supplier who keeps it hidden.
        """
        uuid = parameters.uuid("pickup_uuid", pickup_uuid)
        return await self._core.fetch(Pickup, build_path("/pickups/{activityPickupUuid}", activityPickupUuid=uuid))
