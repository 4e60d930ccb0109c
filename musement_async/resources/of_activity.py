"""What the operations on parts of an activity have in common."""

from typing import TypeVar
from uuid import UUID

from musement_async.core import Core
from musement_async.pagination import fetch_all
from musement_async.paths import Path, build_path
from musement_async.resources import parameters

T = TypeVar("T")


class OfActivity:
    """Operations on parts of an activity."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def _all(self, model: type[T], template: str, activity_uuid: UUID | str) -> tuple[T, ...]:
        return await fetch_all(self._core, activity_path(template, activity_uuid), model)


def activity_path(template: str, activity_uuid: UUID | str, **values: object) -> Path:
    """The path of a part of an activity.

    Raises:
        ArgumentError: It is not a UUID, or another value is empty.
    """
    return build_path(template, activityUuid=parameters.uuid("activity_uuid", activity_uuid), **values)
