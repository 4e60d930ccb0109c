"""Details of an order's item that the order does not have."""

from decimal import Decimal
from uuid import UUID

from musement_async.codec import decode
from musement_async.models import MusementItemGeneralDetails, Price

BODY = b"""{
    "uuid": "6f1c1b0e-8a55-4c1b-9f0e-5a9d0f7c2b10",
    "b2b_price": {"currency": "EUR", "value": 35.90, "formatted_value": "\\u20ac 35.90"},
    "product": {
        "retail_price_in_supplier_currency": {"currency": "GBP", "value": 31},
        "seller_gateway": "musement",
        "ticket": false,
        "details": {
            "type": "musement",
            "price_tag": {"id": 41, "ticket_holder_code": "ADULT"},
            "min_buy": 1,
            "max_buy": -1,
            "retail_price": {"currency": "EUR", "value": 42.5}
        }
    }
}"""


def test_the_details_of_an_item_reach_down_to_its_price_tag() -> None:
    details = decode(BODY, MusementItemGeneralDetails, strict=True)
    assert details.uuid == UUID("6f1c1b0e-8a55-4c1b-9f0e-5a9d0f7c2b10")
    assert details.b2b_price == Price(currency="EUR", value=Decimal("35.90"), formatted_value="€ 35.90")
    product = details.product
    assert product is not None
    assert (product.seller_gateway, product.ticket) == ("musement", False)
    assert product.retail_price_in_supplier_currency == Price(currency="GBP", value=Decimal(31))
    assert product.details is not None
    assert product.details.price_tag is not None
    assert product.details.price_tag.ticket_holder_code == "ADULT"


def test_an_item_without_a_price_between_businesses_and_without_details_says_so() -> None:
    details = decode(b'{"b2b_price": null, "product": {"ticket": true, "details": null}}', MusementItemGeneralDetails)
    assert details.b2b_price is None
    assert details.product is not None
    assert details.product.details is None
    assert details.product.ticket is True
