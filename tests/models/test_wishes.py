"""Wishes in the API's form."""

from musement_async.codec import decode
from musement_async.models import City, Wish

BODY = b"""{
    "code": "88-event",
    "item_id": "88",
    "item_type": "event",
    "title": "A walk",
    "description": "Through the old town",
    "cover_image_url": "https://www.example.com/walk.jpg",
    "city": {"id": 2, "name": "Rome"},
    "latitude": 41.9,
    "longitude": "12.5"
}"""


def test_every_value_of_a_wish_is_kept_and_text_becomes_the_number_it_stands_for() -> None:
    assert decode(BODY, Wish) == Wish(
        code="88-event",
        item_id=88,
        item_type="event",
        title="A walk",
        description="Through the old town",
        cover_image_url="https://www.example.com/walk.jpg",
        city=City(id=2, name="Rome"),
        latitude=41.9,
        longitude=12.5,
    )
