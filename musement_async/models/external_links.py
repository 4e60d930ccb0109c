"""Articles on other sites."""

from musement_async.models._base import Model


class ExternalLink(Model, frozen=True, kw_only=True):
    """An article about a country on somebody else's site.

    Attributes:
        id: The id for paths.
        abstract: What it is about, in the language asked for.
        url: The article.
        cover_image_url: The URL of its picture.
        country_name: The country it is about, in the language asked for.
        author_name: Who wrote it.
        author_url: A page about its author.
        author_avatar_image_url: The URL of a picture of the author.
    """

    id: int
    abstract: str | None = None
    url: str | None = None
    cover_image_url: str | None = None
    country_name: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    author_avatar_image_url: str | None = None
