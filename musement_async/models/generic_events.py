"""Events that Musement does not sell."""

from musement_async.models._base import DateTime, Model, Real
from musement_async.models.activities import Venue, Vertical
from musement_async.models.cities import City
from musement_async.models.media import Media


class GenericEvent(Model, frozen=True, kw_only=True):
    """An event in a city, such as an exhibition, that Musement does not sell tickets for.

    Attributes:
        id: The id for paths.
        verticals: The themes it belongs to.
        where_is: Where it takes place, in words.
        when_is: When it takes place, in words.
        latitude: Degrees north.
        longitude: Degrees east.
        date: A day as text; the API does not tell which, nor in which form.
        start_at: When it begins.
        end_at: When it ends.
        temporary: Whether it goes on for a limited time only.
        price: The price, in words.
        phone: A number to call.
        website: Its own site.
        rating: Its mean rating.
        votes: How many people rated it.
        city: The city it takes place in.
        venue: The place it takes place at; None where it has none in the catalogue.
        images: Pictures of it.
    """

    id: int
    verticals: tuple[Vertical, ...] = ()
    where_is: str | None = None
    when_is: str | None = None
    latitude: Real | None = None
    longitude: Real | None = None
    date: str | None = None
    start_at: DateTime | None = None
    end_at: DateTime | None = None
    temporary: bool | None = None
    price: str | None = None
    phone: str | None = None
    website: str | None = None
    rating: int | None = None
    votes: int | None = None
    city: City | None = None
    venue: Venue | None = None
    images: tuple[Media, ...] = ()
