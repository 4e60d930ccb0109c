"""Gifts, gift boxes and the record of changes, in the API's form."""

from decimal import Decimal
from uuid import UUID

import pytest

from musement_async.codec import decode, to_json
from musement_async.models import (
    ActivityUpdates,
    Category,
    Giftbox,
    GiftboxTypeItem,
    GiftProduct,
    GiftProductHolder,
    GiftProductPriceTag,
    GiftSchedule,
    Model,
    Price,
    ProductType,
)

ACTIVITY = "b36ba13e-cd53-44dc-8741-b200ada5549a"
REDEEM = "/it/roma/giro-in-bici-4711/?gift_hash=abc%2F123&gift_code=CDE432"

GIFT = f"""{{
    "id": "77", "code": "CDE432", "redeem_url": "{REDEEM}", "title": "Giro in bici", "activity_uuid": "{ACTIVITY}",
    "original_retail_price": {{"currency": "EUR", "value": 45.9}}, "retail_price": {{"currency": "EUR", "value": 40}},
    "gift_price_tag": {{
        "feature_code": "STANDARD", "feature_label": "Biglietto",
        "holders": [{{"code": "ADULT", "label": "Adulto", "qty": 2}}]
    }},
    "type": "musement-gift"
}}"""
GIFTBOX = """{
    "redeem_code": "BOX-1", "finite_state": "purchased", "type": "musement-giftbox", "id": "9",
    "retail_price": {"currency": "EUR", "value": 79.0}, "original_retail_price_without_service_fee": {"value": "79.00"},
    "giftbox_type": {
        "code": "taste", "relevance": 3, "level": {"label": "Oro", "color": "#FFD700"},
        "price": {"currency": "EUR", "value": 79}, "vertical": {"id": 3, "name": "Cibo"}
    },
    "customization_info": {"donor_name": "Ada", "recipient_email": "receiver@example.com", "message": ""}
}"""
ITEM = """{
    "id": 5, "number_of_people": 2, "reviews_avg": 4.7, "latitude": 41.9, "longitude": 12.5,
    "giftbox_type_price": {"currency": "EUR", "value": 79},
    "verticals": [{"id": 3}], "categories": [{"id": 13, "code": "museums", "level": "1"}]
}"""
SCHEDULE = """{"features": [{
    "feature_code": "STANDARD", "name": "Ticket", "description": "", "default": true,
    "products": [{"holder_code": "ADULT", "type": "musement-gift", "min_buy": 1, "max_buy": -1}]
}]}"""


def test_a_gift_says_what_it_is_a_ticket_for() -> None:
    gift = decode(GIFT.encode(), GiftProduct, strict=True)

    assert gift.gift_price_tag == GiftProductPriceTag(
        feature_code="STANDARD",
        feature_label="Biglietto",
        holders=(GiftProductHolder(code="ADULT", label="Adulto", qty=2),),
    )
    assert (gift.activity_uuid, gift.type) == (UUID(ACTIVITY), ProductType.MUSEMENT_GIFT)
    assert gift.original_retail_price == Price(currency="EUR", value=Decimal("45.9"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (REDEEM, "abc/123"),
        ("/it/roma/?gift_code=CDE432", None),
        ("", None),
        (None, None),
        ("https://[/?gift_hash=abc", None),
    ],
)
def test_the_hash_of_a_gift_is_in_the_url_to_redeem_it(url: str | None, expected: str | None) -> None:
    assert GiftProduct(redeem_url=url).gift_hash == expected


def test_a_gift_box_has_four_prices_and_a_type() -> None:
    giftbox = decode(GIFTBOX.encode(), Giftbox, strict=True)

    assert giftbox.retail_price == Price(currency="EUR", value=Decimal("79.0"))
    assert giftbox.original_retail_price_without_service_fee == Price(value=Decimal("79.00"))
    assert giftbox.giftbox_type is not None
    assert giftbox.giftbox_type.level is not None
    assert (giftbox.type, giftbox.giftbox_type.level.label) == (ProductType.MUSEMENT_GIFTBOX, "Oro")


def test_an_item_of_a_gift_box_has_categories_whose_level_may_be_text() -> None:
    item = decode(ITEM.encode(), GiftboxTypeItem)

    assert item.categories == (Category(id=13, code="museums", level=1),)


def test_what_can_be_given_has_no_cap_where_the_api_says_minus_one() -> None:
    (feature,) = decode(SCHEDULE.encode(), GiftSchedule, strict=True).features

    assert [(product.holder_code, product.cap) for product in feature.products] == [("ADULT", None)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (GIFT, GiftProduct),
        (GIFTBOX, Giftbox),
        (ITEM, GiftboxTypeItem),
        (SCHEDULE, GiftSchedule),
        (f'{{"uuid": "{ACTIVITY}"}}', ActivityUpdates),
    ],
)
def test_what_was_read_survives_being_written_and_read(body: str, kind: type[Model]) -> None:
    model = decode(body.encode(), kind)

    assert decode(to_json(model), kind, strict=True) == model
