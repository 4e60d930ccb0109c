"""Events that Musement does not sell, in the API's form."""

from datetime import UTC, datetime

from musement_async.codec import decode
from musement_async.models import City, GenericEvent, Media, Venue, Vertical

BODY = b"""{
    "id": 3,
    "verticals": [{"id": 1, "code": "arts-culture"}],
    "where_is": "Town hall",
    "when_is": "Every Friday",
    "latitude": 45.46,
    "longitude": 9,
    "date": "4 July",
    "start_at": "2026-07-04T10:00:00+0000",
    "end_at": "2026-07-05T02:00:00+02:00",
    "temporary": true,
    "price": "free",
    "phone": "",
    "website": "https://www.example.com/",
    "rating": 4,
    "votes": 17,
    "city": {"id": 1, "name": "Milan"},
    "venue": {"id": 370},
    "images": [{"id": 9, "type": "image", "is_cover": true}]
}"""


def test_every_value_of_an_event_is_kept() -> None:
    assert decode(BODY, GenericEvent, strict=True) == GenericEvent(
        id=3,
        verticals=(Vertical(id=1, code="arts-culture"),),
        where_is="Town hall",
        when_is="Every Friday",
        latitude=45.46,
        longitude=9.0,
        date="4 July",
        start_at=datetime(2026, 7, 4, 10, tzinfo=UTC),
        end_at=datetime(2026, 7, 5, tzinfo=UTC),
        temporary=True,
        price="free",
        phone="",
        website="https://www.example.com/",
        rating=4,
        votes=17,
        city=City(id=1, name="Milan"),
        venue=Venue(id=370),
        images=(Media(id=9, type="image", is_cover=True),),
    )
