"""Operations of the catalogue's record of changes."""

from datetime import date

from musement_async.models.catalog import ActivityUpdates
from musement_async.resources.operation import Resource, path
from musement_async.resources.readers import WholeListCall, fetch_all


class Catalog(Resource):
    """The activities that changed on a day, for copies of the catalogue, in the client's market."""

    def updates(self, day: date) -> WholeListCall[ActivityUpdates]:
        """The activities that changed on a day: ``GET /catalog/updates/{day}``.

        Args:
            day: Today or an earlier day.

        Raises:
            BadRequestError: The day is in the future.
        """
        where = path("/catalog/updates/{day}", day=day)
        return WholeListCall(fetch_all, self._core, where, ActivityUpdates)

    def archived(self, day: date) -> WholeListCall[ActivityUpdates]:
        """The activities that were archived on a day: ``GET /activities/archived/{day}``.

        Args:
            day: Today or an earlier day.

        Raises:
            BadRequestError: The day is in the future.
        """
        where = path("/activities/archived/{day}", day=day)
        return WholeListCall(fetch_all, self._core, where, ActivityUpdates)
