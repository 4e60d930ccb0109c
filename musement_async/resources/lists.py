"""Lists that editors put together."""

from collections.abc import Iterable

from musement_async.core import Core
from musement_async.models.lists import ListType, MusementList
from musement_async.models.regions import Region
from musement_async.pagination import ListCall, fetch_all
from musement_async.paths import Path, build_path
from musement_async.resources import parameters


class Lists:
    """What Musement's editors recommend."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self,
        *,
        city_in: Iterable[int] | None = None,
        country_in: Iterable[int] | None = None,
        category_in: Iterable[int] | None = None,
        vertical: int | None = None,
        exclude_not_tagged: bool | None = None,
        temporary: bool | None = None,
        listtypes: Iterable[str] | None = None,
        listtags: Iterable[str] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[MusementList]:
        """Lists that are published and have entries: ``GET /lists``.

        Args:
            city_in: Ids of cities.
            country_in: Ids of countries; not their codes, as in searches for activities.
            category_in: Ids of categories; not their codes, as in searches for activities.
            vertical: The id of a vertical.
            exclude_not_tagged: Whether to leave out lists without tags.
            temporary: Whether the list is about things that exist for a limited time only.
            listtypes: Types of lists.
            listtags: Tags of lists.
            limit: Lists on a page, from 1 to 100; the API's default is 10.
            offset: How many lists to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        params = {
            "city_in": parameters.comma_list("city_in", city_in),
            "country_in": parameters.comma_list("country_in", country_in),
            "category_in": parameters.comma_list("category_in", category_in),
            "vertical": parameters.positive("vertical", vertical),
            "exclude_not_tagged": parameters.yes_or_no("exclude_not_tagged", exclude_not_tagged),
            "temporary": parameters.yes_or_no("temporary", temporary),
            "listtypes": parameters.comma_list("listtypes", listtypes),
            "listtags": parameters.comma_list("listtags", listtags),
        }
        return ListCall(self._core, build_path("/lists"), MusementList, params, limit=limit, offset=offset)

    async def get(self, list_id: int) -> MusementList:
        """One list: ``GET /lists/{listId}``.

        Args:
            list_id: The list's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such list.
        """
        return await self._core.fetch(MusementList, _path("/lists/{listId}", list_id))

    async def regions(self, list_id: int) -> tuple[Region, ...]:
        """The regions of a list: ``GET /lists/{listId}/regions``.

        Args:
            list_id: The list's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such list.
        """
        return await fetch_all(self._core, _path("/lists/{listId}/regions", list_id), Region)

    def types(self, *, limit: int | None = None, offset: int = 0) -> ListCall[ListType]:
        """The types that lists have: ``GET /list-types``.

        Args:
            limit: Types on a page, from 1 to 100; the API's default is 10.
            offset: How many types to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        return ListCall(self._core, build_path("/list-types"), ListType, {}, limit=limit, offset=offset)


def _path(template: str, list_id: int) -> Path:
    return build_path(template, listId=parameters.number("list_id", list_id))
