"""The gift boxes on sale, and the activities that their receivers can choose from."""

from musement_async.models._base import Model, Real
from musement_async.models.activities import Vertical
from musement_async.models.categories import Category
from musement_async.models.prices import Price


class SelectOption(Model, frozen=True, kw_only=True):
    """One choice of a list in a form.

    Attributes:
        key: The value to send when it is chosen, such as an id as text.
        value: What people read.
    """

    key: str | None = None
    value: str | None = None


class GiftboxTypeLevel(Model, frozen=True, kw_only=True):
    """The level of a gift box.

    Attributes:
        label: For people, in the language asked for.
        color: The colour to show it in.
    """

    label: str | None = None
    color: str | None = None


class GiftboxType(Model, frozen=True, kw_only=True):
    """A gift box as it is sold: the receiver chooses one of its activities.

    Attributes:
        code: The code for paths.
        url: Its own address within the API.
        relevance: Its place in the default order.
        level: Its level, with a label for people.
        price: The price of the box, the same for all choices.
        vertical: The theme of its activities.
        title: Its name, in the language asked for.
        description: What it is, in the language asked for.
        extended_description: A longer ``description``.
        meta_description: A description for search engines.
        seo_title: A title for its page.
        cover_image_url: The URL of its picture.
    """

    code: str
    url: str | None = None
    relevance: int | None = None
    level: GiftboxTypeLevel | None = None
    price: Price | None = None
    vertical: Vertical | None = None
    title: str | None = None
    description: str | None = None
    extended_description: str | None = None
    meta_description: str | None = None
    seo_title: str | None = None
    cover_image_url: str | None = None


class GiftboxTypeItem(Model, frozen=True, kw_only=True):
    """An activity that the receiver of a gift box can choose.

    Attributes:
        id: The id of the choice, not the activity's own id.
        giftbox_type_price: The price of the box.
        number_of_people: How many people the box lets in.
        title: The activity's title.
        description: The activity's description.
        cover_image_url: The URL of the activity's picture.
        reviews_number: How many reviews the activity has.
        reviews_avg: From 1 to 5.
        latitude: Degrees north.
        longitude: Degrees east.
        url: The activity's page on Musement's site.
        verticals: The themes of the activity.
        categories: The categories of the activity.
    """

    id: int | None = None
    giftbox_type_price: Price | None = None
    number_of_people: int | None = None
    title: str | None = None
    description: str | None = None
    cover_image_url: str | None = None
    reviews_number: int | None = None
    reviews_avg: Real | None = None
    latitude: Real | None = None
    longitude: Real | None = None
    url: str | None = None
    verticals: tuple[Vertical, ...] = ()
    categories: tuple[Category, ...] = ()
