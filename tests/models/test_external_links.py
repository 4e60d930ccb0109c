"""Articles on other sites, in the API's form."""

import json
from typing import Any

from musement_async.codec import decode
from musement_async.models import ExternalLink

BODY: dict[str, Any] = {
    "id": 12,
    "abstract": "A week by train",
    "url": "https://www.example.com/by-train",
    "cover_image_url": "https://www.example.com/train.jpg",
    "country_name": "Italy",
    "author_name": "Ada Rossi",
    "author_url": "https://www.example.com/ada",
    "author_avatar_image_url": "https://www.example.com/ada.jpg",
}


def test_every_value_of_a_link_is_kept() -> None:
    assert decode(json.dumps(BODY).encode(), ExternalLink, strict=True) == ExternalLink(**BODY)
