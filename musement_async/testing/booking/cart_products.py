"""The products of carts: tickets and gifts."""

from typing import TypeAlias

from attrs import frozen

from musement_async.testing.catalogue.activities import Activity, Catalogue
from musement_async.testing.catalogue.price_tags import PriceTag
from musement_async.testing.catalogue.schedules import Product
from musement_async.testing.catalogue.vocabulary import LANGUAGES
from musement_async.testing.rendering.activities import Json, labels_json
from musement_async.testing.rendering.gifts import Gift, gift_json
from musement_async.testing.rendering.pickups import pickups_of
from musement_async.testing.rendering.tickets import amounts_json, product_json
from musement_async.testing.server.headers import Locale
from musement_async.testing.server.money import Amounts, Currency, amounts, price


@frozen
class ActivityTicket:
    """A ticket with the customer's choices. A ticket from a redeemed gift costs nothing.

    Its price is ``percent`` % of the catalogue's.
    """

    product: Product
    language: str | None = None
    pickup: str | None = None
    gift_code: str | None = None
    percent: int = 100

    @property
    def activity(self) -> Activity:
        """The activity of the ticket."""
        return self.product.activity

    @property
    def price_tag(self) -> PriceTag:
        """The variant and the kind of holder."""
        return self.product.price_tag

    @property
    def identifier(self) -> str:
        """The id of the product."""
        return self.product.id

    @property
    def type(self) -> str:
        """The kind of product."""
        return self.product.type

    def amounts(self, currency: Currency) -> Amounts:
        """The price of one ticket."""
        if self.gift_code is not None:
            return Amounts(0, 0, 0)
        parts = _amounts(self.product, currency)
        return Amounts(*(part * self.percent // 100 for part in (parts.base, parts.discount, parts.fee)))

    def json(self, catalogue: Catalogue, locale: Locale, api: str) -> Json:
        """The product as JSON."""
        return {
            **product_json(self.product, catalogue, locale, api),
            **amounts_json(self.amounts(locale.currency), locale),
            **self._chosen(locale.language),
        }

    def _chosen(self, language: str) -> Json:
        chosen: Json = {}
        if self.language is not None:
            (chosen["language"],) = labels_json([self.language], LANGUAGES, language)
        for pickup in pickups_of(self.activity):
            if pickup.uuid == self.pickup:
                chosen["pickup"] = pickup.json(language)
        return chosen


@frozen
class GiftTicket:
    """A gift: tickets of one variant for some people, without a day: the receiver chooses the day."""

    gift: Gift
    tickets: tuple[tuple[Product, int], ...]

    @property
    def activity(self) -> Activity:
        """The activity of the ticket."""
        return self.gift.product.activity

    @property
    def price_tag(self) -> PriceTag:
        """The variant and the kind of the first holder."""
        return self.gift.product.price_tag

    @property
    def identifier(self) -> str:
        """The code with which the receiver redeems the gift."""
        return self.gift.code

    @property
    def type(self) -> str:
        """The kind of product."""
        return "musement-gift"

    def amounts(self, currency: Currency) -> Amounts:
        """The price."""
        parts = [(_amounts(product, currency), quantity) for product, quantity in self.tickets]
        return Amounts(
            base=sum(part.base * quantity for part, quantity in parts),
            discount=sum(part.discount * quantity for part, quantity in parts),
            fee=sum(part.fee * quantity for part, quantity in parts),
        )

    def json(self, _catalogue: Catalogue, locale: Locale, api: str) -> Json:
        """The product as JSON."""
        shown = gift_json(self.gift, locale, api)
        parts = self.amounts(locale.currency)
        values = {
            "original_retail_price": parts.base + parts.fee,
            "retail_price": parts.retail,
            "discount_amount": parts.discount,
            "service_fee": parts.fee,
        }
        holders = [(product.price_tag.holder, quantity) for product, quantity in self.tickets]
        labelled = [{"code": who.code, "label": who.names[locale.language], "qty": many} for who, many in holders]
        return {
            **shown,
            **{name: price(minor, locale.currency, locale.language) for name, minor in values.items()},
            "gift_price_tag": {**shown["gift_price_tag"], "holders": labelled},
        }


CartTicket: TypeAlias = ActivityTicket | GiftTicket


def _amounts(product: Product, currency: Currency) -> Amounts:
    activity = product.activity
    return amounts(product.euro_cents, activity.discount, activity.fee_euro_cents, currency)
