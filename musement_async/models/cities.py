"""Cities."""

from uuid import UUID

from musement_async.models._base import Model, Real
from musement_async.models.countries import Country


class City(Model, frozen=True, kw_only=True):
    """A destination with activities; inside other models only its first few fields arrive.

    Attributes:
        id: What filters and paths take; differs between production and the sandbox.
        uuid: Another id; most answers have it.
        top: Whether Musement promotes it.
        name: The name, in the language asked for.
        code: English, the same in every language.
        content: A description.
        meta_description: A description for search engines.
        meta_title: A title for search engines.
        headline: A title for its page.
        more: Further description.
        weight: Its place in the default order of lists.
        latitude: Degrees north.
        longitude: Degrees east.
        country: The country it is in.
        cover_image_url: The URL of its picture.
        url: Its page on Musement's site.
        activities_count: How many activities can be booked there.
        event_count: The older name of ``activities_count``; current answers leave it out.
        time_zone: IANA name, such as ``Europe/Rome``.
        list_count: How many curated lists there are.
        venue_count: How many venues there are.
        show_in_popular: Whether it belongs to the popular destinations; in lists of cities only.
        slug: Its name in URLs.
    """

    id: int
    uuid: UUID | None = None
    top: bool | None = None
    name: str | None = None
    code: str | None = None
    content: str | None = None
    meta_description: str | None = None
    meta_title: str | None = None
    headline: str | None = None
    more: str | None = None
    weight: int | None = None
    latitude: Real | None = None
    longitude: Real | None = None
    country: Country | None = None
    cover_image_url: str | None = None
    url: str | None = None
    activities_count: int | None = None
    event_count: int | None = None
    time_zone: str | None = None
    list_count: int | None = None
    venue_count: int | None = None
    show_in_popular: bool | None = None
    slug: str | None = None
