"""The record of what changed in the catalogue, day by day."""

from datetime import date

from musement_async.core import Core
from musement_async.models.catalog import ActivityUpdates
from musement_async.pagination import fetch_all
from musement_async.paths import build_path
from musement_async.resources import parameters


class Catalog:
    """Which activities changed on a day, for copies of the catalogue; both records are those of the client's market."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def updates(self, day: date) -> tuple[ActivityUpdates, ...]:
        """The activities that changed on a day: ``GET /catalog/updates/{day}``.

        Args:
            day: Today or an earlier day.

        Raises:
            ArgumentError: It is no day.
            BadRequestError: The day is still to come.
        """
        path = build_path("/catalog/updates/{day}", day=parameters.some_day("day", day))
        return await fetch_all(self._core, path, ActivityUpdates)

    async def archived(self, day: date) -> tuple[ActivityUpdates, ...]:
        """The activities that were archived on a day: ``GET /activities/archived/{day}``.

        Args:
            day: Today or an earlier day.

        Raises:
            ArgumentError: It is no day.
            BadRequestError: The day is still to come.
        """
        path = build_path("/activities/archived/{day}", day=parameters.some_day("day", day))
        return await fetch_all(self._core, path, ActivityUpdates)
