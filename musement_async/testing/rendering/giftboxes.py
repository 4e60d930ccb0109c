"""The gift boxes of the local Musement: four on sale, and one that somebody bought."""

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.vocabulary import VERTICALS
from musement_async.testing.rendering.activities import Json, activity_url, category_json, image_url, vertical_json
from musement_async.testing.server.collection import Collection
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import price

GIFTBOX_CODE = "LOCAL-GIFTBOX"

_MOST_PEOPLE = 4
_ITEM_IDS = 100_000


@frozen
class GiftboxType:
    """A gift box on sale; ``level`` has a name in each language."""

    id: int
    code: str
    vertical: str
    euro_cents: int
    level: dict[str, str]
    color: str
    titles: dict[str, str]


@frozen
class GiftboxItem:
    """An activity that the receiver can choose, and the number of people that the box admits."""

    giftbox_type: GiftboxType
    activity: Activity
    people: int

    @property
    def id(self) -> int:
        """The id, unique among the items of all boxes."""
        return self.giftbox_type.id * _ITEM_IDS + self.activity.number


_SILVER = {"en": "Silver", "it": "Argento"}
_GOLD = {"en": "Gold", "it": "Oro"}

_ROWS = (
    ("museum-days", "arts-culture", 49_00, _SILVER, "#C0C0C0", "Days at the museum", "Giornate al museo"),
    ("city-walks", "sightseeing", 79_00, _SILVER, "#C0C0C0", "Out in the city", "In giro per la città"),
    ("good-taste", "food-wine", 129_00, _GOLD, "#FFD700", "A matter of taste", "Questione di gusto"),
    ("night-out", "entertainment", 99_00, _GOLD, "#FFD700", "A night out", "Una serata fuori"),
)

GIFTBOX_TYPES = Collection(
    "gift box",
    lambda giftbox_type: giftbox_type.code,
    (
        GiftboxType(number, code, vertical, euro_cents, level, color, {"en": english, "it": italian})
        for number, (code, vertical, euro_cents, level, color, english, italian) in enumerate(_ROWS, start=1)
    ),
)
BOUGHT_TYPE = GIFTBOX_TYPES.get("museum-days")


def items_of(giftbox_type: GiftboxType, catalogue: Catalogue) -> list[GiftboxItem]:
    """The items of a box: every activity that can be given, fits the theme and is not too expensive."""
    items = (
        GiftboxItem(giftbox_type, activity, giftbox_type.euro_cents // (activity.euro_cents + activity.fee_euro_cents))
        for activity in catalogue.online
        if activity.flags["giftable"] and activity.kind.vertical == giftbox_type.vertical
    )
    return [item for item in items if 1 <= item.people <= _MOST_PEOPLE]


def giftbox_type_json(giftbox_type: GiftboxType, locale: Locale, api: str) -> Json:
    """A gift box on sale; ``api`` is the API's path prefix."""
    language, title = locale.language, giftbox_type.titles[locale.language]
    theme = VERTICALS[giftbox_type.vertical].names[language]
    return {
        "code": giftbox_type.code,
        "url": f"{api}/giftbox-types/{giftbox_type.code}",
        "relevance": 100 - giftbox_type.id,
        "level": {"label": giftbox_type.level[language], "color": giftbox_type.color},
        "price": _price(giftbox_type.euro_cents, locale),
        "vertical": vertical_json(VERTICALS[giftbox_type.vertical], language),
        "title": title,
        "description": f"{title}: {theme}",
        "extended_description": f"{title}: {theme}. {giftbox_type.level[language]}.",
        "meta_description": f"{title}: {theme}",
        "seo_title": title,
        "cover_image_url": image_url("giftbox", giftbox_type.code),
    }


def item_json(item: GiftboxItem, locale: Locale) -> Json:
    """An activity that the receiver can choose."""
    activity, language = item.activity, locale.language
    texts = activity.texts[language]
    place: Json = {"latitude": activity.latitude, "longitude": activity.longitude}
    return {
        "id": item.id,
        "giftbox_type_price": _price(item.giftbox_type.euro_cents, locale),
        "number_of_people": item.people,
        "title": texts.title,
        "description": texts.about,
        "cover_image_url": image_url("activity", str(activity.number)),
        "reviews_number": activity.reviews_number,
        "reviews_avg": activity.rating,
        **(place if activity.shows_coordinates else {}),
        "url": activity_url(activity, language),
        "verticals": [vertical_json(VERTICALS[activity.kind.vertical], language)],
        "categories": [category_json(category, activity, language) for category in activity.categories],
    }


def giftbox_json(locale: Locale, api: str) -> Json:
    """The gift box that somebody bought."""
    sold = giftbox_type_json(BOUGHT_TYPE, locale, api)
    full_prices = ("original_retail_price", "retail_price")
    prices = (*full_prices, *(f"{name}_without_service_fee" for name in full_prices))
    return {
        "redeem_code": GIFTBOX_CODE,
        "finite_state": "PURCHASED",
        "api_url": f"{api}/giftboxes/{GIFTBOX_CODE}",
        "url": sold["url"],
        "cover_image_url": sold["cover_image_url"],
        "discount_amount": _price(0, locale),
        "service_fee": _price(0, locale),
        "giftbox_type": sold,
        "customization_info": {
            "cover_image_url": sold["cover_image_url"],
            "donor_name": "Ada Donor",
            "recipient_email": "receiver@example.com",
            "recipient_name": "Grace Receiver",
            "message": {"en": "Have a good time!", "it": "Buon divertimento!"}[locale.language],
        },
        "type": "musement-giftbox",
        "title": sold["title"],
        "id": "1",
        **dict.fromkeys(prices, sold["price"]),
    }


def _price(euro_cents: int, locale: Locale) -> Json:
    return price(locale.currency.minor(euro_cents), locale.currency, locale.language)
