"""Curated lists, their entries of three kinds, and their regions."""

from uuid import UUID

from musement_async.codec import decode
from musement_async.models import (
    Activity,
    Category,
    City,
    Customer,
    DestinationComment,
    DestinationCommentAuthor,
    DestinationPhoto,
    GenericEvent,
    ListDestination,
    ListItem,
    ListItemsCount,
    ListItemType,
    ListType,
    MusementList,
    Region,
    Vertical,
)

BODY = b"""{
    "id": 21,
    "title": "Rome for the first time",
    "subtitle": "What not to miss",
    "description": "A weekend",
    "seo_title": "First time in Rome",
    "seo_description": "What one should see",
    "temporary": false,
    "url": "https://www.example.com/us/rome/first-time/",
    "authors": [{"id": 1, "firstname": "Ada"}],
    "views": 900,
    "scroll": 0,
    "saves": null,
    "list_type": {"id": 1, "name": "Guide"},
    "items": [
        {"id": 1, "public_type": "musement", "title": "Walk",
         "event": {"uuid": "00000000000000000000000000000001", "title": "A walk"}},
        {"id": 2, "public_type": "generic", "title": "Market", "description": "d", "generic_event": {"id": 3}},
        {
            "id": 3,
            "public_type": "thirdparty",
            "title": "Trattoria",
            "description": "Go there",
            "destination": {
                "id": 7,
                "verticals": [{"id": 3}],
                "city": {"id": 2},
                "saves": 12,
                "name": "Trattoria",
                "canonical_url": "https://www.example.org/7",
                "phone": "+39 06 555",
                "website": "https://www.example.net/",
                "price_range": 2,
                "latitude": 41.9,
                "longitude": 12,
                "address": "Via Appia",
                "photos": [{"url": "https://img.example.com/7.jpg", "title": "Inside"}],
                "comments": [
                    {"author": {"name": "Ann", "avatar": "a.png"}, "title": "Good", "text": "!", "date": "2020-01-02"}
                ],
                "opening_hours": ["12-15"],
                "specialities": ["carbonara"],
                "rating": 4.5
            }
        },
        {"public_type": "podcast", "title": "Something new"}
    ],
    "items_count": {"musement": 1, "thirdparty": 1, "generic": 1},
    "city": {"id": 2, "name": "Rome"},
    "category": {"id": 13},
    "cover_image_url": "https://img.example.com/21.jpg",
    "verticals": [{"id": 1}]
}"""

WALK = Activity(uuid=UUID(int=1), title="A walk")
PLACE = ListDestination(
    id=7,
    verticals=(Vertical(id=3),),
    city=City(id=2),
    saves=12,
    name="Trattoria",
    canonical_url="https://www.example.org/7",
    phone="+39 06 555",
    website="https://www.example.net/",
    price_range=2,
    latitude=41.9,
    longitude=12.0,
    address="Via Appia",
    photos=(DestinationPhoto(url="https://img.example.com/7.jpg", title="Inside"),),
    comments=(
        DestinationComment(
            author=DestinationCommentAuthor(name="Ann", avatar="a.png"), title="Good", text="!", date="2020-01-02"
        ),
    ),
    opening_hours=("12-15",),
    specialities=("carbonara",),
    rating=4.5,
)


def test_every_value_of_a_list_is_kept() -> None:
    read = decode(BODY, MusementList, strict=True)
    *_, strange = read.items
    assert read == MusementList(
        id=21,
        title="Rome for the first time",
        subtitle="What not to miss",
        description="A weekend",
        seo_title="First time in Rome",
        seo_description="What one should see",
        temporary=False,
        url="https://www.example.com/us/rome/first-time/",
        authors=(Customer(id=1, firstname="Ada"),),
        views=900,
        scroll=0,
        list_type=ListType(id=1, name="Guide"),
        items=(
            ListItem(
                id=1, public_type=ListItemType.MUSEMENT, title="Walk", event=Activity(uuid=UUID(int=1), title="A walk")
            ),
            ListItem(
                id=2,
                public_type=ListItemType.GENERIC,
                title="Market",
                description="d",
                generic_event=GenericEvent(id=3),
            ),
            ListItem(
                id=3,
                public_type=ListItemType.THIRDPARTY,
                title="Trattoria",
                description="Go there",
                destination=PLACE,
            ),
            strange,
        ),
        items_count=ListItemsCount(musement=1, thirdparty=1, generic=1),
        city=City(id=2, name="Rome"),
        category=Category(id=13),
        cover_image_url="https://img.example.com/21.jpg",
        verticals=(Vertical(id=1),),
    )


def test_an_entry_of_an_unknown_kind_keeps_its_words() -> None:
    strange = decode(BODY, MusementList, strict=True).items[-1]
    assert (strange.public_type, strange.title, strange.subject) == ("podcast", "Something new", None)


def test_an_entry_has_one_subject_whatever_its_kind() -> None:
    subjects = [item.subject for item in decode(BODY, MusementList, strict=True).items]
    assert subjects == [WALK, GenericEvent(id=3), PLACE, None]


def test_a_region_has_a_page() -> None:
    body = b'{"code": "us", "url": "https://www.example.com/us/rome/"}'
    assert decode(body, Region, strict=True) == Region(code="us", url="https://www.example.com/us/rome/")
