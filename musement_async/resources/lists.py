"""Operations of curated lists."""

from musement_async.models.activities import Vertical
from musement_async.models.categories import Category
from musement_async.models.cities import City
from musement_async.models.countries import Country
from musement_async.models.lists import ListType, MusementList
from musement_async.models.regions import Region
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import Id, OneOrMore
from musement_async.resources.readers import WholeListCall, fetch_all


class Lists(Resource):
    """Lists of recommendations by Musement's editors."""

    def list(
        self,
        *,
        city_in: OneOrMore[Id[City]] | None = None,
        country_in: OneOrMore[Id[Country]] | None = None,
        category_in: OneOrMore[Id[Category]] | None = None,
        vertical: Id[Vertical] | None = None,
        exclude_not_tagged: bool | None = None,
        temporary: bool | None = None,
        listtypes: OneOrMore[str] | None = None,
        listtags: OneOrMore[str] | None = None,
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
            temporary: Whether the list is about things that exist only for a limited time.
            listtypes: Types of lists.
            listtags: Tags of lists.
            limit: Lists on a page, from 1 to 100; the API's default is 10.
            offset: How many lists to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.
        """
        params = query(
            city_in=parameters.ids(city_in, of="City"),
            country_in=parameters.ids(country_in, of="Country"),
            category_in=parameters.ids(category_in, of="Category"),
            vertical=parameters.number(vertical, of="Vertical"),
            exclude_not_tagged=parameters.yes_or_no(exclude_not_tagged),
            temporary=parameters.yes_or_no(temporary),
            listtypes=parameters.codes(listtypes),
            listtags=parameters.codes(listtags),
        )
        return ListCall(
            self._core, path("/lists"), MusementList, params, limit=limit, offset=offset, missing_is_empty=True
        )

    async def get(self, list_id: Id[MusementList]) -> MusementList:
        """One list: ``GET /lists/{listId}``.

        Args:
            list_id: The list's id.

        Raises:
            NotFoundError: There is no such list.
        """
        return await self._core.fetch(MusementList, path("/lists/{listId}", list_id=list_id))

    def regions(self, list_id: Id[MusementList]) -> WholeListCall[Region]:
        """The regions of a list: ``GET /lists/{listId}/regions``.

        Args:
            list_id: The list's id.

        Raises:
            NotFoundError: There is no such list.
        """
        return WholeListCall(fetch_all, self._core, path("/lists/{listId}/regions", list_id=list_id), Region)

    def types(self, *, limit: int | None = None, offset: int = 0) -> ListCall[ListType]:
        """The types that lists have: ``GET /list-types``.

        Args:
            limit: Types on a page, from 1 to 100; the API's default is 10.
            offset: How many types to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.
        """
        return ListCall(
            self._core, path("/list-types"), ListType, {}, limit=limit, offset=offset, missing_is_empty=True
        )
