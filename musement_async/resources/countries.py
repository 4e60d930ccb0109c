"""Operations of countries."""

from musement_async.models.activities import Activity, Vertical
from musement_async.models.cities import City
from musement_async.models.countries import Country
from musement_async.pagination import ListCall
from musement_async.resources import parameters
from musement_async.resources.operation import Resource, path, query
from musement_async.resources.parameters import Id


class Countries(Resource):
    """Countries with destinations."""

    def list(self, *, limit: int | None = None, offset: int = 0) -> ListCall[Country]:
        """All countries: ``GET /countries``.

        Args:
            limit: Countries on a page, from 1 to 100; the API's default is 10.
            offset: How many countries to skip.

        Returns:
            A call to await for one page, or to iterate for all. Nothing found is an empty page.
        """
        return ListCall(self._core, path("/countries"), Country, {}, limit=limit, offset=offset, missing_is_empty=True)

    async def get(self, country_id: Id[Country]) -> Country:
        """One country: ``GET /countries/{countryId}``.

        Args:
            country_id: The country's id.

        Raises:
            NotFoundError: There is no such country.
        """
        return await self._core.fetch(Country, path("/countries/{countryId}", country_id=country_id))

    def activities(
        self,
        country_id: Id[Country],
        *,
        vertical: Id[Vertical] | None = None,
        priority_city: Id[City] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> ListCall[Activity]:
        """The activities of a country, the most relevant first: ``GET /countries/{countryId}/activities``.

        Args:
            country_id: The country's id.
            vertical: The id of a vertical.
            priority_city: The id of a city of that country whose activities come first.
            limit: Activities on a page, from 1 to 100; the API's default is 10.
            offset: How many activities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such country.
        """
        params = query(
            vertical=parameters.number(vertical, of="Vertical"),
            priority_city=parameters.number(priority_city, of="City"),
        )
        where = path("/countries/{countryId}/activities", country_id=country_id)
        return ListCall(self._core, where, Activity, params, limit=limit, offset=offset)

    def cities(self, country_id: Id[Country], *, limit: int | None = None, offset: int = 0) -> ListCall[City]:
        """The cities of a country: ``GET /countries/{countryId}/cities``.

        Args:
            country_id: The country's id.
            limit: Cities on a page, from 1 to 100; the API's default is 10.
            offset: How many cities to skip.

        Returns:
            A call to await for one page, or to iterate for all.

        Raises:
            NotFoundError: There is no such country.
        """
        where = path("/countries/{countryId}/cities", country_id=country_id)
        return ListCall(self._core, where, City, {}, limit=limit, offset=offset)
