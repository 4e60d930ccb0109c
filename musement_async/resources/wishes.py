"""Operations of wishes."""

from musement_async.models.wishes import Wish
from musement_async.resources.operation import Resource, path


class Wishes(Resource):
    """Things that customers keep for later."""

    async def get(self, code: str) -> Wish:
        """One wish: ``GET /wishes/{code}``.

        Args:
            code: The number of the wish and its kind, with a hyphen between them.

        Raises:
            NotFoundError: There is no such wish.
            PermissionDeniedError: The thing that is wished for cannot be seen.
        """
        where = path("/wishes/{code}", code=code)
        return await self._core.fetch(Wish, where)
