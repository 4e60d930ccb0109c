"""Wishes."""

from musement_async.core import Core
from musement_async.models.wishes import Wish
from musement_async.paths import build_path
from musement_async.resources import parameters


class Wishes:
    """What customers keep for later."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def get(self, code: str) -> Wish:
        """One wish: ``GET /wishes/{code}``.

        Args:
            code: The number of the wish and its kind, with a hyphen between them.

        Raises:
            ArgumentError: It is no text, or empty.
            NotFoundError: There is no such wish.
            PermissionDeniedError: What is wished for cannot be seen.
        """
        path = build_path("/wishes/{code}", code=parameters.code("code", code))
        return await self._core.fetch(Wish, path)
