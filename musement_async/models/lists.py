"""Curated lists."""

from musement_async.models._base import Model, OpenEnum, Real
from musement_async.models.activities import Activity, Vertical
from musement_async.models.categories import Category
from musement_async.models.cities import City
from musement_async.models.customers import Customer
from musement_async.models.generic_events import GenericEvent


class ListItemType(OpenEnum):
    """The subject of a list's entry."""

    #: An activity, in ``event``.
    MUSEMENT = "musement"
    #: A place, in ``destination``.
    THIRDPARTY = "thirdparty"
    #: An event in the city, in ``generic_event``.
    GENERIC = "generic"


class DestinationPhoto(Model, frozen=True, kw_only=True):
    """A picture of a place.

    Attributes:
        url: The URL of the picture.
        title: What it shows.
    """

    url: str | None = None
    title: str | None = None


class DestinationCommentAuthor(Model, frozen=True, kw_only=True):
    """The author of a text about a place.

    Attributes:
        name: The name that readers see.
        avatar: The URL of a picture of the author.
    """

    name: str | None = None
    avatar: str | None = None


class DestinationComment(Model, frozen=True, kw_only=True):
    """A text about a place, by an author.

    Attributes:
        author: Who wrote it.
        title: A title.
        text: What was written.
        date: ISO 8601.
    """

    author: DestinationCommentAuthor | None = None
    title: str | None = None
    text: str | None = None
    date: str | None = None


class ListDestination(Model, frozen=True, kw_only=True):
    """A place that Musement recommends without selling tickets, such as a restaurant.

    Attributes:
        id: The number of the place.
        verticals: The themes it belongs to.
        city: The city it is in.
        saves: How many customers keep it among their favourites.
        name: Its name.
        canonical_url: Its page on the site that it was taken from.
        phone: A number to call.
        website: Its own site.
        price_range: How expensive it is; higher is dearer.
        latitude: Degrees north.
        longitude: Degrees east.
        address: The postal address, as one text.
        photos: Pictures of it.
        comments: What visitors wrote about it.
        opening_hours: A line of text for each day or season.
        specialities: What it is known for.
        rating: Its mean rating.
    """

    id: int | None = None
    verticals: tuple[Vertical, ...] = ()
    city: City | None = None
    saves: int | None = None
    name: str | None = None
    canonical_url: str | None = None
    phone: str | None = None
    website: str | None = None
    price_range: int | None = None
    latitude: Real | None = None
    longitude: Real | None = None
    address: str | None = None
    photos: tuple[DestinationPhoto, ...] = ()
    comments: tuple[DestinationComment, ...] = ()
    opening_hours: tuple[str, ...] = ()
    specialities: tuple[str, ...] = ()
    rating: Real | None = None


class ListItem(Model, frozen=True, kw_only=True):
    """An entry of a list. Its type tells which of ``event``, ``generic_event`` and ``destination`` it has.

    Attributes:
        id: The number of the entry.
        public_type: What the entry is about.
        title: A title, in the language asked for.
        description: Why it is on the list; entries that are activities have none of their own.
        event: The activity.
        generic_event: The event in the city.
        destination: The place.
    """

    id: int | None = None
    public_type: ListItemType | None = None
    title: str | None = None
    description: str | None = None
    event: Activity | None = None
    generic_event: GenericEvent | None = None
    destination: ListDestination | None = None

    @property
    def subject(self) -> Activity | GenericEvent | ListDestination | None:
        """The subject of the entry, from the field that has it."""
        return self.event or self.generic_event or self.destination


class ListItemsCount(Model, frozen=True, kw_only=True):
    """The number of a list's entries, by type.

    Attributes:
        musement: The number of activities.
        thirdparty: The number of places.
        generic: The number of events that Musement does not sell.
    """

    musement: int | None = None
    thirdparty: int | None = None
    generic: int | None = None


class ListType(Model, frozen=True, kw_only=True):
    """A kind of list.

    Attributes:
        id: The number of the kind.
        name: Its name, for people.
    """

    id: int | None = None
    name: str | None = None


class MusementList(Model, frozen=True, kw_only=True):
    """A list of things to do, put together by editors.

    Attributes:
        id: The id for paths.
        title: A title, in the language asked for.
        subtitle: A second title.
        description: What the list is about.
        seo_title: A title for search engines.
        seo_description: A description for search engines.
        temporary: Whether it is about things that exist for a limited time only.
        url: Its page on Musement's site.
        authors: Who put it together.
        views: How often its page was opened.
        scroll: How far readers scroll its page; the API does not tell the unit.
        saves: How many customers keep it among their favourites.
        list_type: The kind of the list.
        items: The entries, in their order.
        items_count: How many entries of each type there are.
        city: The city it is about.
        category: The category it is about, if it keeps to one.
        cover_image_url: The URL of its picture.
        verticals: The themes it belongs to.
    """

    id: int
    title: str | None = None
    subtitle: str | None = None
    description: str | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    temporary: bool | None = None
    url: str | None = None
    authors: tuple[Customer, ...] = ()
    views: int | None = None
    scroll: int | None = None
    saves: int | None = None
    list_type: ListType | None = None
    items: tuple[ListItem, ...] = ()
    items_count: ListItemsCount | None = None
    city: City | None = None
    category: Category | None = None
    cover_image_url: str | None = None
    verticals: tuple[Vertical, ...] = ()
