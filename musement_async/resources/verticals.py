"""Verticals."""

from collections.abc import Iterable

from musement_async.core import Core
from musement_async.models.activities import Activity, Vertical
from musement_async.models.categories import Category
from musement_async.models.regions import Region
from musement_async.pagination import ListCall, fetch_all, fetch_only
from musement_async.paths import Path, build_path
from musement_async.resources import parameters


class Verticals:
    """The broadest themes of activities."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, category_in: Iterable[int] | None = None, limit: int | None = None, offset: int = 0
    ) -> ListCall[Vertical]:
        """All verticals: ``GET /verticals``.

        Args:
            category_in: Ids of categories.
            limit: Verticals on a page, from 1 to 100; the API's default is 10.
            offset: How many verticals to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.

        Raises:
            ArgumentError: An argument the API could not read.
        """
        params = {"category_in": parameters.comma_list("category_in", category_in)}
        return ListCall(self._core, build_path("/verticals"), Vertical, params, limit=limit, offset=offset)

    async def get(self, vertical_id: int) -> Vertical:
        """One vertical: ``GET /verticals/{verticalId}``.

        The API's description says that it comes in a list of one; without such a list it is read too.

        Args:
            vertical_id: The vertical's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such vertical.
        """
        return await fetch_only(self._core, _path("/verticals/{verticalId}", vertical_id), Vertical)

    def activities(self, vertical_id: int, *, limit: int | None = None, offset: int = 0) -> ListCall[Activity]:
        """The activities of a vertical: ``GET /verticals/{verticalId}/activities``.

        Args:
            vertical_id: The vertical's id.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such vertical.
        """
        path = _path("/verticals/{verticalId}/activities", vertical_id)
        return ListCall(self._core, path, Activity, {}, limit=limit, offset=offset)

    def categories(
        self, vertical_id: int, *, filtering_aware: bool | None = None, limit: int | None = None, offset: int = 0
    ) -> ListCall[Category]:
        """The categories of a vertical: ``GET /verticals/{verticalId}/categories``.

        Args:
            vertical_id: The vertical's id.
            filtering_aware: Whether they are meant to filter by.
            limit: Categories on a page, from 1 to 100; the API's default is 10.
            offset: How many categories to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            ArgumentError: An argument the API could not read.
            NotFoundError: There is no such vertical.
        """
        params = {"filtering_aware": parameters.truth("filtering_aware", filtering_aware)}
        path = _path("/verticals/{verticalId}/categories", vertical_id)
        return ListCall(self._core, path, Category, params, limit=limit, offset=offset)

    async def regions(self, vertical_id: int) -> tuple[Region, ...]:
        """The regions of a vertical: ``GET /verticals/{verticalId}/regions``.

        Args:
            vertical_id: The vertical's id.

        Raises:
            ArgumentError: It is no number above 0.
            NotFoundError: There is no such vertical.
        """
        return await fetch_all(self._core, _path("/verticals/{verticalId}/regions", vertical_id), Region)


def _path(template: str, vertical_id: int) -> Path:
    return build_path(template, verticalId=parameters.number("vertical_id", vertical_id))
