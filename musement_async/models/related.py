"""Cities, lists and venues that match a search for activities."""

from musement_async.models._base import Model


class RelatedContent(Model, frozen=True, kw_only=True):
    """A city, list or venue that has activities.

    Attributes:
        id: Its id as text.
        title: Its name, in the language asked for.
        cover_image: A picture's URL.
        url: Its page on Musement's site.
        api_url: The URL of its details in the API.
        events_count: How many activities it has.
    """

    id: str | None = None
    title: str | None = None
    cover_image: str | None = None
    url: str | None = None
    api_url: str | None = None
    events_count: int | None = None


class RelatedGroup(Model, frozen=True, kw_only=True):
    """Things of one kind that match a search.

    Attributes:
        type: Their kind; the API does not list the words for it.
        matched: Whether the search words name one of them.
        items: The matching things.
    """

    type: str | None = None
    matched: bool | None = None
    items: tuple[RelatedContent, ...] = ()
