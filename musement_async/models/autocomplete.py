"""Suggestions for a text that is being typed."""

from musement_async.models._base import Model


class AutocompleteItem(Model, frozen=True, kw_only=True):
    """A suggestion for a text.

    Attributes:
        id: A number or a UUID, as text.
        title: Its name, in the language asked for.
        cover_image: The URL of a picture.
        url: Its page on Musement's site.
        api_url: The URL of its details in the API.
        hint: A text that distinguishes it from others of the same name, such as a city's country.
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
        type: The kind of the items, such as cities; the API lists no values.
        items: The suggestions, best first.
    """

    type: str | None = None
    items: tuple[AutocompleteItem, ...] = ()
