"""Operations of verticals."""

from musement_async.models.activities import Activity, Vertical
from musement_async.models.categories import Category
from musement_async.models.regions import Region
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import Id, OneOrMore
from musement_async.resources.readers import WholeListCall, fetch_all, fetch_only


class Verticals(Resource):
    """The broadest themes of activities."""

    def list(
        self, *, category_in: OneOrMore[Id[Category]] | None = None, limit: int | None = None, offset: int = 0
    ) -> ListCall[Vertical]:
        """All verticals: ``GET /verticals``.

        Args:
            category_in: Ids of categories.
            limit: Verticals on a page, from 1 to 100; the API's default is 10.
            offset: How many verticals to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.
        """
        params = query(category_in=parameters.ids(category_in, of="Category"))
        return ListCall(
            self._core, path("/verticals"), Vertical, params, limit=limit, offset=offset, missing_is_empty=True
        )

    async def get(self, vertical_id: Id[Vertical]) -> Vertical:
        """One vertical: ``GET /verticals/{verticalId}``.

        The API's description says that the answer is a list of one. A vertical without a list is read too.

        Args:
            vertical_id: The vertical's id.

        Raises:
            NotFoundError: There is no such vertical.
        """
        return await fetch_only(self._core, path("/verticals/{verticalId}", vertical_id=vertical_id), Vertical)

    def activities(self, vertical_id: Id[Vertical], *, limit: int | None = None, offset: int = 0) -> ListCall[Activity]:
        """The activities of a vertical: ``GET /verticals/{verticalId}/activities``.

        Args:
            vertical_id: The vertical's id.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such vertical.
        """
        where = path("/verticals/{verticalId}/activities", vertical_id=vertical_id)
        return ListCall(self._core, where, Activity, {}, limit=limit, offset=offset)

    def categories(
        self,
        vertical_id: Id[Vertical],
        *,
        filtering_aware: bool | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Category]:
        """The categories of a vertical: ``GET /verticals/{verticalId}/categories``.

        Args:
            vertical_id: The vertical's id.
            filtering_aware: Whether the categories are meant for filters.
            limit: Categories on a page, from 1 to 100; the API's default is 10.
            offset: How many categories to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such vertical.
        """
        params = query(filtering_aware=parameters.boolean(filtering_aware))
        where = path("/verticals/{verticalId}/categories", vertical_id=vertical_id)
        return ListCall(self._core, where, Category, params, limit=limit, offset=offset)

    def regions(self, vertical_id: Id[Vertical]) -> WholeListCall[Region]:
        """The regions of a vertical: ``GET /verticals/{verticalId}/regions``.

        Args:
            vertical_id: The vertical's id.

        Raises:
            NotFoundError: There is no such vertical.
        """
        return WholeListCall(
            fetch_all, self._core, path("/verticals/{verticalId}/regions", vertical_id=vertical_id), Region
        )
