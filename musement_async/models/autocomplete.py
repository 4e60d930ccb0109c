"""Suggestions for a text that is being typed."""

from musement_async.models._base import Model


class AutocompleteItem(Model, frozen=True, kw_only=True):
    """Something that a text may mean.

    Attributes:
        id: A number or a UUID, as text.
        title: Its name, in the language asked for.
        cover_image: The URL of a picture.
        url: Its page on Musement's site.
        api_url: Where the API tells more about it.
        hint: What tells it from others of its name, such as the country of a city.
    """

    id: str | None = None
    title: str | None = None
    cover_image: str | None = None
    url: str | None = None
    api_url: str | None = None
    hint: str | None = None


class AutocompleteResult(Model, frozen=True, kw_only=True):
    """The suggestions of one kind.

    Attributes:
        type: What the items are, such as cities; the API lists no values.
        items: The suggestions, best first.
    """

    type: str | None = None
    items: tuple[AutocompleteItem, ...] = ()
