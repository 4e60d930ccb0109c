"""Suggestions in the API's form."""

from musement_async.codec import decode
from musement_async.models import AutocompleteItem, AutocompleteResult

BODY = b"""[
    {"type": "venues", "items": [
        {"id": 164, "title": "Vatican Museums", "cover_image": null, "url": "https://www.example.com/us/rome/",
         "api_url": "https://www.example.com/api/v3/venues/164", "hint": "Rome"},
        {"id": "9c0f", "title": "Museum", "cover_image": "https://www.example.com/a.jpg", "url": null, "hint": null}
    ]},
    {"type": "something-new"}
]"""


def test_suggestions_of_every_kind_are_read_and_their_ids_are_text() -> None:
    venues, other = decode(BODY, tuple[AutocompleteResult, ...])
    assert venues.items == (
        AutocompleteItem(
            id="164",
            title="Vatican Museums",
            url="https://www.example.com/us/rome/",
            api_url="https://www.example.com/api/v3/venues/164",
            hint="Rome",
        ),
        AutocompleteItem(id="9c0f", title="Museum", cover_image="https://www.example.com/a.jpg"),
    )
    assert other == AutocompleteResult(type="something-new")
