"""Flavours."""

from musement_async.models._base import Model


class Flavour(Model, frozen=True, kw_only=True):
    """A kind of visit, such as a guided tour or an entrance ticket.

    Attributes:
        id: The id for filters.
        name: The name, in the language asked for.
        active: Whether Musement's site uses it.
        img: The URL or name of its picture.
        slug: Its name in URLs.
    """

    id: int
    name: str | None = None
    active: bool | None = None
    img: str | None = None
    slug: str | None = None
