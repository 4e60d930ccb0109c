"""Regions."""

from musement_async.models._base import Model


class Region(Model, frozen=True, kw_only=True):
    """A part of the world that something is available in, as one of the versions of its page.

    Attributes:
        code: The same in every language.
        url: The page for that part of the world.
    """

    code: str | None = None
    url: str | None = None
