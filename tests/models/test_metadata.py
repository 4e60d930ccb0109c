"""Vocabularies in the API's form."""

import json

import pytest

from musement_async.codec import decode
from musement_async.models import ContentLanguage, Currency, Market, Model, Pricetag

PRICETAG = {
    "id": 41,
    "code": "GUIDED-ADULT",
    "price_feature": "With a guide",
    "ticket_holder": "Adult",
    "price_feature_code": "GUIDED",
    "ticket_holder_code": "ADULT",
    "age_info": "18-99",
    "default": True,
    "default_feature": False,
    "default_holder": True,
}


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (Currency, {"code": "CHF", "name": "Swiss franc", "symbol": "CHF"}),
        (ContentLanguage, {"code": "pt-BR", "name": "Brazilian Portuguese"}),
        (Market, {"slug": "gb", "name": "United Kingdom"}),
        (Pricetag, PRICETAG),
    ],
)
def test_every_value_of_an_entry_is_kept(model: type[Model], body: dict[str, object]) -> None:
    assert decode(json.dumps(body).encode(), model) == model(**body)
