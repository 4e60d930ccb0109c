"""Operations of categories."""

from datetime import date
from typing import Literal

from musement_async.models.activities import Activity, Venue, Vertical
from musement_async.models.categories import Category
from musement_async.models.cities import City
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import Id, OneOrMore
from musement_async.resources.readers import fetch_one_or_more

CategorySort = Literal["relevance", "-relevance", "city_relevance", "-city_relevance", "discount", "-discount"]


class Categories(Resource):
    """The tree of categories that activities belong to."""

    def list(
        self,
        *,
        filtering_aware: bool | None = None,
        parent_id: Id[Category] | None = None,
        level: int | None = None,
        sort_by: OneOrMore[CategorySort] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Category]:
        """The categories as a list: ``GET /categories``.

        Args:
            filtering_aware: Whether the categories are meant for filters.
            parent_id: The id of the category right above them.
            level: Their depth in the tree, 1 for the broadest; 0 for all.
            sort_by: One order or several; a minus reverses an order.
            limit: Categories on a page, from 1 to 100; the API's default is 10.
            offset: How many categories to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.
        """
        params = query(
            filtering_aware=parameters.boolean(filtering_aware),
            parent_id=parameters.number(parent_id, of="Category"),
            level=parameters.count(level),
            sort_by=parameters.codes(sort_by, CategorySort),
        )
        return ListCall(
            self._core, path("/categories"), Category, params, limit=limit, offset=offset, missing_is_empty=True
        )

    async def get(self, category_id: Id[Category]) -> Category:
        """One category: ``GET /categories/{categoryId}``.

        Args:
            category_id: The category's id.

        Raises:
            NotFoundError: There is no such category.
        """
        return await self._core.fetch(Category, path("/categories/{categoryId}", category_id=category_id))

    async def tree(self) -> Category:
        """All categories as one tree: ``GET /categories-tree``.

        Returns:
            The root of the tree. If the API answers with a list of the broadest categories, the root has them as
            children, no name, and the id 0.
        """
        found = await fetch_one_or_more(self._core, path("/categories-tree"), Category)
        return found[0] if len(found) == 1 else Category(id=0, children=found)

    def activities(
        self,
        category_id: Id[Category],
        *,
        vertical: Id[Vertical] | None = None,
        city: Id[City] | None = None,
        venue: Id[Venue] | None = None,
        date_from: date | None = None,
        date_to: date | None = None,
        sort_by: parameters.ActivityOrder | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Activity]:
        """The activities of a category: ``GET /categories/{categoryId}/activities``.

        Args:
            category_id: The category's id.
            vertical: The id of a vertical.
            city: The id of a city.
            venue: The id of a venue.
            date_from: First day of a range in which activities take place. The API's default is the year to come.
            date_to: Last day of the range.
            sort_by: One order.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such category.
        """
        parameters.in_order(date_from=date_from, date_to=date_to)
        params = query(
            vertical=parameters.number(vertical, of="Vertical"),
            city=parameters.number(city, of="City"),
            venue=parameters.number(venue, of="Venue"),
            date_from=parameters.day(date_from),
            date_to=parameters.day(date_to),
            sort_by=parameters.one_of(sort_by, parameters.ActivityOrder),
        )
        where = path("/categories/{categoryId}/activities", category_id=category_id)
        return ListCall(self._core, where, Activity, params, limit=limit, offset=offset)

    async def in_city(self, category_id: Id[Category], city_id: Id[City]) -> Category:
        """One category, with its activities in a city counted: ``GET /categories/{categoryId}/cities/{cityId}``.

        Args:
            category_id: The category's id.
            city_id: The city's id.

        Raises:
            NotFoundError: There is no such category or city, or the city has no activities in the category.
        """
        where = path("/categories/{categoryId}/cities/{cityId}", category_id=category_id, city_id=city_id)
        return await self._core.fetch(Category, where)
