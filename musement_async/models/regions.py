"""Regions."""

from musement_async.models._base import Model


class Region(Model, frozen=True, kw_only=True):
    """A part of the world, for which a thing has a page of its own.

    Attributes:
        code: The code, the same in every language.
        url: The page for that part of the world.
    """

    code: str | None = None
    url: str | None = None
