"""The areas of the API, each loaded on first use."""

from functools import cached_property
from typing import TYPE_CHECKING

from musement_async.core import Core

if TYPE_CHECKING:
    from musement_async.resources.activities import Activities
    from musement_async.resources.cities import Cities


class Areas:
    """One property for each area: ``client.cities`` and so on."""

    _core: Core

    @cached_property
    def activities(self) -> "Activities":
        """Search and detail of activities, and what belongs to one: media, pickups, policies and more."""
        from musement_async.resources.activities import Activities

        return Activities(self._core)

    @cached_property
    def cities(self) -> "Cities":
        """Cities, and what there is in one."""
        from musement_async.resources.cities import Cities

        return Cities(self._core)
