"""Categories."""

from collections.abc import Iterator

from musement_async.models._base import Model
from musement_async.models.cities import City


class Category(Model, frozen=True, kw_only=True):
    """A node in the tree of categories, which group activities by subject.

    Attributes:
        id: What filters and paths take; 0 for the root of a tree that the API sent as a list.
        name: The name, in the language asked for.
        level: Its depth in the tree; 1 for the broadest.
        code: The same in every language; what searches for activities filter by.
        event_image_url: A picture of one of its activities.
        cover_image_url: The URL of its picture.
        url: Its page on Musement's site.
        city: The city it was looked at in, if any.
        meta_description: A description for search engines.
        meta_title: A title for search engines.
        event_count: How many activities it has in the city and vertical it was looked at in; in no other answer.
        headline: A title for its page.
        parent_id: The ``id`` one level up; None at the top.
        children: The nodes one level down; None where the answer does not say.
    """

    id: int
    name: str | None = None
    level: int | None = None
    code: str | None = None
    event_image_url: str | None = None
    cover_image_url: str | None = None
    url: str | None = None
    city: City | None = None
    meta_description: str | None = None
    meta_title: str | None = None
    event_count: int | None = None
    headline: str | None = None
    parent_id: int | None = None
    children: "tuple[Category, ...] | None" = None

    def walk(self) -> "Iterator[tuple[int, Category]]":
        """This category and all below it, each before its own children, with its depth below this one."""
        below: list[tuple[int, Category]] = [(0, self)]
        while below:
            depth, category = below.pop()
            yield depth, category
            below.extend((depth + 1, child) for child in reversed(category.children or ()))
